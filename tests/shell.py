"""The command line in one process with its tests, as an operator calls it in a shell."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from click.testing import CliRunner, Result

from bot.cli.verbs import digestbot as group
from bot.sandbox import server
from bot.sandbox.shapes import Obj
from config.environment import process_environment
from tests.needs import ROOT
from tests.stage import MEI, WEEKLY

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def digestbot(*words: str | Path, env: Mapping[str, str] | None = None) -> Result:
    """Call a verb, with only these settings in the environment."""
    with own_log():
        return CliRunner().invoke(
            group, [str(word) for word in words], env=only(env or {}), prog_name="digestbot"
        )


def only(env: Mapping[str, str]) -> dict[str, str | None]:
    """Changes to the environment that leave none of our variables but these, and no proxy."""
    strangers = [name for name in process_environment() if is_ours(name)]
    return {**dict.fromkeys(strangers), **env}


def is_ours(name: str) -> bool:
    """Whether a variable could change what a verb does."""
    if name.upper() in {*PROXIES, "PORT", "DATABASE_URL", "DATABASE_URL_FILE"}:
        return True
    return name.startswith(("SLACK_", "DIGESTBOT_")) and "_TEST_" not in name


@contextmanager
def own_log() -> Iterator[None]:
    """Verbs set the log up for their process; ours goes on as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []  # which nothing can close then
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)


async def start(
    *words: str | Path, env: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """Start the command line as a process of its own."""
    strangers = {name for name in process_environment() if is_ours(name)}
    around = {k: v for k, v in process_environment().items() if k not in strangers}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *[str(word) for word in words],
        cwd=ROOT,
        env={**around, "PYTHONUNBUFFERED": "1", **(env or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def said(process: asyncio.subprocess.Process, *words: bytes) -> bytes:
    """Wait until a process has said all of this on stderr; answers what it said so far."""
    assert process.stderr is not None
    heard = b""
    async with asyncio.timeout(40):
        while any(word not in heard for word in words):
            line = await process.stderr.readline()
            assert line, heard.decode()
            heard += line
    return heard


@dataclass
class Office:
    """A workspace, a folder of posts, and an operator's settings for both.

    The clock is the machine's own, as it is for an operator.
    """

    slack: server.Sandbox
    folder: Path
    settings: dict[str, object]
    env: dict[str, str] = field(default_factory=dict)

    async def call(self, *words: str | Path) -> Result:
        """Call a verb beside the running Slack."""
        self.save()
        return await asyncio.to_thread(digestbot, *words, env=self.env)

    def save(self) -> None:
        """Write the settings down."""
        file = self.folder / "digestbot.yaml"
        file.write_text(yaml.safe_dump(self.settings), "utf-8")
        self.env["DIGESTBOT_CONFIG"] = str(file)

    @property
    def data(self) -> Path:
        """The folder of the database."""
        return self.folder / "data"

    def publish(self, name: str, *, hours_ago: float = 1, text: str = "Hello.") -> Path:
        """Publish a post of a while ago."""
        date = (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat(timespec="seconds")
        path = self.folder / "posts" / name / "index.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: Weekly {name}\ndate: {date}\n---\n\n{text}\n", "utf-8")
        return path

    def cards(self, channel: str = WEEKLY) -> list[str]:
        """First lines of what the bot posted to a channel."""
        shown: list[Obj] = self.slack.sight.timeline(MEI, channel)
        return [str(m["text"]).splitlines()[0] for m in shown if not m["ephemeral"]]


@asynccontextmanager
async def office(folder: Path, *, database: str = "") -> AsyncIterator[Office]:
    """A sandbox, and complete settings for it that send at once."""
    (folder / "posts").mkdir()
    async with server.running(pace=False, seed=7) as slack:
        settings: dict[str, object] = {
            "site": {"name": "Lanternfish", "url": slack.url, "timezone": "Asia/Shanghai"},
            "sources": [{"id": "weekly", "path": "posts"}],
            "publish": {"settle": "0s"},
            "channels": [{"id": WEEKLY, "style": "card"}],
            "data": "data",
        }
        env = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "PORT": "0",
        } | ({"DATABASE_URL": database} if database else {})
        made = Office(slack, folder, settings, env)
        made.save()
        yield made
