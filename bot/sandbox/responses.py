"""response_url: how the app answers a command or a click without a token.

/interactivity/handling-user-interaction (read 2026-08-20).
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from bot.sandbox.call import Site
from bot.sandbox.content import check_blocks, with_ids
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Faults
from bot.sandbox.methods_chat import erase
from bot.sandbox.shapes import Obj, dicts, obj, string
from bot.sandbox.state import Channel, Message
from bot.sandbox.traffic import Exchange, Traffic
from bot.sandbox.wire import Answer, overruled, spoiled, takes_effect

_USES = 5
_LIFE = timedelta(minutes=30)


@dataclass(slots=True)
class Place:
    """Where an answer goes: to whom, in which channel, and the clicked message's ts or ""."""

    user: str
    channel: str
    source: str
    at: datetime
    uses: int = 0


@dataclass(slots=True)
class Responses:
    """The response_urls that were handed out."""

    site: Site
    faults: Faults
    traffic: Traffic
    _places: dict[str, Place] = field(default_factory=dict)

    def issue(self, user: str, channel: str, source: str = "") -> str:
        """A new address; `source` is the ts of the message that was clicked."""
        key = f"{user}-{secrets.token_hex(12)}"  # whoever has it may post: not to be guessed
        self._places[key] = Place(user, channel, source, self.site.workspace.now())
        return f"{self.site.url}/response/{key}"

    def clear(self) -> None:
        """Forget all addresses."""
        self._places.clear()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one answer."""
        place = self._places.get(request.match_info["key"])
        at = self.site.workspace.now()
        rule = self.faults.strike("response_url", place.channel if place else "")
        body: Obj = {}
        try:
            body = _read(await request.read())
            used = self._used(place)
            if takes_effect(rule):
                self.respond(used, body)
            answer = overruled(Answer({"ok": True}), rule)
        except SlackError as error:
            answer = Answer({"ok": False, "error": error.code, **error.fields}, _status(error))
        self.traffic.add(
            Exchange(
                at.isoformat(),
                "in",
                "response_url",
                {**body, "channel": place.channel if place else ""},
                answer.status,
                string(answer.body.get("error")),
                answer.body,
                0,
                rule.kind if rule else "",
            )
        )
        return spoiled(request, answer, rule)

    def _used(self, place: Place | None) -> Place:
        if place is None:
            raise SlackError("no_service")
        if self.site.workspace.now() - place.at > _LIFE:
            raise SlackError("expired_url")
        if place.uses >= _USES:
            raise SlackError("used_url")
        place.uses += 1
        return place

    def respond(self, place: Place, body: Obj) -> None:
        """Carry an answer out: replace or delete what was clicked, or say something new."""
        workspace = self.site.workspace
        channel = self.site.world.channels[place.channel]
        source = channel.find(place.source) if place.source else None
        if body.get("delete_original"):
            if source:
                erase(channel, source)
                workspace.tell(channel, source)
            return
        message = self._message(place, body, channel)
        if source and body.get("replace_original"):
            source.text, source.blocks = message.text, message.blocks
            source.attachments = message.attachments
            workspace.tell(channel, source)
        else:
            workspace.post(channel, message)

    def _message(self, place: Place, body: Obj, channel: Channel) -> Message:
        """Build the message. Its size is not checked: slackapi/bolt-js#2867 (read 2026-08-20)."""
        blocks = dicts(body.get("blocks"))
        if not (body.get("text") or blocks or body.get("attachments")):
            raise SlackError("no_text")
        check_blocks(list(blocks))
        in_channel = body.get("response_type") == "in_channel"
        parent = channel.stored(string(body.get("thread_ts")))
        return Message(
            self.site.workspace.next_ts(),
            self.site.world.bot,
            string(body.get("text")),
            with_ids(blocks),
            dicts(body.get("attachments")),
            thread_ts=(parent.thread_ts or parent.ts) if parent else "",
            by_bot=True,
            visible_to="" if in_channel else place.user,
        )


def _read(raw: bytes) -> Obj:
    try:
        body = json.loads(raw)
    except ValueError:
        raise SlackError("invalid_payload") from None
    return obj(body)


def _status(error: SlackError) -> int:
    """An address that is gone answers 404; the status of other refusals is not documented."""
    return 404 if error.code in ("expired_url", "used_url", "no_service") else 400
