"""Days and hours in words, in a zone that is always named.

Pure.
"""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.answer.layout import Voice
from bot.model.posts import Meetup
from formatters.phrases import words

CLOCK = "%H:%M"


def day(moment: datetime, language: str) -> str:
    """`20 November 2026`, `2026 年 11 月 20 日`: the day in the moment's own zone."""
    month = words(language, f"month.{moment.month}")
    return words(language, "card.date", year=moment.year, month=month, day=moment.day)


def weekday(moment: datetime, voice: Voice) -> str:
    """The day with its weekday."""
    name = voice.plain(f"weekday.{moment.isoweekday()}")
    return voice.plain("when.day", weekday=name, day=day(moment, voice.language))


def moment_in(moment: datetime, zone: str, voice: Voice) -> str:
    """Day, hour and zone."""
    there = moment.astimezone(ZoneInfo(zone))
    hour = there.strftime(CLOCK)
    return voice.plain("when.moment", day=weekday(there, voice), hour=hour, zone=zone)


def when(meetup: Meetup, voice: Voice) -> str:
    """When a meetup takes place, in its own zone; "" for an undated one."""
    if meetup.start is None:
        return ""
    if meetup.all_day:
        return days(meetup.start, meetup.end, voice)
    return hours(meetup.start, meetup.end, voice)


def when_for(meetup: Meetup, zone: str, voice: Voice) -> str:
    """The same in a reader's zone; "" where the clocks there show the same."""
    if meetup.start is None or meetup.all_day:
        return ""
    there = ZoneInfo(zone)
    if meetup.start.utcoffset() == meetup.start.astimezone(there).utcoffset():
        return ""
    end = meetup.end.astimezone(there) if meetup.end else None
    return hours(meetup.start.astimezone(there), end, voice)


def days(start: datetime, end: datetime | None, voice: Voice) -> str:
    """Whole days, from one to the other."""
    first = weekday(start, voice)
    if end is None or end.date() <= start.date():
        return first
    return voice.plain("when.span", start=first, end=weekday(end, voice))


def hours(start: datetime, end: datetime | None, voice: Voice) -> str:
    """Day and hours with the zone's name."""
    said = hour = start.strftime(CLOCK)
    if end is not None and end.date() == start.date():
        said = f"{hour}–{end.strftime(CLOCK)}"
    elif end is not None:
        last = voice.plain("when.hour", day=weekday(end, voice), hour=end.strftime(CLOCK))
        said = voice.plain("when.span", start=hour, end=last)
    return voice.plain(
        "when.moment", day=weekday(start, voice), hour=said, zone=zone_name(start.tzinfo, start)
    )


def zone_name(zone: tzinfo | None, moment: datetime) -> str:
    """`Asia/Shanghai`, or the distance from UTC where the zone has no name.

    Etc/GMT-8 is none: it counts the other way round and means UTC+08:00.
    """
    if isinstance(zone, ZoneInfo) and not zone.key.startswith("Etc/"):
        return zone.key
    offset = moment.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if offset.strip("+-0") else "UTC"
