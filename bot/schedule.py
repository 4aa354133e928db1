"""A metronome: calls things at intervals and decides nothing.

Due times live in our own tables. APScheduler keeps no state: a beat that comes late is run
once, never twice at the same time, and never dropped.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)

Beat = Callable[[], Awaitable[None]]
JITTER = 0.1
"""Share of an interval by which beats are spread, so that many bots do not knock at once."""


class Metronome:
    """Beats at intervals once started."""

    def __init__(self) -> None:
        # misfire_grace_time None: APScheduler 3.11's default of 1 s drops late beats.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def every(self, interval: timedelta, name: str, beat: Beat) -> None:
        """Call `beat` at every interval, the first time one interval after `start`.

        An exception of a beat is logged; the next beat comes all the same.
        """
        seconds = interval.total_seconds()
        self._scheduler.add_job(
            _guarded,
            "interval",
            args=(name, beat),
            id=name,
            seconds=seconds,
            jitter=seconds * JITTER,
        )

    def start(self) -> None:
        """Begin to beat, in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """No further beat. One that runs goes on to its end."""
        self._scheduler.shutdown(wait=False)


async def _guarded(name: str, beat: Beat) -> None:
    try:
        await beat()
    except Exception:
        logger.exception("beat.failed name=%s", name)
