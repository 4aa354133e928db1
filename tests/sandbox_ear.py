"""A bot's ear for tests of the sandbox: takes signed requests, remembers them, answers on order."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.shapes import Obj, obj

ADA, LIN, MEI, NOOR, BOT = "U00000ADA", "U00000LIN", "U00000MEI", "U0000NOOR", "U0DIGESTB"
WEEKLY, GENERAL, MAINTAINERS, OLD = "C00WEEKLY", "C0GENERAL", "C0MAINTAI", "C00000OLD"


class StandingClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time, aware, UTC."""
        return self.at

    def advance(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


@dataclass
class Heard:
    """One request that came in. `payload` is decoded from whichever encoding it had."""

    payload: Obj
    headers: dict[str, str]
    genuine: bool


@dataclass
class Ear:
    """A request URL. `answers` are used up in order; then every request gets an empty 200."""

    url: str
    secret: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        """Take one request."""
        raw = await request.text()
        headers = {key.lower(): value for key, value in request.headers.items()}
        genuine = SignatureVerifier(self.secret).is_valid_request(raw, headers)
        self.heard.append(Heard(_decoded(raw, request.content_type), headers, genuine))
        return self.answers.pop(0) if self.answers else web.Response()


def _decoded(raw: str, content_type: str) -> Obj:
    if content_type == "application/json":
        return obj(json.loads(raw))
    form: Obj = {key: values[0] for key, values in parse_qs(raw).items()}
    return obj(json.loads(str(form["payload"]))) if "payload" in form else form


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    """Run an ear on a free port."""
    ear = Ear("")
    app = web.Application()
    app.add_routes([web.post("/slack/events", ear.handle)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    ear.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield ear
    finally:
        await runner.cleanup()


def a_button(action_id: str = "digest.list.page", value: str = "list 2") -> Obj:
    """A block with one button."""
    button: Obj = {
        "type": "button",
        "action_id": action_id,
        "value": value,
        "text": {"type": "plain_text", "text": "More"},
    }
    return {"type": "actions", "block_id": "more", "elements": [button]}


def a_section(words: str = "hello") -> Obj:
    """A block with words."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def rich(words: str = "hello") -> Obj:
    """A rich_text block with words."""
    run: Obj = {"type": "text", "text": words}
    section: Obj = {"type": "rich_text_section", "elements": [run]}
    return {"type": "rich_text", "elements": [section]}


def a_modal(**more: object) -> Obj:
    """A modal with one input."""
    return obj(
        {
            "type": "modal",
            "callback_id": "find",
            "title": {"type": "plain_text", "text": "Find"},
            "submit": {"type": "plain_text", "text": "Go"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "words",
                    "label": {"type": "plain_text", "text": "Words"},
                    "element": {"type": "plain_text_input", "action_id": "typed"},
                }
            ],
            **more,
        }
    )
