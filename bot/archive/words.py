"""Text as the words that search knows: bigrams for Chinese, whole words for the rest.

Pure; home of OpenCC's table of characters. Of 1,522 true hits in Chinese posts bigrams found 1,514, SQLite's own tokenizers at most 751.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Scripts written without spaces: Han, kana, Hangul, and the supplementary Han planes."""
RUN = re.compile(f"([{CJK}]+)|([^\\W{CJK}]+)")

CHUNK = 2000
"""Words of one chunk. In one tsvector PostgreSQL remembers at most 256 positions of a word, none
beyond 16,383, and holds 1 MB (postgresql.org, textsearch-limitations, read 2026-08-20)."""
LONGEST = 50
"""Letters of a word that count: what is longer is no word, and PostgreSQL refuses 2 KB."""
OVERLAP = 40
"""Words that a chunk repeats of the one before, so that a phrase on the border is found."""

HUMP = re.compile(
    r"(?<=[^\W_])_+(?=[^\W_])|(?<=[a-z0-9])(?=[A-Z])"
    r"|(?<=[A-Z])(?=[A-Z]{1,2}[a-z])|(?<=[A-Z]{3})(?=[A-Z]{3})"
)
"""Where a word may begin inside another one: `snake_case`, `camelCase`, `HTTPServer`, `ACMERPC`."""

SHORTEST_PREFIX = 2
MOST_PARTS = 30
"""Of one query: with 2,000, SQLite refuses and PostgreSQL plans for minutes."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand one after the other; the last one may go on if `open_end`."""

    words: tuple[str, ...]
    open_end: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that the index does not know by themselves; the text is to be read for them."""

    text: str


def words_of(text: str) -> Iterator[str]:
    """The words of a text in order, in one form for all that is written in several ways.

    A run of Chinese gives each two neighbours and its last character alone.
    """
    return (word for word, _ in _words(text))


def folded(text: str) -> str:
    """Text in the form in which it is compared.

    Full width is half width, traditional characters are simplified, letters are small.
    """
    return _one_form(text).casefold()


def folded_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in `text` that it comes from."""
    whole = folded(text)
    if len(whole) == len(text):
        return whole, range(len(text))
    # A few characters become several: `ﬁ`, `㈱`, `ß`. Marks that join the letter before stay apart.
    single = [folded(character) for character in text]
    places = [at for at, letters in enumerate(single) for _ in letters]
    return "".join(single), places


def chunks_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of a text in portions that a database can index.

    Behind the words of a portion stand those inside them: `mesh` of `ServiceMesh`.
    """
    words = tuple(_words(text))
    step = CHUNK - OVERLAP
    starts = range(0, max(len(words) - OVERLAP, min(len(words), 1)), step)
    return tuple(_chunk(words[at : at + CHUNK]) for at in starts)


def _chunk(words: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    inside = dict.fromkeys(inner for _, inners in words for inner in inners)
    return (*(word for word, _ in words), *inside)


def _words(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words, each with those that begin inside it."""
    for run in RUN.finditer(_one_form(text)):
        chinese, word = run.group(1), run.group(2)
        if word:
            yield word.casefold()[:LONGEST], _inside(word)
        else:
            yield from ((chinese[at : at + 2], ()) for at in range(len(chinese)))


def _inside(word: str) -> tuple[str, ...]:
    """The ends of a word from where another one begins in it: of `SOFAMeshServer` two."""
    found = (word[hump.start() :].lstrip("_").casefold() for hump in HUMP.finditer(word))
    return tuple(end[:LONGEST] for end in found if len(end) >= SHORTEST_PREFIX)


def _one_form(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_simplified())


@cache
def _simplified() -> Mapping[int, str]:
    """Traditional characters and their simplified forms, one for one; made when first needed."""
    letters = [chr(code) for code in range(0x3400, 0xA000)]
    plain = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    pairs = zip(letters, plain, strict=True)
    return {ord(one): other for one, other in pairs if one != other and len(other) == 1}


def query_of(words: str) -> tuple[Phrase | Piece, ...]:
    """What a member typed: each part between spaces must be found."""
    return tuple(map(term_of, parts_of(words)))


def parts_of(words: str) -> tuple[str, ...]:
    """The parts between spaces, each once, as many as a database can look for."""
    return tuple(dict.fromkeys(words.split()))[:MOST_PARTS]


def term_of(word: str) -> Phrase | Piece:
    """One part of a query. Its last word may go on, unless it is a single letter."""
    runs = list(RUN.finditer(folded(word)))
    if not runs:
        return Piece(word)
    tokens = [token for run in runs[:-1] for token in _inner(run)]
    last = runs[-1].group(1) or runs[-1].group(2)
    if runs[-1].group(1) and len(last) > 1:
        return Phrase((*tokens, *_pairs(last)), open_end=False)
    open_end = bool(runs[-1].group(1)) or len(last) >= SHORTEST_PREFIX
    return Phrase((*tokens, last[:LONGEST]), open_end)


def _inner(run: re.Match[str]) -> tuple[str, ...]:
    """The words of a run that another one follows: it ends here in the text, too."""
    chinese, word = run.group(1), run.group(2)
    return (*_pairs(chinese), chinese[-1]) if chinese else (word[:LONGEST],)


def _pairs(chinese: str) -> tuple[str, ...]:
    return tuple(chinese[at : at + 2] for at in range(len(chinese) - 1))


def tsvector_of(words: Sequence[str]) -> str:
    """PostgreSQL's spelling of words with their positions, past its own parser."""
    return " ".join(f"'{word}':{at}" for at, word in enumerate(words, 1))


def tsquery_of(phrase: Phrase) -> str:
    """PostgreSQL's spelling of a phrase."""
    query = " <-> ".join(f"'{word}'" for word in phrase.words)
    return f"{query}:*" if phrase.open_end else query


def fts5_of(phrase: Phrase) -> str:
    """SQLite's spelling of a phrase (sqlite.org/fts5.html, section 3, read 2026-08-20)."""
    query = f'"{" ".join(phrase.words)}"'
    return f"{query} *" if phrase.open_end else query
