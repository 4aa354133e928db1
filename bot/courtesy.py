"""Who goes first: requests before answers, people before posts. What gives way waits a little."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType

PATIENCE = timedelta(milliseconds=250)
"""No call waits longer: under a flood of questions a fan-out is slower, and goes on."""
AT_THE_DOOR = timedelta(milliseconds=50)
"""No answer waits longer for requests that come meanwhile."""


class Courtesy:
    """Knows whether something is under way that goes first.

    As a context it is entered by what goes first.

    Args:
        patience: how long others wait for it at the most.
    """

    def __init__(self, patience: timedelta = PATIENCE) -> None:
        self._patience = patience
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
        """Wait until nothing goes first any more, but no longer than the patience lasts."""
        if not self._asking:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.total_seconds()):
                await self._quiet.wait()


@dataclass(frozen=True, slots=True)
class Precedence:
    """What goes first: requests that are acknowledged, then people who are answered."""

    requests: Courtesy = field(default_factory=lambda: Courtesy(AT_THE_DOOR))
    people: Courtesy = field(default_factory=Courtesy)


class Doorway:
    """Lets so many in at a time, each after what goes first."""

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
