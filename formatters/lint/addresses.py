"""What can be told of an address without visiting it: left to be filled in, or leading nowhere.

Pure. Generators make anchors of headings each in its own way, so letters alone are compared.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from formatters.lint.elements import HEADINGS, Element
from formatters.lint.source import Source

_FILL_IN = re.compile(
    r"(?:todo|tbd|fixme|x{2,}|url|link|href|placeholder|链接|地址|网址|待补充|待定|待填写?)"
    r"|(?:insert|add|put|paste|your|the)[ _-][\w -]{0,40}(?:here|link|url)",
    re.IGNORECASE,
)
_FILL_IN_PART = re.compile(r"(?:INSERT_\w+|\bTODO\b|\bTBD\b|\bFIXME\b|\bYOUR_[A-Z]+|\bX{3,}\b)")
_LONGEST = 200  # characters; a longer address is a real one
_AROUND = "<>{}[]()#/ "
# Names and numbers that nobody else can open (RFC 2606, section 3; RFC 1918).
_PRIVATE = re.compile(
    r"(?:www\.)?example\.(?:com|net|org)|localhost|127\.[\d.]+|0\.0\.0\.0|10\.[\d.]+|192\.168\.[\d.]+"
)
_NO_SCHEME = re.compile(
    r"https?(?:/{2}|：|%EF%BC%9A)|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|cn|dev|tech|ai|edu|gov)(?:[/:?#]|$)",
    re.IGNORECASE,
)
_GIVEN_ID = re.compile(
    r"""\{[^}\n]{0,80}?#([\w.-]{1,80})|\b(?:id|name)\s*=\s*["']?([^\s"'>]{1,80})"""
)
_OF_GENERATORS = (
    "/",
    "!",
    ":~:",
    "fn",
    "top",
)  # routes, marked text, footnotes, the page's top
_DIGITS = "0123456789"


def is_placeholder(address: str, *, text: str, own: str) -> bool:
    """Whether an author meant to fill an address in, or nobody but the author can open it.

    Args:
        address: as it was written.
        text: what the link shows; an address that is shown itself is an example.
        own: the host of the site itself, which may be anything.
    """
    if address == "#" or _FILL_IN.fullmatch(unquote(address[:_LONGEST]).strip(_AROUND)):
        return True
    if _FILL_IN_PART.search(address):
        return True
    host = host_of(address)
    is_example = text.strip().startswith(("http", host)) if host else False
    return host != own and not is_example and bool(_PRIVATE.fullmatch(host))


def lacks_scheme(address: str) -> bool:
    """Whether an address begins as one of the web does, without what tells that it is one."""
    return bool(_NO_SCHEME.match(address))


def host_of(address: str) -> str:
    """The host that an absolute address names, in small letters, "" without one."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


class Anchors:
    """The places of a page that a link can lead to."""

    def __init__(self, page: Iterable[Element], source: Source) -> None:
        given = (found[1] or found[2] for found in _GIVEN_ID.finditer(source.text))
        headings = (element.text for element in page if element.tag in HEADINGS)
        self._known = {_letters(name) for name in (*given, *headings)}
        self._known |= {name.lstrip(_DIGITS) for name in self._known}

    def has(self, anchor: str) -> bool:
        """Whether there is such a place, or may be."""
        if not anchor or anchor.startswith(_OF_GENERATORS):
            return True
        wanted = _letters(unquote(anchor))
        return not wanted.strip(_DIGITS) or bool(
            {wanted, wanted.rstrip(_DIGITS), wanted.lstrip(_DIGITS)} & self._known
        )


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
