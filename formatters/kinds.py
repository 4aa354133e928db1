"""What a heading names: the kind of its section, by words against words.

Pure. A community's own words come from its `Profile`; these are what newsletters in general say.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from formatters.document import Profile, SectionKind
from formatters.vocabulary import ALWAYS, FILLING, NEUTRAL, WEAK, WORDS

_MAX_TITLE = 200  # characters; what is longer is no heading that anybody reads
# An English word, or one letter of a script that has no gaps between words.
_TOKEN = re.compile(r"[a-z0-9]+|[^\W\x00-\x7f_]")
_ASIDE = re.compile(r"[(（][^)）]{0,60}[)）]")
_PARTS = re.compile(r"[|｜:：—–]| - ")
# A heading so many times as wide as a word in it, at its end or elsewhere, is about more.
_LAST_OF, _WORD_OF, _LETTERS_OF = 5, 3, 8


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text.casefold()))


_WEAK = frozenset(map(_tokens, WEAK))


@dataclass(frozen=True, slots=True)
class Named:
    """What a heading names. `share` is the part of its width that says so, from 0 to 1.

    `is_weak` tells that its words may as well name a part of something else, as videos of events.
    """

    kind: SectionKind
    share: float
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`columns` is its width; `is_own` tells that it is the community's."""

    tokens: tuple[str, ...]
    kind: SectionKind
    is_own: bool
    columns: int
    is_chinese: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    """A phrase and the place of its first token in the heading."""

    at: int
    phrase: _Phrase

    @property
    def end(self) -> int:
        return self.at + len(self.phrase.tokens)


class Kinds:
    """The words of a community and of newsletters in general, made ready to be looked for."""

    def __init__(self, own: Mapping[SectionKind, tuple[str, ...]]) -> None:
        self._by_first: dict[str, list[_Phrase]] = {}
        for words, is_own in ((WORDS, False), (own, True)):
            for kind, phrases in words.items():
                for phrase in filter(None, map(_tokens, phrases)):
                    wide = 1 if phrase[:2] == FILLING else _columns(phrase)
                    made = _Phrase(phrase, kind, is_own, wide, _is_chinese(phrase))
                    self._by_first.setdefault(phrase[0], []).append(made)
        self._remembered = lru_cache(maxsize=4096)(self._named)

    def named(self, title: str) -> Named | None:
        """What a title names, None if it says nothing. Of a long one only the beginning counts."""
        return self._remembered(title[:_MAX_TITLE])

    def _named(self, title: str) -> Named | None:
        bare = _ASIDE.sub(" ", title)
        found = self._without_aside(bare)
        return self._without_aside(title) if found is None and bare != title else found

    def _without_aside(self, title: str) -> Named | None:
        """The first part of a title that names something decides: `Events | What a release!`."""
        parts = [_tokens(part) for part in _PARTS.split(title)]
        tokens = tuple(token for part in parts for token in part)
        hits = list(_widest(self._hits(tokens)))
        end = 0
        for part in parts:
            start, end = end, end + len(part)
            inside = [hit for hit in hits if start <= hit.at < end]
            here = [hit for hit in inside if _decides(hit, part, is_last=hit.end == end)]
            if here:
                best = max(here, key=_weight(here)).phrase
                share = best.columns / _width(title, best, tokens)
                return Named(best.kind, share, best.tokens in _WEAK and not best.is_own)
        return None

    def _hits(self, tokens: tuple[str, ...]) -> Iterator[_Hit]:
        for at, token in enumerate(tokens):
            for phrase in self._by_first.get(token, ()):
                if tokens[at : at + len(phrase.tokens)] == phrase.tokens:
                    yield _Hit(at, phrase)


def kinds_of(profile: Profile) -> Kinds:
    """The words of a profile and those in general; of the same profile always the same object."""
    return _ready(tuple(profile.sections.items()))


@lru_cache(maxsize=64)
def _ready(own: tuple[tuple[SectionKind, tuple[str, ...]], ...]) -> Kinds:
    return Kinds(dict(own))


def _weight(hits: Iterable[_Hit]) -> Callable[[_Hit], tuple[int, int, bool]]:
    """What decides between words: in Chinese the last one, else the longest; then the own one."""
    if any(hit.phrase.is_chinese for hit in hits):
        return lambda hit: (hit.end, hit.phrase.columns, hit.phrase.is_own)
    return lambda hit: (hit.phrase.columns, hit.end, hit.phrase.is_own)


def _widest(hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """Hits but for those within another one, or whose end begins it: `community meeting summary`."""
    every = tuple(hits)
    return (hit for hit in every if not any(_covers(other, hit) for other in every))


def _covers(one: _Hit, other: _Hit) -> bool:
    holds = one.at <= other.at and other.end <= one.end
    longer = len(one.phrase.tokens) > len(other.phrase.tokens)
    return (holds and longer) or other.at < one.at < other.end < one.end


def _decides(hit: _Hit, part: Iterable[str], *, is_last: bool) -> bool:
    """Whether a part of a heading is about a word in it."""
    phrase, around = hit.phrase, _columns(part)
    if phrase.is_own or phrase.tokens[0] in ALWAYS:
        return True
    if phrase.is_chinese:
        return phrase.columns * _LETTERS_OF >= around
    most = _LAST_OF if is_last else _WORD_OF
    return len(phrase.tokens) > 1 or phrase.columns * most >= around


def _width(title: str, best: _Phrase, tokens: Iterable[str]) -> int:
    """How wide a title is that names something: in Chinese without names of projects and filling."""
    if not best.is_chinese:
        return _columns(tokens)
    letters = [token for token in _tokens(NEUTRAL.sub("", title)) if not token.isascii()]
    return max(_columns(letters), best.columns)


def _is_chinese(tokens: Iterable[str]) -> bool:
    return not all(token.isascii() for token in tokens)


def _columns(tokens: Iterable[str]) -> int:
    return sum(len(token) if token.isascii() else 2 for token in tokens)
