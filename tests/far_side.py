"""Servers that sources fetch from, on this machine: one that answers as told, and GitHub's API."""

import asyncio
import hashlib
import io
import json
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from aiohttp import web

from tests.repository import ENVIRON

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """A server on this machine; its address, without a slash at the end."""
    lines: set[asyncio.Transport] = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            lines.add(request.transport)
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await _turns()  # a connection that was just accepted is known by then
        server = runner.server
        await runner.cleanup()
        late = [one.transport for one in server.connections] if server else []
        for line in (
            *lines,
            *filter(None, late),
        ):  # what has much to say would outlive the test
            line.abort()
        await _turns()


async def _turns() -> None:
    """Let the loop go round until what was closed is gone."""
    for _ in range(10):
        await asyncio.sleep(0)


@dataclass
class Page:
    """An address that answers as a test says, and honours conditional requests.

    `answer` takes the place of all that; `asked` are the requests so far, `full` counts answers
    with a body.
    """

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    answer: Handler | None = None
    asked: list[web.Request] = field(default_factory=list)
    full: int = 0

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.asked.append(request)
        if self.answer is not None:
            return await self.answer(request)
        etag = f'"{hashlib.sha256(self.body).hexdigest()[:8]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag, **self.headers})
        self.full += 1
        return web.Response(body=self.body, headers={"ETag": etag, **self.headers})

    def status(self, status: int, body: str = "", **headers: str) -> None:
        """From now on answer with a status; `_` in names of headers is `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, text=body, headers=named)

        self.answer = answer


def blob_id(content: bytes) -> str:
    """What git calls a content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324


@dataclass
class FakeGithub:
    """GitHub's API over one repository, `example/site`, as far as the bot uses it.

    `left` is how many requests are still allowed, None = any number; a 304 costs one too, as it
    does without a token. `truncate` leaves out of recursive trees all that is deeper than that.
    `altered` are paths that the archive has with other contents, as `.gitattributes` can cause.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    branch: str = "main"
    token: str = ""
    left: int | None = None
    reset: int = 0
    truncate: bool = False
    archives: bool = True
    altered: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        where = request.path_qs
        self.asked.append(where)
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"message": "Bad credentials"}, status=401)
        if self.left is not None:
            if self.left <= 0:
                headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(self.reset)}
                words = {"message": "API rate limit exceeded for 127.0.0.1."}
                return web.json_response(words, status=403, headers=headers)
            self.left -= 1
        start = "/repos/example/site/"
        if not request.path.startswith(start):
            return web.json_response({"message": "Not Found"}, status=404)
        kind, _, rest = request.path.removeprefix(start).partition("/")
        answers = {
            "commits": self._commits,
            "git": self._git,
            "tarball": self._tarball,
            "codeload": self._codeload,
        }
        return answers[kind](rest, request)

    @property
    def commit(self) -> str:
        """The commit that the branch is at."""
        return self._tree_id("")

    def _commits(self, ref: str, request: web.Request) -> web.Response:
        if not self.files:
            return web.json_response({"message": "Git Repository is empty."}, status=409)
        if ref not in {"HEAD", self.branch}:
            words = {"message": f"No commit found for SHA: {ref}"}
            return web.json_response(words, status=422)
        etag = f'W/"{self.commit}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        assert request.headers["Accept"] == "application/vnd.github.sha"
        return web.Response(text=self.commit, headers={"ETag": etag})

    def _git(self, rest: str, request: web.Request) -> web.Response:
        kind, _, id_ = rest.partition("/")
        if kind == "blobs":
            assert request.headers["Accept"] == "application/vnd.github.raw+json"
            found = [body for body in self.files.values() if blob_id(body) == id_]
            return web.Response(body=found[0]) if found else web.Response(status=404)
        folder = next(f for f in self._folders() if self._tree_id(f) == id_)
        recursive = request.query.get("recursive") == "1"
        entries = self._entries(folder, deep=recursive)
        truncated = recursive and self.truncate and any("/" in str(e["path"]) for e in entries)
        if truncated:
            entries = entries[: len(entries) // 2]
        return web.json_response({"sha": id_, "tree": entries, "truncated": truncated})

    def _tarball(self, _: str, _request: web.Request) -> web.Response:
        if not self.archives:
            return web.Response(status=404)
        return web.Response(status=302, headers={"Location": "/repos/example/site/codeload/x"})

    def _codeload(self, _: str, _request: web.Request) -> web.Response:
        box, top = io.BytesIO(), f"example-site-{self.commit[:7]}"
        with tarfile.open(fileobj=box, mode="w:gz") as archive:
            for path, body in self.files.items():
                if self.modes.get(path, "100644") != "100644":
                    continue
                content = body.replace(b"\n", b"\r\n") if path in self.altered else body
                member = tarfile.TarInfo(f"{top}/{path}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return web.Response(body=box.getvalue(), content_type="application/x-gzip")

    def _folders(self) -> set[str]:
        found = {""}
        for path in self.files:
            parts = path.split("/")[:-1]
            found |= {"/".join(parts[: n + 1]) for n in range(len(parts))}
        return found

    def _tree_id(self, folder: str) -> str:
        start = f"{folder}/" if folder else ""
        inside = sorted((p, blob_id(b)) for p, b in self.files.items() if p.startswith(start))
        return hashlib.sha1(json.dumps([folder, inside]).encode()).hexdigest()  # noqa: S324

    def _entries(self, folder: str, *, deep: bool) -> list[dict[str, object]]:
        start = f"{folder}/" if folder else ""

        def inside(path: str) -> bool:
            return path.startswith(start) and (deep or "/" not in path[len(start) :])

        trees: list[dict[str, object]] = [
            {"path": path[len(start) :], "mode": "040000", "sha": self._tree_id(path)}
            for path in sorted(self._folders() - {folder})
            if inside(path)
        ]
        leaves: list[dict[str, object]] = [
            {"path": path[len(start) :], "mode": self.modes.get(path, "100644")}
            | {"sha": blob_id(body)}
            | ({} if self.modes.get(path) == "160000" else {"size": len(body)})
            for path, body in sorted(self.files.items())
            if inside(path)
        ]
        return [*trees, *leaves]


def git_over_http(root: Path, *, old: bool = False) -> Handler:
    """Git's own server over the repositories below a folder, as web servers run it.

    Args:
        root: the folder.
        old: it knows no protocol but the first one.
    """
    return partial(_git_backend, root, old)


async def _git_backend(
    root: Path,
    old: bool,  # noqa: FBT001 - bound above
    request: web.Request,
) -> web.StreamResponse:
    environ = ENVIRON | {
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query_string,
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "HTTP_GIT_PROTOCOL": "" if old else request.headers.get("Git-Protocol", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
    }
    process = await asyncio.create_subprocess_exec(
        "git",
        "http-backend",
        env=environ,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(await request.read())
    head, _, body = output.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    status = int(headers.pop("Status", "200").split()[0])
    return web.Response(status=status, headers=headers, body=body)


async def never(_: web.Request) -> web.StreamResponse:
    """An answer that does not come."""
    await asyncio.Event().wait()
    raise AssertionError


def rss(*items: str, home: str = "https://news.example", head: str = "") -> bytes:
    """An RSS feed of items."""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>News</title><link>{home}</link>{head}{"".join(items)}</channel></rss>"""
    return text.encode()


def rss_item(name: str, body: str = "<p>Hello</p>", **more: str) -> str:
    """An item of an RSS feed; `more` are further elements."""
    given = {"title": name, "link": f"https://news.example/{name}/"} | more
    given.setdefault("guid", given["link"])
    inside = "".join(f"<{tag}>{value}</{tag}>" for tag, value in given.items() if value)
    return f"<item>{inside}<content:encoded><![CDATA[{body}]]></content:encoded></item>"
