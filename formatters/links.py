"""Addresses as authors write them, to addresses that a chat can open.

Pure, and never a guess: what cannot be told is "", and the caller keeps the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

_IGNORED = re.compile(r"[\t\n\r\x00]")  # browsers drop these inside an address
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ONE_SLASH = re.compile(r"(https?):/*", re.IGNORECASE)
_BURIED = re.compile(
    r"(?!javascript|data|vbscript)[^/?#]{0,60}?(https?://.+)", re.IGNORECASE | re.DOTALL
)
_MAILBOX = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}$")
_IN_HOST = r"[^%\s，。、；：！？（）【】「」《》“”‘’]+"
_HOST = re.compile(rf"{_IN_HOST}\.{_IN_HOST}|localhost")
_LETTERS = re.compile(r"(?:%[89a-f][0-9a-f])+", re.IGNORECASE)
_UNSAFE = {" ": "%20", "<": "%3C", ">": "%3E", '"': "%22", "\\": "/", "\u3000": "%E3%80%80"}
# What most addresses are, and no rule below would change.
_FLAWLESS = re.compile(
    r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+(?::\d{1,4})?(?:[/?#][!#-;=?-\[\]-~]*)?"
)
_OPENED = {"http", "https", "mailto"}


@dataclass(frozen=True, slots=True)
class Base:
    """Where a post stands. Either may be "": unknown.

    `site` is the site's address without a trailing slash, `page` the post's own.
    """

    site: str = ""
    page: str = ""

    def link(self, href: str) -> str:
        """What a click on `href` opens: absolute http(s) or mailto, "" if nothing can be told.

        Slips that browsers forgive, or that leave one reading only, are mended: `https:/x`,
        `Name：https://x`, a bare mail address. A reference below an unknown page stays unknown.
        """
        if _FLAWLESS.fullmatch(href):
            return href
        text = _mended(_IGNORED.sub("", href).strip())
        scheme = _SCHEME.match(text)
        if not scheme:
            text = self._absolute(text)
        elif scheme[1].lower() not in _OPENED:
            return ""
        return _checked(text)

    def picture(self, src: str) -> str:
        """The same for a picture: absolute http(s) or ""."""
        url = self.link(src)
        return "" if url.startswith("mailto:") else url

    def _absolute(self, ref: str) -> str:
        if not ref or ref.startswith("?"):
            return ""
        if ref.startswith("//"):
            return f"https:{ref}"
        if not self.page and (ref.startswith("#") or not ref.startswith("/")):
            return ""
        try:
            return urljoin(self.page or f"{self.site}/", ref) if self.page or self.site else ""
        except ValueError:
            return ""


def unresolved(ref: str) -> str:
    """An address that leads nowhere, as it is told to people: a relative one is called so."""
    if not ref or _SCHEME.match(ref):
        return ref[:64] if ref.startswith("data:") else ref
    return f"relative:{ref.replace(' ', '%20')}"


def _mended(text: str) -> str:
    slashes = _ONE_SLASH.match(text)
    if slashes:
        return f"{slashes[1].lower()}://{text[slashes.end() :]}"
    buried = _BURIED.match(text)
    if buried:
        return buried[1]
    if text.startswith("www."):
        return f"http://{text}"
    return f"mailto:{text}" if _MAILBOX.match(text) else text


def _checked(url: str) -> str:
    """The address with its unsafe signs escaped, "" if it names no host or mailbox."""
    url = "".join(_UNSAFE.get(c, c) for c in url)
    try:
        parts = urlsplit(url)
        if "%" in parts.netloc:  # Markdown writes the letters of other languages so
            host = _LETTERS.sub(lambda found: unquote(found[0]), parts.netloc)
            url = url.replace(parts.netloc, host, 1)
            parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        return url if "@" in parts.path else ""
    return url if parts.scheme in _OPENED and _HOST.fullmatch(host) else ""


_END = re.compile(
    "[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65‘’“”…—]|\\]\\("
)
_NEXT = re.compile("https?://")


def bare_pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """A run of text that was taken for one bare address, as (piece, is an address).

    GitHub's rule ends an address at white space only, and Chinese sentences have none: a
    full-width mark ends it too, and so does the middle of a link whose brackets are broken.
    """
    pieces: list[tuple[str, bool]] = []
    at, end = 0, len(text)
    while at < end:
        mark = _END.search(text, at)
        stop = mark.start() if mark else end
        if text[at:stop].endswith(")") and text.count("(", at, stop) < text.count(
            ")", at, stop
        ):
            stop -= 1
        pieces.append((text[at:stop], True))
        found = _NEXT.search(text, max(stop, at + 1))
        at = found.start() if found else end
        if at > stop:
            pieces.append((text[stop:at], False))
    return tuple(pieces)


_IN_BRACKETS = re.compile(r"(?<=\[)(https?://[^\s\[\]()<>]+)(?=\]\()")


def bracketed(text: str) -> Iterator[tuple[str, bool]]:
    """A run of text, as (piece, is an address): what is left of a link whose brackets are broken.

    GitHub's rule finds no address right behind a bracket, for it could have been a link.
    """
    return ((piece, bool(number % 2)) for number, piece in enumerate(_IN_BRACKETS.split(text)))
