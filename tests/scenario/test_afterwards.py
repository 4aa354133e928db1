"""What happens after a post was announced: it changes, is recalled, its channel pauses or goes."""

import pytest

from bot.model.deliveries import DeliveryState
from bot.model.ids import ChannelId, PostId
from bot.reasons import said
from bot.sandbox.faults import Rule
from tests.stage import ISSUE, MEI, OLD, WEEKLY, ZH, Stage, staged, until

POST = PostId("weekly:weekly-2/index.md")


def changed(title: str = "Weekly weekly-2") -> str:
    """The issue with another link in it."""
    return ISSUE.format(title=title, date="2026-11-20").replace("One thing", "Quite another")


async def announced(stage: Stage, bot) -> None:
    """One post in all channels."""
    await stage.round(bot)
    stage.write("weekly-2")
    await stage.round(bot)


async def test_a_post_that_changes_is_corrected_where_it_stands(stage: Stage):
    """No second message in any channel; small print says so; looking again changes nothing."""
    async with stage.bot() as bot:
        await announced(stage, bot)
        before = [message["ts"] for message in stage.digests(WEEKLY)]

        stage.write("weekly-2", text=changed())
        await stage.round(bot)
        await stage.round(bot)

    assert [message["ts"] for message in stage.digests(WEEKLY)] == before
    card = str(stage.digests(WEEKLY)[0]["blocks"])
    assert "Quite another" in card
    assert "One thing" not in card
    assert "Corrected on" in card
    assert "更正于" in str(stage.digests(ZH)[0]["blocks"])
    assert (
        len(stage.slack.traffic.calls("chat.update")) == 3
    )  # a card and its thread, and the card of the other channel


async def test_with_edits_off_a_post_stays_as_it_was_sent(tmp_path, database):
    """The operator has chosen so."""
    publish = {"settle": "0s", "edits": "off"}
    async with (
        staged(tmp_path, database=database, publish=publish) as stage,
        stage.bot() as bot,
    ):
        await announced(stage, bot)
        stage.write("weekly-2", text=changed())
        await stage.round(bot)

    assert "One thing" in str(stage.digests(WEEKLY)[0]["blocks"])


async def test_an_edit_that_broke_is_made_again(stage: Stage):
    """Whatever became of the first call, the message is as it should be in the end."""
    async with stage.bot() as bot:
        await announced(stage, bot)
        stage.slack.faults.add(Rule("reset", method="chat.update", times=1, when="after"))
        stage.slack.faults.add(Rule("http", method="chat.update", times=1))
        stage.write("weekly-2", text=changed())
        await stage.round(bot)

    for channel in (WEEKLY, ZH):
        assert "Quite another" in str(stage.digests(channel)[0]["blocks"])


async def test_a_recalled_post_is_gone_everywhere_and_stays_away(stage: Stage):
    """Thread and card; and a later change does not bring it back."""
    async with stage.bot() as bot:
        await announced(stage, bot)
        entry = await bot.archive.desk.post(POST)
        assert entry is not None
        await bot.upkeep.recall(entry)
        await stage.round(bot)
        assert (stage.digests(WEEKLY), stage.digests(ZH)) == ([], [])
        latest = await bot.archive.library.latest(bot.clock.now())
        assert latest is None or latest.id != POST

        stage.write("weekly-2", text=changed())
        await stage.round(bot)

    assert (stage.digests(WEEKLY), stage.digests(ZH)) == ([], [])


@pytest.mark.parametrize("code", ["cant_delete_message", "compliance_exports_prevent_deletion"])
async def test_what_slack_lets_nobody_delete_is_struck_through(stage: Stage, code):
    """In the channel where it is refused; in the other one it is deleted."""
    async with stage.bot() as bot:
        await announced(stage, bot)
        entry = await bot.archive.desk.post(POST)
        assert entry is not None
        stage.slack.faults.add(Rule("error", method="chat.delete", channel=WEEKLY, error=code))
        await bot.upkeep.recall(entry)
        await stage.round(bot)
        edits = [one for one in await bot.archive.desk.edits(POST) if one.channel == WEEKLY]

    (card,) = stage.digests(WEEKLY)
    assert "'strike': True" in str(card["blocks"])
    assert "'strike': True" in str(stage.thread(WEEKLY)[0]["blocks"])
    assert stage.digests(ZH) == []
    assert [one.state for one in edits] == [DeliveryState.SENT] * 2
    assert all(code in said(one.reason, "zh") for one in edits)


async def test_a_message_that_somebody_deleted_before_is_no_trouble(stage: Stage):
    """It is not there, which is what was wanted."""
    async with stage.bot() as bot:
        await announced(stage, bot)
        (card,) = stage.digests(ZH)
        stage.slack.admin.delete(ZH, str(card["ts"]))
        entry = await bot.archive.desk.post(POST)
        assert entry is not None
        await bot.upkeep.recall(entry)
        await stage.round(bot)
        (edit,) = [one for one in await bot.archive.desk.edits(POST) if one.channel == ZH]

    assert (stage.digests(WEEKLY), stage.digests(ZH)) == ([], [])
    assert edit.state is DeliveryState.REFUSED
    assert "it was deleted" in said(edit.reason, "en")


async def test_a_paused_channel_gets_nothing_and_then_only_what_is_new(stage: Stage):
    """Paused from Slack by a maintainer; what came meanwhile stays back, with a reason."""
    async with stage.bot() as bot:
        await stage.round(bot)
        await bot.upkeep.pause(ChannelId(WEEKLY), MEI)
        stage.write("weekly-2")
        await stage.round(bot)
        rows = await bot.archive.desk.deliveries(POST)
        assert stage.titles(WEEKLY) == []
        assert len(stage.titles(ZH)) == 1
        assert {row.state for row in rows if row.channel == WEEKLY} == {DeliveryState.HELD}

        await bot.upkeep.resume(ChannelId(WEEKLY))
        stage.write("weekly-3")
        await stage.round(bot)

    assert stage.titles(WEEKLY) == ["Weekly weekly-3"]


async def test_an_archived_channel_gets_the_latest_when_it_is_back(tmp_path):
    """It is asked once. Slack tells that it is back; of two issues it gets the newer one."""
    channels = [{"id": OLD, "style": "card"}, {"id": WEEKLY, "style": "card"}]
    async with staged(tmp_path, channels=channels) as stage, stage.serving() as bot:
        for number, name in enumerate(("weekly-2", "weekly-3")):
            stage.write(name)
            await until(lambda n=number: len(stage.digests(WEEKLY)) == n + 1)  # type: ignore[misc]
            stage.clock.advance(minutes=1)
            bot.courier.wake()
        errors = [one.error for one in stage.slack.traffic.calls("chat.postMessage")]
        assert [error for error in errors if error] == ["is_archived"]

        stage.slack.admin.archive(OLD, undo=True)
        await until(lambda: len(stage.digests(OLD)) == 1)

    assert stage.titles(OLD) == ["Weekly weekly-3"]


async def test_after_a_time_away_channels_get_one_message_that_names_what_they_missed(
    tmp_path, database
):
    """If their operator wants it so: once, with links, in each channel's language."""
    publish = {"settle": "0s", "catch_up": "digest"}
    async with staged(tmp_path, database=database, publish=publish) as stage:
        async with stage.bot() as bot:
            await stage.round(bot)
            for name in ("weekly-2", "weekly-3"):
                stage.write(name)
            await bot.discover_all()
            await bot.discover_all()
        stage.clock.advance(days=3)
        async with stage.bot() as bot:
            await stage.round(bot)
            rows = await bot.archive.desk.deliveries(POST)
        async with stage.bot() as bot:
            await stage.round(bot)
        stage.write("weekly-4", date="2026-11-23")
        async with stage.bot() as bot:
            await stage.round(bot)

    assert stage.titles(WEEKLY) == ["2 issues you missed", "Weekly weekly-4"]
    assert stage.titles(ZH) == ["错过的 2 期", "Weekly weekly-4"]
    for channel in (WEEKLY, ZH):
        blocks = str(stage.digests(channel)[0]["blocks"])
        assert blocks.index("/weekly/weekly-2/") < blocks.index("/weekly/weekly-3/")
    assert {row.state for row in rows} == {DeliveryState.HELD}
    assert "names the 2 posts it missed" in said(rows[0].reason, "en")


SEVERAL = ("11-27", "12-04", "12-11", "12-18")
"""Days of issues: more than may come at once, and all but the last older than a week."""


async def missed_a_month(stage: Stage) -> None:
    """The bot is off for a month, in which the community goes on."""
    async with stage.bot() as bot:
        await stage.round(bot)
    for day in SEVERAL:
        stage.write(f"weekly-{day}", date=f"2026-{day}")
    stage.clock.advance(days=30)


async def test_what_was_published_while_the_bot_was_off_comes_in_one_message(
    tmp_path, database
):
    """Also after a start that was broken off; another look and another start add nothing."""
    publish = {"settle": "10m", "catch_up": "digest"}
    async with staged(tmp_path, database=database, publish=publish) as stage:
        await missed_a_month(stage)
        for _ in range(2):  # the files rest
            async with stage.bot() as bot:
                await stage.round(bot)
        assert stage.titles(WEEKLY) == []
        stage.clock.advance(minutes=11)
        async with stage.bot() as bot:
            await stage.round(bot)
            entry = await bot.archive.desk.post(PostId("weekly:weekly-12-04/index.md"))
        stage.write("weekly-2", date="2026-12-20")
        for _ in range(2):
            async with stage.bot() as bot:
                await stage.round(bot)
            stage.clock.advance(minutes=11)

    assert stage.titles(WEEKLY) == ["4 issues you missed", "Weekly weekly-2"]
    assert stage.titles(ZH) == ["错过的 4 期", "Weekly weekly-2"]
    blocks = str(stage.digests(WEEKLY)[0]["blocks"])
    places = [blocks.index(f"/weekly/weekly-{day}/") for day in SEVERAL]
    assert places == sorted(places)
    assert entry is not None
    assert "one message names it" in said(entry.reason, "en")


async def test_of_what_was_published_while_the_bot_was_off_the_latest_comes(stage: Stage):
    """The others wait for a maintainer."""
    await missed_a_month(stage)
    async with stage.bot() as bot:
        await stage.round(bot)
        held = await bot.archive.desk.held("weekly")

    assert stage.titles(WEEKLY) == ["Weekly weekly-12-18"]
    assert [entry.path for entry in held] == [f"weekly-{day}/index.md" for day in SEVERAL[:-1]]


async def test_a_start_that_is_broken_off_for_hours_changes_nothing_of_that(tmp_path, database):
    """Files that were found had not rested for long enough yet."""
    publish = {"settle": "10m", "catch_up": "digest"}
    async with staged(tmp_path, database=database, publish=publish) as stage:
        await missed_a_month(stage)
        for pause in (5, 180, 11):
            async with stage.bot() as bot:
                await stage.round(bot)
            stage.clock.advance(minutes=pause)
        async with stage.bot() as bot:
            await stage.round(bot)

    assert stage.titles(WEEKLY) == ["4 issues you missed"]


async def test_a_slip_that_is_mended_right_after_the_return_brings_no_old_issue(
    tmp_path, database
):
    """It rests later than the others, of which the latest comes: nothing older comes after it."""
    async with staged(tmp_path, database=database, publish={"settle": "10m"}) as stage:
        await missed_a_month(stage)
        async with stage.bot() as bot:
            await stage.round(bot)
            stage.clock.advance(minutes=4)
            stage.write(f"weekly-{SEVERAL[1]}", date=f"2026-{SEVERAL[1]}", title="Mended")
            for minutes in (7, 4):  # the others rest after ten, this one after fourteen
                await stage.round(bot)
                stage.clock.advance(minutes=minutes)
            await stage.round(bot)

    assert stage.titles(WEEKLY) == ["Weekly weekly-12-18"]


async def test_posts_that_were_named_together_live_on_like_others(tmp_path, database):
    """A change of one is sent nowhere, a repost sends it whole, and a recall takes that away again."""
    publish = {"settle": "0s", "catch_up": "digest"}
    post = PostId(f"weekly:weekly-{SEVERAL[1]}/index.md")
    async with staged(tmp_path, database=database, publish=publish) as stage:
        await missed_a_month(stage)
        async with stage.bot() as bot:
            await stage.round(bot)
            assert stage.titles(WEEKLY) == ["4 issues you missed"]
            text = ISSUE.format(title="Longer", date=f"2026-{SEVERAL[1]}")
            stage.write(f"weekly-{SEVERAL[1]}", text=f"{text}\n{LONG}")
            await stage.round(bot)
            assert stage.titles(WEEKLY) == ["4 issues you missed"]
            assert stage.thread(WEEKLY) == []
            assert {one.state for one in await bot.archive.desk.deliveries(post)} == {
                DeliveryState.HELD
            }

            entry = await bot.archive.desk.post(post)
            assert entry is not None
            await bot.repost(entry, channels=[ChannelId(WEEKLY)], occasion="again")
            await stage.round(bot)
            assert stage.titles(WEEKLY) == ["4 issues you missed", "Longer"]
            assert "A long tale" in str(stage.thread(WEEKLY))

            entry = await bot.archive.desk.post(post)
            assert entry is not None
            await bot.upkeep.recall(entry)
            await stage.round(bot)

    assert stage.titles(WEEKLY) == ["3 issues you missed"]


@pytest.mark.parametrize("sent", [False, True], ids=["waiting for its day", "sent"])
async def test_a_message_that_names_what_was_missed_follows_its_posts(tmp_path, database, sent):
    """It names nothing that was recalled, has new titles, and goes with the last of them."""
    publish = {"settle": "0s", "catch_up": "digest"}
    friday = {"weekday": "fri", "at": "17:00"}
    channels = [{"id": WEEKLY, "send": None if sent else friday}]
    first, second, *rest = (PostId(f"weekly:weekly-{day}/index.md") for day in SEVERAL)
    async with staged(tmp_path, database=database, publish=publish, channels=channels) as stage:
        await missed_a_month(stage)
        async with stage.bot() as bot:
            await stage.round(bot)
            assert len(stage.titles(WEEKLY)) == sent
            await recalled(bot, first, strike=True)
            await recalled(bot, rest[0])
            stage.write(f"weekly-{SEVERAL[1]}", date=f"2026-{SEVERAL[1]}", title="Renamed")
            await stage.round(bot)
            stage.clock.advance(days=7)
            await stage.round(bot)
            assert stage.titles(WEEKLY) == ["2 issues you missed"]
            blocks = str(stage.digests(WEEKLY)[0]["blocks"])
            assert all(words in blocks for words in ("Renamed", f"weekly-{SEVERAL[3]}"))
            assert not any(words in blocks for words in (SEVERAL[0], SEVERAL[2]))

            for post in (second, rest[1]):
                await recalled(bot, post)
            await stage.round(bot)

    assert stage.titles(WEEKLY) == []


async def recalled(bot, post: PostId, *, strike: bool = False) -> None:
    """A maintainer takes a post back."""
    entry = await bot.archive.desk.post(post)
    assert entry is not None
    await bot.upkeep.recall(entry, strike=strike)


LONG = "\n\n".join(f"### Part {number}\n\n{'A long tale. ' * 300}" for number in range(12))


async def test_after_a_time_away_channels_get_the_latest_of_what_waited(stage: Stage):
    """The rows were written for Friday; nobody was at work until Monday."""
    async with stage.bot() as bot:
        await stage.round(bot)
        for name in ("weekly-2", "weekly-3"):
            stage.write(name)
        await bot.discover_all()
        await bot.discover_all()
    stage.clock.advance(days=3)

    async with stage.bot() as bot:
        await stage.round(bot)
        missed = await bot.archive.desk.deliveries(POST)

    assert stage.titles(WEEKLY) == ["Weekly weekly-3"]
    assert {row.state for row in missed} == {DeliveryState.HELD}
