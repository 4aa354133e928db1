"""What becomes of posts, as it is written: by whoever comes first.

Each function works within the transaction that it is given.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.tables import posts
from bot.model.posts import Decision, PostState


async def as_they_were(connection: AsyncConnection, decisions: Sequence[Decision]) -> bool:
    """Whether nobody else has decided on some posts; if so, nobody does until the end."""
    query = (
        select(posts.c.id, posts.c.state)
        .where(posts.c.id.in_([one.post for one in decisions]))
        .order_by(posts.c.id)
        .with_for_update()
    )
    found = {(row.id, row.state) for row in await connection.execute(query)}
    return found == {(one.post, one.was.value) for one in decisions}


async def changed(
    connection: AsyncConnection, decision: Decision, **more: datetime | None
) -> bool:
    """Write what becomes of a post, unless somebody else has decided; answers whether it was done.

    Args:
        connection: the transaction.
        decision: what is written.
        more: other columns that change with it.
    """
    done = await connection.execute(
        update(posts)
        .where(posts.c.id == decision.post, posts.c.state == decision.was.value)
        .values(**_columns(decision), **more)
    )
    return done.rowcount > 0


def _columns(decision: Decision) -> dict[str, object]:
    """What is announced is told as it stands."""
    values: dict[str, object] = {
        "state": decision.state.value,
        "reason": decision.reason,
        "ask": decision.ask,
    }
    if decision.state is PostState.ANNOUNCED is not decision.was:
        values["told"] = posts.c.revision
    return values
