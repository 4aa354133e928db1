"""What follows from an attempt or a look at a channel: again, later, held, refused.

Pure. Never answers "send again" where the message may be there.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.model.deliveries import (
    Absent,
    Act,
    Busy,
    CannotLook,
    ChannelRefused,
    Delivery,
    DeliveryState,
    Gone,
    Look,
    Outcome,
    PayloadRefused,
    Sent,
    Settlement,
    Unknown,
    WorkspaceRefused,
)
from bot.plan.moments import Quiet
from bot.plan.payloads import simpler, struck
from bot.reasons import key_of, reason

LEASE = timedelta(seconds=60)
"""How long a claim holds: longer than any call may last, short enough to wait for after a crash."""
PACE = timedelta(seconds=1)
"""One message per second and channel (`/apis/web-api/rate-limits`, read 2026-08-20)."""

LOOK_AFTER = timedelta(seconds=2)
"""A message of a broken call may need a moment to show."""
ARRIVES_WITHIN = timedelta(seconds=30)
"""Until then a message that is absent may still arrive: ours, longer than a call may last."""
STRUCK = "struck"
EDITED = frozenset({"corrected", "part-gone", "recalled", STRUCK})
"""Keys of reasons that tell what an edit is for: still worth telling when it is made."""
OVER = "unknown-over"
"""Key of the reason of a call that Slack was done with: there is nothing to wait for."""
TRUST_ABSENCE = timedelta(hours=1)
"""After that its absence proves nothing: the shortest retention of a channel, or a moderator,
may have removed it (slack-facts 4.4)."""

START_WITHIN = timedelta(seconds=10)
"""A call that starts later after `begin` could still be under way when others look for it: calls
last 20 seconds at the most, and ten and twenty are what `ARRIVES_WITHIN` waits for."""

BEGUN_WITHIN = timedelta(minutes=15)
"""Ours. So soon after its card the rest of a thread comes in quiet hours, too: half an issue over
night is worse than replies, of which nobody is told but who follows them."""

FIRST_BACKOFF = timedelta(seconds=1)
LONGEST_BACKOFF = timedelta(minutes=30)
WORKSPACE_BACKOFF = timedelta(minutes=5)
ATTEMPTS = 40
"""Calls that Slack turned away for the moment: with the waits between them, most of a day."""
SENDS = 5
"""Calls of which nobody knows how they ended; what Slack turned away is none of them."""

NEVER_QUIET = Quiet()
FAILED = (None, DeliveryState.HELD, DeliveryState.REFUSED)
"""States of a first message that others cannot stand under, nor wait for."""
BEHIND = timedelta(minutes=1)
"""How long a part waits before it sees again whether the first message is there."""
REFUSING = "channel-refused"
"""Key of the reason of a channel that takes nothing."""
DEAD = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
"""Refusals that last until somebody unarchives the channel or invites the bot, which Slack tells."""


def ready(
    delivery: Delivery, *, now: datetime, quiet: Quiet = NEVER_QUIET
) -> Settlement | None:
    """See whether a claimed part can be sent.

    Args:
        delivery: as it was claimed.
        now: aware, UTC.
        quiet: when channels want no posts. What is due waited for that already; but it may be
            late, since the bot or Slack was away.

    Returns:
        None if so; else how it is settled: its channel is paused or quiet, or what it would stand
        under is not there. What was begun is brought to its end in a channel that somebody paused,
        but not in one that is gone: a part before it was refused there, and has to come first.
    """
    if delivery.kind is not Act.POST:
        return None
    gone = key_of(delivery.pause) == REFUSING
    if delivery.pause and (delivery.part == 0 or gone):
        return _held(delivery.due_at, delivery.pause)
    first = DeliveryState.SENT if delivery.part == 0 else delivery.parent_state
    if first in FAILED:
        state = first.value if first else "missing"
        return _held(delivery.due_at, reason("first-failed", state=state))
    hushed = _hushed(delivery, quiet, now)
    if first is DeliveryState.SENT or hushed is not None:
        return hushed
    return Settlement(DeliveryState.PLANNED, now + BEHIND, reason("behind"))


def overslept(delivery: Delivery, *, now: datetime) -> bool:
    """Whether a delivery was begun so long ago that it must no longer be sent.

    A machine that was suspended in between wakes up when others may have looked already.

    Args:
        delivery: as `begin` answered it.
        now: aware, UTC.
    """
    return delivery.attempted_at is None or now > delivery.attempted_at + START_WITHIN


def after(delivery: Delivery, outcome: Outcome, *, now: datetime) -> Settlement:
    """Say what follows from an attempt.

    Args:
        delivery: as it was when it was sent, this attempt counted.
        outcome: what Slack did with it.
        now: aware, UTC.
    """
    answered = not isinstance(outcome, Unknown)
    return replace(_after(delivery, outcome, now), answered=answered)


def _after(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    match outcome:
        case Sent():
            return _sent(delivery, outcome, now)
        case Busy():
            return _later(delivery, outcome.code, outcome.wait, now)
        case Unknown():
            return _unknown(delivery, outcome, now)
        case WorkspaceRefused():
            return _later(delivery, outcome.code, WORKSPACE_BACKOFF, now)
        case _:
            return _refused(delivery, outcome, now)


def after_look(delivery: Delivery, look: Look, *, now: datetime) -> Settlement:
    """Say what follows from a look for a delivery whose fate is unknown.

    Args:
        delivery: the unknown one.
        look: what was seen.
        now: aware, UTC.
    """
    attempted_at = delivery.attempted_at or now
    match look:
        case Sent():
            return _sent(delivery, look, now)
        case Absent():
            return _absent(delivery, attempted_at, now)
        case CannotLook():
            return _blind(delivery, look, attempted_at, now)
        case _:
            assert_never(look)


def _absent(delivery: Delivery, attempted_at: datetime, now: datetime) -> Settlement:
    if _under_way(delivery, attempted_at, now):
        words = reason("not-there-yet")
        return Settlement(DeliveryState.UNKNOWN, attempted_at + ARRIVES_WITHIN, words)
    if now > attempted_at + TRUST_ABSENCE:
        return _held(now, reason("absent-too-long"))
    if delivery.unsure >= SENDS:
        return _held(now, reason("never-there", count=delivery.unsure))
    return Settlement(DeliveryState.PLANNED, now, reason("not-arrived"))


def _under_way(delivery: Delivery, attempted_at: datetime, now: datetime) -> bool:
    """Whether the message may still arrive: what comes after it in its channel waits so long."""
    return now < attempted_at + ARRIVES_WITHIN and key_of(delivery.reason) != OVER


def _blind(
    delivery: Delivery, look: CannotLook, attempted_at: datetime, now: datetime
) -> Settlement:
    if look.wait is None and _under_way(delivery, attempted_at, now):
        words = reason("unreadable-yet", code=look.code)
        return Settlement(DeliveryState.UNKNOWN, attempted_at + ARRIVES_WITHIN, words)
    if look.wait is None:
        return _held(now, reason("unreadable", code=look.code))
    if now + look.wait > attempted_at + TRUST_ABSENCE:
        return _held(now, reason("unreadable-in-time", code=look.code))
    words = reason("unreadable-yet", code=look.code)
    return Settlement(DeliveryState.UNKNOWN, now + look.wait, words)


def _later(delivery: Delivery, code: str, wait: timedelta, now: datetime) -> Settlement:
    if delivery.attempts >= ATTEMPTS:
        words = reason("turned-away-often", count=delivery.attempts, code=code)
        return _held(now, words)
    doublings = min(max(delivery.attempts - 1, 0), 20)
    backoff = min(FIRST_BACKOFF * 2**doublings, LONGEST_BACKOFF)
    words = reason("turned-away", code=code)
    if key_of(delivery.reason) == STRUCK:  # told to the end: nobody asked for striking
        words = delivery.reason
    return Settlement(DeliveryState.PLANNED, now + max(wait, backoff), words)


def _hushed(delivery: Delivery, quiet: Quiet, now: datetime) -> Settlement | None:
    """Let it wait for the end of its channel's quiet hours; what a person asked for does not."""
    until = quiet.until(delivery.workspace, delivery.channel, now)
    begun = delivery.parent_at is not None and now < delivery.parent_at + BEGUN_WITHIN
    if until is None or begun or delivery.urgent:
        return None
    return Settlement(DeliveryState.PLANNED, until, reason("quiet", moment=until))


def _sent(delivery: Delivery, sent: Sent, now: datetime) -> Settlement:
    told = delivery.kind is not Act.POST and key_of(delivery.reason) in EDITED
    words = delivery.reason if told else ""
    return Settlement(DeliveryState.SENT, now + PACE, words, ts=sent.ts)


def _held(due_at: datetime, words: str) -> Settlement:
    return Settlement(DeliveryState.HELD, due_at, words)


def _unknown(delivery: Delivery, unknown: Unknown, now: datetime) -> Settlement:
    if delivery.kind is not Act.POST:  # done twice it ends the same
        return _later(delivery, unknown.code, LOOK_AFTER, now)
    words = reason(OVER if unknown.over else "unknown", code=unknown.code)
    return Settlement(DeliveryState.UNKNOWN, now + LOOK_AFTER, words)


def _refused(
    delivery: Delivery, outcome: ChannelRefused | PayloadRefused | Gone, now: datetime
) -> Settlement:
    match outcome:
        case ChannelRefused():
            return _struck(delivery, outcome, now) or _channel_refused(outcome, now)
        case PayloadRefused():
            return _mended(delivery, outcome, now)
        case Gone():
            words = reason("left-alone", code=outcome.code)
            return _struck(delivery, outcome, now) or Settlement(
                DeliveryState.REFUSED, now, words
            )
        case _:
            assert_never(outcome)


def _struck(
    delivery: Delivery, refused: ChannelRefused | Gone, now: datetime
) -> Settlement | None:
    """Strike a message through that may not be deleted; None if that is no deletion, or no use."""
    if delivery.kind is not Act.DELETE or refused.code in DEAD:
        return None
    return Settlement(
        DeliveryState.PLANNED,
        now,
        reason(STRUCK, code=refused.code),
        message=struck(delivery.message),
        kind=Act.UPDATE,
    )


def _channel_refused(refused: ChannelRefused, now: datetime) -> Settlement:
    dead = refused.code in DEAD
    words = reason(REFUSING, code=refused.code, dead=dead)
    return Settlement(DeliveryState.REFUSED, now, words, dead=dead)


def _mended(delivery: Delivery, refused: PayloadRefused, now: datetime) -> Settlement:
    """Everywhere the next simpler message, or a question if there is none."""
    mended = simpler(delivery, refused)
    if mended is not None and delivery.attempts < ATTEMPTS:
        words = reason("simpler", code=refused.code, detail=refused.detail)
        message, rung = mended
        return Settlement(
            DeliveryState.PLANNED, now, words, halt=True, message=message, rung=rung
        )
    words = reason("payload-refused", code=refused.code, detail=refused.detail)
    return Settlement(DeliveryState.HELD, now, words, halt=True)
