"""What can happen to a community, and a script of it while it is written.

Pure. Times are wall times of the community's zone, whose clocks change twice a year.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from bot.sandbox.faults import Rule

ZONE = ZoneInfo("America/New_York")
WEEK = timedelta(weeks=1)


class What(StrEnum):
    """Kinds of happenings."""

    WRITE = "write"
    MOVE = "move"
    REMOVE = "remove"
    DOWN = "down"
    UP = "up"
    RESTART = "restart"
    REREAD = "reread"
    KILL = "kill"
    FAULTS = "faults"
    MENDED = "mended"
    TOKEN = "token"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    KICK = "kick"
    INVITE = "invite"
    PAUSE = "pause"
    RESUME = "resume"
    DELETE = "delete"
    REPOST = "repost"
    RECALL = "recall"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing at one moment, UTC. `name` is a file or a channel, `number` of calls or messages."""

    at: datetime
    what: What
    name: str = ""
    text: str = ""
    rules: tuple[Rule, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """Happenings in order, and what the files that stand at the end are to have become.

    A fate is the reason of the post's state: `new` of what was announced by itself.
    """

    start: datetime
    end: datetime
    happenings: tuple[Happening, ...]
    fates: dict[str, frozenset[str]]


@dataclass
class Writing:
    """A script as it is written."""

    dice: Random
    channels: tuple[str, ...]
    rows: list[Happening] = field(default_factory=list)
    fates: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, at: datetime, what: What, name: str = "", text: str = "") -> None:
        """Let something happen."""
        self.rows.append(Happening(at.astimezone(UTC), what, name, text))

    def between(self, first: float, last: float) -> timedelta:
        """Some hours."""
        return timedelta(seconds=round(self.dice.uniform(first, last) * 3600))


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    """A wall time of the community."""
    return datetime.combine(day, time(hour, minute), ZONE)
