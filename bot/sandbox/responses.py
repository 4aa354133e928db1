"""response_url: how the app answers a command or a click without a token.

/interactivity/handling-user-interaction (read 2026-08-20).
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from aiohttp import web

from bot.sandbox.content import check_blocks, with_ids
from bot.sandbox.errors import SlackError
from bot.sandbox.methods_chat import erase
from bot.sandbox.reply import Answer, refusal
from bot.sandbox.shapes import Obj, dicts, obj, string
from bot.sandbox.state import Channel, Message
from bot.sandbox.wire import Intake

_USES = 5
_LIFE = timedelta(minutes=30)
_GONE = frozenset({"expired_url", "used_url", "no_service"})


@dataclass(slots=True)
class Place:
    """Where an answer goes: to whom, in which channel, and the clicked message's ts or ""."""

    user: str
    channel: str
    source: str
    at: datetime
    uses: int = 0


class Responses:
    """The response_urls that were handed out."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._site = intake.site
        self._places: dict[str, Place] = {}

    def issue(self, user: str, channel: str, source: str = "") -> str:
        """A new address; `source` is the ts of the message that was clicked."""
        key = f"{user}-{secrets.token_hex(12)}"  # whoever has it may post: not to be guessed
        self._places[key] = Place(user, channel, source, self._site.workspace.now())
        return f"{self._site.url}/response/{key}"

    def knows(self, key: str) -> bool:
        """Whether an address was handed out here."""
        return key in self._places

    def clear(self) -> None:
        """Forget all addresses."""
        self._places.clear()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one answer."""
        place = self._places.get(request.match_info["key"])
        body = _read(await request.read())
        args = {**(body or {}), "channel": place.channel if place else ""}
        work = partial(self._taken, place, body)
        return await self._intake.serve(request, "response_url", args, work)

    def _taken(self, place: Place | None, body: Obj | None, _fault: str) -> Answer:
        try:
            self.respond(self._used(place, body), body or {})
        except SlackError as error:
            # What is gone answers 404; the status of other refusals is not documented.
            return refusal(error, 404 if error.code in _GONE else 400)
        return Answer({"ok": True})

    def _used(self, place: Place | None, body: Obj | None) -> Place:
        if body is None:
            raise SlackError("invalid_payload")
        if place is None:
            raise SlackError("no_service")
        if self._site.workspace.now() - place.at > _LIFE:
            raise SlackError("expired_url")
        if place.uses >= _USES:
            raise SlackError("used_url")
        place.uses += 1
        return place

    def respond(self, place: Place, body: Obj) -> None:
        """Carry an answer out: replace or delete what was clicked, or say something new."""
        workspace = self._site.workspace
        channel = self._site.world.channels[place.channel]
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
            self._site.workspace.next_ts(),
            self._site.world.bot,
            string(body.get("text")),
            with_ids(blocks),
            dicts(body.get("attachments")),
            thread_ts=(parent.thread_ts or parent.ts) if parent else "",
            by_bot=True,
            visible_to="" if in_channel else place.user,
        )


def _read(raw: bytes) -> Obj | None:
    try:
        return obj(json.loads(raw))
    except ValueError:
        return None
