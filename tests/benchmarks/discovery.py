"""What it costs to look at a source of many posts: seconds, requests, and files that are read.

    python -m tests.benchmarks.discovery                # 1,100 posts
    python -m tests.benchmarks.discovery --posts 200

Every far side is on this machine: commits in a local repository, the same behind git's own HTTP
server, GitHub's API as `tests.far_side` has it (a 304 counts), a feed. Prints one JSON object a
look: the first one of a process, an unchanged one, one after a post changed, and the first one of
the next process. A request of git's is one command that talks to the far side, and over HTTP each
exchange too.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import which

from bot.ports.outside import Source
from bot.sources.addresses import Rules
from bot.sources.choose import source_of
from bot.sources.fetch import Fetch
from config.settings import Settings
from tests.fakes import FixedClock
from tests.far_side import FakeGithub, Page, git_over_http, rss, rss_item, serving
from tests.repository import ENVIRON, a_repository

BODY = "## News\n\n" + "Hello **world**, [read more](https://news.example/more).\n\n" * 60
FEED = 50
"""Items: no feed shows a thousand."""


@dataclass
class Rig:
    """A far side: how many requests it has had, and a way to change one post."""

    settings: dict[str, object]
    requests: Callable[[], int]
    change: Callable[[], object]


def text(number: int) -> str:
    """A post of 4 kB."""
    return f"---\ntitle: Weekly {number}\ndate: 2026-01-01\n---\n\n{BODY}"


@asynccontextmanager
async def git(folder: Path, posts: int) -> AsyncIterator[Rig]:
    """A local repository; a git that keeps a journal stands before the real one."""
    journal = folder / "journal"
    front = folder / "bin" / "git"
    front.parent.mkdir()
    front.write_text(f'#!/bin/sh\necho "$1" >> {journal}\nexec {which("git")} "$@"\n')
    front.chmod(0o755)
    site = a_repository(folder / "site", {f"p/{n}.md": text(n) for n in range(posts)})

    def talks() -> int:
        told = journal.read_text().split() if journal.exists() else []
        return told.count("ls-remote") + told.count("fetch")

    settings: dict[str, object] = {"kind": "git", "url": site.url}
    yield Rig(settings, talks, partial(site.commit, {"p/1.md": text(1) + "mended"}))


@asynccontextmanager
async def git_http(folder: Path, posts: int) -> AsyncIterator[Rig]:
    """The same over HTTP."""
    site = a_repository(folder / "site", {f"p/{n}.md": text(n) for n in range(posts)})
    page = Page(answer=git_over_http(folder))
    async with serving(page) as url:
        settings: dict[str, object] = {"kind": "git", "url": f"{url}/site/.git"}
        change = partial(site.commit, {"p/1.md": text(1) + "mended"})
        yield Rig(settings, lambda: len(page.asked), change)


@asynccontextmanager
async def github(_: Path, posts: int) -> AsyncIterator[Rig]:
    """GitHub's API."""
    fake = FakeGithub({f"p/{n}.md": text(n).encode() for n in range(posts)})

    def change() -> None:
        fake.files["p/1.md"] += b"mended"

    async with serving(fake) as api:
        settings: dict[str, object] = {
            "kind": "github",
            "repository": "example/site",
            "api": api,
        }
        yield Rig(settings, lambda: len(fake.asked), change)


@asynccontextmanager
async def feed(_: Path, posts: int) -> AsyncIterator[Rig]:
    """A feed."""
    items = [rss_item(f"weekly-{n}", f"<p>{BODY}</p>") for n in range(min(posts, FEED))]
    page = Page(rss(*items))

    def change() -> None:
        page.body = rss(rss_item("weekly-0", "<p>mended</p>"), *items[1:])

    async with serving(page) as url:
        yield Rig({"kind": "feed", "url": f"{url}/feed.xml"}, lambda: len(page.asked), change)


async def measured(name: str, rig: Rig, folder: Path) -> None:
    """Look four times and print what each look costs."""
    clock = FixedClock()
    rows = [{"id": "weekly", **rig.settings}]
    settings = Settings.model_validate({"data": folder / "data", "sources": rows})
    environ = ENVIRON | {"PATH": f"{folder / 'bin'}:{ENVIRON['PATH']}"}

    def made() -> Source:
        fetch = Fetch(Rules(["127.0.0.1"]))
        return source_of(settings.sources[0], settings, clock, environ, fetch)

    source = made()
    for look in ("first", "unchanged", "one changed", "next process"):
        if look == "one changed":
            rig.change()
        if look == "next process":
            source = made()
        clock.advance(hours=2)
        before, start = rig.requests(), time.perf_counter()
        scan = await source.scan()
        seconds = time.perf_counter() - start
        if scan.problems:
            raise SystemExit(str(scan.problems))
        told = {"kind": name, "look": look, "posts": len(scan.paths), "read": len(scan.found)}
        print(json.dumps(told | {"requests": rig.requests() - before, "s": round(seconds, 3)}))


async def main(posts: int) -> None:
    """Measure every kind."""
    for name, kind in {
        "git": git,
        "git over http": git_http,
        "github": github,
        "feed": feed,
    }.items():
        with tempfile.TemporaryDirectory() as folder:
            async with kind(Path(folder), posts) as rig:
                await measured(name, rig, Path(folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--posts", type=int, default=1_100)
    asyncio.run(main(parser.parse_args().posts))
