"""The post on a web page: what is left when menus, margins and forms are taken away.

Pure. Says nothing rather than guess: a page that does not mark its post has none for us.
"""

from selectolax.lexbor import LexborHTMLParser

PLACES = (
    "article",
    "main",
    "[role=main]",
    "[itemprop=articleBody]",
    ".post-content",
    ".entry-content",
)
"""Where sites put a post, the surest first."""
AROUND = "nav, aside, footer, form, button, script, style, template, noscript, iframe, h1"
"""What is no part of it; the title is known already."""


def post_on(page: str) -> str:
    """The HTML of the post on a page, "" if the page does not tell where it is.

    Args:
        page: a whole page; of several posts the longest counts.
    """
    tree = LexborHTMLParser(page)
    for place in PLACES:
        found = tree.css(place)
        if found:
            post = max(found, key=lambda node: len(node.text()))
            for node in post.css(AROUND):
                node.decompose()
            return post.inner_html or ""
    return ""
