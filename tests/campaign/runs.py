"""Single runs of the campaign, each on a database of its own."""

import asyncio
import atexit
import functools
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg

from bot.archive import migrate
from tests import needs
from tests.campaign.mortal import Fate, Nursery, tell_tasks_apart
from tests.campaign.reckoning import Sum, sum_of
from tests.campaign.town import ALL, Town, a_stage, steps_of
from tests.prepared import MEMORY, _template


@contextmanager
def fresh(kind: str) -> Iterator[tuple[Path, str]]:
    """A folder and a database that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    try:
        if kind == "postgres":
            with _postgres() as url:
                yield folder, url
        else:
            (folder / "data").mkdir()
            yield folder, f"sqlite:///{folder}/data/digestbot.db"
    finally:
        shutil.rmtree(folder)


@functools.cache
def _migrated(server: str) -> str:
    """The name of a database in its newest form, to be copied; gone with this process."""
    name = f"digestbot_form_{uuid.uuid4().hex}"
    plain = server.replace("+psycopg", "", 1)
    with psycopg.connect(plain, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}".encode())
    asyncio.run(migrate(f"{server.rpartition('/')[0]}/{name}"))

    def drop() -> None:
        with psycopg.connect(plain, autocommit=True) as line:
            line.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    atexit.register(drop)
    return name


@contextmanager
def _postgres() -> Iterator[str]:
    server = needs.postgres_server()
    assert server, "set DIGESTBOT_TEST_POSTGRES to a server's URL"
    name = f"digestbot_run_{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+psycopg", "", 1), autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name} TEMPLATE {_migrated(server)}".encode())
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            line.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


async def one_life(
    folder: Path, database: str, *, replicas: int = 1, end: int = 0, seed: int = 7
) -> Sum:
    """A community from its first look to its last change; a process dies at point `end`."""
    tell_tasks_apart()
    await prepared(database)
    async with a_stage(folder, database) as stage:
        fate = Fate(end)
        nursery = Nursery(stage.settings, stage.clock, fate, lambda _: stage.clock)
        town = Town(stage, nursery.born, replicas, Random(seed))  # noqa: S311 - no secret
        try:
            await town.live(steps_of(stage))
        finally:
            await town.close()
        return await sum_of(stage, ALL, points=fate.passed, deaths=town.deaths)


async def prepared(database: str) -> None:
    """Bring it to its newest form by copying, which is quicker; PostgreSQL's is a copy already."""
    if database.startswith("sqlite"):
        template = await asyncio.to_thread(_template)
        Path(database.removeprefix("sqlite:///")).write_bytes(template)
