"""Single blocks, built by hand: headings, small print, buttons, pictures.

Pure. Strings that are too long are shortened; what a block must hold whole belongs into rich text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from formatters.message import Block, JSONValue
from formatters.slack import numbers
from formatters.slack.cut import shortened
from formatters.slack.numbers import Limit


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `action` is its action_id; `value` comes back with a click, `url` opens a page.

    `style` is "", "primary" or "danger". `confirm` asks before the click counts.
    """

    text: str
    action: str
    value: str = ""
    url: str = ""
    style: str = ""
    confirm: "Confirm | None" = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """The question before a click counts, with the words for yes and no."""

    title: str
    text: str
    yes: str
    no: str


def header(text: str) -> Block:
    """Make a heading of plain text, at most 150 characters of it."""
    return {"type": "header", "text": plain_text(text, numbers.HEADER_TEXT)}


def text_section(text: str, *, plain: bool = False) -> Block:
    """Make a paragraph of words of our own.

    Args:
        text: mrkdwn, values in it already escaped (`phrases.phrase` does); Slack adds no links
            and no mentions of its own to it. Cut after 3,000 characters.
        plain: take `text` as it is, nothing in it is markup.
    """
    if plain:
        return {"type": "section", "text": plain_text(text, numbers.SECTION_TEXT)}
    return {"type": "section", "text": _mrkdwn(text, numbers.SECTION_TEXT)}


def context(*texts: str, plain: bool = False) -> Block:
    """Make a line of small print of one to ten texts, mrkdwn unless `plain`."""
    made = plain_text if plain else _mrkdwn
    kept = texts[: numbers.CONTEXT_ELEMENTS.most]
    return {"type": "context", "elements": [made(t, numbers.TEXT_OBJECT) for t in kept]}


def buttons(*items: Button) -> Block:
    """Make a row of one to 25 buttons; each needs an action_id of its own in a message."""
    return {"type": "actions", "elements": [button(item) for item in items]}


def button(item: Button) -> Block:
    """Make one button, for a row or as a section's accessory."""
    made: dict[str, JSONValue] = {
        "type": "button",
        "text": plain_text(item.text, numbers.BUTTON_TEXT),
        "action_id": item.action,
    }
    if item.value:
        made["value"] = shortened(item.value, numbers.BUTTON_VALUE.most)
    if item.url:
        made["url"] = item.url
    if item.style:
        made["style"] = item.style
    if item.confirm:
        made["confirm"] = _confirm(item.confirm)
    return made


def image(url: str, *, alt: str, title: str = "") -> Block:
    """Make a picture; `alt` may not be blank."""
    made: dict[str, JSONValue] = {
        "type": "image",
        "image_url": url,
        "alt_text": shortened(alt, numbers.IMAGE_ALT.most),
    }
    if title.strip():
        made["title"] = plain_text(title, numbers.IMAGE_TITLE)
    return made


def divider() -> Block:
    """Make a line across."""
    return {"type": "divider"}


def rich_text(elements: Sequence[Block]) -> Block:
    """Make a block of rich text elements."""
    return {"type": "rich_text", "elements": list(elements)}


def plain_text(text: str, limit: Limit) -> Block:
    """Make a text object in which nothing is markup, `:smile:` neither."""
    return {"type": "plain_text", "text": shortened(text, limit.most), "emoji": False}


def _mrkdwn(text: str, limit: Limit) -> Block:
    return {"type": "mrkdwn", "text": shortened(text, limit.most), "verbatim": True}


def _confirm(question: Confirm) -> Block:
    return {
        "title": plain_text(question.title, numbers.CONFIRM_TITLE),
        "text": plain_text(question.text, numbers.CONFIRM_TEXT),
        "confirm": plain_text(question.yes, numbers.CONFIRM_ANSWER),
        "deny": plain_text(question.no, numbers.CONFIRM_ANSWER),
    }
