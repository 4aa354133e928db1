"""Who may call Slack, and when."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.deliveries import (
    Absent,
    Act,
    Busy,
    CannotLook,
    ChannelRefused,
    PayloadRefused,
    Sent,
    Turn,
    Unknown,
    WorkspaceRefused,
)
from bot.model.ids import ChannelId, DeliveryId, WorkspaceId
from bot.plan.pacing import BROKEN_IN_A_ROW, IN_FLIGHT, PROVEN, Pacer
from tests.fakes import NOON

SECOND = timedelta(seconds=1)
HERE = Sent(ChannelId("C1"), "1.0")
BUSY = Busy("ratelimited", 30 * SECOND)


def turn(channel="C1", workspace="T1", act=Act.POST, payload="") -> Turn:
    """A call that waits."""
    return Turn(WorkspaceId(workspace), ChannelId(channel), act, payload)


def rush(pacer: Pacer, act: Act, seconds: int) -> list[float]:
    """Call as often as it is allowed; answers when, in seconds."""
    called: list[float] = []
    now = NOON
    while now < NOON + timedelta(seconds=seconds):
        one = turn(f"C{len(called)}", act=act)
        if pacer.take(one, now):
            pacer.heard(one, HERE, now)
            called.append((now - NOON).total_seconds())
        else:
            now = pacer.opens(now) or now
    return called


def test_no_minute_has_more_calls_than_slack_allows_and_hardly_fewer():
    """A burst at the start is paid for; the rate stays within three in a hundred of the limit."""
    for act, limit in ((Act.POST, 300), (Act.UPDATE, 50), (Act.DELETE, 50), (Act.LOOK, 50)):
        called = rush(Pacer(), act, 300)
        most = max(sum(1 for other in called if 0 <= other - one < 60) for one in called)
        assert most <= limit
        assert len(called) >= 5 * limit * 0.97


def test_workspaces_and_methods_have_budgets_of_their_own():
    """What one has used up is no concern of the others."""
    pacer = Pacer()
    while pacer.take(turn(), NOON):
        pacer.heard(turn(), HERE, NOON)

    assert pacer.closed(Act.POST, NOON) == {"T1"}
    assert pacer.closed(Act.UPDATE, NOON) == frozenset()
    assert pacer.take(turn(workspace="T2"), NOON)
    assert pacer.take(turn(act=Act.UPDATE), NOON)


@pytest.mark.parametrize("processes", [2, 3, 8, 500])
def test_processes_that_share_the_work_share_what_slack_allows(processes):
    """Together no more than one alone; the last of them does not wait for ever."""
    for act, limit in ((Act.POST, 300), (Act.UPDATE, 50)):
        pacer = Pacer()
        pacer.share(processes)
        called = rush(pacer, act, 180)
        most = max(sum(1 for other in called if 0 <= other - one < 60) for one in called)
        assert most <= max(1, limit // processes)
        assert len(called) >= 3 * max(1, limit // processes - 1)


def test_the_share_changes_with_the_number_of_processes_at_once():
    """Also for a workspace that was called before: the others may just have been killed."""
    pacer = Pacer()
    pacer.share(3)
    alone = len(rush(Pacer(), Act.POST, 60))
    shared = len(rush(pacer, Act.POST, 60))
    pacer.share(1)
    later = NOON + timedelta(minutes=10)
    burst = sum(pacer.take(turn(f"C{number}"), later) for number in range(20))

    assert shared < alone / 2
    assert burst == 8


def test_it_says_when_it_opens_again():
    """And then it does."""
    pacer = Pacer()
    assert pacer.opens(NOON) is None
    while pacer.take(turn(), NOON):
        pacer.heard(turn(), HERE, NOON)

    opens = pacer.opens(NOON)

    assert opens is not None
    assert not pacer.take(turn(), opens - SECOND / 1000)
    assert pacer.take(turn(), opens)


def test_a_busy_channel_waits_alone_until_a_second_one_is_turned_away():
    """Slack does not say which of its limits was met; two refusals tell."""
    pacer = Pacer()
    for channel in ("C1", "C2"):
        assert pacer.take(turn(channel), NOON)
        pacer.heard(turn(channel), BUSY, NOON)
        if channel == "C1":
            assert not pacer.take(turn("C1"), NOON)

    assert pacer.closed(Act.POST, NOON + 29 * SECOND) == {"T1"}
    assert pacer.opens(NOON) == NOON + 30 * SECOND
    assert pacer.take(turn("C3"), NOON + 31 * SECOND)


def test_after_a_refusal_one_call_at_a_time_finds_out_whether_it_is_over():
    """Not a burst that is refused as a whole."""
    pacer = Pacer()
    pacer.take(turn(), NOON)
    pacer.heard(turn(), BUSY, NOON)

    assert pacer.take(turn("C2"), NOON)
    assert not pacer.take(turn("C3"), NOON)
    pacer.heard(turn("C2"), HERE, NOON)
    assert pacer.take(turn("C3"), NOON)
    assert pacer.take(turn("C4"), NOON)


def test_a_workspace_that_was_turned_away_is_asked_more_slowly_for_a_while():
    """Slack's own limits are not all published."""
    pacer = Pacer()
    for channel in ("C1", "C2"):
        pacer.take(turn(channel), NOON)
        pacer.heard(turn(channel), BUSY, NOON)
    later = NOON + 60 * SECOND

    def gap() -> timedelta:
        nonlocal later
        one = turn(f"D{later}")
        while not pacer.take(one, later):
            later += SECOND / 100
        pacer.heard(one, HERE, later)
        return later - NOON

    gaps = [gap() for _ in range(60)]
    pauses = [two - one for one, two in pairwise(gaps[10:])]
    assert pauses[0] > pauses[-1]


def test_a_refused_token_closes_everything_in_its_workspace_and_one_call_tries_it_again():
    """Neither edits nor looks would fare better; other workspaces do."""
    pacer = Pacer()
    pacer.take(turn(), NOON)
    pacer.heard(turn(), WorkspaceRefused("token_revoked"), NOON)
    later = NOON + 301 * SECOND

    for act in Act:
        assert pacer.closed(act, NOON) == {"T1"}
    assert pacer.take(turn(workspace="T2"), NOON)
    assert pacer.take(turn(), later)
    assert not pacer.take(turn("C2"), later)


def test_calls_that_break_in_a_row_close_the_workspace_for_a_while():
    """Each of them would have to be looked for."""
    pacer = Pacer()
    now = NOON
    for number in range(BROKEN_IN_A_ROW):
        assert pacer.take(turn(f"C{number}"), now)
        pacer.heard(turn(f"C{number}"), Unknown("timeout"), now)
        now += SECOND

    assert pacer.closed(Act.POST, now) == {"T1"}
    assert pacer.closed(Act.POST, now + 30 * SECOND) == frozenset()


def test_a_look_that_is_turned_away_closes_looks_and_not_posts():
    """History has limits of its own, one call a minute in the worst case."""
    pacer = Pacer()
    look = turn(act=Act.LOOK)
    pacer.take(look, NOON)
    pacer.heard(look, CannotLook("ratelimited", 60 * SECOND), NOON)

    assert not pacer.take(turn("C2", act=Act.LOOK), NOON + 59 * SECOND)
    assert pacer.take(turn(), NOON)
    assert pacer.take(turn("C2", act=Act.LOOK), NOON + 61 * SECOND)


def test_looks_that_end_well_or_cannot_be_made_close_nothing():
    """Only what passes by itself is waited for."""
    pacer = Pacer()
    for outcome in (Absent(), CannotLook("missing_scope"), CannotLook("http_503", SECOND)):
        look = turn(act=Act.LOOK)
        assert pacer.take(look, NOON)
        pacer.heard(look, outcome, NOON)
    assert pacer.closed(Act.LOOK, NOON) == frozenset()


def test_a_payload_that_was_never_sent_goes_to_one_channel_first():
    """If Slack refuses it, it is refused once."""
    pacer = Pacer()
    assert pacer.take(turn("C1", payload="p/0"), NOON)
    assert not pacer.take(turn("C2", payload="p/0"), NOON)
    assert pacer.take(turn("C2", payload="q/0"), NOON)

    pacer.heard(turn("C1", payload="p/0"), PayloadRefused("invalid_blocks", ""), NOON)
    assert pacer.take(turn("C1", payload="p/9"), NOON)
    pacer.heard(turn("C1", payload="p/9"), Sent(ChannelId("C1"), "1"), NOON)

    assert pacer.take(turn("C2", payload="p/9"), NOON)
    assert pacer.take(turn("C3", payload="p/9"), NOON)


def test_a_trial_that_says_nothing_of_the_payload_is_followed_by_another():
    """A channel that is gone, or a claim that came to nothing."""
    pacer = Pacer()
    for outcome in (None, ChannelRefused("is_archived"), Unknown("timeout")):
        assert pacer.take(turn("C1", payload="p/0"), NOON)
        pacer.heard(turn("C1", payload="p/0"), outcome, NOON)


def test_a_row_that_is_mended_on_its_way_leaves_no_trial_behind():
    """Another process gave it another payload after it had its turn; the first one is still new."""
    pacer = Pacer()
    one = DeliveryId("d1")
    assert pacer.take(replace(turn("C1", payload="p/0"), delivery=one), NOON)

    pacer.heard(replace(turn("C1", payload="p/1"), delivery=one), HERE, NOON)

    assert pacer.on_trial() == frozenset()
    assert pacer.take(turn("C2", payload="p/0"), NOON)


def test_payloads_are_not_remembered_without_end():
    """A bot runs for months."""
    pacer = Pacer()
    now = NOON
    for number in range(PROVEN + 1):
        one = turn(payload=f"{number}/0")
        now += SECOND
        assert pacer.take(one, now)
        pacer.heard(one, HERE, now)

    assert len(pacer._proven) == PROVEN


def test_one_workspace_does_not_take_all_lines():
    """Its slow answers leave room for the others."""
    pacer = Pacer()
    now = NOON
    taken = 0
    for number in range(100):
        taken += pacer.take(turn(f"C{number}"), now)
        now += SECOND

    assert taken == IN_FLIGHT


@given(st.lists(st.tuples(st.sampled_from("tuh"), st.integers(0, 3)), max_size=60))
def test_whatever_happens_somebody_may_call_in_the_end(moves):
    """No order of refusals and silences closes a workspace for good."""
    pacer, now, under_way = Pacer(), NOON, []
    outcomes = [HERE, BUSY, Unknown("x"), WorkspaceRefused("x")]
    for kind, number in moves:
        now += SECOND * number
        if kind == "t" and pacer.take(one := turn(f"C{number}", payload=f"{number}/0"), now):
            under_way.append(one)
        elif under_way:
            pacer.heard(under_way.pop(), outcomes[number] if kind == "h" else None, now)
    for one in under_way:
        pacer.heard(one, None, now)

    assert pacer.take(turn("C9"), now + timedelta(hours=1))
