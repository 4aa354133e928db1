"""Deliveries to the bot: which way they go, how often, and what goes wrong on order.

Commands and interactions are tried once while a person waits; events in the background, again
after a while. /apis/events-api (read 2026-08-20).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.sandbox.call import Site
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Exchange, Traffic
from bot.sandbox.shapes import Obj, obj, string
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import Event
from bot.sandbox.transports import FLAWS, Ack, Http, Parcel

_ACK_SECONDS = 3.0
_RETRY_PAUSES = (0.0, 60.0, 300.0)  # seconds: at once, after a minute, after five


class Dispatcher:
    """Hands parcels to whichever transport the app uses: its request URL if set, else sockets."""

    def __init__(
        self,
        site: Site,
        http: Http,
        sockets: Sockets,
        faults: Faults,
        traffic: Traffic,
    ) -> None:
        self.ack_seconds = _ACK_SECONDS
        self.retry_pauses: Sequence[float] = _RETRY_PAUSES
        self._site = site
        self._http = http
        self._sockets = sockets
        self._faults = faults
        self._traffic = traffic
        self._tasks: set[asyncio.Task[None]] = set()

    async def deliver(self, parcel: Parcel, channel: str = "") -> Ack:
        """Deliver once."""
        name = f"deliver.{parcel.kind}"
        rule = self._faults.strike(name, channel)
        kind = rule.kind if rule else ""
        loop = asyncio.get_running_loop()
        started, at = loop.time(), self._site.workspace.now()
        if rule:
            await asyncio.sleep(rule.delay_ms / 1000)
        ack = await self._sent(parcel, kind)
        self._traffic.add(
            Exchange(
                at.isoformat(),
                "out",
                name,
                {**parcel.payload, "channel": channel},
                ack.status,
                ack.code,
                ack.body,
                round((loop.time() - started) * 1000),
                kind,
            )
        )
        return ack

    async def _sent(self, parcel: Parcel, fault: str) -> Ack:
        if fault == "lose":
            return Ack("http_timeout", 0, no_retry=True)
        flawed = replace(parcel, flaw=fault if fault in FLAWS else "")
        over_http = bool(self._http.url)
        copies = [flawed]
        if fault == "duplicate" and over_http:  # a socket doubles the envelope itself
            copies.append(flawed)
        if fault == "retry":
            copies.append(replace(flawed, retry=parcel.retry + 1, reason="http_timeout"))
        transport = self._http if over_http else self._sockets
        sent = (transport.send(copy, self.ack_seconds) for copy in copies)
        return (await asyncio.gather(*sent))[0]

    def happened(self, event: Event) -> None:
        """Take an event; it leaves in the background if the app subscribed to its kind."""
        if event.kind in self._site.app.events:
            task = asyncio.get_running_loop().create_task(self._event(event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _event(self, event: Event) -> None:
        envelope = self._envelope(event)
        channel = string(event.body.get("channel"))
        ack = await self.deliver(Parcel("events_api", envelope), channel)
        for number, pause in enumerate(self.retry_pauses, start=1):
            if not ack.code or ack.no_retry:
                return
            await asyncio.sleep(pause)
            retry = Parcel("events_api", envelope, number, ack.code)
            ack = await self.deliver(retry, channel)

    def _envelope(self, event: Event) -> Obj:
        world = self._site.world
        return {
            "token": "sandbox",
            "team_id": world.team_id,
            "api_app_id": self._site.app.id,
            "event": {**event.body, "event_ts": self._site.workspace.next_ts()},
            "type": "event_callback",
            "event_id": self._site.workspace.mint("Ev"),
            "event_time": int(self._site.workspace.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": world.team_id,
                    "user_id": world.bot,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }

    async def verify(self) -> bool:
        """Ask the request URL for its challenge, as Slack does when it is entered."""
        challenge = self._site.workspace.mint("CH")
        payload: Obj = {"type": "url_verification", "token": "sandbox", "challenge": challenge}
        ack = await self.deliver(Parcel("events_api", payload))
        return challenge in (ack.body, obj(ack.body).get("challenge"))

    async def settled(self) -> None:
        """Wait until no event is on its way, retries included."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Drop what is still on its way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
