"""Headers of real posts, read once more by other means: nothing differs.

The posts stay where they are. The second reading knows only what these four sites do.
"""

import re
from datetime import datetime, timedelta, timezone
from html import unescape
from pathlib import Path

import pytest

from formatters.document import Site
from formatters.header import read_header
from formatters.identity import no_post
from formatters.understood import Understood, understood
from tests.needs import corpus

pytestmark = pytest.mark.corpus

ZONES = {
    "sofastack.tech": "Asia/Shanghai",
    "this-week-in-rust": "America/New_York",
    "lwkd": "UTC",
    "nixos-weekly": "Europe/Berlin",
}
WRITTEN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:\.0+)? ?(Z|[+-]\d\d:?\d\d))?"
)


def posts(name: str) -> list[tuple[Path, str]]:
    """The posts of a site with their paths below it."""
    folder = corpus(name)
    found = sorted(folder.rglob("*.md")) if folder else []
    paths = [(file, file.relative_to(folder).as_posix()) for file in found if folder]
    return [(file, path) for file, path in paths if not no_post(path)]


def lines(text: str) -> dict[str, str]:
    """The header as lines of `key: value`, quotes taken off."""
    fenced = text.startswith("---\n")
    head = text[4:].partition("\n---")[0] if fenced else text.partition("\n\n")[0]
    pairs = re.findall(r"^(\w+):[ \t]*(.*?)[ \t]*$", head, re.MULTILINE)
    values = {key.lower(): value for key, value in pairs}
    return {k: v[1:-1] if v[:1] == v[-1:] == '"' else v for k, v in values.items()}


def moment(written: str) -> str:
    """A date as ISO 8601, "" for none."""
    found = WRITTEN.fullmatch(written)
    if not found or not found[4]:
        return written if found else ""
    zone = found[7].replace("Z", "+0000").replace(":", "")
    minutes = int(zone[:3]) * 60 + int(zone[0] + zone[3:])
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    offset = timezone(timedelta(minutes=minutes))
    return datetime(year, month, day, hour, minute, second, tzinfo=offset).isoformat()


def kind(name: str, path: str) -> str:
    """What a post is, by the habits of these sites."""
    if name != "sofastack.tech" or "weekly" in path:
        return "issue"
    return "event" if "/activities/" in path else "article"


def read(file: Path, path: str, name: str) -> Understood:
    """A post as we understand it."""
    site = Site(zone=ZONES[name], language="")
    return understood(file.read_text("utf-8"), path=path, site=site)


@pytest.mark.parametrize("name", ZONES)
def test_every_real_header_is_read_right(name):
    """Title, date with its zone, kind, language and number, of every post."""
    for file, path in posts(name):
        told, wanted = read(file, path, name), lines(file.read_text("utf-8"))
        language = "zh" if name == "sofastack.tech" else "en"
        number = wanted.get("number")

        assert told.title == " ".join(unescape(wanted["title"]).split()), path
        assert told.date == moment(wanted["date"]), path
        assert (told.kind, told.language) == (kind(name, path), language), path
        assert number is None or told.number == int(number), path


@pytest.mark.parametrize("name", ["this-week-in-rust", "nixos-weekly"])
def test_days_without_a_zone_begin_at_the_sites_midnight(name):
    """Not at UTC's, and not at this machine's."""
    for file, path in posts(name):
        header, *_ = read_header(
            file.read_text("utf-8"), path=path, site=Site(zone=ZONES[name])
        )
        if header.date:
            wall = (header.date.hour, header.date.minute, str(header.date.tzinfo))
            assert wall == (0, 0, ZONES[name]), path


def test_what_no_calendar_knows_is_one_post_that_was_never_finished():
    """It keeps its words, and is undated."""
    unread = [
        told
        for name in ZONES
        for file, path in posts(name)
        if (told := read(file, path, name)).unread
    ]

    assert all("TODO" in told.unread and not told.date for told in unread)
    assert len(unread) <= 1
