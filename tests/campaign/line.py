"""What stands between bot and Slack: now and then no answer comes, and the call arrives late."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bot.model.deliveries import Delivery, Look, Outcome, Unknown
from bot.ports.outside import Chat
from tests.campaign.mortal import MortalChat
from tests.fakes import FixedClock

LATEST = timedelta(seconds=19)
"""A call lasts 20 seconds at the most."""


@dataclass
class Line:
    """A line on which a share of the calls gets no answer."""

    clock: FixedClock
    random: Random
    share: float
    under_way: list[tuple[datetime, Chat, Delivery]] = field(default_factory=list)

    def around(self, chat: MortalChat) -> Chat:
        """A chat over this line."""
        return Slow(self, chat)

    def next(self) -> datetime | None:
        """When the next late call arrives."""
        return min((at for at, _, _ in self.under_way), default=None)

    async def arrive(self) -> None:
        """Let arrive what is due by now, also of processes that are dead."""
        now = self.clock.now()
        due = [call for call in self.under_way if call[0] <= now]
        self.under_way = [call for call in self.under_way if call[0] > now]
        for _, chat, delivery in due:
            with suppress(RuntimeError):  # its process has closed the session
                await chat.post(delivery)


@dataclass(frozen=True)
class Slow:
    """A chat whose answers may stay away."""

    line: Line
    mortal: MortalChat

    async def post(self, delivery: Delivery) -> Outcome:
        """Send: it arrives in time, at once but unanswered, late, or never."""
        random = self.line.random
        if random.random() >= self.line.share:
            return await self.mortal.post(delivery)
        kind = random.randrange(3)
        if kind == 0:
            await self.mortal.post(delivery)
        elif kind == 1:
            at = self.line.clock.now() + random.uniform(0, 1) * LATEST
            self.line.under_way.append((at, self.mortal.chat, delivery))
        return Unknown("timeout")

    async def change(self, delivery: Delivery) -> Outcome:
        """Update or delete."""
        outcome = await self.mortal.change(delivery)
        return Unknown("timeout") if self.line.random.random() < self.line.share else outcome

    async def look(self, delivery: Delivery) -> Look:
        """Look."""
        return await self.mortal.look(delivery)
