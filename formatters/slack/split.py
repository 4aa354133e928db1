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
    frame_of,
    load,
    load_of,
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
    packed = [every] if fits else _pack(_chunks(every), reserved, continued)
    made = [assemble(part) for part in packed]
    return tuple(part for part in ((*made[0], *ending), *made[1:]) if part)


def _chunks(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Headings with what stands below them; a heading right below another stays with it.

    There is at least one piece.
    """
    chunk: list[Piece] = []
    has_text = False
    for piece in pieces:
        if piece.opens and has_text:
            yield chunk
            chunk, has_text = [], False
        chunk.append(piece)
        has_text = has_text or not piece.opens
    yield chunk


def _pack(
    chunks: Iterable[list[Piece]], reserved: Load, continued: Callable[[str], Block] | None
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
        total = _total(map(sized, chunk))
        fits = used.plus(total).fits()
        if not fits and messages[-1] and not _may_start(chunk, used, total):
            messages.append([])
            used, fits = Load(), total.fits()
        if fits:
            first = sized(chunk[0])
            put(first)
            messages[-1] += chunk[1:]
            used = used.plus(total.minus(load(first, None)))
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


def _may_start(chunk: Sequence[Piece], used: Load, total: Load) -> bool:
    """A chunk that no message holds whole may start in one that is still light."""
    if total.fits() or not used.is_light():
        return False
    headings = next((i for i, piece in enumerate(chunk) if not piece.opens), len(chunk))
    return used.plus(_total(map(sized, chunk[: headings + 1]))).fits()


def _total(parts: Iterable[Sized]) -> Load:
    """What a chunk adds, standing for itself; of one that no message holds, what is too much."""
    total = Load()
    before: Piece | None = None
    for part in parts:
        total = total.plus(load(part, before))
        if not total.fits():
            break
        before = part.piece
    return total


# ------------------------------------------------------------------ pieces too big for any message


def _divided(chunk: Iterable[Piece]) -> Iterator[Sized]:
    for part in map(sized, chunk):
        # Whole blocks always fit: whoever makes one sees to that. So does what is short.
        is_short = part.size.json < _SHORT
        if isinstance(part.piece, Whole) or is_short or load(part, None).fits():
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
    frame = load(sized(piece._replace(runs=())), None)
    most_json = numbers.MESSAGE_JSON.most - frame.json
    most_weight = numbers.MESSAGE_WEIGHT.most - frame.weight
    kept: list[Span] = []
    json = weight = 0  # of what is kept: plain numbers, for there may be very many atoms
    for atom in _small_atoms(piece, frame):
        more_json, more_weight = _cost(atom, kept[-1] if kept else None)
        if kept and (json + more_json > most_json or weight + more_weight > most_weight):
            yield tidy(kept)
            kept, json, weight = [], 0, 0
            more_json, more_weight = _cost(atom, None)
        kept += atom
        json += more_json
        weight += more_weight
    yield tidy(kept)


def _small_atoms(piece: Text | Bullet | Quoted, frame: Load) -> Iterator[tuple[Span, ...]]:
    for atom in atoms(piece.runs):
        if _is_short(atom) or frame.plus(Load(*_cost(atom, None))).fits():
            yield atom
        else:
            yield from smaller(atom, _room(atom))


def _is_short(atom: Sequence[Span]) -> bool:
    """Tell of most atoms at a glance that they fit, whatever signs are in them."""
    return len(atom) == 1 and len(atom[0].text) + len(atom[0].url) < _SHORT


def _cost(atom: Sequence[Span], before: Span | None) -> tuple[int, int]:
    """Characters of JSON and weight that an atom adds behind a run."""
    if len(atom) == 1 and before and before[1:] == atom[0][1:]:
        size = size_of_text(atom[0].text)  # the two will be one run
        return size.json + len('""'), size.weight()
    json, weight = 1, 0
    for span in atom:
        size = size_of_text(span.text)
        json += size.json + frame_of(span)
        weight += size.weight() + 1
    return json, weight


def _room(atom: Sequence[Span]) -> int:
    """Characters of which one run of this atom surely fits a message, twice over."""
    url = max(len(span.url) for span in atom)
    return (numbers.MESSAGE_JSON.most - 2 * url) // _WORST // 2
