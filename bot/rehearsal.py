"""A register that writes nothing: what discovery would do, for `digestbot plan`.

Reads the real one, keeps what would be written in memory.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.model import Decision, Draft, Entry, Meetup, Problem
from bot.ports import Register


class Rehearsal:
    """The port `Register` over another one, read only.

    `planned` holds the rows that would be written.
    """

    def __init__(self, real: Register) -> None:
        self._real = real
        self._saved: dict[str, Entry] = {}
        self.planned: list[Draft] = []

    async def revisions(self, source: str) -> Mapping[str, str] | None:
        """As the real one."""
        return await self._real.revisions(source)

    async def save(
        self, source: str, entries: Sequence[tuple[Entry, Sequence[Meetup]]]
    ) -> None:
        """Keep the posts for `undecided`."""
        del source
        self._saved |= {entry.id: entry for entry, _ in entries}

    async def undecided(self, source: str) -> tuple[Entry, ...]:
        """The real one's and those that would have been saved as new, oldest first."""
        waiting = {entry.id: entry for entry in await self._real.undecided(source)}
        known = await self._real.revisions(source) or {}
        fresh = {
            e.id: e for e in self._saved.values() if e.source == source and e.path not in known
        }
        changed = {i: self._saved[i] for i in waiting if i in self._saved}
        return tuple(sorted((waiting | changed | fresh).values(), key=by_age))

    async def newest(self, source: str, now: datetime) -> datetime | None:
        """As the real one."""
        return await self._real.newest(source, now)

    async def decide(self, decision: Decision, drafts: Sequence[Draft]) -> None:
        """Keep the rows."""
        del decision
        self.planned.extend(drafts)

    async def add(self, drafts: Sequence[Draft]) -> None:
        """Keep the rows."""
        self.planned.extend(drafts)

    async def problems(self, source: str) -> tuple[Problem, ...]:
        """As the real one."""
        return await self._real.problems(source)

    async def report(self, source: str, problems: Sequence[Problem], now: datetime) -> None:
        """Nothing is kept."""


def by_age(entry: Entry) -> tuple[bool, float, str]:
    """Oldest date first, undated ones last, as the register has them."""
    return (entry.date is None, entry.date.timestamp() if entry.date else 0.0, entry.path)
