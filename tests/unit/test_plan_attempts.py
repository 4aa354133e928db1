"""What follows from an attempt, or from a look."""

from datetime import timedelta

import pytest

from bot import plan
from bot.model import (
    Absent,
    Busy,
    CannotLook,
    ChannelId,
    ChannelRefused,
    DeliveryState,
    PayloadRefused,
    Sent,
    Unknown,
    WorkspaceRefused,
)
from tests.fakes import NOON, a_delivery

SECOND = timedelta(seconds=1)
HERE = Sent(ChannelId("C1"), "1.5")


def after(outcome, attempts=1):
    """What follows from an outcome."""
    delivery = a_delivery(state=DeliveryState.SENDING, attempts=attempts, attempted_at=NOON)
    return plan.after(delivery, outcome, now=NOON)


def after_look(look, *, since=timedelta(minutes=1), attempts=1):
    """What follows from a look, some time after the attempt."""
    unknown = a_delivery(
        state=DeliveryState.UNKNOWN, attempts=attempts, attempted_at=NOON - since
    )
    return plan.after_look(unknown, look, now=NOON)


def test_a_sent_message_lets_its_channel_rest_for_a_second():
    """Slack takes one message a second in a channel."""
    settlement = after(HERE)

    assert (settlement.state, settlement.ts) == (DeliveryState.SENT, "1.5")
    assert settlement.due_at == NOON + SECOND


def test_a_busy_slack_is_asked_again_when_it_said():
    """But not sooner than our own growing patience."""
    assert after(Busy("ratelimited", 30 * SECOND)).due_at == NOON + 30 * SECOND
    assert after(Busy("ratelimited", SECOND), attempts=6).due_at == NOON + 32 * SECOND
    assert after(Busy("ratelimited", SECOND), attempts=39).due_at == NOON + timedelta(
        minutes=30
    )
    assert after(Busy("ratelimited", SECOND)).state is DeliveryState.PLANNED


def test_patience_ends_in_a_question():
    """After a day of being turned away a maintainer is asked; nothing is dropped."""
    for outcome in (Busy("ratelimited", SECOND), WorkspaceRefused("token_revoked")):
        settlement = after(outcome, attempts=40)
        assert settlement.state is DeliveryState.HELD
        assert "40 times" in settlement.reason


def test_a_workspace_that_refuses_is_tried_later():
    """A new token, and everything goes on."""
    settlement = after(WorkspaceRefused("invalid_auth"))

    assert settlement.state is DeliveryState.PLANNED
    assert settlement.due_at == NOON + timedelta(minutes=5)
    assert "invalid_auth" in settlement.reason


def test_an_unknown_outcome_leads_to_a_look_first():
    """It may be posted: never sent again before a look."""
    settlement = after(Unknown("timeout"))

    assert (settlement.state, settlement.due_at) == (DeliveryState.UNKNOWN, NOON + 5 * SECOND)


@pytest.mark.parametrize(
    ("code", "words"),
    [("not_in_channel", "invite"), ("is_archived", "unarchive"), ("no_permission", "admin")],
)
def test_a_refusing_channel_says_what_to_do(code, words):
    """The code, and the way out."""
    settlement = after(ChannelRefused(code))

    assert settlement.state is DeliveryState.REFUSED
    assert code in settlement.reason
    assert words in settlement.reason


def test_a_refused_payload_stops_the_fan_out():
    """It would fail in every channel."""
    settlement = after(PayloadRefused("invalid_blocks", "no more than 50"))

    assert (settlement.state, settlement.halt) == (DeliveryState.HELD, True)
    assert "no more than 50" in settlement.reason


def test_a_message_that_is_found_is_sent():
    """With the ts that the look brought."""
    assert after_look(HERE).ts == "1.5"


def test_an_absent_message_may_still_arrive():
    """Half a minute is waited before it is sent again."""
    settlement = after_look(Absent(), since=10 * SECOND)

    assert (settlement.state, settlement.due_at) == (DeliveryState.UNKNOWN, NOON + 20 * SECOND)


def test_an_absent_message_is_sent_again():
    """Once it cannot arrive any more."""
    settlement = after_look(Absent(), since=30 * SECOND)

    assert (settlement.state, settlement.due_at) == (DeliveryState.PLANNED, NOON)


@pytest.mark.parametrize(
    "look", [{"since": timedelta(hours=2)}, {"attempts": 5}], ids=["too old", "too often"]
)
def test_absence_is_not_always_believed(look):
    """After an hour a moderator may have deleted it; after five calls something else is wrong."""
    settlement = after_look(Absent(), **look)

    assert settlement.state is DeliveryState.HELD
    assert "repost" in settlement.reason


def test_a_channel_that_cannot_be_read_asks_a_maintainer():
    """Without history there is no knowing."""
    settlement = after_look(CannotLook("missing_scope"))

    assert settlement.state is DeliveryState.HELD
    assert "missing_scope" in settlement.reason


def test_a_look_that_was_turned_away_is_repeated_within_the_window():
    """And ends in a question, too."""
    again = after_look(CannotLook("ratelimited", 30 * SECOND))
    too_late = after_look(CannotLook("ratelimited", 30 * SECOND), since=timedelta(hours=1))

    assert (again.state, again.due_at) == (DeliveryState.UNKNOWN, NOON + 30 * SECOND)
    assert too_late.state is DeliveryState.HELD


def test_a_part_is_ready_once_what_it_stands_under_is_sent():
    """Otherwise it is held, and says why."""
    part = {"part": 1, "parent_state": DeliveryState.SENT}

    assert plan.ready(a_delivery()) is None
    assert plan.ready(a_delivery(**part)) is None
    refused = plan.ready(a_delivery(**part | {"parent_state": DeliveryState.REFUSED}))
    assert refused is not None
    assert (refused.state, "refused" in refused.reason) == (DeliveryState.HELD, True)
    orphan = plan.ready(a_delivery(part=1))
    assert orphan is not None
    assert "missing" in orphan.reason
