"""Carries out what is due: many deliveries at a time, until nothing is left, then waits.

Decides nothing: what is due is said by the outbox, who may go now by the pace, and what an outcome
means by `plan`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol

from bot.model.deliveries import Delivery
from bot.ports.outside import Clock

logger = logging.getLogger(__name__)

IN_FLIGHT = 64
"""Calls at a time."""
BEGUN = IN_FLIGHT + 96
"""Rows that are marked as being sent, the calls in flight included: the line never waits for a mark,
which takes a few hundredths of a second."""
AHEAD = 4
"""So many times more rows are in hand than calls in flight: the line is never idle for a claim."""
TICK = timedelta(milliseconds=50)
"""While calls are under way, so often it is seen whether more may go."""
LOOKING = 3
"""Of the time, no more than one part in so many is spent on looking what may go: where very many rows
wait for their turn, a look takes long."""
SHORTEST_WAIT = timedelta(milliseconds=20)
"""A row can be due and yet blocked by one in flight elsewhere: never spin on it."""
LONGEST_WAIT = timedelta(seconds=30)
"""Another process may have written rows without a wake-up reaching us."""
AFTER_FAILURE = timedelta(seconds=5)


class Work(Protocol):
    """What there is to do."""

    async def claim(self, limit: int) -> Sequence[Delivery]:
        """Take what may go now, at most `limit`."""

    async def carry(self, claimed: Delivery) -> None:
        """Carry one of them through."""


class Courier:
    """Deliveries in flight.

    Args:
        work: claims and carries.
        next_due: when there may be more to do, aware; None if nothing waits.
        clock: the time.
        in_flight: as many are claimed at a time, since claiming more would keep people waiting;
            in hand are at the most `AHEAD` times as many.
    """

    def __init__(
        self,
        work: Work,
        next_due: Callable[[], Awaitable[datetime | None]],
        clock: Clock,
        *,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        self._work = work
        self._next_due = next_due
        self._clock = clock
        self._batch = in_flight
        self._room = in_flight * AHEAD
        self._running: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self._failures: list[Exception] = []
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at once whether something is due."""
        self._wake.set()

    def stop(self) -> None:
        """Take up nothing more; what is in flight is finished."""
        self._stopping = True
        self._wake.set()

    async def next_due(self) -> datetime | None:
        """When there may be more to do, None if nothing waits."""
        return await self._next_due()

    async def drain(self) -> None:
        """Deliver until nothing more may go now.

        Of failures, the first is raised once all that was in flight has ended.
        """
        try:
            while not self._stopping and not self._failures:
                wanted = min(self._room - len(self._running), self._batch)
                began = monotonic()
                found = await self._work.claim(wanted)
                tick = max(TICK.total_seconds(), (monotonic() - began) * (LOOKING - 1))
                for one in found:
                    self._start(one)
                if not self._running:
                    break
                await self._pause(None if len(found) == wanted else tick)
        finally:
            await asyncio.gather(*self._running, return_exceptions=True)
        if self._failures:
            first, self._failures = self._failures[0], []
            raise first

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
        """Deliver until `stop`. A failing database is waited for, not a reason to end.

        Said once when it begins, and once when it is over.
        """
        interrupted = False
        while not self._stopping:
            self._wake.clear()
            try:
                await self.drain()
                wait = await self._wait()
            except Exception:
                if not interrupted:
                    logger.exception("delivery.interrupted wait_s=%d", AFTER_FAILURE.seconds)
                interrupted, wait = True, AFTER_FAILURE
            else:
                if interrupted:
                    logger.info("delivery.goes_on")
                interrupted = False
            await self._sleep(wait)

    def _start(self, claimed: Delivery) -> None:
        task = asyncio.create_task(self._work.carry(claimed))
        self._running.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._ended.set()
        failure = None if task.cancelled() else task.exception()
        if isinstance(failure, Exception):
            self._failures.append(failure)

    async def _pause(self, tick: float | None) -> None:
        """Wait until another claim is worth its while.

        Args:
            tick: seconds after which more may go, unless everything has ended before; None if there
                may be more already, for which there has to be room for a whole batch.
        """
        few = self._room - self._batch if tick is None else 0
        with suppress(TimeoutError):
            async with asyncio.timeout(tick):
                while len(self._running) > few:
                    self._ended.clear()
                    await self._ended.wait()

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
