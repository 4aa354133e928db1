"""The shipped example posts: read like any community's, complete, and naming nobody real."""

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from urllib.parse import urljoin

import pytest

from formatters.compose import compose
from formatters.document import (
    CodeBlock,
    Header,
    Heading,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Post,
    Quote,
    SectionKind,
    Site,
    Span,
    Table,
)
from formatters.events import find_events
from formatters.message import Style
from formatters.read import read_post
from formatters.slack.limits import message_faults

EXAMPLES = files("bot") / "examples"
SITE_URL = "http://127.0.0.1:3001"
PICTURE_BYTES = 60_000
WRITTEN = datetime(2026, 11, 23, tzinfo=UTC)
"""The day the examples were written: from here on meetups must be left to show."""


def below(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Every file below a folder with its POSIX path, in order of name."""
    for entry in sorted(folder.iterdir(), key=lambda found: found.name):
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from below(entry, f"{path}/")
        else:
            yield path, entry


def texts(source: str) -> dict[str, str]:
    """Path below the source -> raw text."""
    return {path: entry.read_text(encoding="utf-8") for path, entry in below(EXAMPLES / source)}


def site(source: str) -> Site:
    """The site of the examples, as the sandbox describes it."""
    return Site("Lanternfish", SITE_URL, "Asia/Shanghai", "zh", f"/{source}/{{slug}}/")


def posts(source: str) -> list[Post]:
    """The posts of a source, read."""
    return [
        read_post(text, path=path, site=site(source)) for path, text in texts(source).items()
    ]


ALL = [(source, path) for source in ("weekly", "meetups") for path in texts(source)]
"""Every example post as source and path."""


def the_post(source: str, path: str) -> Post:
    """One example post, read."""
    return read_post(texts(source)[path], path=path, site=site(source))


def nodes_of(blocks: tuple[Node, ...]) -> Iterator[Node]:
    """All blocks, outer ones before inner ones."""
    for block in blocks:
        yield block
        match block:
            case Quote(inner):
                yield from nodes_of(inner)
            case ListBlock(items=items):
                for item in items:
                    yield from nodes_of(item.blocks)
            case _:
                pass


def inlines_of(block: Node) -> tuple[Inline, ...]:
    """The inlines that stand in a block itself."""
    match block:
        case Paragraph(inlines) | Heading(inlines=inlines):
            return inlines
        case Table(header, rows):
            return tuple(i for row in (header, *rows) for cell in row for i in cell)
        case _:
            return ()


def everything() -> list[Node]:
    """All blocks of all weekly issues, headings left out."""
    return [n for post in posts("weekly") for s in post.sections for n in nodes_of(s.blocks)]


def spans() -> list[Span]:
    """All runs of text in all weekly issues."""
    return [i for n in everything() for i in inlines_of(n) if isinstance(i, Span)]


def depth(block: ListBlock) -> int:
    """How many lists stand inside one another, this one included."""
    inner = [b for item in block.items for b in item.blocks if isinstance(b, ListBlock)]
    return 1 + max((depth(b) for b in inner), default=0)


def urls_of(post: Post) -> set[str]:
    """Every address a post shows: links, pictures, its cover."""
    cover = post.header.cover
    found = {urljoin(post.url, cover)} if cover else set()
    for section in post.sections:
        runs = [*section.title, *(i for n in nodes_of(section.blocks) for i in inlines_of(n))]
        for run in runs:
            match run:
                case Span(url=url):
                    found.add(url)
                case Image(url=url, link=link):
                    found |= {url, link}
                case LineBreak():
                    pass
    return found - {""}


def test_there_are_enough_issues_in_both_languages() -> None:
    """Seven weekly issues: four Chinese, two English, one in both."""
    languages = [post.language[:2] for post in posts("weekly")]
    assert languages.count("zh") == 5
    assert languages.count("en") == 2


def test_issues_are_numbered_without_a_gap() -> None:
    """The bot finds each issue's own number; the next one is one higher."""
    assert [post.number for post in posts("weekly")] == list(range(41, 48))


def test_issues_appear_every_friday() -> None:
    """Dates are a week apart, whatever form their header gives them in."""
    dates = [post.header.date for post in posts("weekly")]
    days = [date.date() for date in dates if date is not None]
    assert len(days) == 7
    assert {day.isoweekday() for day in days} == {5}
    assert all(b - a == timedelta(days=7) for a, b in pairwise(days))


def test_no_issue_is_dated_in_the_future() -> None:
    """Nothing waits for its date in a fresh sandbox."""
    dates = [p.header.date for source in ("weekly", "meetups") for p in posts(source)]
    assert all(date is not None and date < WRITTEN for date in dates)


@pytest.mark.parametrize(("source", "path"), ALL)
def test_an_example_has_a_complete_header(source: str, path: str) -> None:
    """Title, date, description and at least one category and tag are read."""
    header: Header = the_post(source, path).header
    assert header.title
    assert header.date is not None
    assert header.description
    assert header.categories
    assert header.tags


@pytest.mark.parametrize(("source", "path"), ALL)
def test_nothing_of_an_example_is_left_out(source: str, path: str) -> None:
    """The examples hold nothing that reading has to drop."""
    assert the_post(source, path).omitted == ()


@pytest.mark.parametrize(("source", "path"), ALL)
@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_example_composes_into_valid_messages(
    source: str, path: str, style: Style, language: str
) -> None:
    """Slack would take every message of every example in every style."""
    composition = compose(the_post(source, path), style=style, language=language)
    assert composition.messages
    faults = [message_faults(m.text, m.blocks) for m in composition.messages]
    assert not any(faults)


@pytest.mark.parametrize(("source", "path"), ALL)
def test_no_markup_shows_in_an_example(source: str, path: str) -> None:
    """No asterisk, bracket or tag of the source is left in what readers see."""
    post = the_post(source, path)
    runs = [
        run.text
        for section in post.sections
        for n in nodes_of(section.blocks)
        for run in inlines_of(n)
        if isinstance(run, Span) and not run.code
    ]
    shown = "".join(runs)
    assert not re.search(r"\*|~~|`|\]\(|<br|<font|<!--", shown)


@pytest.mark.parametrize(("source", "path"), ALL)
def test_examples_name_nobody_real(source: str, path: str) -> None:
    """Every address lies below our own site or in the reserved domain .example."""
    hosts = re.compile(
        r"(https?://([a-z0-9-]+\.)*lanternfish\.example|mailto:[^@]+@[a-z-]+\.example)"
    )
    urls = urls_of(the_post(source, path))
    assert [u for u in urls if not hosts.match(u) and not u.startswith(SITE_URL)] == []


def test_links_between_examples_lead_somewhere() -> None:
    """A link to an issue, a meetup page or a picture names one that is shipped."""
    pages = {post.url for source in ("weekly", "meetups") for post in posts(source)}
    pictures = {f"{SITE_URL}/pictures/{path}" for path, _ in below(EXAMPLES / "pictures")}
    linked = {url for s in ("weekly", "meetups") for post in posts(s) for url in urls_of(post)}
    inside = {u for u in linked if re.match(rf"{SITE_URL}/(weekly|meetups|pictures)/", u)}
    assert inside
    assert inside <= pages | pictures


def test_every_picture_is_used_and_small() -> None:
    """Pictures are PNG files of at most 60 kB that readers of a phone can see whole."""
    used = {url for s in ("weekly", "meetups") for post in posts(s) for url in urls_of(post)}
    for path, entry in below(EXAMPLES / "pictures"):
        data = entry.read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(data) <= PICTURE_BYTES
        assert 600 <= width <= 1600
        assert 300 <= height <= 1200
        assert f"{SITE_URL}/pictures/{path}" in used


def test_every_picture_says_what_it_shows() -> None:
    """No picture of an example is without an alternative text."""
    pictures = [i for n in everything() for i in inlines_of(n) if isinstance(i, Image)]
    assert pictures
    assert all(picture.alt for picture in pictures)


def test_the_issues_hold_what_real_ones_hold() -> None:
    """Each construct of real newsletters stands in at least one issue, so the sandbox shows it."""
    blocks = everything()
    lists = [b for b in blocks if isinstance(b, ListBlock)]
    quotes = [b for b in blocks if isinstance(b, Quote)]
    quoted = [i for q in quotes for n in nodes_of(q.blocks) for i in inlines_of(n)]
    runs = spans()
    assert any(isinstance(b, Table) for b in blocks)
    assert any(isinstance(b, CodeBlock) and b.language == "python" for b in blocks)
    assert any(isinstance(n, CodeBlock) for q in quotes for n in nodes_of(q.blocks))
    assert any(isinstance(n, ListBlock) for q in quotes for n in nodes_of(q.blocks))
    assert any(isinstance(i, Image) for i in quoted)
    assert any(isinstance(i, Image) and i.link for b in blocks for i in inlines_of(b))
    assert any(isinstance(i, LineBreak) for b in blocks for i in inlines_of(b))
    assert max(depth(b) for b in lists) == 3
    assert any(b.ordered and b.start > 1 for b in lists)
    assert any(item.checked for b in lists for item in b.items)
    assert any(run.strike for run in runs)
    assert any(run.code and run.url for run in runs)
    assert any(run.bold and run.italic for run in runs)
    assert any(run.url.startswith("mailto:") for run in runs)


def test_emphasis_beside_full_width_marks_is_bold() -> None:
    """What Chinese authors write bold beside 「」 and ： is read as bold."""
    bold = {run.text for run in spans() if run.bold}
    assert {"「消费滞后图」", "官网：", "「全量再平衡」"} <= bold


def test_every_kind_of_section_is_recognised_somewhere() -> None:
    """Readings, questions, releases, events, contributors, tasks and jobs are told apart."""
    kinds = {section.kind for post in posts("weekly") for section in post.sections}
    assert kinds >= set(SectionKind) - {SectionKind.OTHER}


def test_meetups_stay_upcoming_for_years() -> None:
    """A sandbox started in any of the next months has a meetup to show."""
    starts = [
        event.start
        for post in posts("meetups")
        for event in find_events(post, site=site("meetups"))
        if event.start is not None
    ]
    assert sum(start > WRITTEN for start in starts) >= 3
    assert any(start < WRITTEN for start in starts)
    assert max(starts).year >= 2028


def test_every_meetup_page_announces_one_meetup() -> None:
    """Each page has a dated meetup with a place or a link to register at."""
    for post in posts("meetups"):
        found = find_events(post, site=site("meetups"))
        assert len(found) == 1, post.path
        assert found[0].start is not None
        assert found[0].register_url.startswith("https://meet.lanternfish.example/")
