"""A post -> the messages that bring it to a channel.

Pure. Decides what stands where; how it looks as blocks is `formatters.slack`'s business.
"""

import re
from collections.abc import Iterator, Sequence

from formatters.document import (
    Image,
    ListBlock,
    Node,
    Paragraph,
    Post,
    Quote,
    Section,
    SectionKind,
    Span,
)
from formatters.message import Block, Composition, Message, Style
from formatters.phrases import escape, words
from formatters.slack import blocks, numbers
from formatters.slack.blocks import Button
from formatters.slack.cut import shortened, shortened_bytes
from formatters.slack.nodes import Words, pieces
from formatters.slack.pieces import Bullet, Piece, Text, Whole
from formatters.slack.spans import can_show, plain, runs, visible
from formatters.slack.split import messages
from formatters.slack.spoken import spoken

# A card is read in a glance: so many sections, so many lines of each, so many characters a line.
_SECTIONS = 8
_LINES = 3
_LINE_CHARS = 80
_DESCRIPTION_CHARS = 400
_AUTHORS_CHARS = 200
_MARKS = re.compile(r"\*+|~~+|`+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")


def compose(
    post: Post,
    *,
    style: Style,
    language: str,
    only: tuple[SectionKind, ...] = (),
    without: tuple[SectionKind, ...] = (),
) -> Composition:
    """Compose a post for a channel.

    Args:
        post: the post, read.
        style: THREAD gives a card and then the complete issue, CARD the card alone, FULL the
            complete issue under its title.
        language: a tag for our own words; the post's stay as they are.
        only: kinds of sections to show; () = all.
        without: kinds of sections to leave out.

    Returns:
        Messages within every limit of Slack's, the first for the channel, the rest for its
        thread; none at all if `only` and `without` leave nothing of a post that has sections.
        The same arguments always give the same messages.
    """
    chosen, left_out = _chosen(post.sections, only, without)
    omitted = (*post.omitted, *filter(None, (plain(runs(s.title)) for s in left_out)))
    if post.sections and not chosen:
        return Composition((), omitted)
    body = pieces(chosen, _words(language))
    if style is Style.FULL:
        parts = messages((*_head(post, language, body), *body), ending=_actions(post, language))
        return Composition(_messages(post, language, parts), omitted)
    parts = messages(body) if style is Style.THREAD else ()
    card = _card(post, chosen, language, has_thread=bool(parts))
    return Composition(_messages(post, language, (card, *parts)), omitted)


def _words(language: str) -> Words:
    return Words(
        picture=words(language, "picture.nameless"), target=words(language, "picture.target")
    )


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
            kinds |= {parent.kind for parent in parents}
        wanted = (not only or kinds & set(only)) and not kinds & set(without)
        (shown if wanted else left).append(section)
        parents = [*parents, section] if section.level else []
    return tuple(shown), tuple(left)


# ------------------------------------------------------------------ the top of an issue


def _title(post: Post, language: str) -> str:
    title = " ".join(visible(post.header.title).split())
    if title:
        return title
    if post.number is not None:
        return words(language, "card.issue", number=post.number)
    return words(language, "card.untitled")


def _head(post: Post, language: str, body: Sequence[Piece]) -> Iterator[Piece]:
    title = _title(post, language)
    yield Whole(blocks.header(title), opens=True)
    if len(title) > numbers.HEADER_TEXT.most:
        yield Text((Span(title, bold=True),))
    shown = {piece.block.get("image_url") for piece in body if isinstance(piece, Whole)}
    if can_show(post.header.cover) and post.header.cover not in shown:
        yield Whole(blocks.image(post.header.cover, alt=words(language, "picture.cover")))
    if small_print := _small_print(post, language):
        yield Whole(blocks.context(small_print, plain=True))


def _small_print(post: Post, language: str) -> str:
    parts: list[str] = []
    if post.number is not None:
        parts.append(words(language, "card.issue", number=post.number))
    if date := post.header.date:
        month = words(language, f"month.{date.month}")
        parts.append(words(language, "card.date", year=date.year, month=month, day=date.day))
    if authors := [name for name in map(visible, post.header.authors) if name.strip()]:
        names = shortened(words(language, "card.between").join(authors), _AUTHORS_CHARS)
        parts.append(words(language, "card.by", authors=names))
    return " · ".join(parts)


def _actions(post: Post, language: str) -> tuple[Block, ...]:
    read = Button(
        words(language, "card.read"), "digest.url.read", url=post.url, style="primary"
    )
    return (
        blocks.buttons(
            *([read] if can_show(post.url) else []),
            Button(words(language, "card.list"), "digest.list.page"),
            Button(words(language, "card.meetups"), "digest.meetups.show"),
        ),
    )


# ------------------------------------------------------------------ the card


def _card(
    post: Post, chosen: Sequence[Section], language: str, *, has_thread: bool
) -> tuple[Block, ...]:
    note = blocks.context(words(language, "card.complete"), plain=True)
    ending = (*((note,) if has_thread else ()), *_actions(post, language))
    top = (*_head(post, language, ()), *_description(post, language))
    return messages((*top, *_highlights(chosen, language)), ending=ending)[0]


def _description(post: Post, language: str) -> Iterator[Piece]:
    said = " ".join(visible(post.header.description).split())
    title = _title(post, language)
    if said and said.casefold() not in title.casefold():
        yield Text((Span(shortened(said, _DESCRIPTION_CHARS)),))


def _highlights(sections: Sequence[Section], language: str) -> Iterator[Piece]:
    shown = 0
    for section in sections:
        title = plain(runs(section.title))
        lines = _clean_first(_lines(section)) if title and shown < _SECTIONS else ()
        if not lines:
            continue
        shown += 1
        short = shortened(_MARKS.sub("", title) or title, _LINE_CHARS)
        yield Text((Span(short, bold=True),), opens=True)
        yield from (Bullet(line, shown) for line in lines[:_LINES])
        if (more := len(lines) - _LINES) > 0:
            yield Bullet((Span(words(language, "card.more", count=more), italic=True),), shown)


def _clean_first(lines: Iterator[tuple[Span, ...]]) -> tuple[tuple[Span, ...], ...]:
    """Put lines that show stray marks of Markdown behind the others: a card is a shop window."""
    return tuple(sorted(lines, key=lambda line: bool(_MARKS.search(plain(line)))))


def _lines(section: Section) -> Iterator[tuple[Span, ...]]:
    """Give a line for each item of a section's lists, or each quotation where it has no lists."""
    items = [
        item for node in section.blocks if isinstance(node, ListBlock) for item in node.items
    ]
    quotes = [node for node in section.blocks if isinstance(node, Quote)]
    found = (_line(item.blocks) for item in items) if items else map(_quoted_line, quotes)
    return (line for line in found if line)


def _quoted_line(quote: Quote) -> tuple[Span, ...]:
    return _line(quote.blocks)


def _line(nodes: Sequence[Node]) -> tuple[Span, ...]:
    first = next((node for node in nodes if isinstance(node, Paragraph)), None)
    if first is None:
        return ()
    inlines = [inline for inline in first.inlines if not isinstance(inline, Image)]
    spans = runs(inlines)
    link = next((span.url for span in spans if span.url), "")
    linked = runs(span for span in spans if link and span.url == link)
    text = " ".join(plain(linked or spans).split())
    return (Span(shortened(text, _LINE_CHARS), url=link if linked else ""),) if text else ()


# ------------------------------------------------------------------ text beside the blocks


def _messages(
    post: Post, language: str, parts: Sequence[tuple[Block, ...]]
) -> tuple[Message, ...]:
    title = _title(post, language)
    return tuple(
        Message(_text(_said(title, language, number, part)), part)
        for number, part in enumerate(parts, start=1)
    )


def _said(title: str, language: str, number: int, part: Sequence[Block]) -> str:
    if number == 1:
        return spoken(part)
    return f"{words(language, 'part.of', title=title, part=number)}\n{spoken(part)}"


def _text(said: str) -> str:
    """Escape words for `text` and cut them so that the result keeps to its bytes."""
    room = numbers.TEXT_BYTES.most
    kept = shortened_bytes(said, room)
    while (size := len(escape(kept).encode())) > numbers.TEXT_BYTES.most:
        room = room * numbers.TEXT_BYTES.most // size
        kept = shortened_bytes(said, room)
    return escape(kept)
