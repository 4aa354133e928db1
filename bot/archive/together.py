"""Group commit: what many ask for at the same moment is written in one transaction.

Knows no table. While one group is being written, the next one gathers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Wish = TypeVar("Wish")
Result = TypeVar("Result")

AT_ONCE = 256
"""Wishes in one transaction at the most."""

FEW = 4
"""So many go on at once; between them others have their turn, who would else wait for a whole group."""


class Together(Generic[Wish, Result]):
    """Collects wishes and grants them group by group.

    Args:
        grant: does a group, all of it or nothing; answers a result for each, in order.
    """

    def __init__(self, grant: Callable[[Sequence[Wish]], Awaitable[Sequence[Result]]]) -> None:
        self._grant = grant
        self._waiting: list[tuple[Wish, asyncio.Future[Result]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def do(self, wish: Wish) -> Result:
        """Have one wish granted, together with others.

        A caller that is cancelled does not take its wish back.

        Raises:
            Exception: what granting its group raised.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await future

    async def close(self) -> None:
        """Wait until everything is granted."""
        while self._writer is not None and not self._writer.done():
            await self._writer

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                results = await self._grant([wish for wish, _ in group])
            except Exception as error:  # noqa: BLE001 - each caller gets it
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            for number, ((_, future), result) in enumerate(zip(group, results, strict=True), 1):
                if not future.done():
                    future.set_result(result)
                if number % FEW == 0:
                    await asyncio.sleep(0)
