"""Meetups tell more; gatherings, what maintainers correct of them, and who is interested are kept.

Replicas of the version before go on: they leave out what has a default here, and know nothing of
the new tables.
"""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    Text,
    column,
    false,
    table,
)

revision = "0005"
down_revision = "0004"

MOMENT = DateTime(timezone=True)
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TEXTS = ("live_url", "replay_url", "speakers", "phrase", "image")
MARKS = ("recap", "cancelled")


def upgrade() -> None:
    """Add what is missing."""
    for name in TEXTS:
        op.add_column("meetups", Column(name, Text, nullable=False, server_default=""))
    for name in MARKS:
        op.add_column("meetups", Column(name, Boolean, nullable=False, server_default=false()))
    _agenda()
    _gatherings()
    _of_people()


def _agenda() -> None:
    op.create_table(
        "agenda",
        Column("id", Integer, primary_key=True),
        Column("changes", NUMBER, nullable=False),
        Column("since", MOMENT),
        Column("joined_at", MOMENT),
    )
    row = table("agenda", column("id", Integer), column("changes", NUMBER))
    op.bulk_insert(row, [{"id": 1, "changes": 0}])


def _gatherings() -> None:
    op.create_table(
        "gatherings",
        Column("uid", Text, primary_key=True),
        Column("post", Text, nullable=False),
        Column("title", Text, nullable=False),
        *(Column(name, MOMENT) for name in ("start", "end", "over")),
        Column("zone", Text, nullable=False),
        Column("all_day", Boolean, nullable=False),
        Column("place", Text, nullable=False),
        Column("online", Boolean, nullable=False),
        *(Column(name, Text, nullable=False) for name in ("kind", "register_url", "url")),
        *(Column(name, Text, nullable=False) for name in TEXTS),
        *(Column(name, Boolean, nullable=False) for name in MARKS),
        Column("sources", JSON, nullable=False),
        Column("moved_from", MOMENT),
        Column("posted", MOMENT, nullable=False),
        Column("state", Text, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("changed_at", MOMENT, nullable=False),
        Column("by_hand", Boolean, nullable=False),
    )
    op.create_index("gatherings_by_end", "gatherings", ["over"])
    op.create_index("gatherings_by_telling", "gatherings", ["posted"])


def _of_people() -> None:
    op.create_table(
        "corrections",
        Column("uid", Text, primary_key=True),
        Column("meetup", JSON, nullable=False),
        Column("fields", JSON, nullable=False),
        Column("cancelled", Boolean, nullable=False),
        Column("added", Boolean, nullable=False),
        Column("by", Text, nullable=False),
        Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "interests",
        Column("workspace", Text, primary_key=True),
        Column("user", Text, primary_key=True),
        Column("uid", Text, primary_key=True),
        Column("remind", Boolean, nullable=False),
        Column("since", MOMENT, nullable=False),
    )
    op.create_index("interests_of_gathering", "interests", ["uid"])
