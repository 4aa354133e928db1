"""Advice to authors before they publish: what readers of a post would stumble over.

Pure: text in, advice out. Wrong advice is worse than none, so what is doubtful is left unsaid.
"""

from collections.abc import Iterator
from dataclasses import replace

from formatters.compose import compose
from formatters.document import Post, PostError, Site
from formatters.events import find_events
from formatters.header import read_header
from formatters.html import to_document
from formatters.lint.advice import Advice, Level
from formatters.lint.elements import Element, elements
from formatters.lint.events import event_advice, event_days
from formatters.lint.header import header_advice
from formatters.lint.page import page_advice
from formatters.lint.prose import prose_advice
from formatters.lint.source import Source
from formatters.message import Style
from formatters.read import page_of, read_post

__all__ = ["Advice", "Level", "advice", "unreadable"]


def advice(text: str, *, path: str, site: Site) -> tuple[Advice, ...]:
    """Say what to mend in a post.

    Args:
        text: the file's text.
        path: the file below its source, POSIX.
        site: what the site around it lends. Without its `url`, addresses that are relative are
            one hint, for nothing tells where they lead.

    Returns:
        Advice in the order of its lines, () for a good post. A post that cannot be read is
        advice as well; nothing is raised.
    """
    try:
        header, body, above = read_header(text, path=path, site=site)
        post = read_post(text, path=path, site=site)
    except PostError as error:
        return (unreadable(error),)
    source = Source(text, above=above)
    events = find_events(post, site=site)
    html = page_of(body, path).html
    page = (*_cover(header.cover, source), *elements(html, source))
    # Marks that the reader mends for Slack still show on the site.
    written, _ = to_document(html, base_url="", post_url="", line_offset=above, mends=False)
    found = {
        *header_advice(replace(post, header=header), source, event_days=event_days(events)),
        *page_advice(page, source, site=site, url=post.url),
        *prose_advice(written, source),
        *event_advice(post, source, events, site=site),
        *_length(post),
    }
    return tuple(sorted(found))


def unreadable(error: PostError) -> Advice:
    """Say why a post cannot be judged at all; its reader's reasons are in English."""
    code = "header-unreadable" if error.line else "file-unreadable"
    values = (("problem", error.problem), ("remedy", error.remedy))
    return Advice(max(error.line, 1), code, values)


def _cover(address: str, source: Source) -> Iterator[Element]:
    """The header's picture, as one of the page's that nobody has to describe."""
    if address:
        line = source.key_line("cover", "image", "banner", "thumbnail", "featured_image")
        yield Element("img", {"src": address, "title": "cover"}, line, is_html=False)


def _length(post: Post) -> Iterator[Advice]:
    """Whether the issue fits one message below its card."""
    parts = len(compose(post, style=Style.THREAD, language=post.language).messages) - 1
    if parts > 1:
        yield Advice(1, "too-long", (("count", str(parts)),))
