"""Which channels there are: those of the settings, and those that subscribed in Slack."""

import logging
from dataclasses import dataclass
from typing import Literal

from bot.model.ids import HOME, ChannelId, UserId
from bot.ports.outside import Clock
from bot.slack.channels import is_inside, join
from bot.slack.lines import Line
from bot.workspaces import Installations, Subscription, Subscriptions
from config.settings import ChannelSettings, Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Roster:
    """All channels that get posts."""

    settings: Settings
    subscriptions: Subscriptions
    installations: Installations
    clock: Clock

    async def current(self) -> Settings:
        """The settings as if the channels that subscribed were written in them.

        A channel that several workspaces share gets each post once: the settings go first, then
        who subscribed first. What is not installed any more gets nothing.
        """
        subscribed = await self.subscriptions.all()
        if not subscribed:
            return self.settings
        there = {HOME}
        if self.settings.many:
            there |= {one.workspace for one in await self.installations.all() if not one.ended}
        channels = {channel.id: channel for channel in self.settings.channels}
        for one in subscribed:
            if one.workspace in there:
                channels.setdefault(one.channel, channel_of(one))
        return self.settings.model_copy(update={"channels": tuple(channels.values())})


@dataclass(frozen=True, slots=True)
class Subscribing:
    """What channels of one workspace get; see `bot.answer.tools.Subscribing`."""

    roster: Roster
    line: Line

    async def wishes(self, channel: ChannelId) -> ChannelSettings | None:
        """What a channel gets, by the settings or its own choice; None if nothing."""
        return next((one for one in await self.channels() if one.id == channel), None)

    async def channels(self) -> tuple[ChannelSettings, ...]:
        """Every channel that gets posts, of any workspace."""
        return (await self.roster.current()).channels

    async def subscribe(
        self, wishes: ChannelSettings, by: UserId
    ) -> Literal["begun", "changed", "outside"]:
        """Let a channel have new posts; the bot joins it where it may."""
        channel = ChannelId(wishes.id)
        if not await self._inside(channel):
            return "outside"
        begun = await self.roster.subscriptions.save(
            Subscription(
                self.line.workspace,
                channel,
                wishes.sources,
                wishes.style,
                wishes.language,
                wishes.sections.only,
                by,
                self.roster.clock.now(),
            )
        )
        logger.info(
            "channel.subscribed workspace=%s channel=%s by=%s",
            self.line.workspace,
            channel,
            by,
        )
        return "begun" if begun else "changed"

    async def unsubscribe(self, channel: ChannelId, by: UserId) -> bool:
        """Let it have no more; answers whether it had something by its own choice."""
        ended = await self.roster.subscriptions.remove(self.line.workspace, channel)
        logger.info(
            "channel.unsubscribed workspace=%s channel=%s by=%s done=%s",
            self.line.workspace,
            channel,
            by,
            ended,
        )
        return ended

    async def _inside(self, channel: ChannelId) -> bool:
        """Public channels are joined, to private ones the bot has to be invited."""
        return await is_inside(self.line.reading, channel) or not await join(
            self.line.reading, channel
        )


def channel_of(subscription: Subscription) -> ChannelSettings:
    """A subscription as the settings would have it."""
    return ChannelSettings.model_validate(
        {
            "id": subscription.channel,
            "workspace": subscription.workspace,
            "sources": subscription.sources,
            "style": subscription.style,
            "language": subscription.language,
            "sections": {"only": subscription.only},
        }
    )
