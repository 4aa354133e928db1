"""The time that a process goes by: its machine's, or the database's where several may share one.

Leases, pauses and the moments of calls are written by one process and read by others. Went each by
its own machine's clock, one that is wrong would take calls of the others for abandoned, or leave
rows lying that wait for nothing. So where there may be others, all go by the one clock they share.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.archive import Archive, ArchiveError
from bot.ports.outside import Clock
from bot.steady import SteadyClock, ToldClock

logger = logging.getLogger(__name__)

TOLD_EVERY = timedelta(minutes=1)
"""What a machine counts by itself meanwhile is right to some milliseconds."""
WRONG = timedelta(seconds=5)
"""So far a clock may be from another before it is worth a word."""


@asynccontextmanager
async def kept(
    archive: Archive, wall: Callable[[], datetime], ticks: Callable[[], float]
) -> AsyncIterator[Clock]:
    """A clock without steps, right until the end of the block.

    Args:
        archive: whose database tells the time, unless it is for one process only.
        wall: the machine's clock, aware, UTC.
        ticks: seconds since any moment, which go on whatever happens to that clock.

    Raises:
        ArchiveError: the database cannot be asked.
    """
    if archive.alone:
        yield SteadyClock(wall, ticks)
        return
    told = ToldClock(ticks)
    await _tell(told, archive, ticks)
    if abs(wrong := wall() - told.now()) > WRONG:
        logger.warning("clock.differs_from_the_databases by_s=%d", wrong.total_seconds())
    task = asyncio.create_task(_go_on(told, archive, ticks))
    try:
        yield SteadyClock(told.now, ticks)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _go_on(told: ToldClock, archive: Archive, ticks: Callable[[], float]) -> None:
    while True:
        await asyncio.sleep(TOLD_EVERY.total_seconds())
        with suppress(
            ArchiveError
        ):  # it counts on; that the database is away is told elsewhere
            await _tell(told, archive, ticks)


async def _tell(told: ToldClock, archive: Archive, ticks: Callable[[], float]) -> None:
    asked_at = ticks()
    told.tell(await archive.time(), asked_at=asked_at)
