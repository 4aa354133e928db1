"""How long a fan-out takes, beside the shortest time in which it could be done.

    python -m tests.benchmarks.fan_out                                   # 10,000 over 1,000 workspaces
    python -m tests.benchmarks.fan_out --database postgresql://... --replicas 3
    python -m tests.benchmarks.fan_out --limits --workspaces 1 --channels 300 --parts 5
    python -m tests.benchmarks.fan_out --limits --workspaces 1 --channels 300 --edits
    python -m tests.benchmarks.fan_out --by loop                         # what a user would write
    python -m tests.benchmarks.fan_out --by gather

Prints one JSON object: makespan and ideal in seconds, their ratio, calls, doubles, losses, CPU seconds
and peak memory of the process that sends, or of each. The far side, the bot and what measures them are
processes of their own. The ideal is that of one line of 64, however many replicas share the work.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.archive import Archive, migrate, open_archive
from bot.courier import IN_FLIGHT
from bot.model.deliveries import Act, DeliveryState, Draft, Edit, Settlement
from bot.model.ids import ChannelId, PostId, WorkspaceId
from formatters.message import Block, Message
from tests.fakes import Unhurried, an_entry, drafts

Told: TypeAlias = dict[str, object]
"""Seconds and what they cost."""
LOOK = 0.05
"""Seconds between two looks whether it is over."""
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


async def by_bot(
    size: Size, address: str, database: str, *, replicas: int, edits: bool
) -> Told:
    """Our own courier, in processes of their own; over once the far side has everything."""
    await migrate(database)
    archive = await open_archive(database)
    await archive.register.save("weekly", [(an_entry("a.md"), ())])
    await archive.register.add(tuple(rows(size)))
    if edits:
        await corrected(archive, size)
    async with AsyncExitStack() as stack:
        workers = [
            await stack.enter_async_context(helper("replica", address, database, str(replicas)))
            for _ in range(replicas)
        ]
        for worker in workers:
            await heard(worker)
        started = time.monotonic()
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write(b"begin\n")
        await arrived(address, size.deliveries)
        while (counts := await archive.desk.counts())[DeliveryState.SENT] < size.deliveries:
            await asyncio.sleep(LOOK)
        took = time.monotonic() - started
        ends = [await worker.communicate(b"end\n") for worker in workers]
    print({state.value: count for state, count in counts.items() if count}, file=sys.stderr)
    await archive.close()
    each = [json.loads(out) for out, _ in ends]
    return {
        "took": took,
        "cpu_s": [one["cpu_s"] for one in each],
        "peak_mb": [one["peak_mb"] for one in each],
    }


async def corrected(archive: Archive, size: Size) -> None:
    """Have every message sent, as if it had been long ago, and then corrected."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    settlement = Settlement(DeliveryState.SENT, long_ago, "", ts="1.0")
    fixed = {
        draft.id: Edit(
            target=draft.id,
            post=draft.post,
            workspace=draft.workspace,
            kind=Act.UPDATE,
            revision="r2",
            message=replace(draft.message, text="Corrected"),
            bare=draft.message,
            due_at=long_ago,
            reason="changed",
        )
        for draft in rows(size)
    }
    terms = (datetime.now(UTC), timedelta(minutes=1))
    while found := await archive.outbox.claim(*terms, limit=500, pace=Unhurried()):
        for one in found:
            if begun := await archive.outbox.begin(one, terms[0]):
                await archive.outbox.settle(begun, settlement)
    await archive.changes.change(tuple(fixed.values()), ())


async def arrived(address: str, wanted: int) -> None:
    """Wait until the far side has all messages."""
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{address}/different") as told:
                if int(await told.text()) >= wanted:
                    return
            await asyncio.sleep(LOOK)


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


async def by_loop(size: Size, address: str) -> Told:
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
    return told_of_me(time.monotonic() - started)


async def by_gather(size: Size, address: str) -> Told:
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
        return told_of_me(time.monotonic() - started)


def told_of_me(took: float) -> Told:
    """What this process took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "took": took,
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


@asynccontextmanager
async def helper(module: str, *words: str) -> AsyncIterator[Process]:
    """A process of the measurement's own, ended at the end."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.benchmarks.{module}", *words, stdin=pipe, stdout=pipe
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def far(*words: str) -> AsyncIterator[str]:
    """The far side, in its own process; answers its address."""
    async with helper("far", *words) as process:
        yield await heard(process)


async def heard(process: Process) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


def ideal(size: Size, latency: float, *, limits: bool, edits: bool) -> float:
    """The shortest time, in seconds."""
    full_line = size.deliveries * latency / IN_FLIGHT
    if not limits:
        return full_line
    of_workspace = size.channels * size.parts * 60 / (50 if edits else 300)
    return max(full_line, of_workspace, 0.0 if edits else float(size.parts))


async def measured(chosen: argparse.Namespace) -> dict[str, object]:
    """Run once."""
    size = Size(chosen.workspaces, chosen.channels, chosen.parts)
    words = ["--latency-ms", str(chosen.latency_ms), "--faults", str(chosen.faults)]
    async with far(*words, *(["--limits"] if chosen.limits else [])) as address:
        with tempfile.TemporaryDirectory() as folder:
            database = chosen.database or f"sqlite:///{Path(folder)}/bench.db"
            if chosen.by == "bot":
                told = await by_bot(
                    size, address, database, replicas=chosen.replicas, edits=chosen.edits
                )
            else:
                told = await (by_loop if chosen.by == "loop" else by_gather)(size, address)
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{address}/tally") as answer,
        ):
            tally = await answer.json()
    shortest = ideal(size, chosen.latency_ms / 1000, limits=chosen.limits, edits=chosen.edits)
    took = float(str(told.pop("took")))
    return {
        "by": chosen.by,
        "replicas": chosen.replicas,
        "database": chosen.database.partition(":")[0] or "sqlite",
        "deliveries": size.deliveries,
        "makespan_s": round(took, 2),
        "ideal_s": round(shortest, 2),
        "ratio": round(took / shortest, 3),
        "lost": size.deliveries - tally["different"],
        **tally,
        **told,
    }


def main() -> None:
    """Read the words of the command line, measure, print."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--by", choices=("bot", "loop", "gather"), default="bot")
    words.add_argument("--database", default="")
    words.add_argument("--replicas", type=int, default=1, help="processes of the bot")
    words.add_argument("--workspaces", type=int, default=1000)
    words.add_argument("--channels", type=int, default=10, help="of each workspace")
    words.add_argument(
        "--parts", type=int, default=1, help="of each channel: a card, its thread"
    )
    words.add_argument("--latency-ms", type=float, default=100)
    words.add_argument("--faults", type=float, default=0.01, help="share of each kind of fault")
    words.add_argument("--edits", action="store_true", help="corrections instead of posts")
    words.add_argument("--limits", action="store_true", help="Slack's own limits")
    print(json.dumps(asyncio.run(measured(words.parse_args()))))


if __name__ == "__main__":
    main()
