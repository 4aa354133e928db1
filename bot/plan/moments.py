"""When a channel wants its posts: its weekly moment, and never in its quiet hours.

Pure. Wall times are the zone's; what is answered is UTC, so a clock change shifts nothing twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

from bot.model.ids import ChannelId, WorkspaceId
from config.settings import ChannelSettings, QuietHours, SendSettings

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def due(channel: ChannelSettings, *, now: datetime, zone: tzinfo) -> datetime:
    """Say when a post may go to a channel.

    Args:
        channel: with its `send` and `quiet`.
        now: aware, UTC.
        zone: in which the channel's times are meant.

    Returns:
        The earliest moment, not before now; UTC.
    """
    moment = now if channel.send is None else _next_send(channel.send, now, zone)
    return (channel.quiet and quiet_until(channel.quiet, moment, zone)) or moment


def quiet_until(quiet: QuietHours, moment: datetime, zone: tzinfo) -> datetime | None:
    """The end of the quiet hours that a moment falls into; None if it falls into none.

    Quiet hours are one stretch of time, whatever is done to the clock in them: from the first
    moment at which they may be said to begin to the last at which they may be said to end. So
    nothing that came later finds a gap while what came earlier waits for the end.
    """
    until, today = moment, moment.astimezone(zone).date()
    for ahead in (-1, 0, 1):
        start, end = _stretch(quiet, today + timedelta(days=ahead), zone)
        if start <= until < end:
            until = end
    return until if until > moment else None


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quiet hours of all channels that have some, in the site's zone."""

    zone: tzinfo = UTC
    hours: Mapping[tuple[WorkspaceId, ChannelId], QuietHours] = field(default_factory=dict)

    @classmethod
    def of(cls, channels: Iterable[ChannelSettings], zone: tzinfo) -> Self:
        """Those that the settings name."""
        return cls(
            zone,
            {
                (WorkspaceId(one.workspace), ChannelId(one.id)): one.quiet
                for one in channels
                if one.quiet is not None
            },
        )

    def until(
        self, workspace: WorkspaceId, channel: ChannelId, now: datetime
    ) -> datetime | None:
        """The end of the quiet hours that a channel has now; None if it has none."""
        quiet = self.hours.get((workspace, channel))
        return None if quiet is None else quiet_until(quiet, now, self.zone)


def _next_send(send: SendSettings, now: datetime, zone: tzinfo) -> datetime:
    """The next moment of a week, or of a day; a wall time that does not exist moves on."""
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(8))
    moments = (_at(day, send.at, zone) for day in days if _is_day(send, day))
    return next(moment for moment in moments if moment >= now)


def _is_day(send: SendSettings, day: date) -> bool:
    return send.weekday is None or WEEKDAYS[day.weekday()] == send.weekday


def _stretch(quiet: QuietHours, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The quiet hours that begin on a day."""
    last = day if quiet.start < quiet.end else day + timedelta(days=1)
    return (
        min(_at(day, quiet.start.replace(fold=fold), zone) for fold in (0, 1)),
        max(_at(last, quiet.end.replace(fold=fold), zone) for fold in (0, 1)),
    )


def _at(day: date, wall: time, zone: tzinfo) -> datetime:
    """A wall time as a moment; of one that comes twice the first, unless its fold says other."""
    return datetime.combine(day, wall, zone).astimezone(UTC)
