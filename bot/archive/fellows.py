"""Processes that share one PostgreSQL: one of them polls the sources, all hear of new rows.

The database's own means: an advisory lock says whose turn it is to poll, LISTEN and NOTIFY wake
the others. Both live in one connection of their own and end with it, however the process ended.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import Store
from bot.model.deliveries import Replica

logger = logging.getLogger(__name__)

CHANNEL = "digestbot"
LOCK = 0x706F6C6C
"""Whoever holds it polls: "poll"."""
BEAT = timedelta(seconds=1)
"""So often a process sees whether it is its turn, or whether its connection still lives."""
PATIENCE = timedelta(seconds=5)
"""How long the database may take to answer before it counts as gone."""
ALIVE = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "tcp_keepalives_idle": 3,
        "tcp_keepalives_interval": 2,
        "tcp_keepalives_count": 3,
    }.items()
)
"""A machine that lost its power says no farewell: the server notices within ten seconds."""
NAME = "digestbot at "
"""Begins the name under which a process shows in `pg_stat_activity`."""
LONGEST_NAME = 63  # bytes that PostgreSQL keeps of it

Line: TypeAlias = psycopg.AsyncConnection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Ears:
    """What a process does when it hears something.

    `wake`: rows were written. `ring`: a source, by its id, is to be looked at. `elected`: from
    now on it is this process's turn to poll.
    """

    wake: Callable[[], None]
    ring: Callable[[str], None]
    elected: Callable[[], None]


class Alone:
    """The port `Fellows` of a process that shares its database with nobody."""

    polls = True

    async def pass_on(self, sources: Sequence[str]) -> None:
        """There is nobody to tell."""

    @asynccontextmanager
    async def listening(self, ears: Ears) -> AsyncIterator[None]:
        """There is nothing to hear."""
        del ears
        yield


class Fellows:
    """The port `Fellows` over PostgreSQL."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.polls = False

    async def pass_on(self, sources: Sequence[str]) -> None:
        """Ask whoever polls to look at some sources now."""
        async with self._store.writing() as connection:
            for source in sources:
                await notify(connection, source)

    @asynccontextmanager
    async def listening(self, ears: Ears) -> AsyncIterator[None]:
        """Hear and stand for election until the end of the block."""
        ready = asyncio.Event()
        task = asyncio.create_task(self._listen(ears, ready))
        try:
            await ready.wait()
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self.polls = False

    async def _listen(self, ears: Ears, ready: asyncio.Event) -> None:
        """Listen, and listen again where the connection was lost; says so once."""
        lost = False
        while True:
            try:
                async with self._line() as line:
                    if lost:
                        logger.info("replicas.listening_again")
                        ears.wake()
                    lost = False
                    await self._hear(line, ears, ready)
            except (psycopg.Error, OSError) as error:  # TimeoutError is one
                if not lost:
                    logger.warning("replicas.cut_off reason=%s", type(error).__name__)
                lost, self.polls = True, False
                ready.set()
            await asyncio.sleep(BEAT.total_seconds())

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[Line]:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            line: Line = await psycopg.AsyncConnection.connect(
                plain(self._store.engine.url),
                autocommit=True,
                application_name=name_here(),
                options=ALIVE,
                tcp_user_timeout=int(PATIENCE / timedelta(milliseconds=1)),
            )
        try:
            yield line
        finally:
            self.polls = False
            await line.close()

    async def _hear(self, line: Line, ears: Ears, ready: asyncio.Event) -> None:
        await line.execute(f"LISTEN {CHANNEL}")
        while True:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await self._stand(line, ears)
            ready.set()
            async for heard in line.notifies(timeout=BEAT.total_seconds()):
                if not heard.payload:
                    ears.wake()
                elif self.polls:
                    ears.ring(heard.payload)

    async def _stand(self, line: Line, ears: Ears) -> None:
        """Take the turn if nobody has it; having it, see that the connection that holds it lives."""
        if self.polls:
            await line.execute("SELECT 1")
            return
        found = await line.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        row = await found.fetchone()
        if row and row[0]:
            self.polls = True
            logger.info("replicas.polls")
            ears.elected()


def plain(url: URL) -> str:
    """A URL as libpq takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def name_here() -> str:
    """This process among its fellows: machine and process id."""
    number = f":{os.getpid()}"
    room = LONGEST_NAME - len(NAME) - len(number)
    return f"{NAME}{socket.gethostname()[:room]}{number}"


async def notify(connection: AsyncConnection, words: str = "") -> None:
    """Tell all processes once the transaction is committed; "" says that rows were written."""
    if connection.dialect.name == "postgresql":
        await connection.execute(
            text("SELECT pg_notify(:channel, :words)"), {"channel": CHANNEL, "words": words}
        )


async def at_work(store: Store) -> tuple[Replica, ...]:
    """The processes that listen on a PostgreSQL database now, by name."""
    query = text(
        "SELECT a.application_name AS name, l.pid IS NOT NULL AS polls"
        " FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid"
        " AND l.locktype = 'advisory' AND l.objid = :lock AND l.classid = 0 AND l.granted"
        " WHERE a.datname = current_database() AND starts_with(a.application_name, :name)"
        " ORDER BY a.application_name"
    )
    async with store.reading() as connection:
        rows = await connection.execute(query, {"lock": LOCK, "name": NAME})
        return tuple(
            Replica(row["name"].removeprefix(NAME), polls=row["polls"])
            for row in rows.mappings()
        )


async def time(store: Store) -> datetime:
    """What time it is where a PostgreSQL database lives."""
    async with store.reading() as connection:
        found = await connection.execute(text("SELECT clock_timestamp()"))
        moment: datetime = found.scalar_one()
        return moment.astimezone(UTC)
