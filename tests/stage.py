"""The whole bot against the sandbox, with a clock that a test moves.

For scenarios: real archive, real HTTP, real files; only Slack is the local one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import app, core
from bot.sandbox import server
from bot.sandbox.shapes import Obj
from config.settings import Settings
from tests.fakes import NOON, FixedClock

ADA, LIN, MEI, NOOR = "U00000ADA", "U00000LIN", "U00000MEI", "U0000NOOR"
WEEKLY, GENERAL, ZH, MAINTAINERS, OLD = (
    "C00WEEKLY",
    "C0GENERAL",
    "C000000ZH",
    "C0MAINTAI",
    "C00000OLD",
)

SHORTLY = timedelta(seconds=10)

ISSUE = """---
title: "{title}"
date: {date}
tags: [weekly]
---

A short week.

### Recommended reading

- [One thing](https://site.example/one) to read
- **Another** thing

### 每周问答

**@lin** 提问：

> 消息会丢吗？

A：**不会**，而且不会重复。
"""


@dataclass
class Stage:
    """One community on one machine."""

    slack: server.Sandbox
    settings: Settings
    clock: FixedClock
    posts: Path

    def write(
        self, name: str, *, title: str = "", date: str = "2026-11-20", text: str = ""
    ) -> Path:
        """Publish a post, or change it."""
        path = self.posts / name / "index.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            text or ISSUE.format(title=title or f"Weekly {name}", date=date), "utf-8"
        )
        return path

    def digests(self, channel: str, user: str = MEI) -> list[Obj]:
        """What stands in a channel from the bot, oldest first, without ephemeral messages."""
        return [m for m in self.slack.sight.timeline(user, channel) if not m["ephemeral"]]

    def titles(self, channel: str) -> list[str]:
        """First lines of the channel's digests."""
        return [str(message["text"]).splitlines()[0] for message in self.digests(channel)]

    def thread(self, channel: str) -> list[Obj]:
        """The replies to the last digest of a channel."""
        parent = self.digests(channel)[-1]
        return self.slack.sight.timeline(MEI, channel, str(parent["ts"]))[1:]

    def told(self, user: str, channel: str = WEEKLY) -> list[Obj]:
        """What only this person sees in a channel, oldest first."""
        return [m for m in self.slack.sight.timeline(user, channel) if m["ephemeral"]]

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[core.Bot]:
        """A process that works when it is told to."""
        async with app.working(self.settings, clock=self.clock) as (bot, _):
            yield bot

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[core.Bot]:
        """A process as `digestbot run` has it, reached by Slack over HTTP."""
        async with app.serving(self.settings, clock=self.clock) as bot:
            self.slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
            yield bot

    async def round(self, bot: core.Bot, *, times: int = 2) -> None:
        """Look as often as a new file takes to be believed, then send what is due shortly.

        The clock moves as the pauses between messages ask for.
        """
        for _ in range(times):
            await bot.discover_all()
        while True:
            await bot.courier.drain()
            due = await bot.courier.next_due()
            if due is None or due > self.clock.now() + SHORTLY:
                return
            self.clock.set(due + timedelta(milliseconds=1))


@asynccontextmanager
async def staged(
    tmp_path: Path,
    *,
    database: str = "",
    socket: bool = False,
    start: datetime = NOON,
    behind: timedelta = timedelta(),
    **settings: object,
) -> AsyncIterator[Stage]:
    """A sandbox and settings for a bot in it.

    Args:
        tmp_path: where posts and database are.
        database: URL; SQLite in `tmp_path` if empty.
        socket: Socket Mode instead of HTTP.
        behind: how much Slack's clock is behind the bot's.
        start: what the clock says first.
        settings: instead of the defaults below.
    """
    clock = FixedClock(start)
    posts = tmp_path / "posts"
    posts.mkdir(exist_ok=True)
    async with server.running(clock=lambda: clock.now() - behind, pace=False, seed=7) as slack:
        way = {"bot_token": slack.bot_token, "api_url": slack.api_url} | (
            {"app_token": slack.app_token}
            if socket
            else {"signing_secret": slack.signing_secret}
        )
        chosen = {
            "site": {
                "name": "Lanternfish",
                "timezone": "Asia/Shanghai",
                "url": "https://site.example",
            },
            "sources": [
                {
                    "id": "weekly",
                    "path": posts,
                    "permalink": "/weekly/{slug}/",
                    "every": timedelta(milliseconds=100),
                }
            ],
            "publish": {"settle": "0s"},
            "channels": [{"id": WEEKLY}, {"id": ZH, "style": "card", "language": "zh"}],
            "maintainers": {"users": [MEI]},
            "data": tmp_path / "data",
            "port": 0,
            "slack": way,
        } | settings
        if database:
            chosen["database_url"] = database
        yield Stage(slack, Settings.model_validate(chosen), clock, posts)


async def until(true: Callable[[], bool], *, within: timedelta = timedelta(seconds=10)) -> None:
    """Wait for something that happens in the background; TimeoutError if it does not."""
    async with asyncio.timeout(within.total_seconds()):
        while not true():
            await asyncio.sleep(0.02)
