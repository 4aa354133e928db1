"""The second half: carry one row of the outbox through."""

import logging
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from bot import plan
from bot.model.deliveries import Act, Delivery, DeliveryState, Look, Outcome, Settlement, Turn
from bot.model.ids import DeliveryId, WorkspaceId
from bot.ports.outside import Chat, Clock, Pace
from bot.ports.writing import Outbox

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Apart:
    """A pace that gives no turn to what is carried already.

    A clock that steps forward ends the leases of calls that are under way: without this they
    would be looked for, found missing, and sent again.
    """

    pace: Pace
    hands: Collection[DeliveryId]

    def closed(self, act: Act, now: datetime) -> frozenset[WorkspaceId]:
        """As the pace."""
        return self.pace.closed(act, now)

    def on_trial(self) -> Collection[str]:
        """As the pace."""
        return self.pace.on_trial()

    def take(self, turn: Turn, now: datetime) -> bool:
        """As the pace, for what is in nobody's hands."""
        return turn.delivery not in self.hands and self.pace.take(turn, now)

    def heard(self, turn: Turn, outcome: Outcome | Look | None, now: datetime) -> None:
        """As the pace."""
        self.pace.heard(turn, outcome, now)

    def opens(self, now: datetime) -> datetime | None:
        """As the pace."""
        return self.pace.opens(now)


@dataclass(frozen=True, slots=True)
class Round:
    """Everything that a delivery passes through.

    `line` lets so many calls out at a time, and `door` not many more be begun than that: what is
    begun and not sent would have to be looked for after a crash. `hands` are the rows that are
    carried now. `quiet` tells when channels want nothing.
    """

    outbox: Outbox
    chat: Chat
    clock: Clock
    pace: Pace
    line: AbstractAsyncContextManager[object] = field(default_factory=nullcontext)
    door: AbstractAsyncContextManager[object] = field(default_factory=nullcontext)
    hands: set[DeliveryId] = field(default_factory=set)
    quiet: plan.Quiet = field(default_factory=plan.Quiet)

    async def claim(self, limit: int) -> tuple[Delivery, ...]:
        """Take what may go now, at most `limit`; each has to be carried."""
        now = self.clock.now()
        pace = Apart(self.pace, self.hands)
        return await self.outbox.claim(now, plan.LEASE, limit=limit, pace=pace)

    async def carry(self, claimed: Delivery) -> None:
        """Settle a claimed row: look where its fate is unknown, else send.

        Any number may run at once. If it is cut off in the middle, the row says how far it came,
        and whoever claims it next goes on from there.
        """
        outcome: Look | Outcome | None = None
        self.hands.add(claimed.id)
        try:
            if claimed.state is DeliveryState.UNKNOWN:
                outcome = await self._look(claimed)
            else:
                outcome = await self._send(claimed)
        finally:
            self.hands.discard(claimed.id)
            self.pace.heard(claimed.turn, outcome, self.clock.now())

    async def _look(self, delivery: Delivery) -> Look:
        async with self.line:
            look = await self.chat.look(delivery)
        await self._settle(delivery, plan.after_look(delivery, look, now=self.clock.now()))
        return look

    async def _send(self, claimed: Delivery) -> Outcome | None:
        async with self.door:
            settlement = plan.ready(claimed, now=self.clock.now(), quiet=self.quiet)
            if settlement is not None:
                await self._settle(claimed, settlement)
                return None
            delivery = await self.outbox.begin(claimed, self.clock.now())
            if delivery is None:
                logger.info("delivery.left_to_others delivery=%s", claimed.id)
                return None
            async with self.line:
                outcome = await self._call(delivery)
        if outcome is not None:
            await self._settle(delivery, plan.after(delivery, outcome, now=self.clock.now()))
        return outcome

    async def _call(self, delivery: Delivery) -> Outcome | None:
        """Call, unless it took too long to come here: others may look for it by now."""
        if plan.overslept(delivery, now=self.clock.now()):
            logger.info("delivery.overslept delivery=%s", delivery.id)
            return None
        call = self.chat.post if delivery.kind is Act.POST else self.chat.change
        return await call(delivery)

    async def _settle(self, delivery: Delivery, settlement: Settlement) -> None:
        await self.outbox.settle(delivery, settlement)
        # The state is the verb: delivery.sent, delivery.held, delivery.refused, delivery.planned.
        logger.info(
            "delivery.%s kind=%s post=%s channel=%s part=%d delivery=%s attempts=%d reason=%r",
            settlement.state.value,
            delivery.kind.value,
            delivery.post,
            delivery.channel,
            delivery.part,
            delivery.id,
            delivery.attempts,
            settlement.reason,
        )


async def deliver_next(outbox: Outbox, chat: Chat, clock: Clock, pace: Pace) -> bool:
    """Claim one due row and carry it through.

    Returns:
        False if nothing was due.
    """
    one_by_one = Round(outbox, chat, clock, pace)
    for delivery in await one_by_one.claim(1):
        await one_by_one.carry(delivery)
        return True
    return False
