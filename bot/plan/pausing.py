"""Channels that get nothing for a while, and what of it they get when they are back.

Pure. A maintainer's pause jumps to now: what it kept back stays back. A channel that was gone gets
what its operator chose, and the rest of a thread that was begun.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bot.model.deliveries import Delivery, DeliveryState, Pause
from bot.model.ids import ChannelId, DeliveryId, WorkspaceId
from bot.reasons import reason

Policy: TypeAlias = Literal["latest", "all", "digest", "none"]
MISSED = reason("missed")
LATE = timedelta(hours=1)
"""What is overdue for longer was missed while nobody was at work."""

Issue: TypeAlias = tuple[str, str, str, str]


def paused(workspace: WorkspaceId, channel: ChannelId, *, who: str, now: datetime) -> Pause:
    """The pause that a maintainer asks for."""
    return Pause(workspace, channel, reason("paused", who=who, moment=now), now, dead=False)


def resumed(pause: Pause, rows: Sequence[Delivery], *, policy: Policy) -> frozenset[DeliveryId]:
    """Rows that go out although they were kept back.

    Args:
        pause: the one that ends.
        rows: of the channel, held or refused since, in order of `seq`.
        policy: what a channel that was gone gets of several posts.
    """
    if not pause.dead:
        return frozenset()
    ours = [row for row in rows if _kept_back(row, pause)]
    heads = {issue_of(row) for row in ours if row.part == 0}
    chosen = _chosen([row for row in ours if row.part == 0], policy)
    return frozenset(
        row.id
        for row in rows
        if (issue_of(row) in chosen and (row.part > 0 or row in ours))
        or (issue_of(row) not in heads and row in ours)
    )


def missed(rows: Sequence[Delivery], *, policy: Policy, now: datetime) -> frozenset[DeliveryId]:
    """Rows that stay back after a time in which nobody was at work.

    Only of channels that would get several posts at once, and only what was never tried.

    Args:
        rows: all planned ones, in order of `seq`.
        policy: which of the posts that a channel missed it gets.
        now: aware, UTC.
    """
    overdue = [row for row in rows if row.due_at < now - LATE and _untried(row)]
    heads = [row for row in overdue if row.part == 0]
    held: set[Issue] = set()
    for channel in {(row.workspace, row.channel) for row in heads}:
        issues = [row for row in heads if (row.workspace, row.channel) == channel]
        if len(issues) > 1 or policy == "none":
            held |= {issue_of(row) for row in issues} - _chosen(issues, policy)
    return frozenset(row.id for row in overdue if issue_of(row) in held)


def left_for_one(pause: Pause, rows: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Rows that stay back when a channel is there again, since one message names them all.

    Args:
        pause: the one that ends.
        rows: as for `resumed`, which with the policy "digest" lets go of all others.
    """
    heads = [row for row in rows if pause.dead and row.part == 0 and _kept_back(row, pause)]
    issues = {issue_of(row) for row in _together(heads)}
    return tuple(row for row in rows if issue_of(row) in issues)


def issue_of(row: Delivery) -> Issue:
    """What the messages of one post, sent once to one channel, have in common."""
    return (row.workspace, row.channel, row.post, f"{row.occasion}|{row.revision}")


def _chosen(heads: Sequence[Delivery], policy: Policy) -> set[Issue]:
    together = _together(heads) if policy == "digest" else ()
    alone = [row for row in heads if row not in together]
    wanted = {"latest": heads[-1:], "all": heads, "digest": alone, "none": heads[:0]}[policy]
    return {issue_of(row) for row in wanted}


def _together(heads: Sequence[Delivery]) -> Sequence[Delivery]:
    """What one message can name: posts, if there are several; neither notices nor reminders."""
    posts = [row for row in heads if row.title]
    return posts if len(posts) > 1 else ()


def _untried(row: Delivery) -> bool:
    return row.state is DeliveryState.PLANNED and row.attempts == 0 and not row.urgent


def _kept_back(row: Delivery, pause: Pause) -> bool:
    """Held by the pause, or refused since: not what waits for a word for another reason."""
    refused = row.state is DeliveryState.REFUSED and row.due_at >= pause.since
    begun = row.part == 0 or row.parent_state is DeliveryState.SENT
    return (row.reason == pause.reason or refused) and begun
