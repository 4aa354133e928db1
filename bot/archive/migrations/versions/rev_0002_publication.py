"""Posts that move and vanish, their revisions, weights for search, standing text, news of sources.

What is added has a default of the database's: replicas of the version before still write.
"""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    Text,
    false,
    text,
)

revision = "0002"
down_revision = "0001"

MOMENT = DateTime(timezone=True)
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
ACTIVE = "state IN ('planned', 'claimed', 'sending', 'unknown')"
SENT = "state = 'sent'"


def upgrade() -> None:
    """Add columns and a table; let rows of the outbox be about a source."""
    _columns()
    _revisions()
    op.execute("UPDATE posts SET told = revision WHERE state = 'announced'")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("deliveries_post_fkey", "deliveries", type_="foreignkey")
    else:
        _deliveries_anew()


def _columns() -> None:
    op.add_column("sources", Column("reader", Integer, nullable=False, server_default="0"))
    op.add_column("sources", Column("told", Boolean, nullable=False, server_default=false()))
    op.add_column("posts", Column("guid", Text, nullable=False, server_default=""))
    op.add_column("posts", Column("told", Text))
    op.add_column("posts", Column("gone_at", MOMENT))
    op.add_column("posts", Column("ask", Boolean, nullable=False, server_default=false()))
    op.add_column("posts", Column("prints", Text, nullable=False, server_default=""))
    op.add_column("posts", Column("standing", Text, nullable=False, server_default=""))
    op.add_column("chunks", Column("weight", Float, nullable=False, server_default="1"))


def _revisions() -> None:
    op.create_table(
        "revisions",
        Column("id", NUMBER, primary_key=True, autoincrement=True),
        Column("post", Text, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
        Column("revision", Text, nullable=False),
        Column("path", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("found_at", MOMENT, nullable=False),
    )
    op.create_index("revisions_of_post", "revisions", ["post", "revision"], unique=True)
    columns = "post, revision, path, title, text, found_at"
    op.execute(
        f"INSERT INTO revisions ({columns}) "  # noqa: S608 - our own words
        "SELECT id, revision, path, title, text, changed_at FROM posts"
    )


def _deliveries_anew() -> None:
    """SQLite drops no foreign key: the table is made again without it, and filled.

    As in sqlite.org/lang_altertable.html, section 7 (read 2026-08-20). Nothing refers to it.
    """
    for index in ("deliveries_of_post", "deliveries_active", "deliveries_pace"):
        op.drop_index(index, "deliveries")
    op.rename_table("deliveries", "deliveries_before")
    op.create_table(
        "deliveries",
        Column("seq", NUMBER, primary_key=True, autoincrement=True),
        Column("id", Text, nullable=False, unique=True),
        Column("post", Text, nullable=False),
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
    op.execute("INSERT INTO deliveries SELECT * FROM deliveries_before")
    op.drop_table("deliveries_before")
    op.create_index("deliveries_of_post", "deliveries", ["post", "part"])
    _partial_index("deliveries_active", ["channel", "seq"], ACTIVE)
    _partial_index("deliveries_pace", ["channel", "due_at"], SENT)


def _partial_index(name: str, columns: list[str], condition: str) -> None:
    op.create_index(name, "deliveries", columns, sqlite_where=text(condition))
