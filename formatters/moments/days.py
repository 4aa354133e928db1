"""Days as people name them: by number, by name, or from today.

Pure. Each way of writing is one row of a table.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from formatters.moments.words import DAYS, MONTHS, NUMBERS, NUMERAL, WEEKDAYS, WEEKS

_YEAR_DAYS = 366
_WEEK = 7
_SOON = timedelta(days=60)
_A_DAY = timedelta(days=1)
_YEAR_MONTHS = 12
_CLOSE = 24  # letters between a month and its day
_SUNDAY = 6
_LINE = 80  # letters before a day in which the name of its event may stand


@dataclass(frozen=True, slots=True)
class Mention:
    """A day named in a text.

    `at` and `until` tell where. `weekday` is the one written beside it, None without one;
    `agrees` is False where it is another than the day's own. `loose` marks `5/13`, which may be
    a fraction: only what stands around it tells. `last` is the end of `6–8 May`, `day_first` how
    `6/5` was read. `year_given` and `relative` tell how it was said.
    """

    day: date
    at: int
    until: int
    weekday: int | None = None
    loose: bool = False
    year_given: bool = False
    relative: bool = False
    last: date | None = None
    day_first: bool = False

    @property
    def agrees(self) -> bool:
        """Whether the weekday that is written is that of the day."""
        return self.weekday is None or self.weekday == self.day.weekday()


_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_EN_DAYS = "|".join(sorted((day for day in WEEKDAYS if day.isascii()), key=len, reverse=True))
WEEKDAY = re.compile(
    rf"(?<!每)(?<!每个)(?:(?:本|这|下|上)?(?:个)?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])|\b(?P<en>{_EN_DAYS})\b\.?"
    r"|(?<=[（(])(?P<bare>[一二三四五六日])(?=[）)]))",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"[\s,，、()（）\[\]【】|｜·•]|的|[今明后]天|[今明]日|当天|当晚|开始|起|每[天晚]|T(?=\d\d:)|(?:the\s)?\d{1,2}(?:st|nd|rd|th)\b|(?:at|on|from|this|next|coming|starting)\b|@|北京时间",
    re.IGNORECASE,
)
"""What may stand between a day, its weekday and its time."""
_MOST_FILLERS = 8

_Reader: TypeAlias = Callable[[re.Match[str], date, int | None], date | None]


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
    right = [found for found in days if found.weekday() == weekday and _is_close(found, near)]
    nearest = min(days, key=lambda found: abs(found - near), default=None)
    if nearest and abs(nearest - near) <= _SOON:
        return nearest
    return min(right, key=lambda found: abs(found - near), default=nearest)


def _is_close(day: date, near: date) -> bool:
    return abs(day - near) < timedelta(days=_YEAR_DAYS)


def _numbered(found: re.Match[str], near: date, weekday: int | None) -> date | None:
    groups = found.groupdict()
    month, day = _number(groups["m"]), _number(groups["d"])
    if groups.get("y"):
        return calendar_day(int(groups["y"]), month, day)
    return _nearest(near, month, day, weekday)


def _slashed(found: re.Match[str], near: date, weekday: int | None) -> date | None:
    """`6/19`, and `19/6` where that cannot be a month."""
    month, day = int(found["m"]), int(found["d"])
    if month > _YEAR_MONTHS:
        month, day = day, month
    return _nearest(near, month, day, weekday)


def _slashed_day_first(found: re.Match[str], near: date, weekday: int | None) -> date | None:
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


def _named(found: re.Match[str], near: date, weekday: int | None) -> date | None:
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
_WAYS: tuple[tuple[re.Pattern[str], _Reader, bool, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader, loose, relative)
    for pattern, reader, loose, relative in (
        (r"(?<![\d.])(?P<y>20\d\d)\s?[年/.-]\s?(?P<m>\d{1,2})\s?[月/.-]\s?(?P<d>\d{1,2})(?!\d)(?:\s?[日号號](?!线))?", _numbered, False, False),
        (r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>20\d\d)(?!\d)", _numbered, False, False),
        (r"(?<![\d.年-])(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})(?!\d)(?!\s?[个個月年])(?:\s?[日号號](?!线))?", _numbered, False, False),
        (rf"\b{_MONTH_NAME}\s{{1,3}}{_ORDINAL}(?:,?\s{{1,2}}(?P<y>20\d\d)\b)?", _named, False, False),
        (rf"\b(?<![\d.:/-]){_ORDINAL}(?:\s?[-–—]\s?|\sto\s|(?P<pair>\s(?:and|&)\s))(?:(?:{_EN_DAYS})\s)?(?P<last>\d{{1,2}})(?:th|st|nd|rd)?\s{{1,3}}(?:of\s)?{_MONTH_NAME}(?:,?\s{{1,2}}(?P<y>20\d\d)\b)?", _named, False, False),
        (rf"\b(?<![\d.:/-]){_ORDINAL}(?:\s{{1,3}}(?:of\s)?|-){_MONTH_NAME}(?:(?:,?\s{{1,2}}|-)(?P<y>20\d\d)\b)?", _named, False, False),
        (rf"(?<![一二三四五六七八九十])(?P<m>十[一二]?|[一二三四五六七八九])\s?月\s?(?P<d>{NUMERAL})\s?[日号號]", _numbered, False, False),
        (r"(?P<which>本|这个|下)个?月\s?(?P<d>\d{1,2})\s?[日号號]", _of_month, False, True),
        (r"(?<![\d/.-])(?P<d>1[3-9]|2\d|3[01])[/.](?P<m>\d{1,2})[/.](?P<y>20\d\d)(?!\d)", _numbered, False, False),
        (r"(?<![\d/.-])(?P<m>\d{1,2})/(?P<d>1[3-9]|2\d|3[01])/(?P<y>20\d\d)(?!\d)", _numbered, False, False),
        (r"(?<![\d/.-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![/.]\d|\d|-\d{1,2}(?![/\d]))", _slashed, True, False),
        (r"^\s*(?P<m>0\d|1[0-2])-(?P<d>[0-3]\d)(?![\d-])", _numbered, True, False),
        (r"(?:^\s*|(?<=[|｜（(【；;：:]))(?P<m>\d{1,2})\.(?P<d>\d{1,2})(?![\d.%xX+*]|\s?(?:版|发布|release|[ap]\.?m\b))", _numbered, True, False),
        (rf"(?P<word>{'|'.join(sorted((w for w in DAYS if not w.isascii()), key=len, reverse=True))})", _from_today, False, True),
        (rf"\b(?P<word>{'|'.join(w for w in DAYS if w.isascii())})\b", _from_today, False, True),
        (r"(?<!每)(?P<which>上上|下下|上|本|这|這|当|下)(?:个|個)?(?:(?:周|星期|礼拜)(?:(?P<day>[一二三四五六日天])|末))", _of_week, False, True),
        (r"(?<![每双隔上下本这當当逢个至到、和及跟一二三四五六日天-])(?P<which>)(?:周|星期)(?P<day>[一二三四五六日天])(?![一二三四五六日天至到、和及-])", _of_week, True, True),
        (rf"\b(?P<wd>{_EN_DAYS}),?\s(?:the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b(?!\s(?:of\s)?(?:{_NAME})\b)", _by_weekday, False, False),
        (rf"\bthe\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)\s?[(,]\s?(?P<wd>{_EN_DAYS})\b", _by_weekday, False, False),
        (r"(?<![月\d]\s)(?<![月\d])(?P<d>\d{1,2})\s?[日号]\s?[（(]?(?:周|星期)(?P<wd>[一二三四五六日天])", _by_weekday, False, False),
        (rf"\b(?P<which>this|next|last|coming)\s(?P<day>{_EN_DAYS})\b", _of_week, False, True),
        (rf"\b(?:on|by)\s(?P<which>)(?P<day>{_EN_DAYS})\b", _of_week, True, True),
    )
)  # fmt: skip


_SIGN = re.compile(
    rf"\d|[今明昨前后]|[周期拜]|[一二三四五六七八九十]\s?月|day\b|tonight|tomorrow|\b(?:{_EN_DAYS})\b",
    re.IGNORECASE,
)


def may_tell(text: str) -> bool:
    """Whether a text can name a day at all: a quick look before the long one."""
    return bool(_SIGN.search(text))


def mentions(text: str, near: date, *, day_first: bool = False) -> tuple[Mention, ...]:
    """The days that a text names, in order; of two that overlap, the first and longest.

    `day_first` reads `6/5` as the sixth of May.
    """
    found = sorted(
        _all(text, near, day_first=day_first), key=lambda mention: (mention.at, -mention.until)
    )
    kept: list[Mention] = []
    for mention in found:
        if kept and _is_told_again(kept[-1], mention, text):
            kept.pop()
        if not kept or mention.at >= kept[-1].until:
            kept.append(mention)
    return tuple(_with_elided(text, kept, near))


def _is_told_again(one: Mention, other: Mention, text: str) -> bool:
    """Whether a date stands right behind its weekday or word: `周四（3 月 23 日）`, `明天，5 月 7 日`."""
    vague = one.loose or (one.relative and not other.relative)
    return (
        vague and one.until <= other.at and not text[one.until : other.at].strip(" ,，(（[—–-")
    )


_ELIDED = re.compile(
    r"(?<![\d月./:：-])(?<!月 )(?P<d>\d{1,2})\s?[日号](?=\s?(?:[上下中]午|早|晚|傍晚|\d{1,2}[:：点]|[（(，,、至到和两三都也均]))"
)
_MONTH_WORD = re.compile(r"(?:本|这个|下)个?月")


def _with_elided(text: str, found: list[Mention], near: date) -> Iterator[Mention]:
    """Days of which only the number is written: `11 日下午`.

    The month was named before, by a day of it or as `本月`.
    """
    rest = iter(found)
    after = next(rest, None)
    before: Mention | None = None
    for match in _ELIDED.finditer(text):
        while after and after.at <= match.start():
            before, after = after, next(rest, None)
            yield before
        day = _named_before(match, before, near)
        if day and (not before or match.start() >= before.until):
            before = Mention(
                day,
                match.start(),
                match.end(),
                weekday_beside(text, match.start(), match.end()),
            )
            yield before
    if after:
        yield after
        yield from rest


def _named_before(match: re.Match[str], before: Mention | None, near: date) -> date | None:
    """The day of a bare number; None if it is none, or lies before the one named before it."""
    number = int(match["d"])
    if before:
        day = calendar_day(before.day.year, before.day.month, number)
        return day if day and day > before.day else None
    named = _MONTH_WORD.search(match.string, max(0, match.start() - _CLOSE), match.start())
    if not named:
        return None
    months = near.month - 1 + named[0].startswith("下")
    year, month = near.year + months // _YEAR_MONTHS, months % _YEAR_MONTHS + 1
    return calendar_day(year, month, number)


def _all(text: str, near: date, *, day_first: bool) -> Iterator[Mention]:
    for pattern, usual, loose, relative in _WAYS:
        reader = _slashed_day_first if day_first and usual is _slashed else usual
        for match in pattern.finditer(text):
            weekday = None if relative else weekday_beside(text, match.start(), match.end())
            day = reader(match, near, weekday)
            if day and day < near and usual in {_numbered, _named}:
                day = _of_named_year(match, day, near)
            if day is not None:
                groups = match.groupdict()
                last = calendar_day(day.year, day.month, int(groups.get("last") or 0))
                are_two = groups.get("pair") and last and last - day != _A_DAY
                yield Mention(
                    day=day,
                    at=match.start(),
                    until=match.end("d") if are_two else match.end(),
                    weekday=weekday,
                    loose=loose and weekday is None,
                    year_given=bool(groups.get("y")),
                    relative=relative,
                    day_first=reader is _slashed_day_first,
                    last=last if last and last > day and not are_two else None,
                )


_NAMED_YEAR = re.compile(r"\w\s?\b(20\d\d)(?!\d|\s?[年/.-])(?=[^.。!！?？;；\d]{0,60}$)")


def _of_named_year(match: re.Match[str], day: date, near: date) -> date:
    """A day that seems over, in the year that the name before it tells: `GUADEC 2025 ... 24 July`."""
    before = match.string[max(0, match.start() - _LINE) : match.start()]
    named = None if match.groupdict().get("y") else _NAMED_YEAR.search(before)
    told = calendar_day(int(named[1]), day.month, day.day) if named else None
    return told if told and near < told and _is_close(told, near) else day


def weekday_beside(text: str, start: int, end: int) -> int | None:
    """The weekday right behind a date, or right before an English one."""
    at = end
    for _ in range(_MOST_FILLERS):
        if found := WEEKDAY.match(text, at):
            return _weekday(found)
        gap = FILLER.match(text, at)
        if not gap:
            break
        at = gap.end()
    before = list(WEEKDAY.finditer(text, max(0, start - 16), start))
    if before and not text[before[-1].end() : start].strip(" ,，(（"):
        return _weekday(before[-1])
    return None


def _weekday(found: re.Match[str]) -> int:
    return WEEKDAYS[(found["zh"] or found["en"] or found["bare"]).lower()]
