"""Fakes of the ports, and builders of what travels through them.

A fake stands for the far side or the time, never for our own archive: that is real in every test.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from bot.model.deliveries import (
    Absent,
    Act,
    CannotLook,
    Delivery,
    DeliveryState,
    Draft,
    Gone,
    Look,
    Outcome,
    Sent,
    Turn,
    Unknown,
)
from bot.model.ids import ChannelId, DeliveryId, PostId, WorkspaceId
from bot.model.posts import Entry, Found, PostState, Problem, Role, Scan
from formatters.message import Block, Message

LEASE = timedelta(seconds=60)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""A Friday: now, wherever a test does not say otherwise."""


class FixedClock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        """The time that was set last."""
        return self._now

    def advance(self, **parts: float) -> None:
        """Let time pass: `advance(minutes=10)`."""
        self._now += timedelta(**parts)

    def set(self, moment: datetime) -> None:
        """Make it a moment, not before now."""
        self._now = max(self._now, moment)


class FakeSource:
    """A source whose files a test writes; every look tells all that changed since the last."""

    def __init__(self, id: str = "weekly", files: Mapping[str, str] | None = None) -> None:  # noqa: A002
        self._id = id
        self.files: dict[str, str] = dict(files or {})
        self.problems: tuple[Problem, ...] = ()
        self.resting = False
        self._told: dict[str, str] = {}
        self._last = Scan((), frozenset())

    @property
    def id(self) -> str:
        """The source's id."""
        return self._id

    async def scan(self) -> Scan:
        """Look once; while it rests, say again what the last look found out."""
        if self.resting:
            return replace(self._last, asked=False)
        scan = self._look()
        self._last = replace(scan, found=())
        return scan

    def _look(self) -> Scan:
        if any(not problem.path for problem in self.problems):
            return Scan((), frozenset(), self.problems)
        found = tuple(
            Found(self._id, path, text)
            for path, text in sorted(self.files.items())
            if self._told.get(path) != text
        )
        self._told = dict(self.files)
        return Scan(found, frozenset(self.files), self.problems)

    def forget(self) -> None:
        """Tell everything again at the next look."""
        self._told = {}


@dataclass(frozen=True, slots=True)
class Lost:
    """The call broke and the message never arrives."""


@dataclass(frozen=True, slots=True)
class Landed:
    """The call broke, but the message is there `late` after it."""

    late: timedelta = timedelta()


Answer = Outcome | Lost | Landed


@dataclass(slots=True)
class Post:
    """A message in the fake chat, visible from a moment on."""

    delivery: Delivery
    ts: str
    visible_from: datetime


@dataclass(slots=True)
class FakeChat:
    """A chat that answers as it is told, channel by channel, and otherwise takes everything."""

    clock: FixedClock
    posts: list[Post] = field(default_factory=list)
    blind: CannotLook | None = None
    looks: int = 0
    _answers: dict[str, list[Answer]] = field(default_factory=dict)

    def will_answer(self, channel: str, *answers: Answer) -> None:
        """Say what becomes of the next calls to a channel."""
        self._answers.setdefault(channel, []).extend(answers)

    async def post(self, delivery: Delivery) -> Outcome:
        """Take a message, or do what was said."""
        script = self._answers.get(delivery.channel)
        answer: Answer = script.pop(0) if script else Sent(delivery.channel, "")
        if isinstance(answer, Lost):
            return Unknown("timeout")
        if isinstance(answer, Landed):
            self._land(delivery, answer.late)
            return Unknown("timeout")
        if isinstance(answer, Sent):
            return Sent(delivery.channel, self._land(delivery, timedelta()))
        return answer

    async def change(self, delivery: Delivery) -> Outcome:
        """Change a message that is there, or do what was said."""
        script = self._answers.get(delivery.channel)
        answer: Answer = script.pop(0) if script else Sent(delivery.channel, "")
        if isinstance(answer, Lost | Landed):
            return Unknown("timeout")
        there = next((post for post in self.posts if post.ts == delivery.ts), None)
        if there is None:
            return Gone("message_not_found")
        if isinstance(answer, Sent) and delivery.kind is Act.DELETE:
            self.posts.remove(there)
        elif isinstance(answer, Sent):
            there.delivery = replace(there.delivery, message=delivery.message)
        return answer

    async def look(self, delivery: Delivery) -> Look:
        """Look for a message that is visible by now."""
        self.looks += 1
        if self.blind is not None:
            return self.blind
        for post in self.posts:
            if post.delivery.id == delivery.id and post.visible_from <= self.clock.now():
                return Sent(delivery.channel, post.ts)
        return Absent()

    def posted_to(self) -> list[str]:
        """The channels of all messages that arrived, in order."""
        return [post.delivery.channel for post in self.posts]

    def parts_in(self, channel: str) -> list[tuple[str, int]]:
        """Post and part of the messages of one channel, in order."""
        mine = (post.delivery for post in self.posts if post.delivery.channel == channel)
        return [(delivery.post, delivery.part) for delivery in mine]

    def _land(self, delivery: Delivery, late: timedelta) -> str:
        ts = f"1700000000.{len(self.posts):06d}"
        self.posts.append(Post(delivery, ts, self.clock.now() + late))
        return ts


class Unhurried:
    """The port `Pace` where everybody may go at any time."""

    def __init__(self) -> None:
        self.heard_of: list[Outcome | Look | None] = []

    def closed(self, act: Act, now: datetime) -> frozenset[WorkspaceId]:
        """No workspace is."""
        del act, now
        return frozenset()

    def on_trial(self) -> frozenset[str]:
        """Nothing is."""
        return frozenset()

    def take(self, turn: Turn, now: datetime) -> bool:
        """Always."""
        del turn, now
        return True

    def heard(self, turn: Turn, outcome: Outcome | Look | None, now: datetime) -> None:
        """Keep it for the test."""
        del turn, now
        self.heard_of.append(outcome)

    def opens(self, now: datetime) -> datetime | None:
        """Nothing is closed."""
        del now
        return None


async def claim(outbox, now):
    """Claim one row, at whatever pace; None if there is none."""
    found = await outbox.claim(now, LEASE, limit=1, pace=Unhurried())
    return found[0] if found else None


def an_entry(path: str = "a.md", **changes: object) -> Entry:
    """A decided-upon-by-nobody issue, dated an hour ago and long settled."""
    entry = Entry(
        id=PostId(f"weekly:{path}"),
        source="weekly",
        role=Role.ISSUES,
        path=path,
        revision=uuid5(NAMESPACE_OID, path).hex,
        title=f"Issue {path}",
        date=NOON - timedelta(hours=1),
        number=None,
        language="en",
        url="",
        text="Body",
        draft=False,
        expires=None,
        first_run=False,
        first_seen=NOON - timedelta(minutes=30),
        changed_at=NOON - timedelta(minutes=30),
        plain="Body",
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def a_message(text: str = "Hello") -> Message:
    """The smallest message that is one."""
    block: Block = {"type": "section", "text": {"type": "plain_text", "text": text}}
    return Message(text=text, blocks=(block,))


def a_draft(post: str = "weekly:a.md", part: int = 0, **changes: object) -> Draft:
    """A planned row of `a.md` for channel C1, due now."""
    draft = Draft(
        id=DeliveryId(""),
        post=PostId(post),
        revision="r1",
        channel=ChannelId("C1"),
        part=part,
        occasion="publish",
        message=a_message(f"{post} {part}"),
        due_at=NOON,
    )
    draft = replace(draft, **changes)  # type: ignore[arg-type]
    name = f"{draft.post}|{draft.revision}|{draft.channel}|{draft.part}|{draft.occasion}"
    return replace(draft, id=DeliveryId(uuid5(NAMESPACE_OID, name).hex))


def drafts(
    post: str = "weekly:a.md", *, channels: Iterable[str] = ("C1",), parts: int = 1
) -> tuple[Draft, ...]:
    """All rows of a post."""
    return tuple(
        a_draft(post, part, channel=ChannelId(channel))
        for channel in channels
        for part in range(parts)
    )


def a_delivery(**changes: object) -> Delivery:
    """A claimed row, never sent before."""
    delivery = Delivery(
        id=DeliveryId("d1"),
        seq=1,
        post=PostId("weekly:a.md"),
        revision="r1",
        channel=ChannelId("C1"),
        part=0,
        occasion="publish",
        message=a_message(),
        state=DeliveryState.CLAIMED,
        attempts=0,
        due_at=NOON,
        attempted_at=None,
        ts=None,
        thread_ts=None,
        parent_state=None,
        reason="",
        claim=1,
    )
    return replace(delivery, **changes)  # type: ignore[arg-type]


def states(decisions: Sequence[object]) -> list[PostState]:
    """The states of decisions, in order."""
    return [decision.state for decision in decisions]  # type: ignore[attr-defined]
