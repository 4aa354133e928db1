"""A post -> the messages that bring it to a channel.

Pure. Decides what stands where; how it looks as blocks is `formatters.slack`'s business.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from formatters.document import Post, Section, SectionKind, Span
from formatters.highlights import STANDING, STRAY, introduction, repeats, topics
from formatters.message import Block, Composition, Message, Style
from formatters.phrases import escape, words
from formatters.slack import blocks, numbers
from formatters.slack.blocks import Button
from formatters.slack.cut import shortened, shortened_bytes
from formatters.slack.nodes import Words, pieces
from formatters.slack.pieces import Bullet, Piece, Quoted, Text, Whole
from formatters.slack.spans import can_show, plain, runs, visible
from formatters.slack.split import messages
from formatters.slack.spoken import spoken
from formatters.standing import fresh, stands

# A card is read in a glance: so many lines with the titles, so wide each; and it is a part of
# the issue only, but always has room for some letters.
_LINES = 20
_PART = 3
_LETTERS = 80
_LINES_OF_TOPIC = 3
_COLUMNS = 110  # a Chinese letter takes two
_TITLE_CHARS = 80
_OTHERS_CHARS = 250
_DESCRIPTION_CHARS = 400
_AUTHORS_CHARS = 200
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\uffdc\U0001f000-\U0003ffff]")


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
        if body and body[0] == Whole(blocks.header(_title(post, language)), opens=True):
            body = body[1:]  # it begins with its title
        parts = messages(
            (*_head(post, language, body), *body),
            ending=_actions(post, language, compact=True),
        )
        return Composition(_messages(post, language, parts), omitted)
    parts = messages(body) if style is Style.THREAD else ()
    card = _card(
        post,
        chosen,
        language,
        has_thread=bool(parts),
        room=max(_letters(body) // _PART - 2 * _LETTERS, _LETTERS),
    )
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
    if small_print := _small_print(post, language, body):
        yield Whole(blocks.context(small_print, plain=True))


def _small_print(post: Post, language: str, body: Sequence[Piece]) -> str:
    """Number, date and authors, as far as title and text below do not say them."""
    parts: list[str] = []
    if post.number is not None and not _says(post.header.title, post.number):
        parts.append(words(language, "card.issue", number=post.number))
    day = post.header.date
    if day and not (body and _tells(day, (post.header.title, *_texts(body)))):
        month = words(language, f"month.{day.month}")
        parts.append(
            words(language, "card.small_date", year=day.year, month=month, day=day.day)
        )
    if authors := [name for name in map(visible, post.header.authors) if name.strip()]:
        names = shortened(words(language, "card.between").join(authors), _AUTHORS_CHARS)
        parts.append(words(language, "card.by", authors=names))
    return " · ".join(parts)


def _says(title: str, number: int) -> bool:
    return str(number) in re.findall(r"\d+", title)


def _tells(day: date, texts: Iterable[str]) -> bool:
    """Whether one of the texts names this day, with or without its year."""
    month = words("en", f"month.{day.month}")
    numeric = rf"{day.year}[-/.]?0?{day.month}[-/.]?0?{day.day}"
    chinese = rf"(?<!\d)0?{day.month}\s*月\s*0?{day.day}\s*[日号]"
    english = (
        rf"{month[:3]}(?:{month[3:]})?\.?\s+{day.day}|{day.day}\s+{month[:3]}(?:{month[3:]})?"
    )
    told = re.compile(rf"{numeric}(?!\d)|{chinese}|\b(?:{english})\b")
    return any(map(told.search, texts))


def _texts(body: Iterable[Piece]) -> Iterator[str]:
    return (plain(p.runs) for p in body if isinstance(p, Text | Bullet | Quoted))


def _actions(post: Post, language: str, *, compact: bool = False) -> tuple[Block, ...]:
    """What a reader can do with a post; `compact` leaves out what leads away from it."""
    text = words(language, "card.read")
    read = Button(text, "digest.url.read", url=post.url, style="primary")
    shown = [read] if can_show(post.url) else []
    if compact:
        return (blocks.buttons(*shown),) if shown else ()
    older = Button(words(language, "card.list"), "digest.list.page")
    meetups = Button(words(language, "card.meetups"), "digest.meetups.show")
    return (blocks.buttons(*shown, older, meetups),)


# ------------------------------------------------------------------ the card


def _card(
    post: Post, chosen: Sequence[Section], language: str, *, has_thread: bool, room: int
) -> tuple[Block, ...]:
    note = blocks.context(words(language, "card.complete"), plain=True)
    ending = (*((note,) if has_thread else ()), *_actions(post, language))
    news = fresh(chosen, post.standing)
    about = _about(post, news)
    top = (*_head(post, language, ()), *([Text(about)] if about else []))
    return messages((*top, *_topics(post, news, language, room)), ending=ending)[0]


def _about(post: Post, chosen: Sequence[Section]) -> tuple[Span, ...]:
    """What the author says of this issue, unless it says the same of every issue."""
    said = " ".join(visible(post.header.description).split())
    if not said:
        return _shortened(introduction(chosen), 2 * _COLUMNS)
    is_old = stands(said, post.standing) or STANDING.search(said)
    if is_old or repeats(said, [post.header.title]):
        return ()
    return (Span(shortened(said, _DESCRIPTION_CHARS)),)


def _topics(post: Post, chosen: Sequence[Section], language: str, room: int) -> Iterator[Piece]:
    known = (post.header.title, post.header.description)
    found = topics(chosen, known=known)
    lines = [[_shortened(line, _COLUMNS) for line in t.lines[:_LINES_OF_TOPIC]] for t in found]
    shares = _shares([[len(plain(line)) for line in of_topic] for of_topic in lines], room)
    for number, share in enumerate(shares):
        if share:
            yield Text(
                (Span(shortened(_clean(found[number].title), _TITLE_CHARS), bold=True),),
                opens=True,
            )
            if (more := found[number].count - share) > 0:
                lines[number][share - 1] += (
                    Span(f" · {words(language, 'card.more', count=more)}"),
                )
            yield from (Bullet(line, number) for line in lines[number][:share])
    left = [topic.title for topic, share in zip(found, shares, strict=True) if not share]
    if others := [_clean(title) for title in left if not repeats(title, known)]:
        names = shortened(words(language, "card.between").join(others), _OTHERS_CHARS)
        yield Whole(blocks.context(words(language, "card.others", names=names), plain=True))


def _shares(sizes: Sequence[Sequence[int]], room: int) -> list[int]:
    """How many lines each topic shows: turn by turn, until the card is full.

    Args:
        sizes: for each topic the letters of the lines that it could show.
        room: letters for all of them.
    """
    shares = [0] * len(sizes)
    height = _LINES
    for rank in range(_LINES_OF_TOPIC):
        for number, of_topic in enumerate(sizes):
            cost = 1 if rank else 2  # a title stands above the first line
            if shares[number] < rank or len(of_topic) <= rank:
                continue
            if (of_topic[rank] <= room or not any(shares)) and cost <= height:
                shares[number] += 1
                room, height = room - of_topic[rank], height - cost
    return shares


def _clean(title: str) -> str:
    return " ".join(STRAY.sub("", title).split()) or title


def _letters(body: Sequence[Piece]) -> int:
    return sum(map(len, _texts(body)))


def _shortened(line: Sequence[Span], columns: int) -> tuple[Span, ...]:
    """A line cut to a width, its links as far as they are shown."""
    spans = runs(line)
    text = plain(spans)
    room = columns * len(text) // (len(text) + len(_WIDE.findall(text)) or 1)
    kept: list[Span] = []
    for span in spans:
        if room <= 0:
            break
        kept.append(replace(span, text=shortened(" ".join(span.text.split("\n")), room)))
        room -= len(span.text)
    return tuple(kept)


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
