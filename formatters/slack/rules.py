"""Small checks of JSON values that combine into the shape of a block.

Pure, and afraid of nothing: a value may be any JSON, what is wrong comes back as faults.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from formatters.slack.numbers import TEXT_OBJECT, Limit


@dataclass(frozen=True, slots=True)
class Fault:
    """What Slack would refuse: `pointer` is a JSON pointer such as `/blocks/3/text/text`."""

    pointer: str
    message: str


Check: TypeAlias = Callable[[object, str], Iterator[Fault]]
"""(value, its pointer) -> what is wrong with it."""

# Explicit syntax fires in every mrkdwn string (/messaging/formatting-message-text, read 2026-08-20).
MENTION = re.compile(r"<!(?:channel|here|everyone|subteam\^)|<@[UW]")
_IN_URL = r"[^\s\x00-\x1f\x7f\ud800-\udfff]"
WEB = re.compile(rf"https?://(?!/){_IN_URL}+", re.IGNORECASE)
MAIL = re.compile(rf"mailto:{_IN_URL}+", re.IGNORECASE)


def string(limit: Limit) -> Check:
    """A string of `limit` characters."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(at, "must be a string")
        elif not limit.least <= len(value) <= limit.most:
            yield Fault(at, f"{len(value)} characters, not {limit.least} to {limit.most}")

    return check


def spoken(limit: Limit) -> Check:
    """A string that says something: not only white space, and calls nobody by markup."""
    size = string(limit)

    def check(value: object, at: str) -> Iterator[Fault]:
        yield from size(value, at)
        if isinstance(value, str) and value and not value.strip():
            yield Fault(at, "is blank")

    return check


def url(limit: Limit, *, mail: bool = False) -> Check:
    """An absolute http(s) address, or a mailto one where `mail` allows it."""
    size = string(limit)

    def check(value: object, at: str) -> Iterator[Fault]:
        yield from size(value, at)
        if not isinstance(value, str) or WEB.fullmatch(value):
            return
        if not (mail and MAIL.fullmatch(value)):
            yield Fault(at, "is no absolute http(s) URL")

    return check


def text(limit: Limit, *, plain: bool = False) -> Check:
    """A text object of at most `limit` characters; `plain` refuses mrkdwn."""
    inner = spoken(Limit(min(limit.most, TEXT_OBJECT.most), limit.unit, limit.page))
    plain_text = shape({"text": inner}, {"emoji": boolean})
    mrkdwn = shape({"text": inner}, {"verbatim": boolean})

    def check(value: object, at: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if kind == "plain_text":
            yield from plain_text(value, at)
        elif kind == "mrkdwn" and not plain:
            yield from mrkdwn(value, at)
            yield from _mentions(value, at)
        else:
            yield Fault(at, f"must be a {'plain_text' if plain else 'text'} object")

    return check


def _mentions(value: object, at: str) -> Iterator[Fault]:
    said = value.get("text") if isinstance(value, Mapping) else None
    if isinstance(said, str) and (found := MENTION.search(said)):
        yield Fault(f"{at}/text", f"mentions {found[0]}")


def boolean(value: object, at: str) -> Iterator[Fault]:
    """True or false."""
    if not isinstance(value, bool):
        yield Fault(at, "must be true or false")


def number(limit: Limit) -> Check:
    """A whole number within `limit`."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault(at, "must be a whole number")
        elif not limit.least <= value <= limit.most:
            yield Fault(at, f"is {value}, not {limit.least} to {limit.most}")

    return check


def one_of(*words: str) -> Check:
    """One of a few words."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if value not in words:
            yield Fault(at, f"must be one of {', '.join(words)}")

    return check


def items(limit: Limit, each: Check) -> Check:
    """A list of `limit` things of one shape."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, list | tuple):
            yield Fault(at, "must be a list")
            return
        if not limit.least <= len(value) <= limit.most:
            yield Fault(at, f"{len(value)} items, not {limit.least} to {limit.most}")
        for position, item in enumerate(value):
            yield from each(item, f"{at}/{position}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others; `type` is looked at elsewhere."""
    known = {**required, **(optional or {})}

    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault(at, "must be an object")
            return
        for name in required:
            if name not in value:
                yield Fault(f"{at}/{name}", "is missing")
        for name, inner in value.items():
            if name in known:
                yield from known[name](inner, f"{at}/{name}")
            elif name != "type":
                yield Fault(f"{at}/{name}", "is no known field here")

    return check


def kinds(table: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` says which of the shapes in `table` it has."""

    def check(value: object, at: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, Mapping) else None
        inner = table.get(kind) if isinstance(kind, str) else None
        if inner is None:
            yield Fault(f"{at}/type", f"{kind} is no {what} that is allowed here")
        else:
            yield from inner(value, at)

    return check


def both(first: Check, second: Check) -> Check:
    """A value that must please two checks."""

    def check(value: object, at: str) -> Iterator[Fault]:
        yield from first(value, at)
        yield from second(value, at)

    return check


def some_of(*names: str) -> Check:
    """An object that has at least one of these fields."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if isinstance(value, Mapping) and not any(name in value for name in names):
            yield Fault(at, f"needs one of {', '.join(names)}")

    return check
