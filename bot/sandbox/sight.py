"""What a person may see and do: look-ups that refuse in words, and JSON for page and tests.

Changes nothing, but for one thing: who looks at a channel has read it.
"""

from dataclasses import asdict

from bot.sandbox.call import Site
from bot.sandbox.content import slack_faults
from bot.sandbox.errors import ControlError
from bot.sandbox.shapes import JSONValue, Obj
from bot.sandbox.shown import channel_json, message_json, user_json, view_json
from bot.sandbox.state import SLACKBOT, Channel, Message, User, View


def person(site: Site, user: str) -> User:
    """A member who can act."""
    found = site.workspace.user(user)
    if found is None or found.deleted or found.is_bot or user == SLACKBOT:
        raise ControlError(f"nobody can act as {user!r}")
    return found


def reader(site: Site, user: str, channel: str) -> tuple[User, Channel]:
    """A person and a channel they can see."""
    who = person(site, user)
    found = site.workspace.channel(channel)
    if found is None or found not in site.workspace.visible(who.id):
        raise ControlError(f"{who.name} sees no channel {channel!r}")
    return who, found


def writer(site: Site, user: str, channel: str) -> tuple[User, Channel]:
    """A person and a channel they can write to."""
    who, where = reader(site, user, channel)
    if where.im_user and not site.app.messages_enabled:
        raise ControlError("sending messages to this app has been turned off")
    if where.is_archived:
        raise ControlError(f"#{where.name} is archived")
    if who.id not in where.members:
        raise ControlError(f"{who.name} is not a member of #{where.name}")
    return who, where


def open_view(site: Site, user: str, view_id: str) -> tuple[User, View]:
    """A person and one of their open modals, or their Home tab."""
    who = person(site, user)
    home = site.world.homes.get(who.id)
    views = [*site.world.modals.get(who.id, []), *([home] if home else [])]
    for view in views:
        if view.id == view_id:
            return who, view
    raise ControlError(f"{who.name} has no open view {view_id!r}")


class Sight:
    """People's eyes."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def state(self, user: str) -> Obj:
        """The workspace as a person finds it: who they are, who else, channels, commands."""
        site, who = self._site, person(self._site, user)
        users: list[JSONValue] = [
            user_json(site, known, locale=True)
            for known in site.world.users.values()
            if known.id != SLACKBOT
        ]
        return {
            "team": {"id": site.world.team_id, "name": site.world.team_name},
            "me": user_json(site, who, locale=True),
            "users": users,
            "channels": [self._channel(c, who.id) for c in site.workspace.visible(who.id)],
            "usergroups": [asdict(group) for group in site.world.usergroups.values()],
            "commands": [asdict(command) for command in site.app.commands],
        }

    def _channel(self, channel: Channel, user: str) -> Obj:
        shown = channel_json(self._site, channel, user, locale=True)
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
        shown = message_json(self._site, channel, message, all_metadata=True)
        faults = slack_faults(list(message.blocks)) if message.by_bot else []
        told: list[JSONValue] = [asdict(fault) for fault in faults]
        return {**shown, "ephemeral": bool(message.visible_to), "faults": told}

    def home(self, user: str) -> Obj | None:
        """The Home tab that the app published for a person, None if it has none yet."""
        view = self._site.world.homes.get(person(self._site, user).id)
        return view_json(self._site, view) if view else None

    def views(self, user: str) -> list[Obj]:
        """A person's open modals, the one on top last."""
        stack = self._site.world.modals.get(person(self._site, user).id, [])
        return [view_json(self._site, view) for view in stack]


def _unread(channel: Channel, user: str) -> int:
    if user not in channel.members:
        return 0
    since = channel.read.get(user, "")
    return sum(
        1
        for message in channel.messages
        if message.ts > since and message.in_channel and message.visible_to in ("", user)
    )
