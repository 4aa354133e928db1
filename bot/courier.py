"""Carries out what is due: some workers at a time, until nothing is left, then waits.

Decides nothing: what is due, and what an outcome means, is said by the outbox and by `plan`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.ports import Clock

logger = logging.getLogger(__name__)

SHORTEST_WAIT = timedelta(milliseconds=200)
"""A row can be due and yet blocked by one in flight: never spin on it."""
LONGEST_WAIT = timedelta(seconds=30)
"""Another process may have written rows without a wake-up reaching us."""
AFTER_FAILURE = timedelta(seconds=5)


class Courier:
    """Workers over one outbox.

    Args:
        deliver_next: carries one due delivery through; False when there is none.
        next_due: when there may be one, aware; None if nothing waits.
        clock: the time.
        workers: deliveries in flight at the most.
    """

    def __init__(
        self,
        deliver_next: Callable[[], Awaitable[bool]],
        next_due: Callable[[], Awaitable[datetime | None]],
        clock: Clock,
        *,
        workers: int = 8,
    ) -> None:
        self._deliver_next = deliver_next
        self._next_due = next_due
        self._clock = clock
        self._workers = workers
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at once whether something is due."""
        self._wake.set()

    def stop(self) -> None:
        """Take up nothing more; what is in flight is finished."""
        self._stopping = True
        self._wake.set()

    async def drain(self) -> None:
        """Deliver until nothing is due. Of failures, the first is raised once all workers ended."""
        work = (self._work() for _ in range(self._workers))
        ends = await asyncio.gather(*work, return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end

    async def finish(self, patience: timedelta) -> None:
        """Deliver until nothing is due, nor will be within `patience` of being ready."""
        while True:
            await self.drain()
            due = await self._next_due()
            now = self._clock.now()
            if self._stopping or due is None or due - now > patience:
                return
            await asyncio.sleep(max(due - now, SHORTEST_WAIT).total_seconds())

    async def run(self) -> None:
        """Deliver until `stop`. A failing database is waited for, not a reason to end."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self.drain()
                wait = await self._wait()
            except Exception:
                logger.exception("delivery.interrupted wait_s=%d", AFTER_FAILURE.seconds)
                wait = AFTER_FAILURE
            await self._sleep(wait)

    async def _work(self) -> None:
        while not self._stopping and await self._deliver_next():
            pass

    async def _wait(self) -> timedelta:
        due = await self._next_due()
        if due is None:
            return LONGEST_WAIT
        return min(max(due - self._clock.now(), SHORTEST_WAIT), LONGEST_WAIT)

    async def _sleep(self, wait: timedelta) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), wait.total_seconds())
        except TimeoutError:
            return
