"""HTML to the document tree: what a browser would show, as data.

One reader for Markdown's output, the HTML that authors mix in and the HTML of feeds. The HTML is
untrusted: it is read, never shown. One tag, one function; `formatters.walk` calls them.
"""

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from formatters import tags
from formatters.depth import shallow
from formatters.document import (
    Cell,
    CodeBlock,
    Divider,
    Heading,
    Image,
    Item,
    ListBlock,
    Node,
    Paragraph,
    Quote,
    Span,
    Table,
)
from formatters.flow import PLAIN, Flow, flat, is_visible
from formatters.links import Base, bare_pieces, unresolved
from formatters.walk import Reader, Visit, children_of


def to_document(
    html: str, *, base_url: str, post_url: str, line_offset: int = 0, mends: bool = True
) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """Read HTML.

    Args:
        html: a page's body or a piece of one, well-formed or not; `data-sourcepos` is read.
        base_url: the site's address without a trailing slash, "" = unknown.
        post_url: the page's own address, "" = unknown.
        line_offset: lines of the file above the first line that `data-sourcepos` counts.
        mends: make bold what is bold in Markdown but for a space inside its marks.

    Returns:
        The blocks in order, and what was left out on purpose: hidden text, `data:` pictures,
        addresses that lead nowhere (their text stays).

    Raises:
        TooManyError: it has more than MAX_NODES.
    """
    html = shallow(html)
    reader = Reader(Base(base_url, post_url), line_offset, _TAGS, mends=mends)
    folded = html.encode("utf-8", "replace").lower()  # of Chinese signs it takes thrice as long
    reader.may_hide = b"hidden" in folded or b"style" in folded
    body = LexborHTMLParser(html).body
    return tuple(reader.blocks(body, PLAIN).nodes if body else ()), tuple(reader.omitted)


# ------------------------------------------------------------------ one tag, one function


def _block(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    flow.close()
    flow.at = reader.line_of(node) or flow.at
    reader.children(node, flow, style)
    flow.close()


def _caption(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    """What a page says of a picture, set apart from its text."""
    _block(reader, node, flow, tags.STYLES["em"](style))


def _line_end(_reader: Reader, _node: LexborNode, flow: Flow, _style: Span) -> None:
    flow.text.end_line()


def _divider(reader: Reader, node: LexborNode, flow: Flow, _style: Span) -> None:
    flow.add(Divider(reader.line_of(node)))


def _heading(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    inlines = flat(reader.blocks(node, style).nodes)
    line = reader.line_of(node)
    if any(isinstance(inline, Span) and is_visible(inline) for inline in inlines):
        flow.add(Heading(int((node.tag or "h6")[1]), inlines, line))
    elif inlines:
        flow.add(Paragraph(inlines, line))  # a picture alone heads nothing


def _quote(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    blocks = reader.blocks(node, style).nodes
    if blocks:
        flow.add(Quote(tuple(blocks), reader.line_of(node)))


def _list(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    items: list[Flow] = []
    for child in children_of(node):
        if child.tag == "li":
            inner = reader.blocks(child, style)
        elif (child.text_content or "-").isspace():
            continue  # every other child is a line end
        else:  # a list right inside a list, or text: browsers show it below the item before
            inner = Flow()
            reader.visit(child, inner, style)
            inner.close()
        if child.tag != "li" and items:
            items[-1].nodes += inner.nodes
        elif inner.nodes:
            items.append(inner)
    if items:
        made = tuple(Item(tuple(item.nodes), item.checked) for item in items)
        start = tags.list_start(node.attributes)
        flow.add(ListBlock(node.tag == "ol", made, start, reader.line_of(node)))


def _preformatted(reader: Reader, node: LexborNode, flow: Flow, _style: Span) -> None:
    pieces = node.traverse(include_text=True)
    text = "".join(
        "\n" if p.tag == "br" else p.text_content or ""
        for p in pieces
        if p.tag in {"br", "-text"}
    )
    code = node.css_first("code[class^=language-]")
    language = (code.attributes.get("class") or "").split()[0][9:] if code else ""
    flow.close()
    if text.strip():
        flow.nodes.append(CodeBlock(text.removesuffix("\n"), language, reader.line_of(node)))
    for child in node.css("a[href], img"):  # a code block has no place for these
        reader.visit(child, flow, PLAIN)
        flow.close()


def _image(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    attributes = node.attributes
    src = tags.picture_source(attributes)
    alt = " ".join((attributes.get("alt") or "").split())
    title = " ".join((attributes.get("title") or "").split())
    url = reader.base.picture(src)
    if url:
        flow.text.image(Image(url, alt, title, style.url))
        return
    reader.omit(unresolved(src))
    flow.text.text(alt, style)


def _link(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    attributes = node.attributes
    if "footnote-backref" in (attributes.get("class") or ""):
        return
    href = (attributes.get("href") or "").strip()
    if tags.is_bare_address(attributes, text := _only_text(node)):
        reader.words(bare_pieces(text), flow, style)
        return
    url = reader.base.link(href)
    if href and not url and not href.startswith("#"):
        reader.omit(unresolved(href))
    reader.children(node, flow, tags.linked(style, url) if url else style)


def _only_text(node: LexborNode) -> str:
    child = node.child
    return child.text_content or "" if child and child.tag == "-text" and not child.next else ""


def _embedded(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    """A player or frame, as a link to what it plays."""
    source = node.css_first("source[src]")
    src = node.attributes.get("src") or (source.attributes.get("src") if source else "") or ""
    url = reader.base.picture(src)
    flow.close()
    if url:
        flow.text.text(node.attributes.get("title") or url, tags.linked(style, url))
        flow.close()
    else:
        reader.omit(unresolved(src))


def _input(_reader: Reader, node: LexborNode, flow: Flow, _style: Span) -> None:
    if node.attributes.get("type") == "checkbox":
        flow.checked = "checked" in node.attributes


def _superscript(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    """A footnote's number stands in brackets, or it would look like part of the word."""
    is_note = "footnote-ref" in (node.attributes.get("class") or "")
    flow.text.text("[" if is_note else "", style)
    reader.children(node, flow, style)
    flow.text.text("]" if is_note else "", style)


# ------------------------------------------------------------------ tables


def _table(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    rows = [row for row in _rows(node) if row.tag == "tr"]
    for caption in node.css("caption"):
        _block(reader, caption, flow, style)
    read = [_cells(reader, row, style) for row in rows]
    is_headed = bool(rows) and all(cell.tag == "th" for cell in _row_cells(rows[0]))
    header = read.pop(0) if is_headed else ()
    aligns = tuple(tags.align(cell.attributes) for cell in _row_cells(rows[0])) if rows else ()
    filled = tuple(row for row in read if any(row))
    if any(header) or filled:
        line = reader.line_of(node)
        flow.add(Table(header if any(header) else (), filled, aligns, line))


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in children_of(table):
        if child.tag in {"thead", "tbody", "tfoot"}:
            yield from children_of(child)
        else:
            yield child


def _row_cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in children_of(row) if cell.tag in {"td", "th"}]


def _cells(reader: Reader, row: LexborNode, style: Span) -> tuple[Cell, ...]:
    return tuple(flat(reader.blocks(cell, style).nodes) for cell in _row_cells(row))


_TAGS: Mapping[str, Visit] = {
    **dict.fromkeys(tags.BLOCKS, _block),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
    **dict.fromkeys(("iframe", "video", "audio", "embed"), _embedded),
    **dict.fromkeys(("pre", "listing", "xmp"), _preformatted),
    "a": _link,
    "blockquote": _quote,
    "br": _line_end,
    "figcaption": _caption,
    "hr": _divider,
    "img": _image,
    "input": _input,
    "sup": _superscript,
    "table": _table,
}
