"""Two months of a community: nothing lost, nothing twice, all of it accounted for."""

import itertools
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.simulation.community import FIRST, Community, a_community
from tests.simulation.life import live
from tests.simulation.reckoning import reckon
from tests.simulation.script import a_script
from tests.simulation.writing import What
from tests.stage import GENERAL, WEEKLY

MARCH = date(2026, 2, 9)
"""A Monday: clocks are put forward four weeks later."""


@pytest.fixture
async def life(tmp_path: Path):
    """Two months that were lived through, with their script."""
    script = a_script(MARCH, 2, 341, FIRST)
    async with a_community(tmp_path, script) as life:
        await live(life, script)
        yield life, script


@pytest.mark.timeout(300)
async def test_two_months_with_all_their_troubles_add_up(life):
    """Source, rows and channels agree; what did not go out says why, and a trouble explains it."""
    lived, script = life

    account = await reckon(lived, script)

    assert account.wrong == ()
    assert sum(account.cards.values()) > 30
    assert account.edits > 20
    assert lived.happened["killed in a fan-out"]
    assert {What.DOWN, What.FAULTS, What.MOVE, What.RECALL} <= set(lived.happened)

    await tampered(lived, script)


async def tampered(life: Community, script) -> None:
    """What does not add up is noticed: a message too many, one too few, another text, another file."""
    weekly = life.channel(WEEKLY).messages
    lost = next(m for m in reversed(weekly) if m.metadata and m.in_channel)
    weekly.remove(lost)
    weekly.append(weekly[0])
    told = next(m for m in life.messages(GENERAL) if not m.edited)
    told.blocks = []
    (life.stage.posts / "nobody" / "index.md").parent.mkdir()
    (life.stage.posts / "nobody" / "index.md").write_text("---\ntitle: A\n---\n", "utf-8")

    wrong = "\n".join((await reckon(life, script)).wrong)

    for words in ("lost, sent as", "stands 2 times", "something else than", "unknown to the"):
        assert words in wrong


def test_a_seed_tells_the_same_story_each_time():
    """And another seed another one."""
    story = a_script(MARCH, 12, 5, FIRST)

    assert a_script(MARCH, 12, 5, FIRST) == story
    assert a_script(MARCH, 12, 6, FIRST).happenings != story.happenings


def test_a_year_has_every_kind_of_happening():
    """Nothing that can go wrong is left out of two years."""
    story = a_script(MARCH, 24, 1, FIRST)

    assert {happening.what for happening in story.happenings} == set(What)


def test_moments_of_a_script_are_in_order_and_cross_both_changes_of_the_clocks():
    """Its weeks have an hour less once and an hour more once."""
    story = a_script(MARCH, 12, 1, FIRST)
    moments = [happening.at for happening in story.happenings]
    zone = ZoneInfo("America/New_York")

    assert moments == sorted(moments)
    offsets = [moment.astimezone(zone).utcoffset() for moment in moments]
    changes = [a for a, b in itertools.pairwise(offsets) if a != b]
    assert len(changes) == 2
