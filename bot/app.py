"""The one place where everything is joined, started and stopped in order.

Home of the system clock. Wires; decides nothing.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot import metrics, plan, publish
from bot.answer.asking import Wording
from bot.answer.bulletins import Bulletins
from bot.answer.calendar import Calendars
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
from bot.courier import BEGUN, IN_FLIGHT, Courier
from bot.courtesy import Courtesy, Doorway
from bot.feeds import Feed, feeds_of
from bot.model.ids import ChannelId, UserId, WorkspaceId
from bot.model.people import Person
from bot.model.posts import Entry, Problem
from bot.polling import Polling
from bot.ports.outside import Clock, Pace, People
from bot.ports.writing import Outbox
from bot.reception import Office, app_of, door_of, renewal_of, visit
from bot.roster import Roster, Subscribing
from bot.schedule import Metronome
from bot.slack import calendars, hooks, web
from bot.slack.connection import Slack, connected
from bot.slack.lines import Line, PeopleOfMany
from bot.slack.oauth import Door
from bot.slack.renewal import Renewal
from bot.slack.socket import SocketMode
from bot.slack.tasks import Tasks
from bot.sources.bell import concerned, push_of
from bot.steady import SteadyClock
from config.settings import ChannelSettings, Settings
from formatters.document import Site

logger = logging.getLogger(__name__)

SOCKET_CHECK = timedelta(minutes=1)
RENEWAL = timedelta(minutes=5)
ANSWERS_END = timedelta(seconds=10)
"""How long answers may still take once the bot is told to stop."""
FIRST_LOOKS = timedelta(seconds=3)
"""How long the start waits for sources: a slow one comes later."""
MINUTES = timedelta(seconds=20)
"""How often it is looked whether somebody is to be reminded: a minute is what people count in."""
SHORTLY = timedelta(seconds=30)
"""What is due within this time is still sent by `once`."""


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


def steady_clock() -> SteadyClock:
    """The machine's time without its steps; where it can be known, sleep of the machine counts."""
    ticks = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return SteadyClock(SystemClock().now, partial(time.clock_gettime, ticks))


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot, joined together. `port` is where its web server listens, 0 without one."""

    settings: Settings
    clock: Clock
    archive: Archive
    feeds: tuple[Feed, ...]
    courier: Courier
    people: People
    courtesy: Courtesy
    port: int = 0

    async def discover(self, feed: Feed) -> None:
        """Look at one source and plan what is to be sent."""
        settings = await self.roster.current()
        async with feed.source.turn():
            found = await publish.discover(
                feed.source,
                role=feed.role,
                site=feed.site,
                register=self.archive.register,
                clock=self.clock,
                settings=settings,
                aside=asyncio.to_thread,
            )
        for problem in of_the_source(found.problems):
            logger.warning("source.not_read source=%s reason=%s", feed.source.id, problem.words)
        await publish.renew(
            feed.source.id,
            site=feed.site,
            register=self.archive.register,
            changes=self.archive.changes,
            clock=self.clock,
            settings=settings,
            aside=asyncio.to_thread,
        )
        await self.tell(feed, found.problems)
        await self.gather()
        self.courier.wake()

    @property
    def roster(self) -> Roster:
        """All channels that get posts."""
        archive = self.archive
        return Roster(self.settings, archive.subscriptions, archive.installations, self.clock)

    @property
    def upkeep(self) -> publish.Upkeep:
        """What is done for channels after the announcing."""
        return publish.Upkeep(
            self.archive.changes,
            self.archive.register,
            self.clock,
            self.settings,
        )

    async def gather(self) -> None:
        """Record what posts and maintainers say of gatherings."""
        await publish.gather(self.archive.agenda, clock=self.clock, aside=asyncio.to_thread)

    @property
    def calendars(self) -> Calendars:
        """Makes calendars of what is recorded."""
        return Calendars(self.archive.agenda, self.clock, self.settings.site, asyncio.to_thread)

    @property
    def herald(self) -> publish.Herald:
        """Reminds members, and tells channels of their week."""
        return publish.Herald(
            self.archive.agenda,
            self.archive.register,
            self.archive.changes,
            self.archive.desk,
            self.people,
            self.clock,
            Bulletins(self.settings, self.settings.address),
            self.settings.site.timezone,
        )

    async def remind(self) -> None:
        """Tell members and channels what is due of meetups."""
        channels = (await self.roster.current()).channels
        if await self.herald.remind() + await self.herald.tell_week(channels):
            self.courier.wake()

    async def regather(self) -> None:
        """Let what a maintainer said of a gathering be seen, by who is to be told as well."""
        await self.gather()
        await self.remind()

    async def tell(self, feed: Feed, problems: Sequence[Problem]) -> None:
        """Ask the maintainers what needs them, where the settings name a channel of theirs."""
        if self.settings.maintainers.channel:
            await publish.tell(
                feed.source.id,
                problems,
                channel=ChannelId(self.settings.maintainers.channel),
                workspace=WorkspaceId(self.settings.maintainers.workspace),
                register=self.archive.register,
                clock=self.clock,
                wording=Wording(self.settings),
            )

    async def discover_all(self) -> None:
        """Look at every source, none waiting for another; one that fails does not stop the rest."""
        looks = (self.look(feed) for feed in self.feeds)
        for end in await asyncio.gather(*looks, return_exceptions=True):
            if isinstance(end, BaseException):
                raise end

    async def look(self, feed: Feed) -> None:
        """Look at one source by itself; an archive that fails is logged, once until it works."""
        try:
            await self.discover(feed)
            feed.source.unwritten = False
        except ArchiveError:
            if not feed.source.unwritten:
                logger.exception("source.not_archived source=%s", feed.source.id)
            feed.source.unwritten = True
        except asyncio.CancelledError:
            if not feed.source.over:
                raise
            logger.info("source.broken_off source=%s", feed.source.id)

    def ring(self, polling: Polling, payload: Mapping[str, object]) -> tuple[str, ...]:
        """A push was made: have the sources that it concerns looked at; answers their ids."""
        push = push_of(payload)
        ids = set(concerned(push, self.settings.sources)) if push else set()
        rung = tuple(feed.source.id for feed in self.feeds if feed.source.id in ids)
        polling.ring(rung)
        return rung

    async def take_up(self, slack: Slack) -> None:
        """Go on where the last process stopped, and with channels that are there again."""
        if self.archive.alone and (left := await self.archive.outbox.take_back()):
            logger.info("delivery.taken_back rows=%d", left)
        settings = await self.roster.current()
        there = {ChannelId(channel.id) for channel in settings.channels}
        upkeep = replace(self.upkeep, settings=settings)
        await upkeep.back(there - slack.barred.keys())
        await upkeep.catch_up()
        await self.herald.remind()

    async def once(self) -> None:
        """One round: look at every source, send what is due and what follows from it."""
        await self.discover_all()
        await self.remind()
        await self.courier.finish(SHORTLY)

    async def unread(self) -> tuple[Problem, ...]:
        """What keeps sources as a whole from being read, as the last looks found it."""
        ours = {feed.source.id for feed in self.feeds}
        looks = [health for health in await self.archive.desk.health() if health.source in ours]
        return tuple(one for health in looks for one in of_the_source(health.problems))

    async def repost(
        self, entry: Entry, *, channels: Sequence[ChannelId], occasion: str
    ) -> object:
        """Plan a post for channels once more; see `bot.publish.repost`."""
        settings = await self.roster.current()
        return await publish.repost(
            entry,
            channels=[channel_of(channel, settings) for channel in channels],
            occasion=occasion,
            site=self.sites[entry.source],
            register=self.archive.register,
            clock=self.clock,
            settings=self.settings,
            aside=asyncio.to_thread,
        )

    async def skip(self, entries: Sequence[Entry]) -> None:
        """Leave posts out; see `bot.publish.skip`."""
        await publish.skip(entries, register=self.archive.register)

    @property
    def sites(self) -> dict[str, Site]:
        """The site around each source, by the source's id."""
        return {feed.source.id: feed.site for feed in self.feeds}


def of_the_source(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Those that are not of one post alone."""
    return tuple(problem for problem in problems if not problem.path)


def channel_of(channel: ChannelId, settings: Settings) -> ChannelSettings:
    """A channel as the settings have it; with the defaults if they do not name it."""
    known = {one.id: one for one in settings.channels}
    where = settings.maintainers.workspace
    return known.get(channel) or ChannelSettings(id=channel, workspace=where)


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
async def working(settings: Settings, *, clock: Clock) -> AsyncIterator[tuple[Bot, Slack]]:
    """Everything that discovers and delivers, not yet started: for `once` and for tests."""
    with sole(settings.database_url.get_secret_value()):
        async with (
            archived(settings) as archive,
            connected(settings, clock, archive.installations) as slack,
        ):
            if settings.many:
                await renewal_of(slack, settings, archive.installations, clock).renew()
            yield await joined(settings, archive, slack, clock)


async def joined(
    settings: Settings, archive: Archive, slack: Slack, clock: Clock
) -> tuple[Bot, Slack]:
    """A bot that has taken up its work.

    Raises:
        ArchiveError: the database failed.
    """
    pace = plan.Pacer()
    courtesy = Courtesy()
    line, door = asyncio.Semaphore(IN_FLIGHT), Doorway(BEGUN, courtesy)
    work = publish.Round(archive.outbox, slack.chat, clock, pace, line, door)
    courier = Courier(work, partial(next_turn, archive.outbox, pace, clock), clock)
    people = people_of(slack, settings)
    bot = Bot(settings, clock, archive, feeds_of(settings, clock), courier, people, courtesy)
    await bot.take_up(slack)
    return bot, slack


def people_of(slack: Slack, settings: Settings) -> People:
    """Who people are, in whatever workspace."""
    site = settings.site
    stranger = Person(UserId(""), site.language, site.timezone, maintainer=False)
    return PeopleOfMany(slack.lines, stranger)


async def next_turn(outbox: Outbox, pace: Pace, clock: Clock) -> datetime | None:
    """When there is something to do that may be done, None if nothing waits."""
    due, now = await outbox.next_due(), clock.now()
    if due is None or due > now:
        return due
    return pace.opens(now) or due


@asynccontextmanager
async def serving(settings: Settings, *, clock: Clock) -> AsyncIterator[Bot]:
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
        office = Office(tools, bot.upkeep, bot.roster, tasks, bot.courier.wake, bot.courtesy)
        metronome = Metronome()
        fellows = bot.archive.fellows()
        polling = Polling(bot.feeds, bot.look, fellows, tasks.start)
        ears = Ears(bot.courier.wake, lambda source: polling.ring([source]), polling.elected)
        await stack.enter_async_context(fellows.listening(ears))
        port = await stack.enter_async_context(
            listening(bot, slack, office, metronome, polling)
        )
        for feed in bot.feeds:
            metronome.every(feed.every, f"source {feed.source.id}", polling.beat(feed))
        metronome.every(MINUTES, "reminders", bot.remind)
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


@asynccontextmanager
async def listening(
    bot: Bot, slack: Slack, office: Office, metronome: Metronome, polling: Polling
) -> AsyncIterator[int]:
    """Slack's requests and the operator's, over HTTP and, with an app token, Socket Mode."""
    settings = bot.settings
    app_token = settings.slack.app_token.get_secret_value()
    signing_secret = settings.slack.signing_secret.get_secret_value()
    hook_secret = settings.github.webhook_secret.get_secret_value()
    if app_token:  # nothing signed comes then, and nothing can be signed with a random secret
        signing_secret = secrets.token_hex(32)
    bolt = app_of(slack, settings, office, signing_secret)
    home = slack.lines.home
    socket = SocketMode(bolt, app_token, home.ways.client) if app_token and home else None
    door = many(bot, slack, office, metronome) if settings.many else None
    pages = web.web_app(
        bolt=None if socket else bolt,
        ready=partial(obstacles, bot, socket),
        metrics=partial(figures, bot),
        hook=hooks.github_hook(hook_secret, partial(bot.ring, polling))
        if hook_secret
        else None,
        more=[
            *calendars.routes(bot.calendars),
            *(door.routes() if door else ()),
        ],
    )
    async with web.serving(pages, host=settings.host, port=settings.port) as port:
        if socket is None:
            yield port
            return
        await socket.start()
        metronome.every(SOCKET_CHECK, "socket", partial(mended, socket))
        try:
            yield port
        finally:
            await socket.stop()


def many(bot: Bot, slack: Slack, office: Office, metronome: Metronome) -> Door:
    """What many workspaces need: a door, fresh tokens, the bot in the channels that are named."""
    installations = bot.archive.installations
    renewal = renewal_of(slack, bot.settings, installations, bot.clock)
    metronome.every(RENEWAL, "tokens", partial(renewed, renewal))
    office.tasks.start(visit(slack, bot.settings))
    return door_of(slack, bot.settings, installations, bot.clock)


async def renewed(renewal: Renewal) -> None:
    """Renew tokens that expire soon; a failing archive is logged."""
    try:
        await renewal.renew()
    except ArchiveError:
        logger.exception("token.not_renewed")


async def figures(bot: Bot) -> str:
    """The text of `/metrics`."""
    replicas = await bot.archive.replicas()
    return await metrics.exposition(bot.archive.desk, bot.clock.now(), replicas)


async def mended(socket: SocketMode) -> None:
    """Connect anew where the connection stayed away."""
    await socket.mend()


async def obstacles(bot: Bot, socket: SocketMode | None) -> Sequence[str]:
    """What keeps the bot from working now, in words; () if nothing does."""
    found = []
    try:
        await bot.archive.ping()
    except ArchiveError as error:
        found.append(f"database: {error}")
    if socket is not None and not await socket.connected():
        found.append("slack: the Socket Mode connection is down")
    return found
