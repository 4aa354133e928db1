"""Telling the maintainers, once, what needs them: through the outbox like everything else.

Calls ports in order; what is told is said by the archive, how by the wording.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from bot import plan
from bot.model.ids import ChannelId, PostId, WorkspaceId
from bot.model.posts import Entry, Problem
from bot.ports.outside import Clock
from bot.ports.writing import Register
from formatters.message import Message

logger = logging.getLogger(__name__)


class Wording(Protocol):
    """Puts into messages what maintainers are to know."""

    def posts(self, entries: Sequence[Entry], now: datetime) -> tuple[Message, ...]:
        """Ask about posts of one source, newest first; one at least."""

    def unread(self, source: str, problems: Sequence[Problem]) -> tuple[Message, ...]:
        """Tell of posts that cannot be read; one at least."""

    def source(self, source: str, failures: int, words: str) -> tuple[Message, ...]:
        """Tell of a source that cannot be read, for the reason `words`."""


async def tell(  # noqa: PLR0913 - one notice, each part of it named
    source: str,
    problems: Sequence[Problem],
    *,
    channel: ChannelId,
    workspace: WorkspaceId,
    register: Register,
    clock: Clock,
    wording: Wording,
) -> None:
    """Write the rows for the maintainers' channel after a look at a source.

    Args:
        source: its id.
        problems: that are open after the look.
        channel: the maintainers'.
        workspace: theirs.
        register: knows what they were not told yet.
        clock: the time.
        wording: the words.
    """
    now, about = clock.now(), PostId(f"{source}:")
    noticed = partial(plan.notices, about, channel=channel, now=now, workspace=workspace)
    asked = await register.unasked(source, now - plan.MOVES_WITHIN)
    if asked:
        rows = noticed(wording.posts(asked, now))
        await register.ask([entry.id for entry in asked], rows)
        logger.info("maintainers.asked source=%s posts=%d", source, len(asked))
    unread = await register.unread(source)
    if unread:
        rows = noticed(wording.unread(source, unread))
        await register.warn_of(source, unread, rows)
        logger.info("maintainers.told_of_problems source=%s posts=%d", source, len(unread))
    failures = await register.failures(source)
    words = [problem.words for problem in problems if not problem.path]
    if words and plan.lasts(failures):
        told = wording.source(source, failures, words[0])
        rows = noticed(told)
        await register.warn(source, rows)
        logger.info("maintainers.warned source=%s failures=%d", source, failures)
