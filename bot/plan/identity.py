"""Which file is which post: known by its path, else by what it says of itself, else by its text.

Pure. A post that moves stays the post it was, so nothing is announced.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from bot.model.ids import PostId

LATELY = timedelta(days=7)
"""How long a vanished post is looked for by its text: a file that moves is back soon."""
NEAR = timedelta(days=3)
"""How far apart the dates of one post may be where a correction has changed them."""
ALIKE = {(True, True): 0.3, (True, False): 0.5, (False, True): 0.8, (False, False): 0.95}
"""Share of the text that two files must have in common to be one post, if they are called alike,
and if they are dated alike: ours. Short issues of one newsletter, written by habit, share more than
half of it; to take a new issue for an old one would lose it."""
TELLING = 120
"""Characters of a text that say something without a name: a shorter one may be any post's."""
COMPARED = 100
"""Files that are compared with all others by their text in one look. A move of more, with every
text, title, number and date changed, is left to the breaker."""

_STRETCH = 8  # characters that make one sample of a text
_SAMPLES = 256


@dataclass(frozen=True)  # without slots: samples are costly and kept
class Face:
    """What a file can be recognised by. `url` is its page's address, "" if unknown.

    `key` is the path for a file that is looked for, the post's id for one that is missed.
    `aliases` are other paths and addresses under which it was known. `title` is "" if other posts
    have the same one, as where each issue is called `News`.
    """

    key: str
    path: str
    revision: str
    text: str = ""
    title: str = ""
    number: int | None = None
    date: datetime | None = None
    url: str = ""
    guid: str = ""
    aliases: tuple[str, ...] = ()

    @cached_property
    def samples(self) -> tuple[int, ...]:
        """Fixed samples of the text, spaces aside, whatever order it stands in; sorted."""
        text = "".join(self.text.split())
        stretches = {
            zlib.crc32(text[at : at + _STRETCH].encode("utf-8", "replace"))
            for at in range(max(len(text) - _STRETCH + 1, 1))
        }
        return tuple(sorted(stretches)[:_SAMPLES])


class _Pair(NamedTuple):
    likeness: float
    appeared: Face
    missed: Face


def moves(appeared: Sequence[Face], missed: Sequence[Face]) -> Mapping[str, PostId]:
    """Find the posts that files at new paths are.

    Args:
        appeared: files at paths where no post is known.
        missed: posts whose files are not where they were, newest first.

    Returns:
        Path -> id of the post, where there is one. No post is given twice.
    """
    found: dict[str, PostId] = {}
    taken: set[str] = set()
    for pairs in (_told(appeared, missed), _same(appeared, missed), _akin(appeared, missed)):
        _take(pairs, found, taken)
    rest = [face for face in appeared if face.key not in found][:COMPARED]
    left = [face for face in missed if face.key not in taken][:COMPARED]
    alike = (_Pair(_likeness(one, other), one, other) for one in rest for other in left)
    best = sorted((pair for pair in alike if pair.likeness > 0), key=lambda p: -p.likeness)
    _take(best, found, taken)
    return found


def _take(pairs: Iterable[_Pair], found: dict[str, PostId], taken: set[str]) -> None:
    for _, one, other in pairs:
        if one.key not in found and other.key not in taken:
            found[one.key] = PostId(other.key)
            taken.add(other.key)


def _told(appeared: Sequence[Face], missed: Sequence[Face]) -> Iterator[_Pair]:
    """Pairs of which the new file says itself that it is the old one."""
    by_guid = {face.guid: face for face in missed if face.guid}
    by_place = {place: face for face in reversed(missed) for place in _places(face)}
    for one in appeared:
        names = (by_guid.get(one.guid), *(by_place.get(_place(way)) for way in one.aliases))
        yield from (_Pair(1, one, other) for other in names if other is not None)


def _same(appeared: Sequence[Face], missed: Sequence[Face]) -> Iterator[_Pair]:
    """Pairs with the same text to the letter; of several such posts the newest first."""
    by_text: dict[str, list[Face]] = {}
    for other in missed:
        by_text.setdefault(other.revision, []).append(other)
        if len(other.text) >= TELLING:
            by_text.setdefault(other.text, []).append(other)
    for one in appeared:
        alike = (*by_text.get(one.revision, ()), *by_text.get(one.text, ()))
        yield from (_Pair(1, one, other) for other in alike)


def _akin(appeared: Sequence[Face], missed: Sequence[Face]) -> list[_Pair]:
    """Pairs with much of their text in common among those that share a title, number or date."""
    families: dict[object, list[Face]] = {}
    for other in missed:
        for name in _names(other):
            families.setdefault(name, []).append(other)
    pairs = {
        (one.key, other.key): _Pair(_likeness(one, other), one, other)
        for one in appeared
        for name in _names(one)
        for other in families.get(name, ())
    }
    return sorted((p for p in pairs.values() if p.likeness > 0), key=lambda p: -p.likeness)


def _names(face: Face) -> tuple[object, ...]:
    """What two of a kind may have in common; a number is no title and no date."""
    return tuple(
        name for name in (face.title, face.number, face.date) if name not in ("", None)
    )


def _likeness(one: Face, other: Face) -> float:
    """How much two texts have in common, from 0 to 1; 0 where that is too little."""
    if one.number is not None and other.number is not None and one.number != other.number:
        return 0
    if not (one.text and other.text):
        return 0
    named = _is_called_alike(one, other)
    if not named and len(one.text) < TELLING:
        return 0
    shared = _shared(one.samples, other.samples)
    return shared if shared >= ALIKE[named, _is_dated_alike(one, other)] else 0


def _is_called_alike(one: Face, other: Face) -> bool:
    titled = bool(one.title) and one.title == other.title
    return titled or (one.number is not None and one.number == other.number)


def _is_dated_alike(one: Face, other: Face) -> bool:
    if one.date is None or other.date is None:
        return one.date is other.date
    return abs(one.date - other.date) <= NEAR


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of common samples among the smallest of both: an estimate for the whole texts."""
    a, b = set(one), set(other)
    smallest = tuple(islice(sorted(a | b), _SAMPLES))
    return sum(sample in a and sample in b for sample in smallest) / len(smallest)


def _places(face: Face) -> tuple[str, ...]:
    return tuple(place for place in (_place(face.path), _place(face.url)) if place)


def _place(way: str) -> str:
    """A path or an address without host, scheme, slashes at its ends and `index.html`."""
    path = unquote(urlsplit(way).path) if "://" in way or way.startswith("/") else way
    return path.strip("/").removesuffix("index.html").rstrip("/").casefold()
