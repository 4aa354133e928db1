"""From a published post to a channel, with everything real but Slack."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.model.deliveries import DeliveryState
from bot.model.ids import ChannelId, PostId
from bot.reasons import said
from bot.sandbox.faults import Rule
from bot.sandbox.shapes import obj
from tests.fakes import claim
from tests.stage import MAINTAINERS, MEI, OLD, WEEKLY, ZH, Stage, staged, until

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def test_the_first_look_announces_nothing_and_the_next_post_everything(stage: Stage):
    """What was there before is history; a post published later reaches every channel once."""
    stage.write("weekly-1", date="2026-11-13")
    async with stage.bot() as bot:
        await stage.round(bot)
        assert stage.titles(WEEKLY) == []

        stage.write("weekly-2")
        await stage.round(bot)

    assert stage.titles(WEEKLY) == ["Weekly weekly-2"]
    assert stage.titles(ZH) == ["Weekly weekly-2"]


async def test_the_complete_issue_stands_in_the_thread_of_its_card(stage: Stage):
    """The channel sees one message; the text of the issue is below it, with its metadata."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write("weekly-2")
        await stage.round(bot)

    replies = stage.thread(WEEKLY)
    assert replies
    assert "不会" in str(replies[0]["blocks"])
    payload = obj(obj(replies[0]["metadata"])["event_payload"])
    assert (payload["post"], payload["part"]) == ("weekly:weekly-2/index.md", 1)
    assert stage.thread(ZH) == []


async def test_a_restart_posts_nothing_again(stage: Stage):
    """Discovering twice, in two processes, equals once."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write("weekly-2")
        await stage.round(bot)
    async with stage.bot() as bot:
        await stage.round(bot)

    assert len(stage.digests(WEEKLY)) == 1
    assert len(stage.thread(WEEKLY)) == 1


async def test_a_post_of_the_future_waits_for_its_time(stage: Stage):
    """It is announced when its date has come, without being read again."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write("weekly-2", date="2026-11-21T09:00:00+08:00")
        await stage.round(bot)
        assert stage.titles(WEEKLY) == []

        stage.clock.advance(hours=24)
        await stage.round(bot)

    assert stage.titles(WEEKLY) == ["Weekly weekly-2"]


async def test_a_bad_post_stops_no_other(stage: Stage):
    """A header that cannot be read is a problem with file and line; its neighbour goes out."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write("broken", text='---\ntitle: "open\ndate: [\n---\n\ntext\n')
        stage.write("weekly-2")
        await stage.round(bot)
        (health,) = await bot.archive.desk.health()

    assert stage.titles(WEEKLY) == ["Weekly weekly-2"]
    assert [problem.path for problem in health.problems] == ["broken/index.md"]
    assert "broken/index.md:" in health.problems[0].words


async def test_an_archived_channel_stops_no_other(tmp_path, database):
    """Its rows are refused with a reason; the other channel has the post."""
    channels = [{"id": OLD}, {"id": WEEKLY}]
    async with (
        staged(tmp_path, database=database, channels=channels) as stage,
        stage.bot() as bot,
    ):
        await stage.round(bot)
        stage.write("weekly-2")
        await stage.round(bot)
        rows = await bot.archive.desk.deliveries(PostId("weekly:weekly-2/index.md"))

    assert stage.titles(WEEKLY) == ["Weekly weekly-2"]
    old = [row for row in rows if row.channel == OLD]
    assert all(row.state in {DeliveryState.REFUSED, DeliveryState.HELD} for row in old)
    assert "archived" in old[0].reason


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_cut_line_neither_loses_nor_doubles_a_post(stage: Stage, when: str):
    """Whether Slack had stored it or not: it is looked for, and stands there once."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.slack.faults.add(
            Rule("reset", method="chat.postMessage", channel=WEEKLY, times=1, when=when)
        )
        stage.write("weekly-2")
        await stage.round(bot)
        for _ in range(10):
            stage.clock.advance(minutes=1)
            await stage.round(bot, times=1)

    assert len(stage.digests(WEEKLY)) == 1
    assert len(stage.thread(WEEKLY)) == 1


@pytest.mark.parametrize("behind", [timedelta(hours=3), timedelta(hours=-3)])
async def test_a_message_is_found_whatever_slacks_clock_says(tmp_path, behind):
    """Its answers tell how far it is behind ours; a look reaches back so much further."""
    async with staged(tmp_path, behind=behind) as stage, stage.bot() as bot:
        await stage.round(bot)
        stage.slack.faults.add(Rule("reset", method="chat.postMessage", times=1, when="after"))
        stage.write("weekly-2")
        await stage.round(bot)
        for _ in range(3):
            stage.clock.advance(minutes=1)
            await stage.round(bot, times=1)

    assert [len(stage.digests(channel)) for channel in (WEEKLY, ZH)] == [1, 1]


async def test_a_busy_slack_delays_only_its_own_channel(stage: Stage):
    """After a 429 the other channel still gets the post, and this one when the time is over."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.slack.faults.add(
            Rule(
                "ratelimited",
                method="chat.postMessage",
                channel=WEEKLY,
                times=1,
                retry_after="120",
            )
        )
        stage.write("weekly-2")
        await stage.round(bot)
        assert stage.titles(WEEKLY) == []
        assert stage.titles(ZH) == ["Weekly weekly-2"]

        stage.clock.advance(minutes=3)
        await stage.round(bot)

    assert stage.titles(WEEKLY) == ["Weekly weekly-2"]


async def test_a_process_that_died_while_sending_is_taken_over(stage: Stage):
    """A row left in `sending` is looked for once its lease is over, then sent, once."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write("weekly-2")
        await bot.discover_all()
        await bot.discover_all()
        row = await claim(bot.archive.outbox, stage.clock.now())
        assert row is not None
        await bot.archive.outbox.begin(row, stage.clock.now())
    async with stage.bot() as bot:
        await stage.round(bot)
        before = stage.titles(row.channel)
        for _ in range(6):
            stage.clock.advance(minutes=2)
            await stage.round(bot)

    assert before == []
    assert stage.titles(row.channel) == ["Weekly weekly-2"]


async def test_a_file_dropped_in_appears_without_a_restart(stage: Stage):
    """The running bot sees a new post by itself."""
    async with stage.serving():
        stage.write("weekly-2")
        await until(lambda: stage.titles(WEEKLY) == ["Weekly weekly-2"])


async def test_too_many_at_once_are_held(stage: Stage):
    """A bulk merge of old issues floods nobody."""
    async with stage.bot() as bot:
        await stage.round(bot)
        for number in range(9):
            stage.write(f"weekly-{number}", date=f"2026-09-0{number + 1}")
        await stage.round(bot)
        entry = await bot.archive.desk.post(PostId("weekly:weekly-3/index.md"))

    assert stage.titles(WEEKLY) == []
    assert entry is not None
    assert "9 posts at once" in said(entry.reason, "en")


async def test_approval_and_quiet_hours_hold_what_they_should(tmp_path, database):
    """A channel that wants approval gets nothing by itself, a quiet one gets it in the morning."""
    channels = [{"id": WEEKLY, "approval": True}, {"id": ZH, "quiet": "18:00-08:00"}]
    async with (
        staged(tmp_path, database=database, channels=channels) as stage,
        stage.bot() as bot,
    ):
        await stage.round(bot)
        stage.write("weekly-2")  # it is 20:00 in Shanghai
        await stage.round(bot)
        assert stage.titles(ZH) == []
        stage.clock.advance(hours=12, minutes=5)
        await stage.round(bot)

    assert stage.titles(ZH) == ["Weekly weekly-2"]
    assert stage.titles(WEEKLY) == []


async def test_what_was_due_while_the_bot_was_away_waits_for_the_end_of_quiet_hours(
    tmp_path, database
):
    """It comes back at night, with three posts that were planned by day: in the morning, in order."""
    channels = [{"id": WEEKLY}, {"id": ZH, "quiet": "22:00-08:00"}]
    always = {"settle": "0s", "catch_up": "all"}
    async with staged(tmp_path, database=database, channels=channels, publish=always) as stage:
        async with stage.bot() as bot:  # it is 20:00 in Shanghai
            await stage.round(bot)
            for day in (18, 19, 20):
                stage.write(f"weekly-{day}", date=f"2026-11-{day}")
            await bot.discover_all()
            await bot.discover_all()
        stage.clock.advance(hours=3)
        async with stage.bot() as bot:
            await stage.round(bot)
            asleep = stage.titles(ZH)
            rows = await bot.archive.desk.deliveries(PostId("weekly:weekly-18/index.md"))
            (row,) = [row for row in rows if row.channel == ZH and row.part == 0]
            stage.clock.advance(hours=9)
            await stage.round(bot)

    every = ["Weekly weekly-18", "Weekly weekly-19", "Weekly weekly-20"]
    assert asleep == []
    assert "quiet hours until 2026-11-21 08:00" in said(row.reason, "en", zone=SHANGHAI)
    assert stage.titles(WEEKLY) == every
    assert stage.titles(ZH) == every


async def test_maintainers_are_asked_in_their_channel_and_one_click_posts(tmp_path, database):
    """A flood is held and asked about; what a maintainer posts goes out, once."""
    ours = {"users": [MEI], "channel": MAINTAINERS}
    async with (
        staged(
            tmp_path, database=database, channels=[{"id": WEEKLY}], maintainers=ours
        ) as stage,
        stage.bot() as bot,
    ):
        await stage.round(bot)
        for number in range(9):
            stage.write(f"weekly-{number}", date=f"2026-09-0{number + 1}")
        await stage.round(bot, times=3)
        (question,) = stage.digests(MAINTAINERS)
        assert "9 posts at once" in str(question["text"])
        assert stage.titles(WEEKLY) == []

        entry = await bot.archive.desk.post(PostId("weekly:weekly-8/index.md"))
        assert entry is not None
        await bot.repost(entry, channels=[ChannelId(WEEKLY)], occasion="repost:ask")
        await bot.skip(await bot.archive.desk.held("weekly"))
        await stage.round(bot)

    assert stage.titles(WEEKLY) == ["Weekly weekly-8"]
    assert len(stage.digests(MAINTAINERS)) == 1


async def test_a_correction_changes_what_stands_in_the_channels(stage: Stage):
    """In place: no second message, and the small print says that it was corrected."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write("weekly-2")
        await stage.round(bot)
        stage.write("weekly-2", title="Weekly two, mended")
        await stage.round(bot, times=3)
        stage.clock.advance(minutes=1)
        await stage.round(bot)

    assert stage.titles(WEEKLY) == ["Weekly two, mended"]
    assert stage.titles(ZH) == ["Weekly two, mended"]
    assert "Corrected" in str(stage.digests(WEEKLY)[0]["blocks"])
