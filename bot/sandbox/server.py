"""The sandbox served on loopback: the Web API, sockets, the control API and the page.

The home of the system clock and of randomness for `bot.sandbox`.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import control_http, page, wire
from bot.sandbox.control_http import guard, is_loopback
from bot.sandbox.door import Door
from bot.sandbox.sandbox import Keys, Sandbox
from bot.sandbox.seed import lanternfish, neighbour
from bot.sandbox.site import site_routes
from bot.sandbox.state import Workspace
from bot.sandbox.town import AUTHORIZE, Client, Town
from bot.sandbox.transports import Http

__all__ = ["Client", "Sandbox", "Town", "running", "running_town", "system_clock", "written"]


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
    """Run a sandbox of one workspace, in which the app is installed, until the block ends.

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
    town = running_town(
        port=port,
        host=host,
        request_url=request_url,
        clock=clock,
        seed=seed,
        pace=pace,
        folders=folders,
    )
    async with town as made:
        yield made.home


@asynccontextmanager
async def running_town(  # noqa: PLR0913 - as above
    *,
    neighbours: int = 0,
    port: int = 0,
    host: str = "127.0.0.1",
    request_url: str = "",
    clock: Callable[[], datetime] = system_clock,
    seed: int = 0,
    pace: bool = True,
    folders: Mapping[str, Path] | None = None,
) -> AsyncIterator[Town]:
    """Run several workspaces behind one API until the block ends.

    Args:
        neighbours: how many workspaces there are in which the app can be installed.
        port: as for `running`.
        host: as for `running`.
        request_url: as for `running`.
        clock: as for `running`.
        seed: as for `running`; tokens of neighbours are random in any case.
        pace: as for `running`.
        folders: as for `running`.

    Raises:
        ValueError, OSError: as for `running`.
    """
    door = _door(host, port)
    url = f"http://{written(host)}:{door.port}"
    keys = _keys(seed)
    http = Http(keys.signing_secret, system_clock, request_url)
    # Chance decides which calls fail, never a secret.
    random = Random(seed)  # noqa: S311
    worlds = [lanternfish(), *(neighbour(number + 1) for number in range(neighbours))]
    homes = [
        Sandbox(url, keys if number == 0 else _keys(0), http, Workspace(world, clock), random)
        for number, world in enumerate(worlds)
    ]
    for sandbox in homes:
        sandbox.pace.on = pace
    town = Town(homes, clock, door)
    async with door.serving(_application(town, folders or {})):
        try:
            yield town
        finally:
            for sandbox in homes:
                await sandbox.close()


def _door(host: str, port: int) -> Door:
    if not is_loopback(host):
        raise ValueError(
            f"the sandbox listens on loopback only (127.0.0.1, ::1), not on {host!r}"
        )
    return Door(host, port)


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


def _application(town: Town, folders: Mapping[str, Path]) -> web.Application:
    sandbox = town.home
    app = web.Application(middlewares=[guard], client_max_size=wire.MAX_BYTES)
    app.add_routes(
        [
            web.post("/api/{method}", town.api),
            web.get("/api/{method}", town.api, allow_head=False),
            web.post("/response/{key}", town.response),
            web.get(AUTHORIZE, town.consent),
            web.post(AUTHORIZE, town.decide),
            web.get("/link/", sandbox.sockets.handle),
            *control_http.routes(sandbox, town.door),
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
