"""What maintainers look into: `preview` and `why`."""

from dataclasses import replace

import pytest

from bot.answer import answer
from bot.model.deliveries import Act, DeliveryState
from bot.model.ids import ChannelId
from bot.model.people import Command
from bot.model.posts import PostState
from bot.reasons import reason
from config.model import ChannelSettings
from tests.answer_fakes import (
    ADA,
    MEI,
    NOOR,
    NOW,
    FakeDesk,
    FakeUpkeep,
    a_row,
    an_issue,
    assert_deliverable,
    said,
    tools,
)

ISSUE = an_issue(41)
BOTH = pytest.mark.parametrize("person", [MEI, NOOR], ids=["zh", "en"])
VERBS = pytest.mark.parametrize("verb", ["preview", "why", "预览", "为什么"])


async def ask(line, person, kit, *, channel="C2"):
    """Ask as typed in a channel; every answer must be deliverable."""
    verb, _, words = line.partition(" ")
    reply = await answer(Command(verb, words, person, ChannelId(channel), "n1"), kit)
    assert_deliverable(reply, mentions=True)
    return reply


@VERBS
async def test_members_are_told_who_can(verb):
    """Reasons and drafts are the maintainers' business."""
    reply = await ask(f"{verb} 41", ADA, tools(issues=[ISSUE]))
    assert "<@UMEI>" in said(reply)
    assert "Abyss" not in said(reply)


@BOTH
@VERBS
@pytest.mark.parametrize("words", ["", "<#C1>", "99", "41 #weekly"])
async def test_what_is_missing_is_asked_for(verb, person, words):
    """The issue, a channel that Slack did not resolve, an issue that nobody knows."""
    reply = await ask(f"{verb} {words}", person, tools(issues=[ISSUE]))
    assert said(reply).strip()
    assert "Abyss" not in said(reply)


# ------------------------------------------------------------------ preview


@BOTH
async def test_a_preview_is_what_this_channel_would_get(person):
    """C2 wants cards in Chinese; C1 wants the whole issue; the named one goes before both."""
    kit = tools(issues=[ISSUE])

    here = await ask("preview 41", person, kit)
    named = await ask("preview 41 <#C1>", person, kit)
    elsewhere = await ask("preview 41", person, kit, channel="C9")

    assert len(here.messages) == 2
    assert "<#C2>" in said(here)
    assert "keeps everything" in said(named)
    assert "<#C1>" in said(named)
    assert "<#C1>" in said(elsewhere)
    assert not here.wake


async def test_a_long_preview_says_how_much_more_there_is():
    """An answer has room for five messages."""
    body = "\n\n".join(f"## Part {n}\n\n" + "Plankton drifts by. " * 200 for n in range(40))
    reply = await ask("preview 41 <#C1>", NOOR, tools(issues=[an_issue(41, body=body)]))
    assert len(reply.messages) == 5
    assert "The first 4 of" in said(reply)


async def test_a_preview_that_cannot_be_says_why():
    """A post that cannot be read, sections that leave nothing over, no channel at all."""
    broken = replace(ISSUE, text="---\ntitle: [\n---\n")
    picky = ({"id": "C2", "sections": {"only": ["jobs"]}},)
    assert "cannot be read" in said(await ask("preview 41", NOOR, tools(issues=[broken])))
    nothing = await ask("preview 41", NOOR, tools(issues=[ISSUE], channels=picky))
    assert "nothing of this issue" in said(nothing)
    nowhere = await ask("preview 41", NOOR, tools(issues=[ISSUE], channels=()))
    assert "No channel gets issues yet" in said(nowhere)


# ------------------------------------------------------------------ why


@BOTH
async def test_why_tells_what_became_of_an_issue_in_each_channel(person):
    """Messages of the same fate together; what no row knows of is said, too."""
    rows = [
        replace(a_row(0), state=DeliveryState.SENT, reason=""),
        replace(a_row(1), state=DeliveryState.SENT, reason=""),
        a_row(2, reason=reason("approval")),
    ]
    upkeep = FakeUpkeep(paused={"C2": "UMEI", "C7": "UMEI"})
    kit = tools(issues=[ISSUE], desk=FakeDesk([ISSUE], rows), upkeep=upkeep)

    told = await ask("why 41", person, kit)
    words = said(told)

    assert words.count("<#C1>") == 2
    assert "2 messages: sent" in words or "2 条消息：已发送" in words
    assert "approved" in words or "先同意" in words
    assert words.count("<#C2>") == 2  # nothing of it, and paused
    assert "<#C3>" not in words  # gets no issues
    assert "<#C7>" not in words
    only = said(await ask("why 41 <#C2>", person, kit))
    assert "<#C1>" not in only
    assert "<#C2>" in only


@BOTH
@pytest.mark.parametrize("state", list(PostState))
async def test_why_tells_what_was_decided_on_the_issue_itself(person, state):
    """With its reason; words of commands in it are code, not backticks."""
    entry = replace(ISSUE, state=state, reason=reason("gone"))
    words = said(await ask("why 41", person, tools(issues=[entry])))
    assert "its file is gone" in words or "文件不见了" in words
    assert "`" not in words


@BOTH
async def test_why_tells_what_became_of_changes(person):
    """Done ones, and one that Slack did not let be made."""
    sent = replace(a_row(), state=DeliveryState.SENT, reason="")
    changes = [
        replace(sent, kind=Act.UPDATE),
        replace(a_row(1, reason="cant_delete_message"), kind=Act.DELETE),
    ]
    desk = FakeDesk([ISSUE], [sent], changes=changes)

    words = said(await ask("why 41", person, tools(issues=[ISSUE], desk=desk)))

    assert "change of 1 message: done" in words or "更改 1 条消息：已完成" in words
    assert (
        "deletion of 1 message: held: cant_" in words or "删除 1 条消息：已搁置：cant_" in words
    )


async def test_whoever_decided_is_called_by_name():
    """Slack shows a name for an id; a file in capitals is none."""
    kept = reason("declined", who="U0123ABCD", moment=NOW)
    rows = [a_row(0, reason=kept), a_row(1, reason="WEEKLYNEWS.md cannot be read")]
    kit = tools(issues=[ISSUE], desk=FakeDesk([ISSUE], rows))
    for line in ("why 41", "status"):
        words = said(await ask(line, NOOR, kit))
        assert "left out by <@U0123ABCD> on" in words
        assert "WEEKLYNEWS.md" in words
        assert "<@W" not in words


async def test_why_of_very_many_channels_stays_a_screen():
    """The first ones, and how many more."""
    rows = [replace(a_row(), channel=ChannelId(f"C{n:03}")) for n in range(50)]
    channels = [ChannelSettings(id=f"C{n:03}") for n in range(50)]
    kit = tools(issues=[ISSUE], desk=FakeDesk([ISSUE], rows), channels=channels)
    words = said(await ask("why 41", NOOR, kit))
    assert words.count("<#C") == 20
    assert "and 30 more" in words
