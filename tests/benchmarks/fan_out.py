"""How long a fan-out takes, beside the shortest time in which it could be done.

    python -m tests.benchmarks.fan_out                                   # 10,000 over 1,000 workspaces
    python -m tests.benchmarks.fan_out --database postgresql://...
    python -m tests.benchmarks.fan_out --limits --workspaces 1 --channels 300 --parts 5
    python -m tests.benchmarks.fan_out --by loop                         # what a user would write
    python -m tests.benchmarks.fan_out --by gather

Prints one JSON object: makespan and ideal in seconds, their ratio, calls, doubles, losses, CPU seconds
and peak memory of this process; the far side has its own.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import app, plan, publish
from bot.archive import migrate, open_archive
from bot.courier import BEGUN, IN_FLIGHT, Courier
from bot.model.deliveries import Draft
from bot.model.ids import ChannelId, PostId, WorkspaceId
from bot.slack.chat import SlackChat
from bot.slack.clients import http_session, posting_client, reading_client
from formatters.message import Block, Message
from tests.fakes import an_entry, drafts

POST = PostId("weekly:a.md")
WORDS = "A week in which much happened, told in the words of those who did it. " * 12


@dataclass(frozen=True, slots=True)
class Size:
    """What is sent."""

    workspaces: int
    channels: int
    parts: int

    @property
    def deliveries(self) -> int:
        """All of them."""
        return self.workspaces * self.channels * self.parts


def rows(size: Size, post: PostId = POST) -> Iterator[Draft]:
    """The rows of one post, whose channels are called after their workspace."""
    block: Block = {"type": "section", "text": {"type": "plain_text", "text": WORDS}}
    now = datetime.now(UTC)
    for workspace in range(size.workspaces):
        channels = [f"C{workspace}-{channel}" for channel in range(size.channels)]
        for draft in drafts(post, channels=channels, parts=size.parts):
            yield replace(
                draft,
                channel=ChannelId(draft.channel),
                workspace=WorkspaceId(f"W{workspace}"),
                message=Message(f"Part {draft.part}", (block,) * 5),
                due_at=now,
            )


async def by_bot(size: Size, address: str, database: str) -> float:
    """Our own courier; answers seconds."""
    await migrate(database)
    archive = await open_archive(database)
    clock = app.SystemClock()
    await archive.register.save("weekly", [(an_entry("a.md"), ())])
    await archive.register.add(tuple(rows(size)))
    async with http_session() as session:
        chat = SlackChat(
            posting_client("xoxb-x", f"{address}/api/", session),
            reading_client("xoxb-x", f"{address}/api/", session),
        )
        pace = plan.Pacer()
        line, door = asyncio.Semaphore(IN_FLIGHT), asyncio.Semaphore(BEGUN)
        work = publish.Round(archive.outbox, chat, clock, pace, line, door)
        due = partial(app.next_turn, archive.outbox, pace, clock)
        started = time.monotonic()
        await Courier(work, due, clock).finish(timedelta(minutes=2))
        took = time.monotonic() - started
    counts = await archive.desk.counts()
    print({state.value: count for state, count in counts.items() if count}, file=sys.stderr)
    await archive.close()
    return took


def bodies(size: Size) -> Iterator[dict[str, object]]:
    """What a user would send, marked so that the far side can count it."""
    for draft in rows(size):
        payload = {"delivery": draft.id, "post": draft.post}
        yield {
            "channel": draft.channel,
            "text": draft.message.text,
            "blocks": list(draft.message.blocks),
            "metadata": {"event_type": "digest_delivery", "event_payload": payload},
        }


async def by_loop(size: Size, address: str) -> float:
    """slack-sdk, one after the other, trying again what fails."""
    client = AsyncWebClient("xoxb-x", base_url=f"{address}/api/")
    started = time.monotonic()
    for body in bodies(size):
        for _ in range(3):
            try:
                await client.api_call("chat.postMessage", json=body)
                break
            except SlackApiError as error:
                await asyncio.sleep(int(error.response.headers.get("Retry-After", 0)))
            except (aiohttp.ClientError, TimeoutError):
                continue
    return time.monotonic() - started


async def by_gather(size: Size, address: str) -> float:
    """slack-sdk with its default retry handlers, 64 at once."""
    line = asyncio.Semaphore(IN_FLIGHT)

    async def send(client: AsyncWebClient, body: dict[str, object]) -> None:
        async with line:
            await client.api_call("chat.postMessage", json=body)

    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient("xoxb-x", base_url=f"{address}/api/", session=session)
        started = time.monotonic()
        sending = (send(client, body) for body in bodies(size))
        await asyncio.gather(*sending, return_exceptions=True)
        return time.monotonic() - started


@asynccontextmanager
async def far(*words: str) -> AsyncIterator[str]:
    """The far side, in its own process; answers its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.far", *words, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


def ideal(size: Size, latency: float, *, limits: bool) -> float:
    """The shortest time, in seconds."""
    full_line = size.deliveries * latency / IN_FLIGHT
    if not limits:
        return full_line
    of_workspace = size.channels * size.parts / (300 / 60)
    return max(full_line, of_workspace, float(size.parts))


async def measured(chosen: argparse.Namespace) -> dict[str, object]:
    """Run once."""
    size = Size(chosen.workspaces, chosen.channels, chosen.parts)
    words = ["--latency-ms", str(chosen.latency_ms), "--faults", str(chosen.faults)]
    async with far(*words, *(["--limits"] if chosen.limits else [])) as address:
        with tempfile.TemporaryDirectory() as folder:
            database = chosen.database or f"sqlite:///{Path(folder)}/bench.db"
            if chosen.by == "bot":
                took = await by_bot(size, address, database)
            else:
                took = await (by_loop if chosen.by == "loop" else by_gather)(size, address)
        async with aiohttp.ClientSession() as session, session.get(f"{address}/tally") as told:
            tally = await told.json()
    shortest = ideal(size, chosen.latency_ms / 1000, limits=chosen.limits)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "by": chosen.by,
        "database": chosen.database.partition(":")[0] or "sqlite",
        "deliveries": size.deliveries,
        "makespan_s": round(took, 2),
        "ideal_s": round(shortest, 2),
        "ratio": round(took / shortest, 3),
        "lost": size.deliveries - tally["different"],
        **tally,
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def main() -> None:
    """Read the words of the command line, measure, print."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--by", choices=("bot", "loop", "gather"), default="bot")
    words.add_argument("--database", default="")
    words.add_argument("--workspaces", type=int, default=1000)
    words.add_argument("--channels", type=int, default=10, help="of each workspace")
    words.add_argument(
        "--parts", type=int, default=1, help="of each channel: a card, its thread"
    )
    words.add_argument("--latency-ms", type=float, default=100)
    words.add_argument("--faults", type=float, default=0.01, help="share of each kind of fault")
    words.add_argument("--limits", action="store_true", help="Slack's own limits")
    print(json.dumps(asyncio.run(measured(words.parse_args()))))


if __name__ == "__main__":
    main()
