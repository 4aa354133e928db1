"""Statements that take rows: claimed by a worker, marked as being sent, read whole.

Only SQL, each built once: building takes longer than asking.
"""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's `Table` is typed with Any; nothing here is.

from functools import cache

from sqlalchemy import bindparam, literal_column, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate, Update

from bot.archive.claims import NOW, Query, claimable, state_when_claimed
from bot.archive.given import listed, numbered
from bot.archive.rows import delivery_rows, edit_rows
from bot.archive.tables import Rows, UtcTime, deliveries, edits
from bot.model.deliveries import DeliveryState


@cache
def taking(row: Rows, dialect: str) -> ReturningUpdate[tuple[str]]:
    """Claim those of the rows `ids` that are still claimable at `now`; the lease runs to `until`.

    PostgreSQL locks them and skips those that others have locked; SQLite has one writer at a
    time. So on both a row is still claimable when it is updated.
    """
    still = (
        select(row.c.id)
        .where(row.c.id.in_(listed("ids", dialect)), claimable(row))
        .with_for_update(skip_locked=True, of=row)
    )
    return (
        update(row)
        .where(row.c.id.in_(still))
        .values(
            state=state_when_claimed(row),
            claim=row.c.claim + 1,
            lease_until=bindparam("until", type_=UtcTime()),
        )
        .returning(row.c.id)
    )


@cache
def marking(row: Rows, dialect: str) -> ReturningUpdate[tuple[str, int, int, int]]:
    """Mark the claimed ones of `claims` as being sent, where the lease still runs at `now`."""
    return (
        update(row)
        .where(
            tuple_(row.c.id, row.c.claim).in_(numbered("claims", dialect)),
            row.c.state == literal_column(f"'{DeliveryState.CLAIMED.value}'"),
            row.c.lease_until > NOW,
        )
        .values(
            state=literal_column(f"'{DeliveryState.SENDING.value}'"),
            attempts=row.c.attempts + 1,
            attempted_at=NOW,
            **({"unsure": row.c.unsure + 1} if row is deliveries else {}),
        )
        .returning(row.c.id, row.c.claim, row.c.attempts, row.c.rung)
    )


@cache
def leaving(row: Rows, dialect: str) -> Update:
    """Give back the claimed ones of `claims`: they were not sent."""
    return (
        update(row)
        .where(
            tuple_(row.c.id, row.c.claim).in_(numbered("claims", dialect)),
            row.c.state == literal_column(f"'{DeliveryState.CLAIMED.value}'"),
        )
        .values(
            state=literal_column(f"'{DeliveryState.PLANNED.value}'"),
            claim=row.c.claim + 1,
            lease_until=None,
        )
    )


@cache
def whole(row: Rows, dialect: str) -> Query:
    """The rows `ids` with everything that makes a delivery."""
    query = edit_rows() if row is edits else delivery_rows()
    return query.where(row.c.id.in_(listed("ids", dialect)))
