"""How long a slash command waits for its HTTP answer, beside a bare Bolt app, at rest and in a fan-out.

    python -m tests.benchmarks.slash                    # five rounds, each server in turn
    python -m tests.benchmarks.slash --rounds 9 --verb latest

Sixteen commands are in flight, each signed. A command is over once it was answered over HTTP and, where
the bot says more through its response_url, once that has come, too. The bare app acknowledges and does
nothing else. Servers, the other side and this generator are processes of their own. Prints one JSON
object a round, then the medians of the ratios.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import app as ours
from bot.collector import settle_in
from config.settings import Settings
from tests.benchmarks.fan_out import Size, far, rows
from tests.simulation.texts import an_issue

SECRET = "a-signing-secret"
IN_FLIGHT = 16
WARM_UP = 200
PEOPLE = 50
ISSUES = 100
FAN_OUT = Size(workspaces=1000, channels=10, parts=1)


# ------------------------------------------------------------------ servers


async def serve_bare() -> None:
    """A Bolt app that acknowledges."""

    async def authorize(enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id="T1",
            bot_id="B1",
            bot_user_id="U1",
            bot_token="xoxb-x",
        )

    bolt = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @bolt.command("/digest")
    async def digest(ack) -> None:
        await ack("Here it is.")

    server = bolt.server(port=0, path="/slack/events", host="127.0.0.1")
    runner = web.AppRunner(server.web_app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def serve_bot(address: str, folder: Path) -> None:
    """The whole bot, with a hundred issues; a line on stdin begins a fan-out."""
    posts, dice = folder / "posts", Random(7)  # noqa: S311 - no secret
    for number in range(ISSUES):
        day = date(2024, 1, 5) + timedelta(weeks=number)
        path = posts / f"weekly-{number:03}" / "index.md"
        path.parent.mkdir(parents=True)
        path.write_text(an_issue(dice, f"Weekly {number}", day.isoformat()).text(), "utf-8")
    given = {
        "site": {"name": "Lanternfish", "url": "https://site.example"},
        "sources": [{"id": "weekly", "kind": "folder", "path": posts, "permalink": "/{slug}/"}],
        "data": folder / "data",
        "port": 0,
        "slack": {
            "bot_token": "xoxb-x",
            "signing_secret": SECRET,
            "api_url": f"{address}/api/",
        },
    }
    async with ours.serving(Settings.model_validate(given), clock=ours.SystemClock()) as bot:
        await bot.discover_all()  # the start waits for slow sources only so long
        settle_in()
        print(bot.port, flush=True)
        read = asyncio.get_running_loop().run_in_executor
        while await read(None, sys.stdin.readline):
            entry = await bot.archive.library.latest(datetime.now(UTC))
            assert entry is not None
            await bot.archive.register.add(tuple(rows(FAN_OUT, entry.id)))
            bot.courier.wake()
            print("begun", flush=True)


@asynccontextmanager
async def server(*words: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A server in its own process, and its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.slash",
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield process, int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


# ------------------------------------------------------------------ people


@dataclass
class People:
    """Who types: each command has a response_url of its own, at which its answer is waited for."""

    session: aiohttp.ClientSession
    address: str
    waits: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    count: int = 0

    async def told(self, request: web.Request) -> web.Response:
        """An answer comes through a response_url."""
        await request.read()
        wait = self.waits.get(request.match_info["key"])
        if wait is not None and not wait.done():
            wait.set_result(None)
        return web.Response(text="ok")

    async def ask(self, port: int, words: str, *, answered: bool) -> tuple[float, float]:
        """Type a command; answers milliseconds until HTTP and the answer itself had come."""
        self.count += 1
        key = str(self.count)
        self.waits[key] = asyncio.get_running_loop().create_future()
        body = urlencode(
            {
                "command": "/digest",
                "text": words,
                "team_id": "T1",
                "user_id": f"U{self.count % PEOPLE}",
                "channel_id": "C1",
                "trigger_id": f"1.{key}",
                "response_url": f"{self.address}/told/{key}",
            }
        )
        started = time.perf_counter()
        url = f"http://127.0.0.1:{port}/slack/events"
        async with self.session.post(url, data=body, headers=signed(body)) as answer:
            assert answer.status == 200, await answer.text()
            await answer.read()
        over_http = time.perf_counter() - started
        if answered:
            async with asyncio.timeout(30):
                await self.waits[key]
        del self.waits[key]
        return over_http * 1000, (time.perf_counter() - started) * 1000


def signed(body: str) -> dict[str, str]:
    """Headers as Slack sends them."""
    at = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
    }


@asynccontextmanager
async def the_people() -> AsyncIterator[People]:
    """Everybody at their keyboards."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        people = People(session, "")
        app = web.Application()
        app.router.add_post("/told/{key}", people.told)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        people.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield people
        await runner.cleanup()


async def flood(
    people: People, port: int, chosen: argparse.Namespace, *, answered: bool
) -> dict[str, float]:
    """So many commands, so many at a time."""
    left = iter(range(chosen.commands + WARM_UP))
    took: list[tuple[float, float]] = []

    async def type_on() -> None:
        for number in left:
            one = await people.ask(port, chosen.verb, answered=answered)
            if number >= WARM_UP:
                took.append(one)

    started = time.perf_counter()
    await asyncio.gather(*(type_on() for _ in range(IN_FLIGHT)))
    seconds = time.perf_counter() - started
    over_http, answers = ([one[place] for one in took] for place in (0, 1))
    return {
        "per_s": round((chosen.commands + WARM_UP) / seconds),
        "p50": percentile(over_http, 0.5),
        "p99": percentile(over_http, 0.99),
        "answer_p99": percentile(answers, 0.99),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """Of some values, in milliseconds."""
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2)


# ------------------------------------------------------------------ rounds


async def one_round(
    people: People,
    ports: tuple[int, int],
    bot: asyncio.subprocess.Process,
    chosen: argparse.Namespace,
) -> dict[str, object]:
    """Bare, ours, ours in a fan-out."""
    bare = await flood(people, ports[0], chosen, answered=False)
    idle = await flood(people, ports[1], chosen, answered=not chosen.acknowledged)
    await asyncio.sleep(1)
    assert bot.stdin is not None
    assert bot.stdout is not None
    bot.stdin.write(b"go\n")
    await bot.stdout.readline()
    await asyncio.sleep(1)
    busy = await flood(people, ports[1], chosen, answered=not chosen.acknowledged)
    return {"bare": bare, "idle": idle, "fan_out": busy}


async def measured(chosen: argparse.Namespace) -> None:
    """All rounds, each with servers of its own."""
    found: list[tuple[float, float]] = []
    for _ in range(chosen.rounds):
        with tempfile.TemporaryDirectory() as folder:
            async with (
                far("--latency-ms", "100", "--faults", "0") as address,
                server("bare") as (_, bare),
                server("bot", address, folder) as (bot, port),
                the_people() as people,
            ):
                told = await one_round(people, (bare, port), bot, chosen)
        p99 = [told[name]["p99"] for name in ("bare", "idle", "fan_out")]  # type: ignore[index]
        found.append((p99[1] / p99[0], p99[2] / p99[1]))
        print(json.dumps(told), flush=True)
    beside, busy = (statistics.median(one[place] for one in found) for place in (0, 1))
    print(json.dumps({"p99 beside bare": round(beside, 2), "in a fan-out": round(busy, 2)}))


def main() -> None:
    """Be one of the servers, or measure them."""
    logging.getLogger().setLevel(logging.ERROR)
    if sys.argv[1:2] == ["bare"]:
        asyncio.run(serve_bare())
    elif sys.argv[1:2] == ["bot"]:
        asyncio.run(serve_bot(sys.argv[2], Path(sys.argv[3])))
    else:
        words = argparse.ArgumentParser(
            description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        words.add_argument("--rounds", type=int, default=5)
        words.add_argument("--commands", type=int, default=2000)
        words.add_argument("--verb", default="latest")
        words.add_argument(
            "--acknowledged",
            action="store_true",
            help="do not wait for the response_url: answers pile up as fast as Bolt takes commands",
        )
        asyncio.run(measured(words.parse_args()))


if __name__ == "__main__":
    main()
