"""The tables, as the newest migration leaves them (a contract test compares the two).

Only definitions. Ids are ours, made before a row is written; `seq` is the database's.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    and_,
    false,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from typing_extensions import override

from bot.model.deliveries import DeliveryState


class UtcTime(TypeDecorator[datetime]):
    """A moment, to the microsecond: aware and UTC on both sides, on every database.

    SQLite keeps text without a zone; it is of fixed width, so it sorts as the moments do.
    """

    # SQLAlchemy declares both wider than any subclass can use them.
    impl = DateTime(timezone=True)  # type: ignore[mutable-override]
    cache_ok = True  # type: ignore[mutable-override]

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            message = f"a moment without a zone was to be stored: {value.isoformat()}"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both: SQLite counts its keys by itself only in a column that says INTEGER."""

ACTIVE = (
    DeliveryState.PLANNED,
    DeliveryState.CLAIMED,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
)
"""States of rows that still have a way to go, and that hold back later ones of their channel."""
TO_SEND = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
LOOKED_FOR = (DeliveryState.SENDING, DeliveryState.UNKNOWN)
TO_EDIT = ACTIVE


Rows: TypeAlias = Table


def among(column: ColumnElement[str], states: Iterable[DeliveryState]) -> ColumnElement[bool]:
    """Whether a row is in one of some states, in words that databases compare with an index.

    SQLite takes a partial index only where a query says the same as it does, not by a parameter.
    """
    return column.in_([literal_column(f"'{state.value}'") for state in states])


URGENT = 0
"""The rank of what a maintainer asked for; the next one is that of everything else."""


def urgent_row(rank: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a rank is that, in words that databases compare with an index, as of `among`."""
    return rank == literal_column(str(URGENT))


metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scanned", Boolean, nullable=False),
    Column("last_ok", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("problems", JSON, nullable=False),
    # Columns with a default of the database's came later: versions that do not know them still write.
    Column("reader", Integer, nullable=False, server_default="0"),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("warned", JSON, nullable=False, server_default=text("'[]'")),
    Column("away_since", UtcTime),
    Column("away_until", UtcTime),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("date", UtcTime),
    Column("number", NUMBER),
    Column("language", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("plain", Text, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("expires", UtcTime),
    Column("first_run", Boolean, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("guid", Text, nullable=False, server_default=""),
    Column("told", Text),
    Column("gone_at", UtcTime),
    Column("ask", Boolean, nullable=False, server_default=false()),
    Column("prints", Text, nullable=False, server_default=""),
    Column("standing", Text, nullable=False, server_default=""),
    Index("posts_of_source", "source", "state"),
    Index("posts_by_date", "role", "date"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("post", Text, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Index("revisions_of_post", "post", "revision", unique=True),
)

meetups = Table(
    "meetups",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("post", Text, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("start", UtcTime),
    Column("end", UtcTime),
    Column("over", UtcTime),
    Column("zone", Text, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("place", Text, nullable=False),
    Column("online", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("register_url", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("live_url", Text, nullable=False, server_default=""),
    Column("replay_url", Text, nullable=False, server_default=""),
    Column("speakers", Text, nullable=False, server_default=""),
    Column("phrase", Text, nullable=False, server_default=""),
    Column("image", Text, nullable=False, server_default=""),
    Column("recap", Boolean, nullable=False, server_default=false()),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Index("meetups_of_post", "post"),
    Index("meetups_by_end", "over"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("post", Text, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("words", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
    Column("weight", Float, nullable=False, server_default="1"),
    Index("chunks_of_post", "post"),
    Index("chunks_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("post", Text, nullable=False),  # or a source, as `bot.model.ids.PostId` says
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
    Column("due_at", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("attempted_at", UtcTime),
    Column("ts", Text),
    Column("workspace", Text, nullable=False, server_default=""),
    Column("rank", Integer, nullable=False, server_default="1"),
    Column("fingerprint", Text, nullable=False, server_default=""),
    Column("rung", Integer, nullable=False, server_default="0"),
    Column("unsure", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

edits = Table(
    "edits",  # what a message is to become; its id is that of the delivery that is changed
    metadata,
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
    Column("due_at", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("attempted_at", UtcTime),
    Index("edits_of_post", "post"),
)

pauses = Table(
    "pauses",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("dead", Boolean, nullable=False),
)


def _partial(name: str, where: ColumnElement[bool], *columns: ColumnElement[object]) -> None:
    """An index of some rows."""
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


_row = deliveries.c
_active = among(_row.state, ACTIVE)
_to_send = among(_row.state, TO_SEND)
Index("deliveries_of_post", _row.post, _row.part)
Index("deliveries_of_thread", _row.channel, _row.post, _row.part)
_partial("deliveries_active", _active, _row.channel, _row.seq)
_partial("deliveries_payload", _active, _row.fingerprint)
_partial("deliveries_pace", _row.state == literal_column("'sent'"), _row.channel, _row.due_at)
_partial("deliveries_to_send", _to_send, _row.workspace, _row.rank, _row.seq)
_partial(
    "deliveries_looked_for",
    among(_row.state, LOOKED_FOR),
    _row.workspace,
    _row.rank,
    _row.seq,
)
_partial("deliveries_urgent", and_(_to_send, urgent_row(_row.rank)), _row.workspace)
_partial("edits_turn", among(edits.c.state, TO_EDIT), edits.c.workspace, edits.c.due_at)
