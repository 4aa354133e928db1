"""A post as lines, each knowing what it stands under.

Pure. Events are told line by line; what a line means depends on its headings.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formatters.document import (
    Heading,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Post,
    Quote,
    Section,
    SectionKind,
    Span,
    Table,
)
from formatters.events.cuts import cuts, label_of
from formatters.events.words import PREVIEW, REVIEW
from formatters.moments import simplified
from formatters.sections import plain

MAX_LINE = 1_000  # characters that are looked at: no announcement is longer
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile("[\u00a0\u2002-\u200a\u202f\u3000\t\n]")
_MAX_BOLD = 40
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `links` are (words shown, address); `image` and `alt` tell of a picture.

    `text` is in simplified Chinese, `written` as its author wrote it.

    `item` numbers the list item that it is in, -1 outside of lists; `depth` is 0 for the item's
    own list. `cells` are the texts of a table's row, () elsewhere; `header` its column names.
    """

    text: str
    links: tuple[tuple[str, str], ...] = ()
    image: str = ""
    item: int = -1
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    is_bold: bool = False
    alt: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A section and what its headings say. `titles` from the top down, the own one last.

    `looks_back` tells that the lowest heading that says either way is one of a review.
    """

    kind: SectionKind
    titles: tuple[str, ...]
    looks_back: bool
    looks_ahead: bool
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        """The section's own heading, "" for the text before the first one."""
        return self.titles[-1] if self.titles else ""


def places(post: Post) -> Iterator[Place]:
    """The sections of a post in order, cut once more where a bold line begins a review."""
    above: list[tuple[int, str]] = []
    for section in post.sections:
        title = cleaned(plain(section.title))
        above = [(level, name) for level, name in above if level < section.level]
        if section.level:
            above.append((section.level, title))
        yield from _parted(section, tuple(name for _, name in above))


def _parted(section: Section, titles: tuple[str, ...]) -> Iterator[Place]:
    kept: list[Line] = []
    now = titles
    for line in lines_of(section.blocks):
        is_title = line.is_bold and len(line.text) <= _MAX_BOLD
        if is_title and _direction(line.text) is not None:
            yield _place(section, now, kept)
            now, kept = (*titles, line.text), []
        elif is_title and now != titles and not _is_label_alone(line.text):
            yield _place(section, now, kept)
            now, kept = titles, [line]
        else:
            kept.append(line)
    yield _place(section, now, kept)


def _is_label_alone(text: str) -> bool:
    return text.endswith((":", "：")) or bool(label_of(text))


def _place(section: Section, titles: tuple[str, ...], lines: Sequence[Line]) -> Place:
    ways = [way for way in map(_direction, reversed(titles)) if way is not None]
    return Place(section.kind, titles, ways[:1] == [False], ways[:1] == [True], tuple(lines))


def _direction(title: str) -> bool | None:
    """True if a heading looks ahead, False if it looks back, None if it does not say."""
    if REVIEW.search(title):
        return False
    return True if PREVIEW.search(title) else None


def spaced(text: str) -> str:
    """The text with its invisible signs dropped and every kind of space made a plain one."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def cleaned(text: str) -> str:
    """As `spaced`, in the script that the tables of words are written in."""
    return simplified(spaced(text))


def lines_of(nodes: Sequence[Node]) -> Iterator[Line]:
    """The lines of a section in order, list items numbered."""
    yield from _Walk().lines(nodes, -1)


class _Walk:
    """Numbers the items of the lists that stand on their own."""

    def __init__(self) -> None:
        self.items = 0

    def lines(self, nodes: Sequence[Node], item: int) -> Iterator[Line]:
        for node in nodes:
            match node:
                case Paragraph(inlines=inlines) | Heading(inlines=inlines):
                    yield from _split(inlines, item)
                case Quote(blocks=blocks):
                    yield from self.lines(blocks, item)
                case ListBlock():
                    yield from self.listed(node, item)
                case Table():
                    yield from _rows(node)
                case _:  # code and dividers announce nothing
                    continue

    def listed(self, node: ListBlock, item: int) -> Iterator[Line]:
        for inner in node.items:
            number = item
            if number < 0:
                number, self.items = self.items, self.items + 1
            yield from self.lines(inner.blocks, number)


def _split(inlines: Sequence[Inline], item: int) -> Iterator[Line]:
    line: list[Inline] = []
    for inline in (*inlines, LineBreak()):
        if not isinstance(inline, LineBreak):
            line.append(inline)
            continue
        if line:
            yield from _line(line, item)
        line = []


def _plain_at(inlines: Sequence[Inline]) -> list[tuple[int, int]]:
    """Where text stands that is not bold."""
    found: list[tuple[int, int]] = []
    at = 0
    for inline in inlines:
        text = inline.text if isinstance(inline, Span) else " "
        if isinstance(inline, Span) and not inline.bold and re.search(r"\w", text):
            begins = at + len(text) - len(text.lstrip())
            found.append((begins, begins + len(text.strip())))
        at += len(text)
    return found


def _line(inlines: Sequence[Inline], item: int) -> Iterator[Line]:
    """One line, or several where labels follow each other behind soft line ends."""
    raw = "".join(i.text if isinstance(i, Span) else " " for i in inlines)
    plain_at = _plain_at(inlines)
    images = [inline for inline in inlines if isinstance(inline, Image)]
    image = images[0].url if images else ""
    alt = cleaned(images[0].alt)[:MAX_LINE] if images else ""
    links = deque(_links(inlines))
    at = 0
    for cut in (*cuts(simplified(raw)), len(raw) + 1):
        written = spaced(raw[at:cut][:MAX_LINE]).rstrip(" ·•|｜/")
        text = simplified(written)
        inside: list[tuple[str, str]] = []
        while links and links[0][0] < cut:
            _, shown, url = links.popleft()
            inside.append((shown, url))
        if text or image or inside:
            bold = bool(text) and not any(a < cut and at < b for a, b in plain_at)
            yield Line(text, tuple(inside), image, item, is_bold=bold, alt=alt, written=written)
        at = cut


def _links(inlines: Sequence[Inline]) -> Iterator[tuple[int, str, str]]:
    """Links in order as (where, words shown, address); one that styles cut in pieces is one."""
    shown, address, begins, at = "", "", 0, 0
    for inline in (*inlines, LineBreak()):
        text = inline.text if isinstance(inline, Span) else " "
        url = inline.url if isinstance(inline, Span) else ""
        if url and url == address:
            shown += text
        else:
            if address:
                yield begins, cleaned(shown), address
            shown, address, begins = text, url, at
        if isinstance(inline, Image) and inline.link:
            yield at, cleaned(inline.alt), inline.link
        at += len(text)


def _is_of_labels(rows: Sequence[Sequence[Sequence[Inline]]]) -> bool:
    """Whether a table has labels in its first column and what they say in its second."""
    if any(len(row) != _PAIR for row in rows):
        return False
    names = [cleaned(plain(row[0])).strip(" :：") for row in rows]
    known = [label for name in names if (label := label_of(name))]
    return len(known) >= _PAIR and "when" in known


def _rows(table: Table) -> Iterator[Line]:
    """Rows below the one that names the columns."""
    rows = (table.header, *table.rows) if table.header else table.rows
    header = tuple(cleaned(plain(cell)) for cell in rows[0])
    if _is_of_labels(rows):
        for name, value in rows:
            written = spaced(plain(value))[:MAX_LINE]
            said = simplified(written)
            links = tuple((shown, url) for _, shown, url in _links(value))
            yield Line(f"{cleaned(plain(name)).rstrip(':：')}: {said}", links, written=written)
        return
    for row in rows[1:]:
        cells = tuple(cleaned(plain(cell))[:MAX_LINE] for cell in row)
        written = " | ".join(spaced(plain(cell))[:MAX_LINE] for cell in row)
        links = tuple((shown, url) for cell in row for _, shown, url in _links(cell))
        yield Line(" | ".join(cells), links, cells=cells, header=header, written=written)
