"""The port `Library`: what members read."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from heapq import nlargest

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.engine import RowMapping

from bot.archive.engine import Store
from bot.archive.finding import IssueNames, found
from bot.archive.rows import entry_of, meetup_of
from bot.archive.search import matching, snippet, worth
from bot.archive.tables import meetups, posts
from bot.model import Entry, Hit, Meetup, Role

NEWEST_FIRST = (posts.c.date.is_(None), posts.c.date.desc(), posts.c.id.desc())


class ArchiveLibrary:
    """Issues and meetups in a database; see `bot.ports.Library`.

    Args:
        zone: the site's: in it a member means the date of an issue.
    """

    def __init__(self, store: Store, zone: tzinfo = UTC) -> None:
        self._store = store
        self._zone = zone

    async def latest(self, now: datetime) -> Entry | None:
        """The newest issue by date."""
        issues, _ = await self.page(now, offset=0, limit=1)
        return issues[0] if issues else None

    async def find(self, words: str, now: datetime) -> Entry | None:
        """The issue a member means."""
        columns = (posts.c.id, posts.c.path, posts.c.url, posts.c.title)
        query = (
            select(*columns, posts.c.date, posts.c.number)
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
        self, now: datetime, *, offset: int, limit: int
    ) -> tuple[tuple[Entry, ...], int]:
        """Issues newest first, and how many there are in all."""
        count = select(func.count()).select_from(posts).where(readable(now))
        issues = select(posts).where(readable(now)).order_by(*NEWEST_FIRST)
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
        """Dated meetups that are not over, soonest first, each real one once.

        Pages of events come before issues that announce the same one: they know more.
        """
        query = (
            select(meetups)
            .join(posts, posts.c.id == meetups.c.post)
            .where(meetups.c.over > after, _shown(after))
            .order_by(
                meetups.c.start,
                posts.c.role != Role.EVENTS.value,
                posts.c.date.desc(),
                meetups.c.id,
            )
        )
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return distinct(meetup_of(row) for row in rows.mappings())[:limit]

    def _names(self, row: RowMapping) -> IssueNames:
        date = row["date"]
        day = None if date is None else date.astimezone(self._zone).date()
        return IssueNames(row["id"], row["path"], row["url"], row["title"], day, row["number"])


def _newest_of_each_weight(
    words: str, dialect: str, now: datetime, limit: int
) -> Select[tuple[str, datetime | None, float]]:
    """The issues among which the best are: of the same weight, the newer is always the better."""
    found = matching(words, dialect).subquery()
    place = func.row_number().over(partition_by=found.c.weight, order_by=NEWEST_FIRST)
    issues = (
        select(posts.c.id, posts.c.date, found.c.weight, place.label("place"))
        .join(found, found.c.post == posts.c.id)
        .where(readable(now))
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


def readable(now: datetime) -> ColumnElement[bool]:
    """Issues that readers of the site can see."""
    return and_(
        posts.c.gone_at.is_(None),
        posts.c.role == Role.ISSUES.value,
        posts.c.draft.is_(False),
        or_(posts.c.expires.is_(None), posts.c.expires > now),
        or_(posts.c.date.is_(None), posts.c.date <= now),
    )


def _shown(now: datetime) -> ColumnElement[bool]:
    """Posts whose meetups may be told. The date of an event's page is often the event's own."""
    return or_(readable(now), and_(posts.c.role == Role.EVENTS.value, posts.c.draft.is_(False)))


def distinct(announced: Iterable[Meetup]) -> tuple[Meetup, ...]:
    """Each real meetup once, as it is first told."""
    kept: list[Meetup] = []
    for meetup in announced:
        if not any(same_meetup(meetup, other) for other in kept):
            kept.append(meetup)
    return tuple(kept)


def same_meetup(one: Meetup, other: Meetup) -> bool:
    """Whether two announcements mean one meetup: same start, and link or title agree."""
    if one.start != other.start:
        return False
    if one.register_url and one.register_url == other.register_url:
        return True
    a, b = (re.sub(r"\W+", "", meetup.title).casefold() for meetup in (one, other))
    return a == b or (bool(a) and bool(b) and (a in b or b in a))
