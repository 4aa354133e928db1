"""What is delivered to the bot, and the way by signed HTTP requests; `sockets` is the other.

/apis/events-api (read 2026-08-20). Requests are signed by the wall clock, because the receiver
compares with its own.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.shapes import JSONValue, Obj, string

# Receivers refuse after 300 s, /authentication/verifying-requests-from-slack
_OFF = {"stale": -600, "future": 600}
FLAWS = frozenset({*_OFF, "forge", "duplicate", "cut"})


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery. `kind`: slash_commands, interactive or events_api.

    `retry` counts from 0; `flaw` is "" or one of `FLAWS`: how the signature is wrong, or what
    becomes of its socket.
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
        timestamp = int(self._wall().timestamp()) + _OFF.get(parcel.flaw, 0)
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
