"""An RSS, Atom or JSON feed: its items as posts of HTML.

An unchanged feed costs one conditional request; how often it may be asked is the feed's to say.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from bot.ports import Clock
from bot.sources.content import UnfitError, check_size
from bot.sources.feedreader import Contents, Item, NoFeedError, read_feed
from bot.sources.fetch import Answer, Fetch, Limits, shown
from bot.sources.pace import fresh_for, retry_after
from bot.sources.remote import Seen
from bot.sources.trouble import TroubleError
from config.sources import FeedSettings

LIMITS = Limits(size=10_000_000, seconds=60)
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9,"
    " application/json;q=0.9, text/xml;q=0.8, */*;q=0.1"
)
LONGEST_TITLE = 300
MOST_WORDS = 50  # of authors and of categories
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
_UNFIT = re.compile(r"[^\w.~-]+")


class FeedPlace:
    """The place behind a source of kind feed.

    Args:
        settings: the source's.
        fetch: what may be dialled.
        clock: the time.
    """

    def __init__(self, settings: FeedSettings, *, fetch: Fetch, clock: Clock) -> None:
        self._settings = settings
        self._fetch = fetch
        self._clock = clock
        self._validators: dict[str, str] = {}
        self._seen: Seen | None = None
        self._texts: dict[str, str] = {}

    async def look(self) -> Seen:
        """One request, conditional from the second on."""
        conditions = self._validators if self._seen else {}
        async with self._fetch.session() as session:
            answer = await session.get(
                self._settings.url, {"Accept": ACCEPT, **conditions}, LIMITS
            )
        fresh = fresh_for(answer.headers)
        if answer.status == HTTPStatus.NOT_MODIFIED and self._seen:
            return Seen(
                self._seen.files, aliases=self._seen.aliases, fresh=fresh, complete=False
            )
        contents = await self._contents(answer)
        posts = posts_of(contents, (self._settings.url, answer.url))
        self._texts = {path: text for path, (text, _) in posts.items()}
        versions = {path: _mark(text) for path, text in self._texts.items()}
        aliases = {path: others for path, (_, others) in posts.items()}
        self._seen = Seen(versions, aliases=aliases, fresh=fresh, complete=False)
        self._validators = validators_of(answer.headers)
        return self._seen

    async def read(self, wanted: Mapping[str, str]) -> Mapping[str, str | UnfitError]:
        """The texts that came with the feed."""
        return {path: _fit(self._texts[path]) for path in wanted}

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


def posts_of(
    contents: Contents, addresses: Collection[str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Path -> text and aliases of the items; of two with one id the first, which is newer.

    Args:
        contents: the feed.
        addresses: the feed's own; with the site's they tell which hosts are its own.
    """
    own = {host_of(address) for address in (contents.home, *addresses)} - {""}
    posts: dict[str, tuple[str, tuple[str, ...]]] = {}
    for item in contents.items:
        path = path_of(item.id, own)
        by_link = path_of(item.link, own) if item.link else path
        posts.setdefault(path, (post_of(item), (by_link,) if by_link != path else ()))
    return posts


def path_of(identity: str, own: Collection[str]) -> str:
    """The path under which an item is known.

    It stays when the site moves to another host or from http to https: of an address on one of
    the feed's own hosts only what follows the host counts. Letters stand for the whole of it, the
    last part is there for people.

    Args:
        identity: the item's id or its link.
        own: hosts of the feed and its site, without `www.`.
    """
    parts = urlsplit(identity) if identity.startswith(("http://", "https://")) else None
    if parts is None:
        return f"{_mark(identity).translate(_LETTERS)[:12]}/post.html"
    host = "" if host_of(identity) in own else host_of(identity)
    query = f"?{parts.query}" if parts.query else ""
    whole = f"{host}/{parts.path.strip('/')}{query}"
    return f"{_mark(whole).translate(_LETTERS)[:12]}/{slug_of(identity) or 'post'}.html"


def host_of(address: str) -> str:
    """The host of an address, without `www.`; "" for none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def slug_of(address: str) -> str:
    """The last part of an address's path, as a name; "" for none."""
    last = urlsplit(address).path.strip("/").rpartition("/")[2]
    return _UNFIT.sub("-", re.sub(r"\.(?:html?|php|aspx?)$", "", last)).strip("-.")[:80]


def post_of(item: Item) -> str:
    """An item as the text of a file: a JSON header, then HTML."""
    header = {
        "title": item.title[:LONGEST_TITLE].replace("&", "&amp;"),  # headers unescape titles
        "date": item.date,
        "url": item.link,
        "slug": slug_of(item.link),
        "lang": item.language,
        "authors": list(item.authors[:MOST_WORDS]),
        "categories": list(item.categories[:MOST_WORDS]),
    }
    said = {name: value for name, value in header.items() if value}
    return f"{json.dumps(said, ensure_ascii=False, indent=1)}\n{item.html}\n"


def _fit(text: str) -> str | UnfitError:
    try:
        check_size(len(text.encode("utf-8", "replace")))
    except UnfitError as unfit:
        return unfit
    return text


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
