"""The port `Register`: where discovery writes. One method, one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from bot.archive import health
from bot.archive.comeback import stand_in
from bot.archive.deciding import as_they_were, changed
from bot.archive.engine import Store
from bot.archive.rows import absence_of, entry_of, known_of
from bot.archive.shelving import (
    index,
    save_meetups,
    save_post,
    save_revision,
    told_around,
    unjoin,
)
from bot.archive.tables import posts, sources
from bot.archive.waiting import add_rows, turn
from bot.model.deliveries import DeliveryState, Draft, Roundup
from bot.model.ids import PostId
from bot.model.posts import (
    Absence,
    Decision,
    Entry,
    Known,
    Meetup,
    PostState,
    Problem,
    Shelf,
)

SHORT = tuple(one.name for one in fields(Known))


class ArchiveRegister:
    """Posts and sources in a database; see `bot.ports.writing.Register`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def shelf(self, source: str) -> Shelf | None:
        """What is archived of a source, None before its first scan."""
        looked = select(sources).where(sources.c.id == source, sources.c.scanned)
        known = select(*(posts.c[name] for name in SHORT)).where(posts.c.source == source)
        async with self._store.reading() as connection:
            found = (await connection.execute(looked)).mappings().one_or_none()
            if found is None:
                return None
            rows = await connection.execute(known)
            return Shelf(
                found["reader"],
                tuple(known_of(row) for row in rows.mappings()),
                found["last_ok"],
                absence_of(found),
            )

    async def posts(self, wanted: Sequence[PostId]) -> tuple[Entry, ...]:
        """Posts by their ids, in no order."""
        query = select(posts).where(posts.c.id.in_(wanted))
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(entry_of(row) for row in rows.mappings())

    async def older(
        self, source: str, before: datetime, *, limit: int, apart: Collection[PostId]
    ) -> tuple[tuple[datetime, str, str], ...]:
        """What is remembered of the posts before a moment, latest first."""
        query = (
            select(posts.c.date, posts.c.prints, posts.c.standing)
            .where(
                posts.c.source == source,
                posts.c.date < before,
                posts.c.draft.is_(False),
                posts.c.gone_at.is_(None),
                posts.c.id.not_in(apart),
            )
            .order_by(posts.c.date.desc(), posts.c.path)
            .limit(limit)
        )
        async with self._store.reading() as connection:
            rows = (await connection.execute(query)).mappings()
            return tuple((row["date"], row["prints"], row["standing"]) for row in rows)

    async def save(
        self,
        source: str,
        entries: Sequence[tuple[Entry, Sequence[Meetup]]],
        *,
        reader: int = 0,
        replaced: Sequence[PostId] = (),
    ) -> None:
        """Insert or update posts with their search index, meetups and revisions."""
        async with self._store.writing() as connection:
            await health.touch(connection, source, scanned=True)
            await connection.execute(
                update(sources)
                .where(sources.c.id == source, sources.c.reader < reader)
                .values(reader=reader)
            )
            around = list(await told_around(connection, replaced))
            await connection.execute(
                delete(posts).where(
                    posts.c.id.in_(replaced), posts.c.state == PostState.UNDECIDED.value
                )
            )
            for entry, announced in entries:
                await save_post(connection, entry)
                around += await save_meetups(connection, entry, announced)
                await save_revision(connection, entry)
                await index(connection, entry)
            await unjoin(connection, around)

    async def undecided(self, source: str) -> tuple[Entry, ...]:
        """Undecided posts, oldest date first, undated ones last."""
        query = (
            select(posts)
            .where(posts.c.source == source, posts.c.state == PostState.UNDECIDED.value)
            .order_by(posts.c.date.is_(None), posts.c.date, posts.c.path)
        )
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(entry_of(row) for row in rows.mappings())

    async def newest(self, source: str, now: datetime) -> datetime | None:
        """The latest date up to now among decided posts."""
        query = select(func.max(posts.c.date)).where(
            posts.c.source == source,
            posts.c.state != PostState.UNDECIDED.value,
            posts.c.date <= now,
        )
        async with self._store.reading() as connection:
            latest: datetime | None = await connection.scalar(query)
            return latest

    async def decide(self, decision: Decision, drafts: Sequence[Draft]) -> None:
        """Write a decision and its delivery rows together.

        The update comes first: on PostgreSQL it locks the post, so that of two processes that
        decide at once the second sees what the first one wrote.
        """
        async with self._store.writing() as connection:
            if not await changed(connection, decision):
                return
            await add_rows(connection, drafts)
            if decision.was is not PostState.UNDECIDED:  # recalled, or shown again
                await unjoin(connection, await told_around(connection, [decision.post]))

    async def round_up(
        self,
        decided: Sequence[tuple[Decision, Sequence[Draft]]],
        roundups: Sequence[Roundup],
    ) -> None:
        """Write decisions on several posts, and what comes in the place of their rows."""
        async with self._store.writing() as connection:
            if not await as_they_were(connection, [decision for decision, _ in decided]):
                return
            for decision, drafts in decided:
                await changed(connection, decision)
                await add_rows(connection, drafts)
            for roundup in roundups:
                await stand_in(connection, roundup)

    async def add(self, drafts: Sequence[Draft]) -> None:
        """Write delivery rows alone."""
        async with self._store.writing() as connection:
            await add_rows(connection, drafts)

    async def outdated(self, source: str, before: datetime) -> tuple[Entry, ...]:
        """Announced posts that the channels know in an older form."""
        query = (
            select(posts)
            .where(
                posts.c.source == source,
                posts.c.state == PostState.ANNOUNCED.value,
                posts.c.told != posts.c.revision,
                posts.c.changed_at <= before,
                posts.c.gone_at.is_(None),
            )
            .order_by(posts.c.changed_at, posts.c.id)
        )
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(entry_of(row) for row in rows.mappings())

    async def told(self, entry: Entry, drafts: Sequence[Draft]) -> bool:
        """Note that the channels are told of a post as it is."""
        noted = (
            update(posts)
            .where(posts.c.id == entry.id, posts.c.told == entry.told)
            .values(told=entry.revision)
        )
        async with self._store.writing() as connection:
            if not (await connection.execute(noted)).rowcount:
                return False
            await add_rows(connection, drafts)
            return True

    async def gone(self, decisions: Sequence[Decision], now: datetime, words: str) -> None:
        """Mark posts whose files are gone, and hold what of them still waits."""
        waiting = {"state": DeliveryState.PLANNED.value}
        held = {"state": DeliveryState.HELD.value, "reason": words}
        await self._vanished(decisions, gone_at=now, rows=(waiting, held))

    async def back(self, decisions: Sequence[Decision], words: str) -> None:
        """Take posts whose files are there again as they were, and let go what was held."""
        held = {"state": DeliveryState.HELD.value, "reason": words}
        waiting = {"state": DeliveryState.PLANNED.value, "reason": ""}
        await self._vanished(decisions, gone_at=None, rows=(held, waiting))

    async def _vanished(
        self,
        decisions: Sequence[Decision],
        *,
        gone_at: datetime | None,
        rows: tuple[Mapping[str, str], Mapping[str, str]],
    ) -> None:
        """Note that files went or came, and take the rows of their posts from one state to another."""
        async with self._store.writing() as connection:
            for decision in decisions:
                if await changed(connection, decision, gone_at=gone_at):
                    await turn(connection, decision.post, *rows)
            concerned = [decision.post for decision in decisions]
            await unjoin(connection, await told_around(connection, concerned))

    async def unasked(self, source: str, gone_before: datetime) -> tuple[Entry, ...]:
        """Posts of a source that the maintainers are to be told, newest first."""
        query = (
            select(posts)
            .where(
                posts.c.source == source,
                posts.c.ask,
                or_(posts.c.gone_at.is_(None), posts.c.gone_at <= gone_before),
            )
            .order_by(posts.c.date.is_(None), posts.c.date.desc(), posts.c.path)
        )
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(entry_of(row) for row in rows.mappings())

    async def ask(self, asked: Sequence[PostId], drafts: Sequence[Draft]) -> None:
        """Write the message that tells maintainers of posts, and that they were told."""
        marked = select(posts.c.id).where(posts.c.id.in_(asked), posts.c.ask).with_for_update()
        async with self._store.writing() as connection:
            found = (await connection.scalars(marked)).all()
            if len(found) < len(asked):
                return
            await connection.execute(
                update(posts).where(posts.c.id.in_(asked)).values(ask=False)
            )
            await add_rows(connection, drafts)

    async def unread(self, source: str) -> tuple[Problem, ...]:
        """Open problems of posts that maintainers were not told yet."""
        async with self._store.reading() as connection:
            return await health.unread(connection, source)

    async def warn_of(
        self, source: str, unread: Sequence[Problem], drafts: Sequence[Draft]
    ) -> None:
        """Write the message that tells maintainers of posts that cannot be read."""
        async with self._store.writing() as connection:
            if await health.told_of(connection, source, unread):
                await add_rows(connection, drafts)

    async def warn(self, source: str, drafts: Sequence[Draft]) -> None:
        """Write the message that tells maintainers of a failing source, once until it recovers."""
        async with self._store.writing() as connection:
            if await health.told(connection, source):
                await add_rows(connection, drafts)

    async def failures(self, source: str) -> int:
        """How many looks at a source failed in a row, 0 also if maintainers know of it."""
        async with self._store.reading() as connection:
            return await health.failures(connection, source)

    async def problems(self, source: str) -> tuple[Problem, ...]:
        """The problems of the last report."""
        async with self._store.reading() as connection:
            return await health.problems(connection, source)

    async def report(
        self,
        source: str,
        problems: Sequence[Problem],
        now: datetime,
        absence: Absence | None = None,
    ) -> None:
        """Record how a look went."""
        async with self._store.writing() as connection:
            await health.report(connection, source, problems, now, absence)
