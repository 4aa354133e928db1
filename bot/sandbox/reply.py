"""What goes back over the line: an answer, or what a fault makes of it.

Knows HTTP; which fault strikes is chosen elsewhere.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Rule
from bot.sandbox.shapes import Obj

_PAGE = "<!doctype html><title>Error</title><h1>Server Error</h1>"
_AS_EVER = frozenset({"", "delay", "slow", "short_page", "empty_page"})
"""Kinds with which a call has its effect as it would have without them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    body: Obj
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(error: SlackError, status: int = 200) -> Answer:
    """The answer to a call that is refused."""
    return Answer({"ok": False, "error": error.code, **error.fields}, status)


def ahead_of(rule: Rule | None) -> float:
    """Seconds to wait before anything is done."""
    return rule.delay_ms / 1000 if rule and rule.kind != "slow" else 0.0


def takes_effect(rule: Rule | None) -> bool:
    """Whether the call itself goes through, whatever its caller gets to see."""
    return rule is None or rule.kind in _AS_EVER or rule.when == "after"


def overruled(answer: Answer, rule: Rule | None) -> Answer:
    """Give the refusal that a fault orders in place of the answer."""
    if rule and rule.kind == "error":
        return refusal(SlackError(rule.error, **rule.fields))
    if rule and rule.kind == "ratelimited":
        headers = {"Retry-After": rule.retry_after} if rule.retry_after else {}
        return Answer({"ok": False, "error": "ratelimited"}, 429, headers)
    return answer


async def sent(
    request: web.Request, answer: Answer, rule: Rule | None, at: datetime
) -> web.StreamResponse:
    """Send an answer, or what a fault makes of it; its `Date` is by the clock that makes each ts."""
    status, content_type, body = _spoiled(answer, rule)
    headers = {
        "Date": format_datetime(at, usegmt=True),
        "Content-Type": f"{content_type}; charset=utf-8",
        **answer.headers,
    }
    if rule and rule.kind == "reset" and request.transport:
        request.transport.abort()
    if rule and rule.kind == "slow":
        response = web.StreamResponse(status=status, headers=headers)
        return await _in_two_halves(request, response, body, rule.delay_ms / 1000)
    return web.Response(body=body, status=status, headers=headers)


def _spoiled(answer: Answer, rule: Rule | None) -> tuple[int, str, bytes]:
    """Status, content type and body."""
    body = json.dumps(answer.body, ensure_ascii=False)
    match rule.kind if rule else "", rule:
        case "http", Rule(status=status):
            return status, "text/plain", b"upstream error"
        case "html", Rule(status=status):
            return status, "text/html", _PAGE.encode()
        case "garbage", Rule(status=status, body=ordered):
            return status, "application/json", ordered.encode()
        case "truncated", _:
            body = body[: len(body) // 2]
        case "empty", _:
            body = ""
        case _:
            pass
    return answer.status, "application/json", body.encode()


async def _in_two_halves(
    request: web.Request, response: web.StreamResponse, body: bytes, pause: float
) -> web.StreamResponse:
    response.content_length = len(body)
    await response.prepare(request)
    with suppress(ConnectionResetError):  # the caller gave up
        await response.write(body[: len(body) // 2])
        await asyncio.sleep(pause)
        await response.write(body[len(body) // 2 :])
    return response
