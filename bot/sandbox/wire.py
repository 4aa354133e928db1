"""The Web API's front: requests in every encoding, answers as Slack gives them, faults on order.

Knows HTTP; what methods do is in `methods`. /apis/web-api (read 2026-08-20).
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from aiohttp import web

from bot.sandbox.call import Call, Method, Site
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.faults import Faults
from bot.sandbox.grants import Grant
from bot.sandbox.journal import Exchange, Traffic
from bot.sandbox.methods import METHODS
from bot.sandbox.pace import Pace
from bot.sandbox.reply import Answer, ahead_of, overruled, refusal, sent, takes_effect
from bot.sandbox.shapes import JSONValue, Obj, string

MAX_BYTES = 16_000_000  # room for the largest view and its escapes; not a limit of Slack's


@dataclass(frozen=True, slots=True)
class Reading:
    """A request, read. `error` is set if it could not be."""

    method: str
    token: str = field(repr=False)
    args: Mapping[str, JSONValue]
    error: SlackError | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Where the bot's calls come in: faults strike here, and every call is logged."""

    site: Site
    faults: Faults
    traffic: Traffic

    async def serve(
        self,
        request: web.Request,
        method: str,
        args: Mapping[str, JSONValue],
        work: Callable[[str], Answer],
    ) -> web.StreamResponse:
        """Answer one call of a method, or of a response_url, with what `work` answers.

        `args` tell the channel, whose faults may strike before `work` has its effect or after;
        `work` is told the kind of the one that does, "" for none.
        """
        loop = asyncio.get_running_loop()
        started, at = loop.time(), self.site.workspace.now()
        rule = self.faults.strike(method, string(args.get("channel")))
        kind = rule.kind if rule else ""
        await asyncio.sleep(ahead_of(rule))
        answer = overruled(work(kind) if takes_effect(rule) else Answer({}), rule)
        self.traffic.add(
            Exchange(
                at.isoformat(),
                "in",
                method,
                args,
                answer.status,
                string(answer.body.get("error")),
                answer.body,
                round((loop.time() - started) * 1000),
                kind,
            )
        )
        return await sent(request, answer, rule, at)


class WebApi:
    """Answers /api/<method>."""

    def __init__(self, intake: Intake, pace: Pace) -> None:
        self._intake = intake
        self._site = intake.site
        self._pace = pace

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one call."""
        reading = await read(request)
        channel = self._channel(reading)
        args = {**reading.args, "channel": channel} if channel else reading.args
        work = partial(self._answer, reading, channel)
        return await self._intake.serve(request, reading.method, args, work)

    def _channel(self, reading: Reading) -> str:
        wanted = string(reading.args.get("channel"))
        found = self._site.workspace.channel(wanted)
        return found.id if found else wanted

    def _answer(self, reading: Reading, channel: str, fault: str) -> Answer:
        try:
            return self._called(reading, channel, fault)
        except SlackError as error:
            return refusal(error)

    def _called(self, reading: Reading, channel: str, fault: str) -> Answer:
        if reading.error:
            raise reading.error
        method = METHODS.get(reading.method)
        if method is None:
            raise SlackError("unknown_method", req_method=reading.method)
        grant = self._grant(method, reading.token)
        now = self._site.workspace.now()
        if wait := self._pace.wait(method.name, method.tier, channel, now):
            body: Obj = {"ok": False, "error": "ratelimited"}
            return Answer(body, 429, {"Retry-After": str(wait)})
        call = Call(self._site, reading.args, grant, self._pace.page_limit, fault)
        if method.scope:
            call.need(method.scope)
        missing = [name for name in method.required if not call.has(name)]
        if missing:
            raise invalid_arguments(*(f"missing required field: {name}" for name in missing))
        scopes = ",".join(sorted(grant.scopes)) if grant else ""
        headers = {"x-oauth-scopes": scopes, "x-accepted-oauth-scopes": method.scope}
        return Answer({"ok": True, **method.handler(call)}, headers=headers)

    def _grant(self, method: Method, token: str) -> Grant | None:
        if method.caller == "none":
            return None
        grant = self._site.grants.of(token)
        if grant.kind != method.caller:
            raise SlackError("not_allowed_token_type")
        return grant


async def read(request: web.Request) -> Reading:
    """Read query and body together: GET, form, multipart or JSON."""
    name = request.match_info.get("method", "")
    args: dict[str, JSONValue] = dict(request.query)
    token = string(args.pop("token", ""))
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else token
    try:
        body = await _body(request)
    except SlackError as error:
        return Reading(name, token, args, error)
    # JSON bodies may not carry the token: /apis/web-api (read 2026-08-20)
    in_form = string(body.pop("token", "")) if request.content_type != _JSON else ""
    return Reading(name, token or in_form, {**args, **body})


_JSON = "application/json"
_FORMS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
)


async def _body(request: web.Request) -> dict[str, JSONValue]:
    if request.method != "POST":
        return {}
    if request.content_type == _JSON:
        return _decoded(await request.read())
    if request.content_type not in _FORMS:
        raise SlackError("invalid_post_type")
    try:
        form = await request.post()
    except ValueError:
        raise SlackError("invalid_form_data") from None
    return {key: value for key, value in form.items() if isinstance(value, str)}


def _decoded(raw: bytes) -> dict[str, JSONValue]:
    try:
        value = json.loads(raw or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value
