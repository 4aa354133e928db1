"""What was announced, changed afterwards: corrected in place, or recalled.

Calls ports in order and decides nothing.
"""

import logging
from collections.abc import Sequence
from functools import partial

from bot import plan
from bot.aside import Aside, at_once
from bot.model.deliveries import Draft, Edit, Standing
from bot.model.ids import ChannelId, PostId
from bot.model.posts import Entry
from bot.ports.outside import Clock
from bot.ports.writing import Changes, Register
from bot.publish.rows import composition
from config.settings import Settings
from formatters.document import Site

logger = logging.getLogger(__name__)

Correction = tuple[tuple[Edit, ...], tuple[Draft, ...]]


async def correct(
    entry: Entry,
    *,
    site: Site,
    changes: Changes,
    clock: Clock,
    settings: Settings,
    aside: Aside = at_once,
) -> int:
    """Plan what brings the channels of the settings from what they show to a post as it is.

    Done twice it writes nothing twice. Nothing at all is done with `publish.edits` off.

    Args:
        entry: the announced post, as the archive has it now.
        site: what the site around the post lends to it.
        changes: where it is written.
        clock: the time.
        settings: which channels there are, and how they want their posts.
        aside: where the post is composed.

    Returns:
        How many messages are changed, added or taken away.

    Raises:
        PostError: the archived text cannot be read.
    """
    if settings.publish.edits == "off":
        return 0
    standing = await changes.standing(entry.id)
    planning = partial(_corrections, entry, standing, site, clock, settings)
    edits, drafts = await aside(planning)
    edits = (*edits, *await renamed(standing, changes=changes, clock=clock, settings=settings))
    if edits or drafts:
        await changes.change(edits, drafts)
    logger.info("post.corrected post=%s edits=%d rows=%d", entry.id, len(edits), len(drafts))
    return len(edits) + len(drafts)


async def recall(
    entry: Entry,
    *,
    strike: bool,
    changes: Changes,
    register: Register,
    clock: Clock,
    settings: Settings,
) -> int:
    """Take a post out of every channel, or strike it through; no message names it any more.

    Returns:
        How many messages that concerns.
    """
    standing = await changes.standing(entry.id)
    named = await renamed(
        standing, changes=changes, clock=clock, settings=settings, without=entry.id
    )
    edits = (*plan.recalls(standing, strike=strike, now=clock.now()), *named)
    await changes.change(edits, ())
    await register.decide(plan.recalled(entry), ())
    logger.info("post.recalled post=%s messages=%d", entry.id, len(edits))
    return len(edits)


async def renamed(
    standing: Sequence[Standing],
    *,
    changes: Changes,
    clock: Clock,
    settings: Settings,
    without: PostId | None = None,
) -> tuple[Edit, ...]:
    """What messages become that name a post among others, as it is now, or `without` it."""
    reasons = plan.naming(standing)
    rows = await changes.kept_back(reasons) if reasons else ()
    edits: list[Edit] = []
    for why in reasons:
        left = [row for row in rows if row.reason == why and row.post != without]
        there = await changes.standing(plan.named_by(why))
        edits += plan.renamed(why, left, there, settings=settings, now=clock.now())
    return tuple(edits)


def _corrections(
    entry: Entry, standing: Sequence[Standing], site: Site, clock: Clock, settings: Settings
) -> Correction:
    there = {one.delivery.channel for one in standing}
    channels = [channel for channel in settings.channels if channel.id in there]
    post = plan.post_of(entry, site)
    return plan.corrections(
        entry,
        standing,
        {ChannelId(one.id): composition(post, one, settings).messages for one in channels},
        most=settings.publish.most_edits,
        now=clock.now(),
        language={
            ChannelId(one.id): one.language or settings.site.language for one in channels
        },
    )
