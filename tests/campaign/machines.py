"""The clocks of machines: each a little off, and now and then an hour."""

from datetime import datetime, timedelta

from bot.steady import SteadyClock
from tests.fakes import NOON, FixedClock


class Machine:
    """A machine whose clock is `off` the true time."""

    def __init__(self, world: FixedClock, off: timedelta) -> None:
        self._world = world
        self.off = off

    def wall(self) -> datetime:
        """What its clock shows."""
        return self._world.now() + self.off

    def clock(self) -> SteadyClock:
        """The clock of a process that begins now, as `digestbot run` has it."""
        return SteadyClock(self.wall, self._ticks)

    def _ticks(self) -> float:
        return (self._world.now() - NOON).total_seconds()
