"""A short part of the campaign; `python -m tests.campaign` runs all of it."""

import asyncio
import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.campaign.chance import one_schedule
from tests.campaign.runs import fresh, one_life
from tests.campaign.wild import a_home, one_killing

pytestmark = [
    pytest.mark.timeout(240),
    # A dead process tidies nothing: its connections are found by the collector.
    pytest.mark.filterwarnings("ignore:.*garbage collector:sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def burial() -> Iterator[None]:
    """Collect what the dead left here, where it is expected, and not in the middle of a later test."""
    yield
    gc.collect()


CONFIGURATIONS = [
    ("sqlite", 1),
    pytest.param("postgres", 1, marks=pytest.mark.postgres),
    pytest.param("postgres", 3, marks=pytest.mark.postgres),
]


@pytest.mark.parametrize(("kind", "replicas"), CONFIGURATIONS)
def test_a_life_without_death_keeps_every_promise(kind, replicas):
    """The yardstick: with what the runs with deaths are compared."""
    with fresh(kind) as (folder, database):
        told = asyncio.run(one_life(folder, database, replicas=replicas))

    assert told.right, told
    assert told.held == ()
    assert (told.sent, told.deaths) == (24, 0)


@pytest.mark.parametrize(("kind", "replicas"), CONFIGURATIONS)
@pytest.mark.parametrize("point", [6, 41, 77])
def test_a_process_that_dies_where_it_writes_or_sends_loses_and_doubles_nothing(
    kind, replicas, point
):
    """Some points of the campaign: while posts are read, while they are sent, while one is changed."""
    with fresh(kind) as (folder, database):
        told = asyncio.run(one_life(folder, database, replicas=replicas, end=point, seed=point))

    assert told.deaths == 1
    assert told.right, told
    assert (told.sent, told.held) == (24, ())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("kind", "replicas"), CONFIGURATIONS)
async def test_a_process_that_is_really_killed_loses_and_doubles_nothing(kind, replicas):
    """By itself, with SIGKILL: when a statement is to run, when a request has just left."""
    async with a_home() as home:
        for point in (60, 133):
            async with AsyncExitStack() as stack:
                made = fresh(kind)
                folder, database = await asyncio.to_thread(stack.enter_context, made)
                told = await one_killing(
                    home, folder, database, replicas=replicas, end=point, seed=point
                )

            assert told.right, told
            assert (told.deaths, told.sent, told.held) == (1, 24, ())

        assert sorted(home.ends.values())[-2:] == [signal.SIGKILL] * 2


@pytest.mark.parametrize("seed", [1, 3, 8, 65, 92, 508, 2520])
def test_a_schedule_of_faults_loses_and_doubles_nothing(seed):
    """Some schedules: limits, garbage, lost answers, refused tokens, clocks that step, deaths."""
    with fresh("sqlite") as (folder, database):
        told = asyncio.run(one_schedule(folder, database, replicas=1, seed=seed))

    assert told.right, told
