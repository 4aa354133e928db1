"""What the composer hands out: chat messages as plain JSON values.

No node of a document travels beyond here, and nothing here knows a dialect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

JSONValue: TypeAlias = (
    "str | int | float | bool | Sequence[JSONValue] | Mapping[str, JSONValue] | None"
)
Block: TypeAlias = "Mapping[str, JSONValue]"
"""One chat block as Slack's JSON, ready to send. Built once, never changed."""


class Style(StrEnum):
    """How an issue is laid out in a channel."""

    THREAD = "thread"  # a card in the channel, the complete issue in its thread
    CARD = "card"  # the card alone
    FULL = "full"  # the complete issue in the channel


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message.

    `text` is what notifications and screen readers get: plain words, already escaped for
    Slack, at most 3,000 UTF-8 bytes, never empty.
    """

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """A post as messages: the first stands in the channel, the rest in its thread, in order.

    `omitted` holds text or URLs that were left out on purpose; `problems` says in words which
    templates failed and gave way to our own words.
    """

    messages: tuple[Message, ...]
    omitted: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
