"""A post -> the rows of the outbox, and what maintainers do by hand: repost it, or leave it out."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot import plan
from bot.aside import Aside, at_once
from bot.model.deliveries import Draft
from bot.model.posts import Entry
from bot.ports.outside import Clock
from bot.ports.writing import Register
from config.settings import ChannelSettings, Settings
from formatters.document import Post, Site
from formatters.message import Composition

logger = logging.getLogger(__name__)


async def repost(  # noqa: PLR0913 - one act of a maintainer, each part of it named
    entry: Entry,
    *,
    channels: Sequence[ChannelSettings],
    occasion: str,
    site: Site,
    register: Register,
    clock: Clock,
    settings: Settings,
    aside: Aside = at_once,
) -> tuple[Draft, ...]:
    """Send an archived post to channels once more.

    Args:
        entry: the post, as the archive has it.
        channels: where to.
        occasion: a name for this repost, not "publish". The same name again writes nothing.
        site: what the site around the post lends to it.
        register: where the rows are written.
        clock: the time.
        settings: for the site's zone and language.
        aside: where the post is composed.

    Returns:
        The rows, in the order in which they go out.

    Raises:
        PostError: the archived text cannot be read.
    """
    now = clock.now()
    composing = partial(drafts_of, occasion=occasion, site=site, now=now, settings=settings)
    rows = await aside(partial(composing, entry, channels))
    await register.add(rows)
    decision = plan.reposted(entry)
    if decision is not None:
        await register.decide(decision, ())
    logger.info("post.reposted post=%s occasion=%s rows=%d", entry.id, occasion, len(rows))
    return rows


async def skip(entries: Sequence[Entry], *, register: Register) -> None:
    """Leave posts out that a maintainer does not want; those that are not held stay as they are."""
    for entry in entries:
        await register.decide(plan.skipped(entry), ())
        logger.info("post.skipped post=%s", entry.id)


def drafts_of(
    entry: Entry,
    channels: Sequence[ChannelSettings],
    *,
    occasion: str,
    site: Site,
    now: datetime,
    settings: Settings,
) -> tuple[Draft, ...]:
    """Compose a post for each channel.

    Raises:
        PostError: the archived text cannot be read.
    """
    post = plan.post_of(entry, site)
    zone = ZoneInfo(settings.site.timezone)
    return tuple(
        draft
        for channel in channels
        for draft in plan.drafts(
            entry,
            composition(post, channel, settings),
            channel,
            occasion=occasion,
            now=now,
            zone=zone,
        )
    )


def composition(post: Post, channel: ChannelSettings, settings: Settings) -> Composition:
    """The messages of a post as a channel wants them; templates at fault are told to the log."""
    made = plan.composition_of(
        post, channel, language=settings.site.language, wording=plan.wording(settings)
    )
    for problem in made.problems:
        logger.warning(
            "template.failed post=%s channel=%s problem=%s", post.path, channel.id, problem
        )
    return made
