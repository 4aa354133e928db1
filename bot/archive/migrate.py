"""Bring a database to the form that the code expects.

Each run is one transaction under one lock, so two processes that start at once do it once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.archive.engine import ArchiveError, Store, is_absent, store_of

SCRIPTS = Path(__file__).parent / "migrations"
EMPTY = "empty"
"""The form of a database that holds nothing of ours, or is not there yet."""
LOCK = 0x6469676573
"""Any number will do, so long as nobody else in the database uses it: "diges"."""


async def migrate(url: str) -> tuple[str, str]:
    """Bring the database at a URL to the newest form.

    Returns:
        The revision it had ("empty" for a new one) and the one it has now.

    Raises:
        ArchiveError: it cannot be reached or written, or it is newer than this code.
    """
    async with _opened(url) as store, store.writing() as connection:
        return await connection.run_sync(_upgrade)


async def form(url: str) -> str:
    """Say which form the database at a URL has; makes and changes nothing.

    Returns:
        Its revision; "empty" where it could be made.

    Raises:
        ArchiveError: it cannot be reached, or it could not be made.
    """
    if is_absent(url):
        return EMPTY
    async with _opened(url) as store, store.reading() as connection:
        return await connection.run_sync(_revision)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Store]:
    store = store_of(url)
    try:
        yield store
    finally:
        await store.engine.dispose()


async def check(store: Store) -> None:
    """See that the database has the form that the code expects.

    Raises:
        ArchiveError: it has another one; the words say what to do.
    """
    async with store.reading() as connection:
        have = await connection.run_sync(_revision)
    _refuse_newer(have)
    head = _scripts().get_current_head()
    if have != head:
        raise ArchiveError(
            f"the database has form {have}, this version needs {head}: run `digestbot migrate`"
        )


def _upgrade(connection: Connection) -> tuple[str, str]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    before = _revision(connection)
    _refuse_newer(before)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, _revision(connection)


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or EMPTY


def _refuse_newer(revision: str) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision not in known | {EMPTY}:
        raise ArchiveError(
            f"the database has form {revision}, which this version does not know: it was written "
            "by a newer one. Run that one, or restore a copy made before the upgrade"
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    # ConfigParser reads "%" as the start of a reference.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
