"""Rows of deliveries when a channel is there again, or when somebody is at work again.

Decides nothing: what goes out, and what comes in the place of what, is said by `bot.plan`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.rows import delivery_of, delivery_rows
from bot.archive.tables import among, deliveries, edits
from bot.archive.waiting import add_rows
from bot.model.deliveries import Delivery, DeliveryState, Pause, Roundup
from bot.model.ids import DeliveryId

LEFT_OUT = (DeliveryState.HELD, DeliveryState.REFUSED)
"""States of rows that do not go out while nobody acts."""


async def missed_by(connection: AsyncConnection, pause: Pause) -> Sequence[Delivery]:
    """Rows that the pause kept from going out, and the one that made it known."""
    row = deliveries
    query = (
        delivery_rows()
        .where(
            row.c.workspace == pause.workspace,
            row.c.channel == pause.channel,
            among(row.c.state, LEFT_OUT),
            or_(row.c.reason == pause.reason, row.c.due_at >= pause.since, row.c.part > 0),
        )
        .order_by(row.c.seq)
    )
    rows = await connection.execute(query)
    return tuple(delivery_of(one) for one in rows.mappings())


async def all_wait(connection: AsyncConnection, rows: Collection[DeliveryId]) -> bool:
    """Whether rows are planned and were never tried; if so, nobody else takes them up."""
    row = deliveries
    found = await connection.execute(
        select(row.c.id)
        .where(
            row.c.id.in_(tuple(rows)),
            row.c.state == DeliveryState.PLANNED.value,
            row.c.attempts == 0,
        )
        .order_by(row.c.seq)
        .with_for_update()
    )
    return len(found.all()) == len(rows)


async def stand_in(connection: AsyncConnection, roundup: Roundup) -> None:
    """Hold rows, and write what comes in their place."""
    row = deliveries
    await connection.execute(
        update(row)
        .where(row.c.id.in_(tuple(roundup.rows)))
        .values(state=DeliveryState.HELD.value, reason=roundup.reason)
    )
    await add_rows(connection, roundup.drafts)


async def release(
    connection: AsyncConnection, chosen: Collection[DeliveryId], now: datetime
) -> None:
    """Let rows go out after all, as if they were new."""
    row = deliveries
    await connection.execute(
        update(row)
        .where(row.c.id.in_(tuple(chosen)), among(row.c.state, LEFT_OUT))
        .values(state=DeliveryState.PLANNED.value, due_at=now, reason="", attempts=0, unsure=0)
    )


async def edit_again(connection: AsyncConnection, pause: Pause, now: datetime) -> None:
    """Let edits be made that the channel refused: what stands there is what was before them."""
    in_channel = select(deliveries.c.id).where(
        deliveries.c.workspace == pause.workspace, deliveries.c.channel == pause.channel
    )
    await connection.execute(
        update(edits)
        .where(
            edits.c.state == DeliveryState.REFUSED.value,
            edits.c.reason == pause.reason,
            edits.c.id.in_(in_channel),
        )
        .values(state=DeliveryState.PLANNED.value, due_at=now, reason="", attempts=0)
    )
