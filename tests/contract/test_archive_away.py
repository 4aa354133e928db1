"""A database that is away for a moment: what was in hand then is not kept from others for long."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.archive import Archive, ArchiveError, migrate, open_archive
from bot.archive.engine import Store
from bot.archive.outbox import ArchiveOutbox
from bot.model.deliveries import DeliveryState, Settlement
from tests.fakes import NOON, a_draft, an_entry, claim


@dataclass
class Outage:
    """Whether nothing can be written."""

    on: bool = False


@dataclass(frozen=True)
class Shaky(Store):
    """A database that can be away."""

    outage: Outage = field(default_factory=Outage)

    @override
    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, if it is there."""
        if self.outage.on:
            raise ArchiveError("the database is away")
        async with Store.writing(self) as connection:
            yield connection


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    """One with a row that waits, on a database of each kind."""
    url = f"sqlite:///{tmp_path}/digest.db"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    await migrate(url)
    archive = await open_archive(url)
    await archive.register.save("weekly", [(an_entry(), ())])
    await archive.register.add([a_draft()])
    yield archive
    await archive.close()


@pytest.fixture
def outage() -> Outage:
    """None yet."""
    return Outage()


@pytest.fixture
def outbox(archive: Archive, outage: Outage) -> ArchiveOutbox:
    """The outbox over a database that can be away."""
    return ArchiveOutbox(Shaky(archive._store.engine, archive._store.turn, outage))


async def test_what_could_not_be_marked_as_being_sent_goes_at_once_afterwards(outbox, outage):
    """Its lease would keep it for a minute, although nobody carries it."""
    first = await claim(outbox, NOON)
    outage.on = True
    with pytest.raises(ArchiveError):
        await outbox.begin(first, NOON)
    with pytest.raises(ArchiveError):
        await claim(outbox, NOON)
    outage.on = False
    again = await claim(outbox, NOON)

    assert again.id == first.id
    assert await outbox.begin(first, NOON) is None
    assert await outbox.begin(again, NOON)


async def test_what_others_took_meanwhile_is_not_taken_from_them(archive, outbox, outage):
    """An outage that outlasts the lease: by then it may be in other hands."""
    first = await claim(outbox, NOON)
    outage.on = True
    with pytest.raises(ArchiveError):
        await outbox.begin(first, NOON)
    later = NOON + timedelta(minutes=2)
    theirs = await claim(archive.outbox, later)
    outage.on = False

    assert await claim(outbox, later) is None
    begun = await archive.outbox.begin(theirs, later)
    assert begun.state is DeliveryState.SENDING
    await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, later, "", ts="1.0"))
