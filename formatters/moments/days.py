"""Days as people name them: by number, by name, or from today.

Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from formatters.moments.ways import (
    EN_DAYS,
    WAYS,
    calendar_day,
    is_close,
    named,
    numbered,
    slashed,
    slashed_day_first,
)
from formatters.moments.words import WEEKDAYS

_A_DAY = timedelta(days=1)
_YEAR_MONTHS = 12
_CLOSE = 24  # letters between a month and its day
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


WEEKDAY = re.compile(
    rf"(?<!每)(?<!每个)(?:(?:本|这|下|上)?(?:个)?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])|\b(?P<en>{EN_DAYS})\b\.?"
    r"|(?<=[（(])(?P<bare>[一二三四五六日])(?=[）)]))",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"[\s,，、()（）\[\]【】|｜·•]|的|[今明后]天|[今明]日|当天|当晚|开始|起|每[天晚]|T(?=\d\d:)|(?:the\s)?\d{1,2}(?:st|nd|rd|th)\b|(?:at|on|from|this|next|coming|starting)\b|@|北京时间",
    re.IGNORECASE,
)
"""What may stand between a day, its weekday and its time."""
_MOST_FILLERS = 8


_SIGN = re.compile(
    rf"\d|[今明昨前后]|[周期拜]|[一二三四五六七八九十]\s?月|day\b|tonight|tomorrow|\b(?:{EN_DAYS})\b",
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


def _lead(text: str) -> int:
    """How many signs stand before what a pattern reads: `🎁 12.28`."""
    found = re.search(r"\w", text)
    return found.start() if found else 0


def _all(text: str, near: date, *, day_first: bool) -> Iterator[Mention]:
    for pattern, usual, loose, relative in WAYS:
        reader = slashed_day_first if day_first and usual is slashed else usual
        for match in pattern.finditer(text):
            weekday = None if relative else weekday_beside(text, match.start(), match.end())
            day = reader(match, near, weekday)
            if day and day < near and usual in {numbered, named}:
                day = _of_named_year(match, day, near)
            if day is not None:
                groups = match.groupdict()
                last = calendar_day(day.year, day.month, int(groups.get("last") or 0))
                are_two = groups.get("pair") and last and last - day != _A_DAY
                yield Mention(
                    day=day,
                    at=match.start() + _lead(match[0]),
                    until=match.end("d") if are_two else match.end(),
                    weekday=weekday,
                    loose=loose and weekday is None,
                    year_given=bool(groups.get("y")),
                    relative=relative,
                    day_first=reader is slashed_day_first,
                    last=last if last and last > day and not are_two else None,
                )


_NAMED_YEAR = re.compile(r"\w\s?\b(20\d\d)(?!\d|\s?[年/.-])(?=[^.。!！?？;；\d]{0,60}$)")


def _of_named_year(match: re.Match[str], day: date, near: date) -> date:
    """A day that seems over, in the year that the name before it tells: `GUADEC 2025 ... 24 July`."""
    before = match.string[max(0, match.start() - _LINE) : match.start()]
    named = None if match.groupdict().get("y") else _NAMED_YEAR.search(before)
    told = calendar_day(int(named[1]), day.month, day.day) if named else None
    return told if told and near < told and is_close(told, near) else day


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
