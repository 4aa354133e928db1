"""Fetching: where it goes, what it takes, when it gives up."""

import asyncio
import gzip
import zlib
from collections.abc import Sequence

import httpx
import pytest
from aiohttp import web

from bot.sources.addresses import Rules
from bot.sources.fetch import Answer, Fetch, Limits, Session, TooLargeError, shown
from bot.sources.trouble import TroubleError
from tests.far_side import Handler, Page, never, serving

NEAR = Rules(["127.0.0.1"])
SMALL = Limits(size=1_000, seconds=20)


async def get(url: str, fetch: Fetch | None = None, **more: object) -> Answer:
    """Fetch an address of this machine."""
    async with (fetch or Fetch(NEAR)).session() as session:
        return await session.get(url, **more)  # type: ignore[arg-type]


def answering(**answer: object) -> Handler:
    """A server that always answers the same."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(**answer)  # type: ignore[arg-type]

    return handler


def knows(**addresses: Sequence[str]) -> Fetch:
    """A way to fetch with a resolver that knows these names of `example`, one answer a time."""
    left = {name: list(found) for name, found in addresses.items()}

    async def resolve(host: str, _: int) -> Sequence[str]:
        name = host.removesuffix(".example")
        if name not in left:
            raise OSError("no such name")
        return [left[name].pop(0) if len(left[name]) > 1 else left[name][0]]

    return Fetch(NEAR, resolve=resolve)


async def test_an_answer_comes_whole():
    """Status, headers, body, the address; and we say who we are."""
    page = Page(body=b"hello", headers={"X-A": "b"})
    async with serving(page) as url:
        answer = await get(f"{url}/a?b=c", headers={"Accept": "text/x"})

    assert (answer.status, answer.body, answer.headers["x-a"]) == (200, b"hello", "b")
    assert answer.url == f"{url}/a?b=c"
    assert page.asked[0].headers["User-Agent"].startswith("digestbot/")
    assert page.asked[0].headers["Accept"] == "text/x"


async def test_what_is_not_allowed_is_not_dialled():
    """Loopback by address, as a number, in hex, by name: the server hears nothing."""
    page = Page()
    async with serving(page) as url:
        port = url.rpartition(":")[2]
        for host in ("127.0.0.1", "2130706433", "0x7f.1", "localhost", "[::1]", "127.1"):
            with pytest.raises(TroubleError, match="not public"):
                await get(f"http://{host}:{port}/", Fetch(Rules()))

    assert page.asked == []


async def test_a_name_that_changes_between_two_looks_is_checked_each_time():
    """And dialled at the address that was checked: nobody resolves a second time."""
    page = Page(body=b"hello")
    fetch = knows(site=["127.0.0.1", "10.0.0.1"])
    async with serving(page) as url:
        port = url.rpartition(":")[2]
        async with fetch.session() as session:
            first = await session.get(f"http://site.example:{port}/")
            with pytest.raises(TroubleError, match=r"site\.example is at 10\.0\.0\.1"):
                await session.get(f"http://site.example:{port}/")

    assert first.body == b"hello"
    assert page.asked[0].headers["Host"] == f"site.example:{port}"
    assert len(page.asked) == 1


async def test_the_next_address_is_tried_where_one_does_not_answer():
    """A machine without IPv6 reaches what has both."""

    async def resolve(_: str, __: int) -> Sequence[str]:
        return ["::1", "127.0.0.1"]

    async with serving(Page(body=b"hello")) as url:
        port = url.rpartition(":")[2]
        fetch = Fetch(Rules(["127.0.0.1", "::1"]), resolve=resolve)
        answer = await get(f"http://site.example:{port}/", fetch)

    assert answer.body == b"hello"


async def test_an_unknown_name_is_told_so():
    """It is misspelt, most of the time."""
    with pytest.raises(TroubleError, match=r"no address is known for nobody\.example"):
        await get("http://nobody.example/", knows())


async def test_redirects_are_followed_as_far_as_it_is_safe():
    """The answer names where it came from."""

    async def hop(request: web.Request) -> web.StreamResponse:
        step = int(request.query.get("step", "0"))
        if step == 3:
            return web.Response(text="here")
        return web.Response(status=302, headers={"Location": f"/?step={step + 1}"})

    async with serving(hop) as url:
        answer = await get(url)
        with pytest.raises(TroubleError, match="more than 2 times"):
            await get(url, limits=Limits(redirects=2))

    assert (answer.body, answer.url) == (b"here", f"{url}/?step=3")


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.2]/",
        "http://2130706434/",
        "http://inner.example/",
    ],
)
async def test_a_redirect_to_a_private_address_is_not_followed(target):
    """Whatever it looks like; the way there was public."""
    fetch = knows(inner=["192.168.0.1"])

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host.endswith(".example"):
            return await fetch.resolve(host, port)
        return {"2130706434": ["127.0.0.2"]}.get(host, [host])

    async with serving(answering(status=301, headers={"Location": target})) as url:
        with pytest.raises(TroubleError, match="not public"):
            await get(url, Fetch(NEAR, resolve=resolve))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://a.example/", "http://"])
async def test_a_redirect_to_something_else_is_not_followed(target):
    """Only HTTP is spoken."""
    async with serving(answering(status=302, headers={"Location": target})) as url:
        with pytest.raises(TroubleError):
            await get(url)


async def test_a_redirect_from_https_to_http_is_not_followed():
    """What was protected on the way would be open to everybody."""

    def far(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        return httpx.Response(302, headers={"Location": "http://site.example/feed"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(far)) as client:
        with pytest.raises(TroubleError, match="from https to http"):
            await Session(client).get("https://site.example/feed")


async def test_a_token_is_not_carried_to_another_host():
    """Redirects to a file store come with their own permission."""
    seen: dict[str, str | None] = {}

    def far(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = request.headers.get("Authorization")
        if request.url.host == "api.example":
            return httpx.Response(302, headers={"Location": "https://files.example/x"})
        return httpx.Response(200, stream=httpx.ByteStream(b""))

    async with httpx.AsyncClient(transport=httpx.MockTransport(far)) as client:
        await Session(client).get("https://api.example/", {"Authorization": "Bearer hush"})

    assert seen == {"api.example": "Bearer hush", "files.example": None}


async def test_a_large_answer_is_cut_off():
    """By what it says of itself, and by what comes: here a gigabyte that nobody waits for."""
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 1_000_000_000:
            await response.write(b"x" * 100_000)
            sent += 100_000
        return response

    async with serving(answering(body=b"x" * 1_001)) as url:
        with pytest.raises(TooLargeError, match="more than 1,000 bytes"):
            await get(url, limits=SMALL)
    async with serving(endless) as url:
        with pytest.raises(TooLargeError):
            await get(url, limits=Limits(size=1_000_000))

    assert sent < 100_000_000


@pytest.mark.parametrize("layers", [1, 2])
async def test_a_packed_answer_counts_by_what_it_unpacks_to(layers):
    """A bomb goes off nowhere: packing in packing is not even begun."""
    bomb = b"0" * 10_000_000
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    headers = {"Content-Encoding": ", ".join(["gzip"] * layers)}
    async with serving(answering(body=bomb, headers=headers)) as url:
        with pytest.raises(TroubleError, match=r"more than 100,000 bytes|not asked for"):
            await get(url, limits=Limits(size=100_000))


@pytest.mark.parametrize(
    ("packing", "body"),
    [("gzip", gzip.compress(b"hello", mtime=0)), ("deflate", zlib.compress(b"hello"))],
    ids=["gzip", "deflate"],
)
async def test_what_was_asked_for_is_unpacked(packing, body):
    """As most servers send it."""
    async with serving(answering(body=body, headers={"Content-Encoding": packing})) as url:
        assert (await get(url)).body == b"hello"


async def test_a_damaged_or_foreign_packing_is_a_trouble():
    """Not an error of ours."""
    async with serving(answering(body=b"xx", headers={"Content-Encoding": "gzip"})) as url:
        with pytest.raises(TroubleError, match="damaged"):
            await get(url)
    async with serving(answering(body=b"xx", headers={"Content-Encoding": "br"})) as url:
        with pytest.raises(TroubleError, match="not asked for: br"):
            await get(url)


async def test_a_slow_answer_is_given_up():
    """Before its first byte, or in the middle of drops."""

    async def drops(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"x")
        await asyncio.Event().wait()
        return response

    for handler in (never, drops):
        async with serving(handler) as url:
            with pytest.raises(TroubleError, match=r"within 0\.2 seconds"):
                await get(url, limits=Limits(seconds=0.2))


async def test_what_does_not_listen_is_told_so():
    """With the host, and without what may be secret in the address."""
    async with serving(Page()) as url:
        pass
    with pytest.raises(TroubleError) as refused:
        await get(f"{url}/feed?token=hush")

    assert "no connection" in str(refused.value)
    assert "hush" not in str(refused.value)


async def test_a_broken_answer_is_a_trouble():
    """A server that speaks something else."""

    async def broken(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(broken, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TroubleError, match="RemoteProtocolError"):
            await get(f"http://127.0.0.1:{port}/")


async def test_with_a_proxy_names_may_be_unknown_here():
    """The proxy knows them; what is known here is checked all the same."""
    proxy = Page(body=b"from the proxy")
    async with serving(proxy) as url:
        resolve = knows(inner=["192.168.0.1"]).resolve
        fetch = Fetch(NEAR, proxy=url, resolve=resolve)
        answer = await get("http://far.example/feed", fetch)
        with pytest.raises(TroubleError, match="not public"):
            await get("http://inner.example/feed", fetch)

    assert answer.body == b"from the proxy"
    assert proxy.asked[0].headers["Host"] == "far.example"
    assert len(proxy.asked) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://u:hush@a.example:8443/feed?key=hush#hush", "https://a.example:8443/feed"),
        ("http://a.example", "http://a.example/"),
        ("http://a:b", "the address"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url, expected):
    """In logs and in `status`."""
    assert shown(url) == expected
