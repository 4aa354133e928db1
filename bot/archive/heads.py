"""Which rows may be worked on next: the first ones of each workspace, few of each.

Workspaces are asked one by one, in the database: so a look costs what it finds, however many rows wait
for their turn behind those. Only SQL, each built once: building takes longer than asking.
"""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's tables and rows are typed with Any.

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from bot.archive.claims import NOW, behind, claimable, is_there, paced, payload
from bot.archive.given import listed
from bot.archive.tables import (
    LOOKED_FOR,
    TO_EDIT,
    TO_SEND,
    Rows,
    among,
    deliveries,
    edits,
    urgent_row,
)
from bot.model.deliveries import Act, DeliveryState


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work.

    `states` are those of its rows, of which there is an index by workspace; `acts` what is done,
    each by a pace of its own: the first one is `closed` where the second one, if any, is `closed_too`.
    """

    row: Rows
    states: Sequence[DeliveryState]
    acts: Sequence[Act]


LOOKS = Kind(deliveries, LOOKED_FOR, (Act.LOOK,))
POSTS = Kind(deliveries, TO_SEND, (Act.POST,))
EDITS = Kind(edits, TO_EDIT, (Act.UPDATE, Act.DELETE))
KINDS = (LOOKS, POSTS, EDITS)
"""What may be there already is looked for first: its channel waits for it."""


@cache
def workspaces(kinds: Sequence[Kind]) -> CompoundSelect[tuple[int, str]]:
    """In which workspaces work of some kinds waits: the number of the kind, and the workspace."""
    return union_all(
        *(
            _workspaces(kind).add_columns(literal(KINDS.index(kind)).label("kind"))
            for kind in kinds
        )
    )


def _workspaces(kind: Kind) -> Select[tuple[str]]:
    """From each workspace to the next one, by the index."""
    row, other = kind.row.alias(), kind.row.alias()
    first = select(func.min(row.c.workspace).label("workspace"))
    found = first.where(among(row.c.state, kind.states)).cte(recursive=True)
    following = select(func.min(other.c.workspace)).where(
        among(other.c.state, kind.states), other.c.workspace > found.c.workspace
    )
    found = found.union_all(
        select(following.scalar_subquery()).where(found.c.workspace.is_not(None))
    )
    return select(found.c.workspace).where(found.c.workspace.is_not(None))


@cache
def heads(kind: Kind, dialect: str) -> Select[Any]:
    """The rows of some workspaces that can be claimed, the first `each` of each, `most` in all.

    Parameters besides those two: `now`; `workspaces`, `closed`, `closed_too` and, of
    posts, the payloads `on_trial` (see `given.words`).
    What a maintainer asked for is there in any case, from whatever workspace it is.
    """
    given = _given(kind, dialect)
    row = kind.row.alias("one")
    first = (
        select(*_columns(kind, row))
        .where(row.c.workspace == given.c.workspace, among(row.c.state, kind.states))
        .where(claimable(row), *_conditions(kind, row, dialect))
        .order_by(*_order(row))
        .limit(bindparam("each"))
        .correlate(given)
    )
    most = bindparam("most", type_=Integer())
    if dialect == "postgresql":
        one = first.lateral()
        return select(one).select_from(given.join(one, true())).limit(most)
    again = kind.row.alias("again")
    ids = first.with_only_columns(row.c.id).scalar_subquery()
    columns = _columns(kind, again)
    return select(*columns).select_from(given.join(again, again.c.id.in_(ids))).limit(most)


def _given(kind: Kind, dialect: str) -> Subquery:
    chosen = listed("workspaces", dialect)
    if kind is not POSTS:
        return select(chosen.subquery("chosen").c[0].label("workspace")).subquery("given")
    row = deliveries.alias("urgent")
    urgent = (
        select(row.c.workspace)
        .distinct()
        .where(
            among(row.c.state, TO_SEND),
            urgent_row(row.c.rank),
            row.c.workspace.not_in(listed("closed", dialect)),
        )
    )
    both = union_all(urgent, chosen).subquery("both")
    return select(both.c[0].label("workspace")).subquery("given")


def _columns(kind: Kind, row: FromClause) -> Sequence[ColumnElement[Any]]:
    """What makes a turn, and the order of its row within its workspace."""
    channel = row.c.channel if kind.row is deliveries else _channel(row)
    act: ColumnElement[Any] = (
        literal(kind.acts[0].value) if kind.row is deliveries else row.c.kind
    )
    return (
        row.c.id,
        row.c.workspace,
        channel.label("channel"),
        act.label("act"),
        payload(row).label("payload"),
        *(column.label(f"place{number}") for number, column in enumerate(_order(row))),
    )


def _order(row: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return (row.c.rank, row.c.seq) if "seq" in row.c else (row.c.due_at, row.c.id)


def _conditions(kind: Kind, row: FromClause, dialect: str) -> Sequence[ColumnElement[bool]]:
    if kind is POSTS:
        waits = payload(row).in_(listed("on_trial", dialect))
        return (~waits, ~behind(row, at=NOW), ~paced(row))
    if kind.row is deliveries:
        return (~behind(row, at=NOW), ~paced(row))
    deletes = row.c.kind == Act.DELETE.value
    opened = or_(
        and_(~deletes, row.c.workspace.not_in(listed("closed", dialect))),
        and_(deletes, row.c.workspace.not_in(listed("closed_too", dialect))),
    )
    return (opened, is_there(row))


def _channel(row: FromClause) -> ColumnElement[Any]:
    target = deliveries.alias("target")
    return select(target.c.channel).where(target.c.id == row.c.id).scalar_subquery()
