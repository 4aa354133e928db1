"""Processes on one database go by one clock, whatever their machines' clocks say."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from bot import timekeeping
from bot.archive import Archive, migrate, open_archive
from bot.archive.fellows import plain
from bot.model.deliveries import DeliveryState, Settlement
from bot.model.ids import PostId
from bot.ports.outside import Clock
from tests.fakes import NOON, Unhurried, a_draft, an_entry
from tests.prepared import an_archive

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SLACK = timedelta(milliseconds=500)
"""More than asking the database takes."""


@dataclass(frozen=True)
class Replica:
    """One process: its archive, and the time it goes by."""

    archive: Archive
    clock: Clock

    async def claim(self, lease: timedelta):
        """Take what may go now."""
        now = self.clock.now()
        return await self.archive.outbox.claim(now, lease, limit=9, pace=Unhurried())


@asynccontextmanager
async def replica(url: str, wrong: timedelta, up_since: float = 0.0) -> AsyncIterator[Replica]:
    """A process on a machine whose clock is wrong, and which was switched on at another moment."""
    archive = await open_archive(url)

    def wall() -> datetime:
        return datetime.now(UTC) + wrong

    async with timekeeping.kept(archive, wall, lambda: time.monotonic() + up_since) as clock:
        yield Replica(archive, clock)
    await archive.close()


@pytest.fixture
async def url(postgres_url: str) -> str:
    """A database in its newest form."""
    await migrate(postgres_url)
    return postgres_url


async def announced(archive: Archive, due_at: datetime) -> None:
    """One post for two channels."""
    await archive.register.save("weekly", [(an_entry(), ())])
    rows = [a_draft(channel=name, due_at=due_at) for name in ("C1", "C2")]
    await archive.register.add(rows)


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", [HOUR, -HOUR], ids=["ahead", "behind"])
async def test_clocks_that_differ_by_an_hour_take_nothing_from_a_living_replica(url, wrong):
    """Nor do they leave lying what a dead one had in hand, nor what is due."""
    async with replica(url, timedelta()) as right, replica(url, wrong, 5_000.0) as other:
        await announced(right.archive, right.clock.now())
        assert abs(right.clock.now() - other.clock.now()) < SLACK

        mine = await right.claim(60 * SECOND)
        assert len(mine) == 2
        assert await other.claim(60 * SECOND) == ()
        begun = await right.archive.outbox.begin(mine[0], right.clock.now())
        assert begun is not None
        back = Settlement(DeliveryState.PLANNED, other.clock.now(), "tried again")
        await right.archive.outbox.settle(begun, back)

        (theirs,) = await other.claim(SECOND)
        assert theirs.id == begun.id
        await asyncio.sleep(1.1)
        (again,) = await right.claim(60 * SECOND)
        assert (again.id, again.claim) == (begun.id, 3)
        rows = await right.archive.desk.deliveries(PostId("weekly:a.md"))
        assert {row.claim for row in rows if row.id != begun.id} == {1}


@pytest.mark.postgres
async def test_a_machine_whose_clock_is_wrong_says_so_once(url, caplog):
    """One that is right to some seconds says nothing."""
    caplog.set_level(logging.WARNING)
    async with replica(url, 2 * SECOND):
        assert caplog.messages == []
    async with replica(url, -HOUR):
        said = [words for words in caplog.messages if words.startswith("clock.")]

    assert said == ["clock.differs_from_the_databases by_s=-3600"]


async def close_to_everybody(url: str) -> None:
    """Let nobody into a database any more, and show out who is inside."""
    name = make_url(url).database or ""
    server = await psycopg.AsyncConnection.connect(
        plain(make_url(url).set(database="postgres")), autocommit=True
    )
    async with server:
        closing = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false")
        await server.execute(closing.format(sql.Identifier(name)))
        await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )


@pytest.mark.postgres
async def test_the_time_is_told_again_and_again(url, monkeypatch):
    """A machine that counts too fast is put right; one whose database is away counts on."""
    monkeypatch.setattr(timekeeping, "TOLD_EVERY", timedelta(milliseconds=50))
    archive = await open_archive(url)
    fast = 0.0

    def ticks() -> float:
        return time.monotonic() + fast

    async with timekeeping.kept(archive, lambda: datetime.now(UTC), ticks) as clock:
        fast = 1.5
        assert clock.now() - datetime.now(UTC) > SECOND
        await asyncio.sleep(3.5)
        assert abs(clock.now() - datetime.now(UTC)) < SLACK
        await close_to_everybody(url)
        await asyncio.sleep(0.5)
        assert abs(clock.now() - datetime.now(UTC)) < SLACK
    await archive.close()


async def test_a_process_that_is_alone_goes_by_its_machine():
    """SQLite has no clock of its own."""
    async with (
        an_archive() as archive,
        timekeeping.kept(archive, lambda: NOON, lambda: 1.0) as clock,
    ):
        assert clock.now() == NOON
