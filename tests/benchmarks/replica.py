"""One process of the bot that delivers what waits in a database, for `fan_out` to measure.

    python -m tests.benchmarks.replica FAR_ADDRESS DATABASE REPLICAS

Prints "ready", begins when it is given a line, and delivers until its input ends; then prints its
CPU seconds and peak memory as a JSON object.
"""

import asyncio
import json
import resource
import sys
from contextlib import suppress
from functools import partial

from bot import app, plan, publish
from bot.archive import Archive, open_archive
from bot.collector import settle_in
from bot.courier import BEGUN, IN_FLIGHT, Courier
from bot.slack.chat import SlackChat
from bot.slack.clients import http_session, posting_client, reading_client


async def deliver(
    archive: Archive, address: str, replicas: int, started: asyncio.Event
) -> None:
    """Deliver until cancelled, as `bot.app` joins it."""
    clock = app.SystemClock()
    async with http_session() as session:
        chat = SlackChat(
            posting_client("xoxb-x", f"{address}/api/", session),
            reading_client("xoxb-x", f"{address}/api/", session),
        )
        pace = plan.Pacer()
        pace.share(replicas)
        line, door = asyncio.Semaphore(IN_FLIGHT), asyncio.Semaphore(BEGUN)
        work = publish.Round(archive.outbox, chat, clock, pace, line, door)
        courier = Courier(work, partial(app.next_turn, archive.outbox, pace, clock), clock)
        await started.wait()
        await courier.run()


async def main(address: str, database: str, replicas: str) -> None:
    """Wait for the word, deliver, tell what it cost."""
    archive = await open_archive(database)
    settle_in()
    started, loop = asyncio.Event(), asyncio.get_running_loop()
    working = asyncio.create_task(deliver(archive, address, int(replicas), started))
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    started.set()
    await loop.run_in_executor(None, sys.stdin.read)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    await archive.close()
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(used.ru_utime + used.ru_stime, 1)
    print(json.dumps({"cpu_s": cpu, "peak_mb": round(used.ru_maxrss / 1024)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
