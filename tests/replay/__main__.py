"""Live through the history of a repository, and say what would have become of its posts.

    python -m tests.replay REPOSITORY --path content/blog --include '**/*.md'

A line for each post: what became of it, when it was announced, how many of its messages were
edited, where it stands now. Then the sums. Exit 1 if a post is there twice, lost, or waits unexplained.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.prepared import MEMORY
from tests.replay.history import Remote, steps_of
from tests.replay.living import Report, Told, a_replay


def line(told: Told) -> str:
    """One post."""
    when = " ".join(f"{moment:%Y-%m-%dT%H:%MZ}" for moment in told.announced) or "-"
    edits = f" edited={told.edited}" if told.edited else ""
    held = f" held_rows={told.held_rows}" if told.held_rows else ""
    gone = " gone" if told.gone else ""
    return f"{told.state.value:<10} {told.why:<15} {when} {told.path}{edits}{held}{gone}"


async def replayed(given: argparse.Namespace, folder: Path) -> Report:
    """The whole history, or as many of its last steps as are asked for."""
    repository = Path(given.repository).resolve()
    steps = steps_of(repository, branch=given.branch, path=given.path)
    if given.last:
        steps = steps[-given.last :]
    print(f"{len(steps)} steps", file=sys.stderr)
    remote = Remote.of(repository, folder / "remote.git", given.path)
    site = {"timezone": given.zone, "language": given.language}
    async with a_replay(
        remote, folder, steps[0].at, path=given.path, include=given.include, **site
    ) as replay:
        end = steps[-1].at + timedelta(days=1)
        await replay.live(steps, until=end, progress=True)
        return await replay.report()


def main() -> int:
    """Read the arguments, live, report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("repository")
    asked.add_argument("--branch", default="HEAD")
    asked.add_argument("--path", default="")
    asked.add_argument("--include", nargs="+", default=())
    asked.add_argument("--zone", default="UTC")
    asked.add_argument("--language", default="en")
    asked.add_argument("--last", type=int, default=0, help="only so many steps")
    given = asked.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        report = asyncio.run(replayed(given, Path(folder)))
    for told in report.posts:
        print(line(told))
    bad = {"twice": report.doubles, "lost": report.lost, "unexplained": report.unexplained}
    announced = sum(bool(told.announced) for told in report.posts)
    print(
        f"{len(report.posts)} posts, {announced} announced, "
        f"{', '.join(f'{len(found)} {name}' for name, found in bad.items())}, "
        f"{report.most_in_an_hour} in an hour at the most, {len(report.notices)} notices, "
        f"{time.perf_counter() - began:.0f} s"
    )
    return 1 if any(bad.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
