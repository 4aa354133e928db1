"""Slack's JSON as HTML: messages, blocks, modals, Home.

Pure: JSON in, escaped markup out, through the templates beside this file. What it does not know
is drawn as a visible error with its JSON, never left out.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError
from jinja2.runtime import Macro
from markupsafe import Markup

from bot.sandbox.emoji import EMOJI
from bot.sandbox.look import Look, link, picture
from bot.sandbox.mrkdwn import Mrkdwn, anchor, emoticon, lines, mention
from formatters.message import JSONValue

JSONObject = Mapping[str, JSONValue]

BLOCKS = (
    *("section", "rich_text", "header", "image", "context", "actions", "divider", "input"),
    *("markdown", "table", "data_table", "video", "file", "alert", "card", "carousel"),
    *("container", "context_actions"),
)
ELEMENTS = (
    *("button", "workflow_button", "overflow", "image", "checkboxes", "radio_buttons"),
    *("static_select", "multi_static_select", "users_select", "multi_users_select"),
    *("channels_select", "multi_channels_select", "conversations_select"),
    *("multi_conversations_select", "datepicker", "timepicker", "datetimepicker"),
    *("plain_text_input", "email_text_input", "url_text_input", "number_input"),
    *("rich_text_input", "feedback_buttons", "icon_button"),
)
RUNS = (
    *("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"),
    *("text", "link", "emoji", "user", "usergroup", "channel", "team", "broadcast"),
    *("date", "color"),
)
# Outermost first. Slack's names of styles to our tags.
STYLES = (("bold", "strong"), ("italic", "em"), ("strike", "s"), ("underline", "u"))
COMPACT_WITHIN = 300  # seconds after which the same author gets a new avatar; by eye
HUES = 8  # how many colours of avatars page.css has
TEMPLATES = ("blocks", "elements", "rich_text", "message", "views", "side", "panels")
NAMED = re.compile(":(" + "|".join(map(re.escape, EMOJI)) + "):")
BROKEN = (TemplateError, TypeError, ValueError, AttributeError, LookupError)
"""What a macro raises when JSON has not the shape that it expects."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a timeline. `day` is "" unless a day begins here; `compact` hides the author."""

    message: JSONObject
    compact: bool
    day: str


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.sandbox"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = readable
    return environment


def readable(value: JSONValue) -> str:
    """Write JSON for people: indented, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def shell(look: Look, **values: object) -> Markup:
    """Draw the page without its contents. `values` are what page.html names."""
    html = _environment().get_template("page.html").render(look=look, say=look.say, **values)
    return Markup(html)  # noqa: S704 - the template has escaped it


def site_page(**values: object) -> Markup:
    """Draw a page of the community's site. `values` are what site.html names."""
    # The template has escaped it.
    return Markup(_environment().get_template("site.html").render(**values))  # noqa: S704


def consent_page(**values: object) -> Markup:
    """Draw the page on which an app is let in. `values` are what consent.html names."""
    # The template has escaped it.
    return Markup(_environment().get_template("consent.html").render(**values))  # noqa: S704


class Renderer:
    """Draws Slack's JSON for one viewer."""

    def __init__(self, look: Look) -> None:
        self.look = look
        drawing = {
            "look": look,
            "say": look.say,
            "blocks": self.blocks,
            "element": self.element,
            "run": self.run,
            "text": self.text,
            "styled": styled,
            "lines": lines,
            "mention": mention,
            "emoji_of": emoticon,
            "anchor": anchor,
            "link": link,
            "picture": picture,
            "initials": initials,
            "hue": hue,
            "rows": self.rows,
            "author": self.author,
        }
        self._templates = {
            name: _environment().get_template(f"{name}.html").make_module(drawing)
            for name in TEMPLATES
        }

    def blocks(self, blocks: Sequence[JSONValue]) -> Markup:
        """Draw blocks in order. Raises TypeError for something that is no list."""
        return Markup("").join(self._draw("blocks", BLOCKS, block) for block in _list(blocks))

    def element(self, element: JSONValue, block_id: str = "") -> Markup:
        """Draw an interactive element or a picture inside a block."""
        return self._draw("elements", ELEMENTS, element, block_id)

    def run(self, run: JSONValue) -> Markup:
        """Draw an element of a rich text: a list, a quote, a word."""
        return self._draw("rich_text", RUNS, run)

    def text(self, text: JSONValue) -> Markup:
        """Draw a text object. Raises what BROKEN names for something that is none."""
        value = _object(text)
        words = value["text"]
        if not isinstance(words, str):
            raise TypeError("text is no string")
        if value["type"] == "mrkdwn":
            return Mrkdwn(self.look, verbatim=bool(value.get("verbatim"))).html(words)
        if value["type"] != "plain_text":
            raise ValueError("unknown kind of text")
        return lines(words) if value.get("emoji") is False else emoji_text(words)

    def fragment(self, template: str, macro: str, *values: object) -> Markup:
        """Draw one macro of a template: a timeline, a modal."""
        drawn: Macro = getattr(self._templates[template], macro)
        return Markup(drawn(*values))  # noqa: S704 - the macro has escaped it

    def rows(self, messages: Sequence[JSONObject], *, days: bool) -> Iterator[Row]:
        """Walk over messages in order, seeing where an author or a day begins."""
        before: JSONObject | None = None
        for message in messages:
            day = self.look.day(str(message["ts"])) if days else ""
            new_day = not before or (days and self.look.day(str(before["ts"])) != day)
            compact = before is not None and not new_day and follows(before, message)
            yield Row(message, compact, day if new_day else "")
            before = message

    def author(self, message: JSONObject) -> str:
        """Name who wrote a message."""
        name = message.get("username") or self.look.users.get(str(message.get("user", "")))
        return str(name or message.get("user") or message.get("bot_id") or "?")

    def _draw(
        self, template: str, kinds: Sequence[str], value: JSONValue, *extra: str
    ) -> Markup:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if kind not in kinds:
            return self._error("unknown", value)
        try:
            return self.fragment(template, str(kind), value, *extra)
        except BROKEN:
            return self._error("broken", value)

    def _error(self, problem: str, value: JSONValue) -> Markup:
        return self.fragment("views", "error", self.look.say(problem), value)


def styled(words: Markup, style: Mapping[str, bool] | None) -> Markup:
    """Put a rich text style around words."""
    style = style or {}
    if style.get("code"):
        words = Markup("<code>{}</code>").format(words)
    for name, tag in reversed(STYLES):
        if style.get(name):
            words = Markup("<{0}>{1}</{0}>").format(Markup(tag), words)  # noqa: S704 - our table
    return words


def emoji_text(words: str) -> Markup:
    """Draw plain text whose `:names:` are emoji."""
    parts = NAMED.split(words)
    drawn = (emoticon(part) if index % 2 else lines(part) for index, part in enumerate(parts))
    return Markup("").join(drawn)


def initials(name: str) -> str:
    """Say what an avatar shows: the first letter of a name."""
    return name.strip("@ ")[:1].upper() or "?"


def hue(key: str) -> int:
    """Pick an avatar's colour, the same for the same author."""
    return sum(key.encode()) % HUES


def follows(before: JSONObject, message: JSONObject) -> bool:
    """Tell whether a message stands under its author's earlier one, without a name of its own."""
    same = (
        before["type"] == message["type"] == "message"
        and before.get("user") == message.get("user")
        and before.get("username") == message.get("username")
    )
    plain = not (
        before.get("reply_count") or before.get("ephemeral") or message.get("ephemeral")
    )
    return same and plain and _seconds(message) - _seconds(before) < COMPACT_WITHIN


def _seconds(message: JSONObject) -> float:
    return float(str(message["ts"]))


def _object(value: JSONValue) -> JSONObject:
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return value


def _list(value: Sequence[JSONValue]) -> Sequence[JSONValue]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError("not a list")
    return value
