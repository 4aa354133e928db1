"""What changed, for whoever watches: the page's live updates and tests.

Keeps the last thousand changes; a watcher that falls behind is told to look at everything.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `kind`: message, ephemeral, view, home, channel, log, fault or reset.

    `channel` and `ts` are "" where they make no sense; `number` counts from 1.
    """

    number: int
    kind: str
    channel: str = ""
    ts: str = ""


class Notices:
    """A bounded list of changes that can be followed."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque(maxlen=_KEPT)
        self._bell = asyncio.Event()
        self._closed = False
        self.total = 0

    def tell(self, kind: str, channel: str = "", ts: str = "") -> None:
        """Add a change and wake everybody who follows."""
        self.total += 1
        self._changes.append(Change(self.total, kind, channel, ts))
        self._ring()

    def close(self) -> None:
        """End every `follow`."""
        self._closed = True
        self._ring()

    def follow(self, after: int | None = None) -> AsyncIterator[Change]:
        """Yield changes from now on, or those after number `after` first."""
        return self._follow(self.total if after is None else after)

    async def _follow(self, seen: int) -> AsyncIterator[Change]:
        while not self._closed:
            bell = self._bell
            if seen > self.total or (self.total - seen) > len(self._changes):
                seen = self.total
                yield Change(seen, "reset")
            for change in [kept for kept in self._changes if kept.number > seen]:
                seen = change.number
                yield change
            if seen == self.total:
                await bell.wait()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()
