"""Upgrades under way: each migration only adds, so that replicas of the version before work on."""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's `Table` is typed with Any; nothing here is.

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    select,
    update,
)

from bot.archive.engine import Store, store_of
from bot.archive.migrate import _config, _scripts

OTHERS = ("alembic", "chunk_words", "sqlite_")
"""Beginnings of tables that are not ours to write: Alembic's, those of the index of words."""
REVISIONS = [script.revision for script in _scripts().walk_revisions()][::-1]
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty database."""
    url = f"sqlite:///{tmp_path}/digest.db"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    store = store_of(url)
    yield store
    await store.engine.dispose()


async def forms(store: Store) -> Sequence[MetaData]:
    """The tables after each migration, oldest first; the last one stays."""

    def upgraded(connection: Connection, revision: str) -> MetaData:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        found = MetaData()
        found.reflect(connection, only=lambda name, _: not name.startswith(OTHERS))
        return found

    made = []
    for revision in REVISIONS:
        async with store.writing() as connection:
            made.append(await connection.run_sync(upgraded, revision))
    return made


def unfilled(column: Column[object]) -> bool:
    """Whether a row that does not name it is refused."""
    given = column.server_default is not None or column.identity is not None
    counted = bool(column.primary_key) and column.autoincrement in {True, "auto"}
    return not (column.nullable or given or (counted and column.type.python_type is int))


def changed(before: Table, after: Table) -> list[str]:
    """What a migration did to a table that statements of the version before may notice."""
    gone = [f"{before}.{c.name} is gone" for c in before.c if c.name not in after.c]
    new = [column for column in after.c if column.name not in before.c]
    asked = [f"{column} has no default" for column in new if unfilled(column)]
    stricter = [
        f"{after}.{column.name} became another"
        for column in before.c
        if column.name in after.c
        and (
            str(column.type) != str(after.c[column.name].type)
            or (unfilled(after.c[column.name]) and not unfilled(column))
        )
    ]
    bound = len(after.foreign_keys) > len(before.foreign_keys)
    return [*gone, *asked, *stricter, *([f"{after} is bound to more"] if bound else [])]


async def test_each_migration_only_adds(store):
    """No table or column goes, changes its kind or begins to be asked for."""
    made = await forms(store)
    for before, after in pairwise(made):
        assert set(before.tables) <= set(after.tables)
        for name, table in before.tables.items():
            assert changed(table, after.tables[name]) == []


async def test_statements_of_every_version_work_on_the_newest_form(store):
    """Rows are written, read and changed with the columns that a version knows, and no others."""
    made = await forms(store)
    for number, known in enumerate(made):
        async with store.writing() as connection:
            for table in known.sorted_tables:
                values = {
                    column.name: sample(column, number + 10)
                    for column in table.c
                    if not column.foreign_keys
                }
                values |= {
                    column.name: sample(key.column, number + 10)
                    for column in table.c
                    for key in column.foreign_keys
                }
                await connection.execute(insert(table).values(values))
                same = [column == values[column.name] for column in table.primary_key]
                await connection.execute(update(table).where(*same).values(values))
                assert len((await connection.execute(select(table).where(*same))).all()) == 1


def sample(column: Column[object], number: int) -> object:
    """A value that a column takes; another one for another number, where it may have to be."""
    if str(column.type) in {"TIMESTAMP", "DATETIME"}:
        return NOW
    if str(column.type) in {"JSON", "JSONB"}:
        return []
    if str(column.type) == "TSVECTOR":
        return "old"
    kind = column.type.python_type
    if kind is str:
        return f"{column.name} {number}"
    return kind(number)


def test_a_migration_that_takes_something_away_would_be_noticed():
    """The test above tests something."""
    before = Table("t", MetaData(), Column("a", Text), Column("b", Integer))
    after = Table(
        "t", MetaData(), Column("b", Integer, nullable=False), Column("c", Text, nullable=False)
    )

    assert changed(before, after) == ["t.a is gone", "t.c has no default", "t.b became another"]
    assert changed(before, before) == []
