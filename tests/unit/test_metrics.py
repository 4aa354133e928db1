"""Figures for Prometheus, as an operator's alerts read them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.archive import Archive
from bot.metrics import exposition
from bot.model.deliveries import DeliveryState, Replica
from bot.model.posts import Problem
from tests.fakes import NOON, a_draft, an_entry, claim
from tests.prepared import an_archive


@pytest.fixture
async def archive() -> AsyncIterator[Archive]:
    """An archive with nothing in it."""
    async with an_archive() as made:
        yield made


async def figures(archive: Archive) -> dict[str, float]:
    """Each sample by its name and labels."""
    lines = (await exposition(archive.desk, NOON)).splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
    }


async def test_every_state_has_a_figure_from_the_start(archive):
    """An alert on a state works before the first row of it exists."""
    found = await figures(archive)

    assert found == {
        f'digestbot_deliveries{{state="{state.value}"}}': 0.0 for state in DeliveryState
    }


async def test_rows_are_counted_by_state(archive):
    """What waits and what was sent are two figures."""
    await archive.register.save("weekly", [(an_entry(), ())])
    await archive.register.add([a_draft(part=0), a_draft(part=1)])
    assert await claim(archive.outbox, NOON) is not None

    found = await figures(archive)

    assert found['digestbot_deliveries{state="planned"}'] == 1
    assert found['digestbot_deliveries{state="claimed"}'] == 1


async def test_a_source_tells_its_age_failures_and_bad_posts(archive):
    """Seconds since the last good look; failed looks in a row; posts that cannot be read."""
    bad = Problem("weekly", "a.md", "no header")
    await archive.register.report("weekly", [bad], NOON - timedelta(seconds=90))

    fine = await figures(archive)
    gone = Problem("weekly", "", "the folder is gone")
    await archive.register.report("weekly", [gone], NOON)
    await archive.register.report("weekly", [gone], NOON)
    failed = await figures(archive)

    assert fine['digestbot_source_age_seconds{source="weekly"}'] == 90
    assert fine['digestbot_source_problems{source="weekly"}'] == 1
    assert fine['digestbot_source_failures{source="weekly"}'] == 0
    assert failed['digestbot_source_failures{source="weekly"}'] == 2
    assert failed['digestbot_source_age_seconds{source="weekly"}'] == 90


async def test_a_source_that_never_answered_has_no_age(archive):
    """-1 instead of a figure that looks like a good look."""
    await archive.register.report("weekly", [Problem("weekly", "", "gone")], NOON)

    found = await figures(archive)

    assert found['digestbot_source_age_seconds{source="weekly"}'] == -1


async def test_processes_are_named_and_who_polls_is_marked(archive):
    """An alert on their sum tells that nobody looks at the sources."""
    replicas = [Replica("a:1", polls=True), Replica("b:2", polls=False)]
    text = await exposition(archive.desk, NOON, replicas)

    assert 'digestbot_polls{replica="a:1"} 1.0' in text
    assert 'digestbot_polls{replica="b:2"} 0.0' in text


async def test_the_text_is_prometheus_format(archive):
    """Every figure has its help and its kind."""
    text = await exposition(archive.desk, NOON)

    assert "# HELP digestbot_deliveries Delivery rows by state\n" in text
    assert "# TYPE digestbot_deliveries gauge\n" in text
    assert text.endswith("\n")
