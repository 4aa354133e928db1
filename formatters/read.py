"""A post's file, read: header, document, sections, number and address joined.

Pure. The one door through which text becomes a `Post`.
"""

from collections.abc import Sequence
from dataclasses import replace

from formatters import identity
from formatters.addresses import address
from formatters.depth import MAX_NODES, TooManyError
from formatters.document import Heading, Node, Post, PostError, Site, Span
from formatters.header import read_header
from formatters.html import to_document
from formatters.links import Base
from formatters.markdown import Page, to_page
from formatters.sections import sections_of

MAX_CHARS = 1_200_000  # of a file; the longest real issue has 115,000

_HTML = (".html", ".htm")


def read_post(text: str, *, path: str, site: Site) -> Post:
    """Read one post.

    Args:
        text: the file's text: a header, then Markdown, or HTML if the path ends in `.html`.
        path: the file below its source, POSIX.
        site: what the site around it lends: zone, language, address, words.

    Returns:
        The post; without a title in its header, the heading that it begins with is the title.
        Relative addresses in it are resolved; those that cannot be are in `omitted`.

    Raises:
        PostError: the header cannot be read or the file is no post. Nothing else is raised.
    """
    if len(text) > MAX_CHARS:
        problem = (
            f"{len(text):,} characters are too long for a post, {MAX_CHARS:,} are the most"
        )
        raise PostError(path, 0, problem, "Split it")
    header, body, above = read_header(_whole(text), path=path, site=site)
    number, _ = identity.number(header, path)
    url, _ = address(header, path, site, number)
    cover = Base(site.url, url).picture(header.cover) if header.cover else ""
    page = page_of(body, path)
    try:
        nodes, omitted = to_document(
            page.html, base_url=site.url, post_url=url, line_offset=above
        )
    except TooManyError as error:
        problem = f"more than {MAX_NODES:,} paragraphs, items, cells and links are too many"
        raise PostError(path, 0, problem, "Split it") from error
    header = replace(header, cover=cover, title=header.title or _heading(nodes))
    if number is None:
        number, _ = identity.number(header, path)
    return Post(
        path=path,
        header=header,
        url=url,
        language=identity.language(header, path, site)[0],
        number=number,
        sections=sections_of(nodes, site.profile),
        omitted=(*page.left_out, *omitted),
    )


def _whole(text: str) -> str:
    """The text without halves of letters, which JSON can hold and nothing can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _heading(nodes: Sequence[Node]) -> str:
    """The heading that a page begins with, as books and wikis have it instead of a title."""
    first = nodes[0] if nodes else None
    if not isinstance(first, Heading) or first.level != 1:
        return ""
    return " ".join("".join(i.text for i in first.inlines if isinstance(i, Span)).split())


def page_of(body: str, path: str) -> Page:
    """A post's body as HTML; what is HTML already, as feeds deliver it, is left alone."""
    return Page(body) if path.lower().endswith(_HTML) else to_page(body)
