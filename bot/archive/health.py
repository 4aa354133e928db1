"""How sources fare: what went wrong at the last look, and what of it maintainers were told.

Each function works within the transaction that it is given.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import dialect_insert
from bot.archive.rows import problems_of, stored_problems
from bot.archive.tables import sources
from bot.model.posts import Absence, Problem


async def touch(connection: AsyncConnection, source: str, *, scanned: bool) -> None:
    """Let a source have a row; `scanned` marks it as looked at."""
    row = dialect_insert(connection, sources).values(
        id=source, scanned=scanned, failures=0, problems=[]
    )
    if scanned:
        row = row.on_conflict_do_update(index_elements=["id"], set_={"scanned": True})
    else:
        row = row.on_conflict_do_nothing(index_elements=["id"])
    await connection.execute(row)


async def report(
    connection: AsyncConnection,
    source: str,
    problems: Sequence[Problem],
    now: datetime,
    absence: Absence | None,
) -> None:
    """Record how a look went, and after which absence."""
    failed = any(not problem.path for problem in problems)
    outcome: dict[str, object] = (
        {"failures": sources.c.failures + 1}
        if failed
        else {
            "failures": 0,
            "told": False,
            "last_ok": now,
            "away_since": absence and absence.since,
            "away_until": absence and absence.until,
        }
    )
    await touch(connection, source, scanned=False)
    await connection.execute(
        update(sources)
        .where(sources.c.id == source)
        .values(problems=stored_problems(problems), **outcome)
    )


async def problems(connection: AsyncConnection, source: str) -> tuple[Problem, ...]:
    """The problems of the last report."""
    query = select(sources.c.problems).where(sources.c.id == source)
    return problems_of(source, await connection.scalar(query) or ())


async def failures(connection: AsyncConnection, source: str) -> int:
    """How many looks at a source failed in a row, 0 also if maintainers know of it."""
    query = select(sources.c.failures).where(sources.c.id == source, sources.c.told.is_(False))
    return await connection.scalar(query) or 0


async def told(connection: AsyncConnection, source: str) -> bool:
    """Note that maintainers know of a failing source; False if they do, or it recovered."""
    done = await connection.execute(
        update(sources)
        .where(sources.c.id == source, sources.c.failures > 0, sources.c.told.is_(False))
        .values(told=True)
    )
    return bool(done.rowcount)


async def unread(
    connection: AsyncConnection, source: str, *, lock: bool = False
) -> tuple[Problem, ...]:
    """Open problems of single posts that maintainers were not told yet."""
    query = select(sources.c.problems, sources.c.warned).where(sources.c.id == source)
    found = await connection.execute(query.with_for_update() if lock else query)
    row = found.mappings().one_or_none()
    if row is None:
        return ()
    known = set(problems_of(source, row["warned"]))
    return tuple(
        one for one in problems_of(source, row["problems"]) if one.path and one not in known
    )


async def told_of(connection: AsyncConnection, source: str, named: Sequence[Problem]) -> bool:
    """Note that maintainers know of posts that cannot be read; False if somebody told of one."""
    if not set(named) <= set(await unread(connection, source, lock=True)):
        return False
    await connection.execute(
        update(sources).where(sources.c.id == source).values(warned=sources.c.problems)
    )
    return True
