"""The payloads of commands and interactions, as the app receives them.

Pure. /interactivity/implementing-slash-commands, /reference/interaction-payloads (2026-08-20).
"""

import re

from bot.sandbox.call import Site
from bot.sandbox.shapes import JSONValue, Obj
from bot.sandbox.shown import message_json, view_json
from bot.sandbox.state import Channel, Message, User, View

_NAMED = re.compile(r"(?<!\S)([@#])([\w.-]+)")


def _common(site: Site) -> Obj:
    return {
        "token": "sandbox",
        "api_app_id": site.app.id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _person(site: Site, user: User) -> Obj:
    team = site.world.team_id
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": team}


def _team(site: Site) -> Obj:
    return {"id": site.world.team_id, "domain": "sandbox"}


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
        "type": "block_actions",
        "team": _team(site),
        "user": _person(site, user),
        **_common(site),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "state": {"values": {}},
        "actions": [action],
    }
    if not ephemeral:
        payload["message"] = message_json(
            site.world, site.app, channel, message, all_metadata=True
        )
    return payload


def view_action(site: Site, user: User, view: View, action: Obj) -> Obj:
    """A click in a modal or on the Home tab."""
    shown = view_json(site.world, site.app, view)
    return {
        "type": "block_actions",
        "team": _team(site),
        "user": _person(site, user),
        **_common(site),
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "state": {"values": view.values},
        "actions": [action],
    }


def view_submission(site: Site, user: User, view: View) -> Obj:
    """A submitted modal."""
    responses: list[JSONValue] = []
    return {
        "type": "view_submission",
        "team": _team(site),
        "user": _person(site, user),
        **_common(site),
        "view": view_json(site.world, site.app, view),
        "response_urls": responses,
    }


def view_closed(site: Site, user: User, view: View, *, cleared: bool) -> Obj:
    """A dismissed modal."""
    return {
        "type": "view_closed",
        "team": _team(site),
        "user": _person(site, user),
        **_common(site),
        "view": view_json(site.world, site.app, view),
        "is_cleared": cleared,
    }
