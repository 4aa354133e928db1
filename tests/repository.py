"""A git repository that tests build and change."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENVIRON = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


@dataclass(frozen=True)
class Repository:
    """A repository with a work tree, of which tests commit."""

    root: Path

    @property
    def url(self) -> str:
        """What a source is given."""
        return str(self.root / ".git")

    def git(self, *words: str) -> str:
        """Run git in it."""
        done = subprocess.run(  # noqa: S603 - a list, no shell
            ["git", *words],  # noqa: S607 - the system's git
            cwd=self.root,
            env=ENVIRON,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def commit(self, files: Mapping[str, str | bytes | None]) -> str:
        """Write files, remove those that are None, commit; answers the commit."""
        for path, content in files.items():
            file = self.root / path
            if content is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")


def a_repository(root: Path, files: Mapping[str, str | bytes] | None = None) -> Repository:
    """A repository with branch main and, if files are given, one commit."""
    root.mkdir(parents=True)
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch=main")
    if files:
        repository.commit(files)
    return repository
