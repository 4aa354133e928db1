"""Any text survives a calendar, and no calendar can break the reader."""

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ical.files import meetups_of, text_of
from bot.ical.read import NoCalendarError, series_in
from bot.ical.write import calendar, plain
from bot.model.ids import PostId
from tests.unit.test_ical_read import WEEKLY, WINDOW, event, kind_of_two
from tests.unit.test_ical_write import ABOUT, a_gathering

TEXTS = st.text(max_size=200)
BITS = st.sampled_from(
    [
        b"\r\n",
        b":",
        b";",
        b"=",
        b"0",
        b"9",
        b"\xff",
        b"BEGIN:VEVENT\r\n",
        b"END:VEVENT\r\n",
        b"FREQ=DAILY;",
        b"COUNT=0;",
        b"INTERVAL=-5;",
        b"BYDAY=99MO;",
        b"UNTIL=00010101;",
        b"DTSTART:99991231T235959Z\r\n",
        b"DURATION:P99999999W\r\n",
        b"SEQUENCE:x\r\n",
        b"EXDATE:\r\n",
        b"RDATE;VALUE=PERIOD:20261101T100000Z/PT1H\r\n",
        b"TZID=America:",
    ]
)
WHOLE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Europe/Berlin\r\n"
    + event(WEEKLY + ";BYDAY=MO,2TU;COUNT=9", "EXDATE:20261022T160000Z", r"LOCATION:a\, b")
    + event("RECURRENCE-ID:20261029T170000Z", "STATUS:CANCELLED")
    + event("DURATION:PT1H", uid="b@x", start=":20261101T100000Z")
    + "END:VCALENDAR\r\n"
).encode()


@settings(deadline=None)
@given(title=TEXTS, place=TEXTS, speakers=TEXTS)
def test_any_text_comes_back_as_it_was(title: str, place: str, speakers: str):
    """But for control characters, and the spaces around and between."""
    told = a_gathering(title, place=place, speakers=speakers)

    (one,) = icalendar.Calendar.from_ical(calendar([told], ABOUT)).events

    assert str(one["summary"]) == plain(" ".join(title.split()))
    assert plain(" ".join(place.split())) in str(one["location"])
    assert plain(speakers) in str(one["description"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), BITS), max_size=6))
def test_a_damaged_calendar_is_read_or_refused(damage: list[tuple[int, int, bytes]]):
    """In words, never by a fault of the reader's."""
    body = WHOLE
    for at, length, bit in damage:
        body = body[:at] + bit + body[at + length :]
    try:
        found = series_in(body, zone="Asia/Shanghai", window=WINDOW)
    except NoCalendarError:
        return
    for one in found:
        text = text_of(one, kind_of=kind_of_two, online=bool)
        assert len(meetups_of(text, PostId("luma:x"), "")) == len(one.sittings)
