"""The far side of the wire, as small as the contract of `Chat` needs it.

Answers are scripted per method; every request is kept. No rules of Slack's live here.
"""

import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FakeSlack:
    """Answers what it is told to, in order; the last answer of a method stays."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, object]]] = []
        self._answers: dict[str, deque[Answer]] = defaultdict(deque)
        self._server = TestServer(self._app())

    def will(self, method: str, *answers: Answer) -> None:
        """Script the next answers of a method."""
        self._answers[method].extend(answers)

    def will_only(self, method: str, *answers: Answer) -> None:
        """Forget what was scripted for a method before."""
        self._answers[method].clear()
        self.will(method, *answers)

    def calls(self, method: str) -> list[dict[str, object]]:
        """The arguments of all calls of a method."""
        return [arguments for name, arguments in self.requests if name == method]

    @property
    def api_url(self) -> str:
        """The base URL for clients."""
        return str(self._server.make_url("/api/"))

    def url(self, path: str) -> str:
        """Another address on this server."""
        return str(self._server.make_url(path))

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_route("*", "/api/{method}", self._handle)
        app.router.add_route("*", "/{method}", self._handle)
        return app

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.requests.append((method, await arguments_of(request)))
        script = self._answers[method]
        answer = script.popleft() if len(script) > 1 else script[0]
        return await answer(request)

    @classmethod
    @asynccontextmanager
    async def running(cls) -> "AsyncIterator[FakeSlack]":
        """Serve on a free port of the loopback."""
        slack = cls()
        await slack._server.start_server()
        try:
            yield slack
        finally:
            await slack._server.close()


async def arguments_of(request: web.Request) -> dict[str, object]:
    """Query, form and JSON arguments of a call, with its token as `token`."""
    arguments: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        arguments |= json.loads(await request.text())
    else:
        arguments |= {key: str(value) for key, value in (await request.post()).items()}
    return arguments | {"token": request.headers.get("Authorization", "")}


def says(status: int = 200, headers: dict[str, str] | None = None, **body: object) -> Answer:
    """Answer with JSON."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status, headers=headers)

    return answer


def mumbles(text: str, *, status: int = 200, content_type: str = "text/html") -> Answer:
    """Answer with something that is no JSON of Slack's."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=text, status=status, content_type=content_type)

    return answer


async def hangs_up(request: web.Request) -> web.StreamResponse:
    """Cut the line after the request was read."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def holds(until: Callable[[], Awaitable[object]]) -> Answer:
    """Keep the caller waiting for something that the test decides."""

    async def answer(_: web.Request) -> web.StreamResponse:
        await until()
        return web.json_response({"ok": True})

    return answer
