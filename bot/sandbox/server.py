"""The sandbox served on loopback: the Web API, sockets, the control API and the page.

The home of the system clock and of randomness for `bot.sandbox`.
"""

import hashlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import control_http, page, wire
from bot.sandbox.control_http import guard, is_loopback
from bot.sandbox.sandbox import Keys, Sandbox
from bot.sandbox.seed import lanternfish
from bot.sandbox.site import site_routes
from bot.sandbox.state import Workspace
from bot.sandbox.transports import Http

__all__ = ["Sandbox", "running", "system_clock", "written"]


def system_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)  # noqa: TID251 -- the sandbox's own default clock


@asynccontextmanager
async def running(  # noqa: PLR0913 - a front door with defaults
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    request_url: str = "",
    clock: Callable[[], datetime] = system_clock,
    seed: int = 0,
    pace: bool = True,
    folders: Mapping[str, Path] | None = None,
) -> AsyncIterator[Sandbox]:
    """Run a sandbox until the block ends.

    Args:
        port: 0 takes a free one.
        host: a loopback address; anything else is refused.
        request_url: the bot's endpoint; may be set later. "" = Socket Mode only.
        clock: the sandbox's time, aware.
        seed: other than 0 makes tokens the same in every run; faults by chance always are.
        pace: whether Slack's rate limits hold.
        folders: what stands under `/NAME/`, for links and pictures of posts.

    Raises:
        ValueError: the host is not loopback.
        OSError: the port is taken.
    """
    listening = _listening(host, port)
    url = f"http://{written(host)}:{listening.getsockname()[1]}"
    keys = _keys(seed)
    http = Http(keys.signing_secret, system_clock, request_url)
    # Chance decides which calls fail, never a secret.
    random = Random(seed)  # noqa: S311
    sandbox = Sandbox(url, keys, http, Workspace(lanternfish(), clock), random)
    sandbox.pace.on = pace
    async with _serving(_application(sandbox, folders or {}), listening):
        try:
            yield sandbox
        finally:
            await sandbox.close()


def _listening(host: str, port: int) -> socket.socket:
    if not is_loopback(host):
        raise ValueError(
            f"the sandbox listens on loopback only (127.0.0.1, ::1), not on {host!r}"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def written(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def _keys(seed: int) -> Keys:
    """Random for every run; from the seed if one is given."""

    def secret(name: str) -> str:
        if not seed:
            return secrets.token_hex(16)
        return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()[:32]

    return Keys(
        f"xoxb-sandbox-{secret('bot')}", f"xapp-1-sandbox-{secret('app')}", secret("sign")
    )


@asynccontextmanager
async def _serving(app: web.Application, listening: socket.socket) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield
    finally:
        await runner.cleanup()


def _application(sandbox: Sandbox, folders: Mapping[str, Path]) -> web.Application:
    app = web.Application(middlewares=[guard], client_max_size=wire.MAX_BYTES)
    app.add_routes(
        [
            web.post("/api/{method}", sandbox.web_api.handle),
            web.get("/api/{method}", sandbox.web_api.handle, allow_head=False),
            web.post("/response/{key}", sandbox.responses.handle),
            web.get("/link/", sandbox.sockets.handle),
            *control_http.routes(sandbox),
            *page.routes(sandbox),
            web.get("/archives/{channel}/{message}", _permalink),
            *site_routes(folders),
        ]
    )
    return app


async def _permalink(request: web.Request) -> web.StreamResponse:
    """Show what chat.getPermalink pointed at."""
    thread = request.query.get("thread_ts")
    place = {"channel": request.match_info["channel"]} | ({"thread": thread} if thread else {})
    raise web.HTTPFound(f"/?{urlencode(place)}")
