"""Processes on one PostgreSQL: whose turn it is to poll, and what each hears of the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import pytest

from bot.archive import Archive, Ears, Fellows, migrate, open_archive
from bot.archive.engine import driver_url, store_of
from bot.archive.fellows import LOCK, name_here, plain
from bot.model.deliveries import Replica
from tests.fakes import a_draft, an_entry
from tests.prepared import an_archive
from tests.stage import until

SOON = timedelta(seconds=8)


@dataclass
class One:
    """A process, and what it heard."""

    archive: Archive
    fellows: Fellows
    heard: list[str] = field(default_factory=list)

    @property
    def ears(self) -> Ears:
        """They write down what they hear."""
        return Ears(
            wake=lambda: self.heard.append("wake"),
            ring=lambda source: self.heard.append(f"ring {source}"),
            elected=lambda: self.heard.append("elected"),
        )


@pytest.fixture
async def url(postgres_url: str) -> str:
    """A database in its newest form."""
    await migrate(postgres_url)
    return postgres_url


@asynccontextmanager
async def one(url: str) -> AsyncIterator[One]:
    """A process that listens."""
    archive = await open_archive(url)
    fellows = archive.fellows()
    assert isinstance(fellows, Fellows)
    made = One(archive, fellows)
    async with fellows.listening(made.ears):
        yield made
    await archive.close()


async def cut_off_the_poller(url: str) -> None:
    """As an admin, or a failing network: end the connection of whoever polls in this database."""
    server = plain(driver_url(url))
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as line:
        await line.execute(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l"
            " JOIN pg_database d ON d.oid = l.database"
            " WHERE l.objid = %s AND d.datname = current_database()",
            (LOCK,),
        )


@pytest.mark.postgres
async def test_one_of_them_polls_and_the_next_one_takes_over(url):
    """Never two at once; who leaves hands over within seconds."""
    async with one(url) as second_heard_of:
        assert second_heard_of.fellows.polls
    async with one(url) as later:
        async with one(url) as never:
            assert later.fellows.polls
            assert not never.fellows.polls
            assert never.heard == []
        assert later.heard == ["elected"]


@pytest.mark.postgres
async def test_a_holder_whose_connection_breaks_hands_over_and_comes_back(url):
    """It knows that it polls no longer, and listens again as soon as it can."""
    async with one(url) as first, one(url) as second:
        await cut_off_the_poller(url)
        await until(lambda: second.fellows.polls or "elected" in first.heard[1:], within=SOON)
        await until(lambda: "wake" in first.heard, within=SOON)

        assert first.fellows.polls != second.fellows.polls


@pytest.mark.postgres
async def test_rows_wake_everybody_once_they_are_committed(url):
    """Also the process that wrote them; nothing wakes anybody before there is something."""
    async with one(url) as writer, one(url) as other:
        await writer.archive.register.save("weekly", [(an_entry(), ())])
        await writer.archive.register.add([])
        assert other.heard == []
        await writer.archive.register.add([a_draft()])
        await until(lambda: "wake" in other.heard and "wake" in writer.heard, within=SOON)


@pytest.mark.postgres
async def test_a_ring_reaches_whoever_polls_and_nobody_else(url):
    """A web hook comes to any of them."""
    async with one(url) as poller, one(url) as other:
        await other.fellows.pass_on(["weekly", "events"])
        await until(lambda: len(poller.heard) == 3, within=SOON)

        assert poller.heard == ["elected", "ring weekly", "ring events"]
        assert other.heard == []


@pytest.mark.postgres
async def test_everybody_is_named_and_who_polls_is_marked(url):
    """For `digestbot status` and the figures."""
    name = name_here().removeprefix("digestbot at ")
    async with one(url) as first, one(url):
        found = await first.archive.replicas()

    assert sorted(found, key=lambda replica: replica.polls) == [
        Replica(name, polls=False),
        Replica(name, polls=True),
    ]


@pytest.mark.postgres
async def test_a_server_that_is_away_at_the_start_is_waited_for(url):
    """The process works on meanwhile, and does not poll."""
    archive = await open_archive(url)
    nowhere = await open_archive(url)
    fellows = Fellows(away(nowhere._store))
    async with fellows.listening(One(archive, fellows).ears):
        assert not fellows.polls
    await nowhere.close()
    await archive.close()


def away(store):
    """The same database at a port where nobody listens."""
    address = store.engine.url.set(host="127.0.0.1", port=9)
    return store_of(address.render_as_string(hide_password=False))


async def test_whoever_is_alone_polls_and_hears_nothing():
    """SQLite has one process."""
    async with an_archive() as archive:
        fellows = archive.fellows()
        assert not isinstance(fellows, Fellows)
        await fellows.pass_on(["weekly"])
        heard = One(archive, Fellows(archive._store))
        async with fellows.listening(heard.ears):
            await asyncio.sleep(0)

        assert fellows.polls
        assert heard.heard == []
        assert await archive.replicas() == ()
