"""Several workspaces behind one API, and the page on which people let the app in.

A call belongs to the workspace that issued its token. `/authentication/installing-with-oauth`,
`/authentication/using-token-rotation`, `/reference/methods/oauth.v2.access` (read 2026-08-20).
"""

import base64
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import wire
from bot.sandbox.door import Door
from bot.sandbox.errors import SlackError
from bot.sandbox.grants import Grant
from bot.sandbox.look import words
from bot.sandbox.render import consent_page
from bot.sandbox.reply import Answer, refusal
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.shapes import JSONValue, Obj, string

AUTHORIZE = "/oauth/v2/authorize"
ACCESS = "oauth.v2.access"
"""The one method that belongs to no workspace."""
CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=12)
UNINSTALLED = frozenset({"app_uninstalled", "tokens_revoked"})
"""What an app that many install is told of, too."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Client:
    """The app as it is known to Slack. An address below one of `redirects` is one of them."""

    id: str = "1234.5678"
    secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    redirects: tuple[str, ...] = ()


@dataclass(slots=True)
class _Code:
    home: Sandbox
    redirect: str
    scopes: frozenset[str]
    until: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class _Rotating:
    home: Sandbox
    token: str
    grant: Grant
    until: datetime


class Town:
    """Workspaces side by side; the app is installed in the first one.

    Attributes:
        homes: the workspaces.
        client: the app; set `redirects` before anybody lets it in.
        rotates: whether new tokens expire.
        door: where calls come in; it can be shut.
    """

    def __init__(
        self, homes: Sequence[Sandbox], clock: Callable[[], datetime], door: Door
    ) -> None:
        self.homes = tuple(homes)
        self.door = door
        self.client = Client()
        self.rotates = False
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._rotating: dict[str, _Rotating] = {}
        self._refreshed: set[str] = set()
        for one in self.homes:
            one.app.events |= UNINSTALLED

    @property
    def home(self) -> Sandbox:
        """The first workspace."""
        return self.homes[0]

    def of(self, team: str) -> Sandbox:
        """A workspace by its id; StopIteration if there is no such one."""
        return next(one for one in self.homes if one.workspace.world.team_id == team)

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Take one call of the Web API, in the workspace that it is about."""
        reading = await wire.read(request)
        for one in self._rotating.values():
            if one.until <= self._clock():
                one.grant.state = one.grant.state or "token_expired"
        if reading.method == ACCESS:
            args = {**reading.args, **_basic(request)}
            work = partial(self._accessed, args)
            return await self.home.intake.serve(request, reading.method, args, work)
        home = next((one for one in self.homes if one.knows(reading.token)), self.home)
        return await home.web_api.handle(request)

    async def response(self, request: web.Request) -> web.StreamResponse:
        """Take an answer, in the workspace that gave the address out."""
        key = request.match_info["key"]
        home = next((one for one in self.homes if one.responses.knows(key)), self.home)
        return await home.responses.handle(request)

    async def consent(self, request: web.Request) -> web.StreamResponse:
        """Show who asks for what."""
        error = self._fault(request.query)
        teams = {
            one.workspace.world.team_id: one.workspace.world.team_name for one in self.homes
        }
        page = consent_page(
            said={language: words(language) for language in ("en", "zh")},
            error=error,
            scope=request.query.get("scope", ""),
            teams=teams,
        )
        return web.Response(
            text=page, status=400 if error else 200, content_type="text/html", headers=HEADERS
        )

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """Somebody has agreed, or not: send them back with the answer."""
        if error := self._fault(request.query):
            raise web.HTTPBadRequest(text=error)
        form = await request.post()
        redirect = request.query["redirect_uri"]
        if form.get("answer") == "allow":
            answer = {"code": self._code(string(form.get("team")), request.query)}
        else:
            answer = {"error": "access_denied"}
        answer["state"] = request.query.get("state", "")
        raise web.HTTPFound(f"{redirect}?{urlencode(answer)}")

    def _fault(self, asked: Mapping[str, str]) -> str:
        """What is wrong with a request for consent, "" if nothing."""
        if asked.get("client_id") != self.client.id:
            return "invalid_client_id"
        redirect = asked.get("redirect_uri", "")
        if not any(
            redirect == one or redirect.startswith(f"{one.rstrip('/')}/")
            for one in self.client.redirects
        ):
            return "bad_redirect_uri"
        return "" if asked.get("scope") else "no_scopes"

    def _code(self, team: str, asked: Mapping[str, str]) -> str:
        code = f"{secrets.token_hex(8)}.{secrets.token_hex(16)}"
        self._codes[code] = _Code(
            self.of(team),
            asked["redirect_uri"],
            frozenset(asked["scope"].split(",")),
            self._clock() + CODE_LIFE,
        )
        return code

    def _accessed(self, args: Mapping[str, JSONValue], _fault: str) -> Answer:
        try:
            return Answer({"ok": True, **self._granted(args)})
        except SlackError as error:
            return refusal(error)

    def _granted(self, args: Mapping[str, JSONValue]) -> Obj:
        if string(args.get("client_id")) != self.client.id:
            raise SlackError("invalid_client_id")
        if string(args.get("client_secret")) != self.client.secret:
            raise SlackError("bad_client_secret")
        if string(args.get("grant_type")) == "refresh_token":
            return self._again(string(args.get("refresh_token")))
        code = self._codes.get(string(args.get("code")))
        if code is None or code.until <= self._clock():
            raise SlackError("invalid_code")
        if code.used:
            raise SlackError("code_already_used")
        if string(args.get("redirect_uri")) != code.redirect:
            raise SlackError("bad_redirect_uri")
        code.used = True
        return self._tokens(code.home, code.scopes)

    def _again(self, refresh: str) -> Obj:
        if refresh in self._refreshed or refresh not in self._rotating:
            raise SlackError("invalid_refresh_token")
        old = self._rotating[refresh]
        self._refreshed.add(refresh)
        return self._tokens(old.home, old.grant.scopes)

    def _tokens(self, home: Sandbox, scopes: frozenset[str]) -> Obj:
        world = home.workspace.world
        token = f"{'xoxe.' if self.rotates else ''}xoxb-sandbox-{secrets.token_hex(16)}"
        grant = home.issue(token, scopes=scopes)
        answer: Obj = {
            "access_token": token,
            "token_type": "bot",
            "scope": ",".join(sorted(scopes)),
            "bot_user_id": world.bot,
            "app_id": home.app.id,
            "team": {"id": world.team_id, "name": world.team_name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": next(iter(world.users))},
        }
        if not self.rotates:
            return answer
        refresh = f"xoxe-1-{secrets.token_hex(16)}"
        self._rotating[refresh] = _Rotating(home, token, grant, self._clock() + TOKEN_LIFE)
        lasts = int(TOKEN_LIFE.total_seconds())
        return answer | {"refresh_token": refresh, "expires_in": lasts}


def _basic(request: web.Request) -> dict[str, JSONValue]:
    """The app's credentials, where they come in a header."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client, "client_secret": secret}
