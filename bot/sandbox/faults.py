"""Faults on order: which calls go wrong, and how.

Only rules and their choice; `wire` and `dispatch` carry them out.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from random import Random

from bot.sandbox.errors import ControlError
from bot.sandbox.shapes import JSONValue, Obj

KINDS: Mapping[str, str] = {
    "error": "answer ok:false with `error` and `fields`",
    "ratelimited": "answer HTTP 429 with `retry_after` as its header, none if empty",
    "http": "answer HTTP `status` with a plain body",
    "html": "answer HTTP `status` with a page instead of JSON",
    "truncated": "answer half of the JSON",
    "empty": "answer HTTP 200 without a body",
    "garbage": "answer HTTP `status` with `body` for JSON, whatever it is",
    "reset": "cut the connection",
    "delay": "answer rightly, or deliver, `delay_ms` late",
    "slow": "answer rightly, the second half of the body `delay_ms` after the first",
    "short_page": "answer with a page half as long as was asked for",
    "empty_page": "answer with nothing on the page, and a cursor that goes on where it began",
    "lose": "deliveries to the bot: never sent",
    "duplicate": "deliveries to the bot: sent twice",
    "retry": "deliveries to the bot: sent, and again as a retry before the first is acknowledged",
    "forge": "deliveries to the bot: signed with another secret",
    "stale": "deliveries to the bot: signed ten minutes ago",
    "future": "deliveries to the bot: signed in ten minutes",
    "cut": "deliveries over a socket: sent, and the socket ends before it can be acknowledged",
    "full": "sockets, method `socket.hello`: refused as one too many; `lose` gives no hello",
}
_WHEN = ("before", "after")


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault.

    Attributes:
        method: a method's name, a prefix with "*" ("chat.*"), "*" for all, or a delivery to the
            bot: deliver.slash_commands, deliver.interactive, deliver.events_api; or the begin of
            a socket: socket.hello.
        channel: only calls with this channel id; "" for all.
        nth: only the nth matching call, from 1; 0 for every one.
        times: how often it strikes at most; 0 without end.
        probability: 0 to 1, drawn from the sandbox's seed.
        kind: one of `KINDS`.
        when: "before" the call has its effect, or "after" (stored, but the caller cannot know).
        status: for http, html and garbage.
        retry_after: for ratelimited; need not be a number.
        error, fields: for error.
        body: for garbage.
        delay_ms: waits so long first, whatever the kind; `slow` waits in the middle.
    """

    kind: str
    method: str = "*"
    channel: str = ""
    nth: int = 0
    times: int = 0
    probability: float = 1.0
    when: str = "before"
    status: int = 503
    retry_after: str = ""
    error: str = "internal_error"
    fields: Mapping[str, JSONValue] = field(default_factory=dict)
    body: str = ""
    delay_ms: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ControlError(f"fault kind {self.kind!r} is none of {', '.join(KINDS)}")
        if self.when not in _WHEN:
            raise ControlError(f"fault when {self.when!r} is none of {', '.join(_WHEN)}")
        if not 0 <= self.probability <= 1:
            raise ControlError(f"fault probability {self.probability} is not from 0 to 1")

    def fits(self, method: str, channel: str) -> bool:
        """Whether a call is meant, leaving numbers and chance aside."""
        prefix, star, _ = self.method.partition("*")
        named = method.startswith(prefix) if star else method == self.method
        return named and self.channel in ("", channel)


def rule_from(data: Mapping[str, JSONValue]) -> Rule:
    """Read a rule from JSON; unknown fields and wrong types are errors that say so."""
    known = {f.name: type(getattr(_EXAMPLE, f.name)) for f in fields(Rule)}
    for name, value in data.items():
        if name not in known:
            raise ControlError(f"unknown field {name!r}; a fault has {', '.join(known)}")
        wanted = (int, float) if known[name] is float else known[name]
        if not isinstance(value, wanted) or (known[name] is not bool and value is True):
            raise ControlError(f"{name} must be {known[name].__name__}, not {value!r}")
    if "kind" not in data:
        raise ControlError(f"a fault needs a kind: {', '.join(KINDS)}")
    return Rule(**data)  # type: ignore[arg-type]  # checked name by name above


_EXAMPLE = Rule("error")


class Faults:
    """The rules in force. The first one that strikes decides."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._rules: dict[str, Rule] = {}
        self._matched: dict[str, int] = {}
        self._struck: dict[str, int] = {}
        self._count = 0

    def add(self, rule: Rule) -> str:
        """Put a rule in force; tells its id."""
        self._count += 1
        key = f"F{self._count}"
        self._rules[key] = rule
        return key

    def remove(self, key: str) -> None:
        """Take one rule out of force."""
        if self._rules.pop(key, None) is None:
            raise ControlError(f"there is no fault {key!r}")

    def clear(self) -> None:
        """Take all rules out of force and forget their counts."""
        self._rules.clear()
        self._matched.clear()
        self._struck.clear()

    def listed(self) -> list[Obj]:
        """The rules as JSON, with how often each matched and struck."""
        return [
            {
                **asdict(rule),
                "id": key,
                "matched": self._matched.get(key, 0),
                "struck": self._struck.get(key, 0),
            }
            for key, rule in self._rules.items()
        ]

    def strike(self, method: str, channel: str) -> Rule | None:
        """Choose the rule for this call and count it; None if all goes well."""
        chosen = None
        for key, rule in self._rules.items():
            if rule.fits(method, channel):
                self._matched[key] = self._matched.get(key, 0) + 1
                if chosen is None and self._strikes(key, rule):
                    self._struck[key] = self._struck.get(key, 0) + 1
                    chosen = rule
        return chosen

    def _strikes(self, key: str, rule: Rule) -> bool:
        if rule.nth and self._matched[key] != rule.nth:
            return False
        if rule.times and self._struck.get(key, 0) >= rule.times:
            return False
        return rule.probability >= 1 or self._random.random() < rule.probability
