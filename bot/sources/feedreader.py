"""RSS, Atom and JSON Feed, read into items. The only home of feedparser.

Pure, but slow for large feeds: call it aside. The HTML in items is untrusted.
"""

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape, unescape
from typing import TypeAlias

import feedparser

_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.-]{1,40})[\"']")
_META = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?([\w.-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]{1,40})", re.IGNORECASE)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "cp1252"}
"""What is meant, where a charset is declared: browsers read them so too (encoding.spec.whatwg.org)."""
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));", re.IGNORECASE)
_NO_HOST = re.compile(r"://\[(?![0-9A-Fa-f:.]+\])")
_TAG = re.compile(r"<[^<>]{0,1000}>")

Entry: TypeAlias = Mapping[str, object]


class NoFeedError(ValueError):
    """What came is no feed, or cannot be read; the words say why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed.

    `id` is what it is known by, `html` its fullest text, `date` ISO 8601, without a zone where
    none was given, "" for none.
    """

    id: str
    link: str
    title: str
    html: str
    date: str
    language: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a feed holds, newest first as a rule. `home` is the site's address or ""."""

    home: str
    items: tuple[Item, ...]


def read_feed(body: bytes, content_type: str) -> Contents:
    """Read a feed of any kind.

    Args:
        body: what was fetched.
        content_type: its header, for the charset.

    Raises:
        NoFeedError: it is none, or its characters are not what it says.
    """
    text = text_of(body, content_type)
    if text.lstrip().startswith("{"):
        return _json_feed(text)
    return _xml_feed(text)


def text_of(body: bytes, content_type: str) -> str:
    """Bytes as text: UTF-8 where they are, whatever is said of them; else as is said.

    Raises:
        NoFeedError: neither; guessing would post gibberish.
    """
    for mark, encoding in _BOMS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    http = _CHARSET.search(content_type)
    said = [http[1]] if http else []
    for inside in (_DECLARED.match(body[:500]), _META.search(body[:4_000])):
        said += [inside[1].decode("ascii")] if inside else []
    for name in ("utf-8", *said):
        try:
            return body.decode(_WIDER.get(name.lower(), name))
        except (UnicodeDecodeError, LookupError):
            continue
    raise NoFeedError(f"its characters are not {' nor '.join(said) or 'utf-8'}, as it says")


# ------------------------------------------------------------------ RSS and Atom


def _xml_feed(text: str) -> Contents:
    text = _REFERENCE.sub(_character, _DECLARATION.sub("", text, count=1))
    text = _NO_HOST.sub("://%5B", text)
    # A stream: bytes themselves would be taken for a file's name first. Nothing is changed in
    # the HTML: our own reader takes nothing from it but text, links and pictures.
    try:
        read = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser lets many kinds through, by what is broken
        raise NoFeedError(f"it is too broken to be read ({type(error).__name__})") from error
    if not read.get("version"):
        raise NoFeedError("it is neither RSS nor Atom nor JSON Feed")
    head: Entry = read.feed
    language = _word(head, "language")
    return Contents(
        _word(head, "link"), tuple(_xml_item(entry, language) for entry in read.entries)
    )


def _character(reference: re.Match[str]) -> str:
    """A reference as it is, unless it is to no character: feedparser falls over half ones."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    half = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - surrogates
    return "\ufffd" if half or not 0 < code <= sys.maxunicode else reference[0]


def _xml_item(entry: Entry, language: str) -> Item:
    link = _word(entry, "link")
    return Item(
        id=_word(entry, "id") or link or _word(entry, "title"),
        link=link,
        title=_plain(entry.get("title_detail")),
        html=_fullest(entry),
        date=_date(entry),
        language=_language(entry) or language,
        authors=tuple(_words(entry.get("authors"), "name")),
        categories=tuple(_words(entry.get("tags"), "term")),
    )


def _fullest(entry: Entry) -> str:
    """The longest text: summaries stand beside the whole."""
    texts = [
        _as_html(one) for one in (*_list(entry.get("content")), entry.get("summary_detail"))
    ]
    return max(texts, key=len)


def _as_html(content: object) -> str:
    if not isinstance(content, dict):
        return ""
    value = _word(content, "value")
    if content.get("type") != "text/plain" or _TAG.search(value):
        return value
    return "".join(f"<p>{escape(part)}</p>" for part in value.split("\n\n") if part.strip())


def _plain(content: object) -> str:
    """A title without marks."""
    if not isinstance(content, dict):
        return ""
    value = _word(content, "value")
    if content.get("type") != "text/plain":
        value = unescape(_TAG.sub("", value))
    return " ".join(value.split())


def _language(entry: Entry) -> str:
    for content in _list(entry.get("content")):
        if isinstance(content, dict) and _word(content, "language"):
            return _word(content, "language")
    return ""


def _date(entry: Entry) -> str:
    """When it was published, else when it was changed."""
    for name in ("published", "updated"):
        written = _word(entry, name)
        moment = _moment(written)
        if moment is not None:
            return moment.isoformat()
        # Rarer forms are left to feedparser, which makes them UTC.
        parsed = entry.get(f"{name}_parsed") if written else None
        if isinstance(parsed, tuple):
            return datetime(*parsed[:6], tzinfo=UTC).isoformat()  # type: ignore[misc]
    return ""


def _moment(written: str) -> datetime | None:
    """ISO 8601 or RFC 822; naive where no zone is given, for the site's is meant then."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(written)
        except ValueError:
            continue
        # RFC 5322, 3.3: -0000 is UTC without a word on where; Python takes the word for the time.
        return moment.replace(tzinfo=UTC) if written.endswith("-0000") else moment
    return None


# ------------------------------------------------------------------ JSON Feed


def _json_feed(text: str) -> Contents:
    """JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1, read 2026-08)."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoFeedError("it looks like JSON and is none") from error
    if not isinstance(tree, dict) or "jsonfeed.org/version/" not in str(tree.get("version")):
        raise NoFeedError("it is JSON, but no JSON Feed")
    language = _word(tree, "language")
    items = (item for item in _list(tree.get("items")) if isinstance(item, dict))
    return Contents(
        _word(tree, "home_page_url"), tuple(_json_item(item, language) for item in items)
    )


def _json_item(item: Entry, language: str) -> Item:
    link = _word(item, "url") or _word(item, "external_url")
    plain = {"type": "text/plain", "value": _word(item, "content_text")}
    authors = [*_list(item.get("authors")), item.get("author")]
    moment = _moment(_word(item, "date_published")) or _moment(_word(item, "date_modified"))
    return Item(
        id=str(item.get("id") or "") or link,
        link=link,
        title=" ".join(_word(item, "title").split()),
        html=_word(item, "content_html") or _as_html(plain) or _word(item, "summary"),
        date=moment.isoformat() if moment else "",
        language=_word(item, "language") or language,
        authors=tuple(_words(authors, "name")),
        categories=tuple(str(tag) for tag in _list(item.get("tags"))),
    )


# ------------------------------------------------------------------ values


def _word(mapping: Entry, key: str) -> str:
    # feedparser lends one date to another where it is asked for what is not there.
    value = mapping[key] if key in mapping else None  # noqa: SIM401
    return value.strip() if isinstance(value, str) else ""


def _words(items: object, key: str) -> Iterator[str]:
    for item in _list(items):
        if isinstance(item, dict) and _word(item, key):
            yield _word(item, key)


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()
