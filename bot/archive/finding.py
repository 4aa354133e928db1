"""Which issue a member means by a few words.

Pure. Works on the little that names an issue, not on its text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

NUMBERED = re.compile(r"(?:第\s*|#\s*|no\.?\s*|issue\s*#?\s*)?(\d{1,7})\s*期?", re.IGNORECASE)
DAY = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})")
DATE_PREFIX = re.compile(r"^\d{4}-\d{2}-\d{2}-")


@dataclass(frozen=True, slots=True)
class IssueNames:
    """What names an issue. `day` is its date in the site's zone.

    A `recalled` one is meant only where no other fits: it may have come out again, corrected.
    """

    id: str
    path: str
    url: str
    title: str
    day: date | None
    number: int | None
    recalled: bool = False


def found(words: str, issues: Sequence[IssueNames]) -> str | None:
    """The id of the issue that is meant, None if there is no such one.

    Args:
        words: a number, a date, a slug or path, or a part of a title.
        issues: all issues, newest first. Where several fit, the newest is meant.
    """
    wanted = words.strip()
    if not wanted:
        return None
    day = day_in(wanted)
    if day is not None:
        return first(issue for issue in issues if issue.day == day)
    numbered = NUMBERED.fullmatch(wanted)
    if numbered:
        return by_number(int(numbered.group(1)), issues)
    return by_name(wanted.casefold(), issues)


def day_in(words: str) -> date | None:
    """The day that `2026-06-05` or `20260605` names, None for anything else."""
    parts = DAY.fullmatch(words)
    if parts is None:
        return None
    try:
        return date(int(parts.group(1)), int(parts.group(3)), int(parts.group(4)))
    except ValueError:
        return None


def by_number(number: int, issues: Sequence[IssueNames]) -> str | None:
    """The issue of a number; where none has one, they count from the oldest."""
    if any(issue.number is not None for issue in issues):
        return first(issue for issue in issues if issue.number == number)
    return issues[-number].id if 1 <= number <= len(issues) else None


def by_name(wanted: str, issues: Sequence[IssueNames]) -> str | None:
    """The issue with a slug or path, else the first whose title has the words."""
    named = (issue for issue in issues if wanted.strip("/") in names_of(issue))
    titled = (issue for issue in issues if wanted in issue.title.casefold())
    return first(named) or first(titled)


def first(fitting: Iterable[IssueNames]) -> str | None:
    """The first issue that was not recalled, else the first one."""
    stand_first = sorted(fitting, key=lambda issue: issue.recalled)
    return stand_first[0].id if stand_first else None


def names_of(issue: IssueNames) -> frozenset[str]:
    """All that may be called the slug of an issue, in small letters."""
    path = PurePosixPath(issue.path)
    stem = path.parent.name if path.stem in {"index", "_index"} else path.stem
    page = issue.url.rstrip("/").rpartition("/")[2].removesuffix(".html")
    names = {issue.path, str(path.with_suffix("")), stem, DATE_PREFIX.sub("", stem), page}
    return frozenset(name.casefold() for name in names if name)
