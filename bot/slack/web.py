"""The HTTP endpoints: Slack's requests, GitHub's web hook, health, readiness, figures; calendars.

Bolt checks signatures, over the raw body; nothing in front of it trusts a request.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

logger = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes. Slack's largest payload holds a view of at most 250 kB (`/surfaces/modals`,
docs.slack.dev, read 2026-08-20), beside a message of some 40 kB."""
SHUTDOWN = timedelta(seconds=10)
PLACES = "POST /slack/events, POST /hooks/github, GET /healthz, GET /readyz, GET /metrics, GET /calendar.ics"

Ready = Callable[[], Awaitable[Sequence[str]]]
Metrics = Callable[[], Awaitable[str]]
Handler = Callable[[web.Request], Awaitable[web.Response]]


def web_app(
    *,
    bolt: AsyncApp | None,
    ready: Ready,
    metrics: Metrics,
    hook: Handler | None = None,
    requests: AbstractContextManager[object] | None = None,
    more: Sequence[web.RouteDef] = (),
) -> web.Application:
    """The web application.

    Args:
        bolt: answers Slack's requests; None in Socket Mode, where none come this way.
        ready: what keeps the bot from working now, in words; () if nothing does.
        metrics: text for Prometheus.
        hook: answers GitHub's web hook; None where there is no secret to check it with.
        requests: entered while a request of Slack's is acknowledged; any number may be.
        more: what else there is to be had, such as calendars.
    """
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[plainly])
    app.add_routes(
        [
            web.get("/healthz", alive),
            web.get("/readyz", readiness(ready)),
            web.get("/metrics", figures(metrics)),
            *more,
        ]
    )
    if hook is not None:
        app.add_routes([web.post("/hooks/github", hook)])
    if bolt is not None:
        app.add_routes(
            [
                web.post("/slack/events", slack_requests(bolt, requests or nullcontext())),
                web.get("/slack/events", ssl_check),
            ]
        )
    return app


@asynccontextmanager
async def serving(app: web.Application, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the end of the block; then requests in flight are finished.

    Yields:
        The port, which is free to choose if `port` is 0.
    """
    runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=SHUTDOWN.total_seconds(), handle_signals=False
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def alive(_: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="alive\n")


def readiness(ready: Ready) -> Callable[[web.Request], Awaitable[web.Response]]:
    """200 if the bot can work, else 503 with a line for each reason."""

    async def handler(_: web.Request) -> web.Response:
        problems = await ready()
        if problems:
            return web.Response(status=503, text="\n".join(problems) + "\n")
        return web.Response(text="ready\n")

    return handler


def figures(metrics: Metrics) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Prometheus' text format 0.0.4."""

    async def handler(_: web.Request) -> web.Response:
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=(await metrics()).encode(), headers=headers)

    return handler


async def ssl_check(request: web.Request) -> web.Response:
    """Slack asks by GET now and then whether the certificate is good."""
    if request.query.get("ssl_check") != "1":
        raise web.HTTPMethodNotAllowed("GET", ["POST"])
    return web.Response()


def slack_requests(bolt: AsyncApp, requests: AbstractContextManager[object]) -> Handler:
    """Hand a request to Bolt, raw, so that it can check the signature."""

    async def handler(request: web.Request) -> web.Response:
        if not well_formed(request.headers):
            raise web.HTTPUnauthorized
        raw = await request.read()
        try:
            bolt_request = bolt_request_of(raw.decode(), request)
        except ValueError as error:  # neither UTF-8 nor the JSON it claims to be
            raise web.HTTPBadRequest from error
        with requests:
            response = await bolt.async_dispatch(bolt_request)
        if response.status == web.HTTPUnauthorized.status_code:
            logger.warning("request.refused reason=%s", "signature")
        return await to_aiohttp_response(response)

    return handler


def well_formed(headers: Mapping[str, str]) -> bool:
    """Whether the check can be made: Bolt 1.30 raises where these are no number and no ASCII."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "0")
    signature = headers.get("X-Slack-Signature", "")
    return timestamp.isascii() and timestamp.isdigit() and signature.isascii()


def bolt_request_of(body: str, request: web.Request) -> AsyncBoltRequest:
    """Make Bolt's request of ours.

    Bolt 1.30 takes any form that has the word `payload` in it for an interaction, and finds
    nothing: `/digest search payload` would stay without an answer.

    Raises:
        ValueError: the body is not the JSON that it claims to be.
    """
    headers: dict[str, str | Sequence[str]] = dict(request.headers)
    made = AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
    if body and not made.body:
        form = dict(parse_qsl(body, keep_blank_values=True))
        made = AsyncBoltRequest(body=form, headers=headers, mode="socket_mode")
        made.raw_body, made.mode = body, "http"
    return made


@web.middleware
async def plainly(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Errors in one plain line; nothing of the inside is shown."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return web.Response(status=404, text=f"Nothing here. There is: {PLACES}\n")
    except web.HTTPException:
        raise
    except Exception:
        logger.exception("request.failed path=%s", request.path)
        return web.Response(status=500, text="Something went wrong; it was logged.\n")
