"""The one place where everything is joined, started and stopped in order.

Home of the system clock. Wires; decides nothing.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot import plan, publish
from bot.answer.kept import Kept
from bot.answer.tools import Tools
from bot.archive import (
    EMPTY,
    Archive,
    ArchiveError,
    Ears,
    form,
    migrate,
    open_archive,
    sole,
)
from bot.aside import Aside, one_by_one
from bot.core import Bot
from bot.courier import BEGUN, IN_FLIGHT, Courier
from bot.courtesy import Doorway, Precedence
from bot.feeds import feeds_of
from bot.listening import listening
from bot.model.ids import UserId
from bot.model.people import Person
from bot.polling import Polling
from bot.ports.outside import Clock, Pace, People
from bot.ports.writing import Outbox
from bot.reception import Office, renewal_of
from bot.roster import Subscribing
from bot.schedule import Metronome
from bot.slack.connection import Slack, connected
from bot.slack.lines import Line, PeopleOfMany
from bot.slack.tasks import Tasks
from bot.timekeeping import kept
from config.settings import Settings

logger = logging.getLogger(__name__)

ANSWERS_END = timedelta(seconds=10)
"""How long answers may still take once the bot is told to stop."""
FIRST_LOOKS = timedelta(seconds=3)
"""How long the start waits for sources: a slow one comes later."""
MINUTES = timedelta(seconds=20)
"""How often it is looked whether somebody is to be reminded: a minute is what people count in."""
SOON = timedelta(seconds=1)
"""As long as that it may be waited for a turn that is known, instead of asking for others."""
SHARES = timedelta(seconds=15)
"""How often replicas are counted, between which Slack's limits are shared."""


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


def kept_time(archive: Archive) -> AbstractAsyncContextManager[Clock]:
    """The time without steps; where it can be known, sleep of the machine counts."""
    ticks = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return kept(archive, SystemClock().now, partial(time.clock_gettime, ticks))


@asynccontextmanager
async def archived(settings: Settings) -> AsyncIterator[Archive]:
    """The archive, brought to the form that this version needs.

    Raises:
        ArchiveError: the database cannot be used; its words say what to do.
    """
    url = settings.database_url.get_secret_value()
    before, after = await migrate(url)
    if before != after:
        logger.info("database.migrated from=%s to=%s", before, after)
    async with opened(settings) as archive:
        yield archive


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Archive]:
    """The archive as it is: nothing is made, nothing brought up to date.

    Raises:
        ArchiveError: there is none yet, or it cannot be used.
    """
    url = settings.database_url.get_secret_value()
    if await form(url) == EMPTY:
        raise ArchiveError(
            "there is no archive yet: `digestbot run` or `digestbot once` makes it"
        )
    archive = await open_archive(
        url, zone=ZoneInfo(settings.site.timezone), keys=settings.encryption_keys
    )
    try:
        yield archive
    finally:
        await archive.close()


@asynccontextmanager
async def working(
    settings: Settings, *, clock: Clock | None = None
) -> AsyncIterator[tuple[Bot, Slack]]:
    """Everything that discovers and delivers, not yet started: for `once` and for tests.

    Args:
        settings: what an operator chose.
        clock: the time, if it is not to be that of all processes on the database.
    """
    with sole(settings.database_url.get_secret_value()):
        async with (
            archived(settings) as archive,
            nullcontext(clock) if clock else kept_time(archive) as time_kept,
            connected(settings, time_kept, archive.installations) as slack,
        ):
            if settings.many:
                await renewal_of(slack, settings, archive.installations, time_kept).renew()
            yield await joined(settings, archive, slack, time_kept)


async def joined(
    settings: Settings, archive: Archive, slack: Slack, clock: Clock
) -> tuple[Bot, Slack]:
    """A bot that has taken up its work.

    Raises:
        ArchiveError: the database failed.
    """
    pace = plan.Pacer()
    precedence = Precedence()
    line, door = asyncio.Semaphore(IN_FLIGHT), Doorway(BEGUN, precedence.people)
    quiet = plan.Quiet.of(settings.channels, ZoneInfo(settings.site.timezone))
    work = publish.Round(archive.outbox, slack.chat, clock, pace, line, door, quiet=quiet)
    courier = Courier(work, partial(next_turn, archive.outbox, pace, clock), clock)
    people = people_of(slack, settings)
    feeds = feeds_of(settings, clock)
    bot = Bot(settings, clock, archive, feeds, courier, people, pace, precedence)
    await bot.take_up(slack)
    return bot, slack


def people_of(slack: Slack, settings: Settings) -> People:
    """Who people are, in whatever workspace."""
    site = settings.site
    stranger = Person(UserId(""), site.language, site.timezone, maintainer=False)
    return PeopleOfMany(slack.lines, stranger)


async def next_turn(outbox: Outbox, pace: Pace, clock: Clock) -> datetime | None:
    """When there is something to do that may be done, None if nothing waits.

    Where it is known that somebody may go shortly, the database is not asked: while ten thousand
    channels wait for their turn that would take longer than the turn.
    """
    opens = pace.opens(clock.now())
    if opens is not None and opens - clock.now() <= SOON:
        return opens
    due, now = await outbox.next_due(), clock.now()
    if due is None or due > now:
        return due
    return pace.opens(now) or due


@asynccontextmanager
async def serving(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Bot]:
    """The whole bot at work until the end of the block, then stopped in order.

    Stops asking sources first, then taking requests; answers and deliveries that are under way
    come to their end before the database is closed.

    Raises:
        ArchiveError, SlackRefusedError: it cannot start; their words say what to do.
        OSError: the port is taken.
    """
    async with AsyncExitStack() as stack:
        bot, slack = await stack.enter_async_context(working(settings, clock=clock))
        tasks = Tasks()
        stack.push_async_callback(tasks.drain, ANSWERS_END)
        await stack.enter_async_context(delivering(bot.courier))
        tools = partial(tools_of, bot, Kept(), stack.enter_context(one_by_one()))
        office = Office(tools, bot.upkeep, bot.roster, tasks, bot.courier.wake, bot.precedence)
        metronome = Metronome()
        fellows = bot.archive.fellows()
        polling = Polling(bot.feeds, bot.look, fellows, tasks.start)
        ears = Ears(bot.courier.wake, lambda source: polling.ring([source]), polling.elected)
        await stack.enter_async_context(fellows.listening(ears))
        await bot.share()
        port = await stack.enter_async_context(
            listening(bot, slack, office, metronome, polling)
        )
        for feed in bot.feeds:
            metronome.every(feed.every, f"source {feed.source.id}", polling.beat(feed))
        metronome.every(MINUTES, "reminders", bot.remind)
        metronome.every(SHARES, "replicas", bot.share)
        stack.callback(logger.info, "bot.stopping")
        metronome.start()
        stack.push_async_callback(metronome.stop)
        await stack.enter_async_context(first_looks(bot, polling))
        logger.info("bot.started port=%d sources=%d", port, len(bot.feeds))
        yield replace(bot, port=port)


def tools_of(
    bot: Bot,
    kept: Kept,
    aside: Aside,
    line: Line,
    subscribing: Subscribing,
    upkeep: publish.Upkeep,
) -> Tools:
    """What answers in one workspace are made of."""
    return Tools(
        library=bot.archive.library,
        desk=bot.archive.desk,
        clock=bot.clock,
        repost=bot.repost,
        skip=bot.skip,
        approval=bot.approval,
        upkeep=upkeep,
        subscribing=subscribing,
        sites=bot.sites,
        settings=bot.settings,
        agenda=bot.archive.agenda,
        regather=bot.regather,
        calendars=bot.calendars,
        calendar=bot.settings.address,
        workspace=line.workspace,
        aside=aside,
        kept=kept,
    )


@asynccontextmanager
async def first_looks(bot: Bot, polling: Polling) -> AsyncIterator[None]:
    """Every source looked at, but for those that are slow; at the end looks are broken off.

    None where another process polls.
    """
    first = bot.discover_all() if polling.begin() else asyncio.sleep(0)
    task = asyncio.create_task(first)
    try:
        await asyncio.wait({task}, timeout=FIRST_LOOKS.total_seconds())
        if task.done():
            await task
        yield
    except asyncio.CancelledError:
        task.cancel()  # told to stop before the start is over: the next one goes on from there
        raise
    finally:
        for feed in bot.feeds:
            feed.source.break_off()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def delivering(courier: Courier) -> AsyncIterator[None]:
    """The courier at work; at the end it finishes what is in flight."""
    task = asyncio.create_task(courier.run())
    try:
        yield
    finally:
        courier.stop()
        await task
