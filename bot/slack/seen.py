"""A short memory of events: Slack may tell one up to four times.

`/apis/events-api`, docs.slack.dev, read 2026-08-20. It is this process's own; what must not
happen twice at all is guarded in the database.
"""

from collections import OrderedDict


class Seen:
    """Remembers the last `most` ids."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._ids: OrderedDict[str, None] = OrderedDict()

    def is_new(self, id_: str) -> bool:
        """Whether an id is seen for the first time; it is remembered from now on."""
        if id_ in self._ids:
            return False
        self._ids[id_] = None
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return True
