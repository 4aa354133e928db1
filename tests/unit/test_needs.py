"""What a machine lacks is told, and can be required."""

import pytest

from tests import needs


def test_required_markers_are_read_from_one_variable(monkeypatch):
    """Separated by commas, spaces do not matter."""
    monkeypatch.setenv("DIGESTBOT_TEST_REQUIRE", "postgres, browser,")
    assert needs.required() == {"postgres", "browser"}

    monkeypatch.delenv("DIGESTBOT_TEST_REQUIRE")
    assert needs.required() == frozenset()


def test_what_is_missing_comes_with_its_remedy(monkeypatch):
    """The words are what a skipped or failed test shows."""
    monkeypatch.delenv("DIGESTBOT_TEST_POSTGRES", raising=False)
    monkeypatch.setenv("PATH", "")

    assert "DIGESTBOT_TEST_POSTGRES" in needs.missing()["postgres"]
    assert "apt install chromium" in needs.missing()["browser"]


@pytest.mark.postgres
def test_each_test_gets_an_empty_database_of_its_own(postgres_url):
    """Names differ, so that tests cannot meet, and no table is there yet."""
    psycopg = pytest.importorskip("psycopg")

    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone()

    assert tables == (0,)
    assert postgres_url.rpartition("/")[2].startswith("digestbot_test_")
