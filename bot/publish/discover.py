"""The first half: look at a source, archive what changed, write the rows of what is announced."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import plan
from bot.aside import Aside, at_once
from bot.model import Decision, Draft, Entry, Found, PostState, Problem, Role, Scan
from bot.ports import Clock, Register, Source
from bot.publish.reading import Reader, breathe, revision_of
from bot.publish.rows import drafts_of
from config.settings import ChannelSettings, Settings
from formatters.document import Site

logger = logging.getLogger(__name__)


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
    aside: Aside = at_once,
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
        aside: where posts are read and composed.
    """
    known = await register.revisions(source.id)
    reader = Reader(site, role, clock.now(), first_run=known is None, aside=aside)
    scan = await source.scan()
    try:
        return await _archived(source.id, scan, known or {}, reader, register, settings)
    except BaseException:
        # A source tells each file once. What it told now may not be in the archive: it has to be
        # told again, or the post would wait for the next start of the bot.
        source.forget()
        raise


async def _archived(
    source: str,
    scan: Scan,
    known: Mapping[str, str],
    reader: Reader,
    register: Register,
    settings: Settings,
) -> Discovery:
    reading = await reader.read(_changed(scan, known))
    if _succeeded(scan) and (reader.first_run or reading.entries):
        await register.save(source, reading.entries)
    decisions = await _decide(source, reader, register, settings)
    told = (*scan.problems, *reading.problems)
    before = await register.problems(source)
    for problem in told:
        if problem not in before:  # once, not at every look
            logger.warning("post.unreadable source=%s reason=%s", source, problem.words)
    problems = (*told, *_still_open(before, scan, told))
    await register.report(source, problems, reader.now)
    return Discovery(len(reading.entries), decisions, problems)


def _changed(scan: Scan, known: Mapping[str, str]) -> list[Found]:
    return [one for one in scan.found if known.get(one.path) != revision_of(one.text)]


def _succeeded(scan: Scan) -> bool:
    """A source that cannot be reached is not an empty one: else all its posts were new later."""
    return all(problem.path for problem in scan.problems)


def _still_open(
    before: Sequence[Problem], scan: Scan, told: Sequence[Problem]
) -> tuple[Problem, ...]:
    """Problems of files that were not read again, because they did not change."""
    again = {found.path for found in scan.found} | {problem.path for problem in told}
    return tuple(one for one in before if one.path in scan.paths and one.path not in again)


async def _decide(
    source: str, reader: Reader, register: Register, settings: Settings
) -> tuple[Decision, ...]:
    now = reader.now
    entries = await register.undecided(source)
    newest = await register.newest(source, now)
    channels = plan.subscribers(settings.channels, source=source)
    written: list[Decision] = []
    for entry, wanted in zip(
        entries,
        plan.decide(entries, newest=newest, publish=settings.publish, now=now),
        strict=True,
    ):
        addressed = plan.addressed(wanted, channels)
        compose = partial(_rows, entry, addressed, channels, reader.site, now, settings)
        decision, rows = await reader.aside(compose)
        await breathe()
        if plan.says_more(decision, entry):
            await register.decide(decision, rows)
            logger.info("post.decided post=%s state=%s", entry.id, decision.state)
            written.append(decision)
    return tuple(written)


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
