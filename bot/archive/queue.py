"""Which rows may go now: workspaces take turns, each by its own pace."""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's rows are typed with Any; nothing here is.

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import text
from sqlalchemy.engine import RowMapping

from bot.archive.claims import turn_of
from bot.archive.engine import Store
from bot.archive.given import words
from bot.archive.heads import KINDS, Kind, heads, workspaces
from bot.archive.rotation import Rotation
from bot.archive.tables import URGENT
from bot.model.deliveries import Turn
from bot.model.ids import DeliveryId, WorkspaceId
from bot.ports.outside import Pace

WIDE = 4
"""So many times more workspaces are asked than rows are wanted: some have nothing that is due."""
SEEN = 2
"""So many times more rows are looked at than wanted: some may not go yet."""
EACH = 8
"""Rows of a workspace that are looked at in any case: as many as may go at once."""
IN_ORDER = text("SET LOCAL enable_sort = off")
"""Read rows in the order of their index, and stop at the limit. Of a table that has just filled up
PostgreSQL knows nothing, takes it for small, and would judge all of its rows to sort them: measured,
60 ms instead of 1 for 10,000 rows."""


class Queue:
    """Rows that wait, in a database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dialect = store.engine.dialect.name
        self._rotations = {kind: Rotation() for kind in KINDS}

    @property
    def over(self) -> tuple[Kind, ...]:
        """The kinds of work for which all workspaces have had their turn."""
        return tuple(kind for kind in KINDS if self._rotations[kind].over)

    async def begin(self, kinds: Sequence[Kind]) -> None:
        """Let all workspaces in which such work waits have their turn."""
        if not kinds:
            return
        waiting: dict[Kind, list[WorkspaceId]] = {kind: [] for kind in kinds}
        async with self._store.reading() as connection:
            found = await connection.execute(workspaces(tuple(kinds)))
            for one in found.mappings():
                waiting[KINDS[one["kind"]]].append(WorkspaceId(one["workspace"]))
        for kind, those in waiting.items():
            self._rotations[kind].begin(those)

    async def turns(
        self, kind: Kind, now: datetime, pace: Pace, wanted: int
    ) -> Mapping[DeliveryId, Turn] | None:
        """Take turns for rows of the workspaces that come next, at most as many as are wanted.

        Returns:
            None if all have had their turn.
        """
        closed = [pace.closed(act, now) for act in kind.acts]
        chosen = self._rotations[kind].next(wanted * WIDE, frozenset.intersection(*closed))
        if not chosen:
            return None
        most = wanted * SEEN
        given = {
            "now": now,
            "workspaces": words(chosen),
            "each": max(EACH, most // len(chosen)),
            "most": most,
            "on_trial": words(pace.on_trial()),
            **dict(zip(("closed", "closed_too"), map(words, closed), strict=False)),
        }
        found = await self._heads(kind, given)
        turns: dict[DeliveryId, Turn] = {}
        # One with something urgent comes out of its turn: it is not among the chosen ones.
        places = {workspace: place for place, workspace in enumerate(chosen, 1)}
        reached = 0
        for row in sorted(found, key=partial(_order, places)):
            if len(turns) == wanted:
                break
            turn = turn_of(row)
            if turn.delivery not in turns and pace.take(turn, now):
                turns[turn.delivery] = turn
            if row["place0"] != URGENT:
                reached = max(reached, places.get(turn.workspace, 0))
        if len(turns) == wanted or len(found) == most:
            self._rotations[kind].put_back(chosen[max(reached, 0 if turns else 1) :])
        return turns

    async def _heads(self, kind: Kind, given: Mapping[str, object]) -> Sequence[RowMapping]:
        async with self._store.reading() as connection:
            if self._dialect == "postgresql":
                await connection.execute(IN_ORDER)
            found = await connection.execute(heads(kind, self._dialect), given)
            rows: Sequence[RowMapping] = found.mappings().all()
            return rows


def _order(places: Mapping[WorkspaceId, int], row: RowMapping) -> tuple[object, ...]:
    """What is urgent, then by workspace, then by age."""
    place = places.get(row["workspace"], 0)
    return (row["place0"] != URGENT, place, row["place0"], row["place1"])
