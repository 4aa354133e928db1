"""Workspaces take turns: none that has much to send keeps the others waiting."""

from collections import deque
from collections.abc import Collection, Iterable, Sequence

from bot.model.ids import WorkspaceId


class Rotation:
    """Who comes next. Each comes once until all have come, then all that are waiting come again."""

    def __init__(self) -> None:
        self._left: deque[WorkspaceId] = deque()
        self._last: WorkspaceId | None = None

    @property
    def over(self) -> bool:
        """Whether all have come."""
        return not self._left

    def begin(self, waiting: Iterable[WorkspaceId]) -> None:
        """Go round anew, beginning behind whoever came last."""
        order = sorted(waiting)
        later = [one for one in order if self._last is None or one > self._last]
        self._left = deque((*later, *order[: len(order) - len(later)]))

    def next(self, most: int, closed: Collection[WorkspaceId]) -> tuple[WorkspaceId, ...]:
        """Those whose turn it is; who is closed misses it."""
        chosen: list[WorkspaceId] = []
        while self._left and len(chosen) < most:
            self._last = one = self._left.popleft()
            if one not in closed:
                chosen.append(one)
        return tuple(chosen)

    def put_back(self, unserved: Sequence[WorkspaceId]) -> None:
        """Those were not reached after all: they come first."""
        self._left.extendleft(reversed(unserved))
