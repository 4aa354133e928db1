"""Moments as words, in the zone and language of whoever looks.

Pure: the moment of looking is passed in. Date tokens after docs.slack.dev
/messaging/formatting-message-text (read 2026-08-20).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Say = Callable[[datetime, datetime], str]
"""(moment, now), both in the viewer's zone, to words."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_ZH = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
NEAR = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}
NEAR_ZH = {-1: "昨天", 0: "今天", 1: "明天"}
YEAR_LEFT_OUT = timedelta(days=182)  # "within about six months", same page
STEPS = ((86_400, "day", "天"), (3_600, "hour", "小时"), (60, "minute", "分钟"))


def zone(name: str) -> ZoneInfo:
    """Read an IANA zone name; UTC for one that the system does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(ts: str) -> datetime:
    """Read a Slack `ts` or an epoch number as aware UTC. Raises ValueError for anything else."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{ts} is no moment") from error


def clock(when: datetime, locale: str) -> str:
    """Say the time of day: 12 hours in American English, 24 elsewhere."""
    if locale == "en-US":
        return f"{when.hour % 12 or 12}:{when:%M} {'AM' if when.hour < 12 else 'PM'}"  # noqa: PLR2004 - noon
    return f"{when:%H:%M}"


def day(when: datetime, now: datetime, locale: str) -> str:
    """Say the day as a timeline's divider does: Today, Yesterday, or the date in full."""
    return _pretty(_long)(when, now) if not _zh(locale) else _pretty_zh(_long_zh)(when, now)


def fill(template: str, when: datetime, now: datetime, locale: str) -> str:
    """Fill a date template: `{date_short} {time}`. Unknown tokens stay as they are."""
    table = TOKENS_ZH if _zh(locale) else TOKENS

    def token(match: re.Match[str]) -> str:
        name = match[1]
        if name in ("time", "time_secs"):
            return clock(when, locale) if name == "time" else f"{when:%H:%M:%S}"
        say = table.get(name)
        return say(when, now) if say else match[0]

    return re.sub(r"\{([a-z_]+)\}", token, template)


def _zh(locale: str) -> bool:
    return locale.startswith("zh")


def _ordinal(number: int) -> str:
    teen = 10 < number % 100 < 14  # noqa: PLR2004 - 11th, 12th, 13th
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _year(when: datetime, now: datetime) -> str:
    return "" if abs(when - now) < YEAR_LEFT_OUT else f", {when.year}"


def _date(when: datetime, now: datetime) -> str:
    return f"{MONTHS[when.month - 1]} {_ordinal(when.day)}{_year(when, now)}"


def _short(when: datetime, now: datetime) -> str:
    return f"{MONTHS[when.month - 1][:3]} {when.day}{_year(when, now)}"


def _long(when: datetime, now: datetime) -> str:
    return f"{DAYS[when.weekday()]}, {_date(when, now)}"


def _full(when: datetime, _now: datetime) -> str:
    return f"{DAYS[when.weekday()]}, {MONTHS[when.month - 1]} {_ordinal(when.day)}, {when.year}"


def _slash(when: datetime, _now: datetime) -> str:
    return f"{when:%m/%d/%Y}"


def _number(when: datetime, _now: datetime) -> str:
    return f"{when:%Y-%m-%d}"


def _date_zh(when: datetime, now: datetime) -> str:
    year = "" if abs(when - now) < YEAR_LEFT_OUT else f"{when.year}年"
    return f"{year}{when.month}月{when.day}日"


def _long_zh(when: datetime, now: datetime) -> str:
    return _date_zh(when, now) + DAYS_ZH[when.weekday()]


def _full_zh(when: datetime, _now: datetime) -> str:
    return f"{when.year}年{when.month}月{when.day}日{DAYS_ZH[when.weekday()]}"


def _slash_zh(when: datetime, _now: datetime) -> str:
    return f"{when:%Y/%m/%d}"


def _pretty(say: Say, near: Mapping[int, str] = NEAR) -> Say:
    def words(when: datetime, now: datetime) -> str:
        return near.get((when.date() - now.date()).days) or say(when, now)

    return words


def _pretty_zh(say: Say) -> Say:
    return _pretty(say, NEAR_ZH)


def _ago(when: datetime, now: datetime) -> str:
    seconds = int(abs((now - when).total_seconds()))
    for size, name, _ in STEPS:
        if seconds >= size:
            count = seconds // size
            words = f"{count} {name}{'s' if count > 1 else ''}"
            return f"{words} ago" if when <= now else f"in {words}"
    return "just now"


def _ago_zh(when: datetime, now: datetime) -> str:
    seconds = int(abs((now - when).total_seconds()))
    for size, _, name in STEPS:
        if seconds >= size:
            return f"{seconds // size} {name}{'前' if when <= now else '后'}"
    return "刚刚"


TOKENS: Mapping[str, Say] = {
    "date_num": _number,
    "date_slash": _slash,
    "date": _date,
    "date_short": _short,
    "date_long": _long,
    "date_long_full": _full,
    "date_pretty": _pretty(_date),
    "date_short_pretty": _pretty(_short),
    "date_long_pretty": _pretty(_long),
    "day_divider_pretty": _pretty(_long),
    "ago": _ago,
}
TOKENS_ZH: Mapping[str, Say] = {
    "date_num": _number,
    "date_slash": _slash_zh,
    "date": _date_zh,
    "date_short": _date_zh,
    "date_long": _long_zh,
    "date_long_full": _full_zh,
    "date_pretty": _pretty_zh(_date_zh),
    "date_short_pretty": _pretty_zh(_date_zh),
    "date_long_pretty": _pretty_zh(_long_zh),
    "day_divider_pretty": _pretty_zh(_long_zh),
    "ago": _ago_zh,
}
