"""Answers as messages: words from the message files, pieces packed within Slack's limits.

Pure. Text that others wrote goes into rich text or plain text, never into markup.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.answer.verbs import Verb
from bot.model.ids import Place, WorkspaceId
from bot.model.people import Person, Reply
from formatters.document import Span
from formatters.message import Block, Message
from formatters.phrases import escape, phrase, words
from formatters.slack import numbers
from formatters.slack.blocks import Button, buttons, header, text_section
from formatters.slack.cut import shortened, shortened_bytes
from formatters.slack.pieces import Piece, Text, Whole
from formatters.slack.spans import can_link
from formatters.slack.split import messages
from formatters.slack.spoken import spoken

MOST_MESSAGES = 5
"""A response_url may be used 5 times (`/interactivity/handling-user-interaction`, docs.slack.dev,
read 2026-08-20)."""

GROWTH = 5
"""`&` becomes `&amp;` in `text`: nothing grows more."""

LONGEST_TITLE = 200
MEMBER = re.compile(r"(?<![@\w])[UW](?=[A-Z]*\d)[A-Z0-9]{7,}\b")
"""The id of a member, as reasons keep it; a name in capitals has no figures among them."""
NAMED_CHANNELS = 20
"""Channels that an answer names before it only counts: ours, so that a message stays a screen."""
BREAK = Span("\n")


@dataclass(frozen=True, slots=True)
class Voice:
    """Says the sentences below `answer` of the message files in one language."""

    language: str

    def plain(self, key: str, **values: object) -> str:
        """For headings, buttons and rich text."""
        return words(self.language, f"answer.{key}", **values)

    def markup(self, key: str, **values: object) -> str:
        """For mrkdwn; the values stay text."""
        return phrase(self.language, f"answer.{key}", **values)

    def span(self, key: str, **values: object) -> Span:
        """For rich text."""
        return Span(self.plain(key, **values))

    def lead(self, key: str) -> Span:
        """For rich text, before what it leads on to; a full-width colon is space enough."""
        text = self.plain(key)
        return Span(text if text.endswith("：") else f"{text} ")

    def line(self, key: str, **values: object) -> Text:
        """A paragraph."""
        return Text((self.span(key, **values),))

    def button(self, key: str, verb: Verb, at: str, *, value: str = "") -> Button:
        """A button that says a verb; `at` tells it apart from others of the same message."""
        return Button(self.plain(key), action(verb, at), value=value)


def voice_for(person: Person) -> Voice:
    """How to speak to a person."""
    return Voice(person.language)


def action(verb: Verb, at: str) -> str:
    """The action_id of a button that says a verb."""
    return f"digest.{verb.value}.{at}"


def heading(text: str) -> Piece:
    """A heading of plain text."""
    return Whole(header(text), opens=True)


def authored(markup: str) -> Piece:
    """A paragraph of mrkdwn that we wrote ourselves."""
    return Whole(text_section(markup))


def linked(places: Sequence[Place], here: WorkspaceId, voice: Voice) -> str:
    """Channels as mrkdwn; those of other workspaces, of which Slack shows nothing here, counted."""
    near = [channel for workspace, channel in places if workspace == here][:NAMED_CHANNELS]
    named = [f"<#{channel}>" for channel in near]
    if others := len(places) - len(near):
        named.append(voice.markup("channels.others" if near else "channels.away", count=others))
    return " ".join(named)


def with_members(markup: str) -> str:
    """Markup of ours with members' names in the place of their ids; in an answer it calls nobody."""
    return MEMBER.sub(r"<@\g<0>>", markup)


def coded(text: str) -> tuple[Span, ...]:
    """Words of ours for rich text; what stands between backticks is code."""
    parts = enumerate(text.split("`"))
    return tuple(Span(part, code=bool(number % 2)) for number, part in parts if part)


def title_span(title: str, url: str, *, bold: bool = False) -> Span:
    """A title, as a link where its page is known."""
    text = shortened(" ".join(title.split()), LONGEST_TITLE)
    return Span(text, bold=bold, url=url if can_link(url) else "")


def row(*items: Button) -> tuple[Block, ...]:
    """A row of buttons, () for none."""
    return (buttons(*items[: numbers.ACTIONS_ELEMENTS.most]),) if items else ()


def packed(pieces: Iterable[Piece], ending: Sequence[Block] = ()) -> tuple[Message, ...]:
    """Pieces as messages; `ending` stands at the end of the first."""
    return tuple(message(blocks) for blocks in messages(pieces, ending=ending))


def message(blocks: Sequence[Block]) -> Message:
    """Blocks with their words for screen readers beside them."""
    return Message(text_for(blocks), tuple(blocks))


def text_for(blocks: Sequence[Block]) -> str:
    """The words of blocks as `text`: escaped, as many whole lines as its bytes hold."""
    lines = [line for block in blocks for line in escaped(block).splitlines() if line]
    sizes = accumulate(len(line.encode()) + 1 for line in lines)
    most = numbers.TEXT_BYTES.most
    kept = [line for line, size in zip(lines, sizes, strict=True) if size <= most]
    return "\n".join(kept) or escape(shortened_bytes(spoken(blocks), most // GROWTH))


def escaped(block: Block) -> str:
    """The words of one block; markup of our own has its values escaped already."""
    text = block.get("text")
    if isinstance(text, Mapping) and text.get("type") == "mrkdwn":
        return str(text.get("text"))
    return escape(spoken([block]))


def reply(
    pieces: Iterable[Piece], ending: Sequence[Block] = (), *, replace: bool = False
) -> Reply:
    """A whole answer of pieces."""
    return Reply(packed(pieces, ending)[:MOST_MESSAGES], replace=replace)
