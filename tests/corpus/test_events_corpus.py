"""Events of real, labelled pages: found, read, and none invented.

The pages and their labels stay where they are.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from formatters.document import PostError, Site
from formatters.events import UPCOMING, Event, find_events
from formatters.read import read_post
from tests.needs import SHARED, corpus

pytestmark = pytest.mark.corpus

SOFA = Site(url="https://www.sofastack.tech", zone="Asia/Shanghai", language="zh")


def events_of(folder: Path, file: str, site: Site) -> tuple[Event, ...]:
    """The events of one page, () where it is no post."""
    try:
        post = read_post((folder / file).read_text("utf-8"), path=file, site=site)
    except PostError:
        return ()
    return find_events(post, site=site)


def labels(name: str) -> tuple[dict[str, object], ...]:
    """The rows of a file of labels."""
    text = (SHARED / "events" / name).read_text("utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def starts(label: dict[str, object]) -> set[str]:
    """Every start that a label allows, to the minute or the day."""
    others = label["start_alt"]
    both = (label["start"], *(others if isinstance(others, list) else []))
    return {str(start)[:16] for start in both if start}


def told(event: Event) -> str:
    """The start of an event as labels write it."""
    assert event.start
    return event.start.isoformat()[: 10 if event.all_day else 16]


def is_right(event: Event, label: dict[str, object]) -> bool:
    """Whether an event begins when a label says; a label's bare day asks for the day only."""
    return any(told(event)[: len(start)] == start for start in starts(label))


@cache
def upcoming(file: str) -> tuple[Event, ...]:
    """What a page of SOFAStack announces."""
    folder = corpus("sofastack.tech")
    assert folder
    found = events_of(folder / "content" / "zh", file, SOFA)
    return tuple(event for event in found if event.status == UPCOMING)


def listed() -> Iterator[dict[str, object]]:
    """The labelled events that members should see announced."""
    for label in labels("sofastack.jsonl"):
        if (
            label["is_future_at_post"]
            and label["start"]
            and not label["decoy"]
            and not label["recap"]
        ):
            yield label


def test_every_announced_event_is_found_and_none_is_invented():
    """Recall, precision and the details that labels give, all of them 0.97 and better."""
    hits = [
        (label, next((e for e in upcoming(str(label["file"])) if is_right(e, label)), None))
        for label in listed()
    ]
    found = [(label, event) for label, event in hits if event]

    assert len(found) >= 0.99 * len(hits)
    for name in ("end", "online", "register_url"):
        asked = [
            (label[name], event) for label, event in found if label[name] not in {None, ""}
        ]
        right = [
            (event.end and event.end.isoformat()[: len(str(want))]) == str(want)
            if name == "end"
            else event.online == want
            if name == "online"
            else event.register_url.rstrip("/") == str(want).rstrip("/")
            for want, event in asked
        ]
        assert sum(right) >= 0.97 * len(right), name


def test_nothing_past_or_beside_the_point_is_announced():
    """No date of a review, of a deadline or of a result is called upcoming."""
    for label in labels("sofastack.jsonl"):
        if label["recap"] or label["decoy"]:
            ghosts = [e for e in upcoming(str(label["file"])) if is_right(e, label)]
            assert not ghosts, label["id"]


def test_every_line_of_a_list_of_events_is_read():
    """Date, last day, address and whether it is online: of eight English issues over 12 years."""
    folder = corpus("this-week-in-rust")
    assert folder
    issues = json.loads((SHARED / "events" / "this-week-in-rust.json").read_text("utf-8"))[
        "issues"
    ]
    wanted = right = 0
    for issue in issues:
        found = events_of(folder / "content", issue["issue"], Site())
        for line in issue["events"]:
            url = (line["url"] or "").rstrip("/")
            wanted += 1
            right += any(
                told(event) == line["date"]
                and event.register_url.rstrip("/") == url
                and (event.end.isoformat()[:10] if event.end else None) == line["end"]
                and event.online == bool(line["virtual"])
                for event in found
            )

    assert right >= 0.99 * wanted
