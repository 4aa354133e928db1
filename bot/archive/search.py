"""Full-text search: the one place where the two databases ask differently.

`bot.archive.words` says what to ask; rank and snippets are made here, alike for both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Select,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.archive.tables import chunks, posts
from bot.archive.words import (
    CJK,
    Phrase,
    Piece,
    folded,
    folded_places,
    fts5_of,
    parts_of,
    query_of,
    tsquery_of,
)

BEFORE, AFTER = 40, 100
"""Characters of a snippet on either side of where the match begins."""
ELLIPSIS = "…"
FADES = timedelta(days=365)
"""After so long a match counts half: ours, for news."""
UNDATED = 3 * FADES
"""How old an issue without a date is taken to be."""

chunk_words = table("chunk_words", column("rowid"), column("words"))
"""SQLite's index over `chunks`; its rowid is the id of the chunk."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text on one line, and where in it the words stand that were looked for."""

    text: str
    marks: tuple[tuple[int, int], ...]


def matching(words: str, dialect: str) -> Select[tuple[str, float]]:
    """The posts that have all words, each anywhere in title or text: `post` and `weight`.

    The weight is the sum over the words, each by the weightiest passage that has it.
    """
    terms = query_of(words)
    found = union_all(*(_found(term, dialect) for term in terms)).subquery()
    return (
        select(found.c.post, func.sum(found.c.weight).label("weight"))
        .group_by(found.c.post)
        .having(func.count() == len(terms))
    )


def _found(term: Phrase | Piece, dialect: str) -> Select[tuple[str, float]]:
    """A row for each post that has one word."""
    if isinstance(term, Piece):
        return select(posts.c.id.label("post"), literal(1.0).label("weight")).where(
            or_(
                posts.c.plain.icontains(term.text, autoescape=True),
                posts.c.title.icontains(term.text, autoescape=True),
            )
        )
    rows = select(chunks.c.post, func.max(chunks.c.weight).label("weight"))
    if dialect == "postgresql":
        query = cast(literal(tsquery_of(term)), TSQUERY)
        rows = rows.where(chunks.c.words.op("@@")(query))
    else:
        ids = select(chunk_words.c.rowid).where(chunk_words.c.words.op("MATCH")(fts5_of(term)))
        rows = rows.where(chunks.c.id.in_(ids))
    return rows.group_by(chunks.c.post)


def worth(weight: float, date: datetime | None, now: datetime) -> float:
    """How good a match is: what the passage weighs, and less with the years."""
    age = UNDATED if date is None else max(now - date, timedelta())
    return weight / (1 + age / FADES)


def snippet(words: str, plain: str) -> Snippet:
    """Plain text around the first place where one of the words stands."""
    text, places = folded_places(plain)
    found = sorted(_matches(words, text, places))
    at = found[0][0] if found else 0
    start, end = max(at - BEFORE, 0), min(at + AFTER, len(plain))
    start, end = _to_word_start(plain, start), _to_word_end(plain, end)
    inside = [mark for mark in found if start <= mark[0] and mark[1] <= end]
    return _on_one_line(plain, start, end, inside)


def _matches(words: str, text: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where words stand in a text, as places in the text before it was folded."""
    for word in parts_of(words):
        pattern = _pattern(word)
        for match in pattern.finditer(text):
            yield places[match.start()], places[match.end() - 1] + 1


def _pattern(word: str) -> re.Pattern[str]:
    """A word as it may stand in a folded text.

    Punctuation and spaces between its parts do not count; a Latin one stands at a word's start.
    """
    parts = re.findall(f"[{CJK}]+|[^\\W{CJK}]+", folded(word))
    if not parts:
        return re.compile(re.escape(folded(word)))
    start = "" if re.match(f"[{CJK}]", parts[0]) else f"(?<![^\\W_{CJK}])"
    return re.compile(start + "[\\W_]*".join(map(re.escape, parts)))


def _on_one_line(plain: str, start: int, end: int, marks: Sequence[tuple[int, int]]) -> Snippet:
    """A stretch of text with single spaces, its marks moved along."""
    shown = ELLIPSIS if start else ""
    moved: list[tuple[int, int]] = []
    at = start
    for first, last in marks:
        if first < at:
            continue  # within another one
        shown += _single_spaced(plain[at:first], bare=at == start)
        moved.append((len(shown), len(shown) + len(_single_spaced(plain[first:last]))))
        shown += _single_spaced(plain[first:last])
        at = last
    shown += _single_spaced(plain[at:end], bare=at == start).rstrip()
    return Snippet(f"{shown}{ELLIPSIS if end < len(plain) else ''}", tuple(moved))


def _single_spaced(text: str, *, bare: bool = False) -> str:
    """Each gap as one space; `bare` of one at the beginning."""
    spaced = re.sub(r"\s+", " ", text)
    return spaced.lstrip() if bare else spaced


def _to_word_start(plain: str, at: int) -> int:
    space = plain.rfind(" ", max(at - BEFORE // 2, 0), at)
    return space + 1 if at and _inside_latin(plain, at) and space >= 0 else at


def _to_word_end(plain: str, at: int) -> int:
    space = plain.find(" ", at, at + BEFORE // 2)
    return space if at < len(plain) and _inside_latin(plain, at) and space >= 0 else at


def _inside_latin(plain: str, at: int) -> bool:
    return plain[at - 1 : at + 1].isascii() and plain[at - 1 : at + 1].isalnum()
