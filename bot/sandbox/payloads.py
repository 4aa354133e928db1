"""The payloads of commands and interactions, as the app receives them.

Pure. /interactivity/implementing-slash-commands, /reference/interaction-payloads,
/reference/block-kit/block-elements (read 2026-08-20).
"""

import re
from collections.abc import Mapping

from bot.sandbox.call import Site
from bot.sandbox.errors import ControlError
from bot.sandbox.shapes import JSONValue, Obj, dicts, nodes, string
from bot.sandbox.shown import message_json, view_json
from bot.sandbox.state import Channel, Message, User, View

_FIELDS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
}
_OPTIONS = frozenset({"static_select", "overflow", "radio_buttons"})
_NAMED = re.compile(r"(?<!\S)([@#])([\w.-]+)")


def _interaction(site: Site, kind: str, user: User) -> Obj:
    """What all interactions begin with."""
    team = site.world.team_id
    return {
        "type": kind,
        "team": {"id": team, "domain": "sandbox"},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team},
        "token": "sandbox",
        "api_app_id": site.app.id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(site: Site, user: User, channel: Channel, name: str, text: str) -> Obj:
    """A slash command without response_url and trigger_id."""
    return {
        "token": "sandbox",
        "team_id": site.world.team_id,
        "team_domain": "sandbox",
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.im_user else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": site.app.id,
        "is_enterprise_install": "false",
    }


def escaped(site: Site, text: str) -> str:
    """Turn @name and #channel into ids, as `should_escape` does; private names stay empty."""

    def swap(match: re.Match[str]) -> str:
        mark, name = match.groups()
        if mark == "@":
            for user in site.world.users.values():
                if user.name == name:
                    return f"<@{user.id}|{user.name}>"
        else:
            channel = site.workspace.channel(name)
            if channel:
                return f"<#{channel.id}|{'' if channel.is_private else channel.name}>"
        return match[0]

    return _NAMED.sub(swap, text)


def message_action(
    site: Site, user: User, channel: Channel, message: Message, action: Obj
) -> Obj:
    """A click on a message. Ephemeral messages come without their content."""
    ephemeral = bool(message.visible_to)
    container: Obj = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload: Obj = {
        **_interaction(site, "block_actions", user),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "state": {"values": {}},
        "actions": [action],
    }
    if not ephemeral:
        payload["message"] = message_json(site, channel, message, all_metadata=True)
    return payload


def view_action(site: Site, user: User, view: View, action: Obj) -> Obj:
    """A click in a modal or on the Home tab."""
    return {
        **_interaction(site, "block_actions", user),
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(site, view),
        "state": {"values": view.values},
        "actions": [action],
    }


def view_submission(site: Site, user: User, view: View) -> Obj:
    """A submitted modal."""
    return {
        **_interaction(site, "view_submission", user),
        "view": view_json(site, view),
        "response_urls": [],
    }


def view_closed(site: Site, user: User, view: View, *, cleared: bool) -> Obj:
    """A dismissed modal."""
    return {
        **_interaction(site, "view_closed", user),
        "view": view_json(site, view),
        "is_cleared": cleared,
    }


# ------------------------------------------------------------------ what was chosen or typed


def element(blocks: JSONValue, action_id: str, block_id: str | None) -> tuple[str, Obj]:
    """Find an interactive element and the block_id it stands under."""
    for block, node in nodes(blocks):
        if node.get("action_id") == action_id and block_id in (None, block):
            return block, node
    raise ControlError(f"there is no element {action_id!r} here")


def action(block: str, node: Obj, value: JSONValue, ts: str) -> Obj:
    """One entry of `actions`. `value` is a string, or fields as Slack names them."""
    kept = ("text", "value", "style") if node.get("type") == "button" else ()
    return {
        "type": node.get("type"),
        "action_id": node.get("action_id"),
        "block_id": block,
        **{key: node[key] for key in kept if key in node},
        **_chosen(node, value),
        "action_ts": ts,
    }


def typed(view: View, values: Mapping[str, JSONValue]) -> Obj:
    """The `state.values` of a view; values in short are written out as Slack writes them."""
    state: Obj = {}
    for block, held in values.items():
        if not isinstance(held, Mapping):
            raise ControlError(f"values of block {block!r} must be an object")
        state[block] = {name: _held(view, block, name, value) for name, value in held.items()}
    return state


def _held(view: View, block: str, name: str, value: JSONValue) -> Obj:
    _, node = element(view.body.get("blocks"), name, block)
    return {"type": node.get("type"), **_chosen(node, value)}


def _chosen(node: Obj, value: JSONValue) -> Obj:
    if isinstance(value, Mapping):
        return {key: inner for key, inner in value.items() if key != "type"}
    if value is None:
        return {}
    kind = string(node.get("type"))
    field = _FIELDS.get(kind, "value")
    return {field: _option(node, string(value)) if kind in _OPTIONS else value}


def _option(node: Obj, value: str) -> Obj:
    groups = [node, *dicts(node.get("option_groups"))]
    for group in groups:
        for option in dicts(group.get("options")):
            if option.get("value") == value:
                return option
    raise ControlError(f"{node.get('action_id')} has no option {value!r}")
