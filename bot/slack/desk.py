"""The front desk: takes what people say, has it answered, hands the answer back.

Knows Slack's manners, not the answers; those come from `bot.answer`.
"""

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.answer import Tools, answer, apology, greeting, home, in_window
from bot.courtesy import Doorway, Precedence
from bot.model.ids import ChannelId, UserId
from bot.model.people import Command, Modal, Person, Reply
from bot.slack.channels import join
from bot.slack.inbox import Click, text_of
from bot.slack.outcomes import FAR_SIDE, failure_of
from bot.slack.people import People
from bot.slack.replies import Replies
from bot.slack.tasks import Tasks
from bot.slack.windows import Acknowledgement, acknowledgement, view_of
from formatters.message import Block

logger = logging.getLogger(__name__)

REMEMBERED = 1000
AT_ONCE = 2
"""Answers of one workspace that are worked out at a time: all at once they would keep the next
command from being acknowledged."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways back to people. `client` must not repeat calls by itself."""

    client: AsyncWebClient
    replies: Replies
    people: People


class Seen:
    """Remembers the last `most` ids of events: Slack may tell one up to four times.

    `/apis/events-api`, docs.slack.dev, read 2026-08-20. The memory is this process's own; what must
    not happen twice at all is guarded in the database.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._ids: OrderedDict[str, None] = OrderedDict()

    def is_new(self, id_: str) -> bool:
        """Whether an id is seen for the first time; it is remembered from now on."""
        if id_ in self._ids:
            return False
        self._ids[id_] = None
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return True


class FrontDesk:
    """Takes questions and returns at once; answers follow.

    Args:
        tools: what answers are made of.
        ways: to the people.
        tasks: keeps what is being answered.
        precedence: told while somebody is being answered; answers wait for requests.
        wake: called when delivery rows were written that should go out now.
        back: told of a channel that is there again; answers whether rows were let go.
    """

    def __init__(
        self,
        tools: Tools,
        ways: Ways,
        tasks: Tasks,
        wake: Callable[[], None],
        *,
        back: Callable[[Collection[ChannelId]], Awaitable[bool]],
        precedence: Precedence | None = None,
    ) -> None:
        self._tools = tools
        self._ways = ways
        self._tasks = tasks
        self._wake = wake
        self._back = back
        self._precedence = precedence or Precedence()
        self._turn = Doorway(AT_ONCE, self._precedence.requests)
        self._mentions = Seen(REMEMBERED)

    def take(self, click: Click) -> None:
        """A command or a click."""
        self._tasks.start(self._answer(click))

    def open_home(self, user: str, shown: Mapping[str, object]) -> None:
        """Somebody opened the Home tab, which shows the view `shown` so far ({} = none)."""
        self._tasks.start(self._open_home(UserId(user), text_of(shown, "private_metadata")))

    def mentioned(self, event_id: str, event: Mapping[str, object]) -> None:
        """Somebody said the bot's name. Slack may tell the same event more than once."""
        if self._mentions.is_new(event_id):
            self._tasks.start(self._help(event))

    def channel_back(self, channel: str) -> None:
        """A channel was unarchived, or the bot was invited to it."""
        self._tasks.start(self._resume(ChannelId(channel)))

    def invited(self, channel: str, inviter: str) -> None:
        """The bot was invited to a channel, by a person unless `inviter` is ""."""
        self.channel_back(channel)
        if inviter:
            self._tasks.start(self._greet(ChannelId(channel), UserId(inviter)))

    async def _greet(self, channel: ChannelId, inviter: UserId) -> None:
        """Tell who invited the bot, and nobody else, how the channel gets posts."""
        person = await self._ways.people.person(inviter)
        for message in await greeting(person, channel, self._tools):
            arguments = {
                "user": inviter,
                "channel": channel,
                "text": message.text,
                "blocks": list(message.blocks),
            }
            await self._call("chat.postEphemeral", arguments)

    async def _resume(self, channel: ChannelId) -> None:
        """Let it have what it missed; in a public channel the bot may have to be a member first."""
        await join(self._ways.client, channel)
        if await self._back((channel,)):
            self._wake()

    async def _answer(self, click: Click) -> None:
        asked_at = self._tools.clock.now()
        with self._precedence.people:
            person = await self._ways.people.person(click.user)
            async with self._turn:
                reply = await self._reply_to(click.by(person))
            if reply.wake:
                self._wake()
            await self._return(click, reply, person)
        took = self._tools.clock.now() - asked_at
        logger.info(
            "command.answered verb=%s user=%s channel=%s messages=%d took_ms=%d",
            click.verb[:20],
            click.user,
            click.channel,
            len(reply.messages),
            took.total_seconds() * 1000,
        )

    async def submit(self, click: Click) -> Acknowledgement:
        """A form that was sent; answers what its acknowledgement says."""
        person = await self._ways.people.person(click.user)
        reply = await self._reply_to(click.by(person))
        if reply.wake:
            self._wake()
        logger.info("form.answered verb=%s user=%s", click.verb[:20], click.user)
        return acknowledgement(in_window(reply, person))

    async def _return(self, click: Click, reply: Reply, person: Person) -> None:
        """Hand an answer back, to where it was asked for."""
        if reply.modal is not None and await self._open(click, reply.modal):
            return
        if click.on_home:
            shown = () if reply.modal else reply.messages
            await self._publish(person, home_of(await home(person, self._tools, shown)))
        elif click.response_url:
            await self._send(click, reply, person)

    async def _open(self, click: Click, modal: Modal) -> bool:
        """Show a window, in place of the one that was clicked in; False if Slack took too long."""
        view: dict[str, object] = {"view": view_of(modal)}
        if click.view:
            return await self._call("views.update", view | {"view_id": click.view})
        return await self._call("views.open", view | {"trigger_id": click.trigger})

    async def _reply_to(self, command: Command) -> Reply:
        try:
            return await answer(command, self._tools)
        except Exception:
            reference = reference_of(command.nonce)
            logger.exception(
                "command.failed verb=%s user=%s reference=%s",
                command.verb[:20],
                command.person.id,
                reference,
            )
            return Reply((apology(command.person, reference),))

    async def _send(self, click: Click, reply: Reply, person: Person) -> None:
        url = click.response_url
        # Never in place of a post in a channel, whatever an answer says.
        replace = reply.replace and click.ephemeral
        if not await self._ways.replies.send(url, reply.messages, replace=replace):
            sorry = apology(person, reference_of(click.nonce))
            await self._ways.replies.send(url, (sorry,), replace=False)

    async def _open_home(self, user: UserId, fingerprint: str) -> None:
        person = await self._ways.people.person(user)
        view = home_of(await home(person, self._tools))
        if view["private_metadata"] != fingerprint:
            await self._publish(person, view)

    async def _publish(self, person: Person, view: dict[str, object]) -> None:
        await self._call("views.publish", {"user_id": person.id, "view": view})

    async def _help(self, event: Mapping[str, object]) -> None:
        user, channel = UserId(text_of(event, "user")), ChannelId(text_of(event, "channel"))
        person = await self._ways.people.person(user)
        async with self._turn:
            reply = await self._reply_to(Command("help", "", person, channel))
        for message in reply.messages:
            arguments: dict[str, object] = {
                "user": user,
                "channel": channel,
                "text": message.text,
                "blocks": list(message.blocks),
            }
            if thread_ts := text_of(event, "thread_ts"):
                arguments["thread_ts"] = thread_ts
            await self._call("chat.postEphemeral", arguments)

    async def _call(self, method: str, arguments: Mapping[str, object]) -> bool:
        """Call Slack; answers whether it took it."""
        try:
            await self._ways.client.api_call(method, json=dict(arguments))
        except FAR_SIDE as error:
            logger.warning("answer.lost method=%s code=%s", method, failure_of(error).code)
            return False
        return True


def home_of(blocks: Sequence[Block]) -> dict[str, object]:
    """The view of a Home tab. Its `private_metadata` tells whether it has to be sent again."""
    content = json.dumps(list(blocks), sort_keys=True)
    fingerprint = hashlib.sha256(content.encode()).hexdigest()[:16]
    return {"type": "home", "private_metadata": fingerprint, "blocks": list(blocks)}


def reference_of(nonce: str) -> str:
    """What a person can quote to an operator, who finds it in the log."""
    return hashlib.sha256(nonce.encode()).hexdigest()[:8]
