"""One process on a SQLite file: the lock beside it."""

import sys

import pytest

from bot.archive import ArchiveError, sole
from bot.archive.engine import driver_url
from bot.archive.fellows import name_here
from bot.archive.guard import at_work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock")


def test_a_second_one_is_refused_with_the_name_of_the_first(tmp_path):
    """And taken once the first has gone."""
    url = f"sqlite:///{tmp_path}/new/digest.db"
    me = name_here().removeprefix("digestbot at ")
    with sole(url):
        assert [one.name for one in at_work(driver_url(url))] == [me]
        with pytest.raises(ArchiveError, match=f"{me} works on .*digest.db already"), sole(url):
            pytest.fail("two at once")
    with sole(url):
        assert at_work(driver_url(url))[0].polls

    assert at_work(driver_url(url)) == ()


def test_postgresql_takes_any_number():
    """There is no lock."""
    with sole("postgresql://h/d"), sole("postgresql://h/d"):
        assert at_work(driver_url("postgresql://h/d")) == ()


def test_a_lock_that_cannot_be_made_is_named(tmp_path):
    """With the file."""
    (tmp_path / "digest.db.lock").mkdir()

    with (
        pytest.raises(ArchiveError, match=r"digest\.db\.lock cannot be written"),
        sole(f"sqlite:///{tmp_path}/digest.db"),
    ):
        pytest.fail("locked nothing")
