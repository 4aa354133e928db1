"""What maintainers are told without having asked, and their answers to it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answer import answer
from bot.answer.asking import BUTTONED, NAMED, Wording
from bot.model.ids import ChannelId
from bot.model.people import Command, Reply
from bot.model.posts import PostState, Problem
from bot.reasons import reason
from config.model import ChannelSettings, SiteSettings
from tests.answer_fakes import (
    LIN,
    MEI,
    NOOR,
    NOW,
    FakeDesk,
    FakeRepost,
    FakeSkip,
    an_issue,
    assert_deliverable,
    button,
    pressed,
    said,
    settings,
    tools,
)

BREAKER = reason("breaker", count=47, breaker=3, names="a.md, b.md", more=45)


def held(number: int = 41, why: str = BREAKER, **changes: object):
    """An issue that waits for a person."""
    entry = replace(an_issue(number), state=PostState.HELD, reason=why, first_seen=NOW)
    return replace(entry, **changes)  # type: ignore[arg-type]  # builders take any field


def asked(*entries, language: str = "en", **changes: object) -> Reply:
    """The question about posts."""
    site = SiteSettings.model_validate({"timezone": "Asia/Shanghai", "language": language})
    messages = Wording(settings(site=site, **changes)).posts(entries, NOW)
    reply = Reply(messages)
    assert_deliverable(reply)
    return reply


def test_a_held_post_is_asked_about_with_its_reason_and_both_answers():
    """In the site's language and zone."""
    late = held(why=reason("late", moment=NOW))

    english = said(asked(late))
    chinese = said(asked(late, language="zh"))

    assert "weekly: what shall I do?" in english
    assert "dated 2026-11-23 16:00 Asia/Shanghai, late" in english
    assert "Lanternfish Weekly #41" in english
    assert "请您决定" in chinese
    assert "来得晚" in chinese
    assert button(asked(late), "digest.repost_confirm")["style"] == "primary"
    assert button(asked(late), "digest.skip_post")["value"] == late.id


def test_a_flood_is_asked_about_in_one_message_of_a_screen():
    """The list stands once, the newest have buttons, and all can be left out at once."""
    many = [held(100 - n, title=f"Back issue {'x' * 300} {n}") for n in range(47)]

    reply = asked(*many)

    words = said(reply)
    assert "47 posts at once" in words
    assert "a.md, b.md" not in words
    assert f"and {47 - NAMED} more" in words
    ids = [str(b.get("elements")) for m in reply.messages for b in m.blocks]
    assert sum("digest.skip_post" in row for row in ids) == BUTTONED
    assert "47" in str(button(reply, "digest.skip_all")["text"])


def test_a_post_that_is_gone_after_it_was_sent_needs_no_answer():
    """It is told, without buttons: what stands in the channels stays."""
    gone = replace(an_issue(41), gone_at=NOW, reason="new")

    reply = asked(gone)

    assert "for your information" in said(reply)
    assert "No longer published" in said(reply)
    with pytest.raises(AssertionError, match="no button"):
        button(reply, "digest")


def test_without_a_channel_for_it_a_post_can_only_be_left_out():
    """There is nowhere to post it."""
    reply = asked(held(), channels=(ChannelSettings(id="C3", sources=("activities",)),))

    assert button(reply, "digest.skip_post")
    with pytest.raises(AssertionError, match="no button"):
        button(reply, "digest.repost_confirm")


def test_posts_that_cannot_be_read_are_told_with_the_way_out():
    """A screen of them, and how many more."""
    problems = [
        Problem("weekly", f"{n}.md", f"{n}.md:2: <no> YAML. Mend it") for n in range(25)
    ]

    reply = Reply(Wording(settings()).unread("weekly", problems))

    assert_deliverable(reply)
    assert "posts that cannot be read" in said(reply)
    assert "19.md:2: <no> YAML. Mend it" in said(reply)
    assert "and 5 more" in said(reply)
    assert "more" not in said(Reply(Wording(settings()).unread("weekly", problems[:1])))


def test_a_failing_source_is_told_with_what_is_wrong():
    """And that nothing is lost."""
    reply = Reply(Wording(settings()).source("weekly", 3, "the folder <x> cannot be read."))

    assert_deliverable(reply)
    assert "weekly cannot be read" in said(reply)
    assert "3 looks failed: the folder <x> cannot be read." in said(reply)


# ------------------------------------------------------------------ answers


async def test_yes_posts_it_once_whoever_says_it():
    """Two maintainers who click send one set of messages."""
    entry, repost = held(), FakeRepost()
    desk = FakeDesk(issues=[entry])
    question = asked(entry)

    for person, nonce in ((MEI, "n1"), (NOOR, "n2")):
        click = pressed(question, "digest.repost_confirm", person, nonce=nonce)
        reply = await answer(click, tools(desk=desk, repost=repost))
        assert reply.wake

    assert list(repost.done.values()) == [(entry.id, ("C1", "C2"))]


async def test_no_leaves_it_out():
    """And says so."""
    entry, skip = held(), FakeSkip()
    click = pressed(asked(entry), "digest.skip_post", NOOR)

    reply = await answer(click, tools(desk=FakeDesk(issues=[entry]), skip=skip))

    assert skip.done == [entry.id]
    assert "Left out" in said(reply)


@pytest.mark.parametrize("state", [PostState.ANNOUNCED, PostState.UNDECIDED])
async def test_no_is_too_late_once_it_is_posted(state):
    """Somebody else was quicker."""
    entry, skip = held(), FakeSkip()
    desk = FakeDesk(issues=[replace(entry, state=state)])

    reply = await answer(
        pressed(asked(entry), "digest.skip_post", NOOR), tools(desk=desk, skip=skip)
    )

    assert skip.done == []
    assert "already" in said(reply)


async def test_all_are_left_out_that_were_asked_about_and_none_that_came_later():
    """An old message's button does not reach what it does not name."""
    many, skip = [held(n) for n in (40, 41)], FakeSkip()
    later = held(42, first_seen=NOW + timedelta(hours=1))
    other = replace(an_issue(39), state=PostState.ANNOUNCED)
    desk = FakeDesk(issues=[*many, later, other])

    click = pressed(asked(*many), "digest.skip_all", NOOR)
    reply = await answer(click, tools(desk=desk, skip=skip))

    assert skip.done == [entry.id for entry in many]
    assert "2 posts are left out" in said(reply)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("skip_post", "weekly:nowhere.md"),
        ("skip_all", "weekly"),
        ("skip_all", "weekly\nyesterday"),
    ],
)
async def test_a_button_that_means_nothing_does_nothing(verb, words):
    """Made up, or of a post that is not there any more."""
    skip = FakeSkip()

    reply = await answer(Command(verb, words, NOOR, ChannelId("C1")), tools(skip=skip))

    assert "too old" in said(reply)
    assert skip.done == []


async def test_a_moment_without_a_zone_means_nothing():
    """Nothing is compared with it."""
    skip = FakeSkip()
    desk = FakeDesk(issues=[held()])
    click = Command("skip_all", "weekly\n2027-01-01T00:00:00", NOOR, ChannelId("C1"))

    await answer(click, tools(desk=desk, skip=skip))

    assert skip.done == []


@pytest.mark.parametrize("verb", ["skip_post", "skip_all"])
async def test_members_decide_nothing(verb):
    """A button in a channel can be clicked by everybody who sees it."""
    skip = FakeSkip()

    await answer(Command(verb, held().id, LIN, ChannelId("C1")), tools(skip=skip))

    assert skip.done == []
