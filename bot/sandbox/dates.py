"""Moments as words, in the zone and language of whoever looks.

Pure: the moment of looking is passed in. Date tokens after docs.slack.dev
/messaging/formatting-message-text (read 2026-08-20).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN: Mapping[str, str] = {
    "date_num": "{when:%Y-%m-%d}",
    "date_slash": "{when:%m/%d/%Y}",
    "date": "{month} {ordinal}{year}",
    "date_short": "{month:.3} {when.day}{year}",
    "date_long": "{weekday}, {month} {ordinal}{year}",
    "date_long_full": "{weekday}, {month} {ordinal}, {when.year}",
}
_ZH: Mapping[str, str] = {
    "date_num": "{when:%Y-%m-%d}",
    "date_slash": "{when:%Y/%m/%d}",
    "date": "{year_zh}{when.month}月{when.day}日",
    "date_short": "{year_zh}{when.month}月{when.day}日",
    "date_long": "{year_zh}{when.month}月{when.day}日{weekday_zh}",
    "date_long_full": "{when.year}年{when.month}月{when.day}日{weekday_zh}",
}
_PRETTY: Mapping[str, str] = {
    "date_pretty": "date",
    "date_short_pretty": "date_short",
    "date_long_pretty": "date_long",
    "day_divider_pretty": "date_long",
}
"""Tokens that say Today where they can, and what they say else."""
_NEAR: Mapping[int, tuple[str, str]] = {
    -1: ("Yesterday", "昨天"),
    0: ("Today", "今天"),
    1: ("Tomorrow", "明天"),
}
_YEAR_LEFT_OUT = timedelta(days=182)  # "within about six months", same page
_STEPS = ((86_400, "day", "天"), (3_600, "hour", "小时"), (60, "minute", "分钟"))


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
    return fill("{day_divider_pretty}", when, now, locale)


def fill(template: str, when: datetime, now: datetime, locale: str) -> str:
    """Fill a date template: `{date_short} {time}`. Unknown tokens stay as they are."""
    return re.sub(
        r"\{([a-z_]+)\}",
        lambda token: _said(token[1], when, now, locale) or token[0],
        template,
    )


def _said(token: str, when: datetime, now: datetime, locale: str) -> str:
    chinese = locale.startswith("zh")
    match token:
        case "time":
            return clock(when, locale)
        case "time_secs":
            return f"{when:%H:%M:%S}"
        case "ago":
            return _ago(when, now, chinese=chinese)
        case _:
            return _date(token, when, now, chinese=chinese)


def _date(token: str, when: datetime, now: datetime, *, chinese: bool) -> str:
    near = _NEAR.get((when.date() - now.date()).days)
    if token in _PRETTY and near:
        return near[chinese]
    pattern = (_ZH if chinese else _EN).get(_PRETTY.get(token, token), "")
    return pattern.format(when=when, **_parts(when, now))


def _parts(when: datetime, now: datetime) -> Mapping[str, str]:
    close = abs(when - now) < _YEAR_LEFT_OUT
    return {
        "month": _MONTHS[when.month - 1],
        "ordinal": _ordinal(when.day),
        "year": "" if close else f", {when.year}",
        "year_zh": "" if close else f"{when.year}年",
        "weekday": _DAYS[when.weekday()],
        "weekday_zh": f"星期{'一二三四五六日'[when.weekday()]}",
    }


def _ordinal(number: int) -> str:
    teen = 10 < number % 100 < 14  # noqa: PLR2004 - 11th, 12th, 13th
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _ago(when: datetime, now: datetime, *, chinese: bool) -> str:
    seconds = int(abs((now - when).total_seconds()))
    for size, name, name_zh in _STEPS:
        count = seconds // size
        if count and chinese:
            return f"{count} {name_zh}{'前' if when <= now else '后'}"
        if count:
            words = f"{count} {name}{'s' if count > 1 else ''}"
            return f"{words} ago" if when <= now else f"in {words}"
    return "刚刚" if chinese else "just now"
