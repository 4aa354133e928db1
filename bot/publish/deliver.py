"""The second half: carry one row of the outbox through."""

import logging

from bot import plan
from bot.model import Delivery, DeliveryState, Settlement
from bot.ports import Chat, Clock, Outbox

logger = logging.getLogger(__name__)


async def deliver_next(outbox: Outbox, chat: Chat, clock: Clock) -> bool:
    """Claim one due row and settle it: look where its fate is unknown, else send.

    Any number may run at once. If it is cut off in the middle, the row says how far it came, and
    whoever claims it next goes on from there.

    Returns:
        False if nothing was due.
    """
    delivery = await outbox.claim(clock.now(), plan.LEASE)
    if delivery is None:
        return False
    if delivery.state is DeliveryState.UNKNOWN:
        look = await chat.look(delivery)
        await _settle(outbox, delivery, plan.after_look(delivery, look, now=clock.now()))
        return True
    settlement = plan.ready(delivery)
    if settlement is None:
        await _send(outbox, chat, clock, delivery)
    else:
        await _settle(outbox, delivery, settlement)
    return True


async def _send(outbox: Outbox, chat: Chat, clock: Clock, claimed: Delivery) -> None:
    delivery = await outbox.begin(claimed, clock.now())
    if delivery is None or plan.overslept(delivery, now=clock.now()):
        logger.info("delivery.left_to_others delivery=%s", claimed.id)
        return
    outcome = await chat.post(delivery)
    await _settle(outbox, delivery, plan.after(delivery, outcome, now=clock.now()))


async def _settle(outbox: Outbox, delivery: Delivery, settlement: Settlement) -> None:
    await outbox.settle(delivery, settlement)
    # The state is the verb: delivery.sent, delivery.held, delivery.refused, delivery.planned.
    logger.info(
        "delivery.%s post=%s channel=%s part=%d delivery=%s attempts=%d reason=%r",
        settlement.state.value,
        delivery.post,
        delivery.channel,
        delivery.part,
        delivery.id,
        delivery.attempts,
        settlement.reason,
    )
