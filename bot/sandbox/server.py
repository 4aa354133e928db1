"""The sandbox: one local Slack, joined together and served on loopback.

The home of the system clock and of randomness for `bot.sandbox`.
"""

import hashlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import page, wire
from bot.sandbox.admin import Admin
from bot.sandbox.call import Site
from bot.sandbox.control import Control
from bot.sandbox.control_http import ControlApi, guard
from bot.sandbox.dispatch import Dispatcher
from bot.sandbox.faults import Faults
from bot.sandbox.grants import Grant, Grants
from bot.sandbox.loopback import is_loopback, written
from bot.sandbox.notices import Change
from bot.sandbox.outbound import Http
from bot.sandbox.pace import Pace
from bot.sandbox.responses import Responses
from bot.sandbox.seed import App, lanternfish
from bot.sandbox.sight import Sight
from bot.sandbox.site import site_routes
from bot.sandbox.snapshot import dumped, loaded
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import Workspace
from bot.sandbox.traffic import Traffic
from bot.sandbox.triggers import Triggers


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one run."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)


class Sandbox:
    """A running local Slack.

    Attributes:
        url: "http://127.0.0.1:PORT".
        workspace: its people, channels and messages.
        app: what the app may do and is told of; may be changed while it runs.
        control: act as a person. admin: act as a moderator. sight: what people see.
        faults, pace, traffic: what goes wrong, how fast, and what went over the wire.
        dispatcher, sockets: deliveries to the bot.
    """

    def __init__(
        self, url: str, keys: Keys, http: Http, workspace: Workspace, random: Random
    ) -> None:
        self.url = url
        self.workspace = workspace
        self.app = App()
        self.faults = Faults(random)
        self.pace = Pace()
        self.traffic = Traffic(workspace.notices)
        self.sockets = Sockets(self.app.id)
        self.sockets.address = url.removeprefix("http://")
        self._keys = keys
        self._http = http
        self._first = dumped(workspace.world)
        self._grants = _grants(keys, self.app)
        self._site = Site(
            workspace, self.app, Triggers(), url, self.sockets.ticket, self._grants
        )
        self.responses = Responses(self._site, self.faults, self.traffic)
        self.dispatcher = Dispatcher(
            workspace, self.app, http, self.sockets, self.faults, self.traffic
        )
        workspace.listeners.append(self.dispatcher.happened)
        self.control = Control(self._site, self.dispatcher, self.responses)
        self.admin = Admin(self._site)
        self.sight = Sight(self._site)
        self.web_api = wire.WebApi(self._site, self.faults, self.pace, self.traffic)

    @property
    def api_url(self) -> str:
        """The base URL for API clients, with its slash."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's bot token, xoxb-..."""
        return self._keys.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode, xapp-..."""
        return self._keys.app_token

    @property
    def signing_secret(self) -> str:
        """What requests to the bot are signed with."""
        return self._keys.signing_secret

    @property
    def request_url(self) -> str:
        """Where the bot takes commands, interactions and events; "" = Socket Mode only."""
        return self._http.url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self._http.url = url

    def grant_scopes(self, scopes: frozenset[str]) -> None:
        """Give the bot token other scopes, as a reinstallation would."""
        self._grants.issued[self.bot_token].scopes = scopes

    def changes(self) -> AsyncIterator[Change]:
        """Every change from now on."""
        return self.workspace.notices.follow()

    def snapshot(self) -> str:
        """The world as JSON."""
        return dumped(self.workspace.world)

    def restore(self, snapshot: str) -> None:
        """Put a world back; addresses and triggers that were handed out are void."""
        latest = self.workspace.world.last_tick
        self.workspace.world = loaded(snapshot)
        self.workspace.world.last_tick = max(latest, self.workspace.world.last_tick)
        self._site.triggers.clear()
        self.responses.clear()
        self.pace.clear()
        self.workspace.notices.tell("reset")

    def reset(self) -> None:
        """Begin anew: the first world, no faults, an empty log, valid tokens."""
        self.faults.clear()
        self.traffic.clear()
        self._grants.spoil("")
        self.grant_scopes(self.app.scopes)
        self.restore(self._first)

    async def close(self) -> None:
        """Stop deliveries and wake whoever follows changes."""
        self.workspace.notices.close()
        await self.dispatcher.close()
        await self.sockets.close()
        await self._http.close()


def _grants(keys: Keys, app: App) -> Grants:
    return Grants(
        {
            keys.bot_token: Grant("bot", app.scopes),
            keys.app_token: Grant("app", frozenset({"connections:write"})),
        }
    )


def _keys(seed: int) -> Keys:
    """Random for every run; from the seed if one is given."""

    def secret(name: str) -> str:
        if not seed:
            return secrets.token_hex(16)
        return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()[:32]

    return Keys(
        f"xoxb-sandbox-{secret('bot')}", f"xapp-1-sandbox-{secret('app')}", secret("sign")
    )


def system_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)  # noqa: TID251 -- the sandbox's own default clock


@asynccontextmanager
async def running(  # noqa: PLR0913 - a front door with defaults
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    request_url: str = "",
    clock: Callable[[], datetime] | None = None,
    seed: int = 0,
    pace: bool = True,
    folders: Mapping[str, Path] | None = None,
) -> AsyncIterator[Sandbox]:
    """Run a sandbox until the block ends.

    Args:
        port: 0 takes a free one.
        host: a loopback address; anything else is refused.
        request_url: the bot's endpoint; may be set later. "" = Socket Mode only.
        clock: the sandbox's time, aware; this machine's if absent.
        seed: other than 0 makes tokens the same in every run; faults by chance always are.
        pace: whether Slack's rate limits hold.
        folders: what stands under `/NAME/`, for links and pictures of posts.

    Raises:
        ValueError: the host is not loopback.
        OSError: the port is taken.
    """
    if not is_loopback(host):
        raise ValueError(
            f"the sandbox listens on loopback only (127.0.0.1, ::1), not on {host!r}"
        )
    listening = socket.create_server((host, port), family=_family(host))
    url = f"http://{written(host)}:{listening.getsockname()[1]}"
    clock = clock or system_clock
    keys = _keys(seed)
    http = Http(keys.signing_secret, system_clock, request_url)
    # Chance decides which calls fail, never a secret.
    random = Random(seed)  # noqa: S311
    sandbox = Sandbox(url, keys, http, Workspace(lanternfish(), clock), random)
    sandbox.pace.on = pace
    runner = web.AppRunner(
        _application(sandbox, folders or {}), access_log=None, shutdown_timeout=1.0
    )
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield sandbox
    finally:
        await sandbox.close()
        await runner.cleanup()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _application(sandbox: Sandbox, folders: Mapping[str, Path]) -> web.Application:
    control = ControlApi(
        sandbox.control,
        sandbox.sight,
        sandbox.faults,
        sandbox.traffic,
        sandbox.workspace.notices,
        sandbox.reset,
    )
    app = web.Application(middlewares=[guard], client_max_size=wire.MAX_BYTES)
    app.add_routes(
        [
            *wire.routes(sandbox.web_api),
            web.post("/response/{key}", sandbox.responses.handle),
            web.get("/link/", sandbox.sockets.handle),
            *control.routes(),
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
