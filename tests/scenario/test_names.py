"""No name can be resolved for a while: nothing lost, nothing twice, said once."""

import asyncio
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import server
from tests.far_side import Page, rss, rss_item, serving
from tests.needs import ROOT
from tests.scenario.test_hardship_killed import (
    CHANNELS,
    EXPECTED,
    complete,
    environment,
    look_at_nothing,
    publish,
    standing,
)
from tests.scenario.test_outage import told
from tests.stage import until

SLACK, NEWS = "slack.digestbot.test", "news.digestbot.test"
REMEMBERED = 11.0
"""Seconds: so long aiohttp keeps an address."""
INSIDE = (
    'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf && shift 2 && exec "$@"'
)


def can_be_alone() -> bool:
    """Whether this machine lets us have files of names of our own (Linux, unless forbidden)."""
    if shutil.which("unshare") is None:
        return False
    alone = ("unshare", "--map-root-user", "--mount", "true")
    return subprocess.run(alone, check=False, capture_output=True).returncode == 0  # noqa: S603 - our own words


pytestmark = [
    pytest.mark.skipif(not can_be_alone(), reason="names of our own need mount namespaces"),
    pytest.mark.timeout(180),
]


@dataclass(frozen=True)
class Names:
    """The names that a process knows, and no name server behind them."""

    folder: Path

    @property
    def within(self) -> tuple[str, ...]:
        """The command that runs others with these names."""
        files = (self.folder / "hosts", self.folder / "resolv.conf")
        alone = ("unshare", "--map-root-user", "--mount", "sh", "-c", INSIDE, "sh")
        return (*alone, *map(str, files))

    def live(self) -> None:
        """All can be resolved."""
        (self.folder / "hosts").write_text(
            f"127.0.0.1 localhost {SLACK} {NEWS}\n", encoding="ascii"
        )

    def die(self) -> None:
        """None can: the name server that would know more does not answer."""
        (self.folder / "hosts").write_text("127.0.0.1 localhost\n", encoding="ascii")


@pytest.fixture
def names(tmp_path: Path) -> Names:
    """Names that can be resolved."""
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="ascii")
    made = Names(tmp_path)
    made.live()
    return made


def by_name(url: str, name: str) -> str:
    """An address of this machine, by another name."""
    return url.replace("127.0.0.1", name)


async def test_names_that_cannot_be_resolved_for_a_while_cost_nothing(
    tmp_path: Path, names: Names
):
    """Slack and a feed are out of reach together; what waits goes out when they are back."""
    page = Page(body=rss(rss_item("old")))
    async with server.running_town(pace=False, seed=7) as town, serving(page) as feed:
        slack = town.home
        url = f"sqlite:///{tmp_path}/digest.db"
        news = {"id": "news", "kind": "feed", "url": by_name(feed, NEWS), "every": "1s"}
        given = environment(tmp_path, slack, url, sources=[news], fetch={"allow": [NEWS]})
        environ = {**given, "SLACK_API_URL": by_name(slack.api_url, SLACK)}
        await look_at_nothing(url)
        async with told(environ, within=names.within) as bot:
            names.die()
            await asyncio.sleep(REMEMBERED)
            await town.door.shut()  # lines that stand need no name
            await town.door.open()
            publish(tmp_path / "posts")
            await until(lambda: bot.count("slack.unreachable") > 0)
            await until(lambda: bot.count("source.not_read source=news") > 0)
            await asyncio.sleep(5)
            assert standing(slack, CHANNELS[0]) == []
            names.live()
            await until(complete(slack), within=timedelta(seconds=60))

        assert {channel: standing(slack, channel) for channel in CHANNELS} == dict.fromkeys(
            CHANNELS, EXPECTED
        )
        said = ("slack.unreachable", "slack.reached_again", "source.not_read source=news")
        assert [bot.count(words) for words in said] == [1, 1, 1]


async def test_a_start_without_names_says_what_cannot_be_reached(tmp_path: Path, names: Names):
    """The address and what to look at, in words."""
    names.die()
    async with server.running(pace=False, seed=7) as slack:
        given = environment(tmp_path, slack, f"sqlite:///{tmp_path}/digest.db")
        environ = {**given, "SLACK_API_URL": by_name(slack.api_url, SLACK)}
        process = await asyncio.create_subprocess_exec(
            *names.within, sys.executable, "-m", "bot", "once",
            cwd=ROOT, env=environ, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, words = await process.communicate()

    assert process.returncode == 1
    assert f"Slack at http://{SLACK}" in words.decode()
    assert "check the network" in words.decode()
