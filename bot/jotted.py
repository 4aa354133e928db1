"""A meetup as JSON keeps it: its moments with the name of their zone."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.model.posts import Meetup

MOMENTS = ("start", "end")


def zone_name(moment: datetime | None) -> str:
    """The IANA name of a moment's zone, else its offset in seconds such as `+28800`; "" for None."""
    offset = None if moment is None else moment.utcoffset()
    if moment is None or offset is None:
        return ""
    key = getattr(moment.tzinfo, "key", None)
    return key if isinstance(key, str) else f"{int(offset.total_seconds()):+d}"


def zone_of(name: str) -> tzinfo:
    """What `zone_name` named."""
    if name[:1] in {"+", "-"}:
        return timezone(timedelta(seconds=int(name)))
    return ZoneInfo(name or "UTC")


def jotted(meetup: Meetup) -> dict[str, object]:
    """A meetup as JSON has it."""
    start, end = meetup.start, meetup.end
    moments = {"start": start and start.isoformat(), "end": end and end.isoformat()}
    return {**asdict(meetup), **moments, "zone": zone_name(start or end)}


def meetup_in(written: Mapping[str, object]) -> Meetup:
    """What `jotted` wrote, as it was."""
    zone = zone_of(str(written["zone"]))
    told = {name: value for name, value in written.items() if name != "zone"}
    for name in MOMENTS:
        if moment := written[name]:
            told[name] = datetime.fromisoformat(str(moment)).astimezone(zone)
    return Meetup(**told)  # type: ignore[arg-type]  # as `jotted` wrote it
