"""A clock that does not jump while calls are under way: the machine's may, by hours.

Leases, waits and pauses are written as moments. A step of the machine's clock would end all of
them at once, or none for hours; so time goes on as it went, and follows the machine's later.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

logger = logging.getLogger(__name__)

SLIGHT = timedelta(seconds=2)
"""No step: what clocks are corrected by all the time."""
BELIEVED_AFTER = timedelta(minutes=2)
"""Calls last seconds: by then those that the step met are over, and a clock set wrong for a moment
is right again."""


class SteadyClock:
    """The machine's time, without its steps.

    A step forward is followed after a while. One back is too, at half speed: the time that was
    reached is never seen again.

    Args:
        wall: the machine's clock, aware, UTC.
        ticks: seconds since any moment, which go on whatever happens to the clock.
    """

    def __init__(self, wall: Callable[[], datetime], ticks: Callable[[], float]) -> None:
        self._wall = wall
        self._ticks = ticks
        self._now = wall()
        self._at = ticks()
        self._stepped_at: float | None = None

    def now(self) -> datetime:
        """Aware, UTC; never less than before."""
        ticks = self._ticks()
        passed = timedelta(seconds=max(0.0, ticks - self._at))
        self._at = ticks
        ahead = self._wall() - (self._now + passed)
        self._now += max(timedelta(), passed + self._correction(ahead, passed, ticks))
        return self._now

    def _correction(self, ahead: timedelta, passed: timedelta, ticks: float) -> timedelta:
        """What to add to the time that passed, given how far the machine's clock is ahead."""
        if abs(ahead) <= SLIGHT:
            self._stepped_at = None
            return max(ahead, -passed / 2)
        if self._stepped_at is None:
            self._stepped_at = ticks
            logger.warning("clock.stepped by_s=%d", ahead.total_seconds())
        if ticks - self._stepped_at < BELIEVED_AFTER.total_seconds():
            return timedelta()
        return ahead if ahead > timedelta() else -passed / 2


class ToldClock:
    """A clock that is told the time now and then, and counts on by itself.

    Args:
        ticks: seconds since any moment, which go on whatever happens to the machine's clock.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._at = ticks()
        self._time = datetime.min.replace(tzinfo=UTC)

    def tell(self, time: datetime, *, asked_at: float) -> None:
        """Be told what time it was between the moment of asking, in ticks, and now."""
        self._time = time
        self._at = (asked_at + self._ticks()) / 2

    def now(self) -> datetime:
        """Aware, UTC; jumps when it is told another time than it thought."""
        return self._time + timedelta(seconds=self._ticks() - self._at)
