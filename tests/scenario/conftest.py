"""A stage for each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stage import Stage, staged


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """URL of an empty database, "" for SQLite in the test's folder."""
    return str(request.getfixturevalue("postgres_url")) if request.param == "postgres" else ""


@pytest.fixture
async def stage(tmp_path: Path, database: str) -> AsyncIterator[Stage]:
    """A community with default settings."""
    async with staged(tmp_path, database=database) as made:
        yield made
