"""A metronome: calls things at intervals and decides nothing.

Due times live in our own tables. APScheduler keeps no state: a beat that comes late is run
once, never twice at the same time, and never dropped.
"""

import asyncio
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
        self._running: set[asyncio.Task[object]] = set()

    def every(self, interval: timedelta, name: str, beat: Beat) -> None:
        """Call `beat` at every interval, the first time one interval after `start`.

        An exception of a beat is logged; the next beat comes all the same.
        """
        seconds = interval.total_seconds()
        self._scheduler.add_job(
            self._guarded,
            "interval",
            args=(name, beat),
            id=name,
            seconds=seconds,
            jitter=seconds * JITTER,
        )

    def start(self) -> None:
        """Begin to beat, in the running event loop."""
        self._scheduler.start()

    async def stop(self) -> None:
        """No further beat; those that run come to their end.

        Not by `shutdown` alone, which cancels them in mid-work.
        """
        self._scheduler.pause()
        await asyncio.sleep(0)  # a beat that was handed out already begins now
        await asyncio.gather(*self._running, return_exceptions=True)
        self._scheduler.shutdown(wait=False)

    async def _guarded(self, name: str, beat: Beat) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            await beat()
        except Exception:
            logger.exception("beat.failed name=%s", name)
