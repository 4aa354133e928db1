"""The port that the sandbox listens on: it can be shut, so that connections are refused.

No connection survives that, and none is made until it is opened again, on the same port.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.sandbox.errors import ControlError

_FAREWELL = 0.05  # seconds for the answer to whoever has it shut over HTTP


class Door:
    """A listening socket, and what is served behind it."""

    _runner: web.AppRunner

    def __init__(self, host: str, port: int) -> None:
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=self._family)
        self._address = self._listening.getsockname()[:2]
        self._site: web.SockSite | None = None
        self._opening: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where it is."""
        return int(self._address[1])

    @asynccontextmanager
    async def serving(self, app: web.Application) -> AsyncIterator[None]:
        """Serve until the end of the block."""
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._runner = runner
        await self._open(self._listening)
        try:
            yield
        finally:
            if self._opening:
                self._opening.cancel()
            await runner.cleanup()

    async def shut(self) -> None:
        """Refuse connections, and cut those that are open."""
        if self._site is None:
            raise ControlError("connections are refused already")
        site, self._site = self._site, None
        await site.stop()
        server = self._runner.server
        for handler in server.connections if server else ():
            if handler.transport:
                handler.transport.abort()

    async def open(self) -> None:
        """Take connections again."""
        if self._site is None:
            await self._open(socket.create_server(self._address, family=self._family))

    def shut_for(self, seconds: float) -> None:
        """Refuse connections for a while, soon: the answer to the order still gets through."""
        if self._opening and not self._opening.done():
            raise ControlError("connections are refused already")
        self._opening = asyncio.create_task(self._shut_for(seconds))

    async def _shut_for(self, seconds: float) -> None:
        await asyncio.sleep(_FAREWELL)
        await self.shut()
        await asyncio.sleep(seconds)
        await self.open()

    async def _open(self, listening: socket.socket) -> None:
        self._site = web.SockSite(self._runner, listening)
        await self._site.start()
