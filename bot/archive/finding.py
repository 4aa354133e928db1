"""Which issue a member means by a few words.

Pure. Works on the little that names an issue, not on its text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

NUMBERED = re.compile(r"(?:第\s*|#\s*|no\.?\s*|issue\s*#?\s*)?(\d{1,7})\s*期?", re.IGNORECASE)
DAY = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})")
DATE_PREFIX = re.compile(r"^\d{4}-\d{2}-\d{2}-")


@dataclass(frozen=True, slots=True)
class Card:
    """What names an issue. `day` is its date in the site's zone."""

    id: str
    path: str
    url: str
    title: str
    day: date | None
    number: int | None


def found(words: str, cards: Sequence[Card]) -> str | None:
    """The id of the issue that is meant, None if there is no such one.

    Args:
        words: a number, a date, a slug or path, or a part of a title.
        cards: all issues, newest first. Where several fit, the newest is meant.
    """
    wanted = words.strip()
    if not wanted:
        return None
    day = day_in(wanted)
    if day is not None:
        return next((card.id for card in cards if card.day == day), None)
    numbered = NUMBERED.fullmatch(wanted)
    if numbered:
        return by_number(int(numbered.group(1)), cards)
    return by_name(wanted.casefold(), cards)


def day_in(words: str) -> date | None:
    """The day that `2026-06-05` or `20260605` names, None for anything else."""
    parts = DAY.fullmatch(words)
    if parts is None:
        return None
    try:
        return date(int(parts.group(1)), int(parts.group(3)), int(parts.group(4)))
    except ValueError:
        return None


def by_number(number: int, cards: Sequence[Card]) -> str | None:
    """The issue of a number; where none has one, they count from the oldest."""
    if any(card.number is not None for card in cards):
        return next((card.id for card in cards if card.number == number), None)
    return cards[-number].id if 1 <= number <= len(cards) else None


def by_name(wanted: str, cards: Sequence[Card]) -> str | None:
    """The issue with a slug or path, else the first whose title has the words."""
    named = (card.id for card in cards if wanted.strip("/") in names_of(card))
    titled = (card.id for card in cards if wanted in card.title.casefold())
    return next(named, None) or next(titled, None)


def names_of(card: Card) -> frozenset[str]:
    """All that may be called the slug of an issue, in small letters."""
    path = PurePosixPath(card.path)
    stem = path.parent.name if path.stem in {"index", "_index"} else path.stem
    page = card.url.rstrip("/").rpartition("/")[2].removesuffix(".html")
    names = {card.path, str(path.with_suffix("")), stem, DATE_PREFIX.sub("", stem), page}
    return frozenset(name.casefold() for name in names if name)
