"""The GitHub source before an API that counts what it is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir

import pytest

from bot.model.posts import Scan
from bot.sources.addresses import Rules
from bot.sources.content import LARGEST
from bot.sources.fetch import Fetch
from bot.sources.github import MANY, GithubPlace
from bot.sources.pace import Pace
from bot.sources.remote import RemoteSource
from bot.sources.tarball import blobs_in
from bot.sources.trouble import TroubleError
from config.settings import GithubSettings
from tests.fakes import NOON, FixedClock
from tests.far_side import FakeGithub, Page, blob_id, serving


class Reader:
    """A GitHub source over the fake API."""

    def __init__(self, api: str, github: FakeGithub, token: str = "", **more: object) -> None:
        self.clock = FixedClock()
        self._github = github
        row = {"id": "weekly", "kind": "github", "repository": "example/site", "api": api}
        place = GithubPlace(
            GithubSettings.model_validate({**row, **more}),
            token=token,
            fetch=Fetch(Rules(["127.0.0.1"])),
            clock=self.clock,
            scratch=Path(gettempdir()),
        )
        self.source = RemoteSource("weekly", place, Pace(self.clock, chance=lambda: 0.0))

    async def look(self, **later: float) -> Scan:
        """Look, after some time."""
        self.clock.advance(**later)
        return await self.source.scan()

    def asked(self) -> list[str]:
        """What was asked for since the last time, without the repository's name."""
        asked = [path.removeprefix("/repos/example/site/") for path in self._github.asked]
        self._github.asked.clear()
        return asked


@asynccontextmanager
async def reading(
    files: dict[str, bytes], token: str = "", **more: object
) -> AsyncIterator[tuple[Reader, FakeGithub]]:
    """A source and the API behind it."""
    github = FakeGithub(files=files)
    async with serving(github) as api:
        yield Reader(api, github, token, **more), github


def texts(scan: Scan) -> dict[str, str]:
    """Path -> text of what was found."""
    return {one.path: one.text for one in scan.found}


def trouble(scan: Scan) -> str:
    """The one problem of the whole source."""
    (problem,) = scan.problems
    assert problem.path == ""
    return problem.words


def posts(count: int) -> dict[str, bytes]:
    """Many posts."""
    return {f"content/{number}.md": b"Post %d" % number for number in range(count)}


async def test_an_unchanged_repository_costs_one_request():
    """A conditional one, answered without a body."""
    async with reading(posts(3)) as (reader, _):
        first = await reader.look()
        reader.asked()
        second = await reader.look()

        assert reader.asked() == ["commits/HEAD"]
    assert len(first.found) == 3
    assert (second.found, second.paths, second.problems) == ((), first.paths, ())


async def test_a_change_costs_a_request_for_each_file():
    """Beside those for the commit and its tree."""
    async with reading(posts(3)) as (reader, github):
        await reader.look()
        reader.asked()
        github.files["content/1.md"] = b"Changed"
        scan = await reader.look()

        assert texts(scan) == {"content/1.md": "Changed"}
        commit, tree, blob = reader.asked()
    assert tree.endswith("?recursive=1")
    assert (commit, blob) == ("commits/HEAD", f"git/blobs/{blob_id(b'Changed')}")


async def test_many_files_come_in_one_archive():
    """Four requests for any number of them, the redirect to the archive counted."""
    async with reading(posts(MANY + 1)) as (reader, _):
        scan = await reader.look()

        assert len(scan.found) == MANY + 1
        assert len(reader.asked()) == 4


async def test_what_the_archive_lacks_or_changes_is_asked_for_by_itself():
    """`.gitattributes` can do both; the git ids tell."""
    files = posts(MANY + 1) | {"content/one.md": b"a\nb\n", "content/two.md": b"c\nd\n"}
    async with reading(files) as (reader, github):
        github.altered = {"content/one.md", "content/two.md"}
        scan = await reader.look()

        assert texts(scan)["content/one.md"] == "a\nb\n"
        assert len(scan.found) == MANY + 3
        assert sum(path.startswith("git/blobs/") for path in reader.asked()) == 2


async def test_without_an_archive_files_are_asked_for_one_by_one():
    """GitHub cannot pack every repository."""
    async with reading(posts(MANY + 1)) as (reader, github):
        github.archives = False
        scan = await reader.look()

    assert len(scan.found) == MANY + 1


async def test_a_branch_and_a_folder_may_be_chosen():
    """Paths begin at the folder; another branch is none of ours."""
    files = {"content/blog/one.md": b"One", "content/two.md": b"Two", "contents.md": b"no"}
    async with reading(files, branch="live/now", path="content/blog") as (reader, github):
        github.branch = "live/now"
        scan = await reader.look()

        assert texts(scan) == {"one.md": "One"}
        assert reader.asked()[0] == "commits/live/now"


@pytest.mark.parametrize(("path", "expected"), [("", 6), ("b", 3)])
async def test_a_tree_that_is_too_large_for_one_answer_is_walked(path, expected):
    """Folder by folder, and only where posts can be."""
    files = {
        f"{top}/{sub}/{number}.md": b"%d" % number
        for top in "ab"
        for sub in ("x", "y", "z")
        for number in range(1)
    } | {"images/deep/one.png": b"x"}
    async with reading(files, path=path) as (reader, github):
        github.truncate = True
        scan = await reader.look()

    assert (len(scan.paths), scan.problems) == (expected, ())


async def test_a_folder_that_is_not_there_is_told():
    """Whether the tree came whole or not."""
    for truncate in (False, True):
        async with reading({"a/b/one.md": b"x"}, path="a/c") as (reader, github):
            github.truncate = truncate
            assert "no folder 'a/c'" in trouble(await reader.look())


async def test_a_token_is_sent_and_a_wrong_one_told():
    """And never shown."""
    async with reading(posts(1), token="hush") as (reader, github):
        github.token = "hush"
        good = await reader.look()
        github.token = "other"
        bad = await reader.look()

    assert len(good.found) == 1
    assert "`token`" in trouble(bad)
    assert "hush" not in trouble(bad)


async def test_the_hourly_limit_is_waited_for():
    """Nothing is asked before it ends; what was read by then is not read again."""
    async with reading(posts(MANY)) as (reader, github):
        github.left, github.reset = 6, int((NOON + timedelta(minutes=30)).timestamp())
        first = await reader.look()
        asked = len(reader.asked())
        waiting = await reader.look(minutes=29)
        asked_meanwhile = len(reader.asked())
        github.left = None
        done = await reader.look(minutes=2)

        assert sum(path.startswith("git/blobs/") for path in reader.asked()) == MANY - 4
    assert "until 12:30 UTC" in trouble(first)
    assert "GITHUB_TOKEN" in trouble(first)
    assert "6 files are still to be read" in trouble(first)
    assert (asked <= 10, asked_meanwhile) == (True, 0)
    assert trouble(waiting) == trouble(first)
    assert len(done.found) == MANY


@pytest.mark.parametrize(
    ("status", "headers", "body", "words"),
    [
        (429, {"Retry_After": "120"}, "", "until 12:02 UTC"),
        (403, {"Retry_After": "120"}, "secondary rate limit", "until 12:02 UTC"),
        (403, {}, "You have exceeded a secondary rate limit", "no more requests"),
        (429, {}, "", "no more requests"),
        (403, {}, "Resource not accessible", "what its token may do"),
        (404, {}, "", "or it is private"),
        (500, {}, "", "HTTP 500"),
        (200, {}, "<html>Welcome", "see `api`"),
    ],
)
async def test_a_refusal_is_told_in_words(status, headers, body, words):
    """Each with its way out."""
    page = Page()
    page.status(status, body, **headers)
    async with serving(page) as api:
        assert words in trouble(await Reader(api, FakeGithub()).look())


async def test_a_branch_that_is_gone_and_a_repository_without_commits_are_told():
    """As words, not as numbers."""
    async with reading(posts(1), branch="main") as (reader, github):
        github.branch = "trunk"
        assert "no branch 'main' any more" in trouble(await reader.look())
    async with reading({}) as (reader, _):
        assert "no commits yet" in trouble(await reader.look())


async def test_an_answer_that_is_no_tree_is_told():
    """Nothing is taken for removed."""
    page = Page()

    async def answer(request):
        return (await github(request)) if "commits" in request.path else (await page(request))

    github = FakeGithub(files=posts(1))
    async with serving(answer) as api:
        for body in (b"", b"[]", b'{"tree": [{}], "truncated": false}', b"[" * 99_999):
            page.body = body
            assert "cannot be read" in trouble(await Reader(api, github).look())


async def test_links_submodules_and_large_files_are_as_in_a_folder():
    """A link to a post is that post; the others are problems of their own."""
    files = {
        "one.md": b"One",
        "link.md": b"one.md",
        "out.md": b"../../etc/passwd",
        "large.md": b"x" * (LARGEST + 1),
        "news": b"module",
        "latin.md": "Grüße".encode("latin-1"),
    }
    async with reading(files, include=["*.md", "news/*.md"]) as (reader, github):
        github.modes = {"link.md": "120000", "out.md": "120000", "news": "160000"}
        first = await reader.look()
        reader.asked()
        second = await reader.look()

        assert len(reader.asked()) == 1
    assert texts(first) == {"one.md": "One", "link.md": "One"}
    assert {one.path for one in first.problems} == {"out.md", "large.md", "news", "latin.md"}
    assert second.problems == first.problems


async def test_a_source_that_forgets_reads_everything_again():
    """From the far side: nothing of it is kept here."""
    async with reading(posts(2)) as (reader, _):
        await reader.look()
        reader.source.forget()
        scan = await reader.look()

    assert len(scan.found) == 2


@pytest.mark.parametrize("body", [b"", b"no archive", b"\x1f\x8b\x08"])
def test_a_damaged_archive_is_told(tmp_path, body):
    """Not taken for an empty one."""
    file = tmp_path / "archive"
    file.write_bytes(body)
    with file.open("rb") as stream, pytest.raises(TroubleError, match="damaged"):
        blobs_in(stream, {"x"})
