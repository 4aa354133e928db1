"""The port `Outbox`: claim by one conditional update, so that any number of workers may share it.

Decides nothing about Slack: what an outcome means is in `bot.plan`.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update

from bot.archive.engine import Store
from bot.archive.rows import delivery_of, delivery_rows
from bot.archive.tables import ACTIVE, deliveries
from bot.model import Delivery, DeliveryState, Settlement

UNSENT = (DeliveryState.PLANNED.value, DeliveryState.UNKNOWN.value)
LEASED = (DeliveryState.CLAIMED.value, DeliveryState.SENDING.value)
OPEN = (*LEASED, DeliveryState.UNKNOWN.value)
"""States in which a worker may settle what it claimed."""


class ArchiveOutbox:
    """Deliveries in a database; see `bot.ports.Outbox`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def claim(self, now: datetime, lease: timedelta) -> Delivery | None:
        """Take the next delivery that is due.

        PostgreSQL locks the row and skips those that others have locked; SQLite has one writer
        at a time. So on both the row is still claimable when it is updated.
        """
        row = deliveries
        next_one = (
            select(row.c.seq)
            .where(_first_of_its_channel(), _claimable(now), ~_paced(now))
            .order_by(row.c.seq)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        async with self._store.writing() as connection:
            seq = await connection.scalar(next_one)
            if seq is None:
                return None
            await connection.execute(
                update(row)
                .where(row.c.seq == seq)
                .values(
                    state=_state_when_claimed(),
                    claim=row.c.claim + 1,
                    lease_until=now + lease,
                )
            )
            found = await connection.execute(delivery_rows().where(row.c.seq == seq))
            return delivery_of(found.mappings().one())

    async def begin(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Mark it SENDING before the call leaves."""
        row = deliveries
        async with self._store.writing() as connection:
            marked = await connection.execute(
                update(row)
                .where(
                    row.c.id == delivery.id,
                    row.c.claim == delivery.claim,
                    row.c.state == DeliveryState.CLAIMED.value,
                    row.c.lease_until > now,
                )
                .values(
                    state=DeliveryState.SENDING.value,
                    attempts=row.c.attempts + 1,
                    attempted_at=now,
                )
            )
            if not marked.rowcount:
                return None
            found = await connection.execute(delivery_rows().where(row.c.id == delivery.id))
            return delivery_of(found.mappings().one())

    async def settle(self, delivery: Delivery, settlement: Settlement) -> None:
        """Write what came of it."""
        row = deliveries
        values: dict[str, object] = {
            "state": settlement.state.value,
            "due_at": settlement.due_at,
            "reason": settlement.reason,
            "lease_until": None,
        }
        if settlement.ts is not None:
            values["ts"] = settlement.ts
        async with self._store.writing() as connection:
            await connection.execute(
                update(row)
                .where(row.c.id == delivery.id, _may_settle(delivery, settlement))
                .values(values)
            )
            if settlement.halt:
                await connection.execute(
                    update(row)
                    .where(_same_payload(delivery), row.c.state == DeliveryState.PLANNED.value)
                    .values(state=DeliveryState.HELD.value, reason=settlement.reason)
                )

    async def next_due(self) -> datetime | None:
        """When the next claim can succeed."""
        row, sent = deliveries, deliveries.alias("sent")
        channel_free = (
            select(func.max(sent.c.due_at))
            .where(sent.c.channel == row.c.channel, sent.c.state == DeliveryState.SENT.value)
            .scalar_subquery()
        )
        waiting = select(
            row.c.state, row.c.due_at, row.c.lease_until, channel_free.label("channel_free")
        ).where(_first_of_its_channel())
        async with self._store.reading() as connection:
            rows = (await connection.execute(waiting)).mappings().all()
        return min(
            (
                _earliest(one["state"], one["due_at"], one["lease_until"], one["channel_free"])
                for one in rows
            ),
            default=None,
        )


def _first_of_its_channel() -> ColumnElement[bool]:
    row, earlier = deliveries, deliveries.alias("earlier")
    states = [state.value for state in ACTIVE]
    blocked = exists().where(
        earlier.c.channel == row.c.channel,
        earlier.c.seq < row.c.seq,
        earlier.c.state.in_(states),
    )
    return and_(row.c.state.in_(states), ~blocked)


def _claimable(now: datetime) -> ColumnElement[bool]:
    row = deliveries
    free = or_(row.c.lease_until.is_(None), row.c.lease_until <= now)
    return or_(
        and_(row.c.state.in_(UNSENT), row.c.due_at <= now, free),
        and_(row.c.state.in_(LEASED), row.c.lease_until <= now),
    )


def _paced(now: datetime) -> ColumnElement[bool]:
    row, sent = deliveries, deliveries.alias("sent")
    return exists().where(
        sent.c.channel == row.c.channel,
        sent.c.state == DeliveryState.SENT.value,
        sent.c.due_at > now,
    )


def _state_when_claimed() -> ColumnElement[str]:
    to_send = deliveries.c.state.in_((DeliveryState.PLANNED.value, DeliveryState.CLAIMED.value))
    return case((to_send, DeliveryState.CLAIMED.value), else_=DeliveryState.UNKNOWN.value)


def _may_settle(delivery: Delivery, settlement: Settlement) -> ColumnElement[bool]:
    row = deliveries
    if settlement.state is DeliveryState.SENT:
        return row.c.state != DeliveryState.SENT.value
    return and_(row.c.claim == delivery.claim, row.c.state.in_(OPEN))


def _same_payload(delivery: Delivery) -> ColumnElement[bool]:
    row = deliveries
    return and_(
        row.c.post == delivery.post,
        row.c.revision == delivery.revision,
        row.c.part == delivery.part,
        row.c.occasion == delivery.occasion,
        row.c.id != delivery.id,
    )


def _earliest(
    state: str, due_at: datetime, lease_until: datetime | None, channel_free: datetime | None
) -> datetime:
    moments = (
        [lease_until, channel_free] if state in LEASED else [due_at, lease_until, channel_free]
    )
    return max(moment for moment in moments if moment is not None)
