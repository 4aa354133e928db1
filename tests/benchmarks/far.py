"""A far side for measuring: a Slack that is slow and unreliable by numbers, in its own process.

    python -m tests.benchmarks.far --latency-ms 100 --faults 0.01

Prints its address. `GET /tally` tells what it was asked, what it holds, and what stands twice.
Takes the channel's workspace as the budget of a token; with `--limits` it is as strict as Slack.
"""

# ruff: noqa: S311 - dice, not secrets

import argparse
import asyncio
import json
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from random import Random

from aiohttp import web

MINUTE = 60.0
CALLS = {"chat.postMessage": 300, "chat.update": 50}


@dataclass
class Far:
    """What it does and what it has seen."""

    latency: float
    faults: float
    limits: bool
    random: Random
    calls: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    messages: dict[str, list[dict[str, object]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    seen: Counter[str] = field(default_factory=Counter)
    stored: int = 0
    lately: dict[tuple[str, str], deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    busy_until: dict[str, float] = field(default_factory=dict)
    most_at_once: int = 0
    at_once: int = 0

    def wait(self, method: str, channel: str) -> float:
        """Seconds until a call is allowed; counts it if it is now."""
        now = time.monotonic()
        calls = self.lately[channel.partition("-")[0], method]
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if len(calls) >= CALLS.get(method, 50):
            return MINUTE - (now - calls[0])
        if method == "chat.postMessage":
            free = max(self.busy_until.get(channel, now), now)
            if free - now > 1.0:  # one a second, and two at once
                return free - now - 1.0
            self.busy_until[channel] = free + 1.0
        calls.append(now)
        return 0.0

    def store(self, body: dict[str, object]) -> str:
        """Keep a message; answers its ts."""
        self.stored += 1
        ts = f"{time.time():.0f}.{self.stored:06d}"
        kept = {key: body[key] for key in ("metadata", "thread_ts") if key in body} | {"ts": ts}
        self.messages[str(body["channel"])].append(kept)
        if "metadata" in body:
            self.seen[body["metadata"]["event_payload"]["delivery"]] += 1  # type: ignore[index]
        return ts


async def post(request: web.Request) -> web.StreamResponse:
    """chat.postMessage: late, and now and then wrong."""
    far: Far = request.app[FAR]
    body = json.loads(await request.read())
    far.calls["chat.postMessage"] += 1
    if far.limits and (wait := far.wait("chat.postMessage", body["channel"])):
        return turned_away(far, int(wait) + 1)
    far.at_once += 1
    far.most_at_once = max(far.most_at_once, far.at_once)
    await asyncio.sleep(far.latency)
    far.at_once -= 1
    dice = far.random.random() / far.faults if far.faults else 9
    if dice < 1:
        return turned_away(far, 1)
    if dice < 2:
        far.told["http_500"] += 1
        return web.Response(status=500, text="oops")
    ts = far.store(body)
    if dice < 3 and request.transport:
        far.told["cut"] += 1
        request.transport.abort()
    far.told["ok"] += 1
    return web.json_response({"ok": True, "channel": body["channel"], "ts": ts})


def turned_away(far: Far, seconds: int) -> web.Response:
    """An answer with `Retry-After`."""
    far.told["429"] += 1
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
    )


async def update(request: web.Request) -> web.Response:
    """chat.update."""
    far: Far = request.app[FAR]
    body = json.loads(await request.read())
    far.calls["chat.update"] += 1
    if far.limits and (wait := far.wait("chat.update", body["channel"])):
        return turned_away(far, int(wait) + 1)
    await asyncio.sleep(far.latency)
    far.told["updated"] += 1
    far.seen[body["metadata"]["event_payload"]["delivery"]] += 1
    return web.json_response({"ok": True, "channel": body["channel"], "ts": body["ts"]})


async def history(request: web.Request) -> web.Response:
    """conversations.history and .replies: all that is there, newest first."""
    far: Far = request.app[FAR]
    asked = {**request.query, **(await request.post())}
    far.calls["looks"] += 1
    await asyncio.sleep(far.latency)
    thread = asked.get("ts")
    found = [
        message
        for message in reversed(far.messages[str(asked["channel"])])
        if message.get("thread_ts") == thread or message["ts"] == thread
    ]
    return web.json_response({"ok": True, "messages": found})


async def well_known(request: web.Request) -> web.Response:
    """Who the bot and its people are."""
    user = {"locale": "en-US", "tz": "Europe/London"}
    me = {"team_id": "T1", "team": "Team", "user_id": "U1", "bot_id": "B1"}
    return web.json_response({"ok": True, "user": user, **me})


async def different(request: web.Request) -> web.Response:
    """How many deliveries have come."""
    return web.Response(text=str(len(request.app[FAR].seen)))


async def tally(request: web.Request) -> web.Response:
    """Everything that was counted; a delivery is known by its metadata."""
    far: Far = request.app[FAR]
    return web.json_response(
        {
            "calls": far.calls,
            "told": far.told,
            "stored": far.stored,
            "different": len(far.seen),
            "doubles": sum(count - 1 for count in far.seen.values()),
            "most_at_once": far.most_at_once,
        }
    )


FAR = web.AppKey("far", Far)


async def main() -> None:
    """Serve until the process is ended."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--latency-ms", type=float, default=100)
    words.add_argument("--faults", type=float, default=0.01)
    words.add_argument("--limits", action="store_true")
    words.add_argument("--seed", type=int, default=7)
    chosen = words.parse_args()
    app = web.Application(client_max_size=2**24)
    app[FAR] = Far(chosen.latency_ms / 1000, chosen.faults, chosen.limits, Random(chosen.seed))
    app.router.add_post("/api/chat.postMessage", post)
    app.router.add_post("/api/chat.update", update)
    for method in ("conversations.history", "conversations.replies"):
        app.router.add_route("*", f"/api/{method}", history)
    app.router.add_get("/tally", tally)
    app.router.add_get("/different", different)
    for method in ("auth.test", "users.info", "conversations.join", "conversations.info"):
        app.router.add_route("*", f"/api/{method}", well_known)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    print(f"http://{address[0]}:{address[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
