"""A document tree as indented lines, for expectations that people can read."""

import json
from collections.abc import Iterable, Iterator, Sequence

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
    Quote,
    Span,
    Table,
)


def outline(nodes: Iterable[Node]) -> str:
    """One line a block, with the line of the source behind it; inlines in a made-up HTML."""
    return "\n".join(line for node in nodes for line in _block(node))


def line_of(inlines: Sequence[Inline]) -> str:
    """The inlines of one block on one line."""
    return "".join(_inline(inline) for inline in inlines)


def _block(node: Node) -> Iterator[str]:
    match node:
        case Heading(level, inlines, line):
            yield f"heading {level} @{line}: {line_of(inlines)}"
        case Paragraph(inlines, line):
            yield f"paragraph @{line}: {line_of(inlines)}"
        case CodeBlock(text, language, line):
            yield f"code {language or '-'} @{line}: {json.dumps(text, ensure_ascii=False)}"
        case Divider(line):
            yield f"divider @{line}"
        case Quote(blocks, line):
            yield f"quote @{line}"
            yield from _indented(blocks)
        case ListBlock():
            yield from _list(node)
        case Table(header, rows, aligns, line):
            yield f"table {' '.join(aligns)} @{line}"
            yield from (f"  head: {' | '.join(map(line_of, row))}" for row in [header] if row)
            yield from (f"  row: {' | '.join(map(line_of, row))}" for row in rows)


def _list(block: ListBlock) -> Iterator[str]:
    yield f"{f'list from {block.start}' if block.ordered else 'list'} @{block.line}"
    for item in block.items:
        yield "  item" if item.checked is None else f"  item [{'x' if item.checked else ' '}]"
        yield from _indented(item.blocks, "    ")


def _indented(blocks: Iterable[Node], by: str = "  ") -> Iterator[str]:
    return (by + line for block in blocks for line in _block(block))


def _inline(inline: Inline) -> str:
    match inline:
        case LineBreak():
            return "<br>"
        case Image(url, alt, title, link):
            return f"<img {url} alt={alt!r} title={title!r} link={link!r}>"
        case Span():
            return _span(inline)


def _span(span: Span) -> str:
    text = span.text
    for tag, is_on in (
        ("b", span.bold),
        ("i", span.italic),
        ("s", span.strike),
        ("c", span.code),
    ):
        text = f"<{tag}>{text}</{tag}>" if is_on else text
    return f"<a {span.url}>{text}</a>" if span.url else text
