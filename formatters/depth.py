"""HTML that nests no deeper than a parser can bear, and holds no more than a reader.

Pure text: tags are counted, not understood.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from formatters.tags import REOPENED, UNNESTED

MAX_DEPTH = 40  # of tags; lexbor's time grows with the square of the depth (3 s at 50,000)
MAX_NODES = (
    600_000  # of a page; a megabyte of short list items has 250,000, and 300 MB as messages
)

# Slash and name of a tag; both are empty for a comment.
_TAG = re.compile(
    r"""<(?:!--(?:.*?-->|.*)|(/?)([a-zA-Z][^\s/>]*+)"""
    r"""(?:[ ]data-sourcepos="[^"]*")?(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>?)""",
    re.DOTALL,
)
# How tags of UNNESTED begin, and those that close: of each only what is most common.
_FLAT = ("</", "<p ", "<li ", "<br ", "<img ")


class TooManyError(ValueError):
    """A page has more nodes than anybody wrote by hand."""


def shallow(html: str) -> str:
    """The same HTML without the tags that nest deeper than MAX_DEPTH; their text stays.

    Raises:
        TooManyError: a parser would make more than MAX_NODES of tags that are left open.
    """
    if _is_simple(html) or not any(_too_deep(_TAG.findall(html))):
        return html
    kept: list[str] = []
    at = 0
    for tag, goes in zip(_TAG.finditer(html), _too_deep(_TAG.findall(html)), strict=True):
        if goes:
            kept.append(html[at : tag.start()])
            at = tag.end()
    return "".join([*kept, html[at:]])


def _is_simple(html: str) -> bool:
    """Whether so few tags nest that no count of them can be too high: most pages, at a glance."""
    tags = nesting = html.count("<")
    for beginning in _FLAT:
        if nesting <= MAX_DEPTH:
            break
        nesting -= html.count(beginning)
    return nesting <= MAX_DEPTH and tags * MAX_DEPTH <= MAX_NODES


def _too_deep(tags: Iterable[tuple[str, str]]) -> Iterator[bool]:
    """For each tag, as (slash, name), whether it opens or closes more than is borne."""
    open_tags: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    depth = left_open = copies = 0
    for slash, written in tags:
        name = written.lower()
        goes = False
        if name not in REOPENED:
            copies += left_open
        if copies > MAX_NODES:
            raise TooManyError
        if not name or name in UNNESTED:
            pass
        elif not slash:
            goes = depth >= MAX_DEPTH
            (dropped if goes else open_tags)[name] += 1
            depth += not goes
            left_open += not goes and name in REOPENED
        elif dropped[name]:
            goes = True
            dropped[name] -= 1
        elif open_tags[name]:
            depth -= 1
            open_tags[name] -= 1
            left_open -= name in REOPENED
        yield goes
