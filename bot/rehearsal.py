"""A register that writes nothing: what discovery would do, for `digestbot plan`.

Reads the real one, keeps what would be written in memory.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model.deliveries import DeliveryState, Draft, Roundup
from bot.model.ids import PostId
from bot.model.posts import Absence, Decision, Entry, Meetup, Problem, Shelf
from bot.ports.writing import Register


class Rehearsal:
    """The port `Register` over another one, read only.

    `planned` holds the rows that would be written.

    Args:
        real: None where nothing was ever archived.
    """

    def __init__(self, real: Register | None) -> None:
        self._real = real
        self._saved: dict[str, Entry] = {}
        self._replaced: set[PostId] = set()
        self.planned: list[Draft] = []

    async def shelf(self, source: str) -> Shelf | None:
        """As the real one."""
        return await self._real.shelf(source) if self._real else None

    async def posts(self, wanted: Sequence[PostId]) -> tuple[Entry, ...]:
        """As the real one."""
        return await self._real.posts(wanted) if self._real else ()

    async def older(
        self, source: str, before: datetime, *, limit: int, apart: Collection[PostId]
    ) -> tuple[tuple[datetime, str, str], ...]:
        """As the real one."""
        if self._real is None:
            return ()
        return await self._real.older(source, before, limit=limit, apart=apart)

    async def save(
        self,
        source: str,
        entries: Sequence[tuple[Entry, Sequence[Meetup]]],
        *,
        reader: int = 0,
        replaced: Sequence[PostId] = (),
    ) -> None:
        """Keep the posts for `undecided`."""
        del source, reader
        self._saved |= {entry.id: entry for entry, _ in entries}
        self._replaced |= set(replaced)

    async def undecided(self, source: str) -> tuple[Entry, ...]:
        """The real one's and those that would have been saved as new, oldest first."""
        before = await self._real.undecided(source) if self._real else ()
        shelf = await self.shelf(source)
        known = {one.id for one in shelf.posts} if shelf else set()
        entries = {e.id: self._as_saved(e) for e in before if e.id not in self._replaced}
        entries |= {
            e.id: e for e in self._saved.values() if e.source == source and e.id not in known
        }
        return tuple(sorted(entries.values(), key=by_age))

    def _as_saved(self, before: Entry) -> Entry:
        """A known post after `save`, which keeps what `bot.ports.writing.Register` says."""
        return replace(
            self._saved.get(before.id, before),
            first_seen=before.first_seen,
            first_run=before.first_run,
            state=before.state,
            reason=before.reason,
        )

    async def newest(self, source: str, now: datetime) -> datetime | None:
        """As the real one."""
        return await self._real.newest(source, now) if self._real else None

    async def decide(self, decision: Decision, drafts: Sequence[Draft]) -> None:
        """Keep the rows."""
        del decision
        self.planned.extend(drafts)

    async def round_up(
        self,
        decided: Sequence[tuple[Decision, Sequence[Draft]]],
        roundups: Sequence[Roundup],
    ) -> None:
        """Keep the rows, those that stay back as such."""
        words = {row: roundup.reason for roundup in roundups for row in roundup.rows}
        for _, drafts in decided:
            self.planned.extend(
                replace(one, state=DeliveryState.HELD, reason=words[one.id])
                if one.id in words
                else one
                for one in drafts
            )
        for roundup in roundups:
            self.planned.extend(roundup.drafts)

    async def add(self, drafts: Sequence[Draft]) -> None:
        """Keep the rows."""
        self.planned.extend(drafts)

    async def outdated(self, source: str, before: datetime) -> tuple[Entry, ...]:
        """As the real one."""
        return await self._real.outdated(source, before) if self._real else ()

    async def told(self, entry: Entry, drafts: Sequence[Draft]) -> bool:
        """Keep the rows."""
        del entry
        self.planned.extend(drafts)
        return True

    async def gone(self, decisions: Sequence[Decision], now: datetime, words: str) -> None:
        """Nothing is kept."""

    async def back(self, decisions: Sequence[Decision], words: str) -> None:
        """Nothing is kept."""

    async def unasked(self, source: str, gone_before: datetime) -> tuple[Entry, ...]:
        """As the real one."""
        return await self._real.unasked(source, gone_before) if self._real else ()

    async def ask(self, asked: Sequence[PostId], drafts: Sequence[Draft]) -> None:
        """Keep the rows."""
        del asked
        self.planned.extend(drafts)

    async def failures(self, source: str) -> int:
        """As the real one."""
        return await self._real.failures(source) if self._real else 0

    async def unread(self, source: str) -> tuple[Problem, ...]:
        """As the real one."""
        return await self._real.unread(source) if self._real else ()

    async def warn_of(
        self, source: str, unread: Sequence[Problem], drafts: Sequence[Draft]
    ) -> None:
        """Keep the rows."""
        del source, unread
        self.planned.extend(drafts)

    async def warn(self, source: str, drafts: Sequence[Draft]) -> None:
        """Keep the rows."""
        del source
        self.planned.extend(drafts)

    async def problems(self, source: str) -> tuple[Problem, ...]:
        """As the real one."""
        return await self._real.problems(source) if self._real else ()

    async def report(
        self,
        source: str,
        problems: Sequence[Problem],
        now: datetime,
        absence: Absence | None = None,
    ) -> None:
        """Nothing is kept."""


def by_age(entry: Entry) -> tuple[bool, float, str]:
    """Oldest date first, undated ones last, as the register has them."""
    return (entry.date is None, entry.date.timestamp() if entry.date else 0.0, entry.path)
