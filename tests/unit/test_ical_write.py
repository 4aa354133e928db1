"""Calendars as other programs read them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from bot.agenda import Gathering, GatheringState, Teller
from bot.ical.write import About, calendar
from bot.model.ids import PostId
from bot.model.posts import Meetup
from tests.fakes import NOON

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
POST = PostId("weekly:a.md")
ABOUT = About(
    "Lanternfish 活动",
    "zh",
    "Asia/Shanghai",
    {POST: Teller(POST, "Weekly 7", "https://l.example/7", "zh")},
)


def a_gathering(title: str = "灯笼鱼 Meetup", **told: object) -> Gathering:
    """An evening in Hangzhou."""
    meetup = Meetup(
        post=POST,
        title=title,
        start=datetime(2026, 12, 5, 19, tzinfo=SHANGHAI),
        end=datetime(2026, 12, 5, 21, tzinfo=SHANGHAI),
        all_day=False,
        place="杭州 西溪路 88 号",
        online=True,
        kind="meetup",
        register_url="https://l.example/join?a=1&b=2",
        url="https://l.example/meetup",
        speakers="小明; Ann, Bob",
    )
    meetup = replace(meetup, **told)  # type: ignore[arg-type]
    return Gathering("u1", meetup, (POST, PostId("weekly:gone.md")), changed_at=NOON)


def read(body: bytes) -> list[icalendar.Event]:
    """The events of a calendar."""
    return icalendar.Calendar.from_ical(body).events


def test_two_readers_find_the_same_event_in_it():
    """Title, times in their zone, place, state: as icalendar and as vobject read them."""
    body = calendar([a_gathering()], ABOUT)

    (event,) = read(body)
    other = vobject.readOne(body.decode()).vevent
    assert event["summary"] == other.summary.value == "灯笼鱼 Meetup"
    assert event["uid"] == other.uid.value == "u1@digestbot"
    start = datetime(2026, 12, 5, 11, tzinfo=UTC)
    assert event.start == other.dtstart.value == start
    assert event.end == other.dtend.value == start + timedelta(hours=2)
    assert event["location"] == other.location.value == "杭州 西溪路 88 号 · 线上"
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 0)
    assert event["url"] == "https://l.example/meetup"
    assert event.DTSTAMP == event.LAST_MODIFIED == NOON
    assert event["description"] == other.description.value
    assert str(event["description"]).splitlines() == [
        "嘉宾：小明; Ann, Bob",
        "报名：https://l.example/join?a=1&b=2",
        "来源：Weekly 7 https://l.example/7",
    ]


def test_the_calendar_has_a_name_a_zone_and_a_pace():
    """What programs show, and how often they are asked to come."""
    text = calendar([a_gathering()], ABOUT).decode()

    for line in (
        "X-WR-CALNAME:Lanternfish 活动",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "METHOD:PUBLISH",
        "BEGIN:VTIMEZONE",
        "DTSTART;TZID=Asia/Shanghai:20261205T190000",
    ):
        assert f"\r\n{line}\r\n" in text
    assert calendar([a_gathering()], ABOUT).decode() == text


def test_the_zone_is_told_for_both_halves_of_the_year():
    """Summer and winter time around a clock change."""
    starts = [datetime(2026, month, 20, 18, tzinfo=BERLIN) for month in (3, 4)]
    text = calendar([a_gathering(start=start, end=None) for start in starts], ABOUT).decode()

    found = [event.dtstart.value for event in vobject.readOne(text).vevent_list]
    assert [moment.astimezone(UTC).hour for moment in found] == [17, 16]
    assert "TZNAME:CEST" in text


def test_a_zone_without_a_name_becomes_utc():
    """An offset alone cannot be told as a zone."""
    start = datetime(2026, 12, 5, 19, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))

    (event,) = read(calendar([a_gathering(start=start, end=None)], ABOUT))

    assert event["dtstart"].to_ical() == b"20261205T223000Z"
    assert "dtend" not in event


@pytest.mark.parametrize("days", [1, 3])
def test_whole_days_end_on_the_day_after(days: int):
    """An end without an hour is the first day that is free again."""
    first = datetime(2026, 12, 5, tzinfo=SHANGHAI)
    end = first + timedelta(days=days - 1) if days > 1 else None

    (event,) = read(calendar([a_gathering(start=first, end=end, all_day=True)], ABOUT))

    assert (event.start, event.end) == (date(2026, 12, 5), date(2026, 12, 5 + days))


def test_what_is_off_is_cancelled_under_the_same_name():
    """A program takes it off; one that does not know how shows a title that says so."""
    off = replace(a_gathering(), state=GatheringState.WITHDRAWN, sequence=2)
    said = replace(
        a_gathering("取消：直播", cancelled=True), state=GatheringState.CANCELLED, sequence=1
    )

    found = read(calendar([off, said], ABOUT))

    assert [(one["status"], one["sequence"], one["summary"]) for one in found] == [
        ("CANCELLED", 2, "已取消：灯笼鱼 Meetup"),
        ("CANCELLED", 1, "取消：直播"),
    ]


def test_a_moved_one_says_so():
    """From which day."""
    moved = replace(a_gathering(), moved_from=datetime(2026, 12, 1, 19, tzinfo=SHANGHAI))

    assert "2026-12-01" in str(read(calendar([moved], ABOUT))[0]["description"])


HOSTILE = "a\r\nEND:VEVENT\r\nBEGIN:VALARM\x00\x07;,\\\u2028:\ud800 b"


def test_text_of_others_stays_text():
    """Line ends, signs and control characters open nothing; addresses that are none are left out."""
    hostile = a_gathering(
        HOSTILE,
        place=HOSTILE,
        speakers=HOSTILE,
        kind=HOSTILE,
        url="https://x.example/\r\nATTACH:evil",
        register_url="javascript:alert(1)",
        live_url="https://x.example/会 议",
        replay_url="https://x.example/会议",
    )
    about = replace(ABOUT, name=HOSTILE)

    body = calendar([hostile], about)

    calendars = icalendar.Calendar.from_ical(body)
    (event,) = calendars.events
    assert event.subcomponents == []
    assert "url" not in event
    assert "ATTACH:evil" not in body.decode().splitlines()
    assert "https://x.example/%E4%BC%9A%E8%AE%AE" in str(event["description"])
    assert len(vobject.readOne(body.decode()).vevent_list) == 1


def test_long_lines_are_folded_between_characters():
    """No line of more than 75 bytes, and no character of three bytes cut in two."""
    title = "灯笼鱼社区活动，欢迎报名" * 20

    body = calendar([a_gathering(title)], ABOUT)

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    for line in body.split(b"\r\n"):
        line.decode()
    assert read(body)[0]["summary"] == title


def test_an_event_with_little_to_say_says_little():
    """No empty lines; one that was never recorded still has a stamp."""
    bare = replace(
        a_gathering(
            register_url="", url="", place="", online=False, kind="", speakers="", end=None
        ),
        sources=(),
        changed_at=None,
    )

    (event,) = read(calendar([bare], ABOUT))

    assert not {"description", "location", "url", "categories"} & {key.lower() for key in event}
    assert "dtstamp" in event


def test_a_calendar_may_be_empty():
    """It is still one; what has no date stands on no day."""
    assert read(calendar([], ABOUT)) == []
    assert "dtstart" not in read(calendar([a_gathering(start=None)], ABOUT))[0]
