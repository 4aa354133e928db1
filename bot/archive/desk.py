"""The port `Desk`: what maintainers see."""

from collections.abc import Mapping
from dataclasses import fields

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from bot.archive.engine import Store
from bot.archive.rows import delivery_of, delivery_rows, edit_rows, entry_of, problems_of
from bot.archive.tables import among, deliveries, edits, posts, revisions, sources
from bot.archive.visible import RECALLED, recalled
from bot.model.deliveries import Act, Delivery, DeliveryState
from bot.model.ids import PostId
from bot.model.posts import Entry, PostState, Revision, SourceHealth
from bot.reasons import reason

AT_REST = (DeliveryState.SENT, DeliveryState.HELD, DeliveryState.REFUSED)
"""States of rows with which nothing happens by itself."""


class ArchiveDesk:
    """Posts, rows and sources in a database; see `bot.ports.reading.Desk`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def post(self, post: PostId) -> Entry | None:
        """One archived post."""
        async with self._store.reading() as connection:
            found = await connection.execute(select(posts).where(posts.c.id == post))
            row = found.mappings().one_or_none()
            return None if row is None else entry_of(row)

    async def deliveries(self, post: PostId) -> tuple[Delivery, ...]:
        """All rows of a post, in order of `seq`."""
        return await self._rows(delivery_rows().where(deliveries.c.post == post))

    async def edits(self, post: PostId) -> tuple[Delivery, ...]:
        """What messages of a post are to become or became."""
        query = edit_rows().where(edits.c.post == post).order_by(deliveries.c.seq)
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(delivery_of(row) for row in rows.mappings())

    async def revisions(self, post: PostId) -> tuple[Revision, ...]:
        """The texts of a post, oldest first."""
        columns = (revisions.c[field.name] for field in fields(Revision))
        query = select(*columns).where(revisions.c.post == post).order_by(revisions.c.id)
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(Revision(**row) for row in rows.mappings())

    async def held(self, source: str) -> tuple[Entry, ...]:
        """Posts of a source that a person has to decide on."""
        query = select(posts).where(
            posts.c.source == source, posts.c.state == PostState.HELD.value
        )
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(entry_of(row) for row in rows.mappings())

    async def counts(self) -> Mapping[DeliveryState, int]:
        """How many rows are in each state; every state is there."""
        return await self._counted(_by_state())

    async def recalled(self, post: PostId | None = None) -> Mapping[DeliveryState, int]:
        """How many of these were recalled; every state is there."""
        query = _by_state().where(_taken_back())
        return await self._counted(
            query if post is None else query.where(deliveries.c.post == post)
        )

    async def waiting(self, limit: int) -> tuple[Delivery, ...]:
        """Rows that are not sent, oldest first."""
        unsent = deliveries.c.state != DeliveryState.SENT.value
        rows = delivery_rows().where(unsent, not_(_taken_back()), not_(_needed_no_more()))
        return await self._rows(rows.limit(limit))

    async def _counted(self, query: Select[tuple[str, int]]) -> Mapping[DeliveryState, int]:
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            counted = {row.state: row.rows for row in rows}
        return {state: counted.get(state.value, 0) for state in DeliveryState}

    async def _rows(self, query: Select[tuple[object, ...]]) -> tuple[Delivery, ...]:
        async with self._store.reading() as connection:
            rows = await connection.execute(query.order_by(deliveries.c.seq))
            return tuple(delivery_of(row) for row in rows.mappings())

    async def health(self) -> tuple[SourceHealth, ...]:
        """Every source that was ever looked at, by id."""
        async with self._store.reading() as connection:
            rows = await connection.execute(select(sources).order_by(sources.c.id))
            return tuple(
                SourceHealth(
                    source=row["id"],
                    last_ok=row["last_ok"],
                    failures=row["failures"],
                    problems=problems_of(row["id"], row["problems"]),
                )
                for row in rows.mappings()
            )


def _by_state() -> Select[tuple[str, int]]:
    return select(deliveries.c.state, func.count().label("rows")).group_by(deliveries.c.state)


def _needed_no_more() -> ColumnElement[bool]:
    """Rows that waited for approval and did not get it, or in whose place something else came."""
    words = (reason(key).removesuffix("}") for key in ("declined", "overtaken", "in-roundup"))
    why = [deliveries.c.reason.startswith(one, autoescape=True) for one in words]
    return and_(among(deliveries.c.state, (DeliveryState.HELD,)), or_(*why))


def _taken_back() -> ColumnElement[bool]:
    """Rows of a recalled post, and those that a recall took out before it was reposted."""
    row = deliveries.c
    of_post = row.post.in_(select(posts.c.id).where(recalled()))
    unsent = row.reason.startswith(RECALLED, autoescape=True)
    deleted = row.id.in_(
        select(edits.c.id).where(
            edits.c.kind == Act.DELETE.value, edits.c.state != DeliveryState.REFUSED.value
        )
    )
    return or_(
        and_(of_post, among(row.state, AT_REST)),
        and_(unsent, among(row.state, (DeliveryState.HELD,))),
        and_(deleted, among(row.state, (DeliveryState.SENT,))),
    )
