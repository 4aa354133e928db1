"""Real processes on one database: PostgreSQL shares the work, SQLite has one of them."""

import asyncio
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.archive import open_archive
from bot.archive.tables import deliveries
from bot.core import Bot
from bot.model.deliveries import Act, DeliveryState, Turn
from bot.model.ids import ChannelId, PostId, WorkspaceId
from bot.reasons import key_of
from bot.sandbox import server
from bot.sandbox.faults import Rule
from tests.fakes import NOON
from tests.needs import ROOT
from tests.scenario.test_hardship_killed import (
    CHANNELS,
    EXPECTED,
    complete,
    environment,
    let_time_pass,
    look_at_nothing,
    publish,
    running,
    standing,
)
from tests.stage import WEEKLY, staged, until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
    pytest.mark.timeout(120),
]


async def digestbot(verb: str, environ) -> tuple[int, str]:
    """Run a verb to its end; answers its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", verb,
        cwd=ROOT, env=environ,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_a_second_process_on_sqlite_is_refused_in_words(tmp_path: Path):
    """It would take the first one's deliveries for left over. Looking is allowed."""
    async with server.running(pace=False, seed=7) as slack:
        environ = environment(tmp_path, slack, f"sqlite:///{tmp_path}/digest.db")
        async with running(environ, end=signal.SIGTERM):
            refused = [await digestbot(verb, environ) for verb in ("run", "once")]
            looked = await digestbot("status", environ)
        afterwards = await digestbot("once", environ)

    for code, said in refused:
        assert code == 1
        assert "works on the database" in said
        assert "PostgreSQL" in said
        assert "Traceback" not in said
    assert looked[0] == 0
    assert "polls the sources" in looked[1]
    assert afterwards[0] == 0


@pytest.mark.postgres
async def test_three_replicas_deliver_once_while_whoever_polls_is_killed(
    tmp_path: Path, postgres_url: str
):
    """The next one takes over within seconds; what the killed one had in hand arrives, once."""
    async with server.running(pace=False, seed=7) as slack:
        environ = environment(tmp_path, slack, postgres_url)
        await look_at_nothing(postgres_url)
        archive = await open_archive(postgres_url)
        async with (
            running(environ, end=signal.SIGKILL) as first,
            running(environ, end=signal.SIGTERM) as second,
            running(environ, end=signal.SIGTERM) as third,
        ):
            before = await archive.replicas()
            first.kill()
            publish(tmp_path / "posts")
            await until(complete(slack), within=timedelta(seconds=30))
            after = await archive.replicas()
        await archive.close()

        assert {channel: standing(slack, channel) for channel in CHANNELS} == dict.fromkeys(
            CHANNELS, EXPECTED
        )
    pids = {one.pid for one in (first, second, third)}
    assert {int(one.name.rpartition(":")[2]) for one in before} == pids
    assert [one.name.rpartition(":")[2] for one in before if one.polls] == [str(first.pid)]
    assert len(after) == 2
    assert sum(one.polls for one in after) == 1


@pytest.mark.postgres
async def test_who_joins_others_at_work_keeps_nothing_back(tmp_path: Path, postgres_url: str):
    """During an upgrade, say: what is late then was missed by nobody, Slack takes its time."""
    channels = [{"id": WEEKLY, "style": "card"}]
    busy = Rule("ratelimited", method="chat.postMessage", retry_after="7200")
    names = ("weekly-1", "weekly-2", "weekly-3")
    all_of_them = [f"Weekly {name}" for name in names]
    async with staged(tmp_path, database=postgres_url, channels=channels) as stage:
        stage.slack.faults.add(busy)
        async with stage.serving() as first:
            for name in names:
                stage.write(name)
            for _ in range(2):
                await first.discover_all()
            async with asyncio.timeout(10):
                while not await turned_away(first):  # written, too: else its lease ends below
                    await asyncio.sleep(0.02)
            stage.clock.advance(minutes=90)
            async with stage.bot() as second:
                stage.slack.faults.clear()
                stage.clock.advance(minutes=60)
                await stage.round(second)
                await until(lambda: stage.titles(WEEKLY) == all_of_them)


async def turned_away(bot: Bot) -> bool:
    """Whether the first post has had Slack's answer."""
    rows = await bot.archive.desk.deliveries(PostId("weekly:weekly-1/index.md"))
    return any(key_of(row.reason) == "turned-away" for row in rows)


@pytest.mark.postgres
async def test_replicas_share_what_slack_allows_one_workspace(
    tmp_path: Path, postgres_url: str
):
    """Slack counts the calls of all: two may take half of a burst each, and one all of it again."""
    posts = [Turn(WorkspaceId("T1"), ChannelId(f"C{one}"), Act.POST, "") for one in range(20)]

    def burst(bot: Bot, now: datetime) -> int:
        return sum(bot.pace.take(turn, now) for turn in posts)

    async with staged(tmp_path, database=postgres_url) as stage, stage.serving() as bot:
        async with stage.serving():
            await bot.share()
            shared = burst(bot, NOON)
        await until_alone(bot)
        await bot.share()
        alone = burst(bot, NOON + timedelta(minutes=5))

    assert (shared, alone) == (4, 8)


async def until_alone(bot: Bot) -> None:
    """PostgreSQL still lists a connection for a moment after its client has closed it."""
    async with asyncio.timeout(10):
        while len(await bot.archive.replicas()) > 1:
            await asyncio.sleep(0.02)


ELSEWHEN = """
import datetime, sys, time_machine
there = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=float(sys.argv.pop(1)))
time_machine.travel(there, tick=True).start()
from bot.cli import main
main()
"""
"""`digestbot` on a machine whose clock is wrong by so many hours."""


@pytest.mark.postgres
@pytest.mark.parametrize("hours", ["1", "-1"])
async def test_replicas_whose_machines_clocks_differ_by_an_hour_share_the_work(
    tmp_path: Path, postgres_url: str, hours: str
):
    """Nothing is taken from the other while it lives; what it had in hand arrives when it is dead."""
    wrong = ("-c", ELSEWHEN, hours)
    async with server.running(pace=False, seed=7) as slack:
        environ = environment(tmp_path, slack, postgres_url)
        await look_at_nothing(postgres_url)
        slack.faults.add(Rule("delay", method="chat.postMessage", delay_ms=400))
        async with (
            running(environ, end=signal.SIGTERM),
            running(environ, end=signal.SIGKILL, program=wrong) as other,
        ):
            publish(tmp_path / "posts")
            await until(
                lambda: bool(standing(slack, CHANNELS[0])), within=timedelta(seconds=20)
            )
            await asyncio.sleep(2)
            assert await claims_of_what_is_sent(postgres_url) == {1}
            other.kill()
            await let_time_pass(postgres_url)
            await until(complete(slack), within=timedelta(seconds=40))

        assert {channel: standing(slack, channel) for channel in CHANNELS} == dict.fromkeys(
            CHANNELS, EXPECTED
        )


async def claims_of_what_is_sent(url: str) -> set[int]:
    """How often rows were claimed until they were sent."""
    archive = await open_archive(url)
    async with archive._store.reading() as connection:
        sent = deliveries.c.state == DeliveryState.SENT.value
        found = set(
            (await connection.execute(select(deliveries.c.claim).where(sent))).scalars()
        )
    await archive.close()
    return found
