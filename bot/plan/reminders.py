"""Who is told of a gathering by direct message, when, and that it does not take place.

Pure. What is due is a function of now and of what the agenda says now: a gathering that is moved
moves its reminders with it, one that is off has none.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import uuid5

from bot.agenda import Gathering, GatheringState, Interest
from bot.model.deliveries import Delivery, Draft
from bot.model.ids import ChannelId, DeliveryId, PostId
from bot.plan.drafts import NAMESPACE
from bot.reasons import reason
from formatters.message import Message

AHEAD = timedelta(days=2)
"""No reminder is due earlier than this before a start: so far the agenda has to be looked at."""
CALLED_OFF = timedelta(days=30)
"""So long it is still told that something ahead does not take place: a bot may be off for a while."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MORNING = time(9)
"""When somebody is told of what takes all of the next day: ours."""
OUTDATED = reason("reminder-outdated")
ABOUT = "reminder"


class Mark(StrEnum):
    """What a direct message is for."""

    DAY = "day"  # the day before, at the hour at which it begins
    HOUR = "hour"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One direct message to one member. `due` is its right moment, UTC."""

    interest: Interest
    gathering: Gathering
    mark: Mark
    due: datetime

    @property
    def id(self) -> DeliveryId:
        """The same wherever and whenever it is made; another one once the gathering is moved."""
        who, start = self.interest, self.gathering.meetup.start
        moment = start.astimezone(UTC).isoformat() if start else ""
        name = f"{ABOUT}|{who.uid}|{who.workspace}|{who.user}|{self.mark}|{moment}"
        return DeliveryId(uuid5(NAMESPACE, name).hex)


def reminders(
    gatherings: Iterable[Gathering], interests: Iterable[Interest], now: datetime
) -> tuple[Reminder, ...]:
    """The messages that are due, soonest gathering first.

    Args:
        gatherings: what is ahead, and what was cancelled lately.
        interests: of members in these, in any order.
        now: aware, UTC.

    Returns:
        For each member and gathering at most one: of a day's and an hour's reminder that are
        both late, the later one. Each comes again until it is written.
    """
    of_uid: dict[str, list[Interest]] = {}
    for interest in interests:
        of_uid.setdefault(interest.uid, []).append(interest)
    return tuple(
        reminder
        for gathering in gatherings
        for interest in of_uid.get(gathering.uid, ())
        for reminder in _due(gathering, interest, now)
    )


def about(gathering: Gathering) -> PostId:
    """What the rows of a gathering's reminders belong to: no post has a source without a name."""
    return PostId(f":{gathering.uid}")


def near(gatherings: Iterable[Gathering], now: datetime) -> tuple[Gathering, ...]:
    """Those of which somebody may have to be told something now.

    Args:
        gatherings: that are not over.
        now: aware, UTC.
    """
    return tuple(
        one
        for one in gatherings
        if one.meetup.start is not None
        and (one.state is GatheringState.CANCELLED or one.meetup.start < now + AHEAD)
    )


def draft_of(reminder: Reminder, message: Message, now: datetime) -> Draft:
    """The row of a reminder, to the member's direct messages."""
    return Draft(
        id=reminder.id,
        post=about(reminder.gathering),
        revision="",
        channel=ChannelId(reminder.interest.user),
        part=0,
        occasion=f"{ABOUT} {reminder.mark}",
        message=message,
        due_at=now,
        workspace=reminder.interest.workspace,
        urgent=True,
    )


def outdated(rows: Iterable[Delivery], due: Collection[Reminder]) -> frozenset[DeliveryId]:
    """Reminders that were written, never tried, and are not true any more.

    What they remind of has begun, was moved or is off, a later one has taken their place, or
    nobody wants them any more.

    Args:
        rows: planned ones, of whatever kind.
        due: what is due now.
    """
    current = {reminder.id for reminder in due}
    written = (row.id for row in rows if row.occasion.partition(" ")[0] == ABOUT)
    return frozenset(written) - current


def marks_of(start: datetime, *, all_day: bool) -> tuple[tuple[Mark, datetime], ...]:
    """What a gathering is reminded of by and when, UTC, in order.

    The day before is that of the clock on the wall there, the morning before whole days; those
    have no hour that could be an hour away.
    """
    day = start - DAY  # aware datetimes of one zone count as the clock on the wall does
    if all_day:
        day = day.replace(hour=MORNING.hour, minute=MORNING.minute, fold=0)
        return ((Mark.DAY, day.astimezone(UTC)),)
    return ((Mark.DAY, day.astimezone(UTC)), (Mark.HOUR, start.astimezone(UTC) - HOUR))


def _due(gathering: Gathering, interest: Interest, now: datetime) -> Iterator[Reminder]:
    start = gathering.meetup.start
    if not interest.remind or start is None or start <= now:
        return
    if gathering.state is GatheringState.CANCELLED:
        yield Reminder(interest, gathering, Mark.CANCELLED, now)
    if gathering.state is not GatheringState.ON:
        return
    marks = marks_of(start, all_day=gathering.meetup.all_day)
    passed = [(mark, due) for mark, due in marks if due <= now]
    if passed and _was_interested(interest, passed[-1][1]):
        yield Reminder(interest, gathering, *passed[-1])


def _was_interested(interest: Interest, due: datetime) -> bool:
    """Whether somebody asked before it was due: who asks later knows it from the same page."""
    return interest.since is None or interest.since < due
