"""A calendar's text -> the events in it.

Pure. One event that cannot be read stops no other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event

from bot.ical.repeat import UnfitRuleError, starts

MOST_EVENTS = 5_000
"""Events of one calendar that are read, the last ones first: ours."""
MOST_SERIES = 500
LONGEST = 20_000  # characters of a description


BROKEN = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError, OSError)
"""What icalendar 7 raises for broken text, as long fuzzing found out."""
YEARS = range(1990, 2200)
"""In which events are taken for meant: ours."""


class NoCalendarError(ValueError):
    """A text that is no calendar; the words say what is wrong."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One sitting of an event. `start` and `end` are aware, in the event's own zone.

    With `all_day` they are midnights of the first and the last day, `end` None for one day.
    """

    title: str
    start: datetime
    end: datetime | None
    all_day: bool
    place: str
    text: str
    url: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Series:
    """All that a calendar has under one uid, soonest sitting first.

    `created` is None where it does not say; `problem` says why there are no sittings.
    """

    uid: str
    title: str
    created: datetime | None
    sittings: tuple[Happening, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """What of repeated events is read: from, up to, both aware; single ones up to `until` only."""

    since: datetime
    until: datetime


def series_in(body: bytes, *, zone: str, window: Window) -> tuple[Series, ...]:
    """Read a calendar.

    Args:
        body: as it came.
        zone: in which times are meant that name none, where the calendar names none either.
        window: how far to look.

    Returns:
        Events by their uid, in the order of the calendar.

    Raises:
        NoCalendarError: it is none.
    """
    calendar, events = _parsed(body)
    home = _home(calendar, zone)
    by_uid: dict[str, list[Event]] = {}
    for event in events[-MOST_EVENTS:]:
        uid = (
            str(event.get("uid", "")).strip()
            or f"{event.get('dtstart')} {_text(event, 'summary')}"
        )
        by_uid.setdefault(uid, []).append(event)
    repeated = [uid for uid, events in by_uid.items() if any(one.rrules for one in events)]
    too_many = set(repeated[MOST_SERIES:])
    return tuple(
        _series(uid, events, home, window)
        for uid, events in by_uid.items()
        if uid not in too_many
    )


def _parsed(body: bytes) -> tuple[Calendar, Sequence[Event]]:
    if b"BEGIN:VCALENDAR" not in body[:4096].upper():
        raise NoCalendarError("it is no calendar: it does not begin as one")
    try:
        calendar = Calendar.from_ical(body.decode("utf-8", "replace"))
        events = calendar.events
    except BROKEN as error:
        raise NoCalendarError(f"the calendar is damaged ({type(error).__name__})") from error
    return calendar, events


def _home(calendar: Calendar, zone: str) -> tzinfo:
    """The zone that a calendar names for itself, else the one given."""
    try:
        return ZoneInfo(str(calendar.get("x-wr-timezone") or zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(zone)


def _series(uid: str, events: Sequence[Event], home: tzinfo, window: Window) -> Series:
    title = _text(events[0], "summary")
    try:
        latest = _latest(events)
        master = latest.get(None) or next(iter(latest.values()))
        title = _text(master, "summary")
        sittings = tuple(sorted(_sittings(latest, home, window), key=lambda one: one.start))
        return Series(uid, title, _created(master), sittings)
    except UnfitRuleError as error:
        return Series(uid, title, None, (), str(error))
    except (
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        IndexError,
        KeyError,
    ) as error:
        return Series(uid, title, None, (), f"it cannot be read ({type(error).__name__})")


def _latest(events: Sequence[Event]) -> dict[datetime | None, Event]:
    """The newest form of the event itself (None), and of each sitting that was changed."""
    found: dict[datetime | None, Event] = {}
    for event in sorted(events, key=_version):
        told = _dated(event, "recurrence-id")
        found[None if told is None else _instant(told)] = event
    return found


def _version(event: Event) -> tuple[int, datetime]:
    modified = _dated(event, "last-modified") or _dated(event, "dtstamp") or date(1970, 1, 1)
    return int(_text(event, "sequence") or 0), _instant(modified)


def _instant(told: date) -> datetime:
    """What a sitting is known by: its moment, or for a whole day that day's midnight."""
    if isinstance(told, datetime):
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    return datetime(told.year, told.month, told.day, tzinfo=UTC)


def _created(event: Event) -> datetime | None:
    told = _dated(event, "created")
    return None if told is None else _instant(told)


def _dated(event: Event, name: str) -> date | None:
    told = getattr(event.get(name), "dt", None)
    return told if isinstance(told, date) else None


def _sittings(
    latest: dict[datetime | None, Event], home: tzinfo, window: Window
) -> Iterator[Happening]:
    master = latest.get(None)
    changed = {moment for moment in latest if moment is not None}
    if master is not None:
        first = _happening(master, home)
        length = first.end - first.start if first.end else None
        for start in starts(master, first.start, window.since, window.until):
            if _key(start, master) not in changed:
                yield replace(first, start=start, end=start + length if length else None)
    for moment in sorted(changed):
        sitting = _happening(latest[moment], home)
        if master is None or window.since <= sitting.start <= window.until:
            yield sitting


def _key(start: datetime, master: Event) -> datetime:
    """What a sitting of a series would be known by, had it been changed."""
    told = _dated(master, "dtstart")
    if not isinstance(told, datetime):
        return _instant(start.date())
    return _instant(start if told.tzinfo else start.replace(tzinfo=None))


def _happening(event: Event, home: tzinfo) -> Happening:
    told = event.start
    all_day = not isinstance(told, datetime)
    start, end = _zoned(told, home), _zoned(event.end, home)
    if not (start.year in YEARS and end.year in YEARS):
        raise UnfitRuleError(f"it is in {start.year}")
    if all_day:
        end -= timedelta(days=1)
    return Happening(
        title=_text(event, "summary"),
        start=start,
        end=end if end > start else None,
        all_day=all_day,
        place=_text(event, "location"),
        text=_text(event, "description")[:LONGEST],
        url=_text(event, "url"),
        cancelled=_text(event, "status").upper() == "CANCELLED",
    )


def _zoned(told: date, home: tzinfo) -> datetime:
    """A time in its own zone; one that names none, or UTC alone, in the calendar's."""
    if not isinstance(told, datetime):
        return datetime(told.year, told.month, told.day, tzinfo=home)
    if told.tzinfo is None:
        return told.replace(tzinfo=home)
    return told.astimezone(home) if told.tzname() == "UTC" else told


_SPACES = re.compile(r"[ \t\xa0]+")


def _text(event: Event, name: str) -> str:
    value = event.get(name, "")
    one = value[0] if isinstance(value, list) and value else value
    return _SPACES.sub(" ", str(one)).strip()
