"""Two ways to the bot: signed HTTP requests, and Socket Mode with one receiver an envelope.

/apis/events-api, /apis/events-api/using-socket-mode (read 2026-08-20). Requests are signed by
the wall clock, because the receiver compares with its own.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from bot.sandbox.shapes import JSONValue, Obj, obj, string

_STALE = 600  # receivers refuse after 300 s, /authentication/verifying-requests-from-slack
_CONNECTIONS = 10  # sockets open at once per app
_LIFE = 18_060  # seconds a socket is said to last; Slack: "a few hours"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery. `kind`: slash_commands, interactive or events_api.

    `retry` counts from 0; `flaw` is "", "forge" or "stale" (how the signature is wrong).
    """

    kind: str
    payload: Obj
    retry: int = 0
    reason: str = ""
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """How the bot took it. `code` is "" if well, else Slack's word for the reason.

    `body` is what came with the acknowledgement: an object, plain words, or "" for nothing.
    """

    code: str = ""
    status: int = 200
    body: JSONValue = ""
    no_retry: bool = False


def signature(secret: str, timestamp: int, body: str) -> str:
    """The v0 signature, /authentication/verifying-requests-from-slack (read 2026-08-20)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Http:
    """The transport to a request URL; `url` "" means there is none."""

    def __init__(self, secret: str, wall: Callable[[], datetime], url: str = "") -> None:
        self.url = url
        self._secret = secret
        self._wall = wall
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    async def send(self, parcel: Parcel, within: float) -> Ack:
        """Post a parcel; reasons as in /apis/events-api (read 2026-08-20)."""
        body, content_type = _encoded(parcel)
        headers = {**self._headers(parcel, body), "Content-Type": content_type}
        try:
            return await self._post(body, headers, within)
        except TimeoutError:
            return Ack("http_timeout", 0)
        except (aiohttp.ClientError, OSError):
            return Ack("connection_failed", 0)

    async def _post(self, body: str, headers: dict[str, str], within: float) -> Ack:
        self._session = self._session or aiohttp.ClientSession()
        timeout = aiohttp.ClientTimeout(total=within)
        data = body.encode()
        async with self._session.post(
            self.url, data=data, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            said = await response.text()
            no_retry = response.headers.get("x-slack-no-retry") == "1"
            if not 200 <= response.status < 300:  # noqa: PLR2004 -- HTTP's own numbers
                return Ack("http_error", response.status, said, no_retry)
            return Ack("", response.status, _said(said, response.content_type))

    def _headers(self, parcel: Parcel, body: str) -> dict[str, str]:
        timestamp = int(self._wall().timestamp()) - (_STALE if parcel.flaw == "stale" else 0)
        secret = self._secret if parcel.flaw != "forge" else "another"
        headers = {
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signature(secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (sandbox)",
        }
        if parcel.retry:
            headers |= {
                "X-Slack-Retry-Num": str(parcel.retry),
                "X-Slack-Retry-Reason": parcel.reason,
            }
        return headers


def _encoded(parcel: Parcel) -> tuple[str, str]:
    """Commands are forms, interactions a form with one JSON field, events JSON."""
    form = "application/x-www-form-urlencoded"
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload, ensure_ascii=False), "application/json"
    if parcel.kind == "interactive":
        return urlencode({"payload": json.dumps(parcel.payload)}), form
    return urlencode({key: string(value) for key, value in parcel.payload.items()}), form


def _said(text: str, content_type: str) -> JSONValue:
    if content_type != "application/json" or not text.strip():
        return text
    try:
        value: Obj = json.loads(text)
    except ValueError:
        return text
    return value


class Sockets:
    """The transport over websockets, and their server side. `address` is host:port."""

    def __init__(self, app_id: str, address: str) -> None:
        self._app_id = app_id
        self._address = address
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
        if len(self._open) >= _CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._open.append(socket)
        try:
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
            await socket.send_json(_envelope(key, parcel))
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
                self._forget(socket)
                await socket.close()

    async def close(self) -> None:
        """End all connections."""
        for socket in tuple(self._open):
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
