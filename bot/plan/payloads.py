"""What a message is made of, compared and made simpler step by step when Slack refuses it.

Pure. The steps: whole, without the pictures that Slack could not fetch, an excerpt with a link.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.model.deliveries import Delivery, PayloadRefused
from formatters.message import Block, JSONValue, Message

EXCERPT_RUNG = 9
"""The last step; those before it each leave out pictures."""
EXCERPT_CHARS = 600
MENDABLE = frozenset(
    {
        "block_mismatch",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_large",
        "msg_too_long",
        "too_many_attachments",
    }
)
"""Refusals that are about what is in a message, not about how it was sent."""
POINTER = re.compile(r"/blocks/(\d+)")


def fingerprint(message: Message) -> str:
    """The same for messages with the same content, whatever process made them."""
    content = json.dumps([message.text, message.blocks], sort_keys=True, default=list)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def struck(message: Message) -> Message:
    """The words of a message, struck through."""
    text = html.unescape(message.text)
    return Message(
        message.text, (_rich({"type": "text", "text": text, "style": {"strike": True}}),)
    )


def simpler(delivery: Delivery, refused: PayloadRefused) -> tuple[Message, int] | None:
    """A simpler message in place of one that Slack refused, and its rung.

    Returns:
        None if there is nothing simpler, or the fault is none of the message's content.
    """
    if refused.code not in MENDABLE or delivery.rung >= EXCERPT_RUNG:
        return None
    if delivery.rung + 1 < EXCERPT_RUNG and "image" in refused.detail.lower():
        blocks = _without_pictures(delivery.message.blocks, refused.detail)
        if blocks != delivery.message.blocks:
            return Message(delivery.message.text, blocks), delivery.rung + 1
    return _excerpt(delivery), EXCERPT_RUNG


def _without_pictures(blocks: Sequence[Block], detail: str) -> tuple[Block, ...]:
    """Links in place of the pictures that are blamed; of all, where none is named."""
    named = {int(number) for number in POINTER.findall(detail)}
    return tuple(
        _linked(block)
        if block.get("type") == "image" and number in (named or {number})
        else block
        for number, block in enumerate(blocks)
    )


def _linked(picture: Block) -> Block:
    """A picture as a link with its description."""
    url, words = str(picture.get("image_url") or ""), str(picture.get("alt_text") or "")
    link: Mapping[str, JSONValue] = {"type": "link", "url": url, "text": words or url}
    plain: Mapping[str, JSONValue] = {"type": "text", "text": words or "–"}
    return _rich(link if url else plain)


def _excerpt(delivery: Delivery) -> Message:
    """The first words, as plain as can be, and where the rest is.

    It is rich text since an edit may not turn rich text into anything else (`block_mismatch`,
    `/reference/methods/chat.update`, read 2026-08-20).
    """
    words = " ".join(" ".join(_words(delivery.message.blocks)).split())
    words = words or html.unescape(delivery.message.text)
    if len(words) > EXCERPT_CHARS:
        words = words[:EXCERPT_CHARS].rsplit(" ", 1)[0] + " …"
    runs: list[Mapping[str, JSONValue]] = [{"type": "text", "text": words}]
    if delivery.url:
        runs += [{"type": "text", "text": "\n"}, {"type": "link", "url": delivery.url}]
    return Message(delivery.message.text, (_rich(*runs),))


def _words(value: JSONValue) -> Iterator[str]:
    """Everything in blocks that a reader reads, in order."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _words(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _words(inner)


def _rich(*runs: Mapping[str, JSONValue]) -> Block:
    section: Mapping[str, JSONValue] = {"type": "rich_text_section", "elements": list(runs)}
    return {"type": "rich_text", "elements": [section]}
