"""The port `Library`: what members read."""

from datetime import UTC, datetime, tzinfo
from heapq import nlargest

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.engine import RowMapping

from bot.archive.agenda import coming
from bot.archive.engine import Store
from bot.archive.finding import IssueNames, found
from bot.archive.rows import entry_of, meetup_of
from bot.archive.search import matching, snippet, worth
from bot.archive.tables import UtcTime, posts
from bot.archive.visible import offered, readable, recalled
from bot.model.posts import Entry, Hit, Meetup

NEWEST_FIRST = (posts.c.date.is_(None), posts.c.date.desc(), posts.c.id.desc())

LATEST = (
    select(posts)
    .where(offered(bindparam("now", type_=UtcTime())))
    .order_by(*NEWEST_FIRST)
    .limit(1)
)
"""Built once: it is what most members ask for."""


class ArchiveLibrary:
    """Issues and meetups in a database; see `bot.ports.reading.Library`.

    Args:
        zone: the site's: in it a member means the date of an issue.
    """

    def __init__(self, store: Store, zone: tzinfo = UTC) -> None:
        self._store = store
        self._zone = zone

    async def latest(self, now: datetime) -> Entry | None:
        """The newest issue by date."""
        async with self._store.reading() as connection:
            found = (await connection.execute(LATEST, {"now": now})).mappings().first()
            return None if found is None else entry_of(found)

    async def find(self, words: str, now: datetime) -> Entry | None:
        """The issue a member means."""
        columns = (posts.c.id, posts.c.path, posts.c.url, posts.c.title)
        taken_back = recalled().label("recalled")
        query = (
            select(*columns, posts.c.date, posts.c.number, taken_back)
            .where(readable(now))
            .order_by(*NEWEST_FIRST)
        )
        async with self._store.reading() as connection:
            rows = (await connection.execute(query)).mappings()
            post = found(words, tuple(self._names(row) for row in rows))
            if post is None:
                return None
            whole = await connection.execute(select(posts).where(posts.c.id == post))
            return entry_of(whole.mappings().one())

    async def page(
        self, now: datetime, *, offset: int, limit: int, recalled: bool = False
    ) -> tuple[tuple[Entry, ...], int]:
        """Issues newest first, and how many there are in all."""
        wanted = readable(now) if recalled else offered(now)
        count = select(func.count()).select_from(posts).where(wanted)
        issues = select(posts).where(wanted).order_by(*NEWEST_FIRST)
        async with self._store.reading() as connection:
            total = await connection.scalar(count)
            rows = await connection.execute(issues.offset(offset).limit(limit))
            return tuple(entry_of(row) for row in rows.mappings()), total or 0

    async def search(self, words: str, now: datetime, *, limit: int) -> tuple[Hit, ...]:
        """Issues that contain all words: the weightier their passages and the newer, the earlier."""
        if not words.split():
            return ()
        async with self._store.reading() as connection:
            light = _newest_of_each_weight(words, connection.dialect.name, now, limit)
            rows = (await connection.execute(light)).mappings().all()
            best = nlargest(
                limit, rows, key=lambda row: worth(row["weight"], row["date"], now)
            )  # of equals the newest first: it keeps their order
            order = {row["id"]: place for place, row in enumerate(best)}
            whole = await connection.execute(select(posts).where(posts.c.id.in_(order)))
            entries = sorted(map(entry_of, whole.mappings()), key=lambda one: order[one.id])
        return tuple(_hit(words, entry) for entry in entries)

    async def meetups(self, after: datetime, *, limit: int) -> tuple[Meetup, ...]:
        """Dated meetups that are not over, soonest first, each real one once."""
        async with self._store.reading() as connection:
            rows = await connection.execute(coming(after).limit(limit))
            return tuple(meetup_of(row) for row in rows.mappings())

    def _names(self, row: RowMapping) -> IssueNames:
        date = row["date"]
        day = None if date is None else date.astimezone(self._zone).date()
        return IssueNames(
            row["id"],
            row["path"],
            row["url"],
            row["title"],
            day,
            row["number"],
            recalled=bool(row["recalled"]),
        )


def _newest_of_each_weight(
    words: str, dialect: str, now: datetime, limit: int
) -> Select[tuple[str, datetime | None, float]]:
    """The issues among which the best are: of the same weight, the newer is always the better."""
    found = matching(words, dialect).subquery()
    place = func.row_number().over(partition_by=found.c.weight, order_by=NEWEST_FIRST)
    issues = (
        select(posts.c.id, posts.c.date, found.c.weight, place.label("place"))
        .join(found, found.c.post == posts.c.id)
        .where(offered(now))
        .subquery()
    )
    return (
        select(issues.c.id, issues.c.date, issues.c.weight)
        .where(issues.c.place <= limit)
        .order_by(issues.c.date.is_(None), issues.c.date.desc(), issues.c.id.desc())
    )


def _hit(words: str, entry: Entry) -> Hit:
    shown = snippet(words, entry.plain)
    return Hit(entry, shown.text, shown.marks)
