"""Meetups from a post to a member's direct messages: through real HTTP, archive and processes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.model.deliveries import DeliveryState
from bot.sandbox.faults import Rule
from bot.sandbox.shapes import Obj, dicts
from tests.stage import ADA, LIN, MEI, WEEKLY, Stage, staged, until

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 12, 5, 14, 0, tzinfo=SHANGHAI)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
POST = """---
title: Weekly 2
date: 2026-11-20
---

## 活动预告

### 夜潜之夜 Night dive

活动时间：{when}

活动地点：杭州

报名：https://site.example/register
"""


def announce(stage: Stage, when: str = "2026 年 12 月 5 日 14:00-17:00") -> None:
    """A weekly announces a meetup, or announces it for another day."""
    stage.write("weekly-2", text=POST.format(when=when))


def direct(stage: Stage, user: str) -> list[Obj]:
    """What the bot wrote to a member."""
    channel = stage.slack.workspace.direct(user)
    return stage.slack.sight.timeline(user, channel.id)


def buttons(message: Obj, action: str) -> list[str]:
    """The action ids of a message's buttons that begin so."""
    found = (e for block in dicts(message["blocks"]) for e in dicts(block.get("elements")))
    return [str(e["action_id"]) for e in found if str(e.get("action_id")).startswith(action)]


async def list_of(stage: Stage, user: str, words: str = "") -> Obj:
    """What `/digest meetups` answers a member."""
    before = len(stage.told(user))
    await stage.slack.control.slash(user, WEEKLY, f"/digest meetups {words}")
    await until(lambda: len(stage.told(user)) > before)
    return stage.told(user)[-1]


async def click(stage: Stage, user: str, message: Obj, action: str) -> None:
    """Press a button below a message that only this member sees."""
    (name, *_) = buttons(message, action)
    await stage.slack.control.click(user, WEEKLY, str(message["ts"]), name)


async def reminded(stage: Stage, *users: str) -> None:
    """Members ask for reminders in a running bot."""
    for user in users:
        await click(stage, user, await list_of(stage, user), "digest.remind_on")
        await until(lambda u=user: bool(buttons(stage.told(u)[-1], "digest.remind_off")))  # type: ignore[misc]


async def at(stage: Stage, moment: datetime) -> None:
    """A new process looks at a moment, as after a restart, and sends what is due."""
    stage.clock.set(moment.astimezone(UTC))
    async with stage.bot() as bot:
        await bot.remind()
        await bot.courier.drain()


@pytest.fixture
async def known(stage: Stage) -> Stage:
    """A meetup is announced, Ada and Lin want to be reminded of it."""
    announce(stage)
    async with stage.serving() as bot:
        await stage.round(bot)
        await reminded(stage, ADA, LIN)
    return stage


async def test_members_are_reminded_a_day_and_an_hour_before(known: Stage):
    """Once each though every look is another process, and in the member's language."""
    for before in (
        DAY + MINUTE,
        DAY,
        DAY - MINUTE,
        2 * HOUR,
        HOUR,
        HOUR - MINUTE,
        -MINUTE,
        -DAY,
    ):
        await at(known, START - before)
    for user in (ADA, LIN):
        assert len(direct(known, user)) == 2
        assert "Night dive" in str(direct(known, user)[0]["text"])
    assert "活动提醒" in str(direct(known, LIN)[0]["text"])
    assert "A reminder" in str(direct(known, ADA)[0]["text"])


async def test_a_reminder_whose_line_broke_stands_there_once(known: Stage):
    """It is looked for in the direct messages before anything is sent again."""
    known.slack.faults.add(Rule("reset", method="chat.postMessage", times=2, when="after"))
    await at(known, START - HOUR)
    for seconds in range(10, 130, 30):
        await at(known, START - HOUR + timedelta(seconds=seconds))
    assert [len(direct(known, user)) for user in (ADA, LIN)] == [1, 1]
    assert known.slack.traffic.calls("conversations.open")


async def test_what_is_late_is_told_before_the_start_and_not_after(known: Stage):
    """The bot was off for a day; then written and killed, and off until it was over."""
    await at(known, START - 2 * DAY)
    await at(known, START - MINUTE)
    assert [len(direct(known, user)) for user in (ADA, LIN)] == [1, 1]


async def test_a_process_that_died_before_sending_leaves_nothing_false(known: Stage):
    """The rows are there, and the meetup has begun."""
    known.clock.set((START - HOUR).astimezone(UTC))
    async with known.bot() as bot:  # which writes them as it starts
        assert (await bot.archive.desk.counts())[DeliveryState.PLANNED] == 2
    await at(known, START + MINUTE)
    assert [len(direct(known, user)) for user in (ADA, LIN)] == [0, 0]


async def test_a_meetup_that_is_moved_is_reminded_of_on_its_new_day(known: Stage):
    """By the post itself: nothing on the old day."""
    announce(known, "2026 年 12 月 12 日 14:00-17:00")
    async with known.bot() as bot:
        await known.round(bot)
    await at(known, START - HOUR)
    assert direct(known, ADA) == []
    await at(known, START + 7 * DAY - HOUR)
    (message,) = direct(known, ADA)
    assert "12 December" in str(message["text"])
    assert "Moved" in str(message["text"])


async def test_a_maintainer_calls_it_off_and_who_is_interested_is_told(known: Stage):
    """In a window, by direct message, at once and once."""
    async with known.serving():
        await known.slack.control.slash(MEI, WEEKLY, "/digest meetup cancel night")
        await until(lambda: bool(known.slack.sight.views(MEI)))
        (view,) = known.slack.sight.views(MEI)
        assert "2" in str(view["blocks"])
        assert await known.slack.control.submit_view(MEI, str(view["id"]), {}) == {}
        await until(lambda: bool(direct(known, ADA)) and bool(direct(known, LIN)))
    for moment in (START - 2 * DAY, START - DAY, START - HOUR):
        await at(known, moment)
    assert [len(direct(known, user)) for user in (ADA, LIN)] == [1, 1]
    assert "does not take place" in str(direct(known, ADA)[0]["text"])


async def test_what_a_maintainer_corrects_stays_when_the_post_changes(known: Stage):
    """A wrong place is mended in the form; then the author moves the hour."""
    async with known.serving() as bot:
        await known.slack.control.slash(MEI, WEEKLY, "/digest meetup edit night")
        await until(lambda: bool(known.slack.sight.views(MEI)))
        (view,) = known.slack.sight.views(MEI)
        filled = {
            "title": "Night dive",
            "date": "2026-12-05",
            "time": "14:00",
            "end_time": "17:00",
        }
        filled |= {"zone": "Asia/Shanghai", "place": "苏州", "online": "no", "kind": "meetup"}
        values = {name: {name: value} for name, value in filled.items()}
        wrong = values | {"zone": {"zone": "Atlantis"}}
        said = await known.slack.control.submit_view(MEI, str(view["id"]), wrong)
        assert set(said) == {"errors"}
        assert await known.slack.control.submit_view(MEI, str(view["id"]), values) == {}

        announce(known, "2026 年 12 月 5 日 15:00-17:00")
        await known.round(bot)
        shown = str((await list_of(known, ADA))["text"])
    assert "苏州" in shown
    assert "15:00" in shown


async def test_a_meetup_is_added_and_opened_in_a_window(stage: Stage):
    """By hand, then found by its city, and all that is known in a window."""
    async with stage.serving() as bot:
        await stage.round(bot)
        await stage.slack.control.slash(MEI, WEEKLY, "/digest 活动 添加 珊瑚沙龙")
        await until(lambda: bool(stage.slack.sight.views(MEI)))
        (view,) = stage.slack.sight.views(MEI)
        filled = {
            "title": "珊瑚沙龙",
            "date": "2026-12-09",
            "time": "19:00",
            "zone": "Europe/Berlin",
        }
        filled |= {"place": "Berlin", "online": "no", "kind": "workshop"}
        values = {name: {name: value} for name, value in filled.items()}
        assert await stage.slack.control.submit_view(MEI, str(view["id"]), values) == {}

        message = await list_of(stage, ADA, "柏林")
        assert "珊瑚沙龙" in str(message["text"])
        await click(stage, ADA, message, "digest.meetup_details")
        await until(lambda: bool(stage.slack.sight.views(ADA)))
    (window,) = stage.slack.sight.views(ADA)
    assert "Europe/Berlin" in str(window["blocks"])


async def test_a_channel_is_told_of_its_week(tmp_path, database):
    """On Monday at nine, once; in weeks without a meetup nothing."""
    channels = [{"id": WEEKLY, "style": "card", "meetups": {"weekday": "mon", "at": "09:00"}}]
    async with staged(tmp_path, database=database, channels=channels) as stage:
        announce(stage)
        async with stage.bot() as bot:
            await stage.round(bot)
        for week in range(3):
            monday = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI) + week * 7 * DAY
            for after in (-MINUTE, 0 * MINUTE, MINUTE, HOUR):
                await at(stage, monday + after)
        told = [m for m in stage.digests(WEEKLY) if "This week's meetups" in str(m["text"])]
    assert len(told) == 1
    assert "Night dive" in str(told[0]["text"])
    assert buttons(told[0], "digest.remind_on")
