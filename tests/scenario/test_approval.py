"""Channels that want every post approved: maintainers are asked once, and one click decides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.model.deliveries import DeliveryState
from bot.model.ids import ChannelId, PostId, UserId
from tests.stage import (
    ADA,
    GENERAL,
    LIN,
    MAINTAINERS,
    MEI,
    NOOR,
    WEEKLY,
    ZH,
    Stage,
    staged,
    until,
)

POST = PostId("weekly:weekly-2/index.md")
CAREFUL = [
    {"id": WEEKLY, "approval": True},
    {"id": ZH, "approval": True, "style": "card", "language": "zh"},
    {"id": GENERAL, "style": "card"},
]
OURS = {"users": [MEI, NOOR], "channel": MAINTAINERS}


@asynccontextmanager
async def asked(
    tmp_path: Path, database: str, maintainers: object = OURS
) -> AsyncIterator[Stage]:
    """A community whose maintainers have been asked about a post."""
    async with staged(
        tmp_path, database=database, channels=CAREFUL, maintainers=maintainers
    ) as stage:
        async with stage.bot() as bot:
            await stage.round(bot)
            stage.write("weekly-2")
            await stage.round(bot, times=3)
        yield stage


async def click(stage: Stage, user: str, action: str) -> None:
    """Press a button of the question; it need not be there any more on another's screen."""
    (question,) = stage.digests(MAINTAINERS)
    await stage.slack.control.click(user, MAINTAINERS, str(question["ts"]), action)


def question(stage: Stage) -> str:
    """What the question says now."""
    (one,) = stage.digests(MAINTAINERS)
    return str(one["blocks"])


async def test_a_post_that_waits_is_asked_about_once_and_one_click_lets_it_go(
    tmp_path, database
):
    """However often the source is looked at, and after a restart; the question says who decided."""
    async with asked(tmp_path, database) as stage:
        assert "digest.approve_post.yes" in question(stage)
        assert "digest.decline_post.no" in question(stage)
        assert f"<#{WEEKLY}> <#{ZH}>" in question(stage)
        (preview,) = stage.thread(MAINTAINERS)
        assert "Weekly weekly-2" in str(preview["text"])
        assert stage.titles(WEEKLY) == stage.titles(ZH) == []
        assert stage.titles(GENERAL) == ["Weekly weekly-2"]

        async with stage.serving():
            await click(stage, MEI, "digest.approve_post.yes")
            await until(lambda: bool(stage.titles(ZH)) and bool(stage.titles(WEEKLY)))
            await until(lambda: "digest.approve_post" not in question(stage))

    assert stage.titles(WEEKLY) == stage.titles(ZH) == ["Weekly weekly-2"]
    assert f"<@{MEI}> approved it" in question(stage)
    assert len(stage.digests(MAINTAINERS)) == 1
    (told,) = stage.told(MEI, MAINTAINERS)
    assert "Weekly weekly-2" in str(told["text"])


async def test_two_who_decide_at_once_decide_once(tmp_path, database):
    """Whoever is second reads what was decided, and by whom; nothing is posted twice."""
    async with asked(tmp_path, database) as stage, stage.serving():
        await asyncio.gather(
            click(stage, MEI, "digest.approve_post.yes"),
            click(stage, NOOR, "digest.decline_post.no"),
            click(stage, MEI, "digest.approve_post.yes"),
        )
        await until(lambda: "digest.approve_post" not in question(stage))
        await until(
            lambda: len(stage.told(MEI, MAINTAINERS)) + len(stage.told(NOOR, MAINTAINERS)) >= 5
        )
        if "approved it" in question(stage):
            await until(lambda: bool(stage.titles(WEEKLY)) and bool(stage.titles(ZH)))
        await asyncio.sleep(0.3)

    by = MEI if "approved it" in question(stage) else NOOR
    posted = ["Weekly weekly-2"] if by == MEI else []
    assert f"<@{by}>" in question(stage)
    assert stage.titles(WEEKLY) == stage.titles(ZH) == posted
    other = NOOR if by == MEI else MEI
    assert f"<@{by}>" in str(stage.told(other, MAINTAINERS)[-1]["blocks"])


async def test_what_is_left_out_stays_out_and_can_be_reposted(tmp_path, database):
    """It waits no more, says by whom it was left out, and a repost sends it all the same."""
    async with asked(tmp_path, database) as stage, stage.serving() as bot:
        await click(stage, NOOR, "digest.decline_post.no")
        await until(lambda: "left it out" in question(stage))
        rows = await bot.archive.desk.deliveries(POST)
        assert {NOOR in row.reason for row in rows if row.channel != GENERAL} == {True}
        assert await bot.archive.desk.waiting(9) == ()
        entry = await bot.archive.desk.post(POST)
        assert entry is not None
        await bot.repost(entry, channels=[ChannelId(WEEKLY)], occasion="repost:all the same")
        bot.courier.wake()
        await until(lambda: bool(stage.titles(WEEKLY)))

    assert stage.titles(ZH) == []
    assert "left it out" in question(stage)


@pytest.mark.parametrize("user", [ADA, LIN], ids=["en", "zh"])
async def test_members_decide_nothing(tmp_path, database, user):
    """Who can see the channel can press its buttons, and is told who may."""
    async with asked(tmp_path, database) as stage, stage.serving():
        channel = stage.slack.workspace.channel(MAINTAINERS)
        assert channel is not None
        channel.members.append(user)
        await click(stage, user, "digest.approve_post.yes")
        await until(lambda: bool(stage.told(user, MAINTAINERS)))
        await asyncio.sleep(0.2)

    assert f"<@{MEI}>" in str(stage.told(user, MAINTAINERS)[0]["blocks"])
    assert "digest.approve_post.yes" in question(stage)
    assert stage.titles(WEEKLY) == []


async def test_a_repost_to_one_channel_leaves_the_others_to_the_question(tmp_path, database):
    """Nobody gets a post twice; when nothing waits any more, the question says so."""
    async with asked(tmp_path, database) as stage:
        async with stage.bot() as bot:
            entry = await bot.archive.desk.post(POST)
            assert entry is not None
            await bot.repost(entry, channels=[ChannelId(WEEKLY)], occasion="repost:by hand")
            await stage.round(bot)
        assert stage.titles(WEEKLY) == ["Weekly weekly-2"]
        assert "digest.approve_post.yes" in question(stage)

        async with stage.serving():
            await click(stage, MEI, "digest.approve_post.yes")
            await until(lambda: bool(stage.titles(ZH)))
            await until(lambda: "approved it" in question(stage))
        assert stage.titles(WEEKLY) == stage.titles(ZH) == ["Weekly weekly-2"]


async def test_a_question_that_was_overtaken_loses_its_buttons(tmp_path, database):
    """By a repost to all that wait at once, by a recall at the next click."""
    async with asked(tmp_path, database) as stage:
        async with stage.bot() as bot:
            entry = await bot.archive.desk.post(POST)
            assert entry is not None
            ids = [ChannelId(WEEKLY), ChannelId(ZH)]
            await bot.repost(entry, channels=ids, occasion="repost:by hand")
            await stage.round(bot)
        assert "digest.approve_post" not in question(stage)
        assert "Nothing of it waits" in question(stage)


async def test_a_recalled_post_cannot_be_approved_any_more(tmp_path, database):
    """The click says so, and the question loses its buttons."""
    async with asked(tmp_path, database) as stage, stage.serving() as bot:
        entry = await bot.archive.desk.post(POST)
        assert entry is not None
        await bot.upkeep.recall(entry)
        await click(stage, MEI, "digest.approve_post.yes")
        await until(lambda: "Nothing of it waits" in question(stage))
        await until(lambda: len(stage.told(MEI, MAINTAINERS)) == 2)

    assert stage.titles(WEEKLY) == stage.titles(ZH) == []
    assert "Nothing of it waits" in str(stage.told(MEI, MAINTAINERS)[-1]["text"])


async def test_what_is_corrected_before_it_is_approved_goes_out_corrected(tmp_path, database):
    """New parts of its thread wait with it, and nobody is asked again."""
    async with asked(tmp_path, database) as stage:
        async with stage.bot() as bot:
            path = stage.posts / "weekly-2" / "index.md"
            more = "\n\n".join(f"## Part {n}\n\n" + "Words go by. " * 300 for n in range(6))
            stage.write("weekly-2", text=f"{path.read_text()}\n\n{more}")
            await stage.round(bot, times=4)
            before = await bot.archive.desk.deliveries(POST)
            assert stage.titles(WEEKLY) == []
            parts = [row for row in before if row.channel == WEEKLY]
            assert len(parts) > 2
            assert {row.state for row in parts} == {DeliveryState.HELD}
            entry = await bot.archive.desk.post(POST)
            assert entry is not None
            assert await bot.approval.judge(entry, approved=True, who=UserId(MEI))
            stage.clock.advance(minutes=1)
            await stage.round(bot)
        assert len(stage.thread(WEEKLY)) == len(parts) - 1
        assert "Words go by." in str(stage.thread(WEEKLY)[-1]["blocks"])

    assert len(stage.digests(MAINTAINERS)) == 1


async def test_without_a_channel_of_theirs_nobody_is_asked(tmp_path, database):
    """Then a repost is the way, as before."""
    async with asked(tmp_path, database, maintainers={"users": [MEI]}) as stage:
        async with stage.bot() as bot:
            entry = await bot.archive.desk.post(POST)
            assert entry is not None
            await bot.repost(entry, channels=[ChannelId(ZH)], occasion="repost:by hand")
            await stage.round(bot)
        assert stage.titles(MAINTAINERS) == []
        assert stage.titles(ZH) == ["Weekly weekly-2"]
