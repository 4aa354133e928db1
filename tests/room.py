"""A source, a clock and an archive in one room, for tests of discovery."""

from dataclasses import dataclass
from datetime import timedelta

from bot import publish
from bot.archive import Archive
from bot.model.ids import PostId
from bot.model.posts import Role
from config.settings import ChannelSettings, PublishSettings, Settings, SiteSettings
from formatters.document import Site
from tests.fakes import FakeSource, FixedClock

SITE = Site(
    name="Lanternfish", url="https://lantern.example", zone="Asia/Shanghai", language="zh"
)


def a_post(title: str, day: int = 20, body: str = "## News\n\nHello **world**.") -> str:
    """A post of November 2026."""
    return f"---\ntitle: {title}\ndate: 2026-11-{day:02} 08:00:00 +0800\n---\n\n{body}\n"


@dataclass
class Room:
    """A source, a clock and an archive, and what an operator chose."""

    archive: Archive
    source: FakeSource
    clock: FixedClock
    settings: Settings
    every: timedelta | None = None

    async def look(self, role: Role = Role.ISSUES, site: Site = SITE) -> publish.Discovery:
        """Discover once."""
        return await publish.discover(
            self.source,
            role=role,
            site=site,
            register=self.archive.register,
            clock=self.clock,
            settings=self.settings,
            every=self.every,
        )

    async def settled_look(self) -> publish.Discovery:
        """Look, let the settle window pass, look again."""
        await self.look()
        self.clock.advance(minutes=10)
        return await self.look()

    async def rows(self, path: str):
        """The rows of a post."""
        return await self.archive.desk.deliveries(PostId(f"weekly:{path}"))

    async def entry(self, path: str):
        """A post as it is archived."""
        return await self.archive.desk.post(PostId(f"weekly:{path}"))


def settings(*channels: ChannelSettings, **publish: object) -> Settings:
    """Settings with two channels unless others are given."""
    return Settings.model_validate(
        {
            "site": SiteSettings(timezone="Asia/Shanghai", language="zh"),
            "channels": channels or (ChannelSettings(id="C1"), ChannelSettings(id="C2")),
            "publish": PublishSettings.model_validate(publish),
        }
    )
