"""The bot, joined together: what it does, each thing by its verb.

Calls what decides and what acts, in order; wires nothing.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import plan, publish
from bot.answer import approving
from bot.answer.asking import Wording
from bot.answer.bulletins import Bulletins
from bot.answer.calendar import Calendars
from bot.archive import (
    Archive,
    ArchiveError,
)
from bot.courier import Courier
from bot.courtesy import Precedence
from bot.feeds import Feed
from bot.model.ids import ChannelId, WorkspaceId
from bot.model.posts import Entry, Problem
from bot.polling import Polling
from bot.ports.outside import Clock, People
from bot.roster import Roster
from bot.slack.connection import Slack
from bot.sources.bell import concerned, push_of
from bot.watch import Watched
from config.settings import ChannelSettings, Settings
from formatters.document import Site

logger = logging.getLogger(__name__)

SHORTLY = timedelta(seconds=30)
"""What is due within this time is still sent by `once`."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot, joined together. `port` is where its web server listens, 0 without one."""

    settings: Settings
    clock: Clock
    archive: Archive
    feeds: tuple[Feed, ...]
    courier: Courier
    people: People
    pace: plan.Pacer
    precedence: Precedence
    port: int = 0

    async def discover(self, feed: Feed, *, regularly: bool = True) -> None:
        """Look at one source and plan what is to be sent.

        Args:
            feed: the source.
            regularly: whether somebody looks as often as its settings say.
        """
        settings = await self.roster.current()
        async with feed.source.turn():
            found = await publish.discover(
                feed.source,
                role=feed.role,
                site=feed.site,
                register=self.archive.register,
                clock=self.clock,
                settings=settings,
                every=feed.every if regularly else None,
                aside=asyncio.to_thread,
                ask=self.approval.asked,
            )
        say_once(feed.source, {problem.words for problem in of_the_source(found.problems)})
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
            current=self.roster.current,
        )

    @property
    def approval(self) -> publish.Approval:
        """Asks maintainers about posts that wait for their word, and does what they decide."""
        wording = approving.Wording(self.settings)
        return publish.Approval(
            self.archive.changes, self.clock, wording, self.settings.maintainers
        )

    async def share(self) -> None:
        """See how many processes send, and go no faster than together they may.

        While the database is away nothing is sent, and others say that it is.
        """
        with suppress(ArchiveError):
            self.pace.share(max(1, len(await self.archive.replicas())))

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
                wording=Wording(await self.roster.current()),
            )

    async def discover_all(self, *, regularly: bool = True) -> None:
        """Look at every source, none waiting for another; one that fails does not stop the rest."""
        looks = (self.look(feed, regularly=regularly) for feed in self.feeds)
        for end in await asyncio.gather(*looks, return_exceptions=True):
            if isinstance(end, BaseException):
                raise end

    async def look(self, feed: Feed, *, regularly: bool = True) -> None:
        """Look at one source by itself; an archive that fails is logged, once until it works."""
        try:
            await self.discover(feed, regularly=regularly)
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
        """Go on where the last process stopped, and with channels that are there again.

        Nothing was missed where others are at work: what is late has its reasons.
        """
        if self.archive.alone and (left := await self.archive.outbox.take_back()):
            logger.info("delivery.taken_back rows=%d", left)
        settings = await self.roster.current()
        there = {ChannelId(channel.id) for channel in settings.channels}
        upkeep = replace(self.upkeep, settings=settings)
        await upkeep.back(there - slack.barred.keys())
        if self.archive.alone or not await self.archive.replicas():
            await upkeep.catch_up()
        await self.herald.remind()

    async def once(self) -> None:
        """One round: look at every source, send what is due and what follows from it.

        Whoever calls for rounds knows how often, we do not: days without one are no absence.
        """
        await self.discover_all(regularly=False)
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
        await self.approval.overtaken(entry, channels)
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


def say_once(source: Watched, troubles: Set[str]) -> None:
    """Log why a source cannot be read when it begins, and when it is over."""
    for words in sorted(troubles - source.troubles):
        logger.warning("source.not_read source=%s reason=%s", source.id, words)
    if source.troubles and not troubles:
        logger.info("source.read_again source=%s", source.id)
    source.troubles = frozenset(troubles)


def of_the_source(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Those that are not of one post alone."""
    return tuple(problem for problem in problems if not problem.path)


def channel_of(channel: ChannelId, settings: Settings) -> ChannelSettings:
    """A channel as the settings have it; with the defaults if they do not name it."""
    known = {one.id: one for one in settings.channels}
    where = settings.maintainers.workspace
    return known.get(channel) or ChannelSettings(id=channel, workspace=where)
