"""The first half: look at a source, archive what changed, write the rows of what is announced."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import plan
from bot.aside import Aside, at_once
from bot.model.posts import (
    Absence,
    Decision,
    Found,
    Problem,
    Role,
    Scan,
    Shelf,
)
from bot.ports.outside import Clock, Source
from bot.ports.writing import Register
from bot.publish.deciding import Ask, Deciding, nobody
from bot.publish.matching import matched
from bot.publish.reading import READER, Reader, Reading, revision_of
from bot.publish.repeated import traced
from config.settings import Settings
from formatters.document import Site

logger = logging.getLogger(__name__)

EMPTIED = 3
"""Posts that do not vanish at once by themselves: ours."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one look at a source brought.

    `saved` counts new and changed posts, `decisions` are those that were written now, `problems`
    are all that are open.
    """

    saved: int
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]


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
    # One failure is not counted again while its pause lasts; but a source that wants to be left in
    # peace after an answer is looked at, else what comes next would seem to have been missed.
    if scan.asked or _succeeded(told):
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
