"""The control API over HTTP, for the page: JSON under /sandbox/api.

Only from this machine: a foreign Host or Origin is refused, so that no web page can reach in.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.door import Door
from bot.sandbox.errors import ControlError
from bot.sandbox.faults import rule_from
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.shapes import JSONValue, Obj, obj, string
from bot.sandbox.transports import Ack
from bot.sandbox.trouble_http import Order, orders

Query: TypeAlias = Callable[[str], str]
"""A field of a query, "" if it is absent."""
Body: TypeAlias = Mapping[str, JSONValue]
Deed: TypeAlias = Callable[[Body], Awaitable[Obj]]
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
_AT = "/sandbox/api"


def routes(sandbox: Sandbox, door: Door) -> list[web.RouteDef]:
    """The addresses."""
    api = _ControlApi(sandbox)
    trouble = orders(sandbox.admin, door)
    return [
        *(web.get(f"{_AT}/{name}", _look(look)) for name, look in api.looks().items()),
        *(web.post(f"{_AT}/{name}", _deed(*deed)) for name, deed in api.deeds().items()),
        *(web.post(f"{_AT}/{name}", _order(*order)) for name, order in trouble.items()),
        web.get(f"{_AT}/events", api.events),
        web.post(f"{_AT}/faults", api.add_fault),
        web.delete(f"{_AT}/faults", api.remove_faults),
    ]


def _look(look: Callable[[Query], Obj]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.json_response(look(lambda name: request.query.get(name, "")))

    return handle


def _deed(fields: str, deed: Deed) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, **await deed(await _body(request, fields))})

    return handle


def _order(fields: str, order: Order) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        order(await _body(request, fields))
        return web.json_response({"ok": True})

    return handle


class _ControlApi:
    """Reads requests strictly and hands them on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._control = sandbox.control

    def looks(self) -> Mapping[str, Callable[[Query], Obj]]:
        """What can be asked for."""
        sandbox, sight = self._sandbox, self._sandbox.sight
        return {
            "state": lambda q: sight.state(q("user")),
            "timeline": lambda q: {
                "messages": sight.timeline(q("user"), q("channel"), q("thread_ts"))
            },
            "home": lambda q: {"view": sight.home(q("user"))},
            "views": lambda q: {"views": sight.views(q("user"))},
            "log": lambda q: {"log": sandbox.traffic.as_json(q("method"), q("channel"))},
            "faults": lambda _: {"faults": sandbox.faults.listed()},
        }

    def deeds(self) -> Mapping[str, tuple[str, Deed]]:
        """What can be done: name -> its fields (required ones with a star) and the deed."""
        return {
            "slash": ("user* channel* text*", self._slash),
            "say": ("user* channel* text* thread_ts", self._say),
            "click": (
                "user* channel message_ts view_id action_id* block_id value",
                self._click,
            ),
            "submit_view": ("user* view_id* values*", self._submit),
            "close_view": ("user* view_id* clear", self._close),
            "open_home": ("user* tab", self._open_home),
            "reset": ("", self._reset),
        }

    async def _slash(self, body: Body) -> Obj:
        who, where = string(body["user"]), string(body["channel"])
        return _told(await self._control.slash(who, where, string(body["text"])))

    async def _say(self, body: Body) -> Obj:
        ts = await self._control.say(
            string(body["user"]),
            string(body["channel"]),
            string(body["text"]),
            string(body.get("thread_ts")),
        )
        return {"ts": ts}

    async def _click(self, body: Body) -> Obj:
        user, action = string(body["user"]), string(body["action_id"])
        block = string(body["block_id"]) if body.get("block_id") is not None else None
        value = body.get("value")
        if view := string(body.get("view_id")):
            return _told(await self._control.click_view(user, view, action, block, value))
        channel, ts = string(body.get("channel")), string(body.get("message_ts"))
        return _told(await self._control.click(user, channel, ts, action, block, value))

    async def _submit(self, body: Body) -> Obj:
        user, view = string(body["user"]), string(body["view_id"])
        return await self._control.submit_view(user, view, obj(body["values"]))

    async def _close(self, body: Body) -> Obj:
        user, view = string(body["user"]), string(body["view_id"])
        await self._control.close_view(user, view, clear=body.get("clear") is True)
        return {}

    async def _open_home(self, body: Body) -> Obj:
        await self._control.open_home(string(body["user"]), string(body.get("tab")) or "home")
        return {}

    async def _reset(self, _body: Body) -> Obj:
        self._sandbox.reset()
        return {}

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """Put a fault in force."""
        key = self._sandbox.faults.add(rule_from(await _json(request)))
        self._sandbox.workspace.notices.tell("fault")
        return web.json_response({"ok": True, "id": key})

    async def remove_faults(self, request: web.Request) -> web.StreamResponse:
        """Take one out of force, or all."""
        key = request.query.get("id", "")
        if key:
            self._sandbox.faults.remove(key)
        else:
            self._sandbox.faults.clear()
        self._sandbox.workspace.notices.tell("fault")
        return web.json_response({"ok": True})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, one for each change; a reconnecting page goes on where it was."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        last = request.headers.get("Last-Event-ID", "")
        follow = self._sandbox.workspace.notices.follow(int(last) if last.isdecimal() else None)
        await response.prepare(request)
        with suppress(ConnectionResetError):  # the page was closed
            await response.write(b": hello\n\n")
            async for change in follow:
                data = {"kind": change.kind, "channel": change.channel, "ts": change.ts}
                line = f"id: {change.number}\ndata: {json.dumps(data)}\n\n"
                await response.write(line.encode())
        return response


def _told(ack: Ack) -> Obj:
    return {"ok": not ack.code, "error": ack.code, "answer": ack.body}


async def _json(request: web.Request) -> Obj:
    """The body. Only JSON: a form could be sent by any web page without asking."""
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise ControlError("send application/json")
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise ControlError(f"this is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ControlError("send a JSON object")
    return obj(value)


async def _body(request: web.Request, fields: str) -> Obj:
    """The body with exactly the fields that are known."""
    body, known = await _json(request), [name.rstrip("*") for name in fields.split()]
    for name in body:
        if name not in known:
            raise ControlError(f"unknown field {name!r}; known: {', '.join(known) or 'none'}")
    for name in fields.split():
        if name.endswith("*") and name[:-1] not in body:
            raise ControlError(f"missing field {name[:-1]!r}")
    return body


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse DNS rebinding and foreign pages; tell control errors in words.

    The Web API itself is guarded by its token, sockets by their ticket.
    """
    if not request.path.startswith(("/api/", "/link/", "/response/")):
        _check_origin(request)
    try:
        return await handler(request)
    except ControlError as error:
        return web.json_response({"ok": False, "error": str(error)}, status=400)


def _check_origin(request: web.Request) -> None:
    host = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    if not is_loopback(host):
        raise web.HTTPForbidden(text="only from this machine: the Host header is not loopback")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise web.HTTPForbidden(text="only from the sandbox's own page: foreign Origin")
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.path != "/":
        raise web.HTTPForbidden(text="only from the sandbox's own page")


def is_loopback(host: str) -> bool:
    """Whether a host name or address can mean nothing but this machine. Asks no resolver."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
