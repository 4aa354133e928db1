"""What is undecided of a source is decided on, and the rows that follow from it are written."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from bot import plan
from bot.model.deliveries import Draft
from bot.model.posts import Absence, Decision, Entry, PostState, Shelf
from bot.ports.writing import Register
from bot.publish.reading import Reader, breathe
from bot.publish.rows import drafts_of
from config.settings import ChannelSettings, Settings
from formatters.document import Site

logger = logging.getLogger(__name__)

Ask: TypeAlias = Callable[[Entry, Sequence[Draft], datetime], Sequence[Draft]]
Decided: TypeAlias = tuple[Entry, Decision, tuple[Draft, ...]]


def nobody(entry: Entry, rows: Sequence[Draft], now: datetime) -> Sequence[Draft]:
    """Asks no maintainers."""
    del entry, rows, now
    return ()


@dataclass(frozen=True, slots=True)
class Deciding:
    """Decides on the posts of one source.

    `ask` makes the rows that ask maintainers about those of a post that wait for approval.
    """

    source: str
    reader: Reader
    register: Register
    settings: Settings
    ask: Ask

    async def decide(self, shelf: Shelf, away: Absence | None) -> tuple[Decision, ...]:
        """Answers the decisions that were written; each by itself, but for what comes in one message."""
        told = {one.revision for one in shelf.posts if one.state is PostState.ANNOUNCED}
        entries = await self.register.undecided(self.source)
        wanted = plan.decide(
            entries,
            newest=await self.register.newest(self.source, self.reader.now),
            publish=self.settings.publish,
            now=self.reader.now,
            told=told,
            away=away,
        )
        written: list[Decision] = []
        together: list[Decided] = []
        for entry, one in zip(entries, wanted, strict=True):
            decision, rows = await self._with_rows(entry, one)
            if decision.reason == plan.TOGETHER:
                together.append((entry, decision, rows))
            elif plan.says_more(decision, entry):
                await self.register.decide(decision, self._and_asked(entry, rows))
                logger.info("post.decided post=%s state=%s", entry.id, decision.state)
                written.append(decision)
        if together:
            await self._write_together(together)
        return (*written, *(decision for _, decision, _ in together))

    async def _with_rows(
        self, entry: Entry, wanted: Decision
    ) -> tuple[Decision, tuple[Draft, ...]]:
        channels = plan.subscribers(self.settings.channels, source=self.source)
        decision = plan.addressed(wanted, channels)
        site, now = self.reader.site, self.reader.now
        compose = partial(_rows, entry, decision, channels, site, now, self.settings)
        made = await self.reader.aside(compose)
        await breathe()
        return made

    async def _write_together(self, decided: Sequence[Decided]) -> None:
        """What one message names is written at once: a part of it would be named twice, or never."""
        rows = [(entry, drafts) for entry, _, drafts in decided]
        compose = partial(plan.together, rows, settings=self.settings, now=self.reader.now)
        roundups = await self.reader.aside(compose)
        await self.register.round_up(
            [(decision, self._and_asked(entry, drafts)) for entry, decision, drafts in decided],
            roundups,
        )
        logger.info("post.rounded_up posts=%d channels=%d", len(decided), len(roundups))

    def _and_asked(self, entry: Entry, rows: Sequence[Draft]) -> tuple[Draft, ...]:
        return (*rows, *self.ask(entry, rows, self.reader.now))


def _rows(
    entry: Entry,
    decision: Decision,
    channels: Sequence[ChannelSettings],
    site: Site,
    now: datetime,
    settings: Settings,
) -> tuple[Decision, tuple[Draft, ...]]:
    """The rows of an announced post; one that cannot be composed is held instead."""
    if decision.state is not PostState.ANNOUNCED:
        return decision, ()
    try:
        rows = drafts_of(
            entry, channels, occasion=plan.PUBLISH, site=site, now=now, settings=settings
        )
    except Exception as error:
        # As in reading: one post that defeats us is held, the others go on.
        logger.exception("post.not_composed post=%s", entry.id)
        return plan.not_composed(entry, type(error).__name__), ()
    return decision, rows
