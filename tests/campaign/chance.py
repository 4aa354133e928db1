"""Schedules of faults, deaths and events of the world, drawn from a seed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from typing_extensions import override

from bot.slack.identity import SlackRefusedError
from tests.campaign.line import Line
from tests.campaign.machines import Machine
from tests.campaign.mortal import Fate, Mortal, Nursery, tell_tasks_apart
from tests.campaign.reckoning import Shape, Sum, sum_of
from tests.campaign.runs import prepared
from tests.campaign.town import Birth, Town, World, a_stage, steps_of
from tests.campaign.troubles import FAULTS, TOKENS, TRIED_AGAIN
from tests.stage import GENERAL, MAINTAINERS, WEEKLY, ZH, Stage

APART = timedelta(seconds=9)
"""So much may machines' clocks be off on each side: together less than the runbook allows."""
HOUR = timedelta(hours=1)
BELIEVED = timedelta(seconds=100)
"""A step that is undone within this time leaves no trace: see `bot.steady`."""
RENEWED = timedelta(minutes=6)
"""A refused token is tried again after five."""
CAUGHT_UP = timedelta(hours=2)
"""A change seen by a clock that was ahead is believed when the time has come that it showed."""
AGAIN = timedelta(seconds=10)
"""A process that Slack lets not in is started again after so long."""

Deed = Callable[[], None]


@dataclass
class Weather(World):
    """What is drawn to happen in a run, each at its moment, and what is late on the line."""

    stage: Stage
    line: Line
    deeds: list[tuple[datetime, Deed]] = field(default_factory=list)

    def within(self, random: Random, longest: timedelta, deed: Deed) -> None:
        """Let something happen some time from now."""
        at = self.stage.clock.now() + random.uniform(0, 1) * longest
        self.deeds.append((at, deed))

    @override
    def next(self) -> datetime | None:
        """When something happens."""
        moments = [at for at, _ in self.deeds]
        late = self.line.next()
        return min([*moments, *([late] if late else [])], default=None)

    @override
    async def happen(self) -> None:
        """Do what is due, and let arrive what is late."""
        now = self.stage.clock.now()
        due = [one for one in self.deeds if one[0] <= now]
        self.deeds = [one for one in self.deeds if one[0] > now]
        for _, deed in sorted(due, key=lambda one: one[0]):
            deed()
        await self.line.arrive()

    def clear(self) -> None:
        """All is well from now on."""
        self.deeds.clear()
        self.line.share = 0.0
        slack = self.stage.slack
        slack.faults.clear()
        slack.admin.spoil_token("")
        for channel in slack.workspace.world.channels.values():
            channel.is_archived = channel.is_archived and channel.id not in POSSIBLE
            if channel.id in POSSIBLE and slack.workspace.world.bot not in channel.members:
                slack.admin.invite(channel.id)


POSSIBLE = (WEEKLY, GENERAL, ZH, MAINTAINERS)


def shape_of(random: Random) -> Shape:
    """A community of a few channels and posts."""
    channels = tuple(random.sample(POSSIBLE, random.choice((1, 2, 2, 3))))
    return Shape(channels, random.choice((("a",), ("a", "b"))), random.choice((0, 1, 2)))


async def one_schedule(folder: Path, database: str, *, replicas: int, seed: int) -> Sum:
    """A community's life among faults by chance, which end at last; then all is seen to."""
    tell_tasks_apart()
    await prepared(database)
    random = Random(seed)  # noqa: S311 - not for secrets
    shape = shape_of(random)
    fate = Fate(random.choice((0, 0, random.randrange(1, 160))))
    behind = timedelta(minutes=random.choice((0, 0, random.uniform(-40, 40))))
    async with a_stage(folder, database, shape=shape, behind=behind) as stage:
        weather = Weather(stage, Line(stage.clock, random, random.choice((0.0, 0.05, 0.3))))
        off = APART if replicas > 1 else timedelta()
        machines = [Machine(stage.clock, random.uniform(-1, 1) * off) for _ in range(replicas)]
        nursery = Nursery(
            stage.settings,
            stage.clock,
            fate,
            lambda number: machines[number].clock(),
            weather.line.around,
        )
        town = Town(stage, stubborn(nursery.born, weather), replicas, random, weather)
        dice = Dice(random, weather, machines, shape, steps_last=replicas == 1)
        try:
            await town.live([dice.troubled(step) for step in steps_of(stage, shape)])
            weather.clear()
            await town.close()
            for wait in (RENEWED, CAUGHT_UP):
                await town.let_pass(wait)
                await town.settle(looks=2)
        finally:
            await town.close()
        return await sum_of(stage, shape, points=fate.passed, deaths=town.deaths)


def stubborn(birth: Birth, weather: Weather) -> Birth:
    """Start again and again while Slack lets the bot not in, as every supervisor does."""

    async def born(number: int) -> Mortal | None:
        while True:
            try:
                return await birth(number)  # type: ignore[return-value]
            except SlackRefusedError:
                clock = weather.stage.clock
                clock.set(clock.now() + AGAIN)
                await weather.happen()

    return born


@dataclass(frozen=True)
class Dice:
    """Draws what goes wrong while the world takes a step.

    `steps_last` says whether clocks may be set wrong for good: not where others rely on them.
    """

    random: Random
    weather: Weather
    machines: list[Machine]
    shape: Shape
    steps_last: bool

    def troubled(self, step: Deed) -> Deed:
        """A step of the world, and trouble that begins with it or a little later."""

        def taken() -> None:
            step()
            faults, random = self.weather.stage.slack.faults, self.random
            faults.clear()
            rules = random.sample(FAULTS, random.randrange(5))
            if random.random() < 0.1:
                rules.append(random.choice(TRIED_AGAIN))
            for rule in rules:
                faults.add(replace(rule, probability=random.choice((0.05, 0.2, 0.5))))
            for likelihood, trouble in (
                (0.25, self._token),
                (0.25, self._archived),
                (0.15, self._kicked),
                (0.35, self._clock),
            ):
                if random.random() < likelihood:
                    trouble()

        return taken

    def _token(self) -> None:
        """Refused for some minutes."""
        admin, state = self.weather.stage.slack.admin, self.random.choice(TOKENS)
        self._soon(lambda: admin.spoil_token(state), lambda: admin.spoil_token(""))

    def _archived(self) -> None:
        """A channel is archived, and brought back."""
        slack = self.weather.stage.slack
        where = slack.workspace.world.channels[self.random.choice(self.shape.channels)]

        def archive(*, undo: bool) -> None:
            if where.is_archived is undo:
                slack.admin.archive(where.id, undo=undo)

        self._soon(lambda: archive(undo=False), lambda: archive(undo=True))

    def _kicked(self) -> None:
        """The bot is thrown out of a channel, and invited again."""
        slack, channel = self.weather.stage.slack, self.random.choice(self.shape.channels)
        members = slack.workspace.world.channels[channel].members
        bot = slack.workspace.world.bot

        def kick() -> None:
            if bot in members:
                slack.admin.kick(channel)

        def invite() -> None:
            if bot not in members:
                slack.admin.invite(channel)

        self._soon(kick, invite)

    def _clock(self) -> None:
        """A machine's clock steps by an hour, and back again after a while."""
        machine, step = self.random.choice(self.machines), self.random.choice((HOUR, -HOUR))

        def by(step: timedelta) -> Deed:
            def stepped() -> None:
                machine.off += step

            return stepped

        longest = 2 * HOUR if self.steps_last else BELIEVED
        self._soon(by(step), by(-step), longest=longest)

    def _soon(
        self, deed: Deed, undone: Deed, *, longest: timedelta = timedelta(minutes=20)
    ) -> None:
        random, weather = self.random, self.weather
        within = random.choice((timedelta(), timedelta(seconds=3), timedelta(minutes=2)))

        def done() -> None:
            deed()
            weather.within(random, longest, undone)

        weather.within(random, within, done)
