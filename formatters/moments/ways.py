"""The ways in which a day is written, each a row of a table with what reads it.

Pure. A reader is given the post's own day and the weekday that stands beside the words.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from formatters.moments.words import DAYS, MONTHS, NUMBERS, NUMERAL, WEEKDAYS, WEEKS

_YEAR_DAYS = 366
_WEEK = 7
_SOON = timedelta(days=60)
_YEAR_MONTHS = 12

_Reader: TypeAlias = Callable[[re.Match[str], date, int | None], date | None]

_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
EN_DAYS = "|".join(sorted((day for day in WEEKDAYS if day.isascii()), key=len, reverse=True))


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day of the calendar, None if it has none of that name."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(near: date, month: int, day: int, weekday: int | None) -> date | None:
    """The day of this name nearest to the post's; of those with the right weekday, if any has.

    A day that lies close to the post's is the one: then it is the weekday that is mistaken.
    """
    years = (near.year - 1, near.year, near.year + 1)
    days = [found for year in years if (found := calendar_day(year, month, day))]
    right = [found for found in days if found.weekday() == weekday and is_close(found, near)]
    nearest = min(days, key=lambda found: abs(found - near), default=None)
    if nearest and abs(nearest - near) <= _SOON:
        return nearest
    return min(right, key=lambda found: abs(found - near), default=nearest)


def is_close(day: date, near: date) -> bool:
    """Whether two days lie within a year of each other."""
    return abs(day - near) < timedelta(days=_YEAR_DAYS)


def numbered(found: re.Match[str], near: date, weekday: int | None) -> date | None:
    """`12 月 5 日`, `2026-12-05`."""
    groups = found.groupdict()
    month, day = _number(groups["m"]), _number(groups["d"])
    if groups.get("y"):
        return calendar_day(int(groups["y"]), month, day)
    return _nearest(near, month, day, weekday)


def slashed(found: re.Match[str], near: date, weekday: int | None) -> date | None:
    """`6/19`, and `19/6` where that cannot be a month."""
    month, day = int(found["m"]), int(found["d"])
    if month > _YEAR_MONTHS:
        month, day = day, month
    return _nearest(near, month, day, weekday)


def slashed_day_first(found: re.Match[str], near: date, weekday: int | None) -> date | None:
    """`5/6` where the day comes first."""
    return _nearest(near, int(found["d"]), int(found["m"]), weekday)


def _number(text: str) -> int:
    """A number up to 31, in digits or in words: `二十七`."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return NUMBERS[text]
    return 10 * (NUMBERS[tens] if tens else 1) + (NUMBERS[ones] if ones else 0)


def _of_month(found: re.Match[str], near: date, _weekday: int | None) -> date | None:
    """`本月 15 日`, `下个月 8 号`."""
    months = near.month - 1 + (found["which"] == "下")
    return calendar_day(
        near.year + months // _YEAR_MONTHS, months % _YEAR_MONTHS + 1, int(found["d"])
    )


def named(found: re.Match[str], near: date, weekday: int | None) -> date | None:
    """`5 December`, `Dec 5, 2026`."""
    month, day = MONTHS[found["name"].lower()], int(found["d"])
    year = found["y"]
    return calendar_day(int(year), month, day) if year else _nearest(near, month, day, weekday)


def _from_today(found: re.Match[str], near: date, _weekday: int | None) -> date | None:
    return near + timedelta(days=DAYS[found["word"].lower()])


def _of_week(found: re.Match[str], near: date, _weekday: int | None) -> date | None:
    """`下周三`, `next Tuesday`; a bare `周三` or `on Wednesday` is the next one to come."""
    which = (found["which"] or "").lower().strip()
    day = WEEKDAYS[(found["day"] or "六").lower()]
    monday = near - timedelta(days=near.weekday()) + timedelta(weeks=WEEKS[which])
    named = monday + timedelta(days=day)
    is_bare = which in {"", "this", "coming"}
    return named + timedelta(days=_WEEK) if is_bare and named < near else named


def _by_weekday(found: re.Match[str], near: date, _weekday: int | None) -> date | None:
    """`Tuesday 28th`, `28 号（周六）`: the next day with that number and that weekday."""
    number, weekday = int(found["d"]), WEEKDAYS[found["wd"].lower()]
    months = (near.month - 1 + ahead for ahead in range(_YEAR_MONTHS))
    days = (
        calendar_day(near.year + month // _YEAR_MONTHS, month % _YEAR_MONTHS + 1, number)
        for month in months
    )
    return next((day for day in days if day and day >= near and day.weekday() == weekday), None)


_MONTH_NAME = rf"(?P<name>{_NAME})\b\.?"
_ORDINAL = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?![\d:：.]?\d)"
WAYS: tuple[tuple[re.Pattern[str], _Reader, bool, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader, loose, relative)
    for pattern, reader, loose, relative in (
        (r"(?<![\d.])(?P<y>20\d\d)\s?[年/.-]\s?(?P<m>\d{1,2})\s?[月/.-]\s?(?P<d>\d{1,2})(?!\d)(?:\s?[日号號](?!线))?", numbered, False, False),
        (r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>20\d\d)(?!\d)", numbered, False, False),
        (r"(?<![\d.年-])(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})(?!\d)(?!\s?[个個月年])(?:\s?[日号號](?!线))?", numbered, False, False),
        (rf"\b{_MONTH_NAME}\s{{1,3}}{_ORDINAL}(?:,?\s{{1,2}}(?P<y>20\d\d)\b)?", named, False, False),
        (rf"\b(?<![\d.:/-]){_ORDINAL}(?:\s?[-–—/]\s?|\sto\s|(?P<pair>\s(?:and|&)\s))(?:(?:{EN_DAYS})\s)?(?P<last>\d{{1,2}})(?:th|st|nd|rd)?\s{{1,3}}(?:of\s)?{_MONTH_NAME}(?:,?\s{{1,2}}(?P<y>20\d\d)\b)?", named, False, False),
        (rf"\b(?<![\d.:/-]){_ORDINAL}(?:\s{{1,3}}(?:of\s)?|-){_MONTH_NAME}(?:(?:,?\s{{1,2}}|-)(?P<y>20\d\d)\b)?", named, False, False),
        (rf"\b{_MONTH_NAME}['’]s\b[^.,;\d]{{0,40}}\bon\sthe\s{_ORDINAL}(?:,?\s{{1,2}}(?P<y>20\d\d)\b)?", named, False, False),
        (rf"(?<![一二三四五六七八九十])(?P<m>十[一二]?|[一二三四五六七八九])\s?月\s?(?P<d>{NUMERAL})\s?[日号號]", numbered, False, False),
        (r"(?P<which>本|这个|下)个?月\s?(?P<d>\d{1,2})\s?[日号號]", _of_month, False, True),
        (r"(?<![\d/.-])(?P<d>1[3-9]|2\d|3[01])[/.](?P<m>\d{1,2})[/.](?P<y>20\d\d)(?!\d)", numbered, False, False),
        (r"(?<![\d/.-])(?P<m>\d{1,2})/(?P<d>1[3-9]|2\d|3[01])/(?P<y>20\d\d)(?!\d)", numbered, False, False),
        (r"(?<![\d/.-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![/.]\d|\d|-\d{1,2}(?![/\d]))", slashed, True, False),
        (r"(?:^\W{0,3}|(?<=[(（]))(?P<d>\d{1,2})\.\s?(?P<m>0[1-9]|1[0-2])\.(?!\d)", numbered, True, False),
        (r"^\s*(?P<m>0\d|1[0-2])-(?P<d>[0-3]\d)(?![\d-])", numbered, True, False),
        (r"(?:^[^\w.]{0,4}|(?<=[|｜（(【；;：:]))(?P<m>\d{1,2})\.(?P<d>\d{1,2})(?![\d.%xX+*]|\s?(?:版|发布|release|[ap]\.?m\b))", numbered, True, False),
        (rf"(?P<word>{'|'.join(sorted((w for w in DAYS if not w.isascii()), key=len, reverse=True))})", _from_today, False, True),
        (rf"\b(?P<word>{'|'.join(w for w in DAYS if w.isascii())})\b", _from_today, False, True),
        (r"(?<!每)(?P<which>上上|下下|上|本|这|這|当|下)(?:个|個)?(?:(?:周|星期|礼拜)(?:(?P<day>[一二三四五六日天])|末))", _of_week, False, True),
        (r"(?<![每双隔上下本这當当逢个至到、和及跟一二三四五六日天-])(?P<which>)(?:周|星期)(?P<day>[一二三四五六日天])(?![一二三四五六日天至到、和及-])", _of_week, True, True),
        (rf"\b(?P<wd>{EN_DAYS}),?\s(?:the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b(?!\s(?:of\s)?(?:{_NAME})\b)", _by_weekday, False, False),
        (rf"\bthe\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)\s?[(,]\s?(?P<wd>{EN_DAYS})\b", _by_weekday, False, False),
        (r"(?<![月\d]\s)(?<![月\d])(?P<d>\d{1,2})\s?[日号]\s?[（(]?(?:周|星期)(?P<wd>[一二三四五六日天])", _by_weekday, False, False),
        (rf"\b(?P<which>this|next|last|coming)\s(?P<day>{EN_DAYS})\b", _of_week, False, True),
        (rf"\b(?:on|by)\s(?P<which>)(?P<day>{EN_DAYS})\b", _of_week, True, True),
    )
)  # fmt: skip
