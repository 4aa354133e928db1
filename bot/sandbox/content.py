"""What a message carries: text, blocks, metadata, checked as Slack checks them.

Pure. Block rules are `formatters.slack.limits`; the numbers here are those of whole messages.
"""

from collections.abc import Sequence

from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.shapes import JSONValue, Obj, dicts, obj, objs
from formatters.slack.limits import Fault, faults, weight

# chat.postMessage cuts longer text: /changelog/2018-truncating-really-long-messages (read 2026-08-20)
_TEXT_CHARS = 40_000
# chat.update refuses; bytes by one live test, pymc-labs/daimon#106 (read 2026-08-20)
_UPDATE_BYTES = 4_000
# Undocumented; the lowest refusal seen, slackapi/bolt-js#2867 (read 2026-08-20).
_HEAVY = 11_300
_ATTACHMENTS = 100  # /reference/methods/chat.postMessage (read 2026-08-20)
# The block rules are ours for posts, which call nobody; Slack itself takes mentions.
_OURS = "mentions "


def text_of(call: Call) -> tuple[str, Obj]:
    """The text of a new message, cut where Slack cuts, and what the answer says about it."""
    text = call.text("text")
    if len(text) <= _TEXT_CHARS:
        return text, {}
    warning: Obj = {
        "warning": "message_truncated",
        "response_metadata": {"warnings": ["message_truncated"]},
    }
    return text[:_TEXT_CHARS], warning


def check_update_text(text: str) -> None:
    """Refuse a text that chat.update would not take."""
    if len(text.encode()) > _UPDATE_BYTES:
        raise SlackError("msg_too_long")


def blocks_of(call: Call) -> list[Obj] | None:
    """The blocks of a message with their block ids filled in; None if none were sent."""
    if markdown := call.text("markdown_text"):
        if call.has("text") or call.has("blocks"):
            raise SlackError("markdown_text_conflict")
        return with_ids([{"type": "markdown", "text": markdown}])
    value = call.data("blocks", "invalid_blocks_format")
    if value is None:
        return None
    if not isinstance(value, list):
        raise SlackError("invalid_blocks_format")
    check_blocks(value)
    if weight(dicts(value)) > _HEAVY:
        raise SlackError("msg_blocks_too_long")
    return with_ids(dicts(value))


def check_blocks(value: JSONValue) -> None:
    """Refuse blocks with `invalid_blocks`, naming every fault (slack-sdk's `errors`)."""
    found = slack_faults(value)
    if found:
        words = [f"{fault.message} [json-pointer:{fault.pointer}]" for fault in found]
        messages: list[JSONValue] = [f"[ERROR] {word}" for word in words]
        raise SlackError(
            "invalid_blocks", errors=list(words), response_metadata={"messages": messages}
        )


def slack_faults(value: JSONValue) -> list[Fault]:
    """What Slack would refuse in the blocks of a message."""
    return [f for f in faults(value) if not f.message.startswith(_OURS)]


def with_ids(blocks: Sequence[Obj]) -> list[Obj]:
    """Name the blocks that have no block_id, as Slack does when it stores them."""
    return [
        {**block, "block_id": block.get("block_id") or f"b{position}"}
        for position, block in enumerate(blocks)
    ]


def attachments_of(call: Call) -> list[Obj] | None:
    """The legacy attachments; None if none were sent."""
    value = call.data("attachments", "invalid_attachments")
    if value is None:
        return None
    if len(objs(value)) > _ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return dicts(value)


def metadata_of(call: Call) -> Obj | None:
    """The metadata: None if none was sent, {} if it is to be taken away.

    Slack documents no size for `metadata_too_large`, so none is invented here.
    """
    value = call.data("metadata", "invalid_metadata_format")
    if value is None:
        return None
    metadata = obj(value)
    if metadata == {} == value:
        return {}
    payload = metadata.get("event_payload")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if not all(map(_plain, payload.values())):
        raise SlackError("invalid_metadata_schema")
    return {"event_type": metadata["event_type"], "event_payload": payload}


def _plain(value: JSONValue) -> bool:
    """Scalars, flat objects, lists of flat objects: @slack/types MessageMetadata (2026-08-20)."""
    if isinstance(value, list):
        return all(isinstance(inner, dict) and _flat(inner) for inner in value)
    return _flat(value) if isinstance(value, dict) else value is not None


def _flat(value: Obj) -> bool:
    return all(isinstance(inner, str | int | float | bool) for inner in value.values())
