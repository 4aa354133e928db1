"""One message that names several issues, in the place of as many messages.

Pure. It names them and leads to them; what they say is said by themselves.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from formatters.document import Span
from formatters.fallback import fallback
from formatters.message import Message
from formatters.slack import blocks, numbers
from formatters.slack.blocks import Button
from formatters.slack.cut import shortened
from formatters.slack.pieces import Bullet, Piece, Text, Whole
from formatters.slack.spans import can_link, visible
from formatters.slack.split import messages
from formatters.slack.spoken import spoken
from formatters.wording import OURS, Voice, Wording

_TITLE_CHARS = 200


class Issue(NamedTuple):
    """An issue by its title and the address of its page, "" where it has none."""

    title: str
    url: str


def roundup(
    issues: Sequence[Issue], *, language: str, wording: Wording = OURS
) -> tuple[Message, ...]:
    """Name issues in one message; what does not fit in it goes into its thread.

    Args:
        issues: one at least, in the order in which they are to stand.
        language: a tag for our own words.
        wording: what a community says in the place of our own words.
    """
    voice = Voice(language, wording)
    list_button = Button(voice.say("card.list"), "digest.list.page")
    parts = messages(_pieces(issues, voice), ending=(blocks.buttons(list_button),))
    more = voice.say("part.more")
    return tuple(
        Message(fallback(spoken(part, most=numbers.TEXT_BYTES.most), more), part)
        for part in parts
    )


def _pieces(issues: Sequence[Issue], voice: Voice) -> Iterator[Piece]:
    title = voice.say("card.missed", count=len(issues))
    yield Whole(blocks.header(title), opens=True)
    yield Text((Span(voice.say("card.missed_why")),))
    for title, url in issues:
        named = shortened(" ".join(visible(title).split()), _TITLE_CHARS)
        link = url if can_link(url) else ""
        yield Bullet((Span(named or voice.say("card.untitled"), url=link),), 1)
