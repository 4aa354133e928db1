"""When a channel is told of its week's meetups, and of which."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.plan import about_week, of_the_week, weekly_drafts, weekly_moment
from config.model import ChannelSettings
from formatters.message import Message
from tests.answer_fakes import a_gathering

BERLIN = ZoneInfo("Europe/Berlin")
CHANNEL = ChannelSettings.model_validate(
    {"id": "C1", "meetups": {"weekday": "mon", "at": "09:00"}}
)
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MONDAY - HOUR, None),
        (MONDAY, MONDAY),
        (MONDAY + 3 * HOUR, MONDAY),
        (MONDAY + 23 * HOUR, MONDAY),
        (MONDAY + 24 * HOUR, None),
        (MONDAY + 6 * 24 * HOUR, None),
    ],
)
def test_the_moment_has_come_for_a_day(now, expected):
    """A bot that was off tells it late, but not when half the week is over."""
    assert weekly_moment(CHANNEL, now.astimezone(UTC), BERLIN) == expected


def test_a_channel_that_wants_nothing_has_no_moment():
    """It is off unless it is switched on."""
    assert weekly_moment(ChannelSettings(id="C1"), MONDAY, BERLIN) is None


def test_nine_is_nine_when_the_clocks_have_changed():
    """The wall's nine o'clock, once in each of the weeks of a year."""
    hours = [datetime(2026, 10, 5, tzinfo=UTC) + n * HOUR for n in range(52 * 7 * 24)]
    moments = {moment for now in hours if (moment := weekly_moment(CHANNEL, now, BERLIN))}
    assert len(moments) == 52
    assert {f"{moment.astimezone(BERLIN):%a %H:%M}" for moment in moments} == {"Mon 09:00"}


def test_the_week_has_what_begins_in_it_and_is_still_ahead():
    """Seven days; what takes the whole of today is not over yet."""

    def at(**changes):
        return a_gathering(str(changes), end=None, **changes)

    over, later = at(start=MONDAY - HOUR), at(start=MONDAY + HOUR)
    today = at(start=MONDAY.replace(hour=0), all_day=True)
    yesterday = at(start=MONDAY.replace(hour=0) - timedelta(days=1), all_day=True)
    last, next_week = (at(start=MONDAY + timedelta(days=7) + n * HOUR) for n in (-1, 0))
    all_of_them = [yesterday, today, over, later, last, next_week, at(start=None)]
    assert of_the_week(all_of_them, MONDAY, MONDAY) == (today, later, last)


def test_the_rows_of_a_week_are_the_same_whenever_they_are_made():
    """And other ones in the next week."""
    messages = [Message("one", ()), Message("two", ())]
    rows = weekly_drafts(CHANNEL, messages, moment=MONDAY, now=MONDAY)
    again = weekly_drafts(CHANNEL, messages, moment=MONDAY, now=MONDAY + HOUR)
    following = weekly_drafts(CHANNEL, messages, moment=MONDAY + timedelta(days=7), now=MONDAY)
    assert [row.id for row in rows] == [row.id for row in again]
    assert len({row.id for row in (*rows, *following)}) == 4
    assert [(row.channel, row.part, row.post) for row in rows] == [
        ("C1", 0, about_week(MONDAY)),
        ("C1", 1, about_week(MONDAY)),
    ]
