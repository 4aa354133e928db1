"""A repository on GitHub, through its REST API.

An unchanged repository costs one conditional request. Facts of the API: docs.github.com/en/rest
(commits, git/trees, git/blobs, repos/contents#download-a-repository-archive-tar, rate limits),
version 2022-11-28, read 2026-08.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import quote

from bot.ports.outside import Clock
from bot.sources.content import UnfitError, text_in
from bot.sources.fetch import Answer, Fetch, Limits, Session, TooLargeError
from bot.sources.globs import enters
from bot.sources.pace import retry_after
from bot.sources.remote import Seen
from bot.sources.tarball import blobs_in
from bot.sources.tree import NOT_FOLLOWED, Leaf, followed, posts_in
from bot.sources.trouble import TroubleError
from config.sources import GithubSettings

MANY = 10
"""More files than this come in one archive."""
ARCHIVE = Limits(size=300_000_000, seconds=300)
FOLDERS = 300
"""Requests for the folders of a tree that is too large for one answer."""
SIDE_BY_SIDE = 4
FOLDER = "040000"
ANYTHING = "*/*"
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_WORDS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "GitHub refuses our token: see `token`",
    HTTPStatus.FORBIDDEN: "GitHub does not let us read {0}: see what its token may do",
    HTTPStatus.NOT_FOUND: "GitHub knows no repository {0}, or it is private: see `repository` and"
    " `token`",
    HTTPStatus.CONFLICT: "{0} has no commits yet",
}


class GithubPlace:
    """The place behind a source of kind github.

    Args:
        settings: the source's.
        token: "" = none.
        fetch: what may be dialled.
        clock: the time.
        scratch: folder for an archive while it is read; made when it is needed.
    """

    def __init__(
        self, settings: GithubSettings, *, token: str, fetch: Fetch, clock: Clock, scratch: Path
    ) -> None:
        self._settings = settings
        self._scratch = scratch
        self._token = token
        self._fetch = fetch
        self._clock = clock
        self._etag = ""
        self._commit = ""
        self._seen = Seen({})
        self._blobs: dict[str, bytes] = {}

    async def look(self) -> Seen:
        """One conditional request; the tree only if the branch has moved."""
        async with self._fetch.session() as session:
            commit, etag = await self._tip(session)
            if commit != self._commit:
                self._seen = await self._listed(session, commit)
                self._commit = commit
            self._etag = etag  # not before: what it vouches for was listed
        return self._seen

    async def read(self, wanted: Mapping[str, str]) -> Mapping[str, str | UnfitError]:
        """Read blobs: many as one archive, few one by one. What was read is kept if it fails."""
        missing = set(wanted.values()) - self._blobs.keys()
        async with self._fetch.session() as session:
            if len(missing) > MANY:
                await self._from_archive(session, missing)
                missing -= self._blobs.keys()
            await self._one_by_one(session, missing)
        texts = {path: text_in(self._blobs[id_]) for path, id_ in wanted.items()}
        self._blobs.clear()
        return texts

    # ------------------------------------------------------------ what is there

    async def _tip(self, session: Session) -> tuple[str, str]:
        """The branch's commit and the ETag of the answer."""
        branch = self._settings.branch
        where = f"commits/{quote(branch, safe='/') or 'HEAD'}"
        answer = await self._ask(session, where, "application/vnd.github.sha", self._etag)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return self._commit, self._etag
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            name = self._settings.repository
            raise TroubleError(f"{name} has no branch '{branch}' any more: see `branch`")
        commit = self._good(answer).body.decode("ascii", "replace").strip()
        if not _COMMIT.fullmatch(commit):
            raise TroubleError(
                f"{self._settings.api} does not answer as GitHub does: see `api`"
            )
        return commit, answer.headers.get("etag", "")

    async def _listed(self, session: Session, commit: str) -> Seen:
        """What a commit has."""
        leaves = await self._leaves(session, commit)
        posts = await asyncio.to_thread(posts_in, leaves, self._settings.include)
        files, problems = dict(posts.files), dict(posts.problems)
        await self._one_by_one(session, set(posts.links.values()) - self._blobs.keys())
        for path, link in posts.links.items():
            target = self._blobs[link].decode("utf-8", "replace")
            blob = followed(path, target, posts.files)
            if blob is None:
                problems[path] = NOT_FOLLOWED
            else:
                files[path] = blob
        return Seen(files, problems)

    async def _leaves(self, session: Session, commit: str) -> tuple[Leaf, ...]:
        """All files below the source's folder."""
        whole, truncated = await self._tree(session, commit, recursive=True)
        if not truncated:
            return tuple(self._below(whole))
        top = commit
        for part in self._settings.path.split("/") if self._settings.path else ():
            entries, _ = await self._tree(session, top, recursive=False)
            top = next((e.id for e in entries if e.path == part and e.mode == FOLDER), "")
            if not top:
                raise self._no_folder()
        return tuple([leaf async for leaf in self._walk(session, top)])

    def _below(self, leaves: Iterable[Leaf]) -> Iterator[Leaf]:
        """The files of the source's folder, their paths from there."""
        start = f"{self._settings.path}/" if self._settings.path else ""
        found = False
        for leaf in leaves:
            if leaf.path.startswith(start):
                found = True
                if leaf.mode != FOLDER:
                    yield Leaf(leaf.path[len(start) :], leaf.mode, leaf.id, leaf.size)
        if start and not found:
            raise self._no_folder()

    def _no_folder(self) -> TroubleError:
        branch = self._settings.branch or "HEAD"
        return TroubleError(
            f"there is no folder '{self._settings.path}' on {branch}: see `path`"
        )

    async def _walk(self, session: Session, top: str) -> AsyncIterator[Leaf]:
        """The files of a tree that is too large to be told at once, folder by folder."""
        waiting = [("", top)]
        for _ in range(FOLDERS):
            if not waiting:
                return
            folder, id_ = waiting.pop()
            entries, truncated = await self._tree(session, id_, recursive=True)
            if truncated:
                entries, _ = await self._tree(session, id_, recursive=False)
            for entry in entries:
                path = f"{folder}{entry.path}"
                if entry.mode != FOLDER:
                    yield Leaf(path, entry.mode, entry.id, entry.size)
                elif truncated and any(enters(one, path) for one in self._settings.include):
                    waiting.append((f"{path}/", entry.id))
        raise TroubleError(f"{self._settings.repository} has too many folders: narrow `path`")

    async def _tree(
        self, session: Session, id_: str, *, recursive: bool
    ) -> tuple[tuple[Leaf, ...], bool]:
        """A tree's entries, and whether GitHub left some out."""
        where = f"git/trees/{id_}" + ("?recursive=1" if recursive else "")
        answer = self._good(await self._ask(session, where, "application/vnd.github+json"))
        return await asyncio.to_thread(tree_in, answer.body)

    # ------------------------------------------------------------ what is in it

    async def _from_archive(self, session: Session, missing: set[str]) -> None:
        """Take blobs out of the archive of the commit; what it lacks is fetched by itself."""
        url = self._url(f"tarball/{self._commit}")
        # Not among the system's temporary files: they may be in memory.
        self._scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=self._scratch) as file:
            try:
                answer = await session.download(url, file, self._headers(ANYTHING), ARCHIVE)
            except TooLargeError:
                return
            if answer.status != HTTPStatus.OK:
                self._refuse_if_spent(answer)
                return
            file.seek(0)
            self._blobs |= await asyncio.to_thread(blobs_in, file, frozenset(missing))

    async def _one_by_one(self, session: Session, missing: set[str]) -> None:
        """Fetch blobs, some at a time; those that came are kept when one does not."""
        waiting = sorted(missing)
        for start in range(0, len(waiting), SIDE_BY_SIDE):
            some = waiting[start : start + SIDE_BY_SIDE]
            asked = (self._blob(session, id_) for id_ in some)
            for id_, came in zip(
                some, await asyncio.gather(*asked, return_exceptions=True), strict=True
            ):
                if isinstance(came, TroubleError):
                    left = f"{len(missing - self._blobs.keys()):,} files are still to be read"
                    raise TroubleError(f"{came}; {left}", wait=came.wait) from came
                if isinstance(came, BaseException):
                    raise came
                self._blobs[id_] = came

    async def _blob(self, session: Session, id_: str) -> bytes:
        answer = await self._ask(session, f"git/blobs/{id_}", "application/vnd.github.raw+json")
        return self._good(answer).body

    # ------------------------------------------------------------ requests

    async def _ask(self, session: Session, where: str, accept: str, etag: str = "") -> Answer:
        """One request.

        Raises:
            TroubleError: no answer, or no more requests are allowed now.
        """
        headers = self._headers(accept) | ({"If-None-Match": etag} if etag else {})
        answer = await session.get(self._url(where), headers)
        self._refuse_if_spent(answer)
        return answer

    def _url(self, where: str) -> str:
        return f"{self._settings.api}/repos/{self._settings.repository}/{where}"

    def _headers(self, accept: str) -> dict[str, str]:
        headers = {"Accept": accept, "X-GitHub-Api-Version": "2022-11-28"}
        return headers | ({"Authorization": f"Bearer {self._token}"} if self._token else {})

    def _refuse_if_spent(self, answer: Answer) -> None:
        """Heed GitHub's two limits: so many requests an hour, and not too many at once."""
        if answer.status not in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}:
            return
        now = self._clock.now()
        wait = retry_after(answer.headers, now) or _reset(answer.headers, now)
        told = wait is not None or b"rate limit" in answer.body[:2_000].lower()
        if not told and answer.status == HTTPStatus.FORBIDDEN:
            return
        until = f" until {now + wait:%H:%M} UTC" if wait else ""
        hint = "" if self._token else "; with a token it allows many more (GITHUB_TOKEN)"
        raise TroubleError(f"GitHub allows no more requests{until}{hint}", wait=wait)

    def _good(self, answer: Answer) -> Answer:
        if answer.status == HTTPStatus.OK:
            return answer
        words = _WORDS.get(answer.status, f"GitHub answers HTTP {answer.status} for {{0}}")
        raise TroubleError(words.format(self._settings.repository))


def _reset(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long until there are requests again, where none are left."""
    at = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") != "0" or not re.fullmatch(r"[0-9]{1,12}", at):
        return None
    return max(datetime.fromtimestamp(int(at), UTC) - now, timedelta(seconds=1))


def tree_in(body: bytes) -> tuple[tuple[Leaf, ...], bool]:
    """Read a tree as the API has it.

    Raises:
        TroubleError: it is none.
    """
    try:
        told = json.loads(body)
        leaves = tuple(
            Leaf(str(one["path"]), str(one["mode"]), str(one["sha"]), int(one.get("size", 0)))
            for one in told["tree"]
        )
        return leaves, bool(told["truncated"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TroubleError("GitHub's answer cannot be read: see `api`") from error
