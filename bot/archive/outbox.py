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

from sqlalchemy import update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.claims import (
    LEASED,
    next_edits,
    next_posts,
    state_when_left,
)
from bot.archive.engine import ArchiveError, Store
from bot.archive.given import numbers, words
from bot.archive.heads import KINDS
from bot.archive.queue import Queue
from bot.archive.rows import delivery_of
from bot.archive.settling import settle_all
from bot.archive.tables import LOOKED_FOR, TO_SEND, Rows, among, deliveries, edits
from bot.archive.taking import leaving, marking, taking, whole
from bot.archive.together import Together
from bot.model.deliveries import Act, Delivery, DeliveryState, Settlement, Turn
from bot.model.ids import DeliveryId
from bot.ports.outside import Pace

logger = logging.getLogger(__name__)

AGAIN = timedelta(seconds=1)
PATIENCE = 90
"""So often it is tried again to write that a message is there: a database that restarts takes less."""


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
        self._left: dict[str, int] = {}
        """Claims of ours that could not be marked as being sent: nobody carries them."""
        self._dialect = store.engine.dialect.name
        self._queue = Queue(store)
        self._together: Together[Begin | Settle, Delivery | None] = Together(self._write)

    async def claim(
        self, now: datetime, lease: timedelta, *, limit: int, pace: Pace
    ) -> tuple[Delivery, ...]:
        """Take deliveries that are due and have their turn."""
        if self._left:
            await self._give_back()
        fresh = self._queue.over
        await self._queue.begin(fresh)
        claimed: list[Delivery] = []
        for kind in KINDS:
            again = kind not in fresh
            while len(claimed) < limit:
                turns = await self._queue.turns(kind, now, pace, limit - len(claimed))
                if turns:
                    claimed += await self._take(kind.row, turns, pace, (now, lease))
                elif turns is None and again:
                    await self._queue.begin((kind,))
                    again = False
                elif turns is None:
                    break
        return tuple(claimed)

    async def begin(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Mark it SENDING before the call leaves."""
        try:
            return await self._together.do(Begin(delivery, now))
        except ArchiveError:
            self._left[delivery.id] = delivery.claim
            raise

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
        async with self._store.reading() as connection:
            moments = [
                await connection.scalar(query)
                for query in (
                    next_posts(self._dialect, TO_SEND),
                    next_posts(self._dialect, LOOKED_FOR),
                    next_edits(self._dialect),
                )
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

    async def _give_back(self) -> None:
        """Let what a database that was away kept from being sent go at once, not after its lease."""
        left = dict(self._left)
        async with self._store.writing() as connection:
            for row in (deliveries, edits):
                statement = leaving(row, self._dialect)
                await connection.execute(statement, {"claims": numbers(left)})
        for key in left:
            self._left.pop(key)

    def _say_once(self, error: ArchiveError) -> None:
        if not self._away:
            logger.warning("delivery.not_written_yet reason=%s", error)
        self._away = True

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


async def _take_all(
    connection: AsyncConnection,
    row: Rows,
    wanted: Sequence[DeliveryId],
    now: datetime,
    lease: timedelta,
) -> dict[DeliveryId, Delivery]:
    statement = taking(row, connection.dialect.name)
    given = {"ids": words(wanted), "now": now, "until": now + lease}
    taken = (await connection.execute(statement, given)).scalars()
    rows = await _whole(connection, row, [str(one) for one in taken])
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
    statement = marking(row, connection.dialect.name)
    given = {"claims": numbers(dict(sorted(wanted))), "now": now}  # of two claims the later one
    marked = await connection.execute(statement, given)
    begun = []
    for one in marked.mappings().all():
        delivery = replace(
            wanted[one["id"], one["claim"]],
            state=DeliveryState.SENDING,
            attempts=one["attempts"],
            attempted_at=now,
            unsure=wanted[one["id"], one["claim"]].unsure + 1,
        )
        mended = one["rung"] != delivery.rung
        begun.append(await _anew(connection, row, delivery) if mended else delivery)
    return begun


async def _anew(connection: AsyncConnection, row: Rows, delivery: Delivery) -> Delivery:
    """A delivery with its message as it is now: it was mended since it was claimed."""
    return delivery_of((await _whole(connection, row, [delivery.id]))[0])


async def _whole(
    connection: AsyncConnection, row: Rows, ids: Sequence[str]
) -> Sequence[RowMapping]:
    statement = whole(row, connection.dialect.name)
    return (await connection.execute(statement, {"ids": words(ids)})).mappings().all()
