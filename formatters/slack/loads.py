"""How much of a message its pieces use up, reckoned from their texts before any JSON is made.

Pure. Never less than what `limits` would count in the finished blocks.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from json.encoder import encode_basestring as in_json
from math import ceil
from typing import NamedTuple, assert_never

from formatters.document import Span
from formatters.message import Block
from formatters.slack import numbers
from formatters.slack.limits import BLOCK_FRAME, PER_BYTE, json_size, weight
from formatters.slack.pieces import (
    Bullet,
    Code,
    Piece,
    Quoted,
    Rich,
    Text,
    Whole,
    element,
    joins,
)
from formatters.slack.spans import NEWLINE, plain, run_json


class Load(NamedTuple):
    """How much of a message is used up: characters of JSON, weight, blocks, tables."""

    json: int = 0
    weight: int = 0
    blocks: int = 0
    tables: int = 0

    @staticmethod
    def total(loads: Sequence["Load"]) -> "Load":
        """All of them together."""
        return Load(*map(sum, zip(*loads, strict=True)))

    def plus(self, other: "Load") -> "Load":
        """Both together."""
        return Load(
            self.json + other.json,
            self.weight + other.weight,
            self.blocks + other.blocks,
            self.tables + other.tables,
        )

    def minus(self, other: "Load") -> "Load":
        """Without a part of it."""
        return Load(
            self.json - other.json,
            self.weight - other.weight,
            self.blocks - other.blocks,
            self.tables - other.tables,
        )

    def fits(self) -> bool:
        """Tell whether Slack takes as much as this in one message."""
        return (
            self.json <= numbers.MESSAGE_JSON.most
            and self.weight <= numbers.MESSAGE_WEIGHT.most
            and self.blocks <= numbers.BLOCKS.most
            and self.tables <= numbers.TABLES.most
        )

    def is_light(self) -> bool:
        """Tell whether less than half of a message is used up."""
        return self.plus(self)._replace(tables=0).fits()


class Size(NamedTuple):
    """Of runs: characters of JSON, and characters and UTF-8 bytes as Slack's escapes make them.

    Sizes add up, which weights do not.
    """

    json: int = 0
    chars: int = 0
    octets: int = 0

    def plus(self, other: "Size") -> "Size":
        """Both together."""
        return Size(
            self.json + other.json, self.chars + other.chars, self.octets + other.octets
        )

    def weight(self) -> int:
        """What text of this size weighs, without any block's frame."""
        return max(self.chars, ceil(self.octets * PER_BYTE))


_RUNS = {
    (b, i, s, c): json_size(run_json(Span("", b, i, s, c))) + 1  # a comma
    for b, i, s, c in product((False, True), repeat=4)
}
_URL = json_size(run_json(Span("", url="-"))) - json_size(run_json(Span(""))) - len('"-"')


def size_of_text(text: str) -> Size:
    """Reckon a text alone, without the frame of its run."""
    escapes = 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
    octets = len(text if text.isascii() else text.encode("utf-8", "replace"))
    return Size(len(in_json(text)) - 2, len(text) + escapes, octets + escapes)


def size_of(spans: Sequence[Span]) -> Size:
    """Reckon runs, each with a comma behind it."""
    json, chars, octets = size_of_text(plain(spans))
    return Size(json + sum(map(frame_of, spans)), chars, octets)


def frame_of(span: Span) -> int:
    """Characters of JSON around the text of a run, with a comma behind it."""
    frame = _RUNS[span[1:5]]
    return frame + _URL + len(in_json(span.url)) if span.url else frame


class Sized(NamedTuple):
    """A piece, and the size of its runs, or what it uses up as a block that is whole."""

    piece: Piece
    size: Size = Size()
    whole: Load = Load()


def sized(piece: Piece) -> Sized:
    """Reckon a piece once; runs that `tidy` would still merge count for more than they take."""
    match piece:
        case Whole():
            return Sized(piece, whole=load_of([piece.block]))
        case Code(text=text):
            return Sized(piece, size_of((Span(text),)))
        case _:
            return Sized(piece, size_of(piece.runs))


_LEAST = 4  # of weight: rounded up, with a line end before and after
_RICH = json_size([{"type": "rich_text", "elements": []}])
_GAP = json_size([run_json(Span("\n\n"))])
_BREAK = size_of((NEWLINE,))
_SECTION = json_size(element([Text(())]))
_QUOTE = json_size(element([Quoted((), 0)]))
_EMPTY_RUN = json_size(run_json(Span("")))
_CODE = {
    quoted: json_size(element([Code("", quoted=quoted)])) - _EMPTY_RUN
    for quoted in (False, True)
}


def load(part: Sized, before: Piece | None) -> Load:
    """What a piece adds to a message behind another one, at most."""
    piece, size, whole = part
    if isinstance(piece, Whole):
        return whole
    if isinstance(piece, Text) and isinstance(before, Bullet):
        size = size.plus(_BREAK)
    joined = isinstance(piece, Bullet) and joins(before, piece)
    frame = _SECTION if joined else _frame(piece)
    json_chars = frame + size.json - bool(size.json) + _GAP  # the last comma goes
    if before is None or isinstance(before, Whole):
        return Load(json_chars + _RICH, size.weight() + 2 + BLOCK_FRAME, 1)
    return Load(json_chars, size.weight() + 2)


def at_most(pieces: Sequence[Piece]) -> Load:
    """What all pieces together add to a message, at most, wherever headings part them.

    One sum for all of them takes a fraction of the time that `load` takes for each.
    """
    spans: list[Span] = []
    loads: list[Load] = []
    before: Piece | None = None
    for piece in pieces:
        if not isinstance(piece, Whole):
            loads.append(_around(piece, before))
            spans += (Span(piece.text),) if isinstance(piece, Code) else piece.runs
        before = piece
    size = size_of(spans)
    blocks = [piece.block for piece in pieces if isinstance(piece, Whole)]
    loads.append(load_of(blocks).plus(Load(len(blocks))))  # each would be a list of its own
    loads.append(Load(size.json, size.octets))  # no weight is more than these
    return Load.total(loads)


def _around(piece: Rich, before: Piece | None) -> Load:
    """What stands around the runs of a piece, at most: never less than `load` counts."""
    joined = isinstance(piece, Bullet) and joins(before, piece)
    json_chars = (_SECTION if joined else _frame(piece)) + _GAP
    if isinstance(piece, Text) and isinstance(before, Bullet):
        json_chars += _BREAK.json
    if piece.opens or before is None or isinstance(before, Whole):
        return Load(json_chars + _RICH, _LEAST + BLOCK_FRAME, 1)
    return Load(json_chars, _LEAST)


def load_of(blocks: Sequence[Block]) -> Load:
    """What finished blocks use up."""
    tables = sum(block.get("type") == "table" for block in blocks)
    return Load(json_size(blocks), weight(blocks), len(blocks), tables)


def _frame(piece: Rich) -> int:
    """Characters of JSON around a piece's runs."""
    match piece:
        case Text():
            return _SECTION
        case Quoted():
            return _QUOTE
        case Code():
            return _CODE[piece.quoted]
        case Bullet():
            return _list_frame(piece.number, piece.indent, piece.ordered, piece.quoted)
        case _:
            assert_never(piece)


@lru_cache(maxsize=1024)
def _list_frame(number: int, indent: int, ordered: bool, quoted: bool) -> int:  # noqa: FBT001  as in Bullet
    return json_size(element([Bullet((), 0, number, ordered, indent, quoted)]))
