"""Processes that die at a point: the n-th of all where one of them writes to the database or sends.

Death is as by SIGKILL: nothing more is written or sent, no transaction is committed, nothing is
tidied up. What the far side has taken stays with it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot import app, core
from bot.archive import Archive, open_archive
from bot.archive.changes import ArchiveChanges
from bot.archive.desk import ArchiveDesk
from bot.archive.engine import Store
from bot.archive.outbox import ArchiveOutbox
from bot.archive.register import ArchiveRegister
from bot.model.deliveries import Delivery, Look, Outcome
from bot.ports.outside import Chat, Clock
from bot.slack.connection import connected
from config.settings import Settings

OWN: ContextVar["Life | None"] = ContextVar("OWN", default=None)


class KilledError(BaseException):
    """No code of ours may handle it."""


@dataclass
class Fate:
    """Counts the points that all processes pass; the process that comes to number `end` dies."""

    end: int = 0
    passed: int = 0


@dataclass
class Life:
    """One process, and the tasks that end with it."""

    fate: Fate
    dead: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[object]] = field(default_factory=set)

    def point(self) -> None:
        """Live on, or not."""
        if self.dead.is_set():
            raise KilledError
        self.fate.passed += 1
        if self.fate.passed == self.fate.end:
            self.dead.set()
            raise KilledError


@dataclass(frozen=True)
class MortalStore(Store):
    """A store with points before a transaction, before its commit, and after it."""

    life: Life = field(default_factory=lambda: Life(Fate()))

    @override
    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction."""
        self.life.point()
        async with Store.writing(self) as connection:
            yield connection
            self.life.point()
        self.life.point()


@dataclass(frozen=True)
class MortalChat:
    """A chat with points before a call and after it."""

    chat: Chat
    life: Life

    async def post(self, delivery: Delivery) -> Outcome:
        """Send."""
        return await self._call(self.chat.post(delivery))

    async def change(self, delivery: Delivery) -> Outcome:
        """Update or delete."""
        return await self._call(self.chat.change(delivery))

    async def look(self, delivery: Delivery) -> Look:
        """Look: nothing is written there, but what is seen may never be written down."""
        look = await self.chat.look(delivery)
        self.life.point()
        return look

    async def _call(self, call: Awaitable[Outcome]) -> Outcome:
        try:
            self.life.point()
        except KilledError:
            asyncio.ensure_future(call).cancel()
            raise
        outcome = await call
        self.life.point()
        return outcome


@dataclass
class Mortal:
    """A process in this one, by its own clock; `world` is the true time."""

    life: Life
    bot: core.Bot
    world: Clock
    _leave: Callable[[], Awaitable[None]]

    async def look(self) -> bool:
        """Look at the sources."""
        return await lived(self.life, self.bot.discover_all())

    async def deliver(self) -> bool:
        """Deliver what is due."""
        return await lived(self.life, self.bot.courier.drain())

    async def next_due(self) -> datetime | None:
        """When something is due, by the world's clock."""
        due = await self.bot.courier.next_due()
        return due and due - (self.bot.clock.now() - self.world.now())

    async def leave(self) -> None:
        """Stop in order, or, dead, be cleared away."""
        await self._leave()


async def lived(life: Life, work: Coroutine[object, object, None]) -> bool:
    """Run as a process; at its death all its tasks end where they are."""
    token = OWN.set(life)
    task = asyncio.ensure_future(work)
    OWN.reset(token)
    death = asyncio.ensure_future(life.dead.wait())
    await asyncio.wait({task, death}, return_when=asyncio.FIRST_COMPLETED)
    death.cancel()
    if not life.dead.is_set():
        task.result()
        return True
    while left := [one for one in life.tasks if not one.done()]:
        for one in left:
            one.cancel()
        await asyncio.wait(left)
    for one in life.tasks:
        if not one.cancelled():
            one.exception()  # asked for, so that nobody is told of it
    return False


def tell_tasks_apart() -> None:
    """Have the running loop note which process each new task belongs to."""

    def made(
        loop: asyncio.AbstractEventLoop, work: Coroutine[object, object, object], **more: object
    ) -> asyncio.Task[object]:
        task = asyncio.Task(work, loop=loop, **more)  # type: ignore[arg-type]
        life = OWN.get()
        if life is not None:
            life.tasks.add(task)
        return task

    asyncio.get_running_loop().set_task_factory(made)  # type: ignore[arg-type]


async def mortal_archive(url: str, life: Life) -> Archive:
    """The archive over a store with points."""
    archive = await open_archive(url)
    store = MortalStore(archive._store.engine, archive._store.turn, life)
    return replace(
        archive,
        register=ArchiveRegister(store),
        outbox=ArchiveOutbox(store),
        desk=ArchiveDesk(store),
        changes=ArchiveChanges(store),
        _store=store,
    )


@dataclass(frozen=True)
class Nursery:
    """Starts processes in this one.

    Args:
        settings: as an operator has them.
        world: the true time.
        fate: when one of them dies.
        clock: makes the clock of a new process on a machine.
        around: what stands between the bot and Slack.
    """

    settings: Settings
    world: Clock
    fate: Fate
    clock: Callable[[int], Clock]
    around: Callable[[MortalChat], Chat] = lambda chat: chat

    async def born(self, machine: int) -> Mortal | None:
        """Start a process; None if it died over its start.

        Raises:
            SlackRefusedError: Slack lets no bot in with its token.
        """
        life, clock = Life(self.fate), self.clock(machine)
        made: asyncio.Future[core.Bot] = asyncio.get_running_loop().create_future()
        over = asyncio.Event()
        living = asyncio.ensure_future(lived(life, self._live(life, clock, made, over)))
        both: set[asyncio.Future[object]] = {living, made}  # type: ignore[arg-type]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not made.done():
            await living
            return None

        async def leave() -> None:
            over.set()
            await living

        return Mortal(life, made.result(), self.world, leave)

    async def _live(
        self, life: Life, clock: Clock, made: asyncio.Future[core.Bot], over: asyncio.Event
    ) -> None:
        archive = await mortal_archive(self.settings.database_url.get_secret_value(), life)
        try:
            async with connected(self.settings, clock) as slack:
                chat = self.around(MortalChat(slack.chat, life))
                ours = replace(slack, chat=chat)
                bot, _ = await app.joined(self.settings, archive, ours, clock)
                made.set_result(bot)
                await over.wait()
        finally:
            await archive._store.engine.dispose()
