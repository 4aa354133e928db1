"""Databases of earlier versions: brought up to date with what they hold, while old replicas write."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from bot.archive import migrate, open_archive
from bot.archive.engine import store_of
from bot.archive.migrate import _config
from bot.model.deliveries import DeliveryState
from bot.model.ids import PostId
from bot.model.posts import PostState
from tests.fakes import NOON, a_draft

POST = """INSERT INTO posts (id, source, role, path, revision, title, language, url, text, plain,
 draft, first_run, first_seen, changed_at, state, reason) VALUES (:id, 'weekly', 'issues', :path,
 'r1', 'A', 'en', '', 'text', 'plain', false, false, :now, :now, :state, 'new')"""
ROW = """INSERT INTO deliveries (id, post, revision, channel, part, occasion, text, blocks, state,
 reason, attempts, claim, due_at) VALUES (:id, :post, 'r1', 'C1', 0, 'publish', 'hello', '[]',
 'planned', '', 0, 0, :now)"""
SOURCE = """INSERT INTO sources (id, scanned, failures, problems)
 VALUES (:id, true, 0, '[]')"""
CHUNK = "INSERT INTO chunks (post, words) VALUES (:id, 'old')"


def old_writes(connection: Connection, name: str) -> None:
    """What version 0.1.0 writes, with the columns that it knows."""
    now = NOON.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOON
    moment = str(now) if connection.dialect.name == "sqlite" else now
    values = {"id": f"weekly:{name}.md", "path": f"{name}.md", "now": moment}
    connection.execute(text(SOURCE), {"id": f"s-{name}"})
    connection.execute(text(POST), {**values, "state": "announced"})
    connection.execute(text(CHUNK), {"id": values["id"]})
    row = {"id": f"d-{name}", "post": values["id"], "now": moment}
    connection.execute(text(ROW), row)


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
async def test_a_database_of_the_first_version_keeps_what_it_holds(
    kind, request, tmp_path: Path
):
    """Its rows go out in their order; replicas that were not restarted yet can still write."""
    url = (
        request.getfixturevalue("postgres_url")
        if kind == "postgres"
        else f"sqlite:///{tmp_path}/old.db"
    )
    store = store_of(url)

    def first_version(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        old_writes(connection, "before")

    async with store.writing() as connection:
        await connection.run_sync(first_version)
    await migrate(url)
    async with store.writing() as connection:
        await connection.run_sync(lambda it: old_writes(it, "after"))
    await store.engine.dispose()

    archive = await open_archive(url)
    for name in ("before", "after"):
        (entry,) = await archive.register.posts([PostId(f"weekly:{name}.md")])
        assert (entry.state, entry.gone_at, entry.ask) == (PostState.ANNOUNCED, None, False)
        (row,) = await archive.desk.deliveries(entry.id)
        assert (row.state, row.message.text) == (DeliveryState.PLANNED, "hello")
    (before,) = await archive.register.posts([PostId("weekly:before.md")])
    assert before.told == "r1"
    await archive.register.add([a_draft()])  # about a post that is none: a source, for one
    rows = await archive.desk.waiting(9)
    assert [row.seq for row in rows] == sorted({row.seq for row in rows})
    assert [row.id for row in rows][:2] == ["d-before", "d-after"]
    await archive.close()
