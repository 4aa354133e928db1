"""What is written beside a post: its words for search, and the texts that it once had.

Each function works within the transaction that it is given.
"""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import dialect_insert
from bot.archive.tables import chunks, revisions
from bot.archive.words import chunks_of, tsvector_of
from bot.model import Entry, Passage

MOST_REVISIONS = 20
"""Texts that are kept of a post: ours; of 190 weekly issues none was corrected more often."""
TITLE_WEIGHT = 4.0
"""A title says what an issue is about; no section weighs so much."""


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
