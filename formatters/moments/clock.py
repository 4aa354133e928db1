"""Times of day, their ranges and the zones they are told in.

Pure. An hour of 24 is 0 of the next day; "下午 14 点" and "2pm" are the same.
"""

import re
from dataclasses import dataclass
from datetime import time
from typing import TypeAlias
from zoneinfo import ZoneInfo

from formatters.moments.words import HOURS, NUMBERS, PARTS, TO, ZONES

Times: TypeAlias = tuple[time, time | None]

_NOON = 12
_DAWN = 7  # `3 点` without a part of the day is one of the afternoon: nobody meets before dawn
_PART = "|".join(sorted(PARTS, key=len, reverse=True))
_HOUR = "|".join(sorted(HOURS, key=len, reverse=True))
_MINUTE = "(?:[一二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
TIME = re.compile(
    r"\b(?P<noon>noon|midday|midnight)\b|"
    rf"(?P<part>{_PART})?\s{{0,2}}"
    rf"(?:(?<![\d.,#/$第])(?P<hour>\d{{1,2}})(?!\d)|(?P<word>{_HOUR}))\s{{0,2}}"
    r"(?:(?:[:：]\s?|\.(?=\d\d\s?[ap]\.?m\b))(?P<minute>\d{2}|0)(?!\d)(?::\d{2})?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    rf"|(?P<sign>[点點时時])(?!间|間|代|候)钟?\s?(?:(?P<thirty>半)|(?P<quarter>[一三])刻|(?P<later>\d{{1,2}})\s?分?|(?P<spelled>{_MINUTE})分|整)?"
    r"|(?P<bare>[ap])\.?m\b\.?"
    r"|(?=\s(?-i:[ECMP][SD]?T|UTC|GMT|CES?T|BST|IST|JST|SGT)\b)"
    r"|h(?P<french>\d{2})?\b)",
    re.IGNORECASE,
)
_DASHED = re.compile(  # "7-9pm": the first hour says nothing by itself
    r"(?<![\d.,#/$-])(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2}))?\s?(?:[-–—~]|to|until|and)\s?"
    r"(?=(?P<last>\d{1,2})(?:[:：]\d{2})?\s?(?P<half>[ap])\.?m\b)",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\s{0,2}[(（]?\s?(?P<name>"
    + "|".join(sorted((re.escape(name) for name in ZONES), key=len, reverse=True))
    + r"|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+)?(?P<offset>(?:(?<=UTC)|(?<=GMT))\s?[+-−]\s?\d{1,2}(?::?[0-5]\d)?)?(?![A-Za-z])"
)
_BEFORE = re.compile(r"(?:北京|Beijing)\s?(?:时间|time)?\s{0,2}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A time or a range of times found in a text: where it begins and where it is over."""

    start: time
    end: time | None
    at: int
    until: int
    zone: ZoneInfo | None = None
    next_day: bool = False


def times_in(text: str) -> Times | None:
    """The first time of day of a text and the end of its range, if it has one."""
    found = span_in(text)
    return (found.start, found.end) if found else None


def span_in(text: str, at: int = 0) -> Span | None:
    """The first time or range at or after a place of the text."""
    for found in TIME.finditer(text, at):
        dashed = _DASHED.search(text, at, found.start() + 1)
        begins = dashed.start() if dashed else found.start()
        if span := span_at(text, begins):
            return span
    return None


def span_at(text: str, at: int, *, evening: bool = False) -> Span | None:
    """The time or range that begins right at a place of the text.

    `evening` tells that the word before it says so (`明晚`).
    """
    dashed = _DASHED.match(text, at)
    found = dashed or TIME.match(text, at)
    start = _clock(found) if found else None
    if not found or not start:
        return None
    if evening and start.hour < _NOON:
        start = start.replace(hour=start.hour + _NOON)
    to = None if dashed else TO.match(text, found.end())
    place = to.end() if to else found.end()
    until = TIME.match(text, place) if to or dashed else None
    end = _later(until, start, found) if until else None
    over = until.end() if until and end else found.end()
    zone, over = _zone(text, over)
    if zone is None and _is_at_dawn(found):
        start = start.replace(hour=start.hour + _NOON)
        end = end.replace(hour=end.hour + _NOON) if end and end.hour < _NOON else end
    if zone is None and _BEFORE.search(text, max(0, at - 16), at):
        zone = ZoneInfo("Asia/Shanghai")
    return Span(start, end, at, over, zone, next_day=bool(until and until["hour"] == "24"))


def _is_at_dawn(found: re.Match[str]) -> bool:
    """Whether `6:30` is all that is written: nobody meets before dawn, and `06:30` would be."""
    groups = found.groupdict()
    named = groups.get("part") or groups.get("half") or groups.get("sign") or groups.get("last")
    bare = groups.get("minute") and not named and len(groups.get("hour") or "00") == 1
    return bool(bare and 0 < int(groups["hour"]) < _DAWN)


def _later(until: re.Match[str], start: time, first: re.Match[str]) -> time | None:
    """The end of a range; one without a part of the day takes the start's where it must."""
    end = _clock(until)
    part = first.groupdict().get("part") or ""
    names_none = not (until["part"] or until["half"] or until["bare"])
    if end and names_none and end < start and PARTS.get(part) == _NOON and end.hour < _NOON:
        return end.replace(hour=end.hour + _NOON)
    return end


def _clock(found: re.Match[str]) -> time | None:
    groups = found.groupdict()
    if noon := groups.get("noon"):
        return time(0 if noon.lower() == "midnight" else _NOON)
    hour = HOURS[groups["word"]] if groups.get("word") else int(groups["hour"])
    minute = int(groups.get("minute") or groups.get("later") or groups.get("french") or 0)
    minute = numeral(groups["spelled"]) if groups.get("spelled") else minute
    minute = 30 if groups.get("thirty") else minute
    if quarter := groups.get("quarter"):
        minute = 15 if quarter == "一" else 45
    half = (groups.get("half") or groups.get("bare") or "").lower()
    if groups.get("last") and hour % _NOON > int(groups["last"]) % _NOON:
        half = "a" if half == "p" else "p"  # 11-1pm begins before noon
    part = (groups.get("part") or "").lower()
    at_night = bool(groups.get("sign")) and not part and 0 < hour < _DAWN
    later = half == "p" or PARTS.get(part, 0) == _NOON or at_night
    if later and hour < _NOON:
        hour += _NOON
    if half == "a" and hour == _NOON:
        hour = 0
    try:
        return time(hour % 24 if hour == 24 and not minute else hour, minute)  # noqa: PLR2004
    except ValueError:
        return None


def numeral(text: str) -> int:
    """A number below 60 in words: `三十`, `零五`."""
    tens, ten, ones = text.lstrip("零").partition("十")
    if not ten:
        return NUMBERS[tens]
    return 10 * (NUMBERS[tens] if tens else 1) + (NUMBERS[ones] if ones else 0)


def _zone(text: str, at: int) -> tuple[ZoneInfo | None, int]:
    """The zone named right behind a time, and where its name is over."""
    found = _ZONE.match(text, at)
    if not found or not found["name"]:
        return None, at
    name = found["name"]
    key = ZONES.get(name, name)
    if offset := (found["offset"] or "").replace(" ", "").replace("−", "-"):
        hours, minutes = int(offset[:3].rstrip(":")), offset[3:].strip(":")
        if minutes.strip("0"):
            return _ODD.get(offset.replace(":", "")), found.end()
        key = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    try:
        return ZoneInfo(key), found.end()
    except (KeyError, ValueError, OSError):
        return None, at


_ODD = {
    "+530": ZoneInfo("Asia/Kolkata"),
    "+0530": ZoneInfo("Asia/Kolkata"),
    "+545": ZoneInfo("Asia/Kathmandu"),
    "+0545": ZoneInfo("Asia/Kathmandu"),
    "+930": ZoneInfo("Australia/Darwin"),
    "+0930": ZoneInfo("Australia/Darwin"),
    "+330": ZoneInfo("Asia/Tehran"),
    "+0330": ZoneInfo("Asia/Tehran"),
}
