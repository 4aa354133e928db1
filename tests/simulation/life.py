"""Lets a script happen to a community, whose clock jumps from one moment that matters to the next."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import core
from bot.plan import MOVES_WITHIN
from tests.simulation.acts import ACTS
from tests.simulation.community import EVENTS, SETTLE, Community
from tests.simulation.writing import Happening, Script, What

MOMENT = timedelta(milliseconds=1)
AN_ISSUE = "an/index.md"
LOOKS = {What.WRITE: 2, What.MOVE: 2, What.REMOVE: 2, What.IDLE: 1}
"""A file is believed when it looks the same again; looks in between would find nothing."""


async def live(community: Community, script: Script) -> None:
    """Let everything happen, from the first day to the last."""
    life = Life(community)
    count = sum(one.at <= script.start for one in script.happenings)
    for one in script.happenings[:count]:
        await ACTS[one.what](community, one)
    await community.start()
    await life.look(2)
    for one in script.happenings[count:]:
        await life.pass_until(one.at)
        await life.happen(one)
    await life.pass_until(script.end)
    await life.look(2)
    for what, channel in tuple(community.began):
        community.over(what, channel)


@dataclass
class Life:
    """The bot's time. `due` is when looking can find something although no file has changed."""

    community: Community
    due: datetime | None = None

    async def happen(self, one: Happening) -> None:
        """One thing, and what the bot does about it."""
        community, before = self.community, self.community.bot
        community.happened[one.what.value] += 1
        await ACTS[one.what](community, one)
        if community.bot is not before:  # a new process looks at everything, as at a first look
            await self.look(2)
            waiting, community.waiting = community.waiting, []
            for late in waiting:
                await ACTS[late.what](community, late)
        await self.look(LOOKS.get(one.what, 0), one.name)

    async def pass_until(self, moment: datetime) -> None:
        """See to everything that falls due before a moment."""
        community, clock = self.community, self.community.stage.clock
        while community.bot is not None:
            row, look = await community.bot.courier.next_due(), self.due
            moments = [at for at in (row, look) if at is not None]
            due = max(min(moments, default=moment), community.now + MOMENT)
            if due >= moment:
                break
            clock.set(due)
            if look is not None and look <= due:
                await self.look(1, AN_ISSUE)
            else:
                await self._deliver(community.bot)
        clock.set(moment)

    async def look(self, times: int, name: str = "") -> None:
        """Look at the source of a file, at all if there is none, and send what is due."""
        bot = self.community.bot
        if bot is None:
            return
        for _ in range(times):
            for feed in bot.feeds:
                if not name or (feed.source.id == EVENTS) == name.startswith(f"{EVENTS}/"):
                    await bot.look(feed)
            self.due = await self._next_look(bot)
        await self._deliver(bot)

    async def _next_look(self, bot: core.Bot) -> datetime | None:
        register, now, source = bot.archive.register, self.community.now, "weekly"
        moments = []
        for post in await register.undecided(source):
            if not post.draft:
                settled = max(post.first_seen, post.changed_at) + SETTLE
                moments.append(max(settled, post.date or settled))
        moments += [e.changed_at + SETTLE for e in await register.outdated(source, now)]
        asked = await register.unasked(source, now)
        moments += [entry.gone_at + MOVES_WITHIN for entry in asked if entry.gone_at]
        return min((at for at in moments if at > now), default=None)

    async def _deliver(self, bot: core.Bot) -> None:
        """Send what is due, unless somebody kills the process over it."""
        community, traffic = self.community, self.community.stage.slack.traffic
        if not community.kill_after:
            await bot.courier.drain()
            return
        before = traffic.total
        drain = asyncio.create_task(bot.courier.drain())
        while not drain.done() and traffic.total - before < community.kill_after:
            await asyncio.sleep(0)
        if drain.done():
            await drain
            community.kill_after -= traffic.total - before
        else:
            await self._killed(drain)

    async def _killed(self, drain: asyncio.Task[None]) -> None:
        """No call comes to its end, and nothing is written of it; then the next process starts."""
        community = self.community
        community.kill_after = 0
        carrying = [t for t in asyncio.all_tasks() if "Round.carry" in repr(t.get_coro())]
        for task in (*carrying, drain):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await drain
        community.happened["killed in a fan-out"] += 1
        community.wrong("kill")
        community.over("kill")
        await community.stop()
        await community.start()
        await self.look(2)
