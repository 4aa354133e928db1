"""What of posts stands in every issue, told from the issues before them.

Asks the archive for the traces of older issues; `formatters.standing` decides.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeAlias

from bot.model.ids import PostId
from bot.model.posts import Entry, Role
from bot.ports.writing import Register
from bot.publish.reading import Read, Reader
from bot.publish.text import weighed
from formatters.standing import WINDOW, Traces, traces

Told: TypeAlias = tuple[datetime, Traces]


async def traced(
    found: Sequence[Read], known: Collection[PostId], register: Register, reader: Reader
) -> list[Entry]:
    """The entries of posts that were read, in their order, with their traces.

    Only dated issues have some: of others it cannot be told which are older.

    Args:
        found: the posts, under their lasting ids.
        known: the ids of all posts that the archive has of the source.
        register: has the traces of older issues.
        reader: for the place where texts are compared.
    """
    apart = {one.entry.id for one in found}
    are_others = bool(set(known) - apart)
    entries = {one.entry.id: one.entry for one in found}
    told: list[Told] = []
    for one in sorted(found, key=_age):
        date = one.entry.date
        if date is None or reader.role is not Role.ISSUES:
            continue
        before = await _before(one.entry, date, apart, register) if are_others else []
        latest = sorted((*told[-2 * WINDOW :], *before), key=_told_at, reverse=True)
        older = [trace for at, trace in latest if at < date]
        made = await reader.aside(partial(traces, one.lines, older[:WINDOW]))
        entries[one.entry.id] = replace(
            one.entry,
            prints=made.prints,
            standing=made.standing,
            passages=weighed(one.entry.passages, made.standing),
        )
        if not one.entry.draft:
            told.append((date, made))
    return list(entries.values())


async def _before(
    entry: Entry, date: datetime, apart: Collection[PostId], register: Register
) -> list[Told]:
    rows = await register.older(entry.source, date, limit=WINDOW, apart=apart)
    return [(at, Traces(prints, standing)) for at, prints, standing in rows]


def _told_at(told: Told) -> datetime:
    return told[0]


def _age(one: Read) -> tuple[float, str]:
    date = one.entry.date
    return (date.timestamp() if date else 0.0, one.entry.path)
