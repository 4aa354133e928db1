"""Rows of deliveries as discovery writes them: new ones, and those of a post held or let go."""

from collections.abc import Mapping, Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import dialect_insert
from bot.archive.fellows import notify
from bot.archive.rows import values_of_draft
from bot.archive.tables import deliveries
from bot.model.deliveries import Draft
from bot.model.ids import PostId


async def add_rows(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    """Write delivery rows within a transaction; those that are there already stay."""
    if drafts:
        rows = dialect_insert(connection, deliveries)
        await connection.execute(
            rows.on_conflict_do_nothing(index_elements=["id"]),
            [values_of_draft(draft) for draft in drafts],
        )
        await notify(connection)


async def turn(
    connection: AsyncConnection,
    post: PostId,
    from_: Mapping[str, str],
    to: Mapping[str, str],
) -> None:
    """Take all rows of a post from one state, and reason, to another."""
    row = deliveries
    same = [row.c[name] == value for name, value in from_.items()]
    await connection.execute(update(row).where(row.c.post == post, *same).values(dict(to)))
