"""HTML that nests no deeper than a parser can bear, and holds no more than a reader.

Pure text: tags are counted, not understood.
"""

import re
from collections import Counter

from formatters.tags import UNNESTED

MAX_DEPTH = 40  # of tags; lexbor's time grows with the square of the depth (3 s at 50,000)
MAX_NODES = 25_000  # of a page; the largest real issues have 2,000, and time grows with them

_TAG = re.compile(
    r"""<!--(?:.*?-->|.*)|<(/?)([a-zA-Z][^\s/>]*+)(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>])*+>?""",
    re.DOTALL,
)


class TooManyError(ValueError):
    """A page has more nodes than anybody wrote by hand."""


class Budget:
    """Counts the nodes of one page."""

    def __init__(self) -> None:
        self._spent = 0

    def spend(self) -> None:
        """Count one.

        Raises:
            TooManyError: it is one more than MAX_NODES.
        """
        self._spent += 1
        if self._spent > MAX_NODES:
            raise TooManyError


def shallow(html: str) -> str:
    """The same HTML without the tags that nest deeper than MAX_DEPTH; their text stays."""
    kept: list[str] = []
    open_tags: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    depth = at = 0
    for tag in _TAG.finditer(html):
        name = (tag[2] or "").lower()
        if not name or name in UNNESTED:
            continue
        if not tag[1] and depth < MAX_DEPTH:
            open_tags[name] += 1
            depth += 1
        elif tag[1] and not dropped[name]:
            depth -= open_tags[name] > 0
            open_tags[name] = max(open_tags[name] - 1, 0)
        else:
            dropped[name] += -1 if tag[1] else 1
            kept.append(html[at : tag.start()])
            at = tag.end()
    return "".join([*kept, html[at:]]) if kept else html
