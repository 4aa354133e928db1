"""Deliveries know their workspace, their rank and their payload; edits and pauses are kept.

Replicas of the version before go on: they leave out what has a default here, and do not see edits.
"""

from alembic import op
from sqlalchemy import JSON, Boolean, Column, DateTime, Integer, Text, text

revision = "0003"
down_revision = "0002"

MOMENT = DateTime(timezone=True)
ACTIVE = "state IN ('planned', 'claimed', 'sending', 'unknown')"


def upgrade() -> None:
    """Add what is missing."""
    _columns()
    _edits()
    op.create_table(
        "pauses",
        Column("workspace", Text, primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("reason", Text, nullable=False),
        Column("since", MOMENT, nullable=False),
        Column("dead", Boolean, nullable=False),
    )


def _columns() -> None:
    for name, kind, default in (
        ("workspace", Text, ""),
        ("rank", Integer, "1"),
        ("fingerprint", Text, ""),
        ("rung", Integer, "0"),
    ):
        column = Column(name, kind, nullable=False, server_default=default)
        op.add_column("deliveries", column)
    op.create_index("deliveries_of_thread", "deliveries", ["channel", "post", "part"])
    _partial_index("deliveries_payload", "deliveries", "fingerprint")
    _partial_index("deliveries_turn", "deliveries", "rank", "seq")


def _edits() -> None:
    op.create_table(
        "edits",
        Column("id", Text, primary_key=True),
        Column("workspace", Text, nullable=False),
        Column("post", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("revision", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("blocks", JSON, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("rung", Integer, nullable=False),
        Column("count", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("claim", Integer, nullable=False),
        Column("due_at", MOMENT, nullable=False),
        Column("lease_until", MOMENT),
        Column("attempted_at", MOMENT),
    )
    op.create_index("edits_of_post", "edits", ["post"])
    _partial_index("edits_active", "edits", "due_at")


def _partial_index(name: str, table: str, *columns: str) -> None:
    op.create_index(
        name, table, [*columns], sqlite_where=text(ACTIVE), postgresql_where=text(ACTIVE)
    )
