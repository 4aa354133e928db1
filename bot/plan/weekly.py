"""When a channel is told of its week's meetups, and of which.

Pure. Wall times are the site's.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from uuid import uuid5

from bot.agenda import Gathering
from bot.model.deliveries import Draft
from bot.model.ids import ChannelId, DeliveryId, PostId, WorkspaceId
from bot.plan.drafts import NAMESPACE
from bot.plan.moments import WEEKDAYS
from config.settings import ChannelSettings
from formatters.message import Message

WEEK = timedelta(days=7)
LATE = timedelta(days=1)
"""So late it may still be told; later the week is half over, and members can ask."""


def about_week(moment: datetime) -> PostId:
    """What the rows of one week's messages belong to."""
    return PostId(f":meetups {moment.astimezone(UTC).isoformat()}")


def weekly_moment(channel: ChannelSettings, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment of this week that has come, UTC; None if there is none or it is long past."""
    wanted = channel.meetups
    if wanted is None:
        return None
    today = now.astimezone(zone).date()
    for back in range(LATE.days + 1):
        day = today - timedelta(days=back)
        moment = datetime.combine(day, wanted.at, zone).astimezone(UTC)
        if WEEKDAYS[day.weekday()] == wanted.weekday and now - LATE < moment <= now:
            return moment
    return None


def of_the_week(
    gatherings: Iterable[Gathering], moment: datetime, now: datetime
) -> tuple[Gathering, ...]:
    """Those that begin within a week of a moment, and have not begun yet.

    What takes whole days has begun once its first day is over.
    """
    return tuple(one for one in gatherings if _is_ahead(one, moment, now))


def _is_ahead(gathering: Gathering, moment: datetime, now: datetime) -> bool:
    start = gathering.meetup.start
    if start is None:
        return False
    begun = start + timedelta(days=1) if gathering.meetup.all_day else start
    return begun > now and start < moment + WEEK


def weekly_drafts(
    channel: ChannelSettings, messages: Sequence[Message], *, moment: datetime, now: datetime
) -> tuple[Draft, ...]:
    """The rows of one week's message, with the same ids whenever they are made."""
    about = about_week(moment)
    name = f"{about}|{channel.id}"
    return tuple(
        Draft(
            id=DeliveryId(uuid5(NAMESPACE, f"{name}|{part}").hex),
            post=about,
            revision="",
            channel=ChannelId(channel.id),
            part=part,
            occasion="meetups",
            message=message,
            due_at=now,
            workspace=WorkspaceId(channel.workspace),
        )
        for part, message in enumerate(messages)
    )
