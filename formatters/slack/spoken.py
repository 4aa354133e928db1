"""What a screen reader says of blocks: their words, one line for each thing.

Pure. Slack's clients read the top-level `text` aloud and not the blocks
(/reference/methods/chat.postMessage, accessibility, read 2026-08-20).
"""

import sys
from collections.abc import Iterable, Iterator, Mapping

from formatters.message import Block

_LINES = frozenset(
    {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "raw_text", "plain_text"}
)
_BETWEEN = " · "


def spoken(blocks: Iterable[Block], *, most: int = sys.maxsize) -> str:
    """Give the words of blocks in order, without buttons and without markup.

    A table's row is one line; so is a picture's description.

    Args:
        blocks: the blocks of a message, or some of them.
        most: characters after which nothing more is needed; the line that has the last is whole.
    """
    found: list[str] = []
    for block in blocks:
        for line in _lines(block):
            if said := line.strip():
                found.append(said)
                most -= len(said)
                if most < 0:
                    return "\n".join(found)
    return "\n".join(found)


def _lines(value: object) -> Iterator[str]:
    # JSON's objects are dicts here; to ask for any Mapping takes ten times as long.
    if isinstance(value, dict):
        yield from _lines_of(value)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _lines(inner)


def _lines_of(value: Mapping[object, object]) -> Iterator[str]:
    kind = value.get("type")
    if kind in _LINES:
        yield _words(value)
    elif kind == "image":
        yield str(value.get("alt_text", ""))
    elif kind == "table":
        yield from _rows(value.get("rows"))
    elif kind != "actions":
        for inner in value.values():
            if not isinstance(inner, str):
                yield from _lines(inner)


def _rows(rows: object) -> Iterator[str]:
    for row in rows if isinstance(rows, list | tuple) else ():
        cells = (" ".join(" ".join(_lines(cell)).split()) for cell in row)
        yield _BETWEEN.join(filter(None, cells))


def _words(value: object) -> str:
    if isinstance(value, dict):
        text = value.get("text")
        return text if isinstance(text, str) else _words(value.get("elements"))
    return "".join(map(_words, value)) if isinstance(value, (list, tuple)) else ""
