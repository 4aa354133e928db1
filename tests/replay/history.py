"""Commits as steps of a replay, and a remote that stands at one of them.

Works on a bare clone of its own; the repository itself is only read.
"""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.repository import ENVIRON

BRANCH = "replayed"
TEXTS = (".md", ".mdx", ".markdown", ".html")


@dataclass(frozen=True, slots=True)
class Step:
    """A commit, and when its branch came to stand there; UTC."""

    commit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remote:
    """A bare repository whose only branch is moved from step to step.

    Its commits have the texts alone: pictures tell a bot nothing, and a partial clone lacks some.
    """

    folder: Path
    path: str

    @classmethod
    def of(cls, repository: Path, folder: Path, path: str = "") -> "Remote":
        """Make one that borrows the objects of a repository, or of its `.git`."""
        folder.mkdir(parents=True)
        git(folder, "init", "--bare", "--quiet", f"--initial-branch={BRANCH}")
        objects = git(repository, "rev-parse", "--git-path", "objects").strip()
        alternates = folder / "objects" / "info" / "alternates"
        alternates.write_text(f"{(repository / objects).resolve()}\n", "utf-8")
        return cls(folder, path)

    def stand_at(self, commit: str) -> None:
        """Move the branch, by force if need be."""
        listed = git(
            self.folder, "ls-tree", "-r", "-z", "--full-tree", commit, self.path or "."
        )
        texts = [one for one in listed.split("\0") if one.endswith(TEXTS)]
        git(self.folder, "read-tree", "--empty")
        git(
            self.folder,
            "update-index",
            "-z",
            "--index-info",
            say="".join(f"{t}\0" for t in texts),
        )
        tree = git(self.folder, "write-tree", "--missing-ok").strip()
        made = git(self.folder, "commit-tree", "-m", commit, tree).strip()
        git(self.folder, "update-ref", f"refs/heads/{BRANCH}", made)


def git(folder: Path, *words: str, say: str = "") -> str:
    """Run git in a folder."""
    done = subprocess.run(  # noqa: S603 - a list, no shell
        ["git", *words],  # noqa: S607 - the system's git
        cwd=folder,
        env=ENVIRON,
        check=True,
        capture_output=True,
        input=say.encode(),
    )
    return done.stdout.decode("utf-8", "replace")


def steps_of(repository: Path, *, branch: str = "HEAD", path: str = "") -> tuple[Step, ...]:
    """The commits of a branch's first-parent history that change a folder, oldest first.

    Times never run backwards: a commit with an earlier one than its parent's came right after it.
    """
    log = git(repository, "log", "--first-parent", "--reverse", "--format=%H %ct", branch)
    lines = [line.split() for line in log.splitlines()]
    return tuple(_in_time(_changing(repository, lines, path)))


def _changing(
    repository: Path, lines: Sequence[Sequence[str]], path: str
) -> Iterator[Sequence[str]]:
    asked = "".join(f"{commit}:{path}\n" for commit, _ in lines)
    told = git(repository, "cat-file", "--batch-check=%(objectname)", say=asked).splitlines()
    before = ""
    for line, folder in zip(lines, told, strict=True):
        if not folder.endswith("missing") and folder != before:
            yield line
            before = folder


def _in_time(lines: Iterator[Sequence[str]]) -> Iterator[Step]:
    latest = datetime.fromtimestamp(0, UTC)
    for commit, seconds in lines:
        latest = max(latest, datetime.fromtimestamp(int(seconds), UTC))
        yield Step(commit, latest)
