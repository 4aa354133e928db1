"""Announcements as communities write them: what people will meet for is found, nothing else.

Each page of the fixtures is `=== id | zone | date of the post`, its title, its text and labels:
`+` a day to be found, with what else is asked of it; `-` a day on which nobody meets; `~` one
that may be told or not; `?` one that is not found yet.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from formatters.document import Site
from formatters.events import UPCOMING, Event, find_events
from formatters.read import read_post

FOLDER = Path(__file__).parent.parent / "fixtures" / "announcements"


@dataclass(frozen=True)
class Label:
    """What a reader says of one day of a page."""

    sign: str
    start: str
    asked: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One page and its labels."""

    name: str
    zone: str
    text: str
    labels: Sequence[Label]


def pages() -> Iterator[Page]:
    for file in sorted(FOLDER.glob("*.txt")):
        for chunk in re.split(r"(?m)^=== ", file.read_text("utf-8"))[1:]:
            head, rest = chunk.split("\n", 1)
            name, zone, date = (part.strip() for part in head.split("|"))
            post, labels = rest.split("\n--- labels\n")
            title, body = post.split("\n---\n", 1)
            name_of = title.removeprefix("title: ").strip('"')
            header = f"title: {json.dumps(name_of, ensure_ascii=False)}"
            text = f"---\n{header}\ndate: {date}\n---\n{body}\n"
            yield Page(name, zone, text, tuple(map(label, labels.strip().splitlines())))


def label(line: str) -> Label:
    start, *rest = (part.strip() for part in line[2:].split(" ; "))
    return Label(line[0], start, dict(part.split("=", 1) for part in rest if "=" in part))


def moment(text: str, zone: str) -> str:
    """A start in the page's zone, a day as it is."""
    at = datetime.fromisoformat(text)
    place = ZoneInfo(zone)
    at = at.astimezone(place) if at.tzinfo else at.replace(tzinfo=place)
    return text if len(text) == len("2026-12-05") else f"{at:%Y-%m-%dT%H:%M}"


def told(at: datetime | None, zone: str, *, all_day: bool) -> str:
    """A moment of an event as labels write it."""
    if at is None:
        return ""
    here = at.astimezone(ZoneInfo(zone))
    return f"{here:%Y-%m-%d}" if all_day else f"{here:%Y-%m-%dT%H:%M}"


def is_met(event: Event, asked: Label, zone: str) -> bool:
    """Whether an event is what a label asks for, in all that it asks."""
    want = asked.asked
    start = told(event.start, zone, all_day=event.all_day)
    end = told(event.end, zone, all_day=event.all_day)
    return (
        start.startswith(moment(asked.start, zone))
        and end.startswith(moment(want["end"], zone) if "end" in want else "")
        and want.get("place", "").casefold() in event.place.casefold()
        and want.get("title", "").casefold() in event.title.casefold()
        and want.get("url", event.register_url).rstrip("/") == event.register_url.rstrip("/")
        and {"y": event.online, "n": not event.online}.get(want.get("online", ""), True)
        and (event.all_day or "allday" not in want)
    )


@pytest.mark.parametrize("page", [pytest.param(page, id=page.name) for page in pages()])
def test_a_page_announces_what_its_readers_will_meet_for(page: Page):
    """Day, hour, end, place and address of each, and no day on which nobody meets."""
    site = Site(zone=page.zone)
    found = find_events(read_post(page.text, path="a/index.md", site=site), site=site)
    left = [event for event in found if event.status == UPCOMING]

    for asked in (label for label in page.labels if label.sign == "+"):
        event = next((one for one in left if is_met(one, asked, page.zone)), None)
        assert event, (asked, left)
        left.remove(event)

    allowed = {label.start[:10] for label in page.labels if label.sign in "~?"}
    assert [e for e in left if told(e.start, page.zone, all_day=True) not in allowed] == []
