"""Sources under watch: looked at one after the other by whoever asks, and broken off in mid-look.

The metronome, the web hook and the start all ask for looks; each source is a queue of its own.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.model.posts import Scan
from bot.ports.outside import Source


class Watched:
    """The port `Source` over another one, with turns.

    Args:
        source: what is looked at.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._turns = asyncio.Lock()
        self._waiting = 0
        self._scan: asyncio.Task[Scan] | None = None
        self.over = False
        """Whether looks are broken off: the bot stops."""
        self.unwritten = False
        """Whether the last look could not be written down: told once, not at every look."""
        self.troubles: frozenset[str] = frozenset()
        """What kept the source as a whole from being read at the last look: told once, too."""

    @property
    def id(self) -> str:
        """The source's id."""
        return self._source.id

    @property
    def expected(self) -> bool:
        """Whether a look that has not begun is asked for already: another one would see no more."""
        return self._waiting > 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a look that is under way; whoever has the turn may scan."""
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()

    async def scan(self) -> Scan:
        """Look once; see `bot.ports.outside.Source`.

        Raises:
            asyncio.CancelledError: it was broken off.
        """
        if self.over:
            raise asyncio.CancelledError
        self._scan = asyncio.create_task(self._source.scan())
        try:
            return await self._scan
        finally:
            self._scan.cancel()
            self._scan = None

    def forget(self) -> None:
        """Tell everything again; see `bot.ports.outside.Source`."""
        self._source.forget()

    def break_off(self) -> None:
        """Look no more. What a look has found already is still written down."""
        self.over = True
        if self._scan is not None:
            self._scan.cancel()
