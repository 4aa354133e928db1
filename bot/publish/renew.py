"""Announced posts that have changed since: the channels get them as they are now.

Calls ports in order; which posts and when is said by the archive, what changes by `bot.plan`.
"""

import logging

from bot.aside import Aside, at_once
from bot.ports.outside import Clock
from bot.ports.writing import Changes, Register
from bot.publish.correct import correct
from config.settings import Settings
from formatters.document import Site

logger = logging.getLogger(__name__)


async def renew(  # noqa: PLR0913 - one look, each part of it named
    source: str,
    *,
    site: Site,
    register: Register,
    changes: Changes,
    clock: Clock,
    settings: Settings,
    aside: Aside = at_once,
) -> int:
    """Correct what has stayed as it is for the settle window, oldest change first.

    A post that cannot be composed any more stays as it was sent, and stops no other.

    Args:
        source: whose posts.
        site: what the site around them lends to them.
        register: knows what the channels were told.
        changes: where corrections are written.
        clock: the time.
        settings: which channels there are, and whether they get corrections.
        aside: where posts are composed.

    Returns:
        How many messages are changed, added or taken away.
    """
    count = 0
    for entry in await register.outdated(source, clock.now() - settings.publish.settle):
        try:
            count += await correct(
                entry, site=site, changes=changes, clock=clock, settings=settings, aside=aside
            )
        except Exception:
            # As in discovery: one post that defeats us stops no other.
            logger.exception("post.not_corrected post=%s", entry.id)
        await register.told(entry, ())
    return count
