"""Work that outlives its request: kept by reference, waited for at the end.

Bolt keeps no reference to a running listener; what nobody holds may be collected, and a stopping
process would cut it off.
"""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta

logger = logging.getLogger(__name__)


class Tasks:
    """A set of running coroutines."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Run it beside the caller. It must handle its own errors; others are logged."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, patience: timedelta) -> bool:
        """Wait for all that runs; what takes longer is cancelled.

        Returns:
            Whether everything came to its own end.
        """
        if not self._running:
            return True
        _, late = await asyncio.wait(tuple(self._running), timeout=patience.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return not late

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("listener.failed", exc_info=task.exception())
