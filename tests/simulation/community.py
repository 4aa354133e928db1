"""A community: its Slack, its posts, and its bot if that is up; what was wrong and when."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from bot import core
from bot.sandbox.shapes import Obj, obj
from bot.sandbox.state import Channel, Message
from bot.slack.identity import SlackRefusedError
from config.settings import ChannelSettings
from tests.simulation.writing import ZONE, Happening, Script
from tests.stage import ADA, GENERAL, LIN, MAINTAINERS, MEI, WEEKLY, ZH, Stage, staged

SETTLE = timedelta(minutes=10)
BEHIND = timedelta(seconds=3)
"""Slack's clock."""
NIGHT, LATER = "C0000NIGHT", "C0000LATER"
CHANNELS: tuple[dict[str, object], ...] = (
    {"id": WEEKLY},
    {"id": GENERAL, "style": "card", "send": {"weekday": "fri", "at": "17:00"}},
    # 02:30 on a Sunday is a time that is skipped once a year and comes twice once a year.
    {"id": ZH, "style": "full", "language": "zh", "send": {"weekday": "sun", "at": "02:30"}},
    {"id": NIGHT, "style": "card", "quiet": "22:00-08:00"},
)
FIRST: tuple[str, ...] = tuple(str(channel["id"]) for channel in CHANNELS)
EVENTS = "events"
ISSUES = ["*/index.md", "issues/*/index.md", "archive-*/*.md"]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something was wrong from `begin` to `end`, in one channel or, if "", everywhere."""

    what: str
    channel: str
    begin: datetime
    end: datetime


@dataclass
class Community:
    """Everything there is. `waiting` is what people want of the bot while it is down."""

    stage: Stage
    happened: Counter[str] = field(default_factory=Counter)
    incidents: list[Incident] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    subscribed: dict[str, list[tuple[datetime, datetime | None]]] = field(default_factory=dict)
    waiting: list[Happening] = field(default_factory=list)
    bot: core.Bot | None = None
    wanted: bool = True
    kill_after: int = 0
    began: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _process: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def now(self) -> datetime:
        """The virtual time."""
        return self.stage.clock.now()

    # -------------------------------------------------------------- processes

    async def start(self) -> None:
        """Start the bot if it ought to be up; Slack may refuse its token, then it stays down."""
        if self.bot is not None or not self.wanted:
            return
        stack = AsyncExitStack()
        with suppress(SlackRefusedError):
            self.bot = await stack.enter_async_context(self.stage.bot())
            self._process = stack
            self.over("down")
        if self.bot is None:
            self.wrong("down")

    async def stop(self) -> None:
        """End the process in order."""
        await self._process.aclose()
        self.bot = None

    async def restart(self) -> None:
        """End it and start another one, if it is up."""
        if self.bot is not None:
            await self.stop()
            await self.start()

    async def age(self) -> None:
        """Have all posts read anew, as if an older version had read them; stops the bot."""
        await self.stop()
        engine = create_engine(f"sqlite:///{self.stage.settings.data}/digestbot.db")
        with engine.begin() as connection:
            connection.execute(text("UPDATE sources SET reader = 0"))
        engine.dispose()

    # -------------------------------------------------------------- settings

    async def subscribe(self, channel: str) -> None:
        """An operator puts a channel into the settings, and starts the bot anew."""
        self._settle_on((*self.stage.settings.channels, ChannelSettings(id=channel)))
        self.subscribed.setdefault(channel, []).append((self.now, None))
        await self.restart()

    async def unsubscribe(self, channel: str) -> None:
        """And takes it out again."""
        left = (one for one in self.stage.settings.channels if one.id != channel)
        self._settle_on(tuple(left))
        begin, _ = self.subscribed[channel].pop()
        self.subscribed[channel].append((begin, self.now))
        await self.restart()

    def _settle_on(self, channels: tuple[ChannelSettings, ...]) -> None:
        self.stage.settings = self.stage.settings.model_copy(update={"channels": channels})

    def taking(self, moment: datetime) -> tuple[str, ...]:
        """The channels that were in the settings at a moment."""
        return tuple(
            channel
            for channel, times in self.subscribed.items()
            if any(begin <= moment and (end is None or moment < end) for begin, end in times)
        )

    # -------------------------------------------------------------- what there is

    @property
    def bot_id(self) -> str:
        """The bot as a member."""
        return self.stage.slack.workspace.world.bot

    def channel(self, channel: str) -> Channel:
        """A channel of Slack's."""
        found = self.stage.slack.workspace.channel(channel)
        assert found is not None
        return found

    def messages(self, channel: str) -> list[Message]:
        """What stands in a channel and its threads from the bot, in order of ts."""
        return [m for m in self.channel(channel).messages if m.metadata is not None]

    def wrong(self, what: str, channel: str = "") -> None:
        """Something is wrong from now on."""
        self.began.setdefault((what, channel), self.now)

    def over(self, what: str, channel: str = "") -> None:
        """It is over."""
        begin = self.began.pop((what, channel), None)
        if begin is not None:
            self.incidents.append(Incident(what, channel, begin, self.now))


def marked(message: Message) -> Obj:
    """What the metadata of a message says."""
    return obj(obj(message.metadata)["event_payload"])


@asynccontextmanager
async def a_community(folder: Path, script: Script) -> AsyncIterator[Community]:
    """A community at the beginning of a script; Slack's limits hold."""
    source = {"kind": "folder", "path": folder / "posts"}
    async with staged(
        folder,
        start=script.start,
        behind=BEHIND,
        site={"name": "Lanternfish", "timezone": ZONE.key, "url": "https://site.example"},
        sources=[
            source | {"id": "weekly", "include": ISSUES, "permalink": "/weekly/{slug}/"},
            source | {"id": EVENTS, "include": [f"{EVENTS}/*.md"], "role": "events"},
        ],
        publish={"settle": SETTLE},
        channels=CHANNELS,
        maintainers={"users": [MEI], "channel": MAINTAINERS},
    ) as stage:
        stage.slack.pace.on = True
        world = stage.slack.workspace.world
        for channel in (NIGHT, LATER):
            members = [ADA, LIN, MEI, world.bot]
            world.channels[channel] = Channel(channel, channel.lower(), members)
        community = Community(stage)
        for channel in FIRST:
            community.subscribed[channel] = [(community.now, None)]
        try:
            yield community
        finally:
            await community.stop()
