"""Gatherings -> a calendar that programs subscribe to.

Pure: the same gatherings give the same bytes. What others wrote is text here, whatever is in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from icalendar import Calendar, Event, vText

from bot.agenda import Gathering, GatheringState, Teller
from bot.model.ids import PostId
from bot.model.posts import Meetup
from formatters.phrases import words

PRODUCT = "-//digestbot//meetups//EN"
AGAIN = timedelta(hours=1)
"""How often programs are asked to look: ours; they come when they like."""
MOST_SOURCES = 5

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_OF_ADDRESSES = ":/?#[]@!$&'()*+,;=%~-._"


@dataclass(frozen=True, slots=True)
class About:
    """What a calendar is called, in which language it speaks, and the zone it is at home in."""

    name: str
    language: str
    zone: str
    tellers: Mapping[PostId, Teller] = field(default_factory=dict)


def calendar(gatherings: Sequence[Gathering], about: About) -> bytes:
    """Write a calendar.

    Args:
        gatherings: dated ones, as they are recorded; those that are off are told as cancelled.
        about: the calendar, and the posts that tell of the gatherings.
    """
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, vText(plain(" ".join(about.name.split()))), encode=False)
    made.add("x-wr-timezone", about.zone)
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for one in gatherings:
        made.add_component(_event(one, about))
    years = [one.meetup.start.year for one in gatherings if one.meetup.start]
    if years:
        made.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    return bytes(made.to_ical())


def plain(text: str) -> str:
    """Text without what no calendar may contain."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n")).strip()


def address(url: str) -> str:
    """An address in ASCII, "" for what is none."""
    return quote(url, safe=_OF_ADDRESSES) if _ADDRESS.fullmatch(url) else ""


def _event(one: Gathering, about: About) -> Event:
    meetup = one.meetup
    event = Event()
    event.add("uid", f"{one.uid}@digestbot")
    changed = one.changed_at or datetime(1970, 1, 1, tzinfo=UTC)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", one.sequence)
    event.add("summary", _summary(one, about.language))
    for name, moment in _times(meetup):
        event.add(name, moment)
    event.add("status", "CONFIRMED" if one.state is GatheringState.ON else "CANCELLED")
    said = {
        "location": _location(meetup, about.language),
        "description": "\n".join(_description(one, about)),
        "url": address(meetup.url) or address(meetup.register_url),
        "categories": [plain(meetup.kind)] if meetup.kind else "",
    }
    for name, value in said.items():
        if value:
            event.add(name, value)
    return event


def _summary(one: Gathering, language: str) -> str:
    title = plain(" ".join(one.meetup.title.split()))
    if one.state is GatheringState.ON or one.meetup.cancelled:
        return title
    return words(language, "calendar.cancelled", title=title)


def _times(meetup: Meetup) -> Iterator[tuple[str, datetime | date]]:
    """Start and end; of whole days the end is the day after the last one."""
    if meetup.start is None:
        return
    if meetup.all_day:
        last = (meetup.end or meetup.start).date()
        yield "dtstart", meetup.start.date()
        yield "dtend", last + timedelta(days=1)
        return
    yield "dtstart", _zoned(meetup.start)
    if meetup.end:
        yield "dtend", _zoned(meetup.end)


def _zoned(moment: datetime) -> datetime:
    """A moment in a zone that calendars can name."""
    return moment if getattr(moment.tzinfo, "key", "") else moment.astimezone(UTC)


def _location(meetup: Meetup, language: str) -> str:
    place = plain(" ".join(meetup.place.split()))
    online = words(language, "calendar.online") if meetup.online else ""
    return " · ".join(part for part in (place, online) if part)


def _description(one: Gathering, about: About) -> Iterator[str]:
    """Who speaks, where to register, to watch and to read more."""
    meetup = one.meetup
    said = (
        ("speakers", plain(meetup.speakers)),
        ("register", address(meetup.register_url)),
        ("live", address(meetup.live_url)),
        ("replay", address(meetup.replay_url)),
    )
    for name, value in said:
        if value:
            yield words(about.language, f"calendar.{name}", value=value)
    if one.moved_from:
        yield words(about.language, "calendar.moved", when=f"{one.moved_from:%Y-%m-%d}")
    tellers = [about.tellers[post] for post in one.sources if post in about.tellers]
    for teller in tellers[:MOST_SOURCES]:
        where = " ".join(filter(None, (plain(teller.title), address(teller.url))))
        yield words(about.language, "calendar.source", value=where)
