"""Deliveries give way to people: who asks is answered first, and what is sent waits a little."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from types import TracebackType

PATIENCE = timedelta(milliseconds=250)
"""No call waits longer: under a flood of questions a fan-out is slower, and goes on."""


class Courtesy:
    """Knows whether somebody is being answered.

    As a context it is entered by what answers.
    """

    def __init__(self) -> None:
        self._asking = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def __enter__(self) -> None:
        self._asking += 1
        self._quiet.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._asking -= 1
        if not self._asking:
            self._quiet.set()

    async def wait(self) -> None:
        """Wait until nobody is being answered, but no longer than `PATIENCE`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await self._quiet.wait()


class Doorway:
    """Lets so many in at a time, each after those who ask."""

    def __init__(self, most: int, courtesy: Courtesy) -> None:
        self._room = asyncio.Semaphore(most)
        self._courtesy = courtesy

    async def __aenter__(self) -> None:
        await self._room.acquire()
        try:
            await self._courtesy.wait()
        except BaseException:
            self._room.release()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._room.release()
