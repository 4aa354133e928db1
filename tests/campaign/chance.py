"""Schedules of faults, deaths and events of the world, drawn from a seed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.model.deliveries import Delivery, Look, Outcome, Unknown
from bot.ports.outside import Chat
from bot.sandbox.faults import Rule
from tests.campaign.mortal import Fate, MortalChat, tell_tasks_apart
from tests.campaign.runs import prepared
from tests.campaign.town import Sum, Town, a_town, steps_of, sum_of
from tests.fakes import FixedClock
from tests.stage import GENERAL

FAULTS = (
    Rule("ratelimited", method="chat.*", retry_after="7"),
    Rule("ratelimited", method="conversations.*", retry_after="30"),
    Rule("ratelimited", method="chat.*"),
    Rule("http", method="chat.*", when="before", status=500),
    Rule("http", method="chat.*", when="after", status=500),
    Rule("http", method="chat.*", when="after", status=503),
    Rule("error", method="chat.*", error="internal_error", when="after"),
    Rule("error", method="chat.*", error="fatal_error"),
    Rule("reset", method="chat.*", when="before"),
    Rule("reset", method="chat.*", when="after"),
    Rule("truncated", method="chat.*", when="after"),
    Rule("html", method="chat.*", when="after", status=200),
    Rule("html", method="chat.*", status=502),
    Rule("empty", method="chat.*", when="after"),
    Rule("http", method="conversations.*", status=503),
    Rule("html", method="conversations.*", status=200),
    Rule("truncated", method="conversations.*"),
)
LATEST = timedelta(seconds=19)
"""A call lasts 20 seconds at the most."""


@dataclass
class Line:
    """What stands between bot and Slack: now and then no answer comes, and the call arrives late."""

    clock: FixedClock
    random: Random
    share: float
    under_way: list[tuple[datetime, Chat, Delivery]] = field(default_factory=list)

    def around(self, chat: MortalChat) -> Chat:
        """A chat over this line."""
        return Slow(self, chat)

    async def ahead(self) -> None:
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


async def one_schedule(folder: Path, database: str, *, replicas: int, seed: int) -> Sum:
    """A community's life among faults by chance, which end at last; then all is seen to."""
    tell_tasks_apart()
    await prepared(database)
    random = Random(seed)  # noqa: S311 - not for secrets
    fate = Fate(random.choice((0, random.randrange(1, 160))))
    behind = timedelta(minutes=random.choice((0, 0, random.uniform(-40, 40))))
    async with a_town(
        folder, database, fate=fate, replicas=replicas, seed=seed, behind=behind
    ) as town:
        line = Line(town.stage.clock, random, random.choice((0.0, 0.05, 0.3)))
        town.around, town.ahead = line.around, line.ahead
        await town.live([troubled(step, town, random) for step in steps_of(town.stage)])
        calm(town)
        line.share = 0.0
        await town.restart()
        town.stage.clock.advance(minutes=6)  # a refused token is tried again after five
        await town.settle(looks=2)
        return await sum_of(town)


def troubled(step: Callable[[], None], town: Town, random: Random) -> Callable[[], None]:
    """A step of the world, and trouble that begins with it."""

    def taken() -> None:
        step()
        slack = town.stage.slack
        slack.faults.clear()
        for rule in random.sample(FAULTS, random.randrange(5)):
            slack.faults.add(with_chance(rule, random))
        if random.random() < 0.2:
            code = random.choice(REVOKED)
            slack.faults.add(Rule("error", method="chat.*", error=code, times=12))
        if random.random() < 0.2:
            slack.admin.archive(GENERAL, undo=is_archived(town))

    return taken


REVOKED = ("token_revoked", "invalid_auth", "account_inactive")


def with_chance(rule: Rule, random: Random) -> Rule:
    """A rule that strikes now and then."""
    return replace(rule, probability=random.choice((0.05, 0.2, 0.5)))


def calm(town: Town) -> None:
    """All is well again."""
    town.stage.slack.faults.clear()
    if is_archived(town):
        town.stage.slack.admin.archive(GENERAL, undo=True)


def is_archived(town: Town) -> bool:
    """Whether the channel is, that moderators archive and bring back."""
    channel = town.stage.slack.workspace.channel(GENERAL)
    return channel is not None and channel.is_archived
