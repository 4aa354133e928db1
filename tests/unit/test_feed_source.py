"""The feed source before a server that does everything a server can do."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.model.posts import Scan
from bot.sources.addresses import Rules
from bot.sources.feed import FeedPlace
from bot.sources.fetch import Fetch
from bot.sources.pace import Pace
from bot.sources.remote import RemoteSource
from config.settings import FeedSettings
from formatters.document import Site
from formatters.read import read_post
from tests.fakes import FixedClock
from tests.far_side import Page, never, rss, rss_item, serving

MINUTE = timedelta(minutes=1)
NOWHERE = Path("/dev/null/feed")
SITE = Site(url="https://news.example", zone="Asia/Shanghai")


class Reader:
    """A feed source over one page."""

    def __init__(
        self,
        url: str,
        *,
        patience: timedelta = MINUTE,
        content: str = "feed",
        file: Path = NOWHERE,
    ) -> None:
        self.clock = FixedClock()
        row = {"id": "news", "kind": "feed", "url": url, "content": content}
        chosen = FeedSettings.model_validate(row)
        fetch = Fetch(Rules(["127.0.0.1"]))
        place = FeedPlace(chosen, fetch=fetch, clock=self.clock, file=file)
        pace = Pace(self.clock, chance=lambda: 0.0)
        self.source = RemoteSource("news", place, pace, patience=patience)

    async def look(self, **later: float) -> Scan:
        """Look, after some time."""
        self.clock.advance(**later)
        return await self.source.scan()


def words(scan: Scan) -> str:
    """The one problem that a scan has of the whole source."""
    (problem,) = scan.problems
    assert (problem.path, scan.found, scan.paths) == ("", (), frozenset())
    return problem.words


def names(scan: Scan) -> list[str]:
    """What was found, by the last part of its path."""
    return [one.path.rpartition("/")[2] for one in scan.found]


async def test_an_unchanged_feed_costs_one_conditional_request():
    """304: nothing is read again; all posts are still there."""
    page = Page(rss(rss_item("one")), {"Last-Modified": "Fri, 20 Nov 2026 08:00:00 GMT"})
    async with serving(page) as url:
        reader = Reader(f"{url}/feed.xml")
        first = await reader.look()
        second = await reader.look()

    assert (names(first), names(second)) == (["one.html"], [])
    assert second.paths == first.paths
    assert not second.complete
    assert (len(page.asked), page.full) == (2, 1)
    conditions = page.asked[1].headers
    assert conditions["If-None-Match"].startswith('"')
    assert conditions["If-Modified-Since"] == "Fri, 20 Nov 2026 08:00:00 GMT"


async def test_an_unchanged_feed_is_not_fetched_by_the_next_process_either(tmp_path):
    """What the last one fetched is kept; all of it is told on a first look."""
    page = Page(rss(rss_item("one"), rss_item("two")))
    file = tmp_path / "data" / "news.feed"
    async with serving(page) as url:
        first = await Reader(url, file=file).look()
        reader = Reader(url, file=file)
        second = await reader.look()
        third = await reader.look()

    assert second == first
    assert (names(first), names(third)) == (["one.html", "two.html"], [])
    assert (len(page.asked), page.full) == (3, 1)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]\nx", b'{"status": 200, "url": "", "headers": []}\n', b"\xff\n"]
)
async def test_a_damaged_cache_does_no_harm(tmp_path, content):
    """The feed is fetched as if there were none."""
    file = tmp_path / "news.feed"
    file.write_bytes(content)
    async with serving(Page(rss(rss_item("one")))) as url:
        scan = await Reader(url, file=file).look()

    assert names(scan) == ["one.html"]


async def test_a_bad_answer_is_not_kept(tmp_path):
    """The last good one stays."""
    page = Page(rss(rss_item("one")))
    file = tmp_path / "news.feed"
    async with serving(page) as url:
        await Reader(url, file=file).look()
        good = file.read_bytes()
        page.body = b"<p>Sign in"
        await Reader(url, file=file).look()

    assert file.read_bytes() == good


async def test_a_feed_without_validators_tells_nothing_twice():
    """It is fetched each time, and each item is told once."""

    async def plain(_: web.Request) -> web.StreamResponse:
        return web.Response(body=rss(rss_item("one")))

    async with serving(plain) as url:
        reader = Reader(url)
        scans = [await reader.look() for _ in range(3)]

    assert [names(scan) for scan in scans] == [["one.html"], [], []]


async def test_a_304_that_was_not_asked_for_is_no_answer():
    """A confused cache does not make an empty source."""
    page = Page()
    page.status(304)
    async with serving(page) as url:
        assert "HTTP 304" in words(await Reader(url).look())


@pytest.mark.parametrize(
    "asked", ["600", "Fri, 20 Nov 2026 12:10:00 GMT"], ids=["seconds", "date"]
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_obeyed_in_both_forms(asked, status):
    """Until then nothing is sent, and the problem stays told; then it is asked again."""
    page = Page(rss(rss_item("one")))
    page.status(status, Retry_After=asked)
    async with serving(page) as url:
        reader = Reader(url)
        first = await reader.look()
        before = await reader.look(minutes=9)
        page.answer = None
        after = await reader.look(minutes=1)

    assert f"HTTP {status}" in words(first)
    assert "0:10:00" in words(first)
    assert before == replace(first, asked=False)
    assert names(after) == ["one.html"]
    assert len(page.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 502, 504])
async def test_a_failing_server_is_asked_less_and_less(status):
    """One minute, two, four; the first good answer is taken at once."""
    page = Page(rss(rss_item("one")))
    page.status(status, "<html>secret detail</html>")
    async with serving(page) as url:
        reader = Reader(url)
        scan = await reader.look()
        asked = []
        for _ in range(8):  # minutes 1 to 8
            await reader.look(minutes=1)
            asked.append(len(page.asked))
        page.answer = None
        good = await reader.look(minutes=60)

    assert words(scan) == f"{url}/ answers HTTP {status}"
    assert asked == [2, 2, 3, 3, 3, 3, 4, 4]
    assert names(good) == ["one.html"]


async def test_what_is_gone_for_good_is_said_to_be():
    """410 is no failure that passes."""
    page = Page()
    page.status(410)
    async with serving(page) as url:
        assert "take the source out" in words(await Reader(url).look())


async def test_a_feed_is_not_asked_before_its_cache_is_stale():
    """`max-age` less `Age`; what was found stays there meanwhile, and is told no more."""
    page = Page(rss(rss_item("one")), {"Cache-Control": "max-age=600", "Age": "60"})
    async with serving(page) as url:
        reader = Reader(url)
        first = await reader.look()
        resting = await reader.look(minutes=8)
        asked = len(page.asked)
        await reader.look(minutes=1)

    assert (resting.found, resting.paths, resting.problems) == ((), first.paths, ())
    assert (first.asked, resting.asked) == (True, False)
    assert (asked, len(page.asked)) == (1, 2)


async def test_a_redirect_to_a_private_address_is_a_problem_of_this_source():
    """With the way to allow it, should it be meant."""
    page = Page()
    page.status(302, Location="http://169.254.169.254/latest/")
    async with serving(page) as url:
        told = words(await Reader(url).look())

    assert "169.254.169.254" in told
    assert "fetch.allow" in told


async def test_a_feed_that_moved_is_followed():
    """And its items keep their paths."""
    page = Page(rss(rss_item("one")))

    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path == "/old":
            return web.Response(status=301, headers={"Location": "/new"})
        return await page(request)

    async with serving(moved) as url:
        old, new = await Reader(f"{url}/old").look(), await Reader(f"{url}/new").look()

    assert old.found == new.found
    assert names(old) == ["one.html"]


async def test_a_slow_body_is_given_up():
    """However it keeps us waiting."""
    async with serving(never) as url:
        scan = await Reader(url, patience=timedelta(milliseconds=200)).look()

    assert "longer than" in words(scan)


async def test_a_gigabyte_is_not_taken_in():
    """Neither announced nor sent."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(10_000):
            await response.write(b"x" * 100_000)
        return response

    page = Page()
    async with serving(page) as url:
        page.answer = endless
        assert "more than 10,000,000 bytes" in words(await Reader(url).look())


@pytest.mark.parametrize(
    ("encoding", "declared", "http"),
    [
        ("utf-8", "", ""),
        ("utf-8", "iso-8859-1", ""),
        ("utf-8", "", "gb2312"),
        ("utf-8-sig", "", ""),
        ("utf-16", "utf-16", ""),
        ("gb18030", "gb2312", ""),
        ("gb18030", "", "gbk"),
        ("gb18030", "utf-8", "gb18030"),
        ("big5", "big5", "utf-8"),
    ],
)
async def test_the_charset_is_what_the_bytes_are(encoding, declared, http):
    """UTF-8 where they are, whatever header and declaration say; else what one of them says."""
    declaration = f' encoding="{declared}"' if declared else ""
    text = (
        rss(rss_item("one", "<p>周刊</p>")).decode().replace(' encoding="UTF-8"', declaration)
    )
    kind = {"Content-Type": f"text/xml; charset={http}" if http else "text/xml"}
    async with serving(Page(text.encode(encoding), kind)) as url:
        scan = await Reader(url).look()

    assert "周刊" in scan.found[0].text


@pytest.mark.parametrize(("declared", "said"), [("utf-8", "utf-8"), ("x-none", "x-none")])
async def test_a_wrong_charset_is_a_problem_and_no_gibberish(declared, said):
    """Nobody's members are to read what nobody wrote."""
    body = rss(rss_item("one", "<p>周刊</p>")).decode().replace("UTF-8", declared)
    async with serving(Page(body.encode("gb18030"))) as url:
        assert f"not {said}" in words(await Reader(url).look())


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "neither RSS nor Atom"),
        (b"<!doctype html><title>Welcome</title><p>Sign in", "neither RSS nor Atom"),
        (b"{", "looks like JSON"),
        (b'{"version": "1"}', "no JSON Feed"),
        (b"\0\xff\xfe\x01" * 99, "characters"),
        (b"[" * 99_999, "neither RSS nor Atom"),
        (b'{"a":' * 99_999, "looks like JSON"),
    ],
)
async def test_what_is_no_feed_is_said_to_be_none(body, told):
    """A page to sign in at, a broken file, nothing at all."""
    async with serving(Page(body)) as url:
        assert told in words(await Reader(url).look())


async def test_a_bomb_of_entities_goes_off_nowhere():
    """Ten lines that would be a gigabyte: it is over at once, with or without an item."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'
    body = bomb.encode() + rss(rss_item("one", title="&a10;")).split(b"?>", 1)[1]
    async with serving(Page(body)) as url:
        async with asyncio.timeout(20):
            scan = await Reader(url).look()

    assert sum(len(one.text) for one in scan.found) < 100_000


async def test_a_feed_that_breaks_off_gives_what_it_has():
    """As readers of feeds are used to."""
    body = rss(rss_item("one"), rss_item("two"))
    async with serving(Page(body[: body.index(b"<title>two")])) as url:
        assert "one.html" in names(await Reader(url).look())


async def test_what_is_no_character_is_replaced():
    """No database takes a zero, no text half a character; one item must not break the feed."""
    odd = rss_item("odd", title="a&#xD800;b&#0;c&#x110000;d &#x41;", link="http://[")
    async with serving(Page(rss(odd, rss_item("one")))) as url:
        by_xml = await Reader(url).look()
    item = {"id": "1", "title": "a\ud800", "content_html": "b\0c"}
    feed = {"version": "https://jsonfeed.org/version/1", "items": [item]}
    async with serving(Page(json.dumps(feed).encode())) as url:
        by_json = await Reader(url).look()

    assert len(by_xml.found) == 2
    assert "a\ufffdb\ufffdc\ufffdd A" in by_xml.found[0].text + by_xml.found[1].text
    assert "b\ufffdc" in by_json.found[0].text
    for found in (*by_xml.found, *by_json.found):
        assert "\0" not in found.text.encode().decode()


async def test_what_is_broken_beyond_reading_is_said_to_be():
    """Tags that close each other: the parser of feeds falls over them."""
    body = b"<rss version='2.0'><channel><item><link></item></link></channel></rss>"
    async with serving(Page(body)) as url:
        assert "too broken" in words(await Reader(url).look())


async def test_an_item_that_is_too_large_is_a_problem_of_its_own():
    """The others are found."""
    async with serving(Page(rss(rss_item("one"), rss_item("two", "x" * 2_100_000)))) as url:
        scan = await Reader(url).look()

    (problem,) = scan.problems
    assert names(scan) == ["one.html"]
    assert problem.path.endswith("/two.html")
    assert "no post is so long" in problem.words


async def test_an_item_is_a_post():
    """Title, date, authors, categories, language and address come from the feed."""
    item = rss_item(
        "weekly-7",
        "<h2>News</h2><p>A &amp; B</p>",
        title="Weekly &amp;amp; more &lt;b&gt;7&lt;/b&gt;",
        pubDate="Fri, 20 Nov 2026 08:00:00 +0800",
        author="ada@example.org (Ada)",
        category="releases",
    )
    page = Page(rss(item, head="<language>zh-cn</language>"))
    async with serving(page) as url:
        (found,) = (await Reader(url).look()).found
    post = read_post(found.text, path=found.path, site=SITE)

    assert post.header.title == "Weekly & more 7"
    assert post.header.date is not None
    assert post.header.date.isoformat() == "2026-11-20T08:00:00+08:00"
    assert post.header.authors == ("Ada",)
    assert post.header.categories == ("releases",)
    assert (post.url, post.number) == ("https://news.example/weekly-7/", 7)
    assert post.language.startswith("zh")
    assert [str(section.kind) for section in post.sections]
    assert found.aliases == ()


async def test_ids_stay_when_a_site_moves():
    """To another host, from http to https, with or without `www.`: the same paths."""
    paths = []
    for home in ("http://old.example", "https://www.new.example"):
        items = [
            rss_item("one", link=f"{home}/one/", guid=f"{home}/?p=1"),
            rss_item("two", link=f"{home}/two/"),
            rss_item("three", link=f"{home}/three/", guid="tag:example,2026:3"),
        ]
        async with serving(Page(rss(*items, home=home))) as url:
            paths.append([one.path for one in (await Reader(url).look()).found])

    assert paths[0] == paths[1]
    assert len(set(paths[0])) == 3


async def test_an_address_is_taken_as_it_is():
    """What would be a pattern in a header is none in a feed's link."""
    link = "https://news.example:8443/post:slug/{slug}?at=10:30"
    async with serving(Page(rss(rss_item("one", link=link)))) as url:
        (found,) = (await Reader(url).look()).found
    post = read_post(found.text, path=found.path, site=SITE)

    assert post.url == "https://news.example:8443/post%3Aslug/%7Bslug%7D?at=10%3A30"


async def test_a_broken_address_harms_nobody():
    """It is an id as good as any, and no link."""
    items = [
        rss_item("one", link="http://[", guid="http://["),
        rss_item("two", link="http://[x"),
    ]
    async with serving(Page(rss(*items))) as url:
        scan = await Reader(url).look()

    assert len(scan.found) == 2


async def test_an_item_is_also_known_by_its_link():
    """So that a feed may begin, or cease, to give ids of its own."""
    async with serving(Page(rss(rss_item("one")))) as url:
        (by_link,) = (await Reader(url).look()).found
    async with serving(Page(rss(rss_item("one", guid="urn:uuid:1")))) as url:
        (by_id,) = (await Reader(url).look()).found

    assert by_id.path != by_link.path
    assert by_id.aliases == (by_link.path,)


async def test_posts_of_other_sites_are_kept_apart():
    """A planet gathers many sites, and each has a post called hello."""
    items = [rss_item("hello", link=f"https://{host}.example/hello/") for host in "abc"]
    async with serving(Page(rss(*items))) as url:
        scan = await Reader(url).look()

    assert len(scan.paths) == 3


async def test_of_two_items_with_one_id_the_first_counts():
    """Feeds repeat themselves; which item it is must not change from look to look."""
    items = [rss_item("one", "<p>new</p>", guid="1"), rss_item("one", "<p>old</p>", guid="1")]
    async with serving(Page(rss(*items))) as url:
        (found,) = (await Reader(url).look()).found

    assert "<p>new</p>" in found.text


async def test_atom_is_read():
    """With content beside a summary, dates with zones, and relative links left to the reader."""
    body = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>News</title><link href="https://news.example/"/><entry><title type="html">A &lt;i>b&lt;/i></title>
<id>tag:news.example,2026:1</id><link href="https://news.example/a"/><published>2026-11-20T08:00:00Z</published>
<updated>2026-11-21T08:00:00Z</updated><author><name>Ada</name></author><category term="x"/>
<summary>short</summary><content type="html">&lt;p>the whole &lt;a href="/b">text&lt;/a>&lt;/p></content></entry></feed>"""
    async with serving(Page(body)) as url:
        (found,) = (await Reader(url).look()).found
    post = read_post(found.text, path=found.path, site=SITE)

    assert post.header.title == "A b"
    assert (post.header.date and post.header.date.isoformat()) == "2026-11-20T08:00:00+00:00"
    assert '<p>the whole <a href="/b">text</a></p>' in found.text
    assert (post.header.authors, post.header.categories) == (("Ada",), ("x",))


async def test_json_feed_is_read():
    """HTML or plain text; dates; authors of both versions."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "home_page_url": "https://news.example/",
        "language": "en",
        "items": [
            {
                "id": "https://news.example/a",
                "url": "https://news.example/a",
                "title": "A",
                "content_html": "<p>one</p>",
                "date_published": "2026-11-20T08:00:00+08:00",
                "authors": [{"name": "Ada"}],
                "tags": ["x"],
            },
            {"id": 2, "content_text": "two < three\n\nfour", "author": {"name": "Lin"}},
            "no item",
        ],
    }
    async with serving(Page(json.dumps(feed).encode())) as url:
        scan = await Reader(url).look()
    by_html = {"one" in found.text: found for found in scan.found}
    post = read_post(by_html[True].text, path=by_html[True].path, site=SITE)

    assert len(scan.found) == 2
    assert (post.header.title, post.header.authors, post.header.tags) == ("A", ("Ada",), ())
    assert "<p>two &lt; three</p><p>four</p>" in by_html[False].text
    assert by_html[False].path.endswith("/post.html")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Fri, 20 Nov 2026 08:00:00 -0000", "2026-11-20T08:00:00+00:00"),
        ("Fri, 20 Nov 2026 08:00:00 EST", "2026-11-20T08:00:00-05:00"),
        ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00+00:00"),
        ("Fri, 20 Nov 2026 08:00:00", "2026-11-20T08:00:00+08:00"),
        ("2026-11-20 08:00:00", "2026-11-20T08:00:00+08:00"),
        ("yesterday", None),
    ],
)
async def test_dates_have_the_zone_that_they_name_or_the_sites(written, read):
    """A date without one is local to the site, as in files."""
    async with serving(Page(rss(rss_item("one", pubDate=written)))) as url:
        (found,) = (await Reader(url).look()).found
    date = read_post(found.text, path=found.path, site=SITE).header.date

    assert (date and date.isoformat()) == read


# ------------------------------------------------------------------ posts on their own pages


async def test_a_post_may_be_read_from_its_own_page():
    """For feeds that have summaries only; each page once, as long as the item stays."""
    pages = {
        "/one/": web.Response(text="<nav>x</nav><article><p>The whole</p></article>"),
        "/two/": web.Response(body="<meta charset=gbk><main>周刊</main>".encode("gbk")),
        "/gone/": web.Response(status=404),
        "/bare/": web.Response(text="<p>Loading</p>"),
    }
    asked: list[str] = []

    async def site(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if request.path == "/feed.xml":
            items = [
                rss_item(n, "summary", link=f"/{n}/") for n in ("one", "two", "gone", "bare")
            ]
            home = f"http://{request.host}"
            return web.Response(
                body=rss(*items, home=home).replace(b">/", f">{home}/".encode())
            )
        found = pages[request.path]
        return web.Response(body=found.body, status=found.status, content_type="text/html")

    async with serving(site) as url:
        reader = Reader(f"{url}/feed.xml", content="page")
        first = await reader.look()
        again = await reader.look()
    texts = {one.path.rpartition("/")[2].removesuffix(".html"): one.text for one in first.found}

    assert texts["one"].endswith("<p>The whole</p>\n")
    assert "周刊" in texts["two"]
    assert texts["gone"].endswith("summary\n")
    assert texts["bare"].endswith("summary\n")
    assert again.found == ()
    assert sorted(asked) == ["/bare/", "/feed.xml", "/feed.xml", "/gone/", "/one/", "/two/"]


async def test_a_page_that_fails_for_now_is_waited_for():
    """Rather than post the summary; the pages that came are not fetched again."""
    asked: list[str] = []
    failing = True

    async def site(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if request.path == "/feed.xml":
            home = f"http://{request.host}"
            items = [
                rss_item(name, "summary", link=f"{home}/{name}/") for name in ("one", "two")
            ]
            return web.Response(body=rss(*items, home=home))
        if request.path == "/two/" and failing:
            return web.Response(status=503, headers={"Retry-After": "60"})
        return web.Response(text=f"<article>{request.path}</article>")

    async with serving(site) as url:
        reader = Reader(f"{url}/feed.xml", content="page")
        first = await reader.look()
        failing = False
        second = await reader.look(minutes=1)

    assert "/two/ answers HTTP 503" in words(first)
    assert names(second) == ["one.html", "two.html"]
    assert asked.count("/one/") == 1
