"""Pieces: a post cut small, each piece a thing that may stand alone in a message.

Pure. `assemble` puts neighbouring pieces together again into as few blocks as Slack allows.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias, assert_never

from formatters.document import Span
from formatters.message import Block, JSONValue
from formatters.slack.spans import NEWLINE, run_json, tidy


class Text(NamedTuple):
    """A paragraph. `opens` marks a heading that had to be written as text."""

    runs: tuple[Span, ...]
    opens: bool = False


class Bullet(NamedTuple):
    """A list item without what is nested in it.

    `list_id` tells the lists of a post apart; `number` counts from 1 and shows if `ordered`;
    `indent` is 0 to 8; `quoted` draws the bar of a quotation beside it.
    """

    runs: tuple[Span, ...]
    list_id: int
    number: int = 1
    ordered: bool = False
    indent: int = 0
    quoted: bool = False
    opens: bool = False


class Quoted(NamedTuple):
    """A paragraph of a quotation. `quote_id` tells the quotations of a post apart."""

    runs: tuple[Span, ...]
    quote_id: int
    opens: bool = False


class Code(NamedTuple):
    """Preformatted text."""

    text: str
    language: str = ""
    quoted: bool = False
    opens: bool = False


class Whole(NamedTuple):
    """A block that is no rich text. `opens` marks a heading."""

    block: Block
    opens: bool = False


Rich: TypeAlias = Text | Bullet | Quoted | Code
Piece: TypeAlias = Rich | Whole


def joins(before: Piece | None, piece: Piece) -> bool:
    """Tell whether a piece continues the very element that the piece before it stands in."""
    match before, piece:
        case Text(), Text():
            return True
        case Quoted(), Quoted():
            return before.quote_id == piece.quote_id
        case Bullet(), Bullet():
            same_list = (before.list_id, before.indent) == (piece.list_id, piece.indent)
            return same_list and (not piece.ordered or piece.number == before.number + 1)
        case _:
            return False


def assemble(pieces: Iterable[Piece]) -> tuple[Block, ...]:
    """Make blocks of pieces, in order; neighbouring rich text becomes one block."""
    found: list[Block] = []
    rich: list[Rich] = []
    for piece in pieces:
        if not isinstance(piece, Whole):
            rich.append(piece)
            continue
        found += _rich_text(rich)
        found.append(piece.block)
        rich = []
    return (*found, *_rich_text(rich))


def _rich_text(rich: Sequence[Rich]) -> list[Block]:
    return [{"type": "rich_text", "elements": list(_elements(rich))}] if rich else []


def element(pieces: Sequence[Rich], before: Piece | None = None) -> Block:
    """Make one element of pieces that join each other; `before` stands above them."""
    first = pieces[0]
    match first:
        case Text():
            gap = (NEWLINE,) if isinstance(before, Bullet) else ()
            return {"type": "rich_text_section", "elements": _lines(pieces, gap)}
        case Quoted():
            return {"type": "rich_text_quote", "elements": _lines(pieces, ())}
        case Code():
            return _preformatted(first)
        case Bullet():
            return _list(first, [section(piece) for piece in pieces])
        case _:
            assert_never(first)


def section(piece: Rich) -> Block:
    """Make the rich text section of one piece."""
    return {"type": "rich_text_section", "elements": _lines((piece,), ())}


def _elements(pieces: Sequence[Rich]) -> Iterator[Block]:
    start = 0
    for end in range(1, len(pieces) + 1):
        if end == len(pieces) or not joins(pieces[end - 1], pieces[end]):
            yield element(pieces[start:end], pieces[start - 1] if start else None)
            start = end


def _lines(pieces: Sequence[Rich], gap: tuple[Span, ...]) -> list[JSONValue]:
    spans: list[Span] = []
    for position, piece in enumerate(pieces):
        if position:
            spans += [NEWLINE] if _heads(pieces[position - 1]) else [NEWLINE, NEWLINE]
        spans += () if isinstance(piece, Code) else piece.runs
    return [run_json(span) for span in (*gap, *tidy(spans))]


def _heads(piece: Piece) -> bool:
    return isinstance(piece, Text) and piece.opens


def _preformatted(piece: Code) -> Block:
    made: dict[str, JSONValue] = {
        "type": "rich_text_preformatted",
        "elements": [run_json(Span(piece.text))],
    }
    if piece.quoted:
        made["border"] = 1
    return made


def _list(first: Bullet, sections: Sequence[Block]) -> Block:
    made: dict[str, JSONValue] = {
        "type": "rich_text_list",
        "style": "ordered" if first.ordered else "bullet",
        "indent": first.indent,
        "elements": list(sections),
    }
    if first.ordered and first.number > 1:
        made["offset"] = first.number - 1
    if first.quoted:
        made["border"] = 1
    return made
