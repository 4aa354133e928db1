"""The first half: look at a source, archive what changed, write the rows of what is announced."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from bot import plan
from bot.aside import Aside, at_once
from bot.model.deliveries import Draft
from bot.model.posts import (
    Absence,
    Decision,
    Entry,
    Found,
    PostState,
    Problem,
    Role,
    Scan,
    Shelf,
)
from bot.ports.outside import Clock, Source
from bot.ports.writing import Register
from bot.publish.matching import matched
from bot.publish.reading import READER, Reader, Reading, breathe, revision_of
from bot.publish.repeated import traced
from bot.publish.rows import drafts_of
from config.settings import ChannelSettings, Settings
from formatters.document import Site

logger = logging.getLogger(__name__)

EMPTIED = 3
"""Posts that do not vanish at once by themselves: ours."""

Ask: TypeAlias = Callable[[Entry, Sequence[Draft], datetime], Sequence[Draft]]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one look at a source brought.

    `saved` counts new and changed posts, `decisions` are those that were written now, `problems`
    are all that are open.
    """

    saved: int
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]


def nobody(entry: Entry, rows: Sequence[Draft], now: datetime) -> Sequence[Draft]:
    """Asks no maintainers."""
    del entry, rows, now
    return ()


async def discover(  # noqa: PLR0913 - one look, each part of it named
    source: Source,
    *,
    role: Role,
    site: Site,
    register: Register,
    clock: Clock,
    settings: Settings,
    every: timedelta | None = None,
    aside: Aside = at_once,
    ask: Ask = nobody,
) -> Discovery:
    """Look at a source once.

    A post that cannot be read becomes a problem and stops no other one. Doing it twice writes
    nothing twice.

    Args:
        source: where to look.
        role: what its posts are.
        site: what the site around them lends to them.
        register: where everything is written.
        clock: the time.
        settings: which channels take what, and when.
        every: how often it is looked at, so that a longer time without a look is an absence; None
            if nobody does so regularly.
        aside: where posts are read and composed.
        ask: makes the rows that ask maintainers about those of a post that wait for approval.
    """
    shelf = await register.shelf(source.id)
    reader = Reader(
        site,
        role,
        clock.now(),
        first_run=shelf is None,
        aside=aside,
        history=await _unread_before(source.id, shelf, register),
    )
    scan = await source.scan()
    try:
        return await _archived(
            source.id,
            scan,
            shelf or Shelf(READER, ()),
            reader,
            register,
            settings,
            ask=ask,
            away=plan.absence(shelf, every=every, now=reader.now),
        )
    except BaseException:
        # A source tells each file once. What it told now may not be in the archive: it has to be
        # told again, or the post would wait for the next start of the bot.
        source.forget()
        raise


async def _unread_before(
    source: str, shelf: Shelf | None, register: Register
) -> frozenset[str]:
    """Files that an older reader could not read: that this one can makes them no news."""
    if shelf is None or shelf.reader >= READER:
        return frozenset()
    return frozenset(problem.path for problem in await register.problems(source))


async def _archived(  # noqa: PLR0913 - as `discover`
    source: str,
    scan: Scan,
    shelf: Shelf,
    reader: Reader,
    register: Register,
    settings: Settings,
    *,
    ask: Ask,
    away: Absence | None,
) -> Discovery:
    told = (*scan.problems, *_emptied(source, scan, shelf))
    reading = await reader.read(_changed(scan, shelf))
    told = (*told, *reading.problems)
    saved = 0
    if _succeeded(told):
        saved = await _shelved(source, reading, scan, shelf, reader, register)
    else:
        away = shelf.absence  # it goes on, and its end is to come
    deciding = Deciding(source, reader, register, settings, ask)
    decisions = await deciding.decide(shelf, away)
    before = await register.problems(source)
    for problem in told:
        if problem not in before:  # once, not at every look
            logger.warning("post.unreadable source=%s reason=%s", source, problem.words)
    problems = (*told, *_still_open(before, scan, told))
    if scan.asked:  # one failure is not counted again while its pause lasts
        await register.report(source, problems, reader.now, away)
    return Discovery(saved, decisions, problems)


async def _shelved(
    source: str,
    reading: Reading,
    scan: Scan,
    shelf: Shelf,
    reader: Reader,
    register: Register,
) -> int:
    """Write what was found, and what is not found any more."""
    found = await matched(reading.posts, scan, shelf, register, reader)
    if reader.first_run or found.posts or shelf.reader < READER:
        known = [one.id for one in shelf.posts]
        entries = await traced(found.posts, known, register, reader)
        rows = [(e, one.meetups) for e, one in zip(entries, found.posts, strict=True)]
        await register.save(source, rows, reader=READER, replaced=found.replaced)
    if found.gone:
        await register.gone([plan.gone(one) for one in found.gone], reader.now, plan.GONE)
    if found.back:
        await register.back([plan.back(one) for one in found.back], plan.GONE)
    for one in found.gone:
        logger.info("post.gone post=%s", one.id)
    return len(found.posts)


def _changed(scan: Scan, shelf: Shelf) -> list[Found]:
    """Files that are not as they were read; all of them where an older reader read them."""
    known = {one.path: one.revision for one in shelf.posts}
    if shelf.reader < READER:
        return list(scan.found)
    return [one for one in scan.found if known.get(one.path) != revision_of(one.text)]


def _emptied(source: str, scan: Scan, shelf: Shelf) -> tuple[Problem, ...]:
    """A place where suddenly nothing is found is one that is not there, such as a lost mount."""
    there = sum(one.gone_at is None for one in shelf.posts)
    if scan.paths or not scan.complete or not _succeeded(scan.problems) or there < EMPTIED:
        return ()
    words = f"none of its {there} posts is there any more: see that path and branch are right"
    return (Problem(source, "", words),)


def _succeeded(problems: Sequence[Problem]) -> bool:
    """A source that cannot be reached is not an empty one: else all its posts were new later."""
    return all(problem.path for problem in problems)


def _still_open(
    before: Sequence[Problem], scan: Scan, told: Sequence[Problem]
) -> tuple[Problem, ...]:
    """Problems of files that were not read again, because they did not change."""
    again = {found.path for found in scan.found} | {problem.path for problem in told}
    return tuple(one for one in before if one.path in scan.paths and one.path not in again)


Decided: TypeAlias = tuple[Entry, Decision, tuple[Draft, ...]]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Decides on what is undecided of a source, and writes it with the rows that follow from it."""

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
        written, together = [], []
        for entry, decision in zip(entries, wanted, strict=True):
            one = await self._with_rows(entry, decision)
            if one[1].reason == plan.TOGETHER:
                together.append(one)
            elif plan.says_more(one[1], entry):
                await self._write(one)
                written.append(one[1])
        if together:
            await self._write_together(together)
        return (*written, *(decision for _, decision, _ in together))

    async def _with_rows(self, entry: Entry, wanted: Decision) -> Decided:
        channels = plan.subscribers(self.settings.channels, source=self.source)
        decision = plan.addressed(wanted, channels)
        compose = partial(
            _rows, entry, decision, channels, self.reader.site, self.reader.now, self.settings
        )
        decision, rows = await self.reader.aside(compose)
        await breathe()
        return entry, decision, rows

    async def _write(self, one: Decided) -> None:
        entry, decision, rows = one
        await self.register.decide(decision, self._and_asked(entry, rows))
        logger.info("post.decided post=%s state=%s", entry.id, decision.state)

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
