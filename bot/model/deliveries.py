"""Messages on their way to Slack: rows, edits, what became of a call, channels that pause.

Only data. Every datetime is aware and in UTC unless its field says otherwise.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.model.ids import HOME, ChannelId, DeliveryId, PostId, WorkspaceId
from formatters.message import Message


class DeliveryState(StrEnum):
    """planned -> claimed -> sending -> sent | unknown | held | refused (design, section 5)."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    HELD = "held"
    REFUSED = "refused"


class Act(StrEnum):
    """What is done next for a delivery."""

    POST = "post"
    LOOK = "look"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Draft:
    """A delivery row to be written: one part of one revision of a post for one channel.

    Part 0 stands in the channel, the others in its thread, in order. `occasion` is "publish" or
    names one repost, so that a repost is a delivery of its own. `due_at` is the earliest moment.
    An `urgent` one goes before what is not.
    """

    id: DeliveryId
    post: PostId
    revision: str
    channel: ChannelId
    part: int
    occasion: str
    message: Message
    due_at: datetime
    state: DeliveryState = DeliveryState.PLANNED
    reason: str = ""
    workspace: WorkspaceId = HOME
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Roundup:
    """What comes in the place of rows: these are held for `reason`, and `drafts` are written."""

    rows: frozenset[DeliveryId]
    reason: str
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message that was sent, or is about to be, is to become.

    `target` is the delivery that brings it. `message` is what a message that stands becomes, its
    small print included; `bare` goes out in place of one that was never sent. A later edit of the
    same message takes the place of an earlier one.
    """

    target: DeliveryId
    post: PostId
    workspace: WorkspaceId
    kind: Act
    revision: str
    message: Message
    bare: Message
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it stands, or will once what waits is done.

    `fingerprint` is that of the message as it was composed. `edits` counts how often it was
    changed. `gone` tells that it was deleted, by us or by somebody, and `ours` that it was us.
    """

    delivery: "Delivery"
    fingerprint: str
    edits: int = 0
    gone: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox. `seq` orders the rows of a channel.

    `thread_ts` is the parent's ts for parts above 0, None while the parent is not sent;
    `parent_state` is None for part 0, and `parent_at` when the parent was sent last. `ts` is set
    once sent. `claim` counts how often the row
    was claimed: a later claim voids an earlier one. Of an edit, `kind` tells what is to be done
    with the message at `ts`, which has the id of the delivery that brought it. `fingerprint` and
    `rung` name the payload and how far it was simplified; `pause` says why the channel gets
    nothing now. `url` is the post's own page and `title`
    its title, "" of what is no post's. `unsure` are those of its `attempts` of which
    nobody knows how they ended, the one under way included.
    """

    id: DeliveryId
    seq: int
    post: PostId
    revision: str
    channel: ChannelId
    part: int
    occasion: str
    message: Message
    state: DeliveryState
    attempts: int
    due_at: datetime
    attempted_at: datetime | None
    ts: str | None
    thread_ts: str | None
    parent_state: DeliveryState | None
    reason: str
    claim: int = 0
    workspace: WorkspaceId = HOME
    kind: Act = Act.POST
    urgent: bool = False
    fingerprint: str = ""
    rung: int = 0
    pause: str = ""
    url: str = ""
    parent_at: datetime | None = None
    unsure: int = 0
    title: str = ""

    @property
    def turn(self) -> "Turn":
        """Its turn, as the pace sees it."""
        act = Act.LOOK if self.state is DeliveryState.UNKNOWN else self.kind
        payload = self.fingerprint and f"{self.fingerprint}/{self.rung}"
        return Turn(self.workspace, self.channel, act, payload, self.id)


@dataclass(frozen=True, slots=True)
class Turn:
    """One call that waits for its turn. `payload` names what is sent, "" if nobody knows.

    `delivery` is the row that it is for, "" if that is of no account.
    """

    workspace: WorkspaceId
    channel: ChannelId
    act: Act
    payload: str
    delivery: DeliveryId = field(default=DeliveryId(""))


@dataclass(frozen=True, slots=True)
class Sent:
    """Slack has it. `channel` is the canonical id from the answer."""

    channel: ChannelId
    ts: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Not taken, and it says so: the same call may go out after `wait`."""

    code: str
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Unknown:
    """The line broke after we spoke: it may be posted. Never sent again before a look.

    `over` tells that the far side is done with the call, so that nothing arrives any more.
    """

    code: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class ChannelRefused:
    """This channel cannot be posted to; the others can."""

    code: str


@dataclass(frozen=True, slots=True)
class WorkspaceRefused:
    """The token or the whole workspace refuses."""

    code: str


@dataclass(frozen=True, slots=True)
class PayloadRefused:
    """This message is refused, and would be in every channel. `detail` has Slack's own words."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The message that was to be changed is not there any more, or cannot be changed."""

    code: str


Outcome: TypeAlias = (
    Sent | Busy | Unknown | ChannelRefused | WorkspaceRefused | PayloadRefused | Gone
)


@dataclass(frozen=True, slots=True)
class Absent:
    """The channel was read over the whole window and our message is not there."""


@dataclass(frozen=True, slots=True)
class CannotLook:
    """History cannot be read, for the reason `code`; `wait` is set if that passes."""

    code: str
    wait: timedelta | None = None


Look: TypeAlias = Sent | Absent | CannotLook


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is written of a delivery after an attempt or a look.

    `due_at` of a SENT one is the moment from which its channel takes the next message.
    `halt` also holds all other rows with the same payload that wait: it is at fault. With a
    `message` they and this one get that instead, which is on step `rung` of the ladder. `dead` pauses the channel, for `reason`.
    `answered` tells that Slack said how the attempt ended. With a `kind` an edit becomes one of
    that kind, with `message`.
    """

    state: DeliveryState
    due_at: datetime
    reason: str
    ts: str | None = None
    halt: bool = False
    message: Message | None = None
    rung: int = 0
    dead: bool = False
    answered: bool = False
    kind: Act | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of rows that wait for approval: PLANNED from `now` on, or HELD, and why."""

    state: DeliveryState
    reason: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A channel that gets nothing until it is resumed, and why; `dead` if Slack is the reason."""

    workspace: WorkspaceId
    channel: ChannelId
    reason: str
    since: datetime
    dead: bool


@dataclass(frozen=True, slots=True)
class Replica:
    """A process at work on the database, as `machine:process id`; one of them polls the sources."""

    name: str
    polls: bool
