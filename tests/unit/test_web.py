"""The HTTP endpoints, over a real socket."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.courtesy import AT_THE_DOOR, Precedence
from bot.slack.listeners import EVERYTHING
from bot.slack.web import LARGEST_BODY, serving, web_app

SECRET = "made-up-secret"


class Site:
    """A served application; `heard` are the texts of the commands that came through."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.problems: list[str] = []
        self.url = ""
        self.during: Callable[[], Awaitable[object]] = self.ready

    def bolt(self) -> AsyncApp:
        """A Bolt app that takes down what it hears."""

        async def authorize(enterprise_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=enterprise_id, team_id="T1", bot_token="xoxb-x"
            )

        app = AsyncApp(client=AsyncWebClient(), signing_secret=SECRET, authorize=authorize)

        async def on_command(ack: AsyncAck, body: dict[str, object]) -> None:
            await self.during()
            await ack()
            self.heard.append(body.get("text"))

        app.command(EVERYTHING)(on_command)
        return app

    async def ready(self) -> list[str]:
        """What keeps it from working."""
        return self.problems

    async def metrics(self) -> str:
        """Figures, or a failure."""
        if self.problems:
            raise RuntimeError("secret detail")
        return "digestbot_deliveries 1\n"


@pytest.fixture
async def site():
    site = Site()
    app = web_app(bolt=site.bolt(), ready=site.ready, metrics=site.metrics)
    async with serving(app, host="127.0.0.1", port=0) as port:
        site.url = f"http://127.0.0.1:{port}"
        yield site


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


def signed(body: str | bytes, *, timestamp: str = "", secret: str = SECRET) -> dict[str, str]:
    """Headers as Slack signs a body."""
    timestamp = timestamp or str(int(time.time()))
    raw = body.encode() if isinstance(body, str) else body
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + raw, hashlib.sha256)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }


async def test_a_signed_command_arrives(site, http):
    """Acknowledged with 200 and nothing in it."""
    body = urlencode({"command": "/digest", "text": "latest", "user_id": "U1"})
    async with http.post(f"{site.url}/slack/events", data=body, headers=signed(body)) as got:
        assert (got.status, await got.text()) == (200, "")
    assert site.heard == ["latest"]


async def test_a_request_goes_first_until_it_is_acknowledged(http):
    """What gives way to requests waits while Bolt works, and goes on at the end."""
    site, requests = Site(), Precedence().requests
    app = web_app(bolt=site.bolt(), ready=site.ready, metrics=site.metrics, requests=requests)
    waiting: list[asyncio.Task[None]] = []

    async def somebody_waits() -> None:
        waiting.append(asyncio.create_task(requests.wait()))
        await asyncio.sleep(AT_THE_DOOR.total_seconds() / 5)
        assert not waiting[0].done()

    site.during = somebody_waits
    body = urlencode({"command": "/digest", "text": "latest", "user_id": "U1"})
    async with serving(app, host="127.0.0.1", port=0) as port:
        url = f"http://127.0.0.1:{port}/slack/events"
        async with http.post(url, data=body, headers=signed(body)) as got:
            assert got.status == 200
        async with asyncio.timeout(AT_THE_DOOR.total_seconds() / 2):
            await waiting[0]


@pytest.mark.parametrize("text", ["search payload", "payload=1", "search &payload= x", "负载"])
async def test_a_command_with_the_word_payload_in_it_arrives(site, http, text):
    """Bolt takes such a form for an interaction without a payload."""
    body = urlencode({"command": "/digest", "text": text, "user_id": "U1"})
    async with http.post(f"{site.url}/slack/events", data=body, headers=signed(body)) as got:
        assert got.status == 200
    assert site.heard == [text]


async def test_such_a_command_still_needs_its_signature(site, http):
    """The way around Bolt's reading is no way around its check."""
    body = urlencode({"command": "/digest", "text": "search payload", "user_id": "U1"})
    headers = signed(body, secret="wrong")
    async with http.post(f"{site.url}/slack/events", data=body, headers=headers) as got:
        assert got.status == 401
    assert site.heard == []


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": "v0=0"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=ü"},
        {"X-Slack-Request-Timestamp": "1"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "99999999999"},
    ],
)
async def test_a_wrong_old_or_strange_signature_gets_401(site, http, changes):
    """Whatever is wrong with it, nothing is done and nothing fails."""
    body = urlencode({"command": "/digest", "text": "latest", "user_id": "U1"})
    headers = signed(body) | changes
    async with http.post(f"{site.url}/slack/events", data=body, headers=headers) as got:
        assert got.status == 401
    assert site.heard == []


async def test_a_request_without_any_signature_gets_401(site, http):
    """Not even the headers are there."""
    async with http.post(f"{site.url}/slack/events", data={"command": "/digest"}) as got:
        assert got.status == 401


async def test_a_stale_signature_gets_401(site, http):
    """A recorded request is of no use after five minutes."""
    body = urlencode({"command": "/digest", "text": "latest", "user_id": "U1"})
    headers = signed(body, timestamp=str(int(time.time()) - 301))
    async with http.post(f"{site.url}/slack/events", data=body, headers=headers) as got:
        assert got.status == 401


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{no json", b"payload=%7Bno"])
async def test_a_broken_body_gets_400(site, http, body):
    """Neither UTF-8 nor the JSON it claims to be."""
    async with http.post(f"{site.url}/slack/events", data=body, headers=signed(body)) as got:
        assert got.status == 400


async def test_a_huge_body_gets_413(site, http):
    """It is not read to its end."""
    body = "x" * (LARGEST_BODY + 1)
    async with http.post(f"{site.url}/slack/events", data=body, headers=signed(body)) as got:
        assert got.status == 413


async def test_slacks_check_of_the_certificate_is_answered(site, http):
    """By GET and by POST, without a signature."""
    async with http.get(f"{site.url}/slack/events", params={"ssl_check": "1"}) as got:
        assert got.status == 200
    async with http.post(f"{site.url}/slack/events", data={"ssl_check": "1"}) as got:
        assert got.status == 200
    async with http.get(f"{site.url}/slack/events") as got:
        assert got.status == 405


async def test_alive_and_ready_are_two_things(site, http):
    """A bot that cannot work is not restarted, but gets no traffic, and says why."""
    async with http.get(f"{site.url}/readyz") as got:
        assert got.status == 200
    site.problems = ["database: cannot be opened", "source weekly: never read"]
    async with http.get(f"{site.url}/readyz") as got:
        assert got.status == 503
        assert await got.text() == "database: cannot be opened\nsource weekly: never read\n"
    async with http.get(f"{site.url}/healthz") as got:
        assert got.status == 200


async def test_figures_are_prometheus_text(site, http):
    """With the content type that Prometheus asks for."""
    async with http.get(f"{site.url}/metrics") as got:
        assert got.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert await got.text() == "digestbot_deliveries 1\n"


async def test_a_failure_inside_shows_nothing_of_the_inside(site, http, caplog):
    """One line for the caller, the trace for the log."""
    site.problems = ["x"]
    async with http.get(f"{site.url}/metrics") as got:
        assert got.status == 500
        assert "secret" not in await got.text()
    assert "request.failed path=/metrics" in caplog.text


async def test_anything_else_is_a_clear_404(site, http):
    """It says what there is."""
    async with http.get(f"{site.url}/admin") as got:
        assert got.status == 404
        assert "/slack/events" in await got.text()


async def test_in_socket_mode_slacks_endpoint_is_not_there(http):
    """What nobody may use is not offered."""
    site = Site()
    app = web_app(bolt=None, ready=site.ready, metrics=site.metrics)
    async with (
        serving(app, host="127.0.0.1", port=0) as port,
        http.post(f"http://127.0.0.1:{port}/slack/events") as got,
    ):
        assert got.status == 404
