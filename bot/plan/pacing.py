"""Who may call Slack now: tiers per workspace and method, refusals learned from, payloads proven.

Pure but for what it remembers; the time is passed in. The database remembers the rest: when a
channel takes its next message, and when a row is tried again.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.model.deliveries import (
    Act,
    Busy,
    CannotLook,
    Look,
    Outcome,
    Sent,
    Turn,
    Unknown,
    WorkspaceRefused,
)
from bot.model.ids import ChannelId, DeliveryId, WorkspaceId

MINUTE = timedelta(minutes=1)
LEEWAY = timedelta(milliseconds=250)
"""What is sent within a minute may arrive within a little less."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
IN_FLIGHT = 16
"""Calls of one workspace at a time: its slow answers leave room for the others."""
WORKSPACE_REST = timedelta(minutes=5)
"""After a token was refused: one call finds out whether it is taken again."""
BROKEN_IN_A_ROW = 5
"""Calls in a row of which nobody knows how they ended: more would only have to be looked for."""
BROKEN_REST = timedelta(seconds=30)
SLOWEST = 8.0
SLOWER, QUICKER = 1.5, 0.98
"""How the pause between calls grows with a refusal and shrinks with an answer."""
PROVEN = 10_000
"""Payloads that are remembered as taken."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls a minute, of which some may come at once."""

    calls: int
    burst: int

    @property
    def pause(self) -> timedelta:
        """Between calls, once the burst is used up."""
        return MINUTE / self.calls

    @property
    def most(self) -> int:
        """Calls within any minute: some fewer than allowed, since the two clocks differ."""
        return max(1, self.calls - max(1, self.calls // 150))

    def shared(self, by: int) -> "Rate":
        """What each of some processes may take of it."""
        return Rate(max(1, self.calls // by), max(1, self.burst // by))


RATES: Mapping[Act, Rate] = {
    Act.POST: Rate(300, burst=8),  # "several hundred" a minute and workspace
    Act.LOOK: Rate(50, burst=5),
    Act.UPDATE: Rate(50, burst=3),
    Act.DELETE: Rate(50, burst=3),
}
"""`/apis/web-api/rate-limits` and the methods' pages (docs.slack.dev, read 2026-08-20)."""


@dataclass(slots=True)
class Gate:
    """One method in one workspace.

    `full_at` is when all calls that were let in will have been paid for, at the rate's pause;
    `lately` are those of the last minute, of which no more are let in than are allowed.
    `wary` lets in one call at a time: something went wrong lately. `refused` are the channels
    that were turned away since the last answer.
    """

    rate: Rate
    full_at: datetime = LONG_AGO
    shut_until: datetime = LONG_AGO
    wary: bool = False
    slowness: float = 1.0
    in_flight: int = 0
    broken: int = 0
    refused: set[ChannelId] = field(default_factory=set)
    lately: deque[datetime] = field(default_factory=deque)

    def opens_at(self) -> datetime:
        """From when on the rate lets one in."""
        full = len(self.lately) >= self.rate.most
        return max(
            self.shut_until,
            self.full_at - self._pause * (self.rate.burst - 1),
            self.lately[0] + MINUTE + LEEWAY if full else LONG_AGO,
        )

    def admits(self, now: datetime) -> bool:
        """Whether one more may call."""
        room = self.in_flight < (1 if self.wary else IN_FLIGHT)
        return room and self.opens_at() <= now

    def rests(self, now: datetime) -> bool:
        """Whether it is open, and stays so until it is used again."""
        return self.in_flight == 0 and self.opens_at() <= now

    def enter(self, now: datetime) -> None:
        """Let one in."""
        self.in_flight += 1
        self.lately.append(now)
        while self.lately[0] + MINUTE + LEEWAY <= now:
            self.lately.popleft()
        self.full_at = max(self.full_at, now) + self._pause

    def shut(self, until: datetime) -> None:
        """Let nobody in until then, and one at a time until one of them succeeds."""
        self.shut_until = max(self.shut_until, until)
        self.full_at = max(self.full_at, until + self._pause * (self.rate.burst - 1))
        self.wary = True

    def answered(self) -> None:
        """Slack does its work."""
        self.wary, self.broken = False, 0
        self.refused.clear()
        self.slowness = max(1.0, self.slowness * QUICKER)

    @property
    def _pause(self) -> timedelta:
        return self.rate.pause * self.slowness


class Pacer:
    """The port `Pace` for one process."""

    def __init__(self, rates: Mapping[Act, Rate] = RATES) -> None:
        self._whole = self._rates = rates
        self._gates: dict[tuple[WorkspaceId, Act], Gate] = {}
        self._stirred: dict[Act, set[WorkspaceId]] = {act: set() for act in rates}
        self._busy: dict[tuple[WorkspaceId, ChannelId], datetime] = {}
        self._trials: dict[str, DeliveryId] = {}
        self._proven: dict[str, None] = {}

    def share(self, processes: int) -> None:
        """Take no more than one of so many processes may: Slack counts the calls of all."""
        self._rates = {act: rate.shared(processes) for act, rate in self._whole.items()}
        for (_, act), gate in self._gates.items():
            gate.rate = self._rates[act]

    def closed(self, act: Act, now: datetime) -> frozenset[WorkspaceId]:
        """Workspaces in which nobody may do this now."""
        stirred = self._stirred[act]
        stirred -= {one for one in stirred if self._gates[one, act].rests(now)}
        return frozenset(one for one in stirred if not self._gates[one, act].admits(now))

    def on_trial(self) -> frozenset[str]:
        """Payloads of which the first one is under way."""
        return frozenset(self._trials)

    def take(self, turn: Turn, now: datetime) -> bool:
        """Take a turn, if it may be had now; of a payload never sent before, one at a time."""
        gate = self._gate(turn.workspace, turn.act)
        posts = turn.act is Act.POST
        if not gate.admits(now) or (posts and not self._may_post(turn, now)):
            return False
        gate.enter(now)
        if posts and turn.payload and turn.payload not in self._proven:
            self._trials[turn.payload] = turn.delivery
        return True

    def heard(self, turn: Turn, outcome: Outcome | Look | None, now: datetime) -> None:
        """Learn how a turn ended."""
        gate = self._gate(turn.workspace, turn.act)
        gate.in_flight -= 1
        if turn.act is Act.POST:
            self._end_trial(turn)
        match outcome:
            case Busy(_, wait) | CannotLook("ratelimited", timedelta() as wait):
                self._turned_away(gate, turn, now + wait)
            case WorkspaceRefused():
                for act in RATES:
                    self._gate(turn.workspace, act).shut(now + WORKSPACE_REST)
            case Unknown() | CannotLook(_, timedelta()):
                gate.broken += 1
                if gate.broken >= BROKEN_IN_A_ROW:
                    gate.shut(now + BROKEN_REST)
            case None:
                pass
            case _:
                gate.answered()
                self._learn(turn, outcome)

    def opens(self, now: datetime) -> datetime | None:
        """When the next of what is closed now opens by itself."""
        moments = (*(gate.opens_at() for gate in self._gates.values()), *self._busy.values())
        return min((moment for moment in moments if moment > now), default=None)

    def _may_post(self, turn: Turn, now: datetime) -> bool:
        busy_until = self._busy.get((turn.workspace, turn.channel), LONG_AGO)
        return busy_until <= now and turn.payload not in self._trials

    def _end_trial(self, turn: Turn) -> None:
        """A row may have got another payload between its turn and its claim."""
        for payload, delivery in tuple(self._trials.items()):
            if payload == turn.payload or (delivery and delivery == turn.delivery):
                del self._trials[payload]

    def _turned_away(self, gate: Gate, turn: Turn, until: datetime) -> None:
        """One channel may be too quick alone; if a second one is, too, it is the workspace.

        Slack's answer does not tell which of its limits was met.
        """
        gate.refused.add(turn.channel)
        gate.wary = True
        if turn.act is Act.POST:
            self._busy[turn.workspace, turn.channel] = until
        if turn.act is not Act.POST or len(gate.refused) > 1:
            gate.slowness = min(SLOWEST, gate.slowness * SLOWER)
            gate.shut(until)

    def _learn(self, turn: Turn, outcome: object) -> None:
        self._busy.pop((turn.workspace, turn.channel), None)
        if turn.act is Act.POST and isinstance(outcome, Sent):
            self._proven[turn.payload] = None
            if len(self._proven) > PROVEN:
                del self._proven[next(iter(self._proven))]

    def _gate(self, workspace: WorkspaceId, act: Act) -> Gate:
        """The gate, which is going to be used."""
        self._stirred[act].add(workspace)
        return self._gates.setdefault((workspace, act), Gate(self._rates[act]))
