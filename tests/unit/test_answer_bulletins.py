"""What members and channels are told of meetups without asking."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.agenda import GatheringState, Interest
from bot.answer.bulletins import Bulletins
from bot.model.ids import HOME
from bot.model.people import Reply
from bot.plan import Mark, Reminder
from config.model import ChannelSettings
from tests.answer_fakes import (
    ADA,
    LIN,
    NOW,
    START,
    a_gathering,
    assert_deliverable,
    button,
    said,
    settings,
)

WORDS = Bulletins(settings())
BY_PERSON = pytest.mark.parametrize("person", [ADA, LIN], ids=["en", "zh"])


def told(mark: Mark, person) -> Reply:
    """A direct message."""
    one = a_gathering(live_url="https://a.example/live")
    if mark is Mark.CANCELLED:
        one = replace(one, state=GatheringState.CANCELLED)
    one = replace(one, moved_from=START - timedelta(days=7))
    interest = Interest(HOME, person.id, one.uid)
    reply = Reply((WORDS.reminder(Reminder(interest, one, mark, NOW), person),))
    assert_deliverable(reply)
    return reply


@BY_PERSON
@pytest.mark.parametrize("mark", [Mark.DAY, Mark.HOUR])
def test_a_reminder_says_what_when_and_where(mark, person):
    """In the reader's zone as well; how to get in, and how to have no more of it."""
    reply = told(mark, person)
    words = said(reply)
    assert "Night dive" in words
    assert "Hangzhou" in words
    assert "14:00" in words
    assert ("01:00" in words) is (person is ADA)
    assert (
        "Saturday, 28 November" if person is ADA else "11 月 28 日"
    ) in words  # before it was moved
    assert "https://a.example/live" in str(reply)
    assert button(reply, "digest.url.register")
    assert button(reply, "digest.remind_off")["value"] == "night-dive\ndm"


@BY_PERSON
def test_that_it_is_off_is_told_without_buttons(person):
    """There is nothing left to do."""
    reply = told(Mark.CANCELLED, person)
    assert ("does not take place" if person is ADA else "取消") in said(reply)
    assert "actions" not in {block["type"] for block in reply.messages[0].blocks}


def test_one_that_was_not_moved_says_nothing_of_it():
    """Nor does one without links have any."""
    one = a_gathering(register_url="")
    for moved in (None, START):
        reminder = Reminder(
            Interest(HOME, ADA.id, one.uid), replace(one, moved_from=moved), Mark.HOUR, NOW
        )
        assert "Moved" not in str(WORDS.reminder(reminder, ADA))


@pytest.mark.parametrize(
    ("language", "title"), [("en", "This week's meetups"), ("zh", "本周活动")]
)
def test_a_week_is_told_in_the_channels_language(language, title):
    """In each meetup's own time: a channel has no zone of its own."""
    channel = ChannelSettings(id="C1", language=language)
    week = [a_gathering(f"Dive {n}") for n in range(12)]
    reply = Reply(Bulletins(settings(), "https://bot.example").week(week, channel))
    assert_deliverable(reply)
    words = said(reply)
    assert title in words
    assert "Dive 11" in words
    assert "Shanghai" in words
    assert "For you" not in words
    assert "您的时间" not in words
    assert (
        button(reply, "digest.url.calendar")["url"] == "https://bot.example/calendar/dive-0.ics"
    )
    assert "digest.remind_on.dive-7." in str(reply)
    assert "digest.remind_on.dive-8." not in str(reply)
