"""The card of an issue: what it holds, told on one screen.

Pure. A card repeats; it never stands for the issue.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from formatters.document import ListBlock, Node, Post, Section, Span
from formatters.frame import Frame, actions, head, template, texts
from formatters.highlights import STANDING, clean, introduction, repeats, topics
from formatters.listing import lines as lines_of
from formatters.message import Block
from formatters.slack import blocks
from formatters.slack.cut import cut_at, shortened
from formatters.slack.pieces import Bullet, Piece, Text, Whole, assemble
from formatters.slack.spans import plain, runs, visible
from formatters.slack.split import messages
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
_DANGLING = re.compile(r"(?:[\s:：·•・、,，;；|｜–—―]|(?<=\s)[-=>→])+\Z")
"""What leads on to something that the card does not show."""
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\uffdc\U0001f000-\U0003ffff]")


def card(frame: Frame, body: Sequence[Piece], *, has_thread: bool) -> tuple[Block, ...]:
    """The one message of an issue that the channel sees.

    Args:
        frame: the post.
        body: its pieces, which tell how long a card is worth.
        has_thread: the complete issue stands below it.
    """
    room = max(sum(map(len, texts(body))) // _PART - 2 * _LETTERS, _LETTERS)
    note = blocks.context(frame.voice.say("card.complete"), plain=True)
    footer = assemble(template(frame, "footer"))
    ending = (*footer, *((note,) if has_thread else ()), *actions(frame))
    news = fresh(frame.chosen, frame.post.standing)
    about = _about(frame.post, news)
    top = (*head(frame, ()), *([Text(about)] if about else []))
    return messages((*top, *_topics(frame, news, room)), ending=ending)[0]


def _about(post: Post, chosen: Sequence[Section]) -> tuple[Span, ...]:
    """What the author says of this issue, unless it says the same of every issue."""
    said = clean(visible(post.header.description))
    if not said.strip():
        return _shortened(introduction(chosen), 2 * _COLUMNS)
    is_old = stands(said, post.standing) or STANDING.search(said)
    if is_old or repeats(said, [post.header.title]):
        return ()
    return (Span(shortened(said, _DESCRIPTION_CHARS)),)


def _topics(frame: Frame, chosen: Sequence[Section], room: int) -> Iterator[Piece]:
    say, header = frame.voice.say, frame.post.header
    known = (header.title, header.description)
    found = topics(chosen, known=known)
    lines = [
        [_ended(_shortened(line, _COLUMNS)) for line in topic.lines[:_LINES_OF_TOPIC]]
        for topic in found
    ]
    shares = _shares([[len(plain(line)) for line in of_topic] for of_topic in lines], room)
    places = _places(block for section in chosen for block in section.blocks)
    for number, share in enumerate(shares):
        if share:
            yield Text(
                (Span(shortened(clean(found[number].title), _TITLE_CHARS), bold=True),),
                opens=True,
            )
            kept = [places.get(plain(line), 0) for line in found[number].lines[:share]]
            if (more := found[number].count - share) > 0:
                lines[number][share - 1] += (Span(f" · {say('card.more', count=more)}"),)
            yield from (
                Bullet(line, 2 * number + bool(place), place or 1, ordered=bool(place))
                for line, place in zip(lines[number], kept, strict=False)
            )
    left = [topic.title for topic, share in zip(found, shares, strict=True) if not share]
    if others := [clean(title) for title in left if not repeats(title, known)]:
        names = shortened(say("card.between").join(others), _OTHERS_CHARS)
        yield Whole(blocks.context(say("card.others", names=names), plain=True))


def _places(nodes: Iterable[Node]) -> dict[str, int]:
    """The places of items in numbered lists, by their words: a card keeps its author's numbers."""
    found: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ListBlock):
            for place, item in enumerate(node.items, start=max(node.start, 1)):
                if node.ordered:
                    found |= {plain(line): place for line in islice(lines_of(item.blocks), 1)}
                found |= _places(item.blocks)
    return found


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


def _shortened(line: Sequence[Span], columns: int) -> tuple[Span, ...]:
    """A line cut to a width, its links as far as they are shown."""
    spans = [span._replace(text=" ".join(span.text.split("\n"))) for span in runs(line)]
    text = plain(spans)
    room = columns * len(text) // (len(text) + len(_WIDE.findall(text)) or 1)
    if len(text) <= room:
        return tuple(spans)
    room = cut_at(text, max(room - 1, 1))
    kept: list[Span] = []
    for span in spans:
        if room <= 0:
            break
        kept.append(span._replace(text=span.text[:room]))
        room -= len(span.text)
    *whole, last = _ended(kept)
    return (*whole, last._replace(text=last.text.rstrip() + "…"))


def _ended(line: Sequence[Span]) -> tuple[Span, ...]:
    """A line without what leads on at its end; code stays, and so does a line of nothing else."""
    kept = list(line)
    while kept and not kept[-1].code:
        text = _DANGLING.sub("", kept[-1].text)
        if text:
            return (*kept[:-1], kept[-1]._replace(text=text))
        kept.pop()
    return tuple(kept or line)
