"""What came of deliveries, written many at a time within one transaction.

Decides nothing: each settlement says what is to be written.
"""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's `Table` is typed with Any; nothing here is.

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import Update

from bot.archive.claims import OPEN
from bot.archive.engine import dialect_insert
from bot.archive.tables import ACTIVE, Rows, UtcTime, among, deliveries, edits, pauses
from bot.model.deliveries import Act, Delivery, DeliveryState, Settlement
from bot.plan.payloads import fingerprint

WAITING = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
"""States of rows whose payload has not left yet."""

Settled = tuple[Delivery, Settlement]


async def settle_all(connection: AsyncConnection, settled: Sequence[Settled]) -> None:
    """Write settlements.

    That something is sent is always written; anything else only while the claim that a delivery
    came from is the latest one.
    """
    for row in (deliveries, edits):
        mine = [one for one in settled if (one[0].kind is Act.POST) is (row is deliveries)]
        for sent in (True, False):
            some = [
                _values(delivery, settlement)
                for delivery, settlement in mine
                if (settlement.state is DeliveryState.SENT) is sent
            ]
            if some:
                await connection.execute(_update(row, sent=sent), some)
        for delivery, settlement in mine:
            if settlement.halt:
                await _halt(connection, row, delivery, settlement)
            if settlement.dead:
                await _pause(connection, delivery, settlement)
            if settlement.kind is not None:
                await _become(connection, delivery, settlement)


@cache
def _update(row: Rows, *, sent: bool) -> Update:
    """Built once: building takes longer than writing."""
    values: dict[str, object] = {
        "state": bindparam("to_state"),
        "due_at": bindparam("to_due_at", type_=UtcTime()),
        "reason": bindparam("to_reason"),
        "lease_until": None,
    }
    if row is deliveries:
        values["ts"] = func.coalesce(bindparam("to_ts"), row.c.ts)
        values["unsure"] = bindparam("to_unsure")
    return (
        update(row).where(row.c.id == bindparam("of_id"), _may(row, sent=sent)).values(values)
    )


def _may(row: Rows, *, sent: bool) -> ColumnElement[bool]:
    """An edit that was overtaken by another one is not done, even if it was sent."""
    if sent and row is deliveries:
        return row.c.state != DeliveryState.SENT.value
    return and_(row.c.claim == bindparam("of_claim"), among(row.c.state, OPEN))


def _values(delivery: Delivery, settlement: Settlement) -> dict[str, object]:
    return {
        "of_id": delivery.id,
        "of_claim": delivery.claim,
        "to_state": settlement.state.value,
        "to_due_at": settlement.due_at,
        "to_reason": storable(settlement.reason),
        "to_ts": settlement.ts,
        "to_unsure": delivery.unsure - settlement.answered,
    }


async def _halt(
    connection: AsyncConnection, row: Rows, delivery: Delivery, settlement: Settlement
) -> None:
    """Hold, or mend, all rows whose payload is the same and has not left yet; and this one."""
    same = and_(
        row.c.fingerprint == delivery.fingerprint,
        row.c.rung == delivery.rung,
        among(row.c.state, WAITING),
        row.c.fingerprint != "",
    )
    me = and_(row.c.id == delivery.id, row.c.claim == delivery.claim)
    values: dict[str, object] = {"reason": storable(settlement.reason)}
    if settlement.message is not None:
        values["text"] = settlement.message.text
        values["blocks"] = list(settlement.message.blocks)
        values["rung"] = settlement.rung
    else:
        values["state"] = DeliveryState.HELD.value
    among_active = among(row.c.state, ACTIVE)
    await connection.execute(
        update(row).where(or_(same, and_(me, among_active))).values(values)
    )


async def _become(
    connection: AsyncConnection, delivery: Delivery, settlement: Settlement
) -> None:
    """Make an edit one of another kind, unless a later one has taken its place."""
    if settlement.message is not None and settlement.kind is not None:
        await connection.execute(
            update(edits)
            .where(edits.c.id == delivery.id, edits.c.claim == delivery.claim)
            .values(
                kind=settlement.kind.value,
                text=settlement.message.text,
                blocks=list(settlement.message.blocks),
                fingerprint=fingerprint(settlement.message),
                rung=0,
            )
        )


async def _pause(
    connection: AsyncConnection, delivery: Delivery, settlement: Settlement
) -> None:
    """Stop asking a channel that is not there; the first reason stays."""
    await connection.execute(
        dialect_insert(connection, pauses)
        .values(
            workspace=delivery.workspace,
            channel=delivery.channel,
            reason=storable(settlement.reason),
            since=settlement.due_at,
            dead=True,
        )
        .on_conflict_do_nothing(index_elements=["workspace", "channel"])
    )


def storable(words: str) -> str:
    """Words of the far side as every database takes them."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()
