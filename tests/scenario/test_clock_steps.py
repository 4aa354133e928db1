"""The machine's clock set by an hour, and back: nothing lost, nothing twice, said once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot import app, core
from bot.sandbox.faults import Rule
from tests.campaign.machines import Machine
from tests.stage import GENERAL, MAINTAINERS, WEEKLY, ZH, Stage, staged

CHANNELS = (WEEKLY, GENERAL, ZH, MAINTAINERS)
HOUR = timedelta(hours=1)
BEAT = timedelta(seconds=10)
QUARTER = timedelta(minutes=15)
LONG = "".join(f"## Part {n}\n\n{'word ' * 1_500}\n\n" for n in range(2))
PUBLISH = {"settle": "0s", "late_after": None}
TROUBLE = (
    Rule("delay", method="chat.postMessage", delay_ms=30),
    Rule("reset", method="chat.*", when="after", probability=0.2),
    Rule("http", method="chat.*", when="before", status=500, probability=0.2),
    Rule("html", method="conversations.*", status=502, probability=0.3),
)


@asynccontextmanager
async def at_work(stage: Stage, machine: Machine) -> AsyncIterator[core.Bot]:
    """A bot on a machine whose clock can be set."""
    async with app.working(stage.settings, clock=machine.clock()) as (bot, _):
        yield bot


async def live(stage: Stage, bot: core.Bot, time: timedelta) -> None:
    """Let time pass evenly, with the bot at work."""
    end = stage.clock.now() + time
    while stage.clock.now() < end:
        stage.clock.advance(seconds=BEAT.total_seconds())
        await bot.courier.drain()


async def set_in_mid_call(stage: Stage, bot: core.Bot, machine: Machine, by: timedelta) -> None:
    """Set the clock while a call is on its way."""
    before = stage.slack.traffic.total
    drain = asyncio.create_task(bot.courier.drain())
    while stage.slack.traffic.total == before and not drain.done():
        await asyncio.sleep(0.002)
    assert not drain.done()
    machine.off += by
    await drain


def write(stage: Stage, words: str) -> None:
    """Publish an issue of a card and two more messages, or change it."""
    stage.write("a", text=f"---\ntitle: Issue\ndate: 2026-11-20\n---\n\n{words}\n\n{LONG}")


def standing(stage: Stage, channel: str) -> list[str]:
    """First lines of an issue's messages."""
    first = stage.titles(channel)
    replies = [str(one["text"]).splitlines()[0] for one in stage.thread(channel)]
    return [*first, *replies]


@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forward", "back"])
@pytest.mark.parametrize("lasts", [timedelta(minutes=1), QUARTER], ids=["moment", "believed"])
async def test_a_clock_set_by_an_hour_in_mid_call_and_back_later_costs_nothing(
    tmp_path: Path, database, step, lasts, caplog
):
    """While calls are under way, among answers that are lost, and while the change is believed."""
    caplog.set_level(logging.INFO)
    channels = [{"id": channel} for channel in CHANNELS]
    async with staged(tmp_path, database=database, channels=channels, publish=PUBLISH) as stage:
        machine = Machine(stage.clock, timedelta())
        async with at_work(stage, machine) as bot:
            await bot.discover_all()
            write(stage, "As it was.")
            for rule in TROUBLE:
                stage.slack.faults.add(rule)
            await bot.discover_all()
            await bot.discover_all()
            await set_in_mid_call(stage, bot, machine, step)
            await live(stage, bot, lasts)
            machine.off -= step
            await live(stage, bot, QUARTER)
            write(stage, "As it is.")
            await bot.discover_all()
            await bot.discover_all()
            stage.slack.faults.clear()
            await live(stage, bot, 3 * HOUR if step < timedelta() else QUARTER)

        wanted = ["Issue", "Issue (2)", "Issue (3)"]
        assert [standing(stage, one) for one in CHANNELS] == [wanted] * len(CHANNELS)
        cards = [str(stage.digests(one)[0]["blocks"]) for one in CHANNELS]
        assert ["As it is." in card for card in cards] == [True] * len(CHANNELS)

    said = [one for one in caplog.messages if one.startswith("clock.stepped")]
    begin = f"clock.stepped by_s={round(step.total_seconds())}"
    back = f"clock.stepped by_s={round(-step.total_seconds())}"
    noticed = lasts == QUARTER and step == HOUR  # what is followed slowly is undone before
    assert said == ([begin, back] if noticed else [begin])
