"""One suite over every kind of source: what `bot.ports.outside.Source` promises.

Each kind is given the same posts at its own far side: files on disk, commits, GitHub's API, a feed.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from bot.model.posts import Found, Scan
from bot.ports.outside import Source
from bot.sources.addresses import Rules
from bot.sources.choose import source_of
from bot.sources.fetch import Fetch
from config.settings import Settings
from tests.fakes import FixedClock
from tests.far_side import FakeGithub, Page, rss, rss_item, serving
from tests.repository import ENVIRON, a_repository

NEAR = Fetch(Rules(["127.0.0.1"]))


class Rig(Protocol):
    """A source, and a hand on its far side. `twin` makes one with the same settings."""

    twin: Callable[[], Source]

    @property
    def source(self) -> Source:
        """What is tested."""

    def publish(self, posts: Mapping[str, str]) -> None:
        """Make these, name -> text, all the posts that there are."""

    def out_of_order(self) -> None:
        """Make it impossible to reach."""

    def in_order(self) -> None:
        """Make it reachable again."""

    def name_of(self, found: Found) -> str:
        """The name under which a post was published."""


class Files:
    """What the rigs of files have in common."""

    twin: Callable[[], Source]

    def name_of(self, found: Found) -> str:
        """For files: the path without its ending."""
        return found.path.removesuffix(".md")


@dataclass
class FolderRig(Files):
    """Files on disk."""

    source: Source
    root: Path

    def publish(self, posts: Mapping[str, str]) -> None:
        """Write and remove files."""
        for file in self.root.glob("*.md"):
            if file.stem not in posts:
                file.unlink()
        for name, text in posts.items():
            file = self.root / f"{name}.md"
            if not file.exists() or file.read_text() != text:
                file.write_text(text)

    def out_of_order(self) -> None:
        """The folder is gone."""
        self.root.rename(self.root.with_name("away"))

    def in_order(self) -> None:
        """And back."""
        self.root.with_name("away").rename(self.root)


class GitRig(Files):
    """Commits."""

    def __init__(self, source: Source, root: Path) -> None:
        self.source = source
        self.root = root
        self.repository = a_repository(root, {"README": "empty"})

    def publish(self, posts: Mapping[str, str]) -> None:
        """Commit the difference."""
        files: dict[str, str | bytes | None] = {
            f"{file.stem}.md": None for file in self.root.glob("*.md")
        }
        self.repository.commit(files | {f"{name}.md": text for name, text in posts.items()})

    def out_of_order(self) -> None:
        """The repository is gone."""
        self.root.rename(self.root.with_name("away"))

    def in_order(self) -> None:
        """And back."""
        self.root.with_name("away").rename(self.root)


@dataclass
class GithubRig(Files):
    """GitHub's API."""

    source: Source
    github: FakeGithub

    def publish(self, posts: Mapping[str, str]) -> None:
        """Change the repository."""
        files = {f"{name}.md": text.encode() for name, text in posts.items()}
        self.github.files = {"README": b"empty", **files}

    def out_of_order(self) -> None:
        """A token is asked for."""
        self.github.token = "another"

    def in_order(self) -> None:
        """And no more."""
        self.github.token = ""


class FeedRig:
    """A feed."""

    twin: Callable[[], Source]

    def __init__(self, source: Source, page: Page) -> None:
        self.source = source
        self.page = page

    def publish(self, posts: Mapping[str, str]) -> None:
        """Change the feed."""
        self.page.body = rss(*(rss_item(name, text) for name, text in posts.items()))

    def out_of_order(self) -> None:
        """The server fails."""
        self.page.status(500)

    def in_order(self) -> None:
        """And no more."""
        self.page.answer = None

    def name_of(self, found: Found) -> str:
        """The last part of its address."""
        return found.path.rpartition("/")[2].removesuffix(".html")


class Make(Protocol):
    """Makes a source of settings."""

    def __call__(self, **chosen: object) -> Source:
        """Not looked at yet."""


@asynccontextmanager
async def folder(tmp_path: Path, make: Make) -> AsyncIterator[Rig]:
    """Kind folder."""
    (tmp_path / "posts").mkdir()
    yield FolderRig(make(kind="folder", path=tmp_path / "posts"), tmp_path / "posts")


@asynccontextmanager
async def git(tmp_path: Path, make: Make) -> AsyncIterator[Rig]:
    """Kind git."""
    root = tmp_path / "site"
    yield GitRig(make(kind="git", url=str(root / ".git")), root)


@asynccontextmanager
async def github(tmp_path: Path, make: Make) -> AsyncIterator[Rig]:
    """Kind github."""
    fake = FakeGithub()
    async with serving(fake) as api:
        yield GithubRig(make(kind="github", repository="example/site", api=api), fake)


@asynccontextmanager
async def feed(tmp_path: Path, make: Make) -> AsyncIterator[Rig]:
    """Kind feed."""
    page = Page()
    async with serving(page) as address:
        yield FeedRig(make(kind="feed", url=f"{address}/feed.xml"), page)


@pytest.fixture
def clock() -> FixedClock:
    """The time, which pauses between looks are counted in."""
    return FixedClock()


@pytest.fixture(params=[folder, git, github, feed], ids=lambda kind: kind.__name__)
async def rig(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock
) -> AsyncIterator[Rig]:
    """Each kind of source in turn."""

    def make(**chosen: object) -> Source:
        settings = Settings.model_validate(
            {"data": tmp_path / "data", "sources": [{"id": "weekly", **chosen}]}
        )
        return source_of(settings.sources[0], settings, clock, ENVIRON, NEAR)

    chosen: list[Mapping[str, object]] = []

    def remembered(**keys: object) -> Source:
        chosen.append(keys)
        return make(**keys)

    async with request.param(tmp_path, remembered) as made:
        made.twin = lambda: make(**chosen[0])
        yield made


async def look(rig: Rig, clock: FixedClock) -> tuple[dict[str, Found], Scan]:
    """Look until a change is believed; what was found by its name, and the last scan."""
    clock.advance(hours=2)
    first = await rig.source.scan()
    clock.advance(hours=2)
    second = await rig.source.scan()  # a folder believes what two looks see alike
    return {rig.name_of(one): one for one in (*first.found, *second.found)}, second


async def test_the_first_look_tells_everything_and_the_next_one_nothing(rig, clock):
    """With the source's id, distinct paths, and no problem."""
    rig.publish({"one": "First", "two": "Second"})

    found, scan = await look(rig, clock)
    again, _ = await look(rig, clock)

    assert set(found) == {"one", "two"}
    assert "First" in found["one"].text
    assert {one.source for one in found.values()} == {rig.source.id} == {"weekly"}
    assert scan.paths == {one.path for one in found.values()}
    assert (again, scan.problems) == ({}, ())


async def test_what_is_new_and_what_is_changed_is_told_once(rig, clock):
    """And nothing else, under the same path as before."""
    rig.publish({"one": "First", "two": "Second"})
    before, _ = await look(rig, clock)

    rig.publish({"one": "First", "two": "Second, mended", "three": "Third"})
    after, scan = await look(rig, clock)
    again, _ = await look(rig, clock)

    assert set(after) == {"two", "three"}
    assert "mended" in after["two"].text
    assert after["two"].path == before["two"].path
    assert len(scan.paths) == 3
    assert again == {}


async def test_what_is_removed_is_no_longer_there_and_may_come_back(rig, clock):
    """It is told again then."""
    rig.publish({"one": "First", "two": "Second"})
    before, _ = await look(rig, clock)

    rig.publish({"one": "First"})
    gone, without = await look(rig, clock)
    rig.publish({"one": "First", "two": "Second"})
    back, _ = await look(rig, clock)

    assert (gone, without.problems) == ({}, ())
    assert without.paths == {before["one"].path}
    assert set(back) == {"two"}
    assert back["two"].path == before["two"].path


async def test_what_is_forgotten_is_told_again_at_once(rig, clock):
    """Without any time passing; then no more."""
    rig.publish({"one": "First", "two": "Second"})
    await look(rig, clock)

    rig.source.forget()
    told = {rig.name_of(one) for one in (await rig.source.scan()).found}
    again, _ = await look(rig, clock)

    assert told == {"one", "two"}
    assert again == {}


async def test_a_source_that_cannot_be_reached_is_a_problem_and_no_empty_one(rig, clock):
    """It names no post as there or gone; once it is back, only what changed is told."""
    rig.publish({"one": "First"})
    rig.out_of_order()
    never_seen = await rig.source.scan()
    rig.in_order()
    found, _ = await look(rig, clock)

    rig.out_of_order()
    clock.advance(hours=2)
    broken = await rig.source.scan()
    rig.in_order()
    again, scan = await look(rig, clock)

    for failed in (never_seen, broken):
        (problem,) = failed.problems
        assert (problem.source, problem.path, failed.found) == ("weekly", "", ())
        assert problem.words
    assert set(found) == {"one"}
    assert (again, scan.problems) == ({}, ())


async def test_another_process_finds_the_same(rig, clock):
    """All of it, on its first look: paths are no matter of who looks, or when."""
    rig.publish({"one": "First", "two": "Second"})
    first, _ = await look(rig, clock)

    scan = await rig.twin().scan()

    assert {rig.name_of(one): one for one in scan.found} == first
