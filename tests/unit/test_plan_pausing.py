"""Channels that pause, and what they get when they are back."""

from datetime import timedelta

from bot import plan
from bot.model.deliveries import DeliveryState, Pause
from bot.model.ids import HOME, ChannelId
from tests.fakes import NOON, a_delivery

HOUR = timedelta(hours=1)
GONE = Pause(HOME, ChannelId("C1"), "is_archived", NOON, dead=True)
HELD = {"state": DeliveryState.HELD, "reason": "is_archived", "due_at": NOON}


def test_a_maintainers_pause_jumps_to_now():
    """Nothing is replayed."""
    pause = plan.paused(HOME, ChannelId("C1"), who="mei", now=NOON)
    row = a_delivery(state=DeliveryState.HELD, reason=pause.reason)

    assert not pause.dead
    assert plan.resumed(pause, [row], policy="all") == frozenset()


def test_a_channel_that_is_back_gets_what_its_operator_chose():
    """The latest post with its thread, all of them, or none."""
    rows = [
        a_delivery(id="a0", post="a", **HELD),
        a_delivery(id="a1", post="a", part=1, state=DeliveryState.HELD, reason="its card"),
        a_delivery(id="b0", post="b", **HELD | {"state": DeliveryState.REFUSED}),
        a_delivery(id="b1", post="b", part=1, state=DeliveryState.HELD, reason="its card"),
    ]

    assert plan.resumed(GONE, rows, policy="latest") == {"b0", "b1"}
    assert plan.resumed(GONE, rows, policy="all") == {"a0", "a1", "b0", "b1"}
    assert plan.resumed(GONE, rows, policy="none") == frozenset()


def test_a_thread_that_was_begun_is_brought_to_its_end_in_any_case():
    """Half an issue is worse than none."""
    refused = {"state": DeliveryState.REFUSED, "due_at": NOON + HOUR}
    part = a_delivery(id="a1", part=1, parent_state=DeliveryState.SENT, **refused)

    assert plan.resumed(GONE, [part], policy="none") == {"a1"}


def test_what_waits_for_another_reason_goes_on_waiting():
    """For an approval, or since before the channel was gone."""
    approval = a_delivery(id="a0", state=DeliveryState.HELD, reason="approval")
    before = a_delivery(id="b0", state=DeliveryState.REFUSED, due_at=NOON - HOUR, post="b")

    assert plan.resumed(GONE, [approval, before], policy="all") == frozenset()


def test_after_a_time_away_a_channel_gets_the_latest_of_what_it_missed():
    """A week's silence does not end in a flood; one missed post is simply late."""
    late = {"state": DeliveryState.PLANNED, "due_at": NOON - 2 * HOUR}
    rows = [
        a_delivery(id="a0", post="a", **late),
        a_delivery(id="a1", post="a", part=1, **late),
        a_delivery(id="b0", post="b", **late),
        a_delivery(id="c0", post="a", channel=ChannelId("C2"), **late),
    ]

    assert plan.missed(rows, policy="latest", now=NOON) == {"a0", "a1"}
    assert plan.missed(rows, policy="all", now=NOON) == frozenset()
    assert plan.missed(rows, policy="none", now=NOON) == {"a0", "a1", "b0", "c0"}


def test_what_is_not_late_was_tried_or_was_asked_for_is_not_missed():
    """Neither a post of this hour, nor one in the middle of things, nor a repost."""
    late = {"state": DeliveryState.PLANNED, "due_at": NOON - 2 * HOUR}
    rows = [
        a_delivery(id="a0", post="a", state=DeliveryState.PLANNED, due_at=NOON),
        a_delivery(id="b0", post="b", attempts=1, **late),
        a_delivery(id="c0", post="c", urgent=True, **late),
        a_delivery(id="d0", post="d", **late),
    ]

    assert plan.missed(rows, policy="latest", now=NOON) == frozenset()
