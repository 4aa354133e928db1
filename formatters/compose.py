"""A post -> the messages that bring it to a channel.

Pure. Decides what stands where; how it looks as blocks is `formatters.slack`'s business.
"""

from collections.abc import Sequence

from formatters.card import card
from formatters.document import Post, Section, SectionKind
from formatters.fallback import fallback
from formatters.frame import Frame, actions, head, starts_with_title, template
from formatters.message import Block, Composition, Message, Style
from formatters.slack import numbers
from formatters.slack.nodes import pieces
from formatters.slack.spans import plain, runs
from formatters.slack.split import messages
from formatters.slack.spoken import spoken
from formatters.wording import OURS, Voice, Wording

_MOST = numbers.TEXT_BYTES.most


def compose(
    post: Post,
    *,
    style: Style,
    language: str,
    only: tuple[SectionKind, ...] = (),
    without: tuple[SectionKind, ...] = (),
    wording: Wording = OURS,
) -> Composition:
    """Compose a post for a channel.

    Args:
        post: the post, read.
        style: THREAD gives a card and then the complete issue, CARD the card alone, FULL the
            complete issue under its title.
        language: a tag for our own words; the post's stay as they are.
        only: kinds of sections to show; () = all.
        without: kinds of sections to leave out.
        wording: what a community says in the place of our own words.

    Returns:
        Messages within every limit of Slack's, the first for the channel, the rest for its
        thread; none at all if `only` and `without` leave nothing of a post that has sections.
        The same arguments always give the same messages.
    """
    chosen, left_out = _chosen(post.sections, only, without)
    omitted = (*post.omitted, *filter(None, (plain(runs(s.title)) for s in left_out)))
    if post.sections and not chosen:
        return Composition((), omitted)
    frame = Frame(post, chosen, style, Voice(language, wording))
    parts = _parts(frame)
    return Composition(_messages(frame, parts), omitted, tuple(frame.voice.problems))


def _parts(frame: Frame) -> tuple[tuple[Block, ...], ...]:
    body = pieces(frame.chosen, frame.words)
    if frame.style is Style.FULL:
        if starts_with_title(frame, body):
            body = body[1:]
        footer = template(frame, "footer")
        whole = (*head(frame, body), *body, *footer)
        return messages(whole, ending=actions(frame), continued=frame.continued)
    parts = messages(body, continued=frame.continued) if frame.style is Style.THREAD else ()
    return (card(frame, body, has_thread=bool(parts)), *parts)


# ------------------------------------------------------------------ which sections


def _chosen(
    sections: Sequence[Section], only: Sequence[SectionKind], without: Sequence[SectionKind]
) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """Part sections into those to show and the others; a subsection goes with its parent."""
    shown: list[Section] = []
    left: list[Section] = []
    parents: list[Section] = []
    for section in sections:
        parents = [parent for parent in parents if parent.level < section.level]
        kinds = {section.kind}
        if section.kind is SectionKind.OTHER:
            kinds |= {parent.kind for parent in parents} - {SectionKind.INTRO}
        wanted = (not only or kinds & set(only)) and not kinds & set(without)
        (shown if wanted else left).append(section)
        parents = [*parents, section] if section.level else []
    return tuple(shown), tuple(left)


# ------------------------------------------------------------------ text beside the blocks


def _messages(frame: Frame, parts: Sequence[tuple[Block, ...]]) -> tuple[Message, ...]:
    more = frame.voice.say("part.more")
    return tuple(
        Message(fallback(_said(frame, number, part), more), part)
        for number, part in enumerate(parts, start=1)
    )


def _said(frame: Frame, number: int, part: Sequence[Block]) -> str:
    """What is told of a message: of the first one without its cover, which says nothing new."""
    if number > 1:
        return f"{frame.voice.say('part.of', title=frame.title, part=number)}\n{spoken(part, most=_MOST)}"
    cover = frame.post.header.cover
    told = (block for block in part if not cover or block.get("image_url") != cover)
    return spoken(told, most=_MOST)
