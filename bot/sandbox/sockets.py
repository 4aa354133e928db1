"""Socket Mode: envelopes over websockets, one receiver for each.

/apis/events-api/using-socket-mode (read 2026-08-20).
"""

import asyncio
import json
import secrets
from itertools import count

from aiohttp import WSMsgType, web

from bot.sandbox.faults import Faults
from bot.sandbox.shapes import Obj, obj, string
from bot.sandbox.transports import Ack, Parcel

_CONNECTIONS = 10  # sockets open at once per app
_LIFE = 18_060  # seconds a socket is said to last; Slack: "a few hours"


class Sockets:
    """The transport over websockets, and their server side. `address` is host:port."""

    def __init__(self, app_id: str, address: str, faults: Faults) -> None:
        self._app_id = app_id
        self._address = address
        self._faults = faults
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._turns = count()
        self._envelopes = count(1)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    def ticket(self) -> str:
        """The address of one new connection, good for one use."""
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        return f"ws://{self._address}/link/?ticket={ticket}&app_id={self._app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="this address was used or never given out")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        rule = self._faults.strike("socket.hello", "")
        kind = rule.kind if rule else ""
        await asyncio.sleep(rule.delay_ms / 1000 if rule else 0)
        if len(self._open) >= _CONNECTIONS or kind == "full":
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._open.append(socket)
        try:
            if kind != "lose":
                await socket.send_json(self._hello())
            await self._listen(socket)
        finally:
            self._forget(socket)
        return socket

    async def send(self, parcel: Parcel, within: float) -> Ack:
        """Send an envelope to one of the connections, by turns, and wait for its ack."""
        if not self._open:
            return Ack("connection_failed", 0)
        socket = self._open[next(self._turns) % len(self._open)]
        key = f"envelope-{next(self._envelopes)}"
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[key] = waiting
        try:
            for _ in range(2 if parcel.flaw == "duplicate" else 1):
                await socket.send_json(_envelope(key, parcel))
            if parcel.flaw == "cut":
                await self._end(socket)
                return Ack("connection_failed", 0)
            return await asyncio.wait_for(waiting, within)
        except TimeoutError:
            return Ack("timeout", 0)
        except ConnectionError:
            return Ack("connection_failed", 0)
        finally:
            self._waiting.pop(key, None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to leave; a mere "warning" leaves them open."""
        for socket in tuple(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason})
            if reason != "warning":
                await self._end(socket)

    async def close(self) -> None:
        """End all connections."""
        for socket in tuple(self._open):
            await self._end(socket)

    async def _end(self, socket: web.WebSocketResponse) -> None:
        self._forget(socket)
        await socket.close()

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)

    def _hello(self) -> Obj:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": _LIFE},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(message.data)

    def _acknowledged(self, text: str) -> None:
        try:
            ack = obj(json.loads(text))
        except ValueError:
            return
        waiting = self._waiting.get(string(ack.get("envelope_id")))
        if waiting and not waiting.done():
            waiting.set_result(Ack(body=ack.get("payload") or ""))


def _envelope(key: str, parcel: Parcel) -> Obj:
    envelope: Obj = {
        "envelope_id": key,
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.kind != "events_api",
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.reason}
    return envelope
