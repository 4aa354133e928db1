"""Moments as headers write them, in any generator's or author's form.

Pure. What has two readings (`05/06/2024`) is none: a wrong day is worse than no day.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_OFFSETS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "jst": 9, "kst": 9, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
}  # fmt: skip
"""Hours; the first rows are RFC 2822's (section 4.3), the last have no other meaning in use."""

_MONTH = r"([A-Za-z]{3,9})\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_DAYS = (
    (
        re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)(?:\s*[日号])?"),
        "ymd",
    ),
    (re.compile(rf"{_MONTH}\s+{_DAY},?\s+(\d{{4}})(?!\d)"), "mdy"),
    (re.compile(rf"{_DAY}[\s-]+{_MONTH},?[\s-]+(\d{{4}})(?!\d)"), "dmy"),
    (re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)"), "dmy"),
    (re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)"), "??y"),
)
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]?\s+", re.IGNORECASE
)
_TIME = re.compile(
    r"(?:[T\s,]\s*(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?"
    r"\s*([ap])?(?(5)\.?m\.?))?\s*",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{2}):?(\d{2})?(?:\s+\(?[A-Za-z ]{2,40}\)?)?")
_DIGITS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_SECONDS, _MILLISECONDS = 10, 13  # digits of a Unix time since 2001
_YEARS = range(1900, 9000)  # no sum may leave the calendar from there
_HALF_DAY = 12
_ISO_DAY = 10  # characters; what is longer has a time


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment, aware. `date_only`: no time was written; `zoned`: the zone was."""

    at: datetime
    date_only: bool
    zoned: bool


def stamp(written: str, zone: tzinfo) -> Stamp | None:
    """The moment meant, None if no calendar knows it or it has two readings.

    Args:
        written: one line, as `2024-05-06T10:00:00+08:00`, `May 6, 2024` or a Unix time.
        zone: where none is written.
    """
    text = written.strip()
    found = _digits(text) if text.isdecimal() else _iso(text) or _words(text, zone)
    if found is None or found.at.year not in _YEARS:
        return None
    return found if found.zoned else replace(found, at=found.at.replace(tzinfo=zone))


def _iso(text: str) -> Stamp | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Stamp(at, len(text) <= _ISO_DAY, at.tzinfo is not None)


def _digits(text: str) -> Stamp | None:
    if len(text) in {_SECONDS, _MILLISECONDS}:
        seconds = int(text) / (1000 if len(text) == _MILLISECONDS else 1)
        return Stamp(datetime.fromtimestamp(seconds, UTC), date_only=False, zoned=True)
    try:
        at = datetime.strptime(text, _DIGITS.get(len(text), ""))  # noqa: DTZ007  the caller knows the zone
    except ValueError:
        return None
    return Stamp(at, len(text) == min(_DIGITS), zoned=False)


def _words(text: str, zone: tzinfo) -> Stamp | None:
    """Day, time and zone, each in its own forms, with nothing left over."""
    weekday = _WEEKDAY.match(text)
    day = _day(text, weekday.end() if weekday else 0)
    clock = _TIME.match(text, day[1]) if day else None
    if not day or not clock:
        return None
    try:
        at = datetime(*day[0], *_clock(clock))  # noqa: DTZ001  its zone comes next
    except ValueError:
        return None
    rest = text[clock.end() :].strip()
    if not rest:
        return Stamp(at, clock[1] is None, zoned=False)
    own = _zone(rest, zone, at)
    return None if own is None else Stamp(at.replace(tzinfo=own), clock[1] is None, zoned=True)


def _day(text: str, at: int) -> tuple[tuple[int, int, int], int] | None:
    """Year, month, day, and where the text goes on."""
    for pattern, order in _DAYS:
        found = pattern.match(text, at)
        parts = _parts(found.groups(), order) if found else None
        if found and parts:
            return parts, found.end()
    return None


def _parts(groups: tuple[str, ...], order: str) -> tuple[int, int, int] | None:
    one, two = groups[:2]
    if order == "??y":
        if one != two and max(int(one), int(two)) <= _HALF_DAY:
            return None  # a day and a month, and nothing tells which
        order = "dmy" if int(one) > _HALF_DAY else "mdy"
    named = dict(zip(order, groups, strict=True))
    month = _month(named["m"])
    return (int(named["y"]), month, int(named["d"])) if month else None


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    word = written.lower()
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


def _clock(found: re.Match[str]) -> tuple[int, int, int, int]:
    hour, half = int(found[1] or 0), (found[5] or "").lower()
    if half and hour in range(1, _HALF_DAY + 1):
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)
    return hour, int(found[2] or 0), int(found[3] or 0), int((found[4] or "").ljust(6, "0"))


def _zone(written: str, site: tzinfo, at: datetime) -> tzinfo | None:
    """The zone written: an offset, an IANA name, or letters that mean one; the site's first."""
    offset = _OFFSET.fullmatch(written)
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return _fixed(-size if offset[1] == "-" else size)
    if written.casefold() == (site.tzname(at) or "").casefold():
        return site
    if "/" in written:
        return _named(written)
    hours = _OFFSETS.get(written.casefold())
    return None if hours is None else _fixed(timedelta(hours=hours))


def _fixed(offset: timedelta) -> tzinfo | None:
    return timezone(offset) if abs(offset) < timedelta(days=1) else None


def _named(written: str) -> tzinfo | None:
    try:
        return ZoneInfo(written)
    except (ValueError, OSError, KeyError):  # as unknown names, wrong ones and folders raise
        return None
