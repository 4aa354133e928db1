"""Hooks and fixtures for every layer of tests.

Markers `postgres`, `browser`, `corpus` and `live` say what a test needs. A missing thing skips
its tests visibly; with DIGESTBOT_TEST_REQUIRE=postgres,browser it fails them instead.

Fixtures: `postgres_url` (a fresh database, gone afterwards), `chromium` (path of the browser),
`no_settings` (a process environment without ours). Plain functions for use without fixtures are
in `tests.needs`: `postgres_server()`, `chromium()`, `corpus(name)`, `required()`, `missing()`.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import needs


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test whose need is not met."""
    for marker, remedy in needs.missing().items():
        if item.get_closest_marker(marker) is None:
            continue
        if marker in needs.required():
            pytest.fail(f"needs {marker}, which is required here: {remedy}", pytrace=False)
        pytest.skip(f"needs {marker}: {remedy}")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Give one test a database of its own, as a URL for SQLAlchemy (postgresql+psycopg://)."""
    import psycopg  # noqa: PLC0415  # only where a server is at hand
    from psycopg import sql  # noqa: PLC0415

    server = needs.postgres_server()
    if server is None:
        pytest.fail("mark this test with @pytest.mark.postgres")
    name = f"digestbot_test_{uuid.uuid4().hex}"
    base, _, _ = server.rpartition("/")
    with psycopg.connect(server.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{base}/{name}"
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


@pytest.fixture
def chromium() -> Path:
    """Answer the browser for a test marked `browser`."""
    found = needs.chromium()
    if found is None:
        pytest.fail("mark this test with @pytest.mark.browser")
    return found


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take our own variables out of the process environment for one test."""
    for name in list(os.environ):
        ours = name.startswith(("SLACK_", "DIGESTBOT_")) and "_TEST_" not in name
        if ours or name in {"PORT", "DATABASE_URL", "DATABASE_URL_FILE"}:
            monkeypatch.delenv(name)
