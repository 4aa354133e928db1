"""A post as it is written: itself, its words for search, its meetups, and the texts that it once had.

Each function works within the transaction that it is given.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, delete, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.agenda_tables import agenda
from bot.archive.engine import dialect_insert
from bot.archive.rows import values_of_entry, values_of_meetup
from bot.archive.tables import UtcTime, chunks, meetups, posts, revisions
from bot.archive.words import chunks_of, tsvector_of
from bot.model.ids import PostId
from bot.model.posts import Entry, Meetup, Passage

KEPT = frozenset(
    {
        "id",
        "source",
        "first_seen",
        "first_run",
        "state",
        "reason",
        "told",
        "gone_at",
        "ask",
    }
)
"""Columns of a post that a later save does not touch."""
MOST_REVISIONS = 20
"""Texts that are kept of a post: ours; of 190 weekly issues none was corrected more often."""
TITLE_WEIGHT = 4.0
"""A title says what an issue is about; no section weighs so much."""


async def save_post(connection: AsyncConnection, entry: Entry) -> None:
    """Insert a post, or bring it up to date; what was decided of it stays."""
    values = values_of_entry(entry)
    renewed = {name: value for name, value in values.items() if name not in KEPT}
    # Of two processes that find the same text at once, the second one has not seen a change.
    stays = posts.c.path == entry.path
    same = and_(posts.c.revision == entry.revision, stays)
    seen_at = literal(entry.changed_at, UtcTime)
    renewed["changed_at"] = case((same, posts.c.changed_at), else_=seen_at)
    # What was told of a post that moves has its old address: that is no revision of ours.
    renewed["told"] = case((stays, posts.c.told), (posts.c.told.is_not(None), ""), else_=None)
    await connection.execute(
        dialect_insert(connection, posts)
        .values(values)
        .on_conflict_do_update(index_elements=["id"], set_=renewed)
    )


async def save_revision(connection: AsyncConnection, entry: Entry) -> None:
    """Keep a post's text as it is now; the oldest texts make room."""
    await connection.execute(
        dialect_insert(connection, revisions)
        .values(
            post=entry.id,
            revision=entry.revision,
            path=entry.path,
            title=entry.title,
            text=entry.text,
            found_at=entry.changed_at,
        )
        .on_conflict_do_nothing(index_elements=["post", "revision"])
    )
    of_post = revisions.c.post == entry.id
    newest = (
        select(revisions.c.id)
        .where(of_post)
        .order_by(revisions.c.id.desc())
        .limit(MOST_REVISIONS)
    )
    await connection.execute(
        delete(revisions).where(of_post, revisions.c.id.not_in(newest.scalar_subquery()))
    )


async def index(connection: AsyncConnection, entry: Entry) -> None:
    """Write a post's words anew; one without passages weighs the same everywhere."""
    await connection.execute(delete(chunks).where(chunks.c.post == entry.id))
    spell = tsvector_of if connection.dialect.name == "postgresql" else " ".join
    passages = (
        Passage(entry.title, TITLE_WEIGHT),
        *(entry.passages or (Passage(entry.plain, 1.0),)),
    )
    rows = [
        {"post": entry.id, "words": spell(tokens), "weight": passage.weight}
        for passage in passages
        for tokens in chunks_of(passage.text)
    ]
    if rows:
        await connection.execute(insert(chunks), rows)


async def save_meetups(
    connection: AsyncConnection, entry: Entry, announced: Sequence[Meetup]
) -> tuple[datetime, ...]:
    """Write a post's meetups anew; answers around when those are that were, and those that are."""
    before = await told_around(connection, [entry.id])
    await connection.execute(delete(meetups).where(meetups.c.post == entry.id))
    if announced:
        await connection.execute(insert(meetups), [values_of_meetup(one) for one in announced])
    return (*before, *await told_around(connection, [entry.id]))


async def told_around(
    connection: AsyncConnection, told_by: Sequence[PostId]
) -> tuple[datetime, ...]:
    """When the meetups of posts are over; of those without a date, when they were told."""
    query = (
        select(meetups.c.over, posts.c.date, posts.c.first_seen)
        .join(posts, posts.c.id == meetups.c.post)
        .where(posts.c.id.in_(told_by))
    )
    rows = await connection.execute(query)
    return tuple(over or date or first_seen for over, date, first_seen in rows)


async def unjoin(connection: AsyncConnection, around: Sequence[datetime]) -> None:
    """Note that gatherings around some moments have to be joined anew; () changes nothing."""
    if not around:
        return
    since = literal(min(around), UtcTime)
    sooner = or_(agenda.c.since.is_(None), agenda.c.since > since)
    await connection.execute(
        update(agenda).values(
            changes=agenda.c.changes + 1,
            joined_at=None,
            since=case((sooner, since), else_=agenda.c.since),
        )
    )
