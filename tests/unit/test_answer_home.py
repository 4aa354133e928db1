"""The Home tab."""

from dataclasses import replace

import pytest

from bot.answer import answer, home
from bot.answer.helping import FOR_SOME
from bot.answer.verbs import Verb, spoken
from bot.model.ids import ChannelId
from bot.model.people import Command
from formatters.message import Message
from formatters.slack.spoken import spoken as heard
from tests.answer_fakes import (
    ADA,
    LIN,
    MEI,
    NOOR,
    a_gathering,
    a_recalled_issue,
    an_issue,
    assert_showable,
    spoken_with_markup,
    tools,
)

BY_PERSON = pytest.mark.parametrize("person", [ADA, LIN], ids=["en", "zh"])


@BY_PERSON
async def test_home_shows_the_latest_issue_the_next_meetups_and_help(person):
    """One look, no command; a box to search in."""
    kit = tools(issues=[an_issue(41), an_issue(40)], coming=[a_gathering()])
    blocks = await home(person, kit)
    assert_showable(blocks)
    words = spoken_with_markup(blocks)
    assert "Lanternfish Weekly #41" in words
    assert "Night dive" in words
    assert "/digest" in words
    assert "digest.search.home" in str(blocks)


@pytest.mark.parametrize("person", [MEI, NOOR], ids=["zh", "en"])
async def test_maintainers_read_there_what_they_alone_can_do(person):
    """In a section of its own, below what everybody can."""
    blocks = await home(person, tools(issues=[an_issue(41)], coming=[a_gathering()]))

    assert_showable(blocks)
    words = spoken_with_markup(blocks)
    headings = [heard([b]) for b in blocks if b["type"] == "header"]
    assert headings[-1] in {"What maintainers can ask as well", "维护者还可以这样问"}
    everybody, _, theirs = words.partition(headings[-1])
    for verb in FOR_SOME:
        assert f"/digest {spoken(verb, person.language)}" in theirs
    assert f"/digest {spoken(Verb.LATEST, person.language)}" in everybody


@BY_PERSON
async def test_members_read_nothing_of_it(person):
    """Nor of what maintainers decide in the bot's own workspace."""
    words = spoken_with_markup(await home(person, tools(issues=[an_issue(41)])))
    for verb in (*FOR_SOME, Verb.SUBSCRIBE):
        assert f"/digest {spoken(verb, person.language)}" not in words


@BY_PERSON
async def test_a_recalled_issue_is_not_on_home(person):
    """The newest one that stands is."""
    words = spoken_with_markup(
        await home(person, tools(issues=[a_recalled_issue(41), an_issue(40)]))
    )
    assert "Lanternfish Weekly #40" in words
    assert "Lanternfish Weekly #41" not in words


@BY_PERSON
async def test_home_of_an_empty_archive_is_a_home(person):
    """Also without a site name."""
    assert_showable(await home(person, tools(site={})))


async def test_a_post_that_cannot_be_read_leaves_a_gap_not_a_failure():
    """Help and meetups are still there."""
    broken = replace(an_issue(41), text="---\ntitle: [\n---\n")
    blocks = await home(ADA, tools(issues=[broken]))
    assert_showable(blocks)
    assert "/digest" in spoken_with_markup(blocks)


@pytest.mark.parametrize("verb", ["latest", "list", "meetups", "help", "search"])
async def test_an_answer_takes_the_place_of_the_content(verb):
    """What was asked for at home is shown at home, within its limits."""
    kit = tools(issues=[an_issue(n) for n in range(41, 10, -1)], coming=[a_gathering()])
    reply = await answer(Command(verb, "Abyss", ADA, ChannelId("")), kit)
    blocks = await home(ADA, kit, reply.messages)
    assert_showable(blocks)
    assert len(blocks) > 4


async def test_what_does_not_fit_is_left_out_whole():
    """A Home tab has 100 blocks; a message is shown whole or not at all."""
    message = Message("text", tuple({"type": "divider"} for _ in range(50)))
    blocks = await home(ADA, tools(), [message, message, message])
    assert_showable(blocks)
    assert 50 < len(blocks) < 100
