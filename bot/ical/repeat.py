"""On which days an event of a calendar falls, within a window.

Pure. A rule may come from anybody: what would take long to work out is refused.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from dateutil.rrule import rrulestr
from icalendar import Event, vRecur

MOST = 400
"""Occurrences of one series that are looked at within a window: ours, more than one a day."""
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
HOURS = {"BYHOUR": 4, "BYMINUTE": 1, "BYSECOND": 1}


class UnfitRuleError(ValueError):
    """A rule that cannot be followed; the words say why."""


def starts(event: Event, start: datetime, since: datetime, until: datetime) -> list[datetime]:
    """When an event begins, soonest first.

    Args:
        event: with its RRULE, RDATE and EXDATE.
        start: its first start, aware; not of long ago, as every day since is counted.
        since: of a series, nothing before this.
        until: nothing after this.

    Raises:
        UnfitRuleError: a rule is broken, or would take too long.
    """
    if not (event.rrules or event.rdates):
        return [start] if start <= until else []
    found = {start}
    for rule in event.rrules:
        found.update(_of_rule(rule, start, since, until))
    found.update(_moment(dates[0], start) for dates in event.rdates)
    found -= {_moment(one, start) for one in event.exdates}
    return sorted(one for one in found if since <= one <= until)[:MOST]


def _moment(told: object, start: datetime) -> datetime:
    """An exception, or an addition, as a start of the series: a bare day has the series' hour."""
    if isinstance(told, datetime):
        return told if told.tzinfo else told.replace(tzinfo=start.tzinfo)
    return datetime.fromisoformat(str(told)).replace(
        hour=start.hour, minute=start.minute, tzinfo=start.tzinfo
    )


def _of_rule(
    rule: vRecur, start: datetime, since: datetime, until: datetime
) -> Iterator[datetime]:
    told = {str(name).upper(): list(values) for name, values in rule.items()}
    _check(told)
    last = [_moment(one, start.replace(hour=23, minute=59)) for one in told.pop("UNTIL", [])]
    count = int(told.pop("COUNT", [0])[0]) or None
    bound = min([*last, until]).astimezone(UTC)
    parts = ";".join(f"{name}={','.join(map(str, values))}" for name, values in told.items())
    try:
        series = rrulestr(f"{parts};UNTIL={bound:%Y%m%dT%H%M%SZ}", dtstart=start)
        yield from (one for one in islice(series, count) if one >= since)
    except (ValueError, TypeError, OverflowError) as error:
        raise UnfitRuleError(f"its rule cannot be followed ({error})") from error


def _check(told: dict[str, list[object]]) -> None:
    """Refuse what calendars of meetups do not say, and what would take for ever."""
    frequency = str(told.get("FREQ", [""])[0]).upper()
    if frequency not in FREQUENCIES:
        raise UnfitRuleError(f"its rule repeats it {frequency or 'at no pace'}")
    if str(told.get("INTERVAL", [1])[0]) in {"0", "-1"}:
        raise UnfitRuleError("its rule has no interval")
    if any(len(told.get(name, [])) > most for name, most in HOURS.items()):
        raise UnfitRuleError("its rule repeats it many times a day")
