"""The port `Register`: where discovery writes. One method, one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import Store, dialect_insert
from bot.archive.rows import (
    entry_of,
    problems_of,
    stored_problems,
    values_of_draft,
    values_of_entry,
    values_of_meetup,
)
from bot.archive.tables import UtcTime, chunks, deliveries, meetups, posts, sources
from bot.archive.words import chunks_of, tsvector_of
from bot.model import Decision, Draft, Entry, Meetup, PostState, Problem

KEPT = frozenset({"id", "source", "path", "first_seen", "first_run", "state", "reason"})
"""Columns of a post that a later save does not touch."""


class ArchiveRegister:
    """Posts and sources in a database; see `bot.ports.Register`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def revisions(self, source: str) -> Mapping[str, str] | None:
        """Path -> revision of a source, None before its first scan."""
        scanned = select(sources.c.scanned).where(sources.c.id == source)
        known = select(posts.c.path, posts.c.revision).where(posts.c.source == source)
        async with self._store.reading() as connection:
            if not await connection.scalar(scanned):
                return None
            rows = await connection.execute(known)
            return {row["path"]: row["revision"] for row in rows.mappings()}

    async def save(
        self, source: str, entries: Sequence[tuple[Entry, Sequence[Meetup]]]
    ) -> None:
        """Insert or update posts with their search index and meetups."""
        async with self._store.writing() as connection:
            await _touch(connection, source, scanned=True)
            for entry, announced in entries:
                await _save_post(connection, entry)
                await _save_meetups(connection, entry, announced)
                await _index(connection, entry)

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
        changed = (
            update(posts)
            .where(posts.c.id == decision.post, posts.c.state == decision.was.value)
            .values(state=decision.state.value, reason=decision.reason)
        )
        async with self._store.writing() as connection:
            done = await connection.execute(changed)
            if done.rowcount:
                await _add(connection, drafts)

    async def add(self, drafts: Sequence[Draft]) -> None:
        """Write delivery rows alone."""
        async with self._store.writing() as connection:
            await _add(connection, drafts)

    async def problems(self, source: str) -> tuple[Problem, ...]:
        """The problems of the last report."""
        query = select(sources.c.problems).where(sources.c.id == source)
        async with self._store.reading() as connection:
            stored = await connection.scalar(query)
        return problems_of(source, stored or ())

    async def report(self, source: str, problems: Sequence[Problem], now: datetime) -> None:
        """Record how a look went."""
        failed = any(not problem.path for problem in problems)
        outcome: dict[str, object] = (
            {"failures": sources.c.failures + 1} if failed else {"failures": 0, "last_ok": now}
        )
        async with self._store.writing() as connection:
            await _touch(connection, source, scanned=False)
            await connection.execute(
                update(sources)
                .where(sources.c.id == source)
                .values(problems=stored_problems(problems), **outcome)
            )


async def _touch(connection: AsyncConnection, source: str, *, scanned: bool) -> None:
    row = dialect_insert(connection, sources).values(
        id=source, scanned=scanned, failures=0, problems=[]
    )
    if scanned:
        row = row.on_conflict_do_update(index_elements=["id"], set_={"scanned": True})
    else:
        row = row.on_conflict_do_nothing(index_elements=["id"])
    await connection.execute(row)


async def _add(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    if drafts:
        rows = dialect_insert(connection, deliveries)
        await connection.execute(
            rows.on_conflict_do_nothing(index_elements=["id"]),
            [values_of_draft(draft) for draft in drafts],
        )


async def _save_post(connection: AsyncConnection, entry: Entry) -> None:
    values = values_of_entry(entry)
    renewed = {name: value for name, value in values.items() if name not in KEPT}
    # Of two processes that find the same text at once, the second one has not seen a change.
    same = posts.c.revision == entry.revision
    seen_at = literal(entry.changed_at, UtcTime)
    renewed["changed_at"] = case((same, posts.c.changed_at), else_=seen_at)
    await connection.execute(
        dialect_insert(connection, posts)
        .values(values)
        .on_conflict_do_update(index_elements=["id"], set_=renewed)
    )


async def _save_meetups(
    connection: AsyncConnection, entry: Entry, announced: Sequence[Meetup]
) -> None:
    await connection.execute(delete(meetups).where(meetups.c.post == entry.id))
    if announced:
        await connection.execute(insert(meetups), [values_of_meetup(one) for one in announced])


async def _index(connection: AsyncConnection, entry: Entry) -> None:
    await connection.execute(delete(chunks).where(chunks.c.post == entry.id))
    spell = tsvector_of if connection.dialect.name == "postgresql" else " ".join
    rows = [
        {"post": entry.id, "words": spell(tokens)}
        for tokens in chunks_of(f"{entry.title}\n{entry.plain}")
    ]
    if rows:
        await connection.execute(insert(chunks), rows)
