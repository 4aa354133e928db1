"""`GET /slack/install` and `GET /slack/oauth_redirect`: a workspace takes the bot in by itself.

A state ties the way back to the browser that set out: signed, in a cookie, good once and for ten
minutes. Addresses to send people to come from the settings alone, never from a request.
"""

import hashlib
import hmac
import html
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.answer.layout import Voice
from bot.ports.outside import Clock
from bot.slack.grants import Credentials, NotGrantedError, exchanged
from bot.workspaces import Installation, Installations

logger = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
COOKIE = "digestbot_install"
LIFE = timedelta(minutes=10)
"""As long as Slack's code lives (`/authentication/installing-with-oauth`, 2026-08-20)."""
LONGEST = 500
"""Characters of a code or a state; ours: Slack's codes have below 200."""
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of this page has the code in it
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Door:
    """What lets workspaces in.

    `authorize` is Slack's page for consent, `scopes` what the bot asks for there; `admit` answers
    the message about a new installation, `answer.install.` and its key: it may also turn it away.
    """

    credentials: Credentials
    authorize: str
    scopes: str
    client: AsyncWebClient
    installations: Installations
    clock: Clock
    admit: Callable[[Installation], Awaitable[str]]
    command: str

    def routes(self) -> list[web.RouteDef]:
        """The two addresses."""
        return [web.get(INSTALL, self.install), web.get(REDIRECT, self.redirect)]

    async def install(self, _: web.Request) -> web.Response:
        """Send somebody to Slack's page for consent."""
        state = self._state()
        asks = {
            "client_id": self.credentials.client_id,
            "scope": self.scopes,
            "redirect_uri": self.credentials.redirect_uri,
            "state": state,
        }
        where = f"{self.authorize}?{urlencode(asks)}"
        response = web.Response(status=302, headers={**HEADERS, "Location": where})
        response.set_cookie(
            COOKIE,
            state,
            max_age=int(LIFE.total_seconds()),
            path=REDIRECT,
            secure=self.credentials.redirect_uri.startswith("https:"),
            httponly=True,
            samesite="Lax",
        )
        return response

    async def redirect(self, request: web.Request) -> web.Response:
        """Somebody comes back from there: with a code, or with a refusal."""
        language = language_of(request.headers.get("Accept-Language", ""))
        state = request.query.get("state", "")
        if not await self._ours(state, request.cookies.get(COOKIE, "")):
            return self._page("expired", language, status=400)
        if request.query.get("error"):
            denied = request.query["error"] == "access_denied"
            key = "denied" if denied else "failed"
            return self._page(key, language, status=200 if denied else 400)
        try:
            code = request.query.get("code", "")[:LONGEST]
            now = self.clock.now()
            installation = await exchanged(code, self.credentials, self.client, now)
        except NotGrantedError as refused:
            logger.warning("workspace.not_installed reason=%s", refused)
            return self._page("failed", language, status=400)
        key = await self.admit(installation)
        status = 200 if key == "done" else 409
        return self._page(key, language, status=status, name=installation.name)

    def _state(self) -> str:
        until = int((self.clock.now() + LIFE).timestamp())
        body = f"{secrets.token_urlsafe(24)}.{until}"
        return f"{body}.{self._signature(body)}"

    def _signature(self, body: str) -> str:
        secret = f"install:{self.credentials.client_secret}".encode()
        return hmac.new(secret, body.encode(), hashlib.sha256).hexdigest()

    async def _ours(self, state: str, kept: str) -> bool:
        """Whether we handed this state to this browser, lately, and it was not used yet.

        Only what we signed ourselves costs a line in the database.
        """
        body, _, signature = state.rpartition(".")
        until = body.rpartition(".")[2]
        if len(state) > LONGEST or not (state.isascii() and kept.isascii()):
            return False
        same = hmac.compare_digest(state, kept)
        genuine = hmac.compare_digest(signature, self._signature(body))
        if not (same and genuine):
            return False
        ends, now = datetime.fromtimestamp(int(until), UTC), self.clock.now()
        return now < ends and await self.installations.once(state, ends, now)

    def _page(self, key: str, language: str, *, status: int, name: str = "") -> web.Response:
        voice = Voice(language)
        title = voice.plain(f"install.{key}.title", name=name)
        text = voice.plain(f"install.{key}.text", name=name, command=self.command)
        body = PAGE.format(
            language="zh-CN" if language == "zh" else "en",
            title=html.escape(title),
            text=html.escape(text),
        )
        response = web.Response(
            text=body, status=status, content_type="text/html", headers=HEADERS
        )
        response.del_cookie(COOKIE, path=REDIRECT)
        return response


def language_of(accepts: str) -> str:
    """The first language of a browser, of the two we speak."""
    return "zh" if accepts.strip().lower().startswith("zh") else "en"


def consent_page(api_url: str) -> str:
    """Where people agree, for a Slack at an address such as `https://slack.com/api/`."""
    return f"{api_url.removesuffix('api/')}oauth/v2/authorize"
