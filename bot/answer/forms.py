"""The form in which a maintainer says what is true of a meetup: written out, and read again.

Pure. Times are of the zone that the form itself names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bot.answer.gathering import KINDS, PLAIN_KIND
from bot.answer.layout import Voice
from bot.model.ids import PostId
from bot.model.posts import Meetup
from formatters.message import Block
from formatters.slack.inputs import Field, choice_field, day_field, text_field, time_field
from formatters.slack.spans import can_link

OTHER = "other"
LINKS = ("register_url", "live_url", "replay_url")
YES, NO = "yes", "no"
LONGEST = 200
"""Characters of a title, a place or names of speakers: ours."""

Faults: TypeAlias = dict[str, str]
"""Name of a field -> key of what is wrong with it."""

BLANK = Meetup(
    post=PostId(""),
    title="",
    start=None,
    end=None,
    all_day=False,
    place="",
    online=False,
    kind=PLAIN_KIND,
    register_url="",
    url="",
)
"""A meetup of which nobody has said anything."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent. `faults` says what is wrong; if anything is, `meetup` is not to be used."""

    meetup: Meetup
    faults: Mapping[str, str]
    takes_place: bool


def form(meetup: Meetup, zone: str, voice: Voice, *, cancelled: bool) -> tuple[Block, ...]:
    """The fields, filled in with what is known.

    Args:
        meetup: as it is known.
        zone: for one without times, or in a zone without a name.
        voice: speaks to the maintainer.
        cancelled: whether one has to be asked if it takes place after all.
    """
    start, end = (_in_named(moment, zone) for moment in (meetup.start, meetup.end))
    timed = not meetup.all_day
    ends = end if end and start and end.date() > start.date() else None
    yes_no = ((NO, voice.plain("form.no")), (YES, voice.plain("form.yes")))
    kinds = [(kind, voice.plain(f"kind.{kind}")) for kind in (*KINDS, OTHER)]
    ask = (choice_field(_field("takes_place", voice), yes_no, NO),) if cancelled else ()
    return (
        *ask,
        text_field(_field("title", voice, optional=False), meetup.title),
        day_field(_field("date", voice, optional=False), _day(start)),
        time_field(_field("time", voice, hint=True), _hour(start) if timed else ""),
        day_field(_field("end_date", voice, hint=True), _day(ends)),
        time_field(_field("end_time", voice), _hour(end) if timed else ""),
        text_field(_field("zone", voice, optional=False), _zone(start) or zone),
        text_field(_field("place", voice), meetup.place),
        choice_field(
            _field("online", voice, optional=False), yes_no, YES if meetup.online else NO
        ),
        choice_field(_field("kind", voice, optional=False), kinds, meetup.kind),
        *(text_field(_field(name, voice), getattr(meetup, name)) for name in LINKS),
        text_field(_field("speakers", voice), meetup.speakers),
    )


def filled(fields: Mapping[str, str], known: Meetup) -> Filled:
    """Read a form.

    Args:
        fields: as `bot.model.people.Command` has them.
        known: what it was filled in with; what the form does not ask for stays.
    """
    faults: Faults = {}
    said = {
        name: " ".join(fields.get(name, "").split()) for name in ("title", "place", "speakers")
    }
    faults |= {name: "too_long" for name, words in said.items() if len(words) > LONGEST}
    if not said["title"]:
        faults["title"] = "missing"
    links = {name: fields.get(name, "").strip() for name in LINKS}
    faults |= {name: "no_link" for name, url in links.items() if url and not _is_link(url)}
    zone = fields.get("zone", "").strip()
    if zone not in available_timezones():
        faults["zone"] = "no_zone"
        zone = "UTC"
    start, end = _times(fields, ZoneInfo(zone), faults)
    meetup = replace(
        known,
        title=said["title"],
        place=said["place"],
        speakers=said["speakers"],
        register_url=links["register_url"],
        live_url=links["live_url"],
        replay_url=links["replay_url"],
        start=start,
        end=end,
        all_day=not fields.get("time"),
        online=fields.get("online") == YES,
        kind=fields.get("kind") or known.kind,
    )
    return Filled(meetup, faults, fields.get("takes_place") == YES)


def _times(
    fields: Mapping[str, str], zone: ZoneInfo, faults: Faults
) -> tuple[datetime | None, datetime | None]:
    """When it begins and ends, by a day at least; what contradicts itself is a fault."""
    first, hour = _date(fields.get("date", "")), _time(fields.get("time", ""))
    last, until = _date(fields.get("end_date", "")), _time(fields.get("end_time", ""))
    if first is None:
        faults["date"] = "missing"
        return None, None
    start = datetime.combine(first, hour or time(), zone)
    if hour is None:
        if until is not None:
            faults["time"] = "no_start"
        end = datetime.combine(last, time(), zone) if last else None
    else:
        end = datetime.combine(last or first, until, zone) if until else None
        if last and until is None:
            faults["end_time"] = "missing"
    if end is not None and end < start:
        faults["end_time" if until else "end_date"] = "ends_first"
    return start, end


def _field(name: str, voice: Voice, *, optional: bool = True, hint: bool = False) -> Field:
    words = voice.plain(f"form.hint.{name}") if hint else ""
    return Field(name, voice.plain(f"form.{name}"), words, optional)


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


def _hour(moment: datetime | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _in_named(moment: datetime | None, zone: str) -> datetime | None:
    """A moment in a zone that has a name."""
    if moment is None or isinstance(moment.tzinfo, ZoneInfo):
        return moment
    return moment.astimezone(ZoneInfo(zone))


def _zone(moment: datetime | None) -> str:
    zone = moment.tzinfo if moment else None
    return zone.key if isinstance(zone, ZoneInfo) else ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _is_link(url: str) -> bool:
    return can_link(url) and urlsplit(url).scheme in {"http", "https"}
