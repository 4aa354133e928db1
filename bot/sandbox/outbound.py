"""Deliveries over HTTP: signed requests to the app's one request URL.

Signs by the wall clock, because the receiver compares with its own.
"""

import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.parcel import Ack, Parcel, signature
from bot.sandbox.shapes import JSONValue, Obj, string

_STALE = 600  # receivers refuse after 300 s, /authentication/verifying-requests-from-slack


class Http:
    """The carrier to a request URL; `url` "" means there is none."""

    def __init__(self, secret: str, wall: Callable[[], datetime], url: str = "") -> None:
        self.url = url
        self._secret = secret
        self._wall = wall
        self._session: aiohttp.ClientSession | None = None

    @property
    def ready(self) -> bool:
        """Whether a request URL is set."""
        return bool(self.url)

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    async def carry(self, parcel: Parcel, within: float) -> Ack:
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
