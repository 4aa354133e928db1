"""The log of what went over the wire, both ways, without secrets.

Keeps the last two thousand exchanges.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from bot.sandbox.notices import Notices
from bot.sandbox.shapes import JSONValue, string

_KEPT = 2000
_SECRET = frozenset({"token", "response_url", "trigger_id", "client_secret"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it.

    Attributes:
        at: when it came or went, ISO 8601 in UTC.
        direction: "in" = the bot called a method, "out" = the bot was called.
        method: a method's name, "response_url", or deliver.<kind>.
        args: the arguments without secrets.
        status: HTTP status; 0 = none was seen.
        error: an error code or "".
        answer: what was answered, as JSON.
        fault: the kind of the fault that struck, or "".
        number: counts from 1, given by the log.
    """

    at: str
    direction: str
    method: str
    args: Mapping[str, JSONValue]
    status: int
    error: str = ""
    answer: JSONValue = None
    took_ms: int = 0
    fault: str = ""
    number: int = 0


class Traffic:
    """A bounded log that can be asked."""

    def __init__(self, notices: Notices) -> None:
        self._kept: deque[Exchange] = deque(maxlen=_KEPT)
        self._notices = notices
        self.total = 0

    def add(self, exchange: Exchange) -> None:
        """Write an exchange down, numbered and without its secrets."""
        self.total += 1
        args = {key: value for key, value in exchange.args.items() if key not in _SECRET}
        self._kept.append(replace(exchange, args=args, number=self.total))
        self._notices.tell("log", string(args.get("channel")))

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def calls(self, method: str = "", channel: str = "") -> list[Exchange]:
        """Exchanges in order, of one method and one channel if these are given."""
        return [
            exchange
            for exchange in self._kept
            if method in ("", exchange.method)
            and channel in ("", string(exchange.args.get("channel")))
        ]

    def as_json(
        self, method: str = "", channel: str = "", last: int = _KEPT
    ) -> list[JSONValue]:
        """The same as JSON, at most the `last` ones."""
        return [asdict(exchange) for exchange in self.calls(method, channel)[-last:]]
