"""What is done for channels after the announcing: recalled, paused, resumed, caught up.

Calls ports in order and decides nothing.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import plan
from bot.model.deliveries import Delivery, Pause, Roundup
from bot.model.ids import HOME, ChannelId, WorkspaceId
from bot.model.posts import Entry
from bot.ports.outside import Clock
from bot.ports.writing import Changes, Register, no_roundups
from bot.publish.correct import recall
from config.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The upkeep of what was announced. Each act that is done twice is done once.

    `workspace` is that of the channels that the settings do not name; `current` asks for the
    settings with those that subscribed by themselves, None if they are among these already.
    """

    changes: Changes
    register: Register
    clock: Clock
    settings: Settings
    workspace: WorkspaceId = HOME
    current: Callable[[], Awaitable[Settings]] | None = None

    async def recall(self, entry: Entry, *, strike: bool = False) -> int:
        """Take a post out of every channel, or strike it through; answers how many messages."""
        return await recall(
            entry,
            strike=strike,
            changes=self.changes,
            register=self.register,
            clock=self.clock,
            settings=self.settings,
        )

    async def pause(self, channel: ChannelId, who: str) -> bool:
        """Let a channel have nothing until it is resumed; False if it is paused already."""
        pause = plan.paused(self._of(channel), channel, who=who, now=self.clock.now())
        done = await self.changes.pause(pause)
        logger.info("channel.paused channel=%s by=%s done=%s", channel, who, done)
        return done

    async def resume(self, channel: ChannelId) -> Pause | None:
        """Let a channel have what comes from now on; answers the pause that ended."""
        now, policy = self.clock.now(), self.settings.publish.catch_up
        choose = partial(plan.resumed, policy=policy)
        gather = no_roundups
        if policy == "digest":
            settings = await self.current() if self.current else self.settings
            gather = partial(_gathered, settings, now)
        ended = await self.changes.resume(self._of(channel), channel, now, choose, gather)
        if ended is not None:
            logger.info("channel.resumed channel=%s since=%s", channel, ended.since)
        return ended

    async def pauses(self) -> tuple[Pause, ...]:
        """The channels that get nothing now, the longest paused first."""
        return await self.changes.pauses()

    async def back(self, channels: Collection[ChannelId]) -> bool:
        """Channels are there again: those that were gone are resumed, but no maintainer's pause."""
        found = False
        for pause in await self.changes.pauses():
            if pause.dead and pause.channel in channels and self._here(pause):
                found = await self.resume(pause.channel) is not None or found
        return found

    def _of(self, channel: ChannelId) -> WorkspaceId:
        """The workspace of a channel."""
        named = (one.workspace for one in self.settings.channels if one.id == channel)
        return WorkspaceId(next(named, self.workspace))

    def _here(self, pause: Pause) -> bool:
        return pause.workspace == self._of(pause.channel)

    async def missed(self) -> plan.Missed:
        """What `catch_up` would keep back, and what it would send instead."""
        now = self.clock.now()
        overdue = await self.changes.overdue(now - plan.LATE)
        return plan.caught_up(overdue, settings=self.settings, now=now)

    async def catch_up(self) -> int:
        """Keep back what was missed while nobody was at work; answers how many rows."""
        missed = await self.missed()
        if missed.roundups:
            done = await self.changes.gather(missed.roundups)
            logger.info("delivery.rounded_up channels=%d", done)
        elif missed.rows:
            await self.changes.hold([row.id for row in missed.rows], plan.MISSED)
        if missed.rows:
            logger.info("delivery.missed rows=%d", len(missed.rows))
        return len(missed.rows)


def _gathered(
    settings: Settings, now: datetime, pause: Pause, rows: Sequence[Delivery]
) -> tuple[Roundup, ...]:
    left = plan.left_for_one(pause, rows)
    return plan.roundups(left, settings=settings, now=now)
