"""Fetching over HTTP, safely: the only home of httpx among the sources.

Every connection goes to an address that was checked just before it was dialled, on every
redirect anew; every answer has limits of size, time and number of redirects.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Protocol

import httpx
from typing_extensions import override

from bot.sources.addresses import Rules
from bot.sources.trouble import TroubleError
from bot.sources.unpack import unpacker

CONNECT = 10.0
SILENCE = 30.0
"""Seconds without a byte."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port -> addresses; OSError if there is none."""


class TooLargeError(TroubleError):
    """An answer is larger than its limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one fetch: bytes of the unpacked body, seconds in all, redirects."""

    size: int = 20_000_000
    seconds: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer of any status. `url` is where it came from, after redirects."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


class Sink(Protocol):
    """Takes a body piece by piece, such as an open file."""

    def write(self, piece: bytes, /) -> object:
        """Take the next piece."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses that the system knows of a host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True)
class Fetch:
    """How to fetch; `session` does it.

    `rules` say what may be dialled, `proxy` "" = the far side itself, `resolve` is who knows
    addresses.
    """

    rules: Rules = field(default_factory=Rules)
    proxy: str = ""
    resolve: Resolve = resolved

    @cached_property
    def certificates(self) -> ssl.SSLContext:
        """Whom to trust; loaded once, for it takes a while."""
        return httpx.create_ssl_context()

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host that may be dialled; () where only the proxy knows them.

        Raises:
            TroubleError: there is none.
        """
        try:
            found = await self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            if self.proxy:
                return ()
            raise TroubleError(f"no address is known for {host}: is it spelt right?") from error
        return self.rules.dialled(host, found)

    @asynccontextmanager
    async def session(self) -> AsyncIterator["Session"]:
        """Connections that are used again until the end of the block."""
        timeout = httpx.Timeout(SILENCE, connect=CONNECT)
        headers = {
            "User-Agent": f"digestbot/{version('digestbot')}",
            "Accept-Encoding": "gzip, deflate",
        }
        async with httpx.AsyncClient(
            transport=CheckedTransport(self), timeout=timeout, headers=headers, trust_env=False
        ) as client:
            yield Session(client)


class CheckedTransport(httpx.AsyncBaseTransport):
    """Dials addresses that were checked, never names: nobody resolves a second time.

    TLS still asks for the certificate of the name. Each host has connections of its own, so none
    is used for a host whose certificate was not seen.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._ways: dict[tuple[str, str, int | None], httpx.AsyncHTTPTransport] = {}

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await self._fetch.addresses(host.strip("[]"), port)
        way = self._way((url.scheme, host, url.port))
        if self._fetch.proxy:
            return await way.handle_async_request(request)
        failed: httpx.TransportError = httpx.ConnectError("no address")
        for address in addresses:
            try:
                return await way.handle_async_request(_dialling(request, address, host))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failed = error  # the next address may be of a kind that this machine reaches
        raise failed

    @override
    async def aclose(self) -> None:
        for way in self._ways.values():
            await way.aclose()

    def _way(self, key: tuple[str, str, int | None]) -> httpx.AsyncHTTPTransport:
        if key not in self._ways:
            self._ways[key] = httpx.AsyncHTTPTransport(
                verify=self._fetch.certificates, proxy=self._fetch.proxy or None
            )
        return self._ways[key]


def _dialling(request: httpx.Request, address: str, host: str) -> httpx.Request:
    """The same request, to an address; its Host header has the name already."""
    extensions = dict(request.extensions) | {"sni_hostname": host}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )


class Session:
    """Fetches within limits. Raises TroubleError for all that goes wrong on the way."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(
        self, url: str, headers: Mapping[str, str] | None = None, limits: Limits | None = None
    ) -> Answer:
        """Fetch a whole answer, whatever its status.

        Raises:
            TroubleError: there is no answer within the limits; the words name host and path only.
        """
        body = _Collected()
        answer = await self.download(url, body, headers, limits)
        return Answer(answer.status, answer.url, answer.headers, bytes(body.content))

    async def post(
        self, url: str, question: bytes, headers: Mapping[str, str], limits: Limits
    ) -> Answer:
        """Ask a question that changes nothing, and fetch the whole answer; else as `get`."""
        body = _Collected()
        request = self._client.build_request(
            "POST", url, content=question, headers=dict(headers)
        )
        answer = await self._answered(request, body, limits)
        return Answer(answer.status, answer.url, answer.headers, bytes(body.content))

    async def download(
        self,
        url: str,
        sink: Sink,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> Answer:
        """Fetch an answer into a sink; `body` of what is returned is empty.

        Raises:
            TroubleError: as in `get`; the sink may have a part of it.
        """
        try:
            request = self._client.build_request("GET", url, headers=dict(headers or {}))
        except httpx.InvalidURL:
            raise TroubleError(f"{shown(url)} is no address") from None
        return await self._answered(request, sink, limits or Limits())

    async def _answered(self, request: httpx.Request, sink: Sink, limits: Limits) -> Answer:
        """Send a request, and take all that can go wrong on the way for trouble."""
        url = str(request.url)
        try:
            async with asyncio.timeout(limits.seconds):
                return await self._through(request, sink, limits)
        except TimeoutError:
            words = f"{shown(url)} did not answer completely within {limits.seconds:g} seconds"
            raise TroubleError(words) from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            raise TroubleError(f"{shown(url)} cannot be reached: {_reason(error)}") from None

    async def _through(self, request: httpx.Request, sink: Sink, limits: Limits) -> Answer:
        url = str(request.url)
        for _ in range(limits.redirects + 1):
            response = await self._client.send(request, stream=True)
            try:
                if response.next_request is None:
                    await _unpacked(response, sink, limits.size)
                    return Answer(
                        response.status_code, str(response.url), response.headers, b""
                    )
                request = _safe(response, response.next_request)
            finally:
                await response.aclose()
        raise TroubleError(f"{shown(url)} redirects more than {limits.redirects} times")


@dataclass(slots=True)
class _Collected:
    content: bytearray = field(default_factory=bytearray)

    def write(self, piece: bytes) -> None:
        self.content += piece


def _safe(response: httpx.Response, following: httpx.Request) -> httpx.Request:
    """Follow a redirect, but not from https down to what everybody can read and change."""
    if response.url.scheme == "https" and following.url.scheme != "https":
        words = f"{shown(str(response.url))} redirects from https to {following.url.scheme}"
        raise TroubleError(f"{words}, which is not safe: give the address of the feed itself")
    return following


async def _unpacked(response: httpx.Response, sink: Sink, size: int) -> None:
    """Pass a body on, unpacked here: httpx would unpack any number of layers of any size."""
    told = response.headers.get("content-length", "")
    if told.isdecimal() and int(told) > size:
        raise _too_large(response, size)
    packing = response.headers.get("content-encoding", "")
    unpack = unpacker(packing, shown(str(response.url)))
    taken = 0
    async for piece in response.aiter_raw():
        for part in unpack(piece, size + 1):
            taken += len(part)
            if taken > size:
                raise _too_large(response, size)
            sink.write(part)


def _too_large(response: httpx.Response, size: int) -> TooLargeError:
    return TooLargeError(f"{shown(str(response.url))} answers with more than {size:,} bytes")


def shown(url: str) -> str:
    """An address fit for a log: without what may be a secret in it."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return "the address"
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.host}{port}{parts.path}"


def _reason(error: Exception) -> str:
    """An error of httpx in few words; its own words may hold the whole address."""
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.ConnectError):
        return f"no connection ({error})" if "CERTIFICATE" in str(error) else "no connection"
    return type(error).__name__
