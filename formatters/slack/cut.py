"""Where a long text may be cut: after sentences, else between words, else between characters.

Pure. Never inside a link or a run of emphasis as long as that fits, never inside a grapheme.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise, takewhile
from operator import attrgetter

from formatters.document import Span

_SENTENCE = re.compile(r"(?<=[。！？…；\n])(?![」』”’）)】])|(?<=[.!?;])\s+(?=\S)")
_WORD = re.compile(r"(?<=\s)(?=\S)")
_LONG_WORD = 20  # what is longer is cut: an address, or a language without spaces
_JOINER = "\u200d"


def sentences(text: str) -> tuple[str, ...]:
    """Part a text after its sentences; together the parts are the text again."""
    return _parts(text, _SENTENCE)


def words(text: str) -> tuple[str, ...]:
    """Part a text before its words; together the parts are the text again."""
    return _parts(text, _WORD)


def stretches(text: str, size: int) -> Iterator[str]:
    """Part a text into at most `size` code points each, between graphemes where one fits."""
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        while end > start and not is_boundary(text, end):
            end -= 1
        end = end if end > start else min(start + size, len(text))
        yield text[start:end]
        start = end


def shortened(text: str, size: int) -> str:
    """Cut a text to `size` code points, the last one an ellipsis if any of it is gone."""
    if len(text) <= size:
        return text
    return text[: cut_at(text, max(size - 1, 1))].rstrip() + "…"


def cut_at(text: str, size: int) -> int:
    """Where to cut a longer text so that at most `size` code points of it, and one, are left.

    Between words where one ends near; else between graphemes.
    """
    end = len(next(stretches(text, size), ""))
    space = text.rfind(" ", max(end - _LONG_WORD, 1), end + 1)
    is_inside = text[end - 1 : end + 1].isascii() and text[end : end + 1].strip()
    return space if space > 0 and is_inside else end


def shortened_bytes(text: str, size: int) -> str:
    """Cut a text to `size` UTF-8 bytes, with an ellipsis if any of it is gone."""
    if len(text.encode("utf-8", "replace")) <= size:
        return text
    kept = text.encode("utf-8", "replace")[: size - len("…".encode())].decode("utf-8", "ignore")
    end = len(kept)
    while end and not is_boundary(text, end):
        end -= 1
    return kept[:end].rstrip() + "…"


def is_boundary(text: str, at: int) -> bool:
    """Tell whether a cut before `text[at]` leaves every grapheme whole."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or (before, after) == ("\r", "\n"):
        return False
    if _extends(after):
        return False
    return not (_is_flag(before) and _is_flag(after) and _flags_before(text, at) % 2)


def atoms(spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """Part runs into what should stay together: a link, a run of emphasis, a sentence."""
    for url, group in groupby(spans, key=attrgetter("url")):
        if url:
            yield tuple(group)
            continue
        for span in group:
            if not any(span[1:]):
                yield from ((Span(part),) for part in sentences(span.text))
            else:
                yield (span,)


def smaller(atom: Sequence[Span], size: int) -> Iterator[tuple[Span, ...]]:
    """Part an atom that is too big into at most `size` code points each, between words if it can."""
    for span in atom:
        for text in _lines_of(words(span.text), size):
            yield (span._replace(text=text),)


def _lines_of(parts: Iterable[str], size: int) -> Iterator[str]:
    line = ""
    for part in (piece for word in parts for piece in stretches(word, size)):
        if len(line) + len(part) > size:
            yield line
            line = ""
        line += part
    yield line


def _parts(text: str, border: re.Pattern[str]) -> tuple[str, ...]:
    cuts = [0, *(found.end() for found in border.finditer(text)), len(text)]
    return tuple(text[a:b] for a, b in pairwise(cuts) if a < b)


def _extends(char: str) -> bool:
    return bool(
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags of flags
        or "\u1160" <= char <= "\u11ff"  # Hangul vowels and finals
    )


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    # Nobody writes more flags in a row than this; a limit keeps the walk short.
    before = reversed(text[max(at - 64, 0) : at])
    return sum(1 for _ in takewhile(_is_flag, before))
