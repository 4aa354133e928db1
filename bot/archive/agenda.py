"""The port `Agenda`: gatherings, corrections and interests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.agenda import (
    Announcement,
    Correction,
    Gathering,
    GatheringState,
    Interest,
    Teller,
    Unjoined,
)
from bot.archive.agenda_tables import agenda, corrections, gatherings, interests
from bot.archive.engine import Store, dialect_insert
from bot.archive.gathered import (
    correction_of,
    gathering_of,
    values_of_correction,
    values_of_gathering,
)
from bot.archive.rows import meetup_of
from bot.archive.shelving import unjoin
from bot.archive.tables import meetups, posts
from bot.archive.visible import shown
from bot.model.ids import PostId, UserId, WorkspaceId
from bot.model.posts import Role
from bot.plan.gatherings import over_at

REACH = timedelta(days=121)
"""How far before a gathering another one may be that it was told for at first; a day more than
`bot.plan.gatherings` joins."""
UNDATED = timedelta(days=45)
"""How long an announcement without a date may still mean something to come: ours."""
AGAIN = timedelta(minutes=10)
"""How often gatherings are joined though nothing was written: posts appear and expire by time."""
DAY = timedelta(days=1)
SOONEST = (gatherings.c.start, gatherings.c.uid)
ON = GatheringState.ON.value


class ArchiveAgenda:
    """Gatherings in a database; see `bot.agenda.Agenda`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def upcoming(self, after: datetime, *, limit: int) -> tuple[Gathering, ...]:
        """Dated gatherings that are on and end after a moment, soonest first."""
        return await self._found(coming(after).limit(limit))

    async def past(self, before: datetime, *, limit: int) -> tuple[Gathering, ...]:
        """Dated gatherings that were on and are over at a moment, latest first."""
        query = select(gatherings).where(gatherings.c.over <= before, gatherings.c.state == ON)
        order = (gatherings.c.over.desc(), gatherings.c.uid)
        return await self._found(query.order_by(*order).limit(limit))

    async def undated(self, told_after: datetime, *, limit: int) -> tuple[Gathering, ...]:
        """Gatherings without a date that were told of after a moment, latest told first."""
        query = select(gatherings).where(
            gatherings.c.over.is_(None),
            gatherings.c.posted > told_after,
            gatherings.c.state == ON,
        )
        order = (gatherings.c.posted.desc(), gatherings.c.uid)
        return await self._found(query.order_by(*order).limit(limit))

    async def changed(self, after: datetime, told_after: datetime) -> tuple[Gathering, ...]:
        """What a calendar has: dated gatherings that end after a moment, soonest first."""
        told = or_(gatherings.c.state == ON, gatherings.c.changed_at > told_after)
        query = select(gatherings).where(gatherings.c.over > after, told)
        return await self._found(query.order_by(*SOONEST))

    async def gatherings(self, uids: Collection[str]) -> tuple[Gathering, ...]:
        """Gatherings by uid, in whatever state, soonest first."""
        query = select(gatherings).where(gatherings.c.uid.in_(uids))
        return await self._found(query.order_by(gatherings.c.start.is_(None), *SOONEST))

    async def tellers(self, wanted: Collection[PostId]) -> Mapping[PostId, Teller]:
        """The posts, by id, that are behind the `sources` of gatherings."""
        row = posts.c
        query = select(row.id, row.title, row.url, row.language).where(row.id.in_(wanted))
        async with self._store.reading() as connection:
            found = (await connection.execute(query)).all()
        told = (Teller(PostId(post), *rest) for post, *rest in found)
        return {one.post: one for one in told}

    async def correct(self, correction: Correction) -> None:
        """Keep what a maintainer says of a gathering in place of what was said before."""
        over = select(gatherings.c.over).where(gatherings.c.uid == correction.uid)
        values = values_of_correction(correction)
        async with self._store.writing() as connection:
            before = await connection.scalar(over)
            await connection.execute(
                dialect_insert(connection, corrections)
                .values(values)
                .on_conflict_do_update(index_elements=["uid"], set_=values)
            )
            dates = (before, over_at(correction.meetup), correction.at)
            await unjoin(connection, [date for date in dates if date])

    async def correction(self, uid: str) -> Correction | None:
        """What maintainers say of a gathering, None if nothing."""
        query = select(corrections).where(corrections.c.uid == uid)
        async with self._store.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
            return None if row is None else correction_of(row)

    async def interest(self, interest: Interest, now: datetime) -> None:
        """Note that a member is interested; what was noted of both before is replaced."""
        workspace, user, uid, remind, _ = astuple(interest)
        async with self._store.writing() as connection:
            await connection.execute(
                dialect_insert(connection, interests)
                .values(workspace=workspace, user=user, uid=uid, remind=remind, since=now)
                .on_conflict_do_update(
                    index_elements=["workspace", "user", "uid"], set_={"remind": remind}
                )
            )

    async def forget(self, interest: Interest) -> None:
        """Note that a member is not interested any more."""
        row = interests.c
        async with self._store.writing() as connection:
            await connection.execute(
                delete(interests).where(
                    row.workspace == interest.workspace,
                    row.user == interest.user,
                    row.uid == interest.uid,
                )
            )

    async def interests(self, uids: Collection[str]) -> tuple[Interest, ...]:
        """Who is interested in some gatherings, longest interested first."""
        row = interests.c
        query = (
            select(row.workspace, row.user, row.uid, row.remind, row.since)
            .where(row.uid.in_(uids))
            .order_by(row.since, row.workspace, row.user, row.uid)
        )
        async with self._store.reading() as connection:
            found = (await connection.execute(query)).all()
        return tuple(
            Interest(WorkspaceId(workspace), UserId(user), uid, remind, since)
            for workspace, user, uid, remind, since in found
        )

    async def unjoined(self, now: datetime) -> Unjoined | None:
        """What gatherings are to be joined from, None if they are as new as they can be."""
        async with self._store.reading() as connection:
            state = (await connection.execute(select(agenda))).mappings().one()
            joined = state["joined_at"]
            if joined is not None and joined <= now < joined + AGAIN:
                return None
            since = min(state["since"] or now, now) - DAY
            recorded = await connection.execute(select(gatherings).where(_recorded(since)))
            corrected = await connection.execute(select(corrections).order_by("uid"))
            return Unjoined(
                state["changes"],
                since,
                await _announced(connection, since, now),
                tuple(gathering_of(row) for row in recorded.mappings()),
                tuple(correction_of(row) for row in corrected.mappings()),
            )

    async def record(
        self, unjoined: Unjoined, gathered: Sequence[Gathering], now: datetime
    ) -> bool:
        """Write gatherings that are new or have changed."""
        lock = select(agenda.c.changes).with_for_update()
        rows = [values_of_gathering(one, now) for one in gathered]
        async with self._store.writing() as connection:
            if await connection.scalar(lock) != unjoined.version:
                return False
            if rows:
                insert = dialect_insert(connection, gatherings)
                renewed = {name: insert.excluded[name] for name in rows[0] if name != "uid"}
                await connection.execute(
                    insert.on_conflict_do_update(index_elements=["uid"], set_=renewed), rows
                )
            await connection.execute(update(agenda).values(since=None, joined_at=now))
            return True

    async def _found(self, query: Select[tuple[object, ...]]) -> tuple[Gathering, ...]:
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(gathering_of(row) for row in rows.mappings())


def coming(after: datetime) -> Select[tuple[object, ...]]:
    """Dated gatherings that are on and not over, soonest first."""
    wanted = and_(gatherings.c.over > after, gatherings.c.state == ON)
    return select(gatherings).where(wanted).order_by(*SOONEST)


def _recorded(since: datetime) -> ColumnElement[bool]:
    undated = and_(gatherings.c.over.is_(None), gatherings.c.posted > since - UNDATED)
    return or_(gatherings.c.over > since, undated)


async def _announced(
    connection: AsyncConnection, since: datetime, now: datetime
) -> tuple[Announcement, ...]:
    """What readers can see announced, of each post in its order."""
    early = posts.c.date < posts.c.first_seen
    told = case((early, posts.c.date), else_=posts.c.first_seen)
    undated = and_(meetups.c.over.is_(None), told > since - UNDATED)
    query = (
        select(meetups, told.label("told"), posts.c.role)
        .join(posts, posts.c.id == meetups.c.post)
        .where(or_(meetups.c.over > since - REACH, undated), shown(now))
        .order_by(meetups.c.id)
    )
    rows = (await connection.execute(query)).mappings()
    return tuple(
        Announcement(
            meetup_of(row),
            row["told"],
            own_page=row["role"] == Role.EVENTS.value,
        )
        for row in rows
    )
