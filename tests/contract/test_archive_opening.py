"""Opening a database: its form, its address, and what goes wrong in words."""

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from bot.archive import ArchiveError, migrate, open_archive
from bot.archive.engine import driver_url, gist, place, store_of
from bot.archive.tables import metadata


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///data/x.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////data/x.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg"),
    ],
)
def test_plain_addresses_get_the_driver_we_ship(given, driver):
    """Also the spelling that some hosts hand out."""
    assert driver_url(given).drivername == driver


@pytest.mark.parametrize(
    "address", ["mysql://u:hunter2@h/d", "sqlite://", "sqlite:///:memory:", "no url hunter2"]
)
def test_an_address_that_cannot_work_is_refused_without_its_password(address):
    """The words name the forms that do."""
    with pytest.raises(ArchiveError, match="sqlite:///path") as refusal:
        store_of(address)

    assert "hunter2" not in str(refusal.value)


async def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ArchiveError, match="file"):
        await migrate(f"sqlite:///{tmp_path}/file/sub/x.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_database_that_cannot_be_written_is_named(tmp_path):
    """With the database's own words."""
    tmp_path.chmod(0o500)

    with pytest.raises(ArchiveError, match=r"x\.db"):
        await migrate(f"sqlite:///{tmp_path}/x.db")


async def test_a_file_that_is_no_database_is_named(tmp_path):
    """And left as it was."""
    file = tmp_path / "x.db"
    file.write_text("my holiday photos, " * 100)

    for act in (migrate, open_archive):
        with pytest.raises(ArchiveError, match=r"x\.db could not be .*not a database"):
            await act(f"sqlite:///{file}")
    assert file.read_text().startswith("my holiday")


async def test_a_server_that_is_not_there_is_named_without_the_password():
    """Host and database help; secrets do not."""
    with pytest.raises(ArchiveError, match="digest at 127") as failure:
        await migrate("postgresql://bot:hunter2@127.0.0.1:9/digest")

    assert "hunter2" not in str(failure.value)
    assert place(driver_url("postgresql:///d")) == "d at a local socket"


def test_the_gist_of_an_error_is_never_empty():
    """Something must be said."""
    assert gist(OperationalError("SELECT 1", {}, Exception())) == "OperationalError"


def compared(thing, name, kind, reflected, other) -> bool:  # noqa: PLR0913, RUF100
    """Leave out what each database has of its own: its index of words, Alembic's table."""
    return not str(name).startswith(("chunk_words", "chunks_words", "alembic"))


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
async def test_migrations_lead_to_the_tables_that_the_code_uses(kind, request, tmp_path: Path):
    """No column, type or index is in one and not in the other."""
    url = (
        request.getfixturevalue("postgres_url")
        if kind == "postgres"
        else f"sqlite:///{tmp_path}/a%20b.db"
    )
    await migrate(url)
    store = store_of(url)

    def differences(connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_object": compared})
        return list(compare_metadata(context, metadata))

    async with store.reading() as connection:
        found = await connection.run_sync(differences)
    await store.engine.dispose()
    assert found == []
