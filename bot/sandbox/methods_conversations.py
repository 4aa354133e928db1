"""conversations.*, reactions.*, pins.*. /reference/methods/ and their names (read 2026-08-20).

Handlers only; reading is gated as Slack gates it, because the bot's look for a lost post is this.
"""

import re

from bot.sandbox.call import Call, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.shapes import JSONValue, Obj
from bot.sandbox.shown import channel_json, message_json
from bot.sandbox.state import Channel, Message

_TS = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_TYPES = frozenset({"public_channel", "private_channel", "mpim", "im"})
_WINDOW = "latest oldest inclusive limit cursor include_all_metadata"


def _moment(call: Call, name: str) -> int | None:
    """A bound in microseconds. Integers cannot lose digits as floats would."""
    text = call.text(name)
    if not text or (name == "latest" and text == "now"):
        return None
    if not _TS.fullmatch(text):
        raise SlackError(f"invalid_ts_{name}")
    return _micros(text)


def _micros(ts: str) -> int:
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int(rest.ljust(6, "0"))


def _window(call: Call, messages: list[Message]) -> list[Message]:
    """Messages between the bounds; the bounds themselves only with `inclusive`."""
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    edge = call.flag("inclusive")

    def inside(message: Message) -> bool:
        at = _micros(message.ts)
        if edge and at in (oldest, latest):
            return True
        return (oldest is None or at > oldest) and (latest is None or at < latest)

    return [message for message in messages if inside(message)]


def _shown(call: Call, channel: Channel, message: Message) -> JSONValue:
    everything = call.flag("include_all_metadata")
    return message_json(call.site, channel, message, all_metadata=everything)


def _history(call: Call) -> Obj:
    channel = call.joined()
    here = [m for m in channel.messages if m.in_channel and not m.visible_to]
    newest_first = _window(call, here)[::-1]
    page, metadata = call.page(newest_first, 100, call.page_limit)
    return {
        "messages": [_shown(call, channel, message) for message in page],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": len(channel.pins),
        "response_metadata": metadata,
    }


def _replies(call: Call) -> Obj:
    """The parent stands first on every page; the bounds apply to the replies only."""
    channel = call.joined()
    named = channel.stored(call.text("ts"))
    if named is None:
        raise SlackError("thread_not_found")
    parent = named if not named.thread_ts else channel.stored(named.thread_ts)
    replies = _window(call, channel.replies(parent.ts if parent else named.thread_ts))
    page, metadata = call.page(replies, call.page_limit, call.page_limit)
    first = [parent] if parent else []
    return {
        "messages": [_shown(call, channel, message) for message in (*first, *page)],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


def _types(call: Call) -> set[str]:
    types = set((call.text("types") or "public_channel").replace(" ", "").split(","))
    if not types <= _TYPES:
        raise SlackError("invalid_types")
    if "private_channel" in types:
        call.need("groups:read")
    return types


def _kept(call: Call, types: set[str], channel: Channel) -> bool:
    return channel.kind in types and not (channel.is_archived and call.flag("exclude_archived"))


def _list(call: Call) -> Obj:
    """Filters come after paging, so that a page can be short or empty and still go on."""
    types = _types(call)
    page, metadata = call.page(call.workspace.visible(call.me), 100, 999)
    kept = [channel for channel in page if _kept(call, types, channel)]
    shown = [channel_json(call.site, channel, call.me) for channel in kept]
    return {"channels": list(shown), "response_metadata": metadata}


def _of_user(call: Call) -> Obj:
    who = call.user().id if call.has("user") else call.me
    types = _types(call)
    both = [c for c in call.workspace.visible(call.me) if who in c.members]
    kept = [channel for channel in both if _kept(call, types, channel)]
    page, metadata = call.page(kept, 100, 999)
    shown = [channel_json(call.site, channel, call.me) for channel in page]
    return {"channels": list(shown), "response_metadata": metadata}


def _info(call: Call) -> Obj:
    channel = call.channel()
    locale = call.flag("include_locale")
    return {"channel": channel_json(call.site, channel, call.me, locale=locale)}


def _members(call: Call) -> Obj:
    page, metadata = call.page(call.channel().members, 100, 999)
    return {"members": list(page), "response_metadata": metadata}


def _join(call: Call) -> Obj:
    channel = call.channel()
    if channel.kind != "public_channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    answer: Obj = {}
    if call.me in channel.members:
        warnings: Obj = {"warnings": ["already_in_channel"]}
        answer = {"warning": "already_in_channel", "response_metadata": warnings}
    else:
        admit(call, channel, call.me)
    return answer | {"channel": channel_json(call.site, channel, call.me)}


def admit(call: Call, channel: Channel, user: str) -> None:
    """Make somebody a member and tell the app."""
    channel.members.append(user)
    call.workspace.notices.tell("channel", channel.id)
    call.workspace.happen(
        "member_joined_channel",
        user=user,
        channel=channel.id,
        channel_type="C",
        team=call.site.world.team_id,
    )


def _open(call: Call) -> Obj:
    users = call.text("users").split(",")
    if len(users) > 1:
        raise SlackError("too_many_users")
    if call.workspace.user(users[0]) is None:
        raise SlackError("user_not_found")
    channel = call.workspace.direct(users[0])
    return {"channel": {"id": channel.id}, "no_op": False, "already_open": True}


# ------------------------------------------------------------------ reactions and pins


def _marked(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.stored(call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


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
        "message": message_json(call.site, channel, message),
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
        {
            "type": "message",
            "channel": channel.id,
            "message": message_json(call.site, channel, message),
        }
        for message in pinned
    ]
    return {"items": items}


METHODS = (
    Method(
        "conversations.list",
        _list,
        "channels:read",
        "2",
        "types exclude_archived limit cursor team_id",
    ),
    Method("conversations.info", _info, "channels:read", "3", "channel* include_locale"),
    Method("conversations.history", _history, "", "3", f"channel* {_WINDOW}"),
    Method("conversations.replies", _replies, "", "3", f"channel* ts* {_WINDOW}"),
    Method("conversations.members", _members, "channels:read", "4", "channel* limit cursor"),
    Method("conversations.open", _open, "im:write", "3", "users* return_im"),
    Method("conversations.join", _join, "channels:join", "3", "channel*"),
    Method(
        "users.conversations",
        _of_user,
        "channels:read",
        "3",
        "user types exclude_archived limit cursor team_id",
    ),
    Method("reactions.add", _react, "reactions:write", "3", "channel* timestamp* name*"),
    Method("reactions.remove", _unreact, "reactions:write", "2", "channel* timestamp* name*"),
    Method("reactions.get", _reactions, "reactions:read", "3", "channel* timestamp* full"),
    Method("pins.add", _pin, "pins:write", "2", "channel* timestamp*"),
    Method("pins.remove", _unpin, "pins:write", "2", "channel* timestamp*"),
    Method("pins.list", _pins, "pins:read", "2", "channel*"),
)
