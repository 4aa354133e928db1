"""Would Slack take these blocks? Our own reading of its rules, stricter where it is vague.

Pure. The numbers and their pages are in `numbers`, the shapes in `shapes`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Literal, TypeAlias

from formatters.message import Block
from formatters.slack import numbers
from formatters.slack.rules import MENTION, Fault, kinds
from formatters.slack.shapes import BLOCKS, NOT_IN_VIEWS, texts

__all__ = ["Fault", "Surface", "faults", "json_size", "message_faults", "weight"]

Surface: TypeAlias = Literal["message", "modal", "home"]

# A block's frame counts too: about 100 characters each (slackapi/bolt-js#2509, read 2026-08-20);
# bytes were seen to count nearly as much as characters (openclaw/openclaw#143882, read 2026-08-20).
BLOCK_FRAME = 100
PER_BYTE = 0.85
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def faults(blocks: object, *, surface: Surface = "message") -> tuple[Fault, ...]:
    """Tell what is wrong with the blocks of one message or view, () if nothing.

    Args:
        blocks: any JSON value; only a list of blocks can be right.
        surface: where they are to stand.

    Returns:
        Faults in the order of the blocks. Also a fault, though Slack would take it: a mention
        of people, which our posts never make, and the same action_id twice in one message.
    """
    if not isinstance(blocks, list | tuple):
        return (Fault("/blocks", "must be a list"),)
    return (*_count(blocks, surface), *_each(blocks, surface), *_together(blocks))


def message_faults(text: object, blocks: object) -> tuple[Fault, ...]:
    """Tell what keeps a message of ours from being sent, () if nothing.

    Beyond `faults`: `text` is there, within our bytes and calls nobody, and the whole message
    stays within the budget that `chat.postMessage` and `chat.update` were seen to accept.
    """
    return (*_text(text), *faults(blocks), *_size(blocks))


def weight(blocks: Sequence[Block]) -> int:
    """Say how much of `numbers.MESSAGE_WEIGHT` the blocks use up, their frames included."""
    return sum(map(_weight, blocks))


def json_size(blocks: object) -> int:
    """Count the characters of blocks as compact JSON, non-ASCII characters as themselves."""
    return len(_compact(blocks))


def _weight(block: object) -> int:
    said = "".join(texts(block))
    escapes = 4 * said.count("&") + 3 * (said.count("<") + said.count(">"))
    octets = len(said.encode("utf-8", "replace"))
    return max(len(said) + escapes, ceil((octets + escapes) * PER_BYTE)) + BLOCK_FRAME


def _count(blocks: Sequence[object], surface: Surface) -> Iterator[Fault]:
    limit = numbers.BLOCKS if surface == "message" else numbers.VIEW_BLOCKS
    if not limit.least <= len(blocks) <= limit.most:
        yield Fault("/blocks", f"{len(blocks)} blocks, not {limit.least} to {limit.most}")


def _each(blocks: Sequence[object], surface: Surface) -> Iterator[Fault]:
    barred = NOT_IN_VIEWS.get(surface, frozenset())
    here = {kind: check for kind, check in BLOCKS.items() if kind not in barred}
    check = kinds(here, "block")
    for position, block in enumerate(blocks):
        yield from check(block, f"/blocks/{position}")


def _together(blocks: Sequence[object]) -> Iterator[Fault]:
    yield from _repeated(blocks, "block_id")
    yield from _repeated(blocks, "action_id")
    of_kind: dict[str, list[Mapping[object, object]]] = {}
    for block in blocks:
        if isinstance(block, Mapping):
            of_kind.setdefault(str(block.get("type")), []).append(block)
    if len(of_kind.get("table", ())) > numbers.TABLES.most:
        yield Fault("/blocks", "more than one table in a message")
    for kind, limit in (
        ("markdown", numbers.MARKDOWN_TEXT),
        ("data_table", numbers.DATA_TABLE_TEXT),
    ):
        total = sum(len(text) for block in of_kind.get(kind, ()) for text in texts(block))
        if total > limit.most:
            yield Fault(
                "/blocks", f"{total} characters in {kind} blocks, more than {limit.most}"
            )


def _repeated(blocks: object, field: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for pointer, name in _named(blocks, field, "/blocks"):
        if name in seen:
            yield Fault(pointer, f"{name} is used twice")
        seen.add(name)


def _named(value: object, field: str, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == field and isinstance(inner, str):
                yield f"{at}/{key}", inner
            else:
                yield from _named(inner, field, f"{at}/{key}")
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from _named(inner, field, f"{at}/{position}")


def _text(text: object) -> Iterator[Fault]:
    if not isinstance(text, str) or not text.strip():
        yield Fault("/text", "is empty")
        return
    size = len(text.encode("utf-8", "replace"))
    if size > numbers.TEXT_BYTES.most:
        yield Fault("/text", f"{size} bytes, more than {numbers.TEXT_BYTES.most}")
    if found := MENTION.search(text):
        yield Fault("/text", f"mentions {found[0]}")


def _size(blocks: object) -> Iterator[Fault]:
    if not isinstance(blocks, list | tuple):
        return
    if (size := json_size(blocks)) > numbers.MESSAGE_JSON.most:
        yield Fault(
            "/blocks", f"{size} characters of JSON, more than {numbers.MESSAGE_JSON.most}"
        )
    if (heavy := weight(blocks)) > numbers.MESSAGE_WEIGHT.most:
        yield Fault("/blocks", f"weighs {heavy}, more than {numbers.MESSAGE_WEIGHT.most}")
