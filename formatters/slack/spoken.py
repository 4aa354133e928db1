"""What a screen reader says of blocks: their words, one line for each thing.

Pure. Slack's clients read the top-level `text` aloud and not the blocks
(/reference/methods/chat.postMessage, accessibility, read 2026-08-20).
"""

from collections.abc import Iterable, Iterator, Mapping

from formatters.message import Block

_LINES = frozenset(
    {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "raw_text", "plain_text"}
)


def spoken(blocks: Iterable[Block]) -> str:
    """Give the words of blocks in order, without buttons and without markup."""
    lines = (line.strip() for block in blocks for line in _lines(block))
    return "\n".join(line for line in lines if line)


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _lines(inner)
        return
    if not isinstance(value, Mapping) or value.get("type") == "actions":
        return
    if value.get("type") in _LINES:
        yield "".join(_strings(value))
    elif value.get("type") == "image":
        yield str(value.get("alt_text", ""))
    else:
        for inner in value.values():
            yield from _lines(inner)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, Mapping):
        text = value.get("text")
        yield text if isinstance(text, str) else ""
        yield from _strings(value.get("elements"))
