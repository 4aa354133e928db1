"""What moderators and Slack itself do to a workspace while the bot is at work.

Events go out as /reference/events tells (read 2026-08-20).
"""

from collections.abc import Iterable

from bot.sandbox.call import Site
from bot.sandbox.errors import ControlError
from bot.sandbox.methods_chat import erase
from bot.sandbox.state import Channel, Message


class Admin:
    """Trouble from above."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def invite(self, channel: str, user: str = "", *, by: str = "") -> None:
        """Make somebody a member, the bot if nobody is named; `by` a person, "" = by itself."""
        where, who = self._channel(channel), user or self._site.world.bot
        if who in where.members:
            raise ControlError(f"{who} is a member of #{where.name} already")
        where.members.append(who)
        inviter = {"inviter": by} if by else {}
        self._happen("member_joined_channel", where, user=who, channel_type="C", **inviter)

    def kick(self, channel: str, user: str = "") -> None:
        """Remove somebody, the bot if nobody is named."""
        where, who = self._channel(channel), user or self._site.world.bot
        if who not in where.members:
            raise ControlError(f"{who} is no member of #{where.name}")
        where.members.remove(who)
        if who == self._site.world.bot:
            self._happen("group_left" if where.is_private else "channel_left", where)

    def archive(self, channel: str, *, undo: bool = False) -> None:
        """Archive a channel, or bring it back."""
        where = self._channel(channel)
        where.is_archived = not undo
        prefix = "group" if where.is_private else "channel"
        self._happen(f"{prefix}_{'un' if undo else ''}archive", where)

    def rename(self, channel: str, name: str) -> None:
        """Give a channel another name; its id stays."""
        where = self._channel(channel)
        where.name = name
        self._site.workspace.notices.tell("channel", where.id)

    def remove(self, channel: str) -> None:
        """Delete a channel with all that stands in it."""
        where = self._channel(channel)
        del self._site.world.channels[where.id]
        self._happen("group_deleted" if where.is_private else "channel_deleted", where)

    def make_private(self, channel: str) -> None:
        """Let only its members see a channel."""
        where = self._channel(channel)
        where.is_private = True
        self._site.workspace.notices.tell("channel", where.id)

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Change a message's text."""
        where, message = self._message(channel, ts)
        message.text, message.edited = text, self._site.workspace.next_ts()
        self._site.workspace.tell(where, message)

    def delete(self, channel: str, ts: str) -> None:
        """Take a message away."""
        where, message = self._message(channel, ts)
        erase(where, message)
        self._site.workspace.tell(where, message)

    def deactivate(self, user: str) -> None:
        """Close a person's account."""
        who = self._site.world.users.get(user)
        if who is None:
            raise ControlError(f"there is nobody with the id {user!r}")
        who.deleted = True

    def spoil_token(self, state: str) -> None:
        """Let every call of the bot fail with token_revoked, token_expired, ...; "" heals."""
        self._site.grants.spoil(state)

    def grant(self, scopes: Iterable[str]) -> None:
        """Give every bot token these scopes and no others."""
        self._site.grants.narrow(frozenset(scopes))

    def _channel(self, channel: str) -> Channel:
        found = self._site.workspace.channel(channel)
        if found is None:
            raise ControlError(f"there is no channel {channel!r}")
        return found

    def _message(self, channel: str, ts: str) -> tuple[Channel, Message]:
        where = self._channel(channel)
        message = where.stored(ts)
        if message is None:
            raise ControlError(f"there is no message {ts} in #{where.name}")
        return where, message

    def _happen(self, kind: str, channel: Channel, **event: str) -> None:
        self._site.workspace.notices.tell("channel", channel.id)
        self._site.workspace.happen(kind, channel=channel.id, **event)
