"""What a reader sees of a post as plain text, for search and snippets.

Pure. One line for each paragraph, item or row; no addresses.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import assert_never

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
    Span,
    Table,
)


def plain_text(post: Post) -> str:
    """The words of a post's body, without its title."""
    lines: list[str] = []
    for section in post.sections:
        lines.append(_words(section.title))
        lines.extend(_lines(section.blocks))
    return "\n".join(line for line in lines if line.strip())


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
