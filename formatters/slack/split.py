"""Pieces -> messages that Slack accepts: cut between sections first, then ever smaller.

Pure. A message's budget is `numbers.MESSAGE_JSON` and `numbers.MESSAGE_WEIGHT`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from formatters.document import Span
from formatters.message import Block
from formatters.slack import numbers
from formatters.slack.cut import atoms, smaller, stretches
from formatters.slack.limits import json_size, weight
from formatters.slack.pieces import (
    Bullet,
    Code,
    Piece,
    Quoted,
    Rich,
    Text,
    Whole,
    assemble,
    element,
    joins,
    section,
)
from formatters.slack.spans import run_json, tidy

_FRAME = 100  # of `weight`, for each block
_RICH = json_size([{"type": "rich_text", "elements": []}])
_GAP = json_size([{"type": "text", "text": "\n\n"}])
# One character costs at most 5 of weight (`&`, which counts as `&amp;`) and 2 of JSON.
_WORST = 5


@dataclass(frozen=True, slots=True)
class Load:
    """How much of a message is used up: characters of JSON, weight, blocks, tables."""

    json: int = 0
    weight: int = 0
    blocks: int = 0
    tables: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(
            self.json + other.json,
            self.weight + other.weight,
            self.blocks + other.blocks,
            self.tables + other.tables,
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
        doubled = self + self
        return replace(doubled, tables=0).fits()


def messages(
    pieces: Iterable[Piece], *, ending: Sequence[Block] = ()
) -> tuple[tuple[Block, ...], ...]:
    """Pack pieces into as few messages as reads well, in order, each within every limit.

    Args:
        pieces: of one post, in order.
        ending: blocks to stand at the end of the first message, whatever else is in it.
    """
    packed = _pack(_chunks(pieces), _load_of(ending))
    made = [assemble(part) for part in packed]
    return tuple(part for part in ((*made[0], *ending), *made[1:]) if part)


def _chunks(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Headings with what stands below them; a heading right below another stays with it."""
    chunk: list[Piece] = []
    for piece in pieces:
        if piece.opens and not all(before.opens for before in chunk):
            yield chunk
            chunk = []
        chunk.append(piece)
    if chunk:
        yield chunk


def _pack(chunks: Iterable[list[Piece]], reserved: Load) -> list[list[Piece]]:
    messages: list[list[Piece]] = [[]]
    load = reserved
    for chunk in chunks:
        if messages[-1] and not (load + _total(chunk)).fits() and not _may_start(chunk, load):
            messages, load = [*messages, []], Load()
        for piece in _divided(chunk):
            cost = _cost(piece, messages[-1][-1] if messages[-1] else None)
            if not (load + cost).fits():
                messages, load = [*messages, []], Load()
                cost = _cost(piece, None)
            messages[-1].append(piece)
            load += cost
    return messages


def _may_start(chunk: Sequence[Piece], load: Load) -> bool:
    """A chunk that no message holds whole may start in one that is still light."""
    headings = 1 + next((i for i, piece in enumerate(chunk) if not piece.opens), len(chunk))
    starts = (load + _total(chunk[:headings])).fits()
    return starts and load.is_light() and not _total(chunk).fits()


def _total(chunk: Sequence[Piece]) -> Load:
    total, before = Load(), None
    for piece in chunk:
        total += _cost(piece, before)
        before = piece
    return total


def _cost(piece: Piece, before: Piece | None) -> Load:
    """What a piece adds to a message behind another one, at most."""
    if isinstance(piece, Whole):
        return _load_of([piece.block])
    if isinstance(piece, Bullet) and joins(before, piece):
        body = section(piece)
    else:
        body = element([piece], before)
    inner = Load(json_size(body) + _GAP, weight([body]) - _FRAME + 2)
    if before is None or isinstance(before, Whole):
        return inner + Load(_RICH, _FRAME, 1)
    return inner


def _load_of(blocks: Sequence[Block]) -> Load:
    tables = sum(block.get("type") == "table" for block in blocks)
    return Load(json_size(blocks), weight(blocks), len(blocks), tables)


# ------------------------------------------------------------------ pieces too big for any message


def _divided(chunk: Iterable[Piece]) -> Iterator[Piece]:
    for piece in chunk:
        # Whole blocks always fit: whoever makes one sees to that.
        if isinstance(piece, Whole) or _cost(piece, None).fits():
            yield piece
        else:
            yield from _divide(piece)


def _divide(piece: Rich) -> Iterator[Piece]:
    match piece:
        case Code():
            yield from (replace(piece, text=text) for text in _code_parts(piece))
        case Bullet():
            first, *rest = _run_parts(piece)
            yield replace(piece, runs=first)
            yield from (Text(runs) for runs in rest)
        case _:
            yield from (replace(piece, runs=runs) for runs in _run_parts(piece))


def _code_parts(piece: Code) -> Iterator[str]:
    room = numbers.MESSAGE_WEIGHT.most // _WORST - _FRAME
    kept = ""
    for line in piece.text.splitlines(keepends=True):
        for part in stretches(line, room):
            if kept and not _cost(replace(piece, text=kept + part), None).fits():
                yield kept.removesuffix("\n")
                kept = ""
            kept += part
    yield kept


def _run_parts(piece: Text | Bullet | Quoted) -> Iterator[tuple[Span, ...]]:
    kept: list[Span] = []
    load = frame = _cost(replace(piece, runs=()), None)
    for atom in _small_atoms(piece, frame):
        cost = _atom_cost(atom, kept[-1] if kept else None)
        if kept and not (load + cost).fits():
            yield tidy(kept)
            kept, load = [], frame
            cost = _atom_cost(atom, None)
        kept += atom
        load += cost
    yield tidy(kept)


def _small_atoms(piece: Text | Bullet | Quoted, frame: Load) -> Iterator[tuple[Span, ...]]:
    for atom in atoms(piece.runs):
        if (frame + _atom_cost(atom, None)).fits():
            yield atom
        else:
            yield from smaller(atom, _room(atom))


def _atom_cost(atom: Sequence[Span], before: Span | None) -> Load:
    body = [run_json(span) for span in atom]
    if len(atom) == 1 and before and replace(before, text="") == replace(atom[0], text=""):
        return Load(json_size(atom[0].text), weight(body) - _FRAME)  # the two will be one run
    return Load(json_size(body), sum(weight([run]) - _FRAME + 1 for run in body))


def _room(atom: Sequence[Span]) -> int:
    """Characters of which one run of this atom surely fits a message, twice over."""
    url = max(len(span.url) for span in atom)
    return (numbers.MESSAGE_JSON.most - 2 * url) // _WORST // 2
