"""What a reader sees of a post as plain text, for search and snippets, and what of it weighs how much.

Pure. One line for each paragraph, item or row; no addresses.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import assert_never

from bot.model.posts import Passage
from formatters.document import (
    CodeBlock,
    Divider,
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

WEIGHTS: Mapping[SectionKind, float] = {
    SectionKind.INTRO: 2,
    SectionKind.READING: 2,
    SectionKind.QUESTIONS: 2,
    SectionKind.RELEASES: 2,
    SectionKind.EVENTS: 2,
    SectionKind.CONTRIBUTORS: 0.5,
    SectionKind.JOBS: 0.5,
}
"""How much a section tells of what its issue is about: ours; 1 for those not named here."""


def plain_text(post: Post) -> str:
    """The words of a post's body, without its title."""
    return "\n".join(line for section in post.sections for line in _told(section))


def passages(post: Post) -> tuple[Passage, ...]:
    """The same words by what they weigh in a search, each weight once."""
    by_weight: dict[float, list[str]] = {}
    for section in post.sections:
        by_weight.setdefault(WEIGHTS.get(section.kind, 1), []).extend(_told(section))
    return tuple(Passage("\n".join(lines), weight) for weight, lines in by_weight.items())


def weighed(passages: Iterable[Passage], standing: str) -> tuple[Passage, ...]:
    """Passages, their standing lines parted from them: these weigh nothing in a search."""
    stands = set(standing.split("\n"))
    parts = [
        Passage("\n".join(lines), weight)
        for passage in passages
        for told in [passage.text.split("\n")]
        for lines, weight in (
            ([line for line in told if line not in stands], passage.weight),
            ([line for line in told if line in stands], 0.0),
        )
    ]
    return tuple(part for part in parts if part.text)


def _told(section: Section) -> Iterator[str]:
    for line in chain([_words(section.title)], _lines(section.blocks)):
        if line.strip():
            yield line


def _lines(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        yield from _lines_of(node)


def _lines_of(node: Node) -> Iterator[str]:
    match node:
        case Heading() | Paragraph():
            yield _words(node.inlines)
        case ListBlock():
            yield from chain.from_iterable(_lines(item.blocks) for item in node.items)
        case Quote():
            yield from _lines(node.blocks)
        case CodeBlock():
            yield node.text
        case Table():
            yield from _rows(node)
        case Divider():
            pass
        case _:
            assert_never(node)


def _rows(table: Table) -> Iterator[str]:
    for row in (table.header, *table.rows):
        yield " ".join(_words(cell) for cell in row)


def _words(inlines: Iterable[Inline]) -> str:
    return "".join(_word(inline) for inline in inlines)


def _word(inline: Inline) -> str:
    match inline:
        case Span():
            return inline.text
        case Image():
            return inline.alt
        case LineBreak():
            return "\n"
        case _:
            assert_never(inline)
