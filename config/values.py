"""Small values as operators write them: durations, times of day, addresses, patterns.

Pure: each function takes what the file has and answers the typed value or a ValueError in words.
"""

import re
import string
from datetime import time, timedelta
from ipaddress import ip_network
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from config.problem import one_of

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION = re.compile(r"(?:[0-9]{1,6}[smhdw])+", re.ASCII)
_PART = re.compile(r"([0-9]+)([smhdw])", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_PERMALINK_FIELDS = ("slug", "title", "number", "year", "month", "day", "path")
_COLON_FIELDS = (
    "slug", "title", "year", "month", "day", "short_year", "i_month", "i_day", "y_day",
    "hour", "minute", "second", "categories", "filename", "contentbasename", "section",
    "sections", "output_ext",
)  # fmt: skip
"""As Jekyll and Hugo write them, `:year`."""
_SSH_SHORT = re.compile(r"[A-Za-z0-9][\w.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s:-][^\s]*", re.ASCII)
_BRANCH = re.compile(r"[^\s\x00-\x1f\x7f~^:?*\[\\/.-][^\s\x00-\x1f\x7f~^:?*\[\\]*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9.])?", re.ASCII)
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}


def duration(value: object) -> object:
    """Read `30s`, `10m`, `2h`, `7d`, `1h30m`; a timedelta passes."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise ValueError("must be a whole number with a unit: 30s, 10m, 2h or 7d")
    parts = _PART.findall(value)
    return sum((int(count) * _UNITS[unit] for count, unit in parts), timedelta())


def limit(value: object) -> object:
    """Read a duration, or `never` for none."""
    return None if value in (None, "never") else duration(value)


def time_of_day(value: object) -> object:
    """Read `17:00`; a time passes. The zone is the site's."""
    if isinstance(value, time):
        return value
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not match or int(match[1]) > 23 or int(match[2]) > 59:  # noqa: PLR2004  # a clock
        raise ValueError('must be a time of day between "00:00" and "23:59", such as "17:00"')
    return time(int(match[1]), int(match[2]))


def zone(value: str) -> str:
    """Accept the IANA name of a time zone."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        nearest = one_of(value, available_timezones())
        hint = nearest if nearest.startswith("did") else "take a name such as Europe/Berlin"
        raise ValueError(f"is no time zone: {hint}") from None
    return value


def web_address(value: str) -> str:
    """Accept an http(s) address and drop its trailing slashes; "" passes."""
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address such as https://www.example.org")
    return value.rstrip("/")


def feed_address(value: str) -> str:
    """Accept an http(s) address as it is; one with a password in it is refused."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address such as https://www.example.org/feed.xml")
    if parts.password:
        raise ValueError("holds a password; this file is no place for one")
    return value


def git_remote(value: str) -> str:
    """Accept what git clones from: https, ssh, a local repository; never a password."""
    if value.startswith(("/", "file:///")) or _SSH_SHORT.fullmatch(value):
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"https", "http", "ssh"} or not parts.hostname:
        words = "must be a repository's address, such as https://example.org/site.git"
        raise ValueError(f"{words} or git@example.org:site.git")
    if parts.password:
        words = "holds a password; put it into the environment and name the variable in 'token'"
        raise ValueError(words)
    return value


def branch(value: str) -> str:
    """Accept the name of a branch; "" passes."""
    if value and (
        not _BRANCH.fullmatch(value) or ".." in value or value.endswith((".lock", "/"))
    ):
        raise ValueError("must be the name of a branch, such as main")
    return value


def folder_below(value: str) -> str:
    """Accept a folder inside a repository, without slashes around it; "" is the top."""
    parts = value.strip("/").split("/")
    if value and (set(parts) & {"", ".", ".."} or "\\" in value):
        raise ValueError("must be a folder in the repository, such as content/blog")
    return "/".join(parts)


def allowed_place(value: str) -> str:
    """Accept a host, or a network such as 10.0.0.0/8; answers it in small letters."""
    try:
        return str(ip_network(value))
    except ValueError:
        if not _HOST.fullmatch(value):
            words = "must be a host such as git.example.org, or a network such as 10.0.0.0/8"
            raise ValueError(words) from None
        return value.lower().rstrip(".")


def glob(value: str) -> str:
    """Accept a pattern for files below a source's folder."""
    parts = value.split("/")
    if not value.strip() or value.startswith("/") or "\\" in value or ".." in parts:
        raise ValueError("must be a pattern below the source's path, such as **/*.md")
    if any("**" in part and part != "**" for part in parts):
        raise ValueError("may have ** only as a whole step, as in **/*.md")
    if re.search(r"\[[^\]]*$", value):
        raise ValueError("has a [ without its ]")
    return value


def permalink(value: str) -> str:
    """Accept a pattern such as /blog/{slug}/ or /:year/:title/; "" passes."""
    if not value:
        return value
    if not value.startswith("/"):
        raise ValueError("must begin with / and goes on from site.url, such as /blog/{slug}/")
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(value) if name is not None]
    except ValueError:
        raise ValueError("has a brace without its partner") from None
    for name in fields:
        if name not in _PERMALINK_FIELDS:
            raise ValueError(f"knows no {{{name}}}: {one_of(name, _PERMALINK_FIELDS)}")
    for name in re.findall(r"/:(\w+)", value):
        if name not in _COLON_FIELDS:
            raise ValueError(f"knows no :{name}: {one_of(name, _COLON_FIELDS)}")
    return value


def database_url(value: str) -> str:
    """Accept PostgreSQL and SQLite addresses and name the async driver. Never echoes them."""
    scheme, mark, rest = value.partition("://")
    if not mark or scheme not in _DRIVERS:
        raise ValueError(
            "must begin with postgresql:// or sqlite:/// (the value is not shown: it may hold"
            " a password)"
        )
    return f"{_DRIVERS[scheme]}://{rest}"
