"""Answers to `pause`, `resume` and `recall`."""

from dataclasses import replace

import pytest

from bot.answer import answer
from bot.model.ids import ChannelId
from bot.model.people import Command
from tests.answer_fakes import (
    ADA,
    MEI,
    NOOR,
    FakeUpkeep,
    an_issue,
    assert_deliverable,
    button,
    pressed,
    said,
    tools,
)

BOTH = pytest.mark.parametrize("person", [MEI, NOOR], ids=["zh", "en"])


async def ask(line, person, upkeep):
    """Ask as typed in C1; every answer must be deliverable."""
    verb, _, words = line.partition(" ")
    kit = tools(issues=[an_issue(41)], upkeep=upkeep)
    reply = await answer(Command(verb, words, person, ChannelId("C1"), "n1"), kit)
    assert_deliverable(reply, mentions=True)
    return reply


@BOTH
async def test_a_channel_is_paused_and_resumed_where_it_is_typed_or_named(person):
    """And says so; a second time nothing happens."""
    upkeep = FakeUpkeep()

    await ask("pause", person, upkeep)
    first = await ask("pause <#C9>", person, upkeep)
    again = await ask("pause <#C9>", person, upkeep)
    assert upkeep.paused == {"C1": person.id, "C9": person.id}
    assert "<#C9>" in said(first)
    assert said(first) != said(again)

    resumed = await ask("resume", person, upkeep)
    nothing = await ask("resume", person, upkeep)
    assert (resumed.wake, nothing.wake) == (True, False)
    assert upkeep.paused == {"C9": person.id}


@BOTH
@pytest.mark.parametrize("verb", ["pause", "resume"])
async def test_a_channel_that_slack_did_not_know_is_asked_for_again(person, verb):
    """Words beside the command never stop the channel in which they are typed instead."""
    upkeep = FakeUpkeep(paused={"C1": person.id})

    told = await ask(f"{verb} #weekly", person, upkeep)

    assert "#weekly" in said(told)
    assert upkeep.paused == {"C1": person.id}


@pytest.mark.parametrize("verb", ["pause", "resume", "recall 41", "暂停", "撤回 41"])
async def test_members_are_told_who_can(verb):
    """Nothing happens."""
    upkeep = FakeUpkeep()
    assert "<@UMEI>" in said(await ask(verb, ADA, upkeep))
    assert upkeep.paused == {}


@BOTH
@pytest.mark.parametrize(("words", "strike"), [("41", False), ("41 strike", True)])
async def test_a_recall_asks_first(person, words, strike):
    """The post is named; only the button recalls it."""
    upkeep = FakeUpkeep()
    question = await ask(f"recall {words}", person, upkeep)
    assert "Lanternfish Weekly #41" in said(question)
    assert ("struck" in str(question) or "划掉" in str(question)) is strike
    assert "Leave it" in str(button(question, "digest.repost_cancel")) or person is MEI
    assert upkeep.recalled == []

    kit = tools(issues=[an_issue(41)], upkeep=upkeep)
    done = await answer(pressed(question, "digest.recall_confirm", person), kit)

    assert_deliverable(done)
    assert upkeep.recalled == [(an_issue(41).id, strike)]
    assert (done.wake, done.replace) == (True, True)
    assert "3" in said(done)


async def test_what_a_recalled_issue_announced_is_joined_anew():
    """Else its meetups would be told until the next look."""
    kit = tools(issues=[an_issue(41)])
    joined: list[str] = []
    kit = replace(kit, regather=lambda: _noted(joined))
    question = await answer(Command("recall", "41", NOOR, ChannelId("C1"), "n1"), kit)
    assert joined == []

    await answer(pressed(question, "digest.recall_confirm", NOOR), kit)

    assert joined == ["joined"]


async def _noted(where: list[str]) -> None:
    where.append("joined")


@BOTH
async def test_a_recall_of_nothing_says_how_it_is_typed(person):
    """Also for a post that nobody knows, and for a question that is too old."""
    upkeep = FakeUpkeep()
    assert "recall" in said(await ask("recall", person, upkeep)) or person is MEI
    assert await ask("recall 99", person, upkeep)
    gone = await answer(
        Command("recall_confirm", "weekly:nothing\n", person, ChannelId("C1"), "n"), tools()
    )
    assert gone.replace
    assert upkeep.recalled == []
