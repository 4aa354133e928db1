"""What it takes for a row to be worked on: it is due, nobody's, and the first of its channel.

Only SQL. What an outcome means is in `bot.plan`, how fast is said by the port `Pace`.
"""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's `Table` is typed with Any; nothing here is.

from datetime import datetime
from functools import cache
from typing import TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.sql.functions import Function

from bot.archive.tables import ACTIVE, TO_SEND, Rows, UtcTime, among, deliveries, edits
from bot.model.deliveries import Act, DeliveryState, Turn

UNSENT = (DeliveryState.PLANNED, DeliveryState.UNKNOWN)
LEASED = (DeliveryState.CLAIMED, DeliveryState.SENDING)
OPEN = (*LEASED, DeliveryState.UNKNOWN)
"""States in which a worker may settle what it claimed."""
Query: TypeAlias = Select[tuple[object, ...]]
Moment: TypeAlias = Select[datetime]
NOW = bindparam("now", type_=UtcTime())
"""The moment that a statement is asked for: a parameter, so that it need not be built anew."""


def claimable(row: FromClause) -> ColumnElement[bool]:
    """Whether a row is due at `now`, and nobody's."""
    free = or_(row.c.lease_until.is_(None), row.c.lease_until <= NOW)
    return or_(
        and_(among(row.c.state, UNSENT), row.c.due_at <= NOW, free),
        and_(among(row.c.state, LEASED), row.c.lease_until <= NOW),
    )


def state_when_claimed(row: Rows) -> ColumnElement[str]:
    """What was never sent, and every edit, is sent; anything else is looked for."""
    return _to_be_sent_or_looked_for(row, DeliveryState.CLAIMED)


def state_when_left(row: Rows) -> ColumnElement[str]:
    """The state of a row whose worker is not there any more."""
    return _to_be_sent_or_looked_for(row, DeliveryState.PLANNED)


def _to_be_sent_or_looked_for(row: Rows, to_send: DeliveryState) -> ColumnElement[str]:
    if row is edits:
        return literal_column(f"'{to_send.value}'")
    return case((among(row.c.state, TO_SEND), to_send.value), else_=DeliveryState.UNKNOWN.value)


@cache
def next_posts(dialect: str, states: tuple[DeliveryState, ...]) -> Moment:
    """The moments at which the first rows of channels can be claimed, the earliest of them.

    Of rows in some states, of which there is an index.

    Rows that were never tried do not hold each other back here: of those of one channel the
    earliest counts in any case.
    """
    row, sent = deliveries, deliveries.alias("sent")
    free_at = (
        select(func.max(sent.c.due_at))
        .where(
            sent.c.channel == row.c.channel,
            sent.c.workspace == row.c.workspace,
            sent.c.state == literal_column("'sent'"),
        )
        .correlate(row)
        .scalar_subquery()
    )
    moment = _earliest(row, dialect, func.coalesce(free_at, row.c.due_at))
    return select(func.min(moment)).where(among(row.c.state, states), ~behind(row, at=None))


@cache
def next_edits(dialect: str) -> Moment:
    """The earliest moment at which an edit can be claimed."""
    moment = _earliest(edits, dialect, edits.c.due_at)
    return select(func.min(moment)).where(among(edits.c.state, ACTIVE), is_there(edits))


def turn_of(row: RowMapping) -> Turn:
    """A row of `heads` as a turn."""
    return Turn(row["workspace"], row["channel"], Act(row["act"]), row["payload"], row["id"])


def payload(row: FromClause) -> ColumnElement[str]:
    """What a row sends, as `Delivery.turn` calls it."""
    named = row.c.fingerprint + "/" + cast(row.c.rung, Text)
    return case((row.c.fingerprint == "", ""), else_=named)


def _earliest(
    row: Rows, dialect: str, free_at: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    latest = "greatest" if dialect == "postgresql" else "max"
    leased = among(row.c.state, LEASED)
    due = case((leased, row.c.lease_until), else_=row.c.due_at)
    lease = func.coalesce(row.c.lease_until, due)
    return Function(latest, due, lease, free_at, type_=UtcTime())


def behind(row: FromClause, *, at: BindParameter[datetime] | None) -> ColumnElement[bool]:
    """Whether another row of the channel goes first.

    One in flight always does. An earlier one does if it is due, or was tried: not if its day has
    not come, which is for its own post alone.
    """
    other = deliveries.alias("other")
    earlier = tuple_(other.c.rank, other.c.seq) < tuple_(row.c.rank, row.c.seq)
    waits = [other.c.state == literal_column("'unknown'"), other.c.attempts > 0]
    if at is not None:
        waits.append(other.c.due_at <= at)
    return exists().where(
        other.c.channel == row.c.channel,
        other.c.workspace == row.c.workspace,
        other.c.seq != row.c.seq,
        among(other.c.state, ACTIVE),
        or_(among(other.c.state, LEASED), and_(earlier, or_(*waits))),
    )


def is_there(row: FromClause) -> ColumnElement[bool]:
    """Whether the message that is to be changed was sent."""
    target = deliveries.alias("there")
    return exists().where(target.c.id == row.c.id, target.c.state == literal_column("'sent'"))


def paced(row: FromClause) -> ColumnElement[bool]:
    """Whether its channel had a message just now."""
    sent = deliveries.alias("sent")
    return exists().where(
        sent.c.channel == row.c.channel,
        sent.c.workspace == row.c.workspace,
        sent.c.state == literal_column("'sent'"),
        sent.c.due_at > NOW,
    )
