"""The workspace: people, channels, messages, views. Plain data that changes in one place.

No network and no rules of methods; the time comes from the clock it is given.
"""

import json
from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from bot.sandbox.journal import Notices
from bot.sandbox.shapes import JSONValue, Obj

SLACKBOT = "USLACKBOT"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ID_DIGITS = 8  # ids are a letter and at least eight capitals or digits, /reference/objects


@dataclass(slots=True)
class User:
    """A member. `tz` is an IANA name, `locale` an IETF tag, `name` unique."""

    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    email: str = ""


@dataclass(slots=True)
class Message:
    """One message. `thread_ts` is the parent's ts on replies, "" otherwise.

    `visible_to` is set on ephemeral messages only; `edited` holds when, "" = never.
    """

    ts: str
    user: str
    text: str = ""
    blocks: list[Obj] = field(default_factory=list)
    attachments: list[Obj] = field(default_factory=list)
    thread_ts: str = ""
    subtype: str = ""
    by_bot: bool = False
    username: str = ""
    metadata: Obj | None = None
    edited: str = ""
    visible_to: str = ""
    client_msg_id: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def in_channel(self) -> bool:
        """Whether the channel's own timeline shows it: a parent or a broadcast reply."""
        return not self.thread_ts or self.subtype == "thread_broadcast"


@dataclass(slots=True)
class Channel:
    """A conversation. `messages` are in order of ts; `im_user` is set on direct messages."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    im_user: str = ""
    topic: str = ""
    purpose: str = ""
    locale: str = "en-US"
    created: int = 0
    messages: list[Message] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What `conversations.list` calls its type."""
        if self.im_user:
            return "im"
        return "private_channel" if self.is_private else "public_channel"

    def find(self, ts: str) -> Message | None:
        """The message with that ts, ephemerals included."""
        return next((message for message in self.messages if message.ts == ts), None)

    def stored(self, ts: str) -> Message | None:
        """The message that everybody sees with that ts."""
        message = self.find(ts)
        return None if message is None or message.visible_to else message

    def replies(self, ts: str) -> list[Message]:
        """The stored replies of a parent, oldest first."""
        return [m for m in self.messages if m.thread_ts == ts and not m.visible_to]


@dataclass(slots=True)
class Usergroup:
    """A group of users with an id of its own."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)


@dataclass(slots=True)
class View:
    """An open modal or a Home tab. `body` holds what the app sent; `values` what was typed."""

    id: str
    user: str
    body: Obj
    hash: str
    root: str = ""
    previous: str = ""
    values: Obj = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something apps can subscribe to; `body` is the `event` object of its envelope."""

    kind: str
    body: Obj


@dataclass(slots=True)
class World:
    """Everything a snapshot holds."""

    team_id: str
    team_name: str
    bot: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    minted: int = 0
    last_tick: int = 0


def dumped(world: World) -> str:
    """Write a world down as JSON."""
    return json.dumps(asdict(world), ensure_ascii=False)


def loaded(text: str) -> World:
    """Read what `dumped` wrote."""
    data = json.loads(text)
    data["users"] = {key: User(**user) for key, user in data["users"].items()}
    data["usergroups"] = {key: Usergroup(**group) for key, group in data["usergroups"].items()}
    data["homes"] = {key: View(**view) for key, view in data["homes"].items()}
    data["modals"] = {
        key: [View(**view) for view in stack] for key, stack in data["modals"].items()
    }
    for channel in data["channels"].values():
        channel["messages"] = [Message(**message) for message in channel["messages"]]
    data["channels"] = {key: Channel(**channel) for key, channel in data["channels"].items()}
    return World(**data)


class Workspace:
    """The world and the one way to change it without forgetting to tell."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self.world = world
        self.notices = Notices()
        self.listeners: list[Callable[[Event], None]] = []
        self._clock = clock

    def now(self) -> datetime:
        """The sandbox's time: aware, UTC."""
        return self._clock().astimezone(UTC)

    def next_ts(self) -> str:
        """A new ts, later than every one before, also when the clock stands still."""
        tick = int(self.now().timestamp() * 1_000_000)
        self.world.last_tick = tick = max(tick, self.world.last_tick + 1)
        return f"{tick // 1_000_000}.{tick % 1_000_000:06d}"

    def mint(self, prefix: str) -> str:
        """A new id: the same ones in the same order in every run."""
        self.world.minted += 1
        rest, digits = self.world.minted, ""
        for _ in range(_ID_DIGITS):
            rest, digit = divmod(rest, 36)
            digits = _DIGITS[digit] + digits
        return f"{prefix}{digits}"

    def user(self, key: str) -> User | None:
        """A member by id."""
        return self.world.users.get(key)

    def channel(self, key: str) -> Channel | None:
        """A channel by id, or by name with or without "#"."""
        if found := self.world.channels.get(key):
            return found
        name = key.removeprefix("#")
        return next((c for c in self.channels() if name and c.name == name), None)

    def channels(self) -> Iterator[Channel]:
        """All conversations, oldest first."""
        return iter(self.world.channels.values())

    def visible(self, user: str) -> list[Channel]:
        """The channels a person can see: public ones and those they are a member of."""
        return [c for c in self.channels() if c.kind == "public_channel" or user in c.members]

    def direct(self, user: str) -> Channel:
        """The direct conversation of the bot and a user, opened if there is none."""
        for channel in self.channels():
            if channel.im_user == user:
                return channel
        channel = Channel(
            self.mint("D"),
            "",
            [user, self.world.bot],
            im_user=user,
            created=int(self.now().timestamp()),
        )
        self.world.channels[channel.id] = channel
        self.notices.tell("channel", channel.id)
        return channel

    def post(self, channel: Channel, message: Message) -> None:
        """Store a message in order and tell."""
        insort(channel.messages, message, key=lambda known: known.ts)
        channel.read[message.user] = message.ts
        self.tell(channel, message)

    def tell(self, channel: Channel, message: Message) -> None:
        """Tell that a message came or changed."""
        kind = "ephemeral" if message.visible_to else "message"
        self.notices.tell(kind, channel.id, message.ts)

    def happen(self, kind: str, **body: JSONValue) -> None:
        """Hand an event to whoever delivers events."""
        event = Event(kind, {"type": kind.partition(".")[0], **body})
        for listener in self.listeners:
            listener(event)
