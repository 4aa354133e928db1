"""The process killed in mid-work, again and again: each part of each post once, in order."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, update

from bot.archive import migrate, open_archive
from bot.archive.tables import ACTIVE, deliveries
from bot.sandbox import server
from bot.sandbox.faults import Rule
from tests.needs import ROOT
from tests.stage import GENERAL, MAINTAINERS, MEI, WEEKLY, ZH, until

CHANNELS = (WEEKLY, GENERAL, ZH, MAINTAINERS)
ISSUES = 2
KILLS = 2
FAULTS = (
    Rule("ratelimited", method="chat.postMessage", probability=0.1, retry_after="1"),
    Rule("http", method="chat.postMessage", probability=0.1, when="after", status=500),
    Rule("reset", method="chat.postMessage", probability=0.1, when="after"),
    Rule("delay", method="chat.postMessage", probability=0.3, delay_ms=400),
    Rule("http", method="conversations.*", probability=0.1, status=503),
)
EXPECTED = [[f"Issue {n}", f"Issue {n} (2)", f"Issue {n} (3)"] for n in range(ISSUES)]
FIELDS = ("due_at", "lease_until", "attempted_at")


def publish(posts: Path) -> None:
    """Issues of a card and two more messages."""
    for number in range(ISSUES):
        words = "".join(f"## Part {n}\n\n{'word ' * 1_500}\n\n" for n in range(2))
        text = f"---\ntitle: Issue {number}\ndate: 2026-11-0{number + 1}\n---\n\n{words}"
        (posts / f"{number}.md").write_text(text)


def environment(
    folder: Path,
    slack: server.Sandbox,
    url: str,
    *,
    sources: Sequence[Mapping[str, str]] = (),
    **more: object,
) -> Mapping[str, str]:
    """What an operator would set, in YAML and variables; with sources beside the folder."""
    (folder / "posts").mkdir()
    settings = {
        "sources": [
            {"id": "weekly", "path": str(folder / "posts"), "every": "1s"},
            *sources,
        ],
        "publish": {"settle": "0s", "late_after": None},
        "channels": [{"id": channel} for channel in CHANNELS],
        **more,
    }
    (folder / "digestbot.yaml").write_text(json.dumps(settings))
    ours = ("SLACK_", "DIGESTBOT_", "DATABASE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "DIGESTBOT_CONFIG": str(folder / "digestbot.yaml"),
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "PORT": "0",
    }


@asynccontextmanager
async def running(
    environ: Mapping[str, str],
    *,
    end: signal.Signals,
    program: Sequence[str] = ("-m", "bot"),
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`digestbot run`, which has started, until the signal that ends it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *program, "run",
        cwd=ROOT, env=environ, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = b"starts"
        while b"bot.started" not in line:
            assert line, "it did not start"
            line = await process.stderr.readline()
        reading = asyncio.create_task(process.stderr.read())
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(end)
        await process.wait()
    await reading


async def look_at_nothing(url: str) -> None:
    """The first look at a source, so that what comes later is news."""
    await migrate(url)
    archive = await open_archive(url)
    await archive.register.save("weekly", [])
    await archive.close()


async def let_time_pass(url: str) -> None:
    """As if the machine had been away for two minutes: leases run out, waits are over."""
    archive = await open_archive(url)
    active = deliveries.c.state.in_([state.value for state in ACTIVE])
    async with archive._store.writing() as connection:
        rows = (await connection.execute(select(deliveries).where(active))).mappings().all()
        for row in rows:
            earlier = {
                name: row[name] - timedelta(minutes=2)
                for name in FIELDS
                if row[name] is not None
            }
            await connection.execute(
                update(deliveries).where(deliveries.c.seq == row["seq"]).values(earlier)
            )
    await archive.close()


def standing(slack: server.Sandbox, channel: str) -> list[list[str]]:
    """The first lines of the bot's messages in a channel, each with those of its thread."""

    def lines(*thread: str) -> list[tuple[str, str]]:
        told = slack.sight.timeline(MEI, channel, *thread)
        return [(str(one["ts"]), str(one["text"]).splitlines()[0]) for one in told]

    return [
        [first, *(line for _, line in lines(ts)[1:])]
        for ts, first in lines()
        if first.startswith("Issue")
    ]


def complete(slack: server.Sandbox) -> Callable[[], bool]:
    """Whether every channel has every message."""
    return lambda: all(
        sum(map(len, standing(slack, channel))) >= sum(map(len, EXPECTED))
        for channel in CHANNELS
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_a_process_killed_in_mid_work_posts_each_part_once_and_in_order(
    tmp_path, database
):
    """Among rate limits, errors and cut lines, at moments drawn from a seed."""
    random = Random(20261120)  # noqa: S311 - not for secrets
    url = database or f"sqlite:///{tmp_path}/digest.db"
    async with server.running(pace=False, seed=7) as slack:
        environ = environment(tmp_path, slack, url)
        await look_at_nothing(url)
        publish(tmp_path / "posts")
        for rule in FAULTS:
            slack.faults.add(rule)
        for _ in range(KILLS):
            async with running(environ, end=signal.SIGKILL):
                await asyncio.sleep(random.uniform(0.3, 1.5))
            await let_time_pass(url)
        slack.faults.clear()
        async with running(environ, end=signal.SIGTERM):
            await until(complete(slack), within=timedelta(seconds=30))
            await asyncio.sleep(1.5)  # a double would come now: it is the turn of the next row

        assert {channel: standing(slack, channel) for channel in CHANNELS} == dict.fromkeys(
            CHANNELS, EXPECTED
        )
