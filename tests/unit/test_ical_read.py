"""Events of other people's calendars."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.ical.files import meetups_of, path_of, text_of
from bot.ical.read import NoCalendarError, Series, Window, series_in
from bot.model.ids import PostId
from bot.model.posts import Meetup
from formatters.document import Site
from formatters.events.facts import kind_of
from formatters.read import read_post

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
WINDOW = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
WEEKLY = "RRULE:FREQ=WEEKLY"


def event(
    *lines: str, uid: str = "a@x", start: str = "TZID=Europe/Berlin:20261015T180000"
) -> str:
    """An event with a start."""
    sign = "" if start.startswith(":") else ";"
    told = [f"UID:{uid}", f"DTSTART{sign}{start}", "SUMMARY:Kelp talk", *lines]
    return "\r\n".join(("BEGIN:VEVENT", *told, "END:VEVENT", ""))


def read(*events: str, head: str = "") -> tuple[Series, ...]:
    """A calendar with these events, read in Shanghai."""
    lines = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(events)}END:VCALENDAR\r\n"
    return series_in(lines.encode(), zone="Asia/Shanghai", window=WINDOW)


def days(series: Series) -> list[str]:
    """When its sittings begin."""
    return [f"{one.start:%m-%d %H:%M}" for one in series.sittings]


def test_an_event_is_read_with_all_it_says():
    """Escapes undone, in its own zone."""
    (series,) = read(
        event(
            "DTEND;TZID=Europe/Berlin:20261015T200000",
            r"LOCATION:Kelp House\, Ghent",
            r"DESCRIPTION:Come\; bring fish\nand friends",
            "URL:https://x.example/talk",
            "CREATED:20260901T120000Z",
        )
    )

    (one,) = series.sittings
    assert (one.title, one.place, one.text) == (
        "Kelp talk",
        "Kelp House, Ghent",
        "Come; bring fish\nand friends",
    )
    assert one.start == datetime(2026, 10, 15, 18, tzinfo=BERLIN)
    assert one.start.tzinfo == BERLIN
    assert one.end == one.start + timedelta(hours=2)
    assert (series.created, one.url) == (
        datetime(2026, 9, 1, 12, tzinfo=UTC),
        "https://x.example/talk",
    )


@pytest.mark.parametrize(
    ("start", "head", "zone", "hour"),
    [
        (":20261015T180000Z", "", SHANGHAI, 2),
        (":20261015T180000Z", "X-WR-TIMEZONE:Europe/Berlin\r\n", BERLIN, 20),
        (":20261015T180000", "", SHANGHAI, 18),
        (":20261015T180000", "X-WR-TIMEZONE:Nowhere/Else\r\n", SHANGHAI, 18),
        ("TZID=W. Europe Standard Time:20261015T180000", "", BERLIN, 18),
    ],
)
def test_a_time_is_read_where_it_is_meant(start: str, head: str, zone: ZoneInfo, hour: int):
    """UTC is how programs write, not where people meet."""
    ((one,),) = (series.sittings for series in read(event(start=start), head=head))

    assert (one.start.tzinfo, one.start.hour) == (zone, hour)


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ([], None),
        (["DURATION:PT90M"], "19:30"),
        (["DTEND;TZID=Europe/Berlin:20261015T180000"], None),
    ],
)
def test_an_end_may_be_told_in_several_ways(lines: list[str], end: str | None):
    """Or not at all."""
    ((one,),) = (series.sittings for series in read(event(*lines)))

    assert (one.end and f"{one.end:%H:%M}") == end


@pytest.mark.parametrize(
    ("end", "last"), [("20261016", None), ("20261018", "10-17"), ("", None)]
)
def test_whole_days_end_on_their_last_day(end: str, last: str | None):
    """The end of a calendar's day is the day after."""
    lines = [f"DTEND;VALUE=DATE:{end}"] if end else []
    ((one,),) = (s.sittings for s in read(event(*lines, start="VALUE=DATE:20261015")))

    assert one.all_day
    assert one.start == datetime(2026, 10, 15, tzinfo=SHANGHAI)
    assert (one.end and f"{one.end:%m-%d}") == last


def test_a_series_keeps_its_hour_over_a_clock_change():
    """Six in the evening is six in the evening; exceptions and additions count."""
    (series,) = read(
        event(
            "RRULE:FREQ=WEEKLY;COUNT=4",
            "EXDATE;TZID=Europe/Berlin:20261022T180000",
            "RDATE;TZID=Europe/Berlin:20261103T190000",
        )
    )

    assert days(series) == ["10-15 18:00", "10-29 18:00", "11-03 19:00", "11-05 18:00"]
    assert [one.start.utcoffset() for one in series.sittings] == [
        timedelta(hours=hours) for hours in (2, 1, 1, 1)
    ]


def test_a_sitting_of_a_series_may_be_moved_or_cancelled():
    """The newest form counts, wherever it stands in the calendar."""
    second = "RECURRENCE-ID;TZID=Europe/Berlin:20261022T180000"
    third = "RECURRENCE-ID:20261029T170000Z"
    (series,) = read(
        event(second, "SEQUENCE:2", start="TZID=Europe/Berlin:20261023T200000"),
        event(second, "SEQUENCE:1", start="TZID=Europe/Berlin:20261024T200000"),
        event("RRULE:FREQ=WEEKLY;UNTIL=20261105"),
        event(third, "STATUS:CANCELLED", start="TZID=Europe/Berlin:20261029T180000"),
    )

    assert days(series) == ["10-15 18:00", "10-23 20:00", "10-29 18:00", "11-05 18:00"]
    assert [one.cancelled for one in series.sittings] == [False, False, True, False]


def test_of_two_with_one_uid_the_newer_counts():
    """By its number, else by its stamp."""
    numbered = read(event("SEQUENCE:1", "LOCATION:B"), event("LOCATION:A"))
    stamped = read(
        event("LAST-MODIFIED:20260102T000000Z", "LOCATION:B"),
        event("DTSTAMP:20260101T000000Z", "LOCATION:A"),
    )

    for (series,) in (numbered, stamped):
        assert [one.place for one in series.sittings] == ["B"]


def test_a_moved_sitting_without_its_series_is_an_event():
    """Some calendars give nothing else."""
    (series,) = read(event("RECURRENCE-ID:20261029T170000Z"))

    assert days(series) == ["10-15 18:00"]


def test_whole_days_may_be_repeated():
    """Also where an exception has an hour's form."""
    (series,) = read(
        event(WEEKLY + ";COUNT=3", "EXDATE;VALUE=DATE:20261022", start="VALUE=DATE:20261015")
        + event("RECURRENCE-ID;VALUE=DATE:20261029", start="VALUE=DATE:20261030")
    )

    assert days(series) == ["10-15 00:00", "10-30 00:00"]


def test_only_the_window_is_read_of_what_goes_on_for_ever():
    """Nothing before, nothing behind; what begins behind it is not there."""
    ever, later = read(
        event(WEEKLY, start="TZID=Europe/Berlin:20200102T180000"),
        event(uid="b@x", start=":20270601T180000Z"),
    )

    assert (days(ever)[0], days(ever)[-1], len(ever.sittings)) == (
        "10-01 18:00",
        "12-24 18:00",
        13,
    )
    assert later.sittings == ()


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5,6",
        "FREQ=DAILY;BYMINUTE=1,2",
        "FREQ=YEARLY;BYSETPOS=999",
        "FREQ=YEARLY;BYMONTH=a",
    ],
)
def test_a_rule_that_cannot_be_followed_is_said(rule: str):
    """The event is none, the others are there."""
    broken, fine = read(event(f"RRULE:{rule}"), event(uid="b@x"))

    assert (broken.sittings, bool(broken.problem)) == ((), True)
    assert len(fine.sittings) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=999999999;BYMONTHDAY=31;BYMONTH=2",
    ],
)
def test_a_rule_that_never_comes_true_ends(rule: str):
    """It has its first day only, which always counts."""
    (series,) = read(event(f"RRULE:{rule}"))

    assert days(series) == ["10-15 18:00"]


@pytest.mark.parametrize(
    "start", ["TZID=Europe/Berlin:20261315T180000", "VALUE=DATE:x", "X=1:"]
)
def test_an_event_that_cannot_be_read_stops_no_other(start: str):
    """It is named."""
    broken, fine = read(event(start=start), event(uid="b@x"))

    assert (broken.title, broken.sittings, bool(broken.problem)) == ("Kelp talk", (), True)
    assert len(fine.sittings) == 1


@pytest.mark.parametrize("year", ["0001", "1900", "9999"])
def test_an_event_of_another_age_is_refused(year: str):
    """Following a series day by day from there would take long."""
    (series,) = read(event("RRULE:FREQ=DAILY", start=f"TZID=Europe/Berlin:{year}0101T180000"))

    assert f"{int(year)}" in series.problem


def test_an_event_without_a_name_of_its_own_has_one():
    """Its start and title."""
    (series,) = read(event(uid=""))

    assert "Kelp talk" in series.uid


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>BEGIN</html>",
        b"\xff\xfe",
        b"BEGIN:VCALENDAR\r\nBEGIN",
        b"BEGIN:VCALENDAR\r\n;;",
    ],
)
def test_what_is_no_calendar_is_said(body: bytes):
    """An error page, half a file."""
    with pytest.raises(NoCalendarError, match="calendar"):
        series_in(body, zone="UTC", window=WINDOW)


# ------------------------------------------------------------------ as posts


def meetup_of(*lines: str) -> Meetup:
    """The meetup that an event becomes."""
    (series,) = read(event(*lines))
    text = text_of(series, kind_of=kind_of_two, online=lambda text: "online" in text)
    (meetup,) = meetups_of(text, PostId("luma:x"), "")
    return meetup


def kind_of_two(title: str, text: str) -> str:
    """As the formatters see it."""
    return kind_of(title, text)


def test_a_calendars_event_is_a_post_that_says_it_word_for_word():
    """What is written comes back, moments in their zone; the page is a page like others."""
    (series,) = read(
        event(
            r"DESCRIPTION:Bring <fish> & friends\nSoon\n\nhttps://x.example/talk.",
            "CREATED:20260901T120000Z",
        )
    )
    text = text_of(series, kind_of=kind_of_two, online=bool)
    post = read_post(text, path=path_of("a@x"), site=Site())
    (meetup,) = meetups_of(text, PostId("luma:x"), "https://site.example")

    assert (post.header.title, post.url) == ("Kelp talk", "https://x.example/talk")
    assert post.header.date == datetime(2026, 9, 1, 12, tzinfo=UTC)
    assert (meetup.post, meetup.title) == ("luma:x", "Kelp talk")
    assert meetup.start
    assert (meetup.start.tzinfo, meetup.url, meetup.register_url) == (
        BERLIN,
        "https://x.example/talk",
        "https://x.example/talk",
    )
    assert "<p>Bring &lt;fish&gt; &amp; friends<br>Soon</p>" in text


@pytest.mark.parametrize(
    ("lines", "place", "live"),
    [
        (["LOCATION:https://lu.ma/event/evt-1"], "", "https://lu.ma/event/evt-1"),
        (["LOCATION:online"], "online", ""),
        (
            ["LOCATION:Kelp House", "DESCRIPTION:or https://us02web.zoom.us/j/1?pwd=a"],
            "Kelp House",
            "https://us02web.zoom.us/j/1?pwd=a",
        ),
    ],
)
def test_an_address_for_a_place_is_where_to_join(lines: list[str], place: str, live: str):
    """Calendars have one field for both."""
    meetup = meetup_of(*lines)

    assert (meetup.place, meetup.online, meetup.live_url) == (place, True, live)


def test_a_house_is_a_place():
    """Nobody can join from elsewhere."""
    meetup = meetup_of("LOCATION:Kelp House")

    assert (meetup.place, meetup.online, meetup.live_url) == ("Kelp House", False, "")


def test_html_of_a_calendar_stays_html():
    """Google writes it."""
    (series,) = read(event("DESCRIPTION:<b>Fish</b><br>friends"))

    assert "<b>Fish</b><br>friends" in text_of(series, kind_of=kind_of_two, online=bool)


def test_an_event_behind_the_window_is_an_empty_page():
    """It tells nothing yet."""
    (series,) = read(event(start=":20270601T180000Z"))
    text = text_of(series, kind_of=kind_of_two, online=bool)

    assert meetups_of(text, PostId("luma:x"), "") == ()


def test_kinds_are_known_by_their_words():
    """What does not say is a meetup."""
    assert meetup_of("DESCRIPTION:a workshop").kind == "workshop"
    assert meetup_of().kind == "meetup"
