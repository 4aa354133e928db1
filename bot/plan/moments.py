"""When a channel wants its posts: its weekly moment, and never in its quiet hours.

Pure. Wall times are the zone's; what is answered is UTC, so a clock change shifts nothing twice.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

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
    return moment if channel.quiet is None else _after_quiet(channel.quiet, moment, zone)


def _next_send(send: SendSettings, now: datetime, zone: tzinfo) -> datetime:
    """The next moment of a week, or of a day; a wall time that does not exist moves on."""
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(8))
    moments = (_at(day, send.at, zone) for day in days if _is_day(send, day))
    return next(moment for moment in moments if moment >= now)


def _is_day(send: SendSettings, day: date) -> bool:
    return send.weekday is None or WEEKDAYS[day.weekday()] == send.weekday


def _after_quiet(quiet: QuietHours, moment: datetime, zone: tzinfo) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    local = moment.astimezone(zone)
    if not _is_quiet(quiet, local.timetz().replace(tzinfo=None)):
        return moment
    days = (local.date(), local.date() + timedelta(days=1))
    ends = (_at(day, quiet.end.replace(fold=fold), zone) for day in days for fold in (0, 1))
    return next(end for end in ends if end > moment)


def _is_quiet(quiet: QuietHours, wall: time) -> bool:
    if quiet.start <= quiet.end:
        return quiet.start <= wall < quiet.end
    return wall >= quiet.start or wall < quiet.end


def _at(day: date, wall: time, zone: tzinfo) -> datetime:
    """A wall time as a moment; of one that comes twice the first, unless its fold says other."""
    return datetime.combine(day, wall, zone).astimezone(UTC)
