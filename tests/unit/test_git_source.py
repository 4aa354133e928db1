"""The git source over repositories on this machine: what it fetches, and what it survives."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.model.posts import Scan
from bot.sources.choose import cache_of
from bot.sources.content import LARGEST
from bot.sources.fetch import Fetch
from bot.sources.git import GitPlace, blobs_in
from bot.sources.pace import Pace
from bot.sources.process import NO_GIT, Git, GitError, last_words, surroundings
from bot.sources.remote import RemoteSource
from bot.sources.trouble import TroubleError
from config.settings import GitSettings
from tests.fakes import FixedClock
from tests.repository import ENVIRON, Repository, a_repository
from tests.stage import until


class Reader:
    """A git source, and a journal of every git command it runs."""

    def __init__(self, tmp_path: Path, url: str, environ: dict[str, str] | None = None, **more):
        self.clock = FixedClock(datetime.now(UTC))
        self.cache = cache_of(tmp_path / "data", "weekly", url, ending="git")
        self._journal = tmp_path / "journal"
        chosen = GitSettings.model_validate({"id": "weekly", "kind": "git", "url": url, **more})
        place = GitPlace(
            chosen,
            token="",
            cache=self.cache,
            fetch=Fetch(),
            clock=self.clock,
            environ=surroundings(ENVIRON | (environ or {})) | {"GIT_TRACE": str(self._journal)},
        )
        self.source = RemoteSource("weekly", place, Pace(self.clock, chance=lambda: 0.0))

    async def look(self) -> Scan:
        """Look, two hours later."""
        self.clock.advance(hours=2)
        return await self.source.scan()

    def commands(self) -> list[str]:
        """The git commands since the last time, those of its own children left out."""
        text = self._journal.read_text() if self._journal.exists() else ""
        self._journal.unlink(missing_ok=True)
        started = [line.split("trace: ")[1] for line in text.splitlines() if "trace: " in line]
        mine = [line.split()[2] for line in started if line.startswith("built-in: git ")]
        ours = {"init", "ls-remote", "fetch", "ls-tree", "cat-file", "rev-parse", "version"}
        return [word for word in mine if word in ours]


def texts(scan: Scan) -> dict[str, str]:
    """Path -> text of what was found."""
    return {one.path: one.text for one in scan.found}


def trouble(scan: Scan) -> str:
    """The one problem of the whole source."""
    (problem,) = scan.problems
    assert problem.path == ""
    return problem.words


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One with two posts and a picture."""
    posts = {"content/one.md": b"One", "content/two.md": b"Two"}
    return a_repository(tmp_path / "site", {**posts, "static/a.png": b"\x89PNG"})


async def test_an_unchanged_repository_costs_one_ls_remote(tmp_path, repository):
    """And not a single file is read again."""
    reader = Reader(tmp_path, repository.url)
    await reader.look()
    reader.commands()

    scan = await reader.look()

    assert (scan.found, len(scan.paths)) == ((), 2)
    assert reader.commands() == ["ls-remote"]


async def test_only_what_changed_is_read(tmp_path, repository):
    """A commit that touches no post reads none."""
    reader = Reader(tmp_path, repository.url)
    await reader.look()
    reader.commands()

    repository.commit({"static/a.png": b"other"})
    nothing, looking = await reader.look(), reader.commands()
    repository.commit({"content/two.md": "Second"})
    changed, reading = await reader.look(), reader.commands()

    assert (texts(nothing), texts(changed)) == ({}, {"content/two.md": "Second"})
    assert reading == [*looking, "cat-file"]


async def test_no_work_tree_is_left_behind_and_no_history_fetched(tmp_path, repository):
    """The copy is bare and shallow."""
    for number in range(5):
        repository.commit({"content/one.md": f"{number}"})
    reader = Reader(tmp_path, repository.url)
    await reader.look()

    git = Git(reader.cache, surroundings(ENVIRON))
    assert (await git.run("rev-list", "--count", "refs/digestbot/tip")).strip() == b"1"
    assert not list(reader.cache.rglob("*.md"))
    assert list((tmp_path / "data").iterdir()) == [tmp_path / "data" / "sources"]


async def test_a_branch_and_a_folder_may_be_chosen(tmp_path, repository):
    """Paths begin at the folder; patterns as well."""
    repository.git("switch", "--quiet", "--create", "drafts")
    repository.commit({"content/sub/three.md": "Three", "content/.hidden.md": "no"})
    repository.git("switch", "--quiet", "main")

    main = await Reader(tmp_path, repository.url, path="content", include=["*.md"]).look()
    drafts = await Reader(tmp_path, repository.url, path="content", branch="drafts").look()

    assert texts(main) == {"one.md": "One", "two.md": "Two"}
    assert set(texts(drafts)) == {"one.md", "two.md", "sub/three.md"}


async def test_a_force_push_is_followed(tmp_path, repository):
    """What was rewritten is told, the rest is not."""
    reader = Reader(tmp_path, repository.url)
    await reader.look()

    repository.git("checkout", "--quiet", "--orphan", "anew")
    repository.commit({"content/one.md": "Rewritten"})
    repository.git("branch", "--force", "main", "anew")
    repository.git("switch", "--quiet", "main")
    scan = await reader.look()

    assert (texts(scan), scan.problems) == ({"content/one.md": "Rewritten"}, ())


async def test_a_branch_that_was_renamed_is_told_with_its_new_name(tmp_path, repository):
    """Nothing is taken for removed."""
    reader = Reader(tmp_path, repository.url, branch="main")
    await reader.look()

    repository.git("branch", "--move", "trunk")
    scan = await reader.look()

    assert "no branch 'main' any more" in trouble(scan)
    assert "'trunk'" in trouble(scan)
    assert scan.paths == frozenset()


async def test_a_folder_that_is_not_there_is_told(tmp_path, repository):
    """A file of that name is no folder either."""
    for path in ("posts", "content/one.md"):
        scan = await Reader(tmp_path, repository.url, path=path).look()
        assert f"no folder '{path}'" in trouble(scan)


async def test_what_is_no_repository_is_told(tmp_path):
    """Nothing there, an empty one, a folder that is none."""
    empty = a_repository(tmp_path / "empty")
    (tmp_path / "folder").mkdir()

    assert "see `url`" in trouble(await Reader(tmp_path, str(tmp_path / "nowhere")).look())
    assert "see `url`" in trouble(await Reader(tmp_path, str(tmp_path / "folder")).look())
    assert "no commits yet" in trouble(await Reader(tmp_path, empty.url).look())


@pytest.mark.parametrize("part", ["objects", "HEAD", "pack"])
async def test_a_damaged_copy_is_fetched_anew(tmp_path, repository, part):
    """By itself, in the same look, and without telling anything twice."""
    reader = Reader(tmp_path, repository.url)
    await reader.look()
    damage(reader.cache, part)
    repository.commit({"content/two.md": "Second"})

    scan = await reader.look()

    assert (texts(scan), scan.problems) == ({"content/two.md": "Second"}, ())


@pytest.mark.parametrize("part", ["objects", "HEAD", "pack"])
async def test_a_damaged_copy_does_no_harm_to_the_next_process(tmp_path, repository, part):
    """Which finds everything, as a first look does."""
    await Reader(tmp_path, repository.url).look()
    cache = Reader(tmp_path, repository.url).cache
    damage(cache, part)

    scan = await Reader(tmp_path, repository.url).look()

    assert (set(texts(scan)), scan.problems) == ({"content/one.md", "content/two.md"}, ())


def damage(cache: Path, part: str) -> None:
    """Break something in a copy."""
    if part == "HEAD":
        (cache / "HEAD").write_text("nonsense")
    elif part == "objects":
        shutil.rmtree(cache / "objects")
    else:
        for file in (cache / "objects").rglob("*"):
            if file.is_file() and file.suffix not in {".idx", ".rev"}:
                file.chmod(0o644)
                file.write_bytes(b"\0" * file.stat().st_size)


async def test_a_lock_that_a_killed_git_left_behind_is_removed(tmp_path, repository):
    """Once it is old enough to be nobody's any more."""
    reader = Reader(tmp_path, repository.url)
    await reader.look()
    lock = reader.cache / "shallow.lock"
    lock.touch()
    old = (reader.clock.now() - timedelta(hours=1)).timestamp()
    os.utime(lock, (old, old))
    repository.commit({"content/two.md": "Second"})

    scan = await reader.look()

    assert (texts(scan), lock.exists()) == ({"content/two.md": "Second"}, False)


async def test_links_in_the_repository_are_followed_and_others_told(tmp_path, repository):
    """As in a folder: a link to a post is that post, one that leads out is not followed."""
    links = {"content/link.md": "one.md", "content/out.md": "/etc/passwd", "up.md": "../x.md"}
    for place, target in links.items():
        (repository.root / place).symlink_to(target)
    repository.commit({})

    scan = await Reader(tmp_path, repository.url).look()

    assert texts(scan)["content/link.md"] == "One"
    assert {one.path for one in scan.problems} == {"content/out.md", "up.md"}
    assert len(scan.paths) == 5


async def test_a_submodule_where_posts_are_looked_for_is_told(tmp_path, repository):
    """Themes and the like, which no pattern names, are not."""
    tip = repository.git("rev-parse", "HEAD")
    for place in ("news", "themes/nice"):
        repository.git("update-index", "--add", "--cacheinfo", f"160000,{tip},{place}")
    repository.git("commit", "--quiet", "--message", "modules")

    anywhere = await Reader(tmp_path, repository.url).look()
    named = await Reader(tmp_path, repository.url, include=["news/*.md", "content/*.md"]).look()

    assert anywhere.problems == ()
    ((path, told),) = [(one.path, one.words) for one in named.problems]
    assert (path, "submodule" in told) == ("news", True)
    assert len(named.found) == 2


async def test_a_file_at_fault_is_a_problem_of_its_own(tmp_path, repository):
    """Told at every look, read only once; the good ones are found."""
    files: dict[str, str | bytes | None] = {
        "content/large.md": b"x" * (LARGEST + 1),
        "content/latin.md": "Grüße".encode("latin-1"),
        "content/[a], b 🎉.md": "odd",
    }
    repository.commit(files)
    (repository.root / os.fsdecode(b"content/\xff.md")).write_text("name")
    repository.commit({})
    reader = Reader(tmp_path, repository.url)

    first = await reader.look()
    reader.commands()
    second = await reader.look()

    assert set(texts(first)) == {"content/one.md", "content/two.md", "content/[a], b 🎉.md"}
    told = {one.path: one.words for one in first.problems}
    assert "no post is so long" in told["content/large.md"]
    assert "UTF-8" in told["content/latin.md"]
    assert "rename" in told["content/\ufffd.md"]
    assert second.problems == first.problems
    assert reader.commands() == ["ls-remote"]


async def test_a_machine_without_git_is_told_what_to_do(tmp_path, repository):
    """Install it, or do without."""
    scan = await Reader(tmp_path, repository.url, {"PATH": str(tmp_path)}).look()

    assert trouble(scan) == NO_GIT


async def test_a_copy_that_cannot_be_made_is_told(tmp_path, repository):
    """With the folder's name."""
    (tmp_path / "data").write_text("a file")

    scan = await Reader(tmp_path, repository.url).look()

    assert str(tmp_path / "data") in trouble(scan)


async def test_a_command_that_takes_too_long_is_ended_with_its_children(tmp_path):
    """Nothing of it is left running."""
    script = tmp_path / "git"
    script.write_text(f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/child\nwait\n")
    script.chmod(0o755)
    git = Git(tmp_path, ENVIRON, program=str(script))

    with pytest.raises(TroubleError, match="longer than"):
        await git.run("fetch", within=timedelta(milliseconds=500))

    child = int((tmp_path / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    await until(lambda: not state.exists() or state.read_text().split()[2] == "Z")


def test_git_gets_neither_our_secrets_nor_another_repository():
    """But what it needs to know its keys and helpers."""
    environ = {
        "HOME": "/home/bot",
        "SSH_AUTH_SOCK": "/run/agent",
        "GIT_SSH_COMMAND": "ssh -i key",
        "GIT_DIR": "/elsewhere",
        "GIT_TRACE_CURL": "1",
        "SLACK_BOT_TOKEN": "hush",
        "DATABASE_URL": "hush",
        "SITE_TOKEN": "hush",
        "SITE_TOKEN_FILE": "hush",
        "https_proxy": "http://hush",
    }

    given = surroundings(environ, without=["SITE_TOKEN"])

    assert "hush" not in str(given)
    assert {"HOME", "SSH_AUTH_SOCK", "GIT_SSH_COMMAND"} <= given.keys()
    assert given.keys().isdisjoint({"GIT_DIR", "GIT_TRACE_CURL"})
    assert (given["GIT_TERMINAL_PROMPT"], given["GIT_ASKPASS"]) == ("0", "")


def test_the_last_words_of_git_are_those_that_tell():
    """Not its hints; all of them where none stands out; never endless."""
    told = b"hint: try\nfatal: no\n  x\nerror: yes\n"

    assert last_words(told) == "fatal: no / error: yes"
    assert last_words(b"a\nb\nc\n") == "a / b"
    assert len(last_words(b"fatal: " + b"x" * 999)) == 300


def test_a_missing_object_is_an_error():
    """It must not be taken for an empty post."""
    with pytest.raises(GitError):
        dict(blobs_in(b"abc missing\n"))
