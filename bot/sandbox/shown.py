"""How the workspace's data looks in Slack's JSON.

Pure reading: changes nothing. Shapes: /reference/objects and the method pages (read 2026-08-20).
"""

from zoneinfo import ZoneInfo

from bot.sandbox.call import Site
from bot.sandbox.shapes import JSONValue, Obj
from bot.sandbox.state import Channel, Message, User, View


def message_json(
    site: Site, channel: Channel, message: Message, *, all_metadata: bool = False
) -> Obj:
    """One message. Without `all_metadata` only the event_type of its metadata is told."""
    shown: Obj = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": site.world.team_id,
    }
    if message.by_bot:
        shown |= {"bot_id": site.app.bot_id, "app_id": site.app.id}
    optional: Obj = {
        "subtype": message.subtype,
        "username": message.username,
        "blocks": list(message.blocks),
        "attachments": list(message.attachments),
        "client_msg_id": message.client_msg_id,
        "thread_ts": message.thread_ts,
        "reactions": _reactions(message),
        "metadata": _metadata(message, everything=all_metadata),
    }
    shown |= {key: value for key, value in optional.items() if value}
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    return shown | _thread(channel, message)


def _metadata(message: Message, *, everything: bool) -> JSONValue:
    if not message.metadata or everything:
        return message.metadata
    return {"event_type": message.metadata.get("event_type")}


def _reactions(message: Message) -> list[JSONValue]:
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]


def _thread(channel: Channel, message: Message) -> Obj:
    """The fields that a parent has once somebody replied; `parent_user_id` on replies."""
    if message.thread_ts:
        parent = channel.stored(message.thread_ts)
        return {"parent_user_id": parent.user} if parent else {}
    replies = [] if message.visible_to else channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": list(users[:5]),
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def channel_json(site: Site, channel: Channel, viewer: str, *, locale: bool = False) -> Obj:
    """One conversation as `viewer` sees it."""
    shown: Obj = {"id": channel.id, "created": channel.created}
    if channel.im_user:
        shown |= {"is_im": True, "user": channel.im_user, "is_archived": channel.is_archived}
    else:
        shown |= {
            "name": channel.name,
            "name_normalized": channel.name,
            "is_channel": not channel.is_private,
            "is_group": channel.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_general": channel.name == "general",
            "is_member": viewer in channel.members,
            "creator": next(iter(site.world.users), ""),
            "topic": {"value": channel.topic, "creator": "", "last_set": 0},
            "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
            "num_members": len(channel.members),
            "context_team_id": site.world.team_id,
        }
    return shown | ({"locale": channel.locale} if locale else {})


def user_json(site: Site, user: User, *, locale: bool = False) -> Obj:
    """One member. `tz_offset` is in seconds east of UTC now."""
    zone = site.workspace.now().astimezone(ZoneInfo(user.tz))
    offset = zone.utcoffset()
    shown: Obj = {
        "id": user.id,
        "team_id": site.world.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "tz": user.tz,
        "tz_label": zone.tzname() or user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
        "profile": _profile(site, user),
    }
    return shown | ({"locale": user.locale} if locale else {})


def _profile(site: Site, user: User) -> Obj:
    profile: Obj = {"real_name": user.real_name, "display_name": user.name, "team": ""}
    if user.email:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"bot_id": site.app.bot_id, "api_app_id": site.app.id}
    return profile


def view_json(site: Site, view: View) -> Obj:
    """One view, with what was typed into it under `state`."""
    defaults: Obj = {
        "title": None,
        "submit": None,
        "close": None,
        "blocks": [],
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return {
        **defaults,
        **view.body,
        "id": view.id,
        "team_id": site.world.team_id,
        "app_id": site.app.id,
        "app_installed_team_id": site.world.team_id,
        "bot_id": site.app.bot_id,
        "hash": view.hash,
        "state": {"values": view.values},
        "root_view_id": view.root or view.id,
        "previous_view_id": view.previous or None,
    }
