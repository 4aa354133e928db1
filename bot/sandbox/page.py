"""The sandbox's web page: its shell, its files, and fragments drawn on the server.

Shows and never acts: what a person does goes to the control API beside it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources

from aiohttp import web
from markupsafe import Markup

from bot.sandbox.errors import ControlError
from bot.sandbox.journal import Exchange, Traffic
from bot.sandbox.look import Look, look_of, words
from bot.sandbox.methods import METHODS
from bot.sandbox.render import Renderer, shell
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.shapes import Obj, dicts, obj, objs, string

FILES: Mapping[str, str] = {
    "page.js": "text/javascript",
    "api.js": "text/javascript",
    "patch.js": "text/javascript",
    "act.js": "text/javascript",
    "modal.js": "text/javascript",
    "composer.js": "text/javascript",
    "panels.js": "text/javascript",
    "page.css": "text/css",
    "blocks.css": "text/css",
    "icon.svg": "image/svg+xml",
}
# Scripts and styles from here alone; pictures of messages from wherever they are.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
SHOWN = 60  # messages of a timeline, if the page does not ask for more
LOGGED = 200  # lines of the traffic panel
POSTING = frozenset({"chat.postMessage", "chat.update", "chat.postEphemeral", "response_url"})
# What the composer offers after the app's command: the verb, what follows it.
VERBS: Mapping[str, str] = {
    "latest": "",
    "issue": "N | date",
    "list": "",
    "search": "WORDS",
    "meetups": "",
    "help": "",
    "status": "",
    "repost": "ISSUE [#channel]",
}
FAULTS: Mapping[str, Obj] = {
    "429": {"kind": "ratelimited", "retry_after": "5"},
    "429_bare": {"kind": "ratelimited"},
    "500": {"kind": "html", "status": 500},
    "503": {"kind": "http", "status": 503},
    "internal": {"kind": "error", "error": "internal_error"},
    "archived": {"kind": "error", "error": "is_archived"},
    "blocks": {"kind": "error", "error": "invalid_blocks"},
    "reset_before": {"kind": "reset"},
    "reset_after": {"kind": "reset", "when": "after"},
    "slow": {"kind": "delay", "delay_ms": 5000},
    "slow_body": {"kind": "slow", "delay_ms": 5000},
    "truncated": {"kind": "truncated"},
    "garbage": {"kind": "garbage", "status": 200, "body": "[]"},
    "empty_page": {"kind": "empty_page", "method": "conversations.*"},
    "lose": {"kind": "lose", "method": "deliver.*"},
    "duplicate": {"kind": "duplicate", "method": "deliver.*"},
}


def routes(sandbox: Sandbox) -> list[web.RouteDef]:
    """Build the page's routes: `/`, `/sandbox/static/...`, `/sandbox/page/...`."""
    page = _Page(sandbox)
    fragments: Mapping[str, Callable[[web.Request], Awaitable[web.Response]]] = {
        "side": page.side,
        "timeline": page.timeline,
        "thread": page.thread,
        "home": page.home,
        "modal": page.modal,
        "traffic": page.traffic,
        "faults": page.faults,
    }
    return [
        web.get("/", page.shell),
        web.get("/sandbox/static/{name}", _file),
        *(web.get(f"/sandbox/page/{name}", drawn) for name, drawn in fragments.items()),
    ]


async def _file(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    body = (resources.files("bot.sandbox") / "static" / name).read_bytes()
    return web.Response(body=body, content_type=FILES[name], charset="utf-8", headers=HEADERS)


def _html(markup: Markup) -> web.Response:
    return web.Response(text=str(markup), content_type="text/html", headers=HEADERS)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One request by one person. `state` is what Sight tells of the workspace."""

    user: str
    state: Obj
    renderer: Renderer
    query: Mapping[str, str]

    @property
    def channel(self) -> str:
        """The channel that is shown, "" for none."""
        return self.query.get("channel", "")


class _Page:
    """Draws what one person sees."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def _visit(self, request: web.Request) -> _Visit:
        user = request.query.get("user") or self._anybody()
        try:
            state = self._sandbox.sight.state(user)
        except ControlError as error:
            raise web.HTTPNotFound(text=str(error)) from error
        look = look_of(state, self._sandbox.workspace.now())
        return _Visit(user, state, Renderer(look), request.query)

    def _anybody(self) -> str:
        users = self._sandbox.workspace.world.users.values()
        return next(user.id for user in users if not (user.is_bot or user.deleted))

    def _messages(self, visit: _Visit, thread_ts: str = "") -> list[Obj]:
        try:
            return self._sandbox.sight.timeline(visit.user, visit.channel, thread_ts)
        except ControlError as error:
            raise web.HTTPNotFound(text=str(error)) from error

    async def shell(self, request: web.Request) -> web.Response:
        """The page without its contents."""
        visit = self._visit(request)
        look = visit.renderer.look
        return _html(
            shell(
                look,
                team=obj(visit.state["team"])["name"],
                people=[_person(user, look) for user in _people(visit.state)],
                words=words(look.language),
                commands=_commands(dicts(visit.state["commands"]), look),
            )
        )

    async def side(self, request: web.Request) -> web.Response:
        """The list of channels."""
        visit = self._visit(request)
        bot = next(u for u in dicts(visit.state["users"]) if u.get("is_bot"))
        channels = dicts(visit.state["channels"])
        shown = (channels, bot["name"], bot["id"], visit.channel)
        return _html(visit.renderer.fragment("side", "side", *shown))

    async def timeline(self, request: web.Request) -> web.Response:
        """A channel's messages, the last `count` of them, and its refused posts between."""
        visit = self._visit(request)
        messages = [*self._messages(visit), *_refusals(self._sandbox.traffic, visit.channel)]
        messages.sort(key=lambda message: float(string(message["ts"])))
        count = _count(visit.query.get("count", ""))
        cut = len(messages) > count
        return _html(visit.renderer.fragment("message", "timeline", messages[-count:], cut))

    async def thread(self, request: web.Request) -> web.Response:
        """A parent and its replies."""
        visit = self._visit(request)
        messages = self._messages(visit, visit.query.get("thread_ts", ""))
        return _html(visit.renderer.fragment("message", "thread", messages))

    async def home(self, request: web.Request) -> web.Response:
        """The app's Home tab."""
        visit = self._visit(request)
        home = self._sandbox.sight.home(visit.user)
        return _html(visit.renderer.fragment("views", "home", home))

    async def modal(self, request: web.Request) -> web.Response:
        """The modal on top, nothing if none is open."""
        visit = self._visit(request)
        views = self._sandbox.sight.views(visit.user)
        top = visit.renderer.fragment("views", "modal", views[-1]) if views else Markup("")
        return _html(top)

    async def traffic(self, request: web.Request) -> web.Response:
        """What went over the wire, newest first."""
        renderer = self._visit(request).renderer
        calls = reversed(self._sandbox.traffic.calls()[-LOGGED:])
        entries = [_entry(call, renderer.look) for call in calls]
        return _html(renderer.fragment("panels", "traffic", entries))

    async def faults(self, request: web.Request) -> web.Response:
        """The form for faults and those in force."""
        renderer = self._visit(request).renderer
        methods = ["*", "chat.*", "deliver.*", *sorted(METHODS)]
        listed = self._sandbox.faults.listed()
        return _html(renderer.fragment("panels", "faults", listed, FAULTS, methods))


def _people(state: Obj) -> list[Obj]:
    return [u for u in dicts(state["users"]) if not (u["is_bot"] or u["deleted"])]


def _person(user: Obj, look: Look) -> Obj:
    role = look.say("role_maintainer" if user["is_admin"] else "role_member")
    return {"id": user["id"], "name": user["name"], "role": role, "locale": user["locale"]}


def _commands(commands: list[Obj], look: Look) -> list[Obj]:
    """What the composer suggests: the app's commands, and the verbs that we have words for."""
    offered: list[Obj] = []
    for command in commands:
        name = string(command["name"])
        offered.append({"text": name, "hint": command["hint"], "about": command["description"]})
        offered += [
            {"text": f"{name} {verb}", "hint": hint, "about": look.say(f"command_{verb}")}
            for verb, hint in VERBS.items()
        ]
    return offered


def _count(words: str) -> int:
    return max(1, int(words)) if words.isdecimal() else SHOWN


def _refusals(traffic: Traffic, channel: str) -> Iterator[Obj]:
    """Posts that were not taken, as rows of the timeline: their error and Slack's words on it."""
    for call in traffic.calls(channel=channel):
        if call.method in POSTING and call.error not in ("", "ratelimited"):
            answer = obj(call.answer)
            notes = objs(obj(answer.get("response_metadata")).get("messages"))
            yield {
                "type": "refusal",
                "ts": f"{datetime.fromisoformat(call.at).timestamp():.6f}",
                "error": call.error,
                "told": [string(words) for words in objs(answer.get("errors")) or notes],
                "fault": call.fault,
            }


def _entry(call: Exchange, look: Look) -> Obj:
    at = datetime.fromisoformat(call.at).astimezone(look.zone)
    channel = string(call.args.get("channel"))
    place = look.channels.get(channel, channel)
    return {
        "number": call.number,
        "clock": f"{at:%H:%M:%S}",
        "direction": call.direction,
        "method": call.method,
        "place": place and f"#{place}",
        "args": call.args,
        "status": call.status,
        "error": call.error,
        "answer": call.answer,
        "took_ms": call.took_ms,
        "fault": call.fault,
    }
