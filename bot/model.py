"""What travels between the rooms of the bot.

Only data; the ports are in `bot.ports`. Every datetime is aware and in UTC unless its field says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, TypeAlias

from formatters.message import Block, Message

PostId = NewType("PostId", str)
"""`<source id>:<path at which it was first found>`: no date, host, permalink or later move disturbs
it. `<source id>:` alone stands for the source itself."""
ChannelId = NewType("ChannelId", str)
UserId = NewType("UserId", str)
DeliveryId = NewType("DeliveryId", str)
WorkspaceId = NewType("WorkspaceId", str)
HOME = WorkspaceId("")
"""The workspace of a bot that works in one only."""


class Role(StrEnum):
    """What the posts of a source are."""

    ISSUES = "issues"
    EVENTS = "events"


# ------------------------------------------------------------------ sources


@dataclass(frozen=True, slots=True)
class Found:
    """A post's file as a source has it now: raw text, header included.

    The path's ending tells how the text is written: `.html` is HTML below the header, everything
    else Markdown. `aliases` are other paths under which the same post may be known of old.
    """

    source: str
    path: str
    text: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing at a source that a person must mend; it never stops the others.

    `path` is "" when the whole source is meant. `words` name the thing, the place, the way out.
    """

    source: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at a source.

    `found` holds the files that are new or changed since this process looked last (all of them
    on its first look); `paths` every file that is there, changed or not. `complete` is False
    where a source shows its newest posts alone, as feeds do: what it does not name may still exist.
    `asked` is False where the far side was left in peace, as it wants: then `paths` and `problems`
    are those of the last look.
    """

    found: tuple[Found, ...]
    paths: frozenset[str]
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    asked: bool = True


# ------------------------------------------------------------------ posts


class PostState(StrEnum):
    """Where a post stands. UNDECIDED ones are looked at again at every round."""

    UNDECIDED = "undecided"  # found; waits for its time or for the settle window
    ANNOUNCED = "announced"  # delivery rows exist
    SKIPPED = "skipped"  # baseline, draft, expired, a meetup page: stays out, with a reason
    HELD = "held"  # a maintainer is asked; `repost` sends it


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a post's text for search; `weight` is 0 for what stands in every issue."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in the archive.

    `id` is made of the path at which it was first found and stays when the file moves; `path` is
    where it stands now. `revision` is the hash of its raw `text`. `date` is when readers see it,
    None for an undated post.
    `number` is the issue number that the post gives itself; `first_run` marks what was already
    there when its source was looked at for the first time. `plain` is what a reader sees of it,
    without marks; it is what search reads. `told` is the revision that the channels were told
    last, None if nobody was. `prints` and `standing` are the traces by which younger issues know
    what stands in every issue (`formatters.standing`). `gone_at` tells since when its file is gone from the source. `ask`
    marks what maintainers have not been told yet. `passages` are for the search index alone: an
    archive takes them and does not give them back.
    """

    id: PostId
    source: str
    role: Role
    path: str
    revision: str
    title: str
    date: datetime | None
    number: int | None
    language: str
    url: str
    text: str
    draft: bool
    expires: datetime | None
    first_run: bool
    first_seen: datetime
    changed_at: datetime
    state: PostState = PostState.UNDECIDED
    reason: str = ""
    plain: str = ""
    guid: str = ""
    told: str | None = None
    gone_at: datetime | None = None
    ask: bool = False
    prints: str = ""
    standing: str = ""
    passages: tuple[Passage, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What discovery has to know of an archived post, without its text."""

    id: PostId
    path: str
    revision: str
    state: PostState
    reason: str
    title: str = ""
    url: str = ""
    guid: str = ""
    draft: bool = False
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is archived of a source. `reader` is the version of the reader that read it."""

    reader: int
    posts: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Meetup:
    """An announced event, stored. `start` and `end` are aware, in the event's own zone.

    `start` is None for an undated one; `all_day` tells that no time was given, and that both are
    midnights of the first and the last day. `phrase` is what the post says of the time, `image`
    the picture that tells an undated one, `recap` marks what is told in review.
    """

    post: PostId
    title: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    place: str
    online: bool
    kind: str
    register_url: str
    url: str
    live_url: str = ""
    replay_url: str = ""
    speakers: str = ""
    phrase: str = ""
    image: str = ""
    recap: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a post, and why, in words that `why` and `plan` print.

    `was` is the state it was decided from: if the post is in another one by now, somebody else
    has decided, and nothing is written. `ask` has it told to the maintainers.
    """

    post: PostId
    state: PostState
    reason: str
    was: PostState = PostState.UNDECIDED
    ask: bool = False


# ------------------------------------------------------------------ deliveries


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
    `parent_state` is None for part 0. `ts` is set once sent. `claim` counts how often the row
    was claimed: a later claim voids an earlier one. Of an edit, `kind` tells what is to be done
    with the message at `ts`, which has the id of the delivery that brought it. `fingerprint` and
    `rung` name the payload and how far it was simplified; `pause` says why the channel gets
    nothing now. `url` is the post's own page.
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

    @property
    def turn(self) -> "Turn":
        """Its turn, as the pace sees it."""
        act = Act.LOOK if self.state is DeliveryState.UNKNOWN else self.kind
        payload = self.fingerprint and f"{self.fingerprint}/{self.rung}"
        return Turn(self.workspace, self.channel, act, payload)


@dataclass(frozen=True, slots=True)
class Turn:
    """One call that waits for its turn. `payload` names what is sent, "" if nobody knows.

    `delivery` is the row that it is for, "" if that is of no account.
    """

    workspace: WorkspaceId
    channel: ChannelId
    act: Act
    payload: str
    delivery: DeliveryId = DeliveryId("")


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
    """

    state: DeliveryState
    due_at: datetime
    reason: str
    ts: str | None = None
    halt: bool = False
    message: Message | None = None
    rung: int = 0
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A channel that gets nothing until it is resumed, and why; `dead` if Slack is the reason."""

    workspace: WorkspaceId
    channel: ChannelId
    reason: str
    since: datetime
    dead: bool


# ------------------------------------------------------------------ archive


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result, best first.

    `snippet` is plain text around the first match; `marks` are the stretches of it, from and up
    to a character, that were looked for.
    """

    entry: Entry
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """A text that a post once had, under the path at which it was found."""

    revision: str
    path: str
    title: str
    text: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source fares. `failures` counts in a row; `problems` are the open ones."""

    source: str
    last_ok: datetime | None
    failures: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Replica:
    """A process at work on the database, as `machine:process id`; one of them polls the sources."""

    name: str
    polls: bool


# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `language` is `en` or `zh`, `zone` an IANA name."""

    id: UserId
    language: str
    zone: str
    maintainer: bool


@dataclass(frozen=True, slots=True)
class Command:
    """What a person typed or clicked. `words` is the rest after the verb, as written.

    `nonce` is the same when Slack delivers the same click twice. `fields` is what was filled in
    in a window, by the names of its fields; "" for what was left empty.
    """

    verb: str
    words: str
    person: Person
    channel: ChannelId
    nonce: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Modal:
    """A window over the chat, with a form if it has `submit`, the word that sends it.

    What was filled in comes back as the command `verb` with `words`; the fields are the input
    blocks, named by their block_id. `title`, `submit` and `close` have at most 24 characters.
    """

    title: str
    blocks: tuple[Block, ...]
    close: str
    submit: str = ""
    verb: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What only the asker sees, in order; `replace` puts it where the clicked message was.

    `wake` tells that delivery rows were written and should go out now. With a `modal` the
    messages are only for where no window can be opened. `errors` says what is wrong with a form,
    field by field; then it stays open.
    """

    messages: tuple[Message, ...]
    replace: bool = False
    wake: bool = False
    modal: Modal | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
