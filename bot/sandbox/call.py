"""One call of a method: who calls, with which arguments, on what.

Handlers get a `Call` and answer the fields that stand next to `ok`; they refuse with SlackError.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.grants import Grant, Grants, Triggers
from bot.sandbox.seed import App
from bot.sandbox.shapes import JSONValue, Obj, string
from bot.sandbox.state import Channel, User, Workspace, World

_HISTORY = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
}
_TRUE = frozenset({"1", "true", "True"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """What every method may reach. `url` is the sandbox's address without a slash at its end."""

    workspace: Workspace
    app: App
    triggers: Triggers
    url: str
    open_socket: Callable[[], str]
    grants: Grants

    @property
    def world(self) -> World:
        """The workspace's data."""
        return self.workspace.world


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a handler sees it. `args` are raw: strings from forms, anything from JSON.

    `fault` is the kind of the fault that strikes it, "" for none.
    """

    site: Site
    args: Mapping[str, JSONValue]
    grant: Grant | None
    page_limit: int = 999
    fault: str = ""

    @property
    def workspace(self) -> Workspace:
        """The workspace the token belongs to."""
        return self.site.workspace

    @property
    def me(self) -> str:
        """The bot's user id."""
        return self.site.world.bot

    def text(self, name: str) -> str:
        """A string argument, "" if it is absent."""
        return string(self.args.get(name))

    def has(self, name: str) -> bool:
        """Whether an argument was sent at all."""
        return self.args.get(name) is not None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean argument: true, 1 and their opposites, in JSON or in a form."""
        return string(self.args[name]) in _TRUE if self.has(name) else default

    def whole(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`; what is above counts as `most`."""
        try:
            return max(1, min(int(self.text(name) or default), most))
        except ValueError:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None

    def data(self, name: str, error: str) -> JSONValue:
        """A structured argument, which forms carry as a JSON string."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            decoded: JSONValue = json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None
        return decoded

    def need(self, scope: str) -> None:
        """Refuse with `missing_scope` unless the token has a scope."""
        scopes = self.grant.scopes if self.grant else frozenset()
        if scope not in scopes:
            provided = ",".join(sorted(scopes))
            raise SlackError("missing_scope", needed=scope, provided=provided)

    def channel(self, name: str = "channel") -> Channel:
        """The conversation meant, if this bot can see it: private ones only from within."""
        found = self.workspace.channel(self.text(name))
        hidden = found and found.kind != "public_channel" and self.me not in found.members
        if found is None or hidden:
            raise SlackError("channel_not_found")
        return found

    def joined(self, name: str = "channel") -> Channel:
        """Like `channel`, for history: a bot must be a member, of public channels too."""
        channel = self.channel(name)
        self.need(_HISTORY[channel.kind])
        if self.me not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def user(self, name: str = "user") -> User:
        """The member meant."""
        found = self.workspace.user(self.text(name))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def page(self, items: Sequence[T], default: int, most: int) -> tuple[Sequence[T], Obj]:
        """Cut one page out by `limit` and `cursor`; tells the page and its metadata."""
        limit = self.whole("limit", default, most)
        start = _position(self.text("cursor"))
        if self.fault == "empty_page":
            return items[:0], {"next_cursor": _cursor(start)}
        if self.fault == "short_page":
            limit = max(1, limit // 2)
        following = start + limit
        cursor = _cursor(following) if following < len(items) else ""
        return items[start:following], {"next_cursor": cursor}


Handler: TypeAlias = Callable[[Call], Obj]


@dataclass(frozen=True, slots=True)
class Method:
    """A row of the method table.

    `tier` names a published rate-limit tier: 1 to 4, or "post" and "special". `args` are the
    arguments that are understood, the required ones with a star. `scope` is "" where none is
    needed, or where it depends on the conversation and the handler asks. `caller` is the kind
    of token it takes: bot, app or none.
    """

    name: str
    handler: Handler
    scope: str
    tier: str
    args: str
    caller: str = "bot"

    @property
    def page(self) -> str:
        """Where Slack describes it, below https://docs.slack.dev."""
        return f"/reference/methods/{self.name}"

    @property
    def required(self) -> tuple[str, ...]:
        """The arguments it cannot do without."""
        return tuple(arg[:-1] for arg in self.args.split() if arg.endswith("*"))


def _cursor(position: int) -> str:
    return base64.b64encode(f"next:{position}".encode()).decode()


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        kind, _, rest = base64.b64decode(cursor, validate=True).decode().partition(":")
        position = int(rest)
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
    if kind != "next" or position < 0:
        raise SlackError("invalid_cursor")
    return position
