"""chat.*: posting, editing, deleting. Facts: /reference/methods/chat.* (read 2026-08-20).

Handlers only; each refuses before it changes anything.
"""

from bot.sandbox.call import Call, Method
from bot.sandbox.content import (
    attachments_of,
    blocks_of,
    check_update_text,
    metadata_of,
    text_of,
)
from bot.sandbox.errors import SlackError
from bot.sandbox.shapes import Obj, dicts, obj
from bot.sandbox.shown import message_json
from bot.sandbox.state import SLACKBOT, Channel, Message

_EVENT = {"public_channel": "message.channels", "private_channel": "message.groups"}
_POST_ARGS = (
    "channel* text blocks attachments markdown_text thread_ts reply_broadcast metadata "
    "client_msg_id username icon_emoji icon_url mrkdwn parse link_names unfurl_links unfurl_media"
)


def _post_message(call: Call) -> Obj:
    channel = _postable(call)
    _check_customised(call)
    message, warning = _new(call, channel)
    metadata = metadata_of(call)
    message.metadata = metadata or None
    call.workspace.post(channel, message)
    shown = _shown(call, channel, message)
    call.workspace.happen(
        _EVENT.get(channel.kind, "message.im"),
        **{**shown, "channel": channel.id, "channel_type": channel.kind.split("_")[0]},
    )
    return {"channel": channel.id, "ts": message.ts, "message": shown, **warning}


def _postable(call: Call) -> Channel:
    """Find the channel and the right to post there; a user's id opens the direct message."""
    user = call.workspace.user(call.text("channel"))
    channel = call.workspace.direct(user.id) if user else call.channel()
    if channel.im_user and not call.site.app.messages_enabled:
        raise SlackError("messages_tab_disabled")
    if channel.is_archived:
        raise SlackError("is_archived")
    scopes = call.grant.scopes if call.grant else frozenset()
    if call.me not in channel.members and "chat:write.public" not in scopes:
        raise SlackError("not_in_channel")
    return channel


def _check_customised(call: Call) -> None:
    if call.flag("as_user"):
        raise SlackError("as_user_not_supported")
    if any(call.text(name) for name in ("username", "icon_emoji", "icon_url")):
        call.need("chat:write.customize")


def _new(call: Call, channel: Channel) -> tuple[Message, Obj]:
    """Build the message a call asks for, without storing it."""
    text, warning = text_of(call)
    blocks, attachments = blocks_of(call), attachments_of(call)
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    thread = _thread(call, channel)
    message = Message(
        call.workspace.next_ts(),
        call.me,
        text,
        blocks or [],
        attachments or [],
        thread_ts=thread,
        by_bot=True,
        username=call.text("username"),
        client_msg_id=call.text("client_msg_id"),
        subtype="thread_broadcast" if thread and call.flag("reply_broadcast") else "",
    )
    return message, warning


def _thread(call: Call, channel: Channel) -> str:
    """The parent's ts; a reply's ts means its parent. Its code: slackapi/bolt-js#2307."""
    wanted = call.text("thread_ts")
    if not wanted:
        return ""
    parent = channel.stored(wanted)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def _shown(call: Call, channel: Channel, message: Message) -> Obj:
    return message_json(call.site, channel, message, all_metadata=True)


def _own(call: Call, channel: Channel, refusal: str) -> Message:
    """The app's own stored message; ephemeral ones are not stored, hence not found."""
    message = channel.stored(call.text("ts"))
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    if message.user != call.me:
        raise SlackError(refusal)
    return message


def _update(call: Call) -> Obj:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    message = _own(call, channel, "cant_update_message")
    check_update_text(call.text("text"))
    blocks, attachments, metadata = blocks_of(call), attachments_of(call), metadata_of(call)
    if not call.text("text") and blocks is None and attachments is None:
        raise SlackError("no_text")
    _check_kind(message, blocks)
    _change(call, message, blocks, attachments)
    if metadata is not None:
        message.metadata = metadata or None
    call.workspace.tell(channel, message)
    shown = _shown(call, channel, message)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": shown,
    }


def _check_kind(message: Message, blocks: list[Obj] | None) -> None:
    """Rich text may not become anything else; the exact scope of this rule is not documented."""
    if blocks and _rich(message.blocks) and not _rich(blocks):
        raise SlackError("block_mismatch")


def _rich(blocks: list[Obj]) -> bool:
    return any(block.get("type") == "rich_text" for block in blocks)


def _change(
    call: Call, message: Message, blocks: list[Obj] | None, attachments: list[Obj] | None
) -> None:
    """Text alone takes the blocks away and marks the message as edited; blocks do not mark it."""
    if call.text("text"):
        message.text = call.text("text")
    if blocks is None and call.text("text"):
        message.edited = call.workspace.next_ts()
        message.blocks = []
    elif blocks is not None:
        message.blocks = blocks
    if attachments is not None:
        message.attachments = attachments


def _delete(call: Call) -> Obj:
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    erase(channel, message)
    call.workspace.tell(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def erase(channel: Channel, message: Message) -> None:
    """Take a message away; a parent with replies leaves a tombstone so that its thread stands."""
    if not channel.replies(message.ts):
        channel.messages.remove(message)
        return
    message.text, message.subtype, message.user = (
        "This message was deleted.",
        "tombstone",
        SLACKBOT,
    )
    message.blocks, message.attachments, message.metadata = [], [], None


def _post_ephemeral(call: Call) -> Obj:
    channel = _postable(call)
    user = call.user()
    if user.id not in channel.members or user.deleted:
        raise SlackError("user_not_in_channel")
    message, _ = _new(call, channel)
    message.visible_to = user.id
    call.workspace.post(channel, message)
    return {"message_ts": message.ts}


def _permalink(call: Call) -> Obj:
    channel = call.channel()
    message = channel.stored(call.text("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"{call.site.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _unfurl(call: Call) -> Obj:
    """Hang previews below a message. No rich_text: /messaging/unfurling-links-in-messages."""
    channel = call.channel()
    message = channel.stored(call.text("ts"))
    if message is None:
        raise SlackError("cannot_find_message")
    unfurls = obj(call.data("unfurls", "cannot_parse_attachment"))
    cards = [
        {"from_url": url, "app_unfurl_url": url, **obj(card)} for url, card in unfurls.items()
    ]
    if any(_rich(dicts(card.get("blocks"))) for card in cards):
        raise SlackError("invalid_blocks")
    message.attachments = [
        *(old for old in message.attachments if old.get("from_url") not in unfurls),
        *cards,
    ]
    call.workspace.tell(channel, message)
    return {}


METHODS = (
    Method("chat.postMessage", _post_message, "chat:write", "post", _POST_ARGS),
    Method(
        "chat.update",
        _update,
        "chat:write",
        "3",
        "channel* ts* text blocks attachments markdown_text metadata parse link_names",
    ),
    Method("chat.delete", _delete, "chat:write", "3", "channel* ts*"),
    Method(
        "chat.postEphemeral",
        _post_ephemeral,
        "chat:write",
        "4",
        "channel* user* text blocks attachments markdown_text thread_ts",
    ),
    Method("chat.getPermalink", _permalink, "", "special", "channel* message_ts*"),
    Method("chat.unfurl", _unfurl, "links:write", "3", "channel* ts* unfurls*"),
)
