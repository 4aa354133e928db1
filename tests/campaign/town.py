"""A community that publishes while processes die: what the world does, step by step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from tests.campaign.reckoning import Shape
from tests.stage import GENERAL, MAINTAINERS, WEEKLY, ZH, Stage, staged

ALL = Shape((WEEKLY, GENERAL, ZH, MAINTAINERS), ("a", "b"), sections=2)
"""Four channels, two posts of three messages each."""
PUBLISH = {"settle": "0s", "late_after": None, "catch_up": "all"}
PATIENCE = timedelta(hours=3)
"""What is due later is not waited for."""
AWAY = (timedelta(0), timedelta(seconds=5), timedelta(minutes=2))
"""How long a dead process stays away."""
TICK = timedelta(milliseconds=1)
SECTION = f"## Part\n\n{'word ' * 1_500}\n\n"
"""Too long to share a message with another one."""


class Process(Protocol):
    """A bot that may die over what it is told to do: False says that it did."""

    async def look(self) -> bool:
        """Look at the sources."""

    async def deliver(self) -> bool:
        """Deliver what is due."""

    async def next_due(self) -> datetime | None:
        """When something is due, by the world's clock."""

    async def leave(self) -> None:
        """Stop in order, or, dead, be cleared away."""


Birth = Callable[[int], Awaitable[Process | None]]
"""Starts the process of a machine, counted from 0; None if it died over its start."""


class World:
    """What happens by itself as time passes: nothing."""

    async def happen(self) -> None:
        """Let happen what is due by now."""

    def next(self) -> datetime | None:
        """When something happens, None if nothing ever does."""


@dataclass
class Town:
    """One community, and the processes that serve it."""

    stage: Stage
    birth: Birth
    replicas: int
    random: Random
    world: World = field(default_factory=World)
    processes: dict[int, Process] = field(default_factory=dict)
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
            if looks and not await self._look():
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
            await self.let_pass(max(due - self.stage.clock.now(), timedelta()) + TICK)

    async def let_pass(self, time: timedelta) -> None:
        """Let time pass, with what happens in it."""
        self.stage.clock.set(self.stage.clock.now() + time)
        await self.world.happen()

    async def close(self) -> None:
        """Stop all of them; the next ones begin where they ended."""
        for process in self.processes.values():
            await process.leave()
        self.processes.clear()

    async def _look(self) -> bool:
        number = min(self.processes)
        return await self._survived(number, await self.processes[number].look())

    async def _deliver(self) -> bool:
        """All of them at once; answers whether all survived."""
        alive = list(self.processes.items())

        async def deliver(number: int, process: Process) -> bool:
            return await self._survived(number, await process.deliver())

        return all(await asyncio.gather(*(deliver(*one) for one in alive)))

    async def _survived(self, number: int, alive: object) -> bool:
        if alive:
            return True
        self.deaths += 1
        await self.processes.pop(number).leave()
        await self.let_pass(self.random.choice(AWAY))
        return False

    async def _populate(self) -> None:
        for number in range(self.replicas):
            while number not in self.processes:
                process = await self.birth(number)
                if process is None:
                    self.deaths += 1
                else:
                    self.processes[number] = process

    async def _due(self) -> datetime | None:
        moments = [await process.next_due() for process in self.processes.values()]
        moments.append(self.world.next())
        return min((moment for moment in moments if moment is not None), default=None)


def steps_of(stage: Stage, shape: Shape = ALL) -> list[Callable[[], None]]:
    """Nothing, all posts at once, then the first one changes."""

    def write(name: str, words: str) -> None:
        header = f"---\ntitle: Issue {name}\ndate: 2026-11-20\n---"
        stage.write(name, text=f"{header}\n\n{words}\n\n{SECTION * shape.sections}")

    def publish() -> None:
        for name in shape.posts:
            write(name, "As it was.")

    return [lambda: None, publish, lambda: write(shape.posts[0], "As it is.")]


@asynccontextmanager
async def a_stage(
    folder: Path, database: str, *, shape: Shape = ALL, behind: timedelta = timedelta()
) -> AsyncIterator[Stage]:
    """A community on a database in its newest form; Slack's clock may be behind."""
    async with staged(
        folder,
        database=database,
        behind=behind,
        channels=[{"id": channel} for channel in shape.channels],
        publish=PUBLISH,
    ) as stage:
        yield stage
