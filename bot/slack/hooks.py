"""`POST /hooks/github`: a push rings, and the sources that it concerns are looked at at once.

It says nothing that a look would not find out by itself: a lost one costs time, a repeated one
nothing.
"""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import parse_qs

from aiohttp import web

logger = logging.getLogger(__name__)

LARGEST = 5_000_000
"""Bytes. GitHub's own cap is 25 MB; a push of fifty issues has some 100 kB."""
UNSIGNED = "The signature is missing or wrong: the secret has to be the same on both sides.\n"

Ring = Callable[[Mapping[str, object]], Sequence[str]]
"""Payload of a push -> ids of the sources that will be looked at."""


def github_hook(secret: str, ring: Ring) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler.

    Args:
        secret: what GitHub signs with.
        ring: called for a genuine push.
    """

    async def handler(request: web.Request) -> web.Response:
        body = await limited(request)
        if not genuine(body, request.headers.get("X-Hub-Signature-256", ""), secret):
            logger.warning("request.refused reason=%s", "signature of the web hook")
            return web.Response(status=401, text=UNSIGNED)
        event = request.headers.get("X-GitHub-Event", "")
        if event == "ping":
            return web.Response(text="Heard. A push will ring.\n")
        if event != "push":
            return web.Response(text="Nothing to do: only a push rings.\n")
        rung = ring(payload_of(body, request.content_type))
        logger.info("hook.rung sources=%s", ",".join(rung))
        return web.Response(status=202, text=f"Looking at: {', '.join(rung) or 'nothing'}\n")

    return handler


async def limited(request: web.Request) -> bytes:
    """The body, within the limit.

    Raises:
        web.HTTPRequestEntityTooLarge: it is larger.
    """
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(LARGEST, len(body))
    return bytes(body)


def genuine(body: bytes, signature: str, secret: str) -> bool:
    """Whether the body is signed with the secret; takes as long for any wrong signature."""
    made = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    return hmac.compare_digest(made.encode(), signature.encode("utf-8", "replace"))


def payload_of(body: bytes, content_type: str) -> Mapping[str, object]:
    """The payload, as JSON or in a form, as GitHub's settings have it.

    Raises:
        web.HTTPBadRequest: there is none.
    """
    try:
        text = body.decode()
        if content_type == "application/x-www-form-urlencoded":
            text = parse_qs(text, strict_parsing=True)["payload"][0]
        payload = json.loads(text)
    except (ValueError, KeyError, RecursionError) as error:
        raise web.HTTPBadRequest(text="There is no payload that can be read.\n") from error
    return payload if isinstance(payload, dict) else {}
