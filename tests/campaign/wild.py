"""Processes that are really killed: started, told what to do, and asked how they ended."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from bot.sandbox.shapes import Obj, obj
from tests.campaign.points import Points
from tests.campaign.reckoning import Shape, Sum, sum_of
from tests.campaign.runs import prepared
from tests.campaign.town import ALL, PUBLISH, Town, a_stage, steps_of
from tests.needs import ROOT
from tests.stage import Stage


@dataclass
class Wild:
    """One process, by its line."""

    home: "Home"
    stage: Stage
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    gone: bool = False

    async def look(self) -> bool:
        """Look at the sources."""
        return await self.ask("look") is not None

    async def deliver(self) -> bool:
        """Deliver what is due."""
        return await self.ask("deliver") is not None

    async def next_due(self) -> datetime | None:
        """When something is due."""
        told = await self.ask("due")
        due = str(told["due"]) if told else ""
        return datetime.fromisoformat(due) if due else None

    async def leave(self) -> None:
        """Stop in order, unless it is dead."""
        if not self.gone:
            await self.ask("leave")
        self.writer.close()

    async def ask(self, what: str) -> Obj | None:
        """Tell it what to do and wait until it is done; None if it was killed over it."""
        now = self.stage.clock.now().isoformat()
        self.writer.write(json.dumps({"do": what, "now": now}).encode() + b"\n")
        return await self.answer()

    async def answer(self) -> Obj | None:
        """What it says next; None if it was killed."""
        try:
            line = await self.reader.readline()
        except ConnectionError:
            line = b""
        if line:
            return obj(json.loads(line))
        self.gone = True
        await self.home.killed(self.pid)
        return None


@dataclass
class Home:
    """Where processes come from. `ends` says by which signal each one ended."""

    process: asyncio.subprocess.Process
    port: int
    ends: dict[int, int] = field(default_factory=dict)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Take note of the ends of processes."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            pid, _, end = line.decode().partition(" ")
            self.ends[int(pid)] = int(end)
            self.told.set()

    async def killed(self, pid: int) -> None:
        """Wait for the end of a process, which has to be SIGKILL."""
        while pid not in self.ends:
            self.told.clear()
            await self.told.wait()
        if self.ends[pid] != signal.SIGKILL:
            raise RuntimeError(f"a process ended by itself, with {self.ends[pid]}")

    async def born(self, stage: Stage, begin: Mapping[str, object]) -> Wild | None:
        """Start a process; None if it was killed over its start."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        now = stage.clock.now().isoformat()
        writer.write(json.dumps({**begin, "now": now}).encode() + b"\n")
        process = Wild(self, stage, 0, reader, writer)
        told = await process.answer()
        assert told is not None  # there is no point before
        process.pid = int(str(told["pid"]))
        return process if await process.answer() else None


@asynccontextmanager
async def a_home() -> AsyncIterator[Home]:
    """A process that makes others."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "tests.campaign.child",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    home = Home(process, int(await process.stdout.readline()))
    listening = asyncio.create_task(home.listen())
    try:
        yield home
    finally:
        process.terminate()
        await process.wait()
        await listening


def environment(stage: Stage, folder: Path, shape: Shape) -> Mapping[str, str]:
    """What an operator would set, in YAML and variables."""
    settings = {
        "site": {
            "name": "Lanternfish",
            "timezone": "Asia/Shanghai",
            "url": "https://site.example",
        },
        "sources": [
            {
                "id": "weekly",
                "kind": "folder",
                "path": str(stage.posts),
                "permalink": "/weekly/{slug}/",
            }
        ],
        "publish": PUBLISH,
        "channels": [{"id": channel} for channel in shape.channels],
    }
    file = folder / "digestbot.yaml"
    file.write_text(json.dumps(settings))
    return {
        "PATH": os.environ.get("PATH", ""),
        "DIGESTBOT_CONFIG": str(file),
        "DATABASE_URL": stage.settings.database_url.get_secret_value(),
        "SLACK_BOT_TOKEN": stage.slack.bot_token,
        "SLACK_SIGNING_SECRET": stage.slack.signing_secret,
        "SLACK_API_URL": stage.slack.api_url,
    }


async def one_killing(
    home: Home, folder: Path, database: str, *, replicas: int = 1, end: int = 0, seed: int = 7
) -> Sum:
    """A community's life; the process that comes to point `end` is killed, and another starts."""
    await prepared(database)
    async with a_stage(folder, database) as stage:
        points = Points.made(folder / "points", end)
        begin = {
            "environ": environment(stage, folder, ALL),
            "points": str(folder / "points"),
        }

        async def birth(_: int) -> Wild | None:
            return await home.born(stage, begin)

        town = Town(stage, birth, replicas, Random(seed))  # noqa: S311 - no secret
        try:
            await town.live(steps_of(stage))
        finally:
            await town.close()
        return await sum_of(stage, ALL, points=points.passed, deaths=town.deaths)
