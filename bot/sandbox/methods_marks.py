"""Reactions and pins. /reference/methods/reactions.* and pins.* (read 2026-08-20).

Handlers only.
"""

from bot.sandbox.call import Call, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.shapes import JSONValue, Obj
from bot.sandbox.shown import message_json
from bot.sandbox.state import Channel, Message


def _marked(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.stored(call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def _shown(call: Call, channel: Channel, message: Message) -> JSONValue:
    return message_json(call.site.world, call.site.app, channel, message)


def _react(call: Call) -> Obj:
    channel, message = _marked(call)
    users = message.reactions.setdefault(call.text("name").strip(":"), [])
    if call.me in users:
        raise SlackError("already_reacted")
    users.append(call.me)
    call.workspace.tell(channel, message)
    return {}


def _unreact(call: Call) -> Obj:
    channel, message = _marked(call)
    name = call.text("name").strip(":")
    if call.me not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(call.me)
    if not message.reactions[name]:
        del message.reactions[name]
    call.workspace.tell(channel, message)
    return {}


def _reactions(call: Call) -> Obj:
    channel, message = _marked(call)
    return {
        "type": "message",
        "channel": channel.id,
        "message": _shown(call, channel, message),
    }


def _pin(call: Call) -> Obj:
    channel, message = _marked(call)
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(message.ts)
    return {}


def _unpin(call: Call) -> Obj:
    channel, message = _marked(call)
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(message.ts)
    return {}


def _pins(call: Call) -> Obj:
    channel = call.channel()
    pinned = [m for m in channel.messages if m.ts in channel.pins]
    items: list[JSONValue] = [
        {"type": "message", "channel": channel.id, "message": _shown(call, channel, message)}
        for message in pinned
    ]
    return {"items": items}


METHODS = (
    Method("reactions.add", _react, "reactions:write", "3", "channel* timestamp* name*"),
    Method("reactions.remove", _unreact, "reactions:write", "2", "channel* timestamp* name*"),
    Method("reactions.get", _reactions, "reactions:read", "3", "channel* timestamp* full"),
    Method("pins.add", _pin, "pins:write", "2", "channel* timestamp*"),
    Method("pins.remove", _unpin, "pins:write", "2", "channel* timestamp*"),
    Method("pins.list", _pins, "pins:read", "2", "channel*"),
)
