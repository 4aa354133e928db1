"""Rows that wait for a maintainer's approval, and what is decided on them.

Each function works within the transaction that it is given.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, case, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.tables import UtcTime, among, deliveries
from bot.model.deliveries import DeliveryState, Edit, Verdict
from bot.model.ids import ChannelId, Place, PostId, WorkspaceId
from bot.reasons import reason

APPROVAL = reason("approval").removesuffix("}")
"""How the reason begins, whatever else it may tell."""


async def places(connection: AsyncConnection, post: PostId) -> tuple[Place, ...]:
    """The channels in which a post waits, as they were planned."""
    row = deliveries.c
    query = select(row.workspace, row.channel).where(_waits(post), row.part == 0)
    found = await connection.execute(query.order_by(row.seq))
    return tuple((WorkspaceId(workspace), ChannelId(channel)) for workspace, channel in found)


async def decided(
    connection: AsyncConnection,
    post: PostId,
    verdict: Verdict,
    channels: Collection[ChannelId] | None,
) -> bool:
    """Decide on what waits of a post, in some channels or all; False if nothing does any more.

    Of two who decide at once, the database lets the second one find nothing.
    """
    row = deliveries.c
    values: dict[str, object] = {"state": verdict.state.value, "reason": verdict.reason}
    if verdict.state is DeliveryState.PLANNED:
        values["due_at"] = case(
            (row.due_at > literal(verdict.now, UtcTime), row.due_at),
            else_=literal(verdict.now, UtcTime),
        )
    wanted = _waits(post) if channels is None else and_(_waits(post), row.channel.in_(channels))
    done = await connection.execute(update(deliveries).where(wanted).values(values))
    return bool(done.rowcount)


async def of_known(connection: AsyncConnection, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Those edits whose message was ever planned: where there is no maintainers' channel, none is."""
    targets = [edit.target for edit in edits]
    query = select(deliveries.c.id).where(deliveries.c.id.in_(targets))
    known = frozenset((await connection.scalars(query)).all())
    return tuple(edit for edit in edits if edit.target in known)


def _waits(post: PostId) -> ColumnElement[bool]:
    row = deliveries.c
    asked = row.reason.startswith(APPROVAL, autoescape=True)
    return and_(row.post == post, among(row.state, (DeliveryState.HELD,)), asked)
