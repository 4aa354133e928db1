"""A community that publishes while processes die: what the world does, step by step, and the sum."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.model.deliveries import Delivery, DeliveryState
from bot.model.ids import PostId
from bot.ports.outside import Chat
from bot.sandbox.shapes import Obj, obj
from tests.campaign.mortal import Fate, MortalChat, Process, born
from tests.stage import GENERAL, MAINTAINERS, MEI, WEEKLY, ZH, Stage, staged

Work = Callable[[], Coroutine[object, object, None]]
CHANNELS = (WEEKLY, GENERAL, ZH, MAINTAINERS)
POSTS = ("a", "b")
PATIENCE = timedelta(hours=3)
"""What is due later is not waited for."""
AWAY = (timedelta(0), timedelta(seconds=5), timedelta(minutes=2))
"""How long a dead process stays away."""
TICK = timedelta(milliseconds=1)
LONG = "".join(f"## Part {n}\n\n{'word ' * 1_500}\n\n" for n in range(2))


@dataclass(frozen=True, slots=True)
class Sum:
    """What came of one run. `held` has the reasons of rows that wait for a person."""

    points: int
    deaths: int
    sent: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    disordered: tuple[str, ...]
    stale: tuple[str, ...]
    held: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.disordered or self.stale)


async def nothing() -> None:
    """What happens ahead of each delivery where nothing is said."""


@dataclass
class Town:
    """One community, and the processes that serve it."""

    stage: Stage
    fate: Fate
    replicas: int
    random: Random
    around: Callable[[MortalChat], Chat] = lambda chat: chat
    ahead: Callable[[], Awaitable[None]] = nothing
    processes: list[Process] = field(default_factory=list)
    deaths: int = 0

    async def live(self, steps: Sequence[Callable[[], None]]) -> None:
        """Let the world take its steps, and the bot see to each of them."""
        for step in steps:
            step()
            await self.settle(looks=2)

    async def settle(self, *, looks: int = 0) -> None:
        """Look at the sources, then deliver until nothing is due within `PATIENCE`."""
        last = self.stage.clock.now() + PATIENCE
        while True:
            await self._populate()
            if looks and not await self._do(
                self.processes[0], self.processes[0].bot.discover_all
            ):
                continue  # whoever polls next looks as often
            looks = max(0, looks - 1)
            if looks:
                continue
            if not await self._deliver():
                looks = 2
                continue
            due = await self._due()
            if due is None or due > last:
                return
            self.stage.clock.set(due + TICK)
            await self.ahead()

    async def close(self) -> None:
        """Stop all of them."""
        for process in self.processes:
            await process.leave()

    async def restart(self) -> None:
        """Stop all of them; the next ones begin where they ended."""
        await self.close()
        self.processes.clear()

    async def _deliver(self) -> bool:
        """All of them at once; answers whether all survived."""
        alive = list(self.processes)
        ends = await asyncio.gather(
            *(self._do(process, process.bot.courier.drain) for process in alive)
        )
        return all(ends)

    async def _do(self, process: Process, work: Work) -> bool:
        if await process.do(work()):
            return True
        self.deaths += 1
        self.processes.remove(process)
        await process.leave()
        self.stage.clock.set(self.stage.clock.now() + self.random.choice(AWAY))
        return False

    async def _populate(self) -> None:
        while len(self.processes) < self.replicas:
            process = await born(self.stage.settings, self.stage.clock, self.fate, self.around)
            if process is None:
                self.deaths += 1
            else:
                self.processes.append(process)

    async def _due(self) -> datetime | None:
        moments = [await process.bot.courier.next_due() for process in self.processes]
        return min((moment for moment in moments if moment is not None), default=None)


def steps_of(stage: Stage) -> list[Callable[[], None]]:
    """Nothing, two posts, then one of them changes."""

    def write(name: str, words: str, text: str = LONG) -> None:
        stage.write(
            name, text=f"---\ntitle: Issue {name}\ndate: 2026-11-20\n---\n\n{words}\n\n{text}"
        )

    def publish() -> None:
        for name in POSTS:
            write(name, "As it was.")

    return [lambda: None, publish, lambda: write("a", "As it is.")]


@asynccontextmanager
async def a_town(
    folder: Path,
    database: str,
    *,
    fate: Fate,
    replicas: int = 1,
    seed: int = 7,
    behind: timedelta = timedelta(),
) -> AsyncIterator[Town]:
    """A community on a database in its newest form."""
    async with staged(
        folder,
        database=database,
        behind=behind,
        channels=[{"id": channel} for channel in CHANNELS],
        publish={"settle": "0s", "late_after": None, "catch_up": "all"},
    ) as stage:
        town = Town(stage, fate, replicas, Random(seed))  # noqa: S311 - not for secrets
        try:
            yield town
        finally:
            await town.close()


async def sum_of(town: Town) -> Sum:
    """Compare posts, rows and channels."""
    await town._populate()
    archive = town.processes[0].bot.archive
    rows = [
        row
        for name in POSTS
        for row in await archive.desk.deliveries(PostId(f"weekly:{name}/index.md"))
    ]
    there = [one for channel in CHANNELS for one in messages(town.stage, channel)]
    counted = Counter(delivery_in(one) for one in there)
    wanted = {(f"weekly:{name}/index.md", channel) for name in POSTS for channel in CHANNELS}
    planned = {(row.post, row.channel) for row in rows}
    lost = [f"no row for {post} in {channel}" for post, channel in sorted(wanted - planned)]
    lost += [row.id for row in rows if is_lost(row, counted)]
    return Sum(
        points=town.fate.passed,
        deaths=town.deaths,
        sent=len(there),
        lost=tuple(lost),
        doubled=tuple(one for one, count in counted.items() if count > 1),
        disordered=tuple(c for c in CHANNELS if not in_order(town.stage, c, rows)),
        stale=tuple(stale(town.stage, rows)),
        held=tuple(row.reason for row in rows if row.state is not DeliveryState.SENT),
    )


def is_lost(row: Delivery, counted: Counter[str]) -> bool:
    """Neither there, nor waiting for a person with a reason; or said to be there and is not."""
    if row.state is DeliveryState.SENT:
        return not counted[row.id]
    final = row.state in {DeliveryState.HELD, DeliveryState.REFUSED}
    return not (final and row.reason)


def messages(stage: Stage, channel: str) -> list[Obj]:
    """The bot's messages of a channel, each followed by those of its thread."""
    found = []
    for one in stage.digests(channel):
        if delivery_in(one):
            thread = stage.slack.sight.timeline(MEI, channel, str(one["ts"]))[1:]
            found += [one, *thread]
    return found


def delivery_in(message: Obj) -> str:
    """The delivery that a message brings, "" if it is none."""
    return str(
        obj(obj(message.get("metadata") or {}).get("event_payload") or {}).get("delivery") or ""
    )


def in_order(stage: Stage, channel: str, rows: Sequence[Delivery]) -> bool:
    """Posts by their turn, and the parts of each by their number."""
    turns = {str(row.id): row.seq for row in rows}
    found = [
        turns[key] for one in messages(stage, channel) if (key := delivery_in(one)) in turns
    ]
    return found == sorted(found)


def stale(stage: Stage, rows: Sequence[Delivery]) -> list[str]:
    """Where the post that changed still stands as it was."""
    first = {row.id for row in rows if row.post.startswith("weekly:a/") and row.part == 0}
    return [
        channel
        for channel in CHANNELS
        for one in messages(stage, channel)
        if delivery_in(one) in first and "As it was" in str(one["blocks"])
    ]
