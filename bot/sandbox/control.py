"""Act as a person: type, click, open, submit. What a client of Slack does, in one class.

Every method checks that the person could do it, and raises ControlError in words if not.
"""

from collections.abc import Mapping

from bot.sandbox import payloads
from bot.sandbox.call import Site
from bot.sandbox.dispatch import Dispatcher
from bot.sandbox.errors import ControlError, SlackError
from bot.sandbox.methods_views import checked, push, replace
from bot.sandbox.responses import Place, Responses
from bot.sandbox.seed import SlashCommand
from bot.sandbox.shapes import JSONValue, Obj, obj
from bot.sandbox.shown import view_json
from bot.sandbox.sight import open_view, person, reader, writer
from bot.sandbox.state import SLACKBOT, Channel, Message, User, View
from bot.sandbox.transports import Ack, Parcel


class Control:
    """People's hands."""

    def __init__(self, site: Site, dispatcher: Dispatcher, responses: Responses) -> None:
        self._site = site
        self._dispatcher = dispatcher
        self._responses = responses

    # -------------------------------------------------------------- typing

    async def say(self, user: str, channel: str, text: str, thread_ts: str = "") -> str:
        """Write a message; answers its ts. The app hears of it if it subscribed and is there."""
        who, where = writer(self._site, user, channel)
        if not text.strip():
            raise ControlError("there is nothing to say")
        if thread_ts and where.stored(thread_ts) is None:
            raise ControlError(f"there is no message {thread_ts} in {channel}")
        workspace = self._site.workspace
        message = Message(workspace.next_ts(), who.id, text, thread_ts=thread_ts)
        workspace.post(where, message)
        self._hear(where, message)
        return message.ts

    def _hear(self, channel: Channel, message: Message) -> None:
        """Events for a person's message: `message` and, if the app is named, `app_mention`."""
        world, workspace = self._site.world, self._site.workspace
        if world.bot not in channel.members:
            return
        kinds = {"im": "im", "private_channel": "groups", "public_channel": "channels"}
        event: Obj = {
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "channel": channel.id,
            "channel_type": {"im": "im", "private_channel": "group"}.get(
                channel.kind, "channel"
            ),
            "team": world.team_id,
        }
        if message.thread_ts:
            event["thread_ts"] = message.thread_ts
        workspace.happen(f"message.{kinds[channel.kind]}", **event)
        if f"<@{world.bot}>" in message.text:
            workspace.happen("app_mention", **event)

    async def slash(self, user: str, channel: str, text: str) -> Ack:
        """Type a whole slash command, such as "/digest latest", and wait for the answer."""
        who, where = writer(self._site, user, channel)
        name, _, words = text.strip().partition(" ")
        command = self._command(name)
        words = payloads.escaped(self._site, words) if command.escape else words
        payload = payloads.command(self._site, who, where, name, words.strip())
        payload["response_url"] = self._responses.issue(who.id, where.id)
        payload["trigger_id"] = self._trigger(who)
        ack = await self._dispatcher.deliver(Parcel("slash_commands", payload), where.id)
        if ack.code:
            self._slackbot(who, where, f"{name} failed with the error “{_failure(ack)}”")
        elif body := _spoken(ack.body):
            self._answered(who, where, text, body)
        return ack

    def _command(self, name: str) -> SlashCommand:
        for command in self._site.app.commands:
            if command.name == name:
                return command
        raise ControlError(f"{name} is not a valid command")

    def _answered(self, who: User, where: Channel, typed: str, body: Obj) -> None:
        """Show the answer that came with the acknowledgement; in_channel shows the command too."""
        workspace = self._site.workspace
        if body.get("response_type") == "in_channel":
            workspace.post(where, Message(workspace.next_ts(), who.id, typed))
        try:
            self._responses.respond(Place(who.id, where.id, "", workspace.now()), body)
        except SlackError as error:
            self._slackbot(who, where, f"The answer was refused: {error.code}")

    def _slackbot(self, who: User, where: Channel, words: str) -> None:
        workspace = self._site.workspace
        note = Message(workspace.next_ts(), SLACKBOT, words, visible_to=who.id)
        workspace.post(where, note)

    # -------------------------------------------------------------- clicking

    async def click(
        self,
        user: str,
        channel: str,
        message_ts: str,
        action_id: str,
        block_id: str | None = None,
        value: JSONValue = None,
    ) -> Ack:
        """Use an element of a message.

        Args:
            user: id of the person.
            channel: id or name.
            message_ts: the message, stored or ephemeral.
            action_id: the element.
            block_id: its block, where action ids repeat.
            value: what was chosen: a string, or the fields of the action as Slack names them.
        """
        who, where = reader(self._site, user, channel)
        message = where.find(message_ts)
        if message is None or message.visible_to not in ("", who.id):
            raise ControlError(f"{who.name} sees no message {message_ts} in {channel}")
        action = self._action(list(message.blocks), action_id, block_id, value)
        payload = payloads.message_action(self._site, who, where, message, action)
        payload["response_url"] = self._responses.issue(who.id, where.id, message.ts)
        payload["trigger_id"] = self._trigger(who)
        return await self._dispatcher.deliver(Parcel("interactive", payload), where.id)

    async def click_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        block_id: str | None = None,
        value: JSONValue = None,
    ) -> Ack:
        """Use an element of an open modal or of the Home tab."""
        who, view = open_view(self._site, user, view_id)
        action = self._action(view.body.get("blocks"), action_id, block_id, value)
        payload = payloads.view_action(self._site, who, view, action)
        inside = view.id if view.body.get("type") == "modal" else ""
        payload["trigger_id"] = self._trigger(who, inside)
        return await self._dispatcher.deliver(Parcel("interactive", payload))

    def _action(
        self, blocks: JSONValue, action_id: str, block_id: str | None, value: JSONValue
    ) -> Obj:
        block, node = payloads.element(blocks, action_id, block_id)
        return payloads.action(block, node, value, self._site.workspace.next_ts())

    def _trigger(self, who: User, view: str = "") -> str:
        return self._site.triggers.issue(who.id, self._site.workspace.now(), view)

    # -------------------------------------------------------------- Home and modals

    async def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app's tab; the app is told every time (/surfaces/app-home)."""
        who = person(self._site, user)
        channel = self._site.workspace.direct(who.id)
        home = self._site.world.homes.get(who.id)
        view: Obj = {"view": view_json(self._site, home)} if home else {}
        self._site.workspace.happen(
            "app_home_opened", user=who.id, channel=channel.id, tab=tab, **view
        )

    async def submit_view(
        self, user: str, view_id: str, values: Mapping[str, JSONValue]
    ) -> Obj:
        """Submit the modal on top; answers {} or {"errors": {block_id: words}}.

        `values` is {block_id: {action_id: value}}, each value a string or as Slack writes state.
        """
        who, view = open_view(self._site, user, view_id)
        view.values = payloads.typed(view, values)
        payload = payloads.view_submission(self._site, who, view)
        payload["trigger_id"] = self._trigger(who, view.id)
        ack = await self._dispatcher.deliver(Parcel("interactive", payload))
        if ack.code:
            raise ControlError(f"We had some trouble connecting. ({_failure(ack)})")
        return self._after_submission(view, obj(ack.body))

    def _after_submission(self, view: View, said: Obj) -> Obj:
        """What `response_action` asks for, /surfaces/modals (read 2026-08-20)."""
        stack = self._site.world.modals.get(view.user, [])
        action = said.get("response_action")
        try:
            if action == "errors":
                return {"errors": obj(said.get("errors"))}
            if action == "update":
                replace(self._site, view, checked(said.get("view"), "modal"))
            elif action == "push":
                push(self._site, view.user, checked(said.get("view"), "modal"), view)
            elif action == "clear":
                stack.clear()
            elif view in stack:
                stack.remove(view)
        except SlackError as error:
            raise ControlError(
                f"the app's answer was refused: {error.code} {error.fields}"
            ) from error
        self._site.workspace.notices.tell("view", view.user, view.id)
        return {}

    async def close_view(self, user: str, view_id: str, *, clear: bool = False) -> None:
        """Dismiss the modal, or all of them; the app hears of it if it asked to."""
        who, view = open_view(self._site, user, view_id)
        stack = self._site.world.modals.get(who.id, [])
        gone = list(stack) if clear else [view]
        for each in gone:
            if each in stack:
                stack.remove(each)
        self._site.workspace.notices.tell("view", who.id, view.id)
        for each in gone:
            if each.body.get("notify_on_close"):
                payload = payloads.view_closed(self._site, who, each, cleared=clear)
                await self._dispatcher.deliver(Parcel("interactive", payload))


def _failure(ack: Ack) -> str:
    """The word that a person sees, /interactivity/implementing-slash-commands (2026-08-20)."""
    late = ack.code in ("http_timeout", "timeout")
    return "operation_timeout" if late else "dispatch_failed"


def _spoken(body: JSONValue) -> Obj:
    """An acknowledgement's body as a message; {} if it says nothing."""
    if isinstance(body, str):
        return {"text": body} if body.strip() else {}
    return obj(body)
