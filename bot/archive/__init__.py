"""What the bot remembers: posts, deliveries, sources. SQLite by default, PostgreSQL by URL.

Home of SQLAlchemy and Alembic. No row or statement leaves this package.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bot.archive import fellows, guard
from bot.archive.agenda import ArchiveAgenda
from bot.archive.changes import ArchiveChanges
from bot.archive.desk import ArchiveDesk
from bot.archive.engine import ArchiveError, Store, store_of
from bot.archive.fellows import Alone, Ears, Fellows
from bot.archive.guard import sole
from bot.archive.installing import ArchiveInstallations
from bot.archive.library import ArchiveLibrary
from bot.archive.migrate import EMPTY, check, form, migrate
from bot.archive.outbox import ArchiveOutbox
from bot.archive.register import ArchiveRegister
from bot.archive.subscribing import ArchiveSubscriptions
from bot.archive.vault import Vault, new_key
from bot.model.deliveries import Replica

__all__ = [
    "EMPTY",
    "Alone",
    "Archive",
    "ArchiveError",
    "Ears",
    "Fellows",
    "form",
    "migrate",
    "new_key",
    "open_archive",
    "sole",
]


@dataclass(frozen=True, slots=True)
class Archive:
    """The ports of `bot.ports`, `bot.agenda` and `bot.workspaces` over one database."""

    register: ArchiveRegister
    outbox: ArchiveOutbox
    library: ArchiveLibrary
    desk: ArchiveDesk
    changes: ArchiveChanges
    agenda: ArchiveAgenda
    installations: ArchiveInstallations
    subscriptions: ArchiveSubscriptions
    _store: Store

    @property
    def alone(self) -> bool:
        """Whether the database is for one process only."""
        return self._store.engine.dialect.name == "sqlite"

    def fellows(self) -> Alone | Fellows:
        """This process's way to those that share the database with it."""
        return Alone() if self.alone else Fellows(self._store)

    async def replicas(self) -> tuple[Replica, ...]:
        """The processes that deliver from the database now, by name."""
        if self.alone:
            return guard.at_work(self._store.engine.url)
        return await fellows.at_work(self._store)

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            ArchiveError: it gives none.
        """
        async with self._store.reading() as connection:
            await connection.exec_driver_sql("SELECT 1")

    async def time(self) -> datetime:
        """What time it is by the clock of the database's server; PostgreSQL alone has one."""
        return await fellows.time(self._store)

    async def close(self) -> None:
        """Write what is still asked for, and let go of all connections."""
        await self.outbox.close()
        await self._store.engine.dispose()


async def open_archive(url: str, *, zone: tzinfo = UTC, keys: Sequence[str] = ()) -> Archive:
    """Open a database that `migrate` has prepared.

    Args:
        url: `sqlite:///path` or `postgresql://...`.
        zone: the site's, in which a member means the date of an issue.
        keys: encrypt the tokens of workspaces, the first one new ones; () where none are kept.

    Raises:
        ArchiveError: it cannot be opened, or has not the form that this version needs.
    """
    store = store_of(url)
    try:
        await check(store)
    except BaseException:
        await store.engine.dispose()
        raise
    return Archive(
        register=ArchiveRegister(store),
        outbox=ArchiveOutbox(store),
        library=ArchiveLibrary(store, zone),
        desk=ArchiveDesk(store),
        changes=ArchiveChanges(store),
        agenda=ArchiveAgenda(store),
        installations=ArchiveInstallations(store, Vault(keys)),
        subscriptions=ArchiveSubscriptions(store),
        _store=store,
    )
