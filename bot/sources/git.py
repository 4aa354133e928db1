"""A git repository, wherever it is: fetched shallowly into a bare one, read by object id.

No work tree is left behind. The copy is a cache: it may be removed at any time.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from bot.ports.outside import Clock
from bot.sources.content import UnfitError, text_in
from bot.sources.fetch import Fetch
from bot.sources.lsrefs import tip_of
from bot.sources.process import Git, GitError
from bot.sources.reach import PORTS, Way, authorization, way_to
from bot.sources.remote import Seen
from bot.sources.tree import NOT_FOLLOWED, Leaf, followed, posts_in
from bot.sources.trouble import TroubleError
from config.sources import GitSettings

T = TypeVar("T")

TIP = "refs/digestbot/tip"
FETCHING = timedelta(minutes=8)
STALE = timedelta(minutes=10)
"""The age from which a lock is one that a killed git left behind."""
AT_ONCE = 500
"""Files that one process reads."""
NO_SUCH_REF = 2
"""What `ls-remote --exit-code` ends with."""
REMOTE_FAULTS = {
    "Authentication failed": "it refuses our token; see `token`",
    "could not read": "it asks who we are: name a variable with a token in `token`",
    "Permission denied": "it refuses our key; see the runbook on sources",
    "Host key verification failed": "its host key is not known: add it to known_hosts",
    "dubious ownership": "it belongs to another user; see the runbook on sources",
    "edirect": "it has moved: give its new address in `url`",
    "returned error: 30": "it has moved: give its new address in `url`",
    "not found": "there is none, or it is private: see `url` and `token`",
    "does not appear to be a git repository": "there is none: see `url`",
}


class GitPlace:
    """The place behind a source of kind git.

    Args:
        settings: the source's.
        token: for https, "" = none.
        cache: the folder of the bare repository; made when it is needed.
        fetch: what may be dialled.
        clock: the time.
        environ: what git gets of the environment.
    """

    def __init__(
        self,
        settings: GitSettings,
        *,
        token: str,
        cache: Path,
        fetch: Fetch,
        clock: Clock,
        environ: Mapping[str, str],
    ) -> None:
        self._settings = settings
        self._token = token
        self._fetch = fetch
        self._clock = clock
        self._git = Git(cache, environ)
        self._ref = f"refs/heads/{settings.branch}" if settings.branch else "HEAD"
        self._seen: tuple[str, Seen] | None = None

    async def look(self) -> Seen:
        """One question where the branch is; the rest only if it has moved."""
        await self._prepared()
        tip = await self._tip_over_http()
        if self._seen is not None and self._seen[0] == tip:
            return self._seen[1]
        way = await way_to(self._settings.url, self._token, self._fetch, self._git)
        git = replace(self._git, environ={**self._git.environ, **way.variables})
        tip = tip or await self._tip(git, way)
        if self._seen is None or self._seen[0] != tip:
            listed = partial(self._listed, git, way, tip)
            self._seen = tip, await self._mended(listed, self._prepared)
        return self._seen[1]

    async def read(self, wanted: Mapping[str, str]) -> Mapping[str, str | UnfitError]:
        """Read blobs of the copy, many with each process."""
        paths = list(wanted)
        texts: dict[str, str | UnfitError] = {}
        for start in range(0, len(paths), AT_ONCE):
            some = paths[start : start + AT_ONCE]
            blobs = await self._mended(
                partial(self._blobs, [wanted[path] for path in some]), self.look
            )
            texts |= {path: text_in(blobs[wanted[path]]) for path in some}
        return texts

    async def _prepared(self) -> None:
        """A bare repository that nothing half-done stands in the way of."""
        folder = self._git.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / "HEAD").exists():
                await self._git.run("init", "--bare", "--quiet", "--template=")
        except (OSError, GitError) as error:
            raise TroubleError(f"no copy can be made in {folder}: {error}") from error

    def _unlock(self) -> None:
        """Remove locks that a killed git left behind."""
        for lock in self._git.folder.rglob("*.lock"):
            with suppress(OSError):
                age = self._clock.now() - datetime.fromtimestamp(lock.stat().st_mtime, UTC)
                if age > STALE:
                    lock.unlink()

    async def _tip_over_http(self) -> str | None:
        """The commit that the branch is at, None where only git can find out."""
        parts = urlsplit(self._settings.url)
        if parts.scheme not in PORTS:
            return None
        known = authorization(parts.username, self._token) if self._token else ""
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        async with self._fetch.session() as session:
            return await tip_of(session, url, self._ref, known)

    async def _tip(self, git: Git, way: Way) -> str:
        """The commit that the branch is at."""
        url = self._settings.url
        try:
            told = await git.run("ls-remote", "--exit-code", url, self._ref, config=way.config)
        except GitError as error:
            if error.code == NO_SUCH_REF:
                raise await self._no_branch(git, way) from None
            raise self._trouble(error) from error
        tips = dict(line.split("\t")[::-1] for line in told.decode("utf-8").splitlines())
        return tips[self._ref]

    async def _no_branch(self, git: Git, way: Way) -> TroubleError:
        """Say which branch there is instead: it may have been renamed."""
        branch = self._settings.branch
        if not branch:
            return TroubleError(f"{self._settings.url} has no commits yet")
        told = b""
        with suppress(GitError):
            told = await git.run(
                "ls-remote", "--symref", self._settings.url, "HEAD", config=way.config
            )
        first = told.decode("utf-8", "replace").partition("\t")[0]
        default = first.removeprefix("ref: refs/heads/") if first.startswith("ref: ") else ""
        hint = f"; its default branch is '{default}'" if default else ""
        return TroubleError(f"{self._settings.url} has no branch '{branch}' any more{hint}")

    async def _listed(self, git: Git, way: Way, tip: str) -> Seen:
        """What the commit has, after it was fetched if it is not here."""
        if not await self._has(tip):
            tip = await self._fetched(git, way)
        folder = await self._folder(tip)
        listing = await self._git.run("ls-tree", "-r", "-z", "-l", "--full-tree", folder)
        posts = await asyncio.to_thread(posts_in, leaves_in(listing), self._settings.include)
        files, problems = dict(posts.files), dict(posts.problems)
        targets = await self._blobs(posts.links.values())
        for path, link in posts.links.items():
            blob = followed(path, targets[link].decode("utf-8", "replace"), posts.files)
            if blob is None:
                problems[path] = NOT_FOLLOWED
            else:
                files[path] = blob
        return Seen(files, problems)

    async def _has(self, tip: str) -> bool:
        try:
            await self._git.run("cat-file", "-e", f"{tip}^{{tree}}")
        except GitError:
            return False
        return True

    async def _fetched(self, git: Git, way: Way) -> str:
        words = ("--depth=1", "--no-tags", "--force", "--quiet", "--no-write-fetch-head")
        source = f"+{self._ref}:{TIP}"
        self._unlock()
        try:
            await git.run(
                "fetch", *words, self._settings.url, source, config=way.config, within=FETCHING
            )
        except GitError as error:
            if await self._is_whole():
                raise self._trouble(error) from error
            raise
        return (await self._git.run("rev-parse", "--verify", TIP)).decode("ascii").strip()

    async def _is_whole(self) -> bool:
        try:
            await self._git.run("fsck", "--connectivity-only", "--no-dangling", within=FETCHING)
        except GitError:
            return False
        return True

    async def _folder(self, tip: str) -> str:
        """The object of the folder that the settings name."""
        path = self._settings.path
        told = await self._git.run("cat-file", "--batch-check", say=f"{tip}:{path}\n".encode())
        id_, _, kind = told.decode("utf-8", "replace").strip().partition(" ")
        if not kind.startswith("tree "):
            where = f"on branch '{self._settings.branch}'" if self._settings.branch else "in it"
            raise TroubleError(f"there is no folder '{path}' {where}: see `path`")
        return id_

    async def _blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Contents of objects.

        Raises:
            GitError: one is missing or damaged.
        """
        wanted = dict.fromkeys(ids)
        if not wanted:
            return {}
        said = "".join(f"{one}\n" for one in wanted).encode("ascii")
        return dict(blobs_in(await self._git.run("cat-file", "--batch", say=said)))

    async def _mended(
        self, work: Callable[[], Awaitable[T]], mend: Callable[[], Awaitable[object]]
    ) -> T:
        """Do it; if our copy turns out to be damaged, throw it away, mend, and do it once more."""
        try:
            return await work()
        except GitError:
            self._seen = None
            shutil.rmtree(self._git.folder, ignore_errors=True)
            await mend()
        try:
            return await work()
        except GitError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: GitError) -> TroubleError:
        known = (words for sign, words in REMOTE_FAULTS.items() if sign in error.words)
        return TroubleError(f"{self._settings.url}: {next(known, error.words)}")


def leaves_in(listing: bytes) -> Iterator[Leaf]:
    """Read what `ls-tree -r -z -l` says."""
    for line in listing.split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, _, id_, size = about.decode("ascii").split()
        yield Leaf(os.fsdecode(path), mode, id_, int(size) if size != "-" else 0)


def blobs_in(output: bytes) -> Iterator[tuple[str, bytes]]:
    """Read what `cat-file --batch` says.

    Raises:
        GitError: an object is missing.
    """
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        about = output[at:end].decode("ascii", "replace").split()
        if len(about) != 3 or about[1] != "blob":  # noqa: PLR2004 - id, type, size
            raise GitError(1, "an object is missing")
        start, size = end + 1, int(about[2])
        yield about[0], output[start : start + size]
        at = start + size + 1
