"""Pieces -> messages that Slack accepts: cut between sections first, then ever smaller.

Pure. A message's budget is `numbers.MESSAGE_JSON` and `numbers.MESSAGE_WEIGHT`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from formatters.document import Span
from formatters.message import Block
from formatters.slack import numbers
from formatters.slack.cut import atoms, smaller, stretches
from formatters.slack.loads import (
    Load,
    Sized,
    at_most,
    load,
    load_of,
    size_of,
    size_of_text,
    sized,
)
from formatters.slack.pieces import Bullet, Code, Piece, Quoted, Rich, Text, Whole, assemble
from formatters.slack.spans import plain, tidy
from formatters.slack.spoken import spoken

# One character costs at most 5 of weight (`&`, which counts as `&amp;`) and 2 of JSON.
_WORST = 5
_SHORT = 1_000


def messages(
    pieces: Iterable[Piece],
    *,
    ending: Sequence[Block] = (),
    continued: Callable[[str], Block] | None = None,
) -> tuple[tuple[Block, ...], ...]:
    """Pack pieces into as few messages as reads well, in order, each within every limit.

    Args:
        pieces: of one post, in order.
        ending: blocks to stand at the end of the first message, whatever else is in it.
        continued: makes the small print above a message in which a section goes on, of the
            section's heading, "" if it has none.
    """
    every = tuple(pieces)
    reserved = load_of(ending)
    # Most issues fit one message whole, and then nothing has to be reckoned piece by piece.
    fits = reserved.plus(at_most(every)).fits()
    packed = [every] if fits else _pack(_chunks(map(sized, every)), reserved, continued)
    made = [assemble(part) for part in packed]
    return tuple(part for part in ((*made[0], *ending), *made[1:]) if part)


def _chunks(parts: Iterable[Sized]) -> Iterator[list[Sized]]:
    """Headings with what stands below them; a heading right below another stays with it.

    There is at least one part.
    """
    chunk: list[Sized] = []
    has_text = False
    for part in parts:
        if part.piece.opens and has_text:
            yield chunk
            chunk, has_text = [], False
        chunk.append(part)
        has_text = has_text or not part.piece.opens
    yield chunk


def _pack(
    chunks: Iterable[list[Sized]], reserved: Load, continued: Callable[[str], Block] | None
) -> Sequence[Sequence[Piece]]:
    messages: list[list[Piece]] = [[]]
    used = reserved

    def put(part: Sized, heading: Piece | None = None) -> None:
        nonlocal used
        more = used.plus(load(part, messages[-1][-1] if messages[-1] else None))
        if not more.fits():
            mark = () if part.piece.opens else _mark(heading, part, continued)
            messages.append([one.piece for one in mark])
            more = _total((*mark, part))
        messages[-1].append(part.piece)
        used = more

    for chunk in chunks:
        loads = _loads(chunk)
        total = Load.total(loads)
        fits = used.plus(total).fits()
        if not fits and messages[-1] and not _may_start(chunk, used, loads):
            messages.append([])
            used, fits = Load(), total.fits()
        if fits:
            put(chunk[0])
            messages[-1] += [part.piece for part in chunk[1:]]
            used = used.plus(total.minus(loads[0]))
        else:
            heading: Piece | None = None
            for part in _divided(chunk):
                put(part, heading)
                heading = part.piece if part.piece.opens else heading
    return messages


def _mark(
    heading: Piece | None, part: Sized, continued: Callable[[str], Block] | None
) -> tuple[Sized, ...]:
    """What tells that a section goes on with this part, if there is room for it."""
    if continued is None:
        return ()
    title = ""
    if isinstance(heading, Whole):
        title = spoken([heading.block])
    elif heading is not None and not isinstance(heading, Code):
        title = plain(heading.runs)
    mark = sized(Whole(continued(title)))
    return (mark,) if _total((mark, part)).fits() else ()


def _may_start(chunk: Sequence[Sized], used: Load, loads: Sequence[Load]) -> bool:
    """A chunk that no message holds whole may start in one that is still light."""
    if Load.total(loads).fits() or not used.is_light():
        return False
    headings = next((i for i, part in enumerate(chunk) if not part.piece.opens), len(chunk))
    return used.plus(Load.total(loads[: headings + 1])).fits()


def _total(parts: Sequence[Sized]) -> Load:
    return Load.total(_loads(parts))


def _loads(chunk: Sequence[Sized]) -> list[Load]:
    """What each part of a chunk adds, the chunk standing for itself."""
    before = (None, *(part.piece for part in chunk))
    return [load(part, above) for part, above in zip(chunk, before, strict=False)]


# ------------------------------------------------------------------ pieces too big for any message


def _divided(chunk: Iterable[Sized]) -> Iterator[Sized]:
    for part in chunk:
        # Whole blocks always fit: whoever makes one sees to that.
        if isinstance(part.piece, Whole) or load(part, None).fits():
            yield part
        else:
            yield from map(sized, _divide(part.piece))


def _divide(piece: Rich) -> Iterator[Piece]:
    match piece:
        case Code():
            yield from (piece._replace(text=text) for text in _code_parts(piece))
        case Bullet():
            first, *rest = _run_parts(piece)
            yield piece._replace(runs=first)
            yield from (Text(runs) for runs in rest)
        case _:
            yield from (piece._replace(runs=runs) for runs in _run_parts(piece))


def _code_parts(piece: Code) -> Iterator[str]:
    room = numbers.MESSAGE_WEIGHT.most // _WORST - 100
    kept: list[str] = []
    empty = size = sized(piece._replace(text="")).size
    for line in piece.text.splitlines(keepends=True):
        for part in stretches(line, room):
            more = size.plus(size_of_text(part))
            if kept and not load(Sized(piece, more), None).fits():
                yield "".join(kept).removesuffix("\n")
                kept, more = [], empty.plus(size_of_text(part))
            kept.append(part)
            size = more
    yield "".join(kept)


def _run_parts(piece: Text | Bullet | Quoted) -> Iterator[tuple[Span, ...]]:
    kept: list[Span] = []
    used = frame = load(sized(piece._replace(runs=())), None)
    for atom in _small_atoms(piece, frame):
        cost = _atom_load(atom, kept[-1] if kept else None)
        if kept and not used.plus(cost).fits():
            yield tidy(kept)
            kept, used = [], frame
            cost = _atom_load(atom, None)
        kept += atom
        used = used.plus(cost)
    yield tidy(kept)


def _small_atoms(piece: Text | Bullet | Quoted, frame: Load) -> Iterator[tuple[Span, ...]]:
    for atom in atoms(piece.runs):
        if _is_short(atom) or frame.plus(_atom_load(atom, None)).fits():
            yield atom
        else:
            yield from smaller(atom, _room(atom))


def _is_short(atom: Sequence[Span]) -> bool:
    """Tell of most atoms at a glance that they fit, whatever signs are in them."""
    return len(atom) == 1 and len(atom[0].text) + len(atom[0].url) < _SHORT


def _atom_load(atom: Sequence[Span], before: Span | None) -> Load:
    if len(atom) == 1 and before and before[1:] == atom[0][1:]:
        size = size_of_text(atom[0].text)  # the two will be one run
        return Load(size.json + len('""'), size.weight())
    each = [size_of([span]) for span in atom]
    return Load(sum(size.json for size in each) + 1, sum(size.weight() + 1 for size in each))


def _room(atom: Sequence[Span]) -> int:
    """Characters of which one run of this atom surely fits a message, twice over."""
    url = max(len(span.url) for span in atom)
    return (numbers.MESSAGE_JSON.most - 2 * url) // _WORST // 2
