"""Advice on what a page is built of: headings, links, pictures, tags.

Pure. An address is judged as the reader judges it (`formatters.links`), never visited.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from formatters.document import Site
from formatters.links import Base
from formatters.lint.advice import Advice
from formatters.lint.elements import HEADINGS, Element
from formatters.pictures import describes
from formatters.tags import is_bare_address

_SOMEWHERE = Base("https://site.invalid", "https://site.invalid/post/")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,20}):", re.IGNORECASE)
_MAX_SHOWN = 80  # characters of an address in a sentence

# Slack shows PNG, JPEG and GIF (docs.slack.dev/reference/block-kit/blocks/image-block, read
# 2026-08-20); WebP fails (slackapi/node-slack-sdk#1482).
_UNFIT = re.compile(r"\.(webp|svg|avif|heic|bmp|tiff?|ico)$", re.IGNORECASE)
# fmt: off
_KNOWN = frozenset((
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "base", "bdi",
    "bdo", "big", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite",
    "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog",
    "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font",
    "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head",
    "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label",
    "legend", "li", "link", "listing", "main", "map", "mark", "marquee", "math", "menu",
    "meta", "meter", "nav", "nobr", "noscript", "object", "ol", "optgroup", "option", "output",
    "p", "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "search",
    "section", "select", "slot", "small", "source", "span", "strike", "strong", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "textarea", "tfoot", "th", "thead",
    "time", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
))
# fmt: on


def page_advice(page: tuple[Element, ...], *, site: Site, url: str) -> Iterator[Advice]:
    """Advice on every tag. `url` is the page's own address, "" = unknown."""
    yield from _headings(page)
    yield from _relative(page, Base(site.url, url))
    for element in page:
        if element.tag == "a":
            yield from _link(element)
        elif element.tag == "img":
            yield from _image(element)
        elif element.tag not in _KNOWN:
            yield Advice(element.line, "html-unknown", (("tag", element.tag),))


# ------------------------------------------------------------------ headings


def _headings(page: tuple[Element, ...]) -> Iterator[Advice]:
    above = 0
    for element in page:
        if element.tag not in HEADINGS:
            continue
        if not element.text.strip() and not element.has_image:
            yield Advice(element.line, "heading-empty")
            continue
        level = int(element.tag[1])
        if above and level > above + 1:
            values = (("above", "#" * above), ("here", "#" * level))
            yield Advice(element.line, "heading-jump", values)
        above = level


# ------------------------------------------------------------------ addresses


def _relative(page: tuple[Element, ...], base: Base) -> Iterator[Advice]:
    """One hint for all addresses that only a known site can complete."""
    lines = [e.line for e in page if (href := _address(e)) and _is_relative(href, base)]
    if lines:
        yield Advice(lines[0], "link-relative", (("count", str(len(lines))),))


def _address(element: Element) -> str:
    return element.get({"a": "href", "img": "src"}.get(element.tag, ""))


def _is_relative(href: str, base: Base) -> bool:
    return not href.startswith("#") and not base.link(href) and bool(_SOMEWHERE.link(href))


def _link(element: Element) -> Iterator[Advice]:
    href = element.get("href")
    if "href" not in element.attributes or href.startswith("#"):
        return
    if _SOMEWHERE.link(href) or is_bare_address(element.attributes, element.text):
        return
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() not in {"http", "https", "mailto"}:
        yield Advice(element.line, "link-scheme", (("scheme", scheme[1].lower()),))
    else:
        yield Advice(element.line, "link-broken", (("href", href[:_MAX_SHOWN]),))


def _image(element: Element) -> Iterator[Advice]:
    src, alt = element.get("src"), " ".join(element.get("alt").split())
    if src.startswith("data:"):
        yield Advice(element.line, "image-format", (("format", "data:"),))
    elif not _SOMEWHERE.picture(src):
        yield Advice(element.line, "image-broken", (("src", src[:_MAX_SHOWN]),))
    elif unfit := _UNFIT.search(urlsplit(_SOMEWHERE.picture(src)).path):
        yield Advice(element.line, "image-format", (("format", unfit[1].upper()),))
    if element.get("title") or (element.is_html and "alt" in element.attributes and not alt):
        return  # said elsewhere, or left empty on purpose: Markdown alone cannot leave it out
    if not alt:
        yield Advice(element.line, "image-alt-empty")
    elif not describes(alt):
        yield Advice(element.line, "image-alt-generic", (("alt", alt),))
