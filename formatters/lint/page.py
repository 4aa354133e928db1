"""Advice on what a page is built of: headings, links, pictures, tags.

Pure. An address is judged as the reader judges it (`formatters.links`), never visited.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from formatters.document import Site
from formatters.links import Base
from formatters.lint.addresses import Anchors, host_of, is_placeholder, lacks_scheme
from formatters.lint.advice import Advice
from formatters.lint.elements import HEADINGS, Element
from formatters.lint.source import Source
from formatters.pictures import describes
from formatters.tags import is_bare_address

_SOMEWHERE = Base("https://site.invalid", "https://site.invalid/post/")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,20}):", re.IGNORECASE)
_MAX_SHOWN = 80  # characters of an address in a sentence

# Slack shows PNG, JPEG and GIF (docs.slack.dev/reference/block-kit/blocks/image-block, read
# 2026-08-20); WebP fails (slackapi/node-slack-sdk#1482).
_UNFIT_BY_REQUEST = re.compile(r"(?:format[,=/]|wx_fmt=|f_)(webp|svg|avif)\b", re.IGNORECASE)
_DRAWN = frozenset(
    ("img.shields.io", "badgen.net")
)  # draw SVG, unless another ending is asked for
_ENDING = re.compile(r"\.(?:png|jpe?g|gif)$", re.IGNORECASE)
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


def page_advice(
    page: tuple[Element, ...], source: Source, *, site: Site, url: str
) -> Iterator[Advice]:
    """Advice on every tag. `url` is the page's own address, "" = unknown."""
    yield from _headings(page)
    yield from _relative(page, Base(site.url, url))
    anchors, own = Anchors(page, source), host_of(site.url)
    for element in page:
        address = _address(element)
        if address and is_placeholder(address, text=element.text, own=own):
            yield Advice(element.line, "link-placeholder", (("href", _shown(address)),))
        elif element.tag == "a":
            yield from _link(element, anchors)
        if element.tag == "img":
            yield from _image(element)
        if element.tag not in _KNOWN:
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
    if href.startswith("#") or base.link(href) or is_placeholder(href, text="", own=""):
        return False
    return bool(_SOMEWHERE.link(href)) and not lacks_scheme(href)


def _link(element: Element, anchors: Anchors) -> Iterator[Advice]:
    href = element.get("href")
    if "href" not in element.attributes:
        return
    if href.startswith("#"):
        if not anchors.has(href[1:]):
            yield Advice(element.line, "link-anchor", (("href", _shown(href)),))
        return
    if href and not (element.is_html or element.has_image or element.text.strip()):
        yield Advice(element.line, "link-empty", (("href", _shown(href)),))
    is_known = bool(_SOMEWHERE.link(href)) and not lacks_scheme(href)
    if is_known or is_bare_address(element.attributes, element.text):
        return
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() not in {"http", "https", "mailto"}:
        yield Advice(element.line, "link-scheme", (("scheme", scheme[1].lower()),))
    else:
        yield Advice(element.line, "link-broken", (("href", _shown(href)),))


def _image(element: Element) -> Iterator[Advice]:
    src, alt = element.get("src"), " ".join(element.get("alt").split())
    if src.startswith("data:"):
        yield Advice(element.line, "image-format", (("format", "data:"),))
    elif not _SOMEWHERE.picture(src):
        yield Advice(element.line, "image-broken", (("src", _shown(src)),))
    elif unfit := _unfit(_SOMEWHERE.picture(src)):
        yield Advice(element.line, "image-format", (("format", unfit),))
    if element.get("title") or (element.is_html and "alt" in element.attributes and not alt):
        return  # said elsewhere, or left empty on purpose: Markdown alone cannot leave it out
    if not alt:
        yield Advice(element.line, "image-alt-empty")
    elif not describes(alt):
        yield Advice(element.line, "image-alt-generic", (("alt", alt),))


def _shown(address: str) -> str:
    """An address as its author wrote it, or nearly so."""
    return unquote(address)[:_MAX_SHOWN]


def _unfit(address: str) -> str:
    """The kind of a picture that Slack does not show, by its address; "" if nothing speaks so."""
    parts = urlsplit(address)
    if found := _UNFIT_BY_REQUEST.search(f"{parts.path}?{parts.query}") or _UNFIT.search(
        parts.path
    ):
        return found[1].upper()
    return "SVG" if parts.hostname in _DRAWN and not _ENDING.search(parts.path) else ""
