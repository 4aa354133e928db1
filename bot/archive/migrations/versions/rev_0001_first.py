"""The first form: sources, posts, meetups, search, deliveries."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0001"
down_revision = None

MOMENT = DateTime(timezone=True)
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
ACTIVE = "state IN ('planned', 'claimed', 'sending', 'unknown')"
SENT = "state = 'sent'"


def upgrade() -> None:
    """Make every table."""
    _sources()
    _posts()
    _meetups()
    _deliveries()
    _search()


def _sources() -> None:
    op.create_table(
        "sources",
        Column("id", Text, primary_key=True),
        Column("scanned", Boolean, nullable=False),
        Column("last_ok", MOMENT),
        Column("failures", Integer, nullable=False),
        Column("problems", JSON, nullable=False),
    )


def _posts() -> None:
    op.create_table(
        "posts",
        Column("id", Text, primary_key=True),
        Column("source", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("path", Text, nullable=False),
        Column("revision", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("date", MOMENT),
        Column("number", NUMBER),
        Column("language", Text, nullable=False),
        Column("url", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("plain", Text, nullable=False),
        Column("draft", Boolean, nullable=False),
        Column("expires", MOMENT),
        Column("first_run", Boolean, nullable=False),
        Column("first_seen", MOMENT, nullable=False),
        Column("changed_at", MOMENT, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text, nullable=False),
    )
    op.create_index("posts_of_source", "posts", ["source", "state"])
    op.create_index("posts_by_date", "posts", ["role", "date"])


def _meetups() -> None:
    op.create_table(
        "meetups",
        Column("id", NUMBER, primary_key=True, autoincrement=True),
        Column("post", Text, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
        Column("title", Text, nullable=False),
        Column("start", MOMENT),
        Column("end", MOMENT),
        Column("over", MOMENT),
        Column("zone", Text, nullable=False),
        Column("all_day", Boolean, nullable=False),
        Column("place", Text, nullable=False),
        Column("online", Boolean, nullable=False),
        Column("kind", Text, nullable=False),
        Column("register_url", Text, nullable=False),
        Column("url", Text, nullable=False),
    )
    op.create_index("meetups_of_post", "meetups", ["post"])
    op.create_index("meetups_by_end", "meetups", ["over"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        Column("seq", NUMBER, primary_key=True, autoincrement=True),
        Column("id", Text, nullable=False, unique=True),
        Column("post", Text, ForeignKey("posts.id"), nullable=False),
        Column("revision", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("part", Integer, nullable=False),
        Column("occasion", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("blocks", JSON, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("claim", Integer, nullable=False),
        Column("due_at", MOMENT, nullable=False),
        Column("lease_until", MOMENT),
        Column("attempted_at", MOMENT),
        Column("ts", Text),
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_of_post", "deliveries", ["post", "part"])
    _partial_index("deliveries_active", ["channel", "seq"], ACTIVE)
    _partial_index("deliveries_pace", ["channel", "due_at"], SENT)


def _partial_index(name: str, columns: list[str], condition: str) -> None:
    where = text(condition)
    op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)


def _search() -> None:
    op.create_table(
        "chunks",
        Column("id", NUMBER, primary_key=True, autoincrement=True),
        Column("post", Text, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
        Column("words", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
    )
    op.create_index("chunks_of_post", "chunks", ["post"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("chunks_words", "chunks", ["words"], postgresql_using="gin")
    else:
        _sqlite_search()


def _sqlite_search() -> None:
    """An index that keeps no text of its own; triggers keep it in step with `chunks`.

    As in sqlite.org/fts5.html, section 4.4.3 "External Content Tables" (read 2026-08-20).
    """
    op.execute(
        "CREATE VIRTUAL TABLE chunk_words USING fts5("
        "words, content='chunks', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    )
    op.execute(
        "CREATE TRIGGER chunks_added AFTER INSERT ON chunks BEGIN "
        "INSERT INTO chunk_words(rowid, words) VALUES (new.id, new.words); END"
    )
    op.execute(
        "CREATE TRIGGER chunks_removed AFTER DELETE ON chunks BEGIN "
        "INSERT INTO chunk_words(chunk_words, rowid, words) "
        "VALUES ('delete', old.id, old.words); END"
    )
