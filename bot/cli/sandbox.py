"""`digestbot sandbox`: the whole bot against a local Slack on this machine.

The only place outside `bot.sandbox` that knows of it. No account, no token; nothing leaves.
"""

import re
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Literal

import click

from bot import app
from bot.cli.options import LANGUAGE, SITE, zone_name
from bot.cli.serve import go, start_log
from bot.cli.stop import Stop, until_told
from bot.cli.words import say
from bot.sandbox import server
from config.environment import process_environment
from config.settings import (
    ChannelSettings,
    FolderSettings,
    MaintainerSettings,
    PublishSettings,
    Settings,
    SiteSettings,
    SlackSettings,
)

PORT = 8787
GLANCE = timedelta(seconds=2)
"""How often the sandbox looks into the folders: somebody is watching."""
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


EXAMPLES = Path(str(resources.files("bot") / "examples"))
LANTERNFISH = SiteSettings(name="Lanternfish", timezone="Asia/Shanghai", language="en")
WEEKLY, ZH = "C00WEEKLY", "C000000ZH"
PARTS: tuple[Literal["posts"], Literal["meetups"]] = ("posts", "meetups")
PLAIN = re.compile(r"[\w.-]+")
TAKEN = frozenset({"api", "sandbox", "response", "link", "archives", "pictures"})
"""First parts of addresses that the sandbox has for itself."""
MAINTAINERS = ("U00000MEI", "U0000NOOR")


@dataclass(frozen=True, slots=True)
class Community:
    """What the sandbox shows: posts, meetup pages, and the site around them."""

    posts: Path = EXAMPLES / "weekly"
    meetups: Path | None = EXAMPLES / "meetups"
    site: SiteSettings = LANTERNFISH

    @property
    def folders(self) -> Mapping[str, Path]:
        """What the sandbox serves, by the first part of the address."""
        meetups = {self.address("meetups"): self.meetups} if self.meetups else {}
        return meetups | {self.address("posts"): self.posts, "pictures": EXAMPLES / "pictures"}

    def address(self, part: Literal["posts", "meetups"]) -> str:
        """First part of the addresses of posts or meetups: the name of their folder.

        Sites mostly have them there: content/blog is /blog/. Odd names make way for plain ones.
        """
        names = {"posts": self.posts.resolve().name}
        if self.meetups:
            names["meetups"] = self.meetups.resolve().name
        name = names.get(part, part)
        plain = PLAIN.fullmatch(name) and name not in TAKEN
        return name if plain and list(names.values()).count(name) == 1 else part


@click.command()
@click.option(
    "--posts",
    type=FOLDER,
    help="Folder with posts, *.md at any depth. Default: the shipped examples.",
)
@click.option("--meetups", type=FOLDER, help="Folder with pages of meetups.")
@SITE
@click.option(
    "--zone",
    callback=zone_name,
    metavar="ZONE",
    help="Time zone of the site. Default: Asia/Shanghai.",
)
@LANGUAGE
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port of the page; a free one if it is taken.",
)
@click.option(
    "--browser/--no-browser",
    default=None,
    help="Open the page. Default: only on a desktop's terminal.",
)
def sandbox(  # noqa: PLR0913, PLR0917 - one for each option
    posts: Path | None,
    meetups: Path | None,
    site: str,
    zone: str | None,
    language: Literal["en", "zh"],
    port: int,
    browser: bool | None,  # noqa: FBT001
) -> None:
    """Try everything without a Slack account: a local Slack in the browser."""
    around = LANTERNFISH.model_copy(update={"language": language})
    community = Community(site=around)
    if posts:
        name = posts.resolve().name
        mine = {"name": name, "url": site, "timezone": zone or LANTERNFISH.timezone}
        community = Community(posts, meetups, around.model_copy(update=mine))
    elif meetups or site or zone:
        words = "--meetups, --site and --zone tell about posts of your own: add --posts FOLDER."
        raise click.UsageError(words)
    browser = on_a_desktop() if browser is None else browser
    with tempfile.TemporaryDirectory(prefix="digestbot-") as data:
        go(until_told(partial(play, community, Path(data), free_port(port), browser=browser)))


def on_a_desktop() -> bool:
    """Whether somebody sits here who would see a page open: no pipe, no remote shell."""
    screens = {"DISPLAY", "WAYLAND_DISPLAY"} & process_environment().keys()
    return sys.stdout.isatty() and (bool(screens) or sys.platform in {"win32", "darwin"})


async def play(
    community: Community, data: Path, port: int, stop: Stop, *, browser: bool
) -> None:
    """Run the local Slack and the bot until a signal comes."""
    async with server.running(port=port, folders=community.folders) as slack:
        settings = settings_for(slack, community, data)
        start_log(settings)
        async with app.serving(settings, clock=app.SystemClock()) as bot:
            slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
            greet(slack.url, community)
            if browser:
                webbrowser.open(slack.url)
            await stop.wait()
            say("Stopping.")


def settings_for(slack: server.Sandbox, community: Community, data: Path) -> Settings:
    """Settings of a bot whose Slack is the local one: only address, token and secret differ."""
    site = community.site
    if not site.url:
        site = site.model_copy(update={"url": slack.url})
    secret = {
        "bot_token": slack.bot_token,
        "signing_secret": slack.signing_secret,
        "api_url": slack.api_url,
    }
    return Settings(
        site=site,
        sources=tuple(sources_of(community)),
        # Posts of any age are news to somebody who tries the bot with them.
        publish=PublishSettings(settle=timedelta(), baseline="latest", late_after=None),
        channels=(
            ChannelSettings(id=WEEKLY),
            ChannelSettings(id=ZH, style="card", language="zh"),
        ),
        maintainers=MaintainerSettings(users=MAINTAINERS, channel="C0MAINTAI"),
        data=data,
        port=0,
        slack=SlackSettings.model_validate(secret),
    )


def sources_of(community: Community) -> Iterator[FolderSettings]:
    """The folders to look into."""
    posts, meetups = (f"/{community.address(part)}/{{path}}/" for part in PARTS)
    yield FolderSettings(id="weekly", path=community.posts, permalink=posts, every=GLANCE)
    if community.meetups:
        yield FolderSettings(
            id="meetups",
            path=community.meetups,
            role="events",
            permalink=meetups,
            every=GLANCE,
        )


def greet(url: str, community: Community) -> None:
    """Say where to look and what to try."""
    say(
        f"""
  The sandbox is open at  {url}

  - #weekly and #zh have the latest issue; open its thread.
  - Type /digest in the page: latest, list, search WORDS, meetups, help.
  - Act as a maintainer (top of the page) and type /digest status or /digest repost latest.
  - Drop a post into {community.posts}: it appears within seconds.

  Ctrl-C stops it. Nothing is kept, nothing leaves this machine.
"""
    )


def free_port(wanted: int) -> int:
    """The wanted port of loopback; 0 (= any) if it cannot be had, and words."""
    try:
        socket.create_server(("127.0.0.1", wanted)).close()
    except OSError:
        say(f"Port {wanted} cannot be had: the page takes a free one.")
        return 0
    return wanted
