"""Record what announcements mean: the gatherings that members are told of."""

import logging
from functools import partial

from bot import plan
from bot.agenda import Agenda
from bot.aside import Aside, at_once
from bot.ports.outside import Clock

logger = logging.getLogger(__name__)

TRIES = 3
"""How often gatherings are joined anew at once, because somebody wrote in between."""


async def gather(agenda: Agenda, *, clock: Clock, aside: Aside = at_once) -> int:
    """Join announcements, where something may have changed, and write what came of it.

    Args:
        agenda: where announcements are read and gatherings written.
        clock: the time.
        aside: where they are joined.

    Returns:
        How many gatherings are new or have changed; 0 also where others go on writing: a later
        look at a source finds the rest.
    """
    for _ in range(TRIES):
        now = clock.now()
        unjoined = await agenda.unjoined(now)
        if unjoined is None:
            return 0
        gathered = await aside(partial(plan.joined, unjoined, now))
        if await agenda.record(unjoined, gathered, now):
            for one in gathered:
                logger.info("gathering.changed uid=%s state=%s", one.uid, one.state)
            return len(gathered)
    return 0
