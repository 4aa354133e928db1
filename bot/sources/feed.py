"""An RSS, Atom or JSON feed: its items as posts of HTML.

An unchanged feed costs one conditional request; how often it may be asked is the feed's to say.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.ports.outside import Clock
from bot.sources.content import UnfitError, check_size
from bot.sources.feedreader import Contents, Item, NoFeedError, read_feed, text_of
from bot.sources.fetch import Answer, Fetch, Limits, Session, TooLargeError, shown
from bot.sources.kept import keep, kept
from bot.sources.pace import fresh_for, retry_after
from bot.sources.remote import Seen
from bot.sources.trouble import TroubleError
from config.sources import FeedSettings
from formatters.page import post_on

LIMITS = Limits(size=10_000_000, seconds=60)
PAGE = Limits(size=5_000_000, seconds=30)
SERVER_FAULTS = 500
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9,"
    " application/json;q=0.9, text/xml;q=0.8, */*;q=0.1"
)
LONGEST_TITLE = 300
MOST_WORDS = 50  # of authors and of categories
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
_NO_PATTERN = str.maketrans({":": "%3A", "{": "%7B", "}": "%7D"})
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What JSON and references can write and no text may hold: databases and lines refuse it."""
_UNFIT = re.compile(r"[^\w.~-]+")


class FeedPlace:
    """The place behind a source of kind feed.

    Args:
        settings: the source's.
        fetch: what may be dialled.
        clock: the time.
        file: where the last good answer is kept.
    """

    def __init__(
        self, settings: FeedSettings, *, fetch: Fetch, clock: Clock, file: Path
    ) -> None:
        self._settings = settings
        self._file = file
        self._fetch = fetch
        self._clock = clock
        self._validators: dict[str, str] = {}
        self._seen: Seen | None = None
        self._posts: dict[str, Post] = {}
        self._pages: dict[str, str] = {}

    async def look(self) -> Seen:
        """One request, conditional if an answer is known, be it from an earlier process."""
        before = None
        if self._seen is None:
            before = await asyncio.to_thread(kept, self._file)
            self._validators = validators_of(before.headers) if before else {}
        headers = {"Accept": ACCEPT, **self._validators}
        async with self._fetch.session() as session:
            answer = await session.get(self._settings.url, headers, LIMITS)
        fresh = fresh_for(answer.headers)
        if answer.status == HTTPStatus.NOT_MODIFIED and self._seen:
            return replace(self._seen, fresh=fresh)
        if answer.status == HTTPStatus.NOT_MODIFIED and before:
            answer = before
        self._seen = replace(
            self._seen_in(await self._contents(answer), answer.url), fresh=fresh
        )
        self._validators = validators_of(answer.headers)
        if answer is not before:
            await asyncio.to_thread(keep, self._file, answer)
        return self._seen

    def _seen_in(self, contents: Contents, address: str) -> Seen:
        self._posts = posts_of(contents, (self._settings.url, address))
        versions = {path: _mark(post_of(post.item)) for path, post in self._posts.items()}
        aliases = {path: post.aliases for path, post in self._posts.items()}
        return Seen(versions, aliases=aliases, complete=False)

    async def read(self, wanted: Mapping[str, str]) -> Mapping[str, str | UnfitError]:
        """The texts that came with the feed, or those of the posts' own pages."""
        pages = await self._read_pages(wanted) if self._settings.content == "page" else {}
        items = {path: self._posts[path].item for path in wanted}
        return {path: _fit(post_of(item, pages.get(path, ""))) for path, item in items.items()}

    async def _read_pages(self, wanted: Mapping[str, str]) -> Mapping[str, str]:
        """The HTML of posts as their pages have it; what was fetched is kept if one fails."""
        async with self._fetch.session() as session:
            for path, version in wanted.items():
                link = self._posts[path].item.link
                if version not in self._pages and link:
                    self._pages[version] = await self._page(session, link)
        pages = {path: self._pages.get(version, "") for path, version in wanted.items()}
        self._pages.clear()
        return pages

    async def _page(self, session: Session, link: str) -> str:
        """The post on a page, "" where there is none to be found.

        Raises:
            TroubleError: it may be there later.
        """
        try:
            answer = await session.get(link, limits=PAGE)
        except TooLargeError:
            return ""
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= SERVER_FAULTS:
            wait = retry_after(answer.headers, self._clock.now())
            raise TroubleError(f"{shown(link)} answers HTTP {answer.status}", wait=wait)
        if answer.status != HTTPStatus.OK:
            return ""
        try:
            page = text_of(answer.body, answer.headers.get("content-type", ""))
        except NoFeedError:
            return ""
        return await asyncio.to_thread(post_on, page)

    async def _contents(self, answer: Answer) -> Contents:
        """What the feed holds.

        Raises:
            TroubleError: the answer is no feed.
        """
        place = shown(self._settings.url)
        if answer.status == HTTPStatus.GONE:
            raise TroubleError(f"{place} is gone for good: take the source out of the settings")
        if answer.status != HTTPStatus.OK:
            wait = retry_after(answer.headers, self._clock.now())
            until = f", and asks to come back in {wait}" if wait else ""
            raise TroubleError(f"{place} answers HTTP {answer.status}{until}", wait=wait)
        try:
            content_type = answer.headers.get("content-type", "")
            return await asyncio.to_thread(read_feed, answer.body, content_type)
        except NoFeedError as error:
            raise TroubleError(f"{place}: {error}") from error


def validators_of(headers: Mapping[str, str]) -> dict[str, str]:
    """What to send so that an unchanged answer need not be sent again (RFC 9110, 13.1)."""
    sent = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
    return {ours: headers[theirs] for ours, theirs in sent.items() if headers.get(theirs)}


@dataclass(frozen=True, slots=True)
class Post:
    """An item, and the other paths under which it may be known."""

    item: Item
    aliases: tuple[str, ...]


def posts_of(contents: Contents, addresses: Sequence[str]) -> dict[str, Post]:
    """Path -> item; of two with one id the first, which is newer.

    Args:
        contents: the feed.
        addresses: the feed's own, as written and where it came from; with the site's they tell
            which hosts are its own.
    """
    base = _joined(addresses[-1], contents.home) or addresses[-1]
    own = {host_of(address) for address in (contents.home, *addresses)} - {""}
    posts: dict[str, Post] = {}
    for written in contents.items:
        item = replace(written, link=_joined(base, written.link))
        path = path_of(item.id, own)
        by_link = path_of(item.link, own) if item.link else path
        posts.setdefault(path, Post(item, (by_link,) if by_link != path else ()))
    return posts


def _joined(base: str, link: str) -> str:
    """A link in full; one that is broken stays as it is written."""
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return link


def path_of(identity: str, own: Collection[str]) -> str:
    """The path under which an item is known.

    It stays when the site moves to another host or from http to https: of an address on one of
    the feed's own hosts only what follows the host counts. Letters stand for the whole of it, the
    last part is there for people.

    Args:
        identity: the item's id or its link.
        own: hosts of the feed and its site, without `www.`.
    """
    parts = _split(identity)
    if parts.scheme not in {"http", "https"}:
        return f"{_mark(identity).translate(_LETTERS)[:12]}/post.html"
    host = "" if host_of(identity) in own else host_of(identity)
    query = f"?{parts.query}" if parts.query else ""
    whole = f"{host}/{parts.path.strip('/')}{query}"
    return f"{_mark(whole).translate(_LETTERS)[:12]}/{slug_of(identity) or 'post'}.html"


def host_of(address: str) -> str:
    """The host of an address, without `www.`; "" for none."""
    return (_split(address).hostname or "").removeprefix("www.")


def _split(address: str) -> SplitResult:
    """An address in parts; one that is broken has none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def slug_of(address: str) -> str:
    """The last part of an address's path, as a name; "" for none."""
    last = _split(address).path.strip("/").rpartition("/")[2]
    return _UNFIT.sub("-", re.sub(r"\.(?:html?|php|aspx?)$", "", last)).strip("-.")[:80]


def post_of(item: Item, html: str = "") -> str:
    """An item as the text of a file: a JSON header, then HTML.

    Args:
        item: the item.
        html: instead of its own, "" = its own.
    """
    header = {
        "title": item.title[:LONGEST_TITLE].replace("&", "&amp;"),  # headers unescape titles
        "date": item.date,
        "url": _literal(item.link),
        "slug": slug_of(item.link),
        "lang": item.language,
        "authors": list(item.authors[:MOST_WORDS]),
        "categories": list(item.categories[:MOST_WORDS]),
    }
    said = {name: value for name, value in header.items() if value}
    text = f"{json.dumps(said, ensure_ascii=False, indent=1)}\n{html or item.html}\n"
    return _NO_TEXT.sub("\ufffd", text)


def _literal(address: str) -> str:
    """An address in which no site's pattern is seen, such as `:slug` or `{slug}`."""
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host}{slash}{path.translate(_NO_PATTERN)}"


def _fit(text: str) -> str | UnfitError:
    try:
        check_size(len(text.encode("utf-8", "replace")))
    except UnfitError as unfit:
        return unfit
    return text


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
