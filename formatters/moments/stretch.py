"""A day, the times beside it and the end of its range, put together as a stretch of time.

Pure. Times are read in the zone that is written beside them, else in the site's.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from formatters.moments.clock import TIME, Span, span_at, span_in
from formatters.moments.days import FILLER, WEEKDAY, Mention, mentions
from formatters.moments.ways import calendar_day
from formatters.moments.words import TO

_MOST_FILLERS = 8
EDGES = " \t,，(（"
"""Signs around a phrase that are none of it."""
_A_DAY = timedelta(days=1)
_HALF_YEAR = timedelta(days=183)
_MOVING = 60  # letters before a day in which it may be said that something moves
_LAST_DAY = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?!\s?(?:[:：]\s?\d|[点點时時月/]))(?:\s?[日号號])?",
    re.IGNORECASE,
)
_DASH = re.compile(r"[-–—~·•:：]{1,2}\s{0,3}")
_YEAR = re.compile(r",?\s(?P<y>20\d\d)\b")
_BESIDE = re.compile(r"[)）]?\s{0,2}(?:&|\band\b|[和及与、])\s{0,2}")
"""What joins two days that follow each other; of others it makes two."""
_MOVED_FROM = re.compile(
    r"\b(?:mov(?:es?|ed|ing)|shift(?:s|ed)?|changed?|pushed|postponed|rescheduled)\b.{0,20}\bfrom\s(?:\w+day,?\s)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of time, aware. `end` is None where none was given, `phrase` the words.

    With `all_day` no times were given: `start` and `end` are midnights of the first and the
    last day. `at` and `until` tell where in the text the phrase stands. `agrees` is False where
    the weekday that is written is another than the day's; `loose`, `year_given` and `relative`
    as in `Mention`; `own_zone` tells that a zone was written.
    """

    start: datetime
    end: datetime | None
    all_day: bool
    phrase: str
    at: int = 0
    until: int = 0
    agrees: bool = True
    loose: bool = False
    year_given: bool = False
    relative: bool = False
    own_zone: bool = False

    def at_span(self, span: Span, zone: ZoneInfo) -> "When":
        """The same days with hours that stood elsewhere, in their own zone or else `zone`."""
        place = span.zone or zone
        begins = datetime.combine(self.start.date(), span.start, place)
        last = self.end.date() if self.end else None
        ends = _end(begins, last, span.end, all_day=False, next_day=span.next_day)
        return replace(
            self, start=begins, end=ends, all_day=False, own_zone=span.zone is not None
        )


def stretch(text: str, first: Mention, zone: ZoneInfo) -> When:
    """What belongs to a day: the time behind or before it, and the end of the range."""
    at, named = _gap(text, first.until)
    evening = text[first.at : first.until].lower().endswith(("晚", "tonight"))
    span = span_at(text, at, evening=evening)
    over = span.until if span else named
    last, until, over = _until(text, first, span, over)
    day = _with_year_of(last, first) if last else first.day
    if span is None:
        span = _before(text, first.at)
    place = (span.zone if span else None) or (until.zone if until else None)
    starts = span.start if span else None
    ends = (span.end if span else None) or (until.start if until else None)
    begins = datetime.combine(day, starts or time(), place or zone)
    start_at = min(first.at, span.at) if span else first.at
    return When(
        start=begins,
        end=_end(
            begins, last, ends, all_day=starts is None, next_day=bool(span and span.next_day)
        ),
        all_day=starts is None,
        phrase=text[start_at:over].strip(EDGES),
        at=start_at,
        until=over,
        agrees=first.agrees,
        loose=first.loose and starts is None,
        year_given=first.year_given,
        relative=first.relative,
        own_zone=place is not None,
    )


def _gap(text: str, at: int) -> tuple[int, int]:
    """Where a time can begin behind a day: past its weekday, brackets and small words.

    Also where the weekday is over, `at` without one.
    """
    named = at
    for _ in range(_MOST_FILLERS):
        weekday = WEEKDAY.match(text, at)
        found = weekday or FILLER.match(text, at)
        if not found:
            break
        at = found.end()
        named = at if weekday else named
    dash = _DASH.match(text, at)
    return (dash.end() if dash and TIME.match(text, dash.end()) else at), named


def _until(
    text: str, first: Mention, span: Span | None, over: int
) -> tuple[date | None, Span | None, int]:
    """The last day of a range and its time, and where the range is over."""
    if first.last or (span and span.end):
        return first.last, None, over
    joins = _BESIDE.match(text, over)
    to = joins or TO.match(text, over) or TO.match(text, _gap(text, over)[0])
    if not to or _MOVED_FROM.search(text[max(0, first.at - _MOVING) : first.at]):
        return None, None, over
    begins, named = _gap(text, to.end())
    last, end = _last_day(text, begins if named > to.end() else to.end(), first)
    if last is None or (joins and last - _with_year_of(last, first) != _A_DAY):
        return None, None, over
    times = span_at(text, _gap(text, end)[0]) if span else None
    return (last, times, times.until) if times else (last, None, end)


def _last_day(text: str, at: int, first: Mention) -> tuple[date | None, int]:
    """The day that a range ends on: a whole date, or a number of the same month."""
    for mention in mentions(text[at : at + 40], first.day, day_first=first.day_first):
        if mention.at == 0 and mention.day >= first.day and not mention.loose > first.loose:
            return mention.day, at + mention.until
        break
    found = _LAST_DAY.match(text, at)
    if not found:
        return None, at
    year = _YEAR.match(text, found.end())
    try:
        last = first.day.replace(day=int(found["d"]))
        told = last.replace(year=int(year["y"])) if year else last
    except ValueError:
        return None, at
    return (told, (year or found).end()) if last > first.day else (None, at)


def _with_year_of(last: date, first: Mention) -> date:
    """The first day of a range whose year only its last day tells."""
    if first.year_given or timedelta() <= last - first.day < _HALF_YEAR:
        return first.day
    years = (last.year, last.year - 1)
    days = [
        found for year in years if (found := calendar_day(year, first.day.month, first.day.day))
    ]
    return next((day for day in days if day <= last), first.day)


_NO_TEXT = re.compile(r"[^\s,，()（）|@]")


_JOINS = re.compile(rf"\b(?:on|of)\b|{WEEKDAY.pattern}", re.IGNORECASE)


def _before(text: str, at: int) -> Span | None:
    """A time that stands right before its day: `7pm on May 6`."""
    low = max(0, at - 40)
    span = span_in(text[:at], low)
    found = None
    while span:
        found = span
        span = span_in(text[:at], span.until)
    between = _JOINS.sub("", text[found.until : at]) if found else "x"
    return found if found and not _NO_TEXT.search(between) else None


def _end(
    begins: datetime, last: date | None, end: time | None, *, all_day: bool, next_day: bool
) -> datetime | None:
    """The end; a time before the start is one of the next day."""
    if last is None and (end is None or all_day):
        return None
    if last and end is None and not all_day:
        return None  # it ends on that day, nobody says when
    clock = time() if all_day else end or time()
    ends = datetime.combine(last or begins.date(), clock, begins.tzinfo)
    if last is None and (next_day or ends < begins):
        ends += timedelta(days=1)
    return ends if ends >= begins else None
