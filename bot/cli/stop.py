"""Being told to stop: SIGTERM, or Ctrl-C."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from bot.cli.words import say

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """The wish that a piece of work ends, told by a signal.

    While the work starts, the first signal cancels it, so that it undoes in order what it has
    begun; once it calls `wait`, the signal ends the wait. A second signal ends the process.
    """

    def __init__(self, work: "asyncio.Task[object] | None") -> None:
        self._starting = work
        self._told = asyncio.Event()

    @property
    def told(self) -> bool:
        """Whether a signal came."""
        return self._told.is_set()

    async def wait(self) -> None:
        """Return when the process is told to stop."""
        self._starting = None
        await self._told.wait()

    def tell(self) -> None:
        """Stop the work."""
        self._told.set()
        if self._starting is not None:
            self._starting.cancel()


async def until_told(work: Callable[[Stop], Awaitable[None]]) -> None:
    """Do work that starts, waits for the end that it is given, and stops."""
    stop = Stop(asyncio.current_task())
    listen(stop)
    try:
        await work(stop)
    except asyncio.CancelledError:
        if not stop.told:
            raise
        say("Stopped before it had started.")


def listen(stop: Stop) -> None:
    """Let the first signal tell it, and the second one do what it does by itself."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
        stop.tell()

    for number in SIGNALS:
        try:
            loop.add_signal_handler(number, first)
        except NotImplementedError:  # Windows has no such handlers
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.tell))
