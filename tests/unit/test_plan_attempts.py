"""What follows from an attempt, or from a look."""

import re
from datetime import time, timedelta

import pytest

from bot import plan
from bot.model.deliveries import (
    Absent,
    Act,
    Busy,
    CannotLook,
    ChannelRefused,
    DeliveryState,
    Gone,
    PayloadRefused,
    Sent,
    Unknown,
    WorkspaceRefused,
)
from bot.model.ids import HOME, ChannelId
from bot.reasons import key_of, reason, said
from config.settings import QuietHours
from tests.fakes import NOON, a_delivery, a_message

SECOND = timedelta(seconds=1)
HERE = Sent(ChannelId("C1"), "1.5")


def after(outcome, attempts=1):
    """What follows from an outcome."""
    delivery = a_delivery(state=DeliveryState.SENDING, attempts=attempts, attempted_at=NOON)
    return plan.after(delivery, outcome, now=NOON)


def after_look(look, *, since=timedelta(minutes=1), attempts=1, unsure=1):
    """What follows from a look, some time after the attempt."""
    unknown = a_delivery(
        state=DeliveryState.UNKNOWN,
        attempts=attempts,
        unsure=unsure,
        attempted_at=NOON - since,
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
        assert "40 times" in said(settlement.reason, "en")


def test_a_workspace_that_refuses_is_tried_later():
    """A new token, and everything goes on."""
    settlement = after(WorkspaceRefused("invalid_auth"))

    assert settlement.state is DeliveryState.PLANNED
    assert settlement.due_at == NOON + timedelta(minutes=5)
    assert "invalid_auth" in settlement.reason


def test_an_unknown_outcome_leads_to_a_look_first():
    """It may be posted: never sent again before a look."""
    settlement = after(Unknown("timeout"))

    assert (settlement.state, settlement.due_at) == (DeliveryState.UNKNOWN, NOON + 2 * SECOND)


@pytest.mark.parametrize(
    ("code", "words"),
    [("not_in_channel", "invite"), ("is_archived", "unarchive"), ("no_permission", "admin")],
)
def test_a_refusing_channel_says_what_to_do(code, words):
    """The code, and the way out."""
    settlement = after(ChannelRefused(code))

    assert settlement.state is DeliveryState.REFUSED
    assert code in settlement.reason
    assert words in said(settlement.reason, "en")


def test_a_refused_payload_is_simplified_everywhere():
    """It would fail in every channel, so each of them gets the simpler one."""
    settlement = after(PayloadRefused("invalid_blocks", "no more than 50"))

    assert (settlement.state, settlement.halt) == (DeliveryState.PLANNED, True)
    assert settlement.message is not None
    assert "no more than 50" in said(settlement.reason, "en")


def test_a_payload_that_cannot_be_simplified_stops_the_fan_out():
    """A maintainer is asked; the words of Slack are told."""
    settlement = after(PayloadRefused("metadata_too_large", "too much"))

    assert (settlement.state, settlement.halt) == (DeliveryState.HELD, True)
    assert settlement.message is None
    assert "too much" in settlement.reason


@pytest.mark.parametrize("code", ["not_in_channel", "is_archived", "channel_not_found"])
def test_a_channel_that_is_not_there_is_paused(code):
    """Slack tells when it is there again; until then nothing is tried."""
    assert after(ChannelRefused(code)).dead
    assert not after(ChannelRefused("restricted_action")).dead


def test_a_change_that_broke_is_simply_made_again():
    """Made twice it ends the same; nothing has to be looked for."""
    change = a_delivery(state=DeliveryState.SENDING, attempts=1, kind=Act.UPDATE, ts="1.5")
    settlement = plan.after(change, Unknown("timeout"), now=NOON)

    assert (settlement.state, settlement.due_at) == (DeliveryState.PLANNED, NOON + 2 * SECOND)


def test_a_message_that_somebody_deleted_is_left_alone():
    """It is not posted again."""
    change = a_delivery(state=DeliveryState.SENDING, attempts=1, kind=Act.UPDATE, ts="1.5")
    settlement = plan.after(change, Gone("message_not_found"), now=NOON)

    assert settlement.state is DeliveryState.REFUSED
    assert "message_not_found" in settlement.reason


@pytest.mark.parametrize(
    "refused",
    [
        Gone("cant_delete_message"),
        Gone("compliance_exports_prevent_deletion"),
        Gone("message_not_found"),
        ChannelRefused("restricted_action"),
    ],
    ids=lambda refused: refused.code,
)
def test_what_may_not_be_deleted_is_struck_through_and_says_so(refused):
    """To the end, however often Slack turns that away; what cannot be changed either stays."""
    deletion = a_delivery(kind=Act.DELETE, ts="1.5", message=a_message("a &amp; b"))
    settlement = plan.after(deletion, refused, now=NOON)

    assert (settlement.state, settlement.kind) == (DeliveryState.PLANNED, Act.UPDATE)
    assert settlement.message is not None
    assert "'text': 'a & b', 'style': {'strike': True}" in str(settlement.message.blocks)
    assert f"be deleted ({refused.code}): struck through" in said(settlement.reason, "en")
    change = a_delivery(kind=Act.UPDATE, ts="1.5", reason=settlement.reason)
    for outcome in (Busy("ratelimited", SECOND), Unknown("timeout"), HERE):
        assert plan.after(change, outcome, now=NOON).reason == settlement.reason
    assert plan.after(change, refused, now=NOON).state is DeliveryState.REFUSED


def test_a_dead_channel_is_asked_for_no_striking():
    """It refuses whatever is asked."""
    deletion = a_delivery(kind=Act.DELETE, ts="1.5")

    assert plan.after(deletion, ChannelRefused("is_archived"), now=NOON).dead


def test_an_edit_that_is_made_goes_on_telling_what_it_was_for():
    """Not that it was turned away before."""
    told = [reason("corrected"), reason("unknown", code="x")]
    edits = [a_delivery(kind=Act.UPDATE, ts="1.5", reason=one) for one in told]

    assert [plan.after(one, HERE, now=NOON).reason for one in edits] == [told[0], ""]
    assert plan.after(a_delivery(reason=told[0]), HERE, now=NOON).reason == ""


def test_a_paused_channel_gets_no_new_post_but_the_rest_of_one_that_was_begun():
    """Half a thread is worse than none."""
    part = {"part": 1, "parent_state": DeliveryState.SENT}
    settlement = plan.ready(a_delivery(pause="not now"), now=NOON)

    assert settlement is not None
    assert (settlement.state, settlement.reason) == (DeliveryState.HELD, "not now")
    assert plan.ready(a_delivery(pause="not now", **part), now=NOON) is None
    assert plan.ready(a_delivery(pause="not now", kind=Act.UPDATE), now=NOON) is None


def test_what_was_begun_waits_in_a_channel_that_is_gone():
    """A part before it was refused: when the channel is back, they come in their order."""
    gone = after(ChannelRefused("is_archived")).reason
    part = {"part": 2, "parent_state": DeliveryState.SENT}
    settlement = plan.ready(a_delivery(pause=gone, **part), now=NOON)

    assert settlement is not None
    assert (settlement.state, settlement.reason) == (DeliveryState.HELD, gone)
    assert plan.ready(a_delivery(pause=gone, kind=Act.UPDATE, **part), now=NOON) is None


def test_an_absent_message_of_a_call_that_slack_was_done_with_is_sent_again_at_once():
    """A server that has answered is not still at work."""
    over = after(Unknown("http_500", over=True))
    unknown = a_delivery(
        state=DeliveryState.UNKNOWN, attempts=1, attempted_at=NOON, reason=over.reason
    )

    settlement = plan.after_look(unknown, Absent(), now=NOON + 2 * SECOND)

    assert settlement.state is DeliveryState.PLANNED


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


def test_absence_is_believed_however_often_slack_turned_a_message_away():
    """Of these calls nothing can be there."""
    assert after_look(Absent(), attempts=39, unsure=4).state is DeliveryState.PLANNED


@pytest.mark.parametrize(
    "look", [{"since": timedelta(hours=2)}, {"unsure": 5}], ids=["too old", "too often"]
)
def test_absence_is_not_always_believed(look):
    """After an hour a moderator may have deleted it; after five calls something else is wrong."""
    settlement = after_look(Absent(), **look)

    assert settlement.state is DeliveryState.HELD
    assert "repost" in said(settlement.reason, "en")


def test_a_channel_that_cannot_be_read_asks_a_maintainer():
    """Without history there is no knowing."""
    settlement = after_look(CannotLook("missing_scope"))

    assert settlement.state is DeliveryState.HELD
    assert "missing_scope" in settlement.reason


def test_a_channel_that_cannot_be_read_keeps_the_next_post_until_nothing_can_arrive_any_more():
    """Else what is held might arrive after it, out of order."""
    early = after_look(CannotLook("missing_scope"), since=2 * SECOND)
    unknown = a_delivery(
        state=DeliveryState.UNKNOWN,
        attempted_at=NOON - 2 * SECOND,
        reason=after(Unknown("http_500", over=True)).reason,
    )
    over = plan.after_look(unknown, CannotLook("missing_scope"), now=NOON)

    assert (early.state, early.due_at) == (DeliveryState.UNKNOWN, NOON + 28 * SECOND)
    assert over.state is DeliveryState.HELD


def test_a_look_that_was_turned_away_is_repeated_within_the_window():
    """And ends in a question, too."""
    again = after_look(CannotLook("ratelimited", 30 * SECOND))
    too_late = after_look(CannotLook("ratelimited", 30 * SECOND), since=timedelta(hours=1))

    assert (again.state, again.due_at) == (DeliveryState.UNKNOWN, NOON + 30 * SECOND)
    assert too_late.state is DeliveryState.HELD


def test_a_part_is_ready_once_what_it_stands_under_is_sent():
    """Otherwise it is held, and says why."""
    part = {"part": 1, "parent_state": DeliveryState.SENT}

    assert plan.ready(a_delivery(), now=NOON) is None
    assert plan.ready(a_delivery(**part), now=NOON) is None
    refused = plan.ready(a_delivery(**part | {"parent_state": DeliveryState.REFUSED}), now=NOON)
    assert refused is not None
    assert (refused.state, "refused" in said(refused.reason, "en")) == (
        DeliveryState.HELD,
        True,
    )
    orphan = plan.ready(a_delivery(part=1), now=NOON)
    assert orphan is not None
    assert "missing" in said(orphan.reason, "en")


def test_a_part_whose_first_message_waits_does_so_too():
    """That it comes first does not make it one for a person to look at."""
    part = {"part": 1, "parent_state": DeliveryState.PLANNED}
    early = plan.ready(a_delivery(**part), now=NOON)
    quiet = plan.ready(a_delivery(**part), now=NOON, quiet=QUIET)

    assert early is not None
    assert (early.state, early.due_at) == (DeliveryState.PLANNED, NOON + timedelta(minutes=1))
    assert quiet is not None
    assert (quiet.state, quiet.due_at) == (DeliveryState.PLANNED, NOON + timedelta(hours=6))


NIGHT = QuietHours(start=time(11), end=time(18))
QUIET = plan.Quiet(hours={(HOME, ChannelId("C1")): NIGHT})
"""It is quiet at noon, for once."""


def test_what_is_late_waits_for_the_end_of_its_channels_quiet_hours():
    """The channel's, and nobody else's; the reason tells until when."""
    settlement = plan.ready(a_delivery(), now=NOON, quiet=QUIET)

    assert settlement is not None
    assert (settlement.state, settlement.due_at) == (
        DeliveryState.PLANNED,
        NOON + timedelta(hours=6),
    )
    assert "until 2026-11-20 18:00 UTC" in said(settlement.reason, "en")
    assert "到 2026-11-20 18:00 UTC" in said(settlement.reason, "zh")
    other = a_delivery(channel=ChannelId("C2"))
    assert plan.ready(other, now=NOON, quiet=QUIET) is None
    assert plan.ready(a_delivery(), now=NOON + timedelta(hours=6), quiet=QUIET) is None


def test_what_a_person_asked_for_and_changes_that_nobody_is_told_of_come_in_quiet_hours():
    """A repost goes at once; an edit makes no noise."""
    assert plan.ready(a_delivery(urgent=True), now=NOON, quiet=QUIET) is None
    assert plan.ready(a_delivery(kind=Act.UPDATE), now=NOON, quiet=QUIET) is None


def test_a_thread_that_has_just_begun_is_brought_to_its_end_in_quiet_hours():
    """But not one that somebody's absence cut in two."""
    minutes = timedelta(minutes=1)
    part = {"part": 1, "parent_state": DeliveryState.SENT, "thread_ts": "1.0"}

    just = a_delivery(**part, parent_at=NOON - 14 * minutes)
    assert plan.ready(just, now=NOON, quiet=QUIET) is None
    cut = plan.ready(a_delivery(**part, parent_at=NOON - 15 * minutes), now=NOON, quiet=QUIET)
    assert cut is not None
    assert cut.state is DeliveryState.PLANNED


def every_settlement():
    """Each way in which an attempt or a look can end but for "sent", and parts that cannot stand."""
    waits = CannotLook("ratelimited", 30 * SECOND)
    codes = ("not_in_channel", "channel_not_found", "is_archived", "restricted_action")
    part = {"part": 1, "parent_state": DeliveryState.HELD}
    return [
        after(Busy("ratelimited", SECOND)),
        after(Busy("ratelimited", SECOND), attempts=40),
        after(Unknown("timeout")),
        after(Unknown("internal_error", over=True)),
        *(after(ChannelRefused(code)) for code in codes),
        after(PayloadRefused("metadata_too_large", "too much")),
        after(PayloadRefused("metadata_too_large", "")),
        after(PayloadRefused("invalid_blocks", "")),
        after(Gone("edit_window_closed")),
        after_look(Absent(), since=SECOND),
        after_look(Absent()),
        after_look(Absent(), unsure=5),
        after_look(Absent(), since=timedelta(hours=2)),
        after_look(CannotLook("missing_scope")),
        after_look(waits),
        after_look(waits, since=timedelta(hours=1)),
        plan.ready(a_delivery(part=1), now=NOON),
        plan.ready(a_delivery(**part), now=NOON),
        plan.ready(a_delivery(**part | {"parent_state": DeliveryState.REFUSED}), now=NOON),
        plan.ready(a_delivery(**part | {"parent_state": DeliveryState.PLANNED}), now=NOON),
    ]


def test_whatever_comes_of_an_attempt_is_said_in_the_readers_language():
    """Each with a key of its own, and no sentence of one language in another."""
    settlements = every_settlement()

    kept = [settlement.reason for settlement in settlements if settlement is not None]
    assert len(kept) == len(settlements)
    assert all(key_of(one) for one in kept)
    english, chinese = ([said(one, language) for one in kept] for language in ("en", "zh"))
    assert not any(re.search("[\u4e00-\u9fff]", words) for words in english)
    assert all(re.search("[\u4e00-\u9fff]", words) for words in chinese)
    assert len(set(english)) == len(set(chinese)) == len(kept)
