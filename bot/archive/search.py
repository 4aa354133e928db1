"""Full-text search: the one place where the two databases ask differently.

`bot.archive.words` says what to ask; order and snippets are made here, alike for both.
"""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, cast, column, literal, or_, select, table, true
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.archive.tables import chunks, posts
from bot.archive.words import CJK, Phrase, Piece, fts5_of, parts_of, query_of, tsquery_of

BEFORE, AFTER = 40, 100
"""Characters of a snippet on either side of where the match begins."""
ELLIPSIS = "…"

chunk_words = table("chunk_words", column("rowid"), column("words"))
"""SQLite's index over `chunks`; its rowid is the id of the chunk."""


def matches(words: str, dialect: str) -> ColumnElement[bool]:
    """The condition on `posts` that all words are found, each anywhere in title or text."""
    condition: ColumnElement[bool] = true()
    for term in query_of(words):
        condition &= _found(term, dialect)
    return condition


def _found(term: Phrase | Piece, dialect: str) -> ColumnElement[bool]:
    if isinstance(term, Piece):
        return or_(
            posts.c.plain.icontains(term.text, autoescape=True),
            posts.c.title.icontains(term.text, autoescape=True),
        )
    if dialect == "postgresql":
        query = cast(literal(tsquery_of(term)), TSQUERY)
        return posts.c.id.in_(select(chunks.c.post).where(chunks.c.words.op("@@")(query)))
    rows = select(chunk_words.c.rowid).where(chunk_words.c.words.op("MATCH")(fts5_of(term)))
    return posts.c.id.in_(select(chunks.c.post).where(chunks.c.id.in_(rows)))


def in_title(words: str, title: str) -> bool:
    """Whether a title has every word of a query."""
    return all(_pattern(word).search(title) for word in parts_of(words))


def snippet(words: str, plain: str) -> str:
    """Plain text around the first place where one of the words stands, on one line."""
    at = _first_match(parts_of(words), plain)
    start, end = max(at - BEFORE, 0), min(at + AFTER, len(plain))
    start, end = _to_word_start(plain, start), _to_word_end(plain, end)
    shown = " ".join(plain[start:end].split())
    return f"{ELLIPSIS if start else ''}{shown}{ELLIPSIS if end < len(plain) else ''}"


def _first_match(words: Sequence[str], plain: str) -> int:
    found = (_pattern(word).search(plain) for word in words)
    return min((match.start() for match in found if match), default=0)


def _pattern(word: str) -> re.Pattern[str]:
    """A word as it may stand in a text: punctuation and spaces between its parts do not count."""
    parts = re.findall(f"[{CJK}]+|[^\\W{CJK}]+", word) or [word]
    return re.compile("\\W*".join(re.escape(part) for part in parts), re.IGNORECASE)


def _to_word_start(plain: str, at: int) -> int:
    space = plain.rfind(" ", max(at - BEFORE // 2, 0), at)
    return space + 1 if at and _inside_latin(plain, at) and space >= 0 else at


def _to_word_end(plain: str, at: int) -> int:
    space = plain.find(" ", at, at + BEFORE // 2)
    return space if at < len(plain) and _inside_latin(plain, at) and space >= 0 else at


def _inside_latin(plain: str, at: int) -> bool:
    return plain[at - 1 : at + 1].isascii() and plain[at - 1 : at + 1].isalnum()
