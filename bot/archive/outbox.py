"""The port `Outbox`: rows are claimed and written many at a time, by any number of workers.

Decides nothing about Slack: what an outcome means is in `bot.plan`.
"""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's `Table` is typed with Any; nothing here is.

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.claims import (
    LEASED,
    Query,
    claimable,
    next_edits,
    next_posts,
    state_when_claimed,
    state_when_left,
    turn_of,
    waiting_edits,
    waiting_posts,
)
from bot.archive.engine import ArchiveError, Store
from bot.archive.rows import delivery_of, delivery_rows, edit_rows
from bot.archive.settling import settle_all
from bot.archive.tables import Rows, among, deliveries, edits
from bot.archive.together import Together
from bot.model.deliveries import Act, Delivery, DeliveryState, Settlement, Turn
from bot.model.ids import DeliveryId
from bot.ports.outside import Pace

WRITERS = 3
"""Transactions at a time where a database takes several: while one waits for the disk."""
logger = logging.getLogger(__name__)

AGAIN = timedelta(seconds=1)
PATIENCE = 90
"""So often it is tried again to write that a message is there: a database that restarts takes less."""
LOOKS = 8
"""Looks for one claim at the most: after each, workspaces that have had their share are closed."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A delivery that is about to be sent."""

    delivery: Delivery
    now: datetime


@dataclass(frozen=True, slots=True)
class Settle:
    """A delivery, and what came of it."""

    delivery: Delivery
    settlement: Settlement


class ArchiveOutbox:
    """Deliveries in a database; see `bot.ports.writing.Outbox`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._away = False
        one_writer = store.engine.dialect.name == "sqlite"
        self._together: Together[Begin | Settle, Delivery | None] = Together(
            self._write, at_once=1 if one_writer else WRITERS
        )

    async def claim(
        self, now: datetime, lease: timedelta, *, limit: int, pace: Pace
    ) -> tuple[Delivery, ...]:
        """Take deliveries that are due and have their turn."""
        claimed: list[Delivery] = []
        for row in (deliveries, edits):
            for _ in range(LOOKS):
                wanted = limit - len(claimed)
                waiting = _waiting(row, now, pace, wanted)
                found, turns = await self._turns(waiting, pace, now, wanted)
                claimed += await self._take(row, turns, pace, (now, lease))
                if not turns or found < wanted:
                    break
        return tuple(claimed)

    async def begin(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Mark it SENDING before the call leaves."""
        return await self._together.do(Begin(delivery, now))

    async def settle(self, delivery: Delivery, settlement: Settlement) -> None:
        """Write what came of it.

        That a message is there is worth waiting for a database that is away: else it would have
        to be looked for, and where history cannot be read, a person would have to look.
        """
        for _ in range(PATIENCE if settlement.state is DeliveryState.SENT else 0):
            try:
                await self._together.do(Settle(delivery, settlement))
            except ArchiveError as error:
                self._say_once(error)
            else:
                self._away = False
                return
            await asyncio.sleep(AGAIN.total_seconds())
        await self._together.do(Settle(delivery, settlement))

    async def next_due(self) -> datetime | None:
        """When the next claim can succeed."""
        latest = "greatest" if self._store.engine.dialect.name == "postgresql" else "max"
        async with self._store.reading() as connection:
            moments = [
                await connection.scalar(query)
                for query in (next_posts(latest), next_edits(latest))
            ]
        return min((moment for moment in moments if moment is not None), default=None)

    async def take_back(self) -> int:
        """Void all leases of a process that is not there any more."""
        taken = 0
        async with self._store.writing() as connection:
            for row in (deliveries, edits):
                done = await connection.execute(
                    update(row)
                    .where(among(row.c.state, LEASED))
                    .values(state=state_when_left(row), claim=row.c.claim + 1, lease_until=None)
                )
                taken += done.rowcount
        return taken

    async def close(self) -> None:
        """Write what was asked for."""
        await self._together.close()

    def _say_once(self, error: ArchiveError) -> None:
        if not self._away:
            logger.warning("delivery.not_written_yet reason=%s", error)
        self._away = True

    async def _turns(
        self, waiting: Query, pace: Pace, now: datetime, limit: int
    ) -> tuple[int, Mapping[DeliveryId, Turn]]:
        """How many rows wait, and which of them may go now."""
        async with self._store.reading() as connection:
            found = (await connection.execute(waiting)).mappings().all()
        turns: dict[DeliveryId, Turn] = {}
        for row in found:
            turn = turn_of(row)
            if len(turns) < limit and pace.take(turn, now):
                turns[DeliveryId(row["id"])] = turn
        return len(found), turns

    async def _take(
        self,
        row: Rows,
        turns: Mapping[DeliveryId, Turn],
        pace: Pace,
        terms: tuple[datetime, timedelta],
    ) -> Sequence[Delivery]:
        """Claim those that are still to be had; the turns of the others are given back."""
        claimed: Mapping[DeliveryId, Delivery] = {}
        try:
            if turns:
                async with self._store.writing() as connection:
                    taken = await _take_all(connection, row, tuple(turns), *terms)
                claimed = taken  # only now: a transaction can fail at its end
        finally:
            for delivery, turn in turns.items():
                if delivery not in claimed:
                    pace.heard(turn, None, terms[0])
        return [claimed[delivery] for delivery in turns if delivery in claimed]

    async def _write(self, wishes: Sequence[Begin | Settle]) -> Sequence[Delivery | None]:
        async with self._store.writing() as connection:
            settles = [one for one in wishes if isinstance(one, Settle)]
            begun = await _begin_all(connection, [w for w in wishes if isinstance(w, Begin)])
            await settle_all(connection, [(one.delivery, one.settlement) for one in settles])
        return [
            begun.get((wish.delivery.id, wish.delivery.claim, wish.delivery.kind))
            if isinstance(wish, Begin)
            else None
            for wish in wishes
        ]


def _waiting(row: Rows, now: datetime, pace: Pace, limit: int) -> Query:
    if row is edits:
        return waiting_edits(
            now,
            updating=pace.closed(Act.UPDATE, now),
            deleting=pace.closed(Act.DELETE, now),
            limit=limit,
        )
    return waiting_posts(
        now,
        posting=pace.closed(Act.POST, now),
        looking=pace.closed(Act.LOOK, now),
        limit=limit,
    )


async def _take_all(
    connection: AsyncConnection,
    row: Rows,
    wanted: Sequence[DeliveryId],
    now: datetime,
    lease: timedelta,
) -> dict[DeliveryId, Delivery]:
    """Claim rows.

    PostgreSQL locks them and skips those that others have locked; SQLite has one writer at a
    time. So on both a row is still claimable when it is updated.
    """
    still = (
        select(row.c.id)
        .where(row.c.id.in_(wanted), claimable(row, now))
        .with_for_update(skip_locked=True)
    )
    taken = await connection.execute(
        update(row)
        .where(row.c.id.in_(still))
        .values(state=state_when_claimed(row), claim=row.c.claim + 1, lease_until=now + lease)
        .returning(row.c.id)
    )
    ids = taken.scalars().all()
    query = edit_rows() if row is edits else delivery_rows()
    rows = (await connection.execute(query.where(row.c.id.in_(ids)))).mappings()
    claimed = [delivery_of(one) for one in rows]
    return {one.id: one for one in claimed}


async def _begin_all(
    connection: AsyncConnection, wishes: Sequence[Begin]
) -> dict[tuple[DeliveryId, int, Act], Delivery]:
    """Mark what may be sent; a row that was claimed again meanwhile is left out."""
    begun: dict[tuple[DeliveryId, int, Act], Delivery] = {}
    for row in (deliveries, edits):
        mine = [
            wish for wish in wishes if (wish.delivery.kind is Act.POST) is (row is deliveries)
        ]
        if mine:
            for one in await _begin_in(connection, row, mine):
                begun[one.id, one.claim, one.kind] = one
    return begun


async def _begin_in(
    connection: AsyncConnection, row: Rows, wishes: Sequence[Begin]
) -> list[Delivery]:
    now = max(wish.now for wish in wishes)
    wanted = {(wish.delivery.id, wish.delivery.claim): wish.delivery for wish in wishes}
    marked = await connection.execute(
        update(row)
        .where(
            tuple_(row.c.id, row.c.claim).in_(tuple(wanted)),
            row.c.state == DeliveryState.CLAIMED.value,
            row.c.lease_until > now,
        )
        .values(
            state=DeliveryState.SENDING.value,
            attempts=row.c.attempts + 1,
            attempted_at=now,
        )
        .returning(row.c.id, row.c.claim, row.c.attempts, row.c.rung)
    )
    begun = []
    for one in marked.mappings().all():
        delivery = replace(
            wanted[one["id"], one["claim"]],
            state=DeliveryState.SENDING,
            attempts=one["attempts"],
            attempted_at=now,
        )
        mended = one["rung"] != delivery.rung
        begun.append(await _anew(connection, row, delivery) if mended else delivery)
    return begun


async def _anew(connection: AsyncConnection, row: Rows, delivery: Delivery) -> Delivery:
    """A delivery with its message as it is now: it was mended since it was claimed."""
    query = edit_rows() if row is edits else delivery_rows()
    found = await connection.execute(query.where(row.c.id == delivery.id))
    return delivery_of(found.mappings().one())
