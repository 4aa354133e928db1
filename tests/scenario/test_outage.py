"""The database away or full while the bot is at work: nothing lost, nothing twice, said once."""

import asyncio
import resource
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from bot.archive.fellows import plain
from bot.plan import LEASE
from bot.sandbox import server
from bot.sandbox.faults import Rule
from tests import needs
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
from tests.stage import WEEKLY, until

pytestmark = [
    pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux has it"),
    pytest.mark.timeout(180 + needs.seconds_away()),
]
AWAY = needs.seconds_away()
"""Longer than the bot waits between two attempts; see CONTRIBUTING.md for longer ones."""


@dataclass
class Wire:
    """A line to a server, which can be cut, or carry nothing."""

    host: str
    port: int
    there: bool = True
    writers: set[asyncio.StreamWriter] = field(default_factory=set)
    carries: asyncio.Event = field(default_factory=asyncio.Event)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both ways, until one end closes."""
        if not self.there:
            writer.close()
            return
        other, onward = await asyncio.open_connection(self.host, self.port)
        self.writers |= {writer, onward}
        await asyncio.gather(self.pipe(reader, onward), self.pipe(other, writer))

    def cut(self) -> None:
        """No connection survives, none is made."""
        self.there = False
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()

    async def pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what comes, as soon as the line carries anything."""
        try:
            while data := await reader.read(65536):
                await self.carries.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A line to a database, and the database's address at its near end."""
    far = make_url(url)
    wire = Wire(far.host or "127.0.0.1", far.port or 5432)
    wire.carries.set()
    listening = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    near = far.set(host="127.0.0.1", port=port)
    try:
        yield wire, near.render_as_string(hide_password=False)
    finally:
        wire.carries.set()
        wire.cut()
        listening.close()


@dataclass
class Told:
    """A process, and its log."""

    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)

    def count(self, words: str) -> int:
        """In how many lines something is said."""
        return sum(words in line for line in self.log)


@asynccontextmanager
async def told(
    environ: Mapping[str, str], *, within: Sequence[str] = ()
) -> AsyncIterator[Told]:
    """`digestbot run`, until it is told to stop; it has to do so in order.

    `within` is a command that runs others.
    """
    process = await asyncio.create_subprocess_exec(
        *within, sys.executable, "-m", "bot", "run",
        cwd=ROOT, env=environ, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    made = Told(process)

    async def listen() -> None:
        assert process.stderr is not None
        while line := await process.stderr.readline():
            made.log.append(line.decode())

    listening = asyncio.create_task(listen())
    try:
        await until(lambda: made.count("bot.started") == 1, within=timedelta(seconds=40))
        yield made
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
        await listening
    assert process.returncode == 0


def begun(slack: server.Sandbox) -> bool:
    """Whether the first messages are there, and others under way."""
    return bool(standing(slack, WEEKLY))


def all_is_well(slack: server.Sandbox, bot: Told, *, quiet: bool = False) -> None:
    """Each message once and in order; the trouble was said, and each sort of it once.

    `quiet` is said of trouble that a call cannot tell from a slow answer.
    """
    assert {channel: standing(slack, channel) for channel in CHANNELS} == dict.fromkeys(
        CHANNELS, EXPECTED
    )
    troubles = [
        bot.count(words)
        for words in ("delivery.interrupted", "delivery.not_written_yet", "source.not_archived")
    ]
    assert max(troubles) == 1 or (quiet and max(troubles) == 0)
    assert bot.count("delivery.goes_on") == bot.count("delivery.interrupted")


@asynccontextmanager
async def cut(wire: Wire, _: str) -> AsyncIterator[None]:
    """No connection survives, none is made."""
    wire.cut()
    yield
    wire.there = True


@asynccontextmanager
async def silent(wire: Wire, _: str) -> AsyncIterator[None]:
    """Nothing is refused and nothing answered, as by a firewall that drops everything."""
    wire.carries.clear()
    yield
    wire.carries.set()


@asynccontextmanager
async def shut_out(_: Wire, url: str) -> AsyncIterator[None]:
    """The server shows everybody out and lets nobody in, as while it is being restarted."""
    far = make_url(url)
    database = sql.Identifier(far.database or "")
    server = await psycopg.AsyncConnection.connect(
        plain(far.set(database="postgres")), autocommit=True
    )
    async with server:
        await server.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database)
        )
        await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (far.database,),
        )
        yield
        await server.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database)
        )


@pytest.mark.postgres
@pytest.mark.parametrize("away", [cut, silent, shut_out])
async def test_a_database_that_is_away_for_a_while_costs_nothing(
    tmp_path: Path, postgres_url, away
):
    """What Slack took meanwhile is written down when it is back, and not looked for."""
    async with server.running(pace=False, seed=7) as slack, wired(postgres_url) as (wire, url):
        environ = environment(tmp_path, slack, url)
        await look_at_nothing(url)
        slack.faults.add(Rule("delay", method="chat.postMessage", delay_ms=300))
        slack.faults.add(Rule("error", method="conversations.*", error="missing_scope"))
        async with told(environ) as bot:
            publish(tmp_path / "posts")
            await until(lambda: begun(slack), within=timedelta(seconds=30))
            async with away(wire, postgres_url):
                await asyncio.sleep(AWAY)
            await until(complete(slack), within=LEASE + timedelta(seconds=30))
            listening = "replicas.listening_again"
            await until(lambda: bot.count(listening) > 0, within=timedelta(seconds=30))

        all_is_well(slack, bot, quiet=away is silent)
        assert (bot.count("replicas.cut_off"), bot.count(listening)) == (1, 1), bot.log


async def test_a_disk_that_is_full_for_a_while_costs_nothing(tmp_path: Path):
    """The file may grow no more; then there is room again."""
    async with server.running(pace=False, seed=7) as slack:
        url = f"sqlite:///{tmp_path}/digest.db"
        environ = environment(tmp_path, slack, url)
        await look_at_nothing(url)
        slack.faults.add(Rule("delay", method="chat.postMessage", delay_ms=300))
        async with told(environ) as bot:
            publish(tmp_path / "posts")
            await until(lambda: begun(slack), within=timedelta(seconds=30))
            before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
            await asyncio.sleep(AWAY)
            resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)
            await until(complete(slack), within=timedelta(seconds=60))

        all_is_well(slack, bot)
