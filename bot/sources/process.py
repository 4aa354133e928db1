"""Runs git, without a shell, and without anything that waits for a person."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.sources.trouble import TroubleError

QUICK = timedelta(minutes=1)
NO_GIT = "git is not installed here: install it, or read the repository with kind github"
STRANGE = ("GIT_", "SLACK_", "DATABASE_URL", "GITHUB_")
"""Beginnings of variables that git does not get: other repositories' state, and our secrets."""
PROXIES = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
"""One setting rules them all, `fetch.proxy`."""
KEPT = {"GIT_SSH_COMMAND", "GIT_SSH", "GIT_EXEC_PATH", "GIT_SSL_CAINFO"}


class GitError(Exception):
    """Git ended with a failure. `words` are its own last ones, `code` its exit status."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def surroundings(environ: Mapping[str, str], without: Sequence[str] = ()) -> dict[str, str]:
    """The environment that git gets.

    Args:
        environ: ours.
        without: further variables that are none of its business, such as tokens.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name in KEPT
        or not (
            name.startswith(STRANGE)
            or name.lower() in PROXIES
            or name.removesuffix("_FILE") in without
        )
    }
    # An empty GIT_ASKPASS: no window, no question on a terminal; credential helpers still work.
    return kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": ""}


@dataclass(frozen=True, slots=True)
class Git:
    """Git over one repository.

    `folder` is the bare repository, `environ` what git gets, `program` what is started.
    """

    folder: Path
    environ: Mapping[str, str]
    program: str = "git"

    async def run(
        self,
        *words: str,
        say: bytes = b"",
        config: Mapping[str, str] | None = None,
        within: timedelta = QUICK,
    ) -> bytes:
        """Run a git command and answer its output.

        Args:
            words: the command and its arguments.
            say: what it reads.
            config: settings of git for this run; they do not show in the list of processes.
            within: how long it may take; then it is ended.

        Raises:
            GitError: it failed.
            TroubleError: there is no git, or it took too long.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                self.program,
                *words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=dict(self.environ) | {"GIT_DIR": str(self.folder)} | _as_variables(config),
                cwd=self.folder,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise TroubleError(NO_GIT) from error
        try:
            async with asyncio.timeout(within.total_seconds()):
                output, errors = await process.communicate(say)
        except TimeoutError:
            raise TroubleError(f"git {words[0]} took longer than {within}") from None
        finally:
            await _end(process)
        if process.returncode:
            raise GitError(process.returncode, last_words(errors))
        return output


def last_words(errors: bytes) -> str:
    """What git says is wrong, on one line."""
    lines = [
        line.strip() for line in errors.decode("utf-8", "replace").splitlines() if line.strip()
    ]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))]
    return " / ".join((telling or lines)[:2])[:300]


def _as_variables(config: Mapping[str, str] | None) -> dict[str, str]:
    """Settings as git reads them from its environment."""
    settings = config or {}
    found = {"GIT_CONFIG_COUNT": str(len(settings))}
    for place, (name, value) in enumerate(settings.items()):
        found |= {f"GIT_CONFIG_KEY_{place}": name, f"GIT_CONFIG_VALUE_{place}": value}
    return found


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it with all that it started: git leaves the talking to helpers."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        await process.wait()
