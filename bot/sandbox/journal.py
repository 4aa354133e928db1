"""What happened: changes that can be followed, and the log of what went over the wire.

Both are bounded; a watcher that falls behind is told to look at everything.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, replace

from bot.sandbox.shapes import JSONValue, string

_CHANGES_KEPT = 1000
_EXCHANGES_KEPT = 2000
_SECRET = frozenset(
    {
        *("token", "response_url", "trigger_id", "client_secret"),
        *("code", "access_token", "refresh_token"),
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `kind`: message, ephemeral, view, home, channel, log, fault or reset.

    `channel` and `ts` are "" where they make no sense; `number` counts from 1.
    """

    number: int
    kind: str
    channel: str = ""
    ts: str = ""


class Notices:
    """A bounded list of changes that can be followed."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque(maxlen=_CHANGES_KEPT)
        self._bell = asyncio.Event()
        self._closed = False
        self.total = 0

    def tell(self, kind: str, channel: str = "", ts: str = "") -> None:
        """Add a change and wake everybody who follows."""
        self.total += 1
        self._changes.append(Change(self.total, kind, channel, ts))
        self._ring()

    def close(self) -> None:
        """End every `follow`."""
        self._closed = True
        self._ring()

    def follow(self, after: int | None = None) -> AsyncIterator[Change]:
        """Yield changes from now on, or those after number `after` first."""
        return self._follow(self.total if after is None else after)

    async def _follow(self, seen: int) -> AsyncIterator[Change]:
        while not self._closed:
            bell = self._bell
            if seen > self.total or (self.total - seen) > len(self._changes):
                seen = self.total
                yield Change(seen, "reset")
            for change in [kept for kept in self._changes if kept.number > seen]:
                seen = change.number
                yield change
            if seen == self.total:
                await bell.wait()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()


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
    """The log of exchanges, without secrets."""

    def __init__(self, notices: Notices) -> None:
        self._kept: deque[Exchange] = deque(maxlen=_EXCHANGES_KEPT)
        self._notices = notices
        self.total = 0

    def add(self, exchange: Exchange) -> None:
        """Write an exchange down, numbered and without its secrets."""
        self.total += 1
        args, answer = _open(exchange.args), exchange.answer
        answer = dict(_open(answer)) if isinstance(answer, dict) else answer
        self._kept.append(replace(exchange, args=args, answer=answer, number=self.total))
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

    def as_json(self, method: str = "", channel: str = "") -> list[JSONValue]:
        """The same as JSON."""
        return [asdict(exchange) for exchange in self.calls(method, channel)]


def _open(values: Mapping[str, JSONValue]) -> Mapping[str, JSONValue]:
    """What is no secret of them."""
    return {key: value for key, value in values.items() if key not in _SECRET}
