"""HTML that nests no deeper than a parser can bear.

Pure text: tags are counted, not understood.
"""

import re
from collections import Counter

from formatters.tags import UNNESTED

MAX_DEPTH = 40  # of tags; lexbor's time grows with the square of the depth (3 s at 50,000)

_TAG = re.compile(
    r"""<!--(?:.*?-->|.*)|<(/?)([a-zA-Z][^\s/>]*+)(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>])*+>?""",
    re.DOTALL,
)


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
