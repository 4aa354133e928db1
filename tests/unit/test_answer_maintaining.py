"""Answers to maintainers, and to members who try their verbs."""

import re
from dataclasses import replace

import pytest

from bot.answer import answer
from bot.model.deliveries import DeliveryState, Pause
from bot.model.ids import HOME, ChannelId
from bot.model.people import Command
from bot.model.posts import Problem, SourceHealth
from bot.reasons import reason
from config.model import ChannelSettings, MaintainerSettings
from tests.answer_fakes import (
    ADA,
    LIN,
    MEI,
    NOOR,
    NOW,
    FakeDesk,
    FakeRepost,
    FakeSubscribing,
    FakeUpkeep,
    a_recalled_issue,
    a_row,
    an_issue,
    assert_deliverable,
    button,
    pressed,
    said,
    tools,
)

ISSUES = (an_issue(41), an_issue(40))
BOTH = pytest.mark.parametrize("person", [MEI, NOOR], ids=["zh", "en"])


async def ask(line, person, kit, *, nonce="n1"):
    """Ask as typed; every answer must be deliverable."""
    verb, _, words = line.partition(" ")
    reply = await answer(Command(verb, words, person, ChannelId("C1"), nonce), kit)
    assert_deliverable(reply, mentions=True)
    return reply


# ------------------------------------------------------------------ who may


@pytest.mark.parametrize("person", [ADA, LIN], ids=["en", "zh"])
@pytest.mark.parametrize("verb", ["repost", "status", "repost_confirm", "重发"])
async def test_a_member_is_told_who_can(verb, person):
    """The maintainers are named, and nothing happens."""
    repost = FakeRepost()
    reply = await ask(f"{verb} 41", person, tools(issues=ISSUES, repost=repost))
    assert "<@UMEI>" in said(reply)
    assert repost.done == {}


async def test_a_group_of_maintainers_is_named_too():
    """The user group comes first."""
    kit = tools(maintainers=MaintainerSettings(users=("UMEI",), usergroup="S1"))
    assert "<!subteam^S1> <@UMEI>" in said(await ask("status", ADA, kit))


async def test_without_maintainers_it_says_that_there_are_none():
    """Nobody is named where nobody can."""
    kit = tools(maintainers=MaintainerSettings())
    assert "none is named" in said(await ask("status", ADA, kit))


# ------------------------------------------------------------------ repost


@BOTH
async def test_a_repost_is_shown_then_asked_then_done(person):
    """Nothing is written before the button; then rows are, and they go out now."""
    repost = FakeRepost()
    kit = tools(issues=ISSUES, repost=repost)

    question = await ask("repost 41 <#C1>", person, kit)
    assert "Lanternfish Weekly #41" in question.messages[0].text
    assert "<#C1>" in said(question)
    assert repost.done == {}

    done = await answer(pressed(question, "digest.repost_confirm", person), kit)
    assert_deliverable(done)
    assert done.replace
    assert done.wake
    assert list(repost.done.values()) == [(ISSUES[0].id, ("C1",))]


async def test_a_double_click_is_one_repost():
    """Both clicks carry the occasion of their question; another question is another repost."""
    repost = FakeRepost()
    kit = tools(issues=ISSUES, repost=repost)
    question = await ask("repost 41", NOOR, kit)
    for nonce in ("click 1", "click 2"):
        await answer(pressed(question, "digest.repost_confirm", NOOR, nonce=nonce), kit)
    assert len(repost.done) == 1

    again = await ask("repost 41", NOOR, kit, nonce="n2")
    await answer(pressed(again, "digest.repost_confirm", NOOR), kit)
    assert len(repost.done) == 2


async def test_without_a_channel_it_goes_to_all_that_get_the_issue():
    """A channel that gets only event pages is none of them."""
    reply = await ask("repost 41", NOOR, tools(issues=ISSUES))
    assert "<#C1> <#C2>" in said(reply)
    assert "<#C3>" not in said(reply)


@BOTH
async def test_a_repost_reaches_channels_that_subscribed_by_command(person):
    """The same that a new post goes to; the question says how many they are, before and after."""
    repost, subscribing = FakeRepost(), FakeSubscribing()
    for channel, source in (("C7", "weekly"), ("C8", "activities")):
        wishes = ChannelSettings(id=channel, sources=(source,))
        await subscribing.subscribe(wishes, person.id)
    kit = tools(issues=ISSUES, repost=repost, subscribing=subscribing)

    question = await ask("repost 41", person, kit)
    done = await answer(pressed(question, "digest.repost_confirm", person), kit)

    for told in (question, done):
        assert "<#C1> <#C2> <#C7>" in said(told)
        assert re.search("3 (channels|个频道)", said(told))
    assert re.search("3 (channels|个频道)", str(button(question, "digest.repost_confirm")))
    assert list(repost.done.values()) == [(ISSUES[0].id, ("C1", "C2", "C7"))]


@BOTH
async def test_a_repost_to_very_many_channels_fits_its_button(person):
    """A value of Slack's holds 2,000 characters, fewer than their ids."""
    repost, subscribing = FakeRepost(), FakeSubscribing()
    for number in range(400):
        away = ChannelSettings(id=f"C{number:010}", workspace="T2" if number % 2 else "")
        await subscribing.subscribe(away, person.id)
    kit = tools(issues=ISSUES, repost=repost, subscribing=subscribing)

    question = await ask("repost 41", person, kit)
    assert "402" in said(question)
    assert "382" in said(question)
    assert "<#C0000000001>" not in said(question)
    await answer(pressed(question, "digest.repost_confirm", person), kit)

    ((_, channels),) = repost.done.values()
    assert len(channels) == 402


async def test_channels_of_other_workspaces_are_counted_where_none_is_here():
    """Slack shows no name of theirs."""
    settled = [ChannelSettings(id=f"C{n}", workspace="T2") for n in range(3)]
    kit = tools(issues=ISSUES, subscribing=FakeSubscribing(settled=settled))
    assert "3 channels: in other workspaces" in said(await ask("repost 41", NOOR, kit))


async def test_a_channel_that_takes_nothing_of_it_does_not_hide_what_others_get():
    """The question shows the first message that there is."""
    channels = ({"id": "C1", "sections": {"only": ["jobs"]}}, {"id": "C2"})
    question = await ask("repost 41", NOOR, tools(issues=ISSUES, channels=channels))
    assert "Lanternfish Weekly #41" in question.messages[0].text


async def test_a_channel_that_unsubscribed_after_the_question_gets_nothing():
    """The question is too old then."""
    repost, subscribing = FakeRepost(), FakeSubscribing()
    await subscribing.subscribe(ChannelSettings(id="C7"), NOOR.id)
    kit = tools(issues=ISSUES, repost=repost, subscribing=subscribing)
    question = await ask("repost 41 <#C7>", NOOR, kit)
    await subscribing.unsubscribe(ChannelId("C7"), NOOR.id)

    reply = await answer(pressed(question, "digest.repost_confirm", NOOR), kit)

    assert "too old" in said(reply)
    assert repost.done == {}


@BOTH
async def test_a_repost_can_be_called_off(person):
    """The question goes away, nothing is written."""
    repost = FakeRepost()
    kit = tools(issues=ISSUES, repost=repost)
    question = await ask("repost 41", person, kit)
    reply = await answer(pressed(question, "digest.repost_cancel", person), kit)
    assert_deliverable(reply)
    assert reply.replace
    assert not reply.wake
    assert repost.done == {}


async def test_the_yes_button_is_dangerous_and_asks_once_more():
    """Everybody in the channels will see it."""
    question = await ask("repost 41", NOOR, tools(issues=ISSUES))
    yes = next(
        element
        for block in question.messages[-1].blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "digest.repost_confirm.yes"
    )
    assert yes["style"] == "danger"
    assert "2 channels" in yes["confirm"]["text"]["text"]


@BOTH
@pytest.mark.parametrize(
    "line",
    ["repost", "repost <#C1>", "repost 41 #weekly", "repost 99 <#C1>", "repost 41 <#C9>"],
)
async def test_a_repost_that_cannot_be_says_what_is_missing(line, person):
    """Usage, a channel that Slack did not resolve, no such issue, a channel not configured."""
    repost = FakeRepost()
    reply = await ask(line, person, tools(issues=ISSUES, repost=repost))
    assert said(reply).strip()
    assert "repost_confirm" not in str(reply)


async def test_a_number_with_a_hash_is_an_issue_not_a_channel():
    """`repost #41` is understood, and `repost latest` is."""
    assert "Weekly #41" in said(await ask("repost latest", NOOR, tools(issues=ISSUES)))
    assert "Weekly #41" in said(await ask("repost #41", NOOR, tools(issues=ISSUES)))


async def test_without_configured_channels_there_is_nowhere_to_repost():
    """It says so instead of asking."""
    reply = await ask("repost 41", NOOR, tools(issues=ISSUES, channels=()))
    assert "No channel gets issues yet" in said(reply)
    assert "repost_confirm" not in str(reply)


async def test_an_unreadable_post_is_not_reposted():
    """The reader's own words tell what to mend."""
    broken = replace(ISSUES[0], text="---\ntitle: [\n---\n")
    reply = await ask("repost 41", NOOR, tools(issues=[broken]))
    assert "cannot be read" in said(reply)


async def test_a_channels_filter_may_leave_nothing():
    """A channel that gets jobs only has nothing of an issue without jobs."""
    channels = ({"id": "C1", "sections": {"only": ["jobs"]}},)
    reply = await ask("repost 41", NOOR, tools(issues=ISSUES, channels=channels))
    assert "nothing of this issue" in said(reply)


@pytest.mark.parametrize("words", ["", "n1", "n1\nweekly:x", "n1\nweekly:gone.md\nC1"])
async def test_a_stale_confirmation_does_nothing(words):
    """A button of long ago, or a made-up value, asks to start again."""
    repost = FakeRepost()
    reply = await ask(f"repost_confirm {words}", NOOR, tools(issues=ISSUES, repost=repost))
    assert "too old" in said(reply)
    assert reply.replace
    assert repost.done == {}


async def test_a_card_channel_has_no_thread_to_speak_of():
    """The question counts the parts of the first channel's style."""
    reply = await ask("repost 41 <#C2>", NOOR, tools(issues=ISSUES))
    assert "more in its thread" not in said(reply)


# ------------------------------------------------------------------ status


@BOTH
async def test_status_tells_what_waits_and_why(person):
    """States are counted, waiting rows have their reason, sources their health."""
    problems = tuple(Problem("weekly", f"{n}.md", f"line {n} is bad") for n in range(7))
    desk = FakeDesk(
        issues=ISSUES,
        rows=[
            a_row(0, state=DeliveryState.SENT),
            a_row(1, reason="Slack <refused> & said so"),
            a_row(2, state=DeliveryState.PLANNED, reason=""),
        ],
        sources=[
            SourceHealth("weekly", NOW, 0, problems),
            SourceHealth("activities", None, 3, (Problem("activities", "", "no folder"),)),
        ],
    )
    reply = await ask("status", person, tools(issues=ISSUES, desk=desk))
    words = said(reply)
    assert "Slack &lt;refused&gt; &amp; said so" in words
    assert "0.md: line 0 is bad" in words
    assert "5.md" not in words
    assert "no folder" in words
    assert "Lanternfish Weekly #41" in words


@BOTH
async def test_status_counts_what_was_recalled_as_that(person):
    """Not as sent; and the latest issue is said to be recalled."""
    rows = [a_row(part, state=DeliveryState.SENT, reason="") for part in range(3)]
    issues = [a_recalled_issue(41), an_issue(40)]

    words = said(await ask("status", person, tools(issues=issues, desk=FakeDesk(issues, rows))))

    counted = [line for line in words.splitlines() if " 3" in line]
    assert len(counted) == 2  # of all deliveries, and of the latest issue
    for line in counted:
        assert "recalled 3" in line or "已撤回 3" in line
        assert "sent" not in line
        assert "已发送" not in line
    assert "#41" in counted[-1]


@BOTH
async def test_status_of_a_new_installation_is_calm(person):
    """Nothing yet is said in words."""
    words = said(await ask("status", person, tools()))
    assert words.strip()
    assert "Deliveries: none yet" in words or "投递：暂无" in words


@BOTH
async def test_status_names_the_channels_that_get_nothing(person):
    """Since when, and why where Slack is the reason."""
    gone = Pause(HOME, ChannelId("C9"), reason("new"), NOW, dead=True)
    upkeep = FakeUpkeep(paused={"C1": person.id}, gone=(gone,))

    words = said(await ask("status", person, tools(upkeep=upkeep)))

    asked, lost = (line for line in words.splitlines() if line.startswith("<#"))
    assert asked.startswith("<#C1>")
    assert "2026" in asked
    assert lost.endswith(": new." if person is NOOR else "：新文章。")


async def test_an_issue_decided_without_a_reason_shows_its_state():
    """Something is always said of the latest issue."""
    issue = replace(ISSUES[0], reason="")
    reply = await ask("status", NOOR, tools(issues=[issue]))
    assert "announced" in said(reply)


async def test_status_gives_reasons_in_the_language_of_the_maintainer():
    """Reasons are kept as keys, so each reader has them in their own words and zone."""
    desk = FakeDesk(rows=[a_row(0, reason=reason("settle", moment=NOW))])

    chinese = said(await ask("status", MEI, tools(desk=desk)))
    english = said(await ask("status", NOOR, tools(desk=desk)))

    assert "等待修改稳定，到 2026-11-23 16:00 Asia/Shanghai" in chinese
    assert "waits for corrections until 2026-11-23 08:00 Europe/London" in english
