"""Dates and times as people write them in prose, Chinese and English.

Pure. A year that is not written is the one that brings the date nearest to the post's.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATES = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)\s*[年/.-]\s*(?P<m>\d{1,2})\s*[月/.-]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"),
    re.compile(rf"\b{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y>20\d\d)\b)?", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+(?P<y>20\d\d)\b)?", re.IGNORECASE),
    re.compile(r"(?<![\d/.])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])"),
)  # fmt: skip
_TIME = re.compile(
    r"(凌晨|早上?|上午|中午|下午|傍晚|今晚|晚上?)?\s*(?<!\d)(\d{1,2})(?!\d)\s*"
    r"(?:[:：]\s*(\d{1,2})(?!\d)(?:\s*([ap]m))?|[点时]\s*(半)?|([ap]m))",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"[\s,，（(]{0,4}(?:(?:本|下|这)?(?:周|星期)[一二三四五六日天]|明天|后天|今天)?[\s,，）)（(]{0,4}"
)
_TO = re.compile(r"\s{0,3}(?:[-–—~～]{1,2}|至|到|to\b|until\b)\s{0,3}")
_NOON = 12

Times: TypeAlias = tuple[time, time | None]


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of time, aware. `end` is None where none was given, `phrase` the words.

    With `all_day` no times were given: `start` and `end` are midnights of the first and the
    last day.
    """

    start: datetime
    end: datetime | None
    all_day: bool
    phrase: str
    at: int = 0

    def at_times(self, times: Times, zone: ZoneInfo) -> "When":
        """The same days with times that stood elsewhere."""
        start, end = times
        last = datetime.combine((self.end or self.start).date(), end, zone) if end else None
        return When(datetime.combine(self.start.date(), start, zone), last, False, self.phrase)  # noqa: FBT003


def when_in(text: str, *, near: date, zone: ZoneInfo) -> When | None:
    """The first date of a text, with the times and the end that belong to it.

    `near` is the post's own day; what is no date of the calendar (31 June) is passed over.
    """
    for found in sorted(_dates(text), key=lambda match: match.start()):
        first = _day(found, near)
        if first:
            return _stretch(text, found, first, zone)
    return None


def times_in(text: str) -> Times | None:
    """The first time of day of a text and the end of its range, if it has one."""
    found = _TIME.search(text)
    start = _clock(found) if found else None
    if not found or not start:
        return None
    to = _TO.match(text, found.end())
    until = _TIME.match(text, to.end()) if to else None
    return start, _clock(until) if until else None


def _dates(text: str) -> list[re.Match[str]]:
    return [match for pattern in _DATES for match in pattern.finditer(text)]


def _stretch(text: str, found: re.Match[str], first: date, zone: ZoneInfo) -> When:
    at, start = _time_after(text, found.end())
    last, end = None, None
    to = _TO.match(text, at)
    if to:
        until = next((m for p in _DATES if (m := p.match(text, to.end()))), None)
        last = _day(until, first) if until else None
        place = until.end() if until and last else to.end()
        end_at, end = _time_after(text, place)
        at = end_at if end else place if last else at
    begins = datetime.combine(first, start or time(), zone)
    ends = _end(begins, last, end, all_day=start is None)
    return When(begins, ends, start is None, text[found.start() : at].strip(), found.start())


def _end(
    begins: datetime, last: date | None, end: time | None, *, all_day: bool
) -> datetime | None:
    """The end; a time before the start is one of the next day."""
    if last is None and (end is None or all_day):
        return None
    ends = datetime.combine(
        last or begins.date(), (end if not all_day else None) or time(), begins.tzinfo
    )
    if ends < begins:
        return ends + timedelta(days=1) if last is None else None
    return ends


def _time_after(text: str, at: int) -> tuple[int, time | None]:
    gap = _GAP.match(text, at)
    found = _TIME.match(text, gap.end() if gap else at)
    clock = _clock(found) if found else None
    return (found.end(), clock) if found and clock else (at, None)


def _clock(found: re.Match[str]) -> time | None:
    part, hour, minute = found[1] or "", int(found[2]), int(found[3] or 0)
    minute = 30 if found[5] else minute
    half = (found[4] or found[6] or "").lower()
    if (part in {"下午", "傍晚", "晚", "晚上", "今晚"} or half == "pm") and hour < _NOON:
        hour += _NOON
    if half == "am" and hour == _NOON:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _day(found: re.Match[str], near: date) -> date | None:
    """The day meant; without a year the one nearest to `near`."""
    groups = found.groupdict()
    named = groups.get("m") or next(g for g in found.groups() if g and g[0].isalpha())
    month = int(named) if named.isdecimal() else _MONTHS.index(named[:3].lower()) + 1
    written = groups.get("y")
    years = [int(written)] if written else [near.year - 1, near.year, near.year + 1]
    days = [d for year in years if (d := _calendar(year, month, int(found["d"])))]
    return min(days, key=lambda d: abs(d - near), default=None)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
