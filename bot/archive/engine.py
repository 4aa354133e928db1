"""Connections to SQLite and PostgreSQL, made alike.

The only place that knows how the two differ in locking; `dialect_insert` and `bot.archive.search`
know the rest. No queries here.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    nullcontext,
    suppress,
)
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import OperationalError
from typing import Protocol

from sqlalchemy import Connection, Table, event
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

LOCK_WAIT_MS = 30_000
"""How long SQLite waits for another writer before it gives up."""
FORMS = "use sqlite:///path/to/file.db or postgresql://user@host/database"


class ArchiveError(RuntimeError):
    """The database cannot do its work. Its words never hold a password or a post's text."""


class _DriverConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> "_DriverCursor": ...


class _DriverCursor(Protocol):
    def execute(self, statement: str) -> object: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Store:
    """A database, by two doors: readers never wait for a writer, writers take turns.

    In one process SQLite's writers queue at `turn`: SQLite itself lets them ask again and again.
    """

    engine: AsyncEngine
    turn: AbstractAsyncContextManager[object] = field(default_factory=nullcontext)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees one state of everything.

        Raises:
            ArchiveError: the database failed.
        """
        with_words = f"the database {place(self.engine.url)} could not be read"
        try:
            async with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ArchiveError(f"{with_words}: {gist(error)}") from error

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that is committed at the end, or not at all.

        Raises:
            ArchiveError: the database failed; nothing of it was written.
        """
        with_words = f"the database {place(self.engine.url)} could not be written"
        try:
            async with (
                self.turn,
                self.engine.execution_options(writes=True).begin() as connection,
            ):
                yield connection
        except SQLAlchemyError as error:
            raise ArchiveError(f"{with_words}: {gist(error)}") from error


def store_of(address: str) -> Store:
    """Prepare, but do not yet open, the database at a URL.

    Raises:
        ArchiveError: the URL names no database we know, or its folder cannot be made.
    """
    url = driver_url(address)
    if url.get_backend_name() == "sqlite":
        make_folder(Path(url.database or ""))
        return Store(sqlite_engine(url), asyncio.Lock())
    return Store(
        create_async_engine(
            url, hide_parameters=True, pool_pre_ping=True, json_serializer=compact_json
        )
    )


def driver_url(address: str) -> URL:
    """A plain URL with the asynchronous driver we ship."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        # The address may hold a password: not even a part of it is repeated.
        raise ArchiveError(f"the database URL cannot be understood; {FORMS}") from error
    backend = url.drivername.partition("+")[0]
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise ArchiveError(f"no driver for databases of kind {backend!r}; {FORMS}")
    if url.database in {None, "", ":memory:"}:
        raise ArchiveError(f"a database in memory forgets what was posted; {FORMS}")
    return url.set(drivername="sqlite+aiosqlite")


def is_absent(address: str) -> bool:
    """Whether a URL names a SQLite file that is not there yet, or has nothing in it.

    Raises:
        ArchiveError: the URL names no database we know, or its folder could not be made.
    """
    url = driver_url(address)
    file = Path(url.database or "")
    if url.get_backend_name() != "sqlite" or (file.exists() and file.stat().st_size):
        return False
    above = next(folder for folder in file.absolute().parents if folder.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise ArchiveError(
            f"the database {file} cannot be made in {above}: "
            "choose another DATABASE_URL or mend its rights"
        )
    return True


def make_folder(file: Path) -> None:
    """Make the folder of a SQLite file, where it is missing."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ArchiveError(
            f"the folder {file.parent} of the database cannot be made: {reason}; "
            "choose another DATABASE_URL or mend its rights"
        ) from error


def sqlite_engine(url: URL) -> AsyncEngine:
    """SQLite with a write-ahead log, and with transactions that lock where they begin.

    Python's driver opens transactions by itself and late, which lets two writers read the same
    state; hence `isolation_level = None` and our own BEGIN
    (docs.sqlalchemy.org, dialects/sqlite, "transactional DDL", read 2026-08-20).
    """
    engine = create_async_engine(url, hide_parameters=True, json_serializer=compact_json)

    def connected(driver: _DriverConnection, _: object) -> None:
        driver.isolation_level = None
        cursor = driver.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
        _keep_a_log(driver)

    def begins(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begins)
    return engine


def _keep_a_log(driver: _DriverConnection) -> None:
    """Switch a file to its write-ahead log, once for all: the file remembers.

    SQLite waits for no lock here. Where another process is just switching the same new file,
    ours need not: it sees the log with its next transaction. Any other fault shows there, too.
    """
    cursor = driver.cursor()
    with suppress(OperationalError):
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def dialect_insert(  # type: ignore[explicit-any]  # SQLAlchemy's `Table` is typed with it
    connection: AsyncConnection, table: Table
) -> PostgresInsert | SqliteInsert:
    """An INSERT that can say ON CONFLICT: the two databases spell it alike, SQLAlchemy twice."""
    if connection.dialect.name == "postgresql":
        return PostgresInsert(table)
    return SqliteInsert(table)


def place(url: URL) -> str:
    """Where a database is, without user and password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.database} at {url.host or 'a local socket'}"


def gist(error: SQLAlchemyError) -> str:
    """The driver's own words, without statement and values."""
    cause = getattr(error, "orig", None)
    words = str(cause if cause is not None else error).strip()
    return words.splitlines()[0] if words else type(error).__name__


def compact_json(value: object) -> str:
    """JSON as it is stored: Chinese as it is, no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
