"""The question about a post that waits for approval, and the answers to its buttons."""

from dataclasses import replace

import pytest

from bot.answer import answer
from bot.answer.approving import Wording
from bot.model.ids import ChannelId, UserId, WorkspaceId
from bot.model.people import Command, Reply
from config.model import SiteSettings
from tests.answer_fakes import (
    LIN,
    MEI,
    NOOR,
    FakeApproval,
    FakeDesk,
    an_issue,
    assert_deliverable,
    button,
    pressed,
    said,
    settings,
    tools,
)

ISSUE = an_issue(41)
HERE = [(WorkspaceId(""), ChannelId("C1")), (WorkspaceId(""), ChannelId("C2"))]
BOTH = pytest.mark.parametrize("person", [MEI, NOOR], ids=["zh", "en"])


def wording(language: str = "en") -> Wording:
    """Of a site in a language."""
    site = SiteSettings.model_validate({"timezone": "Asia/Shanghai", "language": language})
    return Wording(settings(site=site))


def the(message) -> Reply:
    """One message of the maintainers' channel, as an answer; it must be deliverable."""
    reply = Reply((message,))
    assert_deliverable(reply, mentions=True)
    return reply


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["may this go out?", "2 channels", "Approve", "Not this one"]),
        ("zh", ["可以发布吗", "2 个频道", "批准发布", "这篇不发"]),
    ],
)
def test_the_question_names_the_post_its_channels_and_both_answers(language, words):
    """In the site's language."""
    question = the(wording(language).question(ISSUE, HERE))

    for word in (*words, "Lanternfish Weekly #41", "<#C1> <#C2>"):
        assert word in f"{said(question)}{question.messages[0].blocks}"
    assert button(question, "digest.approve_post")["value"] == ISSUE.id
    assert button(question, "digest.decline_post")["value"] == ISSUE.id


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_question_becomes_says_who_decided_and_has_no_buttons(language):
    """Also where nothing is left to be decided, or the channels are elsewhere."""
    words = wording(language)
    away = [(WorkspaceId("T2"), ChannelId("C9"))]
    who = UserId("UMEI")

    approved = the(words.judged(ISSUE, away, approved=True, who=who))
    declined = the(words.judged(ISSUE, HERE, approved=False, who=who))
    overtaken = the(words.overtaken(ISSUE))

    assert "<@UMEI>" in said(approved)
    assert "<#C9>" not in said(approved)
    assert "<@UMEI>" in said(declined)
    assert "/digest repost 41" in said(declined) or "/digest 重发 41" in said(declined)
    for one in (approved, declined, overtaken):
        assert "Lanternfish Weekly #41" in said(one)
        with pytest.raises(AssertionError, match="no button"):
            button(one, "digest")


@BOTH
@pytest.mark.parametrize("action", ["digest.approve_post", "digest.decline_post"])
async def test_the_first_click_decides_and_the_second_reads_what_was_decided(person, action):
    """Whoever it is; only the first one counts."""
    approval = FakeApproval(waiting={ISSUE.id})
    kit = tools(desk=FakeDesk(issues=[ISSUE]), approval=approval)
    click = pressed(the(wording().question(ISSUE, HERE)), action, person)

    first = await answer(click, kit)
    approval.told = wording().judged(ISSUE, HERE, approved=True, who=person.id)
    second = await answer(click, kit)

    assert_deliverable(first)
    assert_deliverable(second, mentions=True)
    assert approval.done == [(ISSUE.id, action.endswith("approve_post"), person.id)]
    assert "Lanternfish Weekly #41" in said(first)
    assert first.wake
    assert not first.replace
    assert f"<@{person.id}>" in said(second)


@pytest.mark.parametrize("verb", ["approve_post", "decline_post"])
async def test_members_and_buttons_that_mean_nothing_decide_nothing(verb):
    """A post that nobody knows, and a person who may not."""
    approval = FakeApproval(waiting={ISSUE.id})
    kit = tools(desk=FakeDesk(issues=[ISSUE]), approval=approval)

    refused = await answer(Command(verb, ISSUE.id, LIN, ChannelId("C1")), kit)
    unknown = await answer(Command(verb, "weekly:nowhere.md", NOOR, ChannelId("C1")), kit)
    stale = await answer(
        Command(verb, ISSUE.id, NOOR, ChannelId("C1")), replace(kit, approval=FakeApproval())
    )

    assert approval.done == []
    assert "<@UMEI>" in said(refused)
    assert "too old" in said(unknown)
    assert "Nothing is left" in said(stale)
