"""Events of real, labelled pages: found, read, and none invented.

The pages and their labels stay where they are.
"""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot.agenda import Gathering
from bot.archive import Archive, migrate, open_archive
from bot.model.posts import Found, Meetup, Role
from bot.publish import gather
from bot.publish.reading import Reader
from formatters.document import PostError, Site
from formatters.events import UPCOMING, Event, find_events
from formatters.read import read_post
from tests.fakes import FixedClock
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


def told(event: Event | Meetup) -> str:
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


ROLES = {"activities": Role.EVENTS}


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    """Every labelled page, archived and joined as the bot does it."""
    url = f"sqlite:///{tmp_path}/digest.db"
    await migrate(url)
    archive = await open_archive(url)
    clock = FixedClock(datetime(2024, 12, 1, tzinfo=UTC))
    folder = corpus("sofastack.tech")
    assert folder
    files: dict[str, set[str]] = {}
    for label in labels("sofastack.jsonl"):
        files.setdefault(str(label["source"]), set()).add(str(label["file"]))
    for source, paths in files.items():
        texts = [
            (folder / "content" / "zh" / path).read_text("utf-8") for path in sorted(paths)
        ]
        found = [Found(source, path, t) for path, t in zip(sorted(paths), texts, strict=True)]
        reader = Reader(SOFA, ROLES.get(source, Role.ISSUES), clock.now(), first_run=True)
        posts = (await reader.read(found)).posts
        await archive.register.save(source, [(one.entry, one.meetups) for one in posts])
    await gather(archive.agenda, clock=clock)
    yield archive
    await archive.close()


def of_label(label: dict[str, object], recorded: Sequence[Gathering]) -> set[str]:
    """The uids that a label's post tells for its start: to the letter, or else on its day."""
    post = f"{label['source']}:{label['file']}"
    here = [(told(one.meetup), one.uid) for one in recorded if post in one.sources]
    exactly = {uid for start, uid in here if start in starts(label)}
    return exactly or {
        uid for start, uid in here if any(start.startswith(one) for one in starts(label))
    }


async def test_each_real_event_is_recorded_once(archive: Archive):
    """What labels call one event has one name, and no two events share one."""
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    recorded = await archive.agenda.changed(long_ago, long_ago)
    names: dict[str, set[str]] = {}
    events: dict[str, set[str]] = {}
    for label in listed():
        key, uids = str(label["event_key"]), of_label(label, recorded)
        names.setdefault(key, set()).update(uids)
        for uid in uids:
            events.setdefault(uid, set()).add(key)

    assert sum(map(bool, names.values())) >= 0.99 * len(names)
    assert {key: uids for key, uids in names.items() if len(uids) > 1} == {}
    assert {uid: keys for uid, keys in events.items() if len(keys) > 1} == {}
