"""What a person sees: the same JSON for the page and for tests.

Reading only, but for one thing: who looks at a channel has read it.
"""

from dataclasses import asdict

from bot.sandbox.call import Site
from bot.sandbox.content import slack_faults
from bot.sandbox.people import person, reader
from bot.sandbox.shapes import JSONValue, Obj
from bot.sandbox.shown import channel_json, message_json, user_json, view_json
from bot.sandbox.state import SLACKBOT, Channel, Message


class Sight:
    """People's eyes."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def state(self, user: str) -> Obj:
        """The workspace as a person finds it: who they are, who else, channels, commands."""
        site, who = self._site, person(self._site, user)
        now = site.workspace.now()
        users: list[JSONValue] = [
            user_json(site.world, site.app, known, now, locale=True)
            for known in site.world.users.values()
            if known.id != SLACKBOT
        ]
        return {
            "team": {"id": site.world.team_id, "name": site.world.team_name},
            "me": user_json(site.world, site.app, who, now, locale=True),
            "users": users,
            "channels": [self._channel(c, who.id) for c in site.workspace.visible(who.id)],
            "usergroups": [asdict(group) for group in site.world.usergroups.values()],
            "commands": [asdict(command) for command in site.app.commands],
        }

    def _channel(self, channel: Channel, user: str) -> Obj:
        shown = channel_json(self._site.world, channel, user, locale=True)
        return {**shown, "kind": channel.kind, "unread_count": _unread(channel, user)}

    def timeline(self, user: str, channel: str, thread_ts: str = "") -> list[Obj]:
        """Messages in order, oldest first, with the person's own ephemeral ones.

        Each is Slack's JSON with everything an app could read, and two fields more: `ephemeral`
        and `faults`, a list of {pointer, message} on what Slack would refuse in its blocks.
        With `thread_ts`: the parent and its replies.
        """
        who, where = reader(self._site, user, channel)
        mine = [m for m in where.messages if m.visible_to in ("", who.id)]
        if thread_ts:
            return [self._shown(where, m) for m in mine if thread_ts in (m.ts, m.thread_ts)]
        if where.messages:
            where.read[who.id] = where.messages[-1].ts
        return [self._shown(where, m) for m in mine if m.in_channel]

    def _shown(self, channel: Channel, message: Message) -> Obj:
        site = self._site
        shown = message_json(site.world, site.app, channel, message, all_metadata=True)
        faults = slack_faults(list(message.blocks)) if message.by_bot else []
        told: list[JSONValue] = [asdict(fault) for fault in faults]
        return {**shown, "ephemeral": bool(message.visible_to), "faults": told}

    def home(self, user: str) -> Obj | None:
        """The Home tab that the app published for a person, None if it has none yet."""
        view = self._site.world.homes.get(person(self._site, user).id)
        return view_json(self._site.world, self._site.app, view) if view else None

    def views(self, user: str) -> list[Obj]:
        """A person's open modals, the one on top last."""
        stack = self._site.world.modals.get(person(self._site, user).id, [])
        return [view_json(self._site.world, self._site.app, view) for view in stack]


def _unread(channel: Channel, user: str) -> int:
    if user not in channel.members:
        return 0
    since = channel.read.get(user, "")
    return sum(
        1
        for message in channel.messages
        if message.ts > since and message.in_channel and message.visible_to in ("", user)
    )
