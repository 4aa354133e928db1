"""How far date libraries get on pages that announce meetups, beside `digestbot events`.

    python tests/benchmarks/event_dates.py TRUTH.jsonl PAGES.jsonl FOLDER [--zone Asia/Shanghai]

FOLDER holds the labelled pages. Each library that is installed (pip install dateparser
datefinder parsedatetime recognizers-text-suite jionlp) searches the lines of every page, told
the day of the post; whatever lies ahead of the post counts as found. Prints a table.
"""

import argparse
import contextlib
import importlib
import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))

from formatters.document import Post, PostError, Site
from formatters.events import UPCOMING, find_events
from formatters.events.lines import places
from formatters.read import read_post

_GAPS = re.compile(r"(?<=[\u4e00-\u9fff]) +| +(?=[\u4e00-\u9fff])")
Search = Callable[[str, datetime], Iterable[datetime]]


@dataclass(frozen=True, slots=True)
class Page:
    """A labelled page: its file, the post, the starts that its labels allow."""

    file: str
    post: Post
    wanted: tuple[tuple[str, ...], ...]


def main() -> None:
    """Run everything that is installed and print how it did."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("truth", "pages", "folder"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--zone", default="Asia/Shanghai")
    given = parser.parse_args()
    site = Site(zone=given.zone, language="zh")
    pages = tuple(_pages(given.truth, given.pages, given.folder, site))
    print(f"{'':28}{'recall':>9}{'precision':>11}{'ms a page':>11}")
    for name, search in (("digestbot", None), *_installed()):
        print(_row(name, search, pages, site))


def _pages(truth: Path, listed: Path, folder: Path, site: Site) -> Iterator[Page]:
    labels = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    for line in listed.read_text("utf-8").splitlines():
        file = json.loads(line)["file"]
        try:
            post = read_post((folder / file).read_text("utf-8"), path=file, site=site)
        except (PostError, OSError):
            continue
        wanted = tuple(
            _starts(label) for label in labels if label["file"] == file and _counts(label)
        )
        yield Page(file, post, wanted)


def _counts(label: Mapping[str, object]) -> bool:
    return bool(
        label["is_future_at_post"]
        and label["start"]
        and not label["decoy"]
        and not label["recap"]
    )


def _starts(label: Mapping[str, object]) -> tuple[str, ...]:
    others = label.get("start_alt")
    return tuple(
        str(start) for start in (label["start"], *(others if isinstance(others, list) else []))
    )


def _row(name: str, search: Search | None, pages: Sequence[Page], site: Site) -> str:
    began = time.perf_counter()
    hits = right = told = wanted = 0
    for page in pages:
        found = _ours(page.post, site) if search is None else _theirs(page.post, search, site)
        matches = [[start for start in found if _same(labels, start)] for labels in page.wanted]
        wanted += len(page.wanted)
        hits += sum(map(bool, matches))
        right += sum(any(_same(labels, start) for labels in page.wanted) for start in found)
        told += len(found)
    took = (time.perf_counter() - began) * 1000 / len(pages)
    return f"{name:28}{hits / wanted:9.3f}{right / max(told, 1):11.3f}{took:11.1f}"


def _same(labels: Sequence[str], start: datetime) -> bool:
    """A date without a time asks for the day only."""
    return any(
        start.isoformat()[: 10 if len(label) == 10 else 16] == label[:16] for label in labels
    )


def _ours(post: Post, site: Site) -> tuple[datetime, ...]:
    events = find_events(post, site=site)
    return tuple(event.start for event in events if event.status == UPCOMING and event.start)


def _theirs(post: Post, search: Search, site: Site) -> tuple[datetime, ...]:
    zone = ZoneInfo(site.zone)
    if post.header.date is None:
        return ()
    posted = post.header.date.astimezone(zone)
    texts = [
        post.header.description,
        *(line.text for place in places(post) for line in place.lines),
    ]
    found: dict[datetime, None] = {}
    for text in filter(None, texts):
        # Spaces between Chinese letters and digits trouble most of them: they get the text without.
        for moment in search(_GAPS.sub("", text), posted):
            here = (
                moment.replace(tzinfo=zone)
                if moment.tzinfo is None
                else moment.astimezone(zone)
            )
            if posted < here < posted + timedelta(days=400):
                found[here] = None
    return tuple(found)


# ------------------------------------------------------------------ the libraries


def _installed() -> Iterator[tuple[str, Search]]:
    for module, make in _LIBRARIES:
        try:
            library = importlib.import_module(module)
        except ImportError:
            print(f"{module} is not installed: left out", file=sys.stderr)
        else:
            yield module, make(library)


def _dateparser(library: object) -> Search:
    def search(text: str, posted: datetime) -> Iterator[datetime]:
        settings = {"RELATIVE_BASE": posted.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
        found = library.search_dates(text, languages=["zh", "en"], settings=settings)  # type: ignore[attr-defined]
        yield from (moment for _, moment in found or ())

    return search


def _datefinder(library: object) -> Search:
    def search(text: str, posted: datetime) -> Iterator[datetime]:
        base = posted.replace(hour=0, minute=0, second=0, tzinfo=None)
        try:
            yield from library.find_dates(text, base_date=base)  # type: ignore[attr-defined]
        except (OverflowError, ValueError, TypeError):
            return

    return search


def _parsedatetime(library: object) -> Search:
    calendar = library.Calendar()  # type: ignore[attr-defined]

    def search(text: str, posted: datetime) -> Iterator[datetime]:
        yield from (
            moment for moment, *_ in calendar.nlp(text, posted.replace(tzinfo=None)) or ()
        )

    return search


def _recognizers(library: object) -> Search:
    model = library.DateTimeRecognizer("zh-cn").get_datetime_model()  # type: ignore[attr-defined]

    def search(text: str, posted: datetime) -> Iterator[datetime]:
        try:
            found = model.parse(text, posted.replace(tzinfo=None))
        except Exception:  # noqa: BLE001 - it raises many kinds on text that it does not know
            return
        for one in found:
            for value in (one.resolution or {}).get("values", ()):
                told = str(value.get("start") or value.get("value") or "")
                try:
                    yield datetime.fromisoformat(told)
                except ValueError:
                    continue

    return search


def _jionlp(library: object) -> Search:
    def search(text: str, posted: datetime) -> Iterator[datetime]:
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                found = library.ner.extract_time(text, time_base=posted.timestamp())  # type: ignore[attr-defined]
        except Exception:  # noqa: BLE001 - likewise
            return
        for one in found:
            start = one["detail"]["time"]
            try:
                yield datetime.fromisoformat(str(start[0]) if isinstance(start, list) else "")
            except ValueError:
                continue

    return search


_LIBRARIES: Sequence[tuple[str, Callable[[object], Search]]] = (
    ("dateparser.search", _dateparser),
    ("datefinder", _datefinder),
    ("parsedatetime", _parsedatetime),
    ("recognizers_date_time", _recognizers),
    ("jionlp", _jionlp),
)


if __name__ == "__main__":
    main()
