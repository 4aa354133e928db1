"""Many issues at once: `list` and `search`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from zoneinfo import ZoneInfo

from bot.answer.dates import day
from bot.answer.layout import (
    BREAK,
    Voice,
    action,
    heading,
    reply,
    row,
    title_span,
    voice_for,
)
from bot.answer.reading import is_recalled
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.people import Person, Reply
from bot.model.posts import Entry, Hit
from formatters.document import Span
from formatters.message import Block
from formatters.slack.blocks import Button
from formatters.slack.pieces import Bullet, Piece, Text

PAGE = 10
HITS = 8
DIGITS = 6
"""Of a page's number that are read: no archive has so many, and databases count only so far."""


async def listed(words: str, person: Person, tools: Tools) -> Reply:
    """A page of all issues, newest first. `words` is the page's number, 1 if it is none.

    What was recalled only maintainers see, marked as such.
    """
    voice = voice_for(person)
    wanted = max(int(words[:DIGITS]), 1) if words.isascii() and words.isdigit() else 1
    now = tools.clock.now()
    entries, total = await tools.library.page(
        now, offset=(wanted - 1) * PAGE, limit=PAGE, recalled=person.maintainer
    )
    pages = ceil(total / PAGE)
    if not total:
        return reply([voice.line("issue.none")])
    if not entries:
        return reply([voice.line("list.no_page", page=wanted, pages=pages)])
    top = heading(voice.plain("list.title", total=total, page=wanted, pages=pages))
    bullets = [Bullet(line_of(entry, voice, tools), 0) for entry in entries]
    turning = row(*turns(wanted, pages, voice))
    return reply([top, *bullets], (*openers(entries, voice, tools), *turning))


async def turned(words: str, person: Person, tools: Tools) -> Reply:
    """Another page in the place of the one whose button was clicked."""
    return replace(await listed(words, person, tools), replace=True)


async def searched(words: str, person: Person, tools: Tools) -> Reply:
    """Issues that contain all words."""
    voice = voice_for(person)
    if not words.strip():
        return reply([voice.line("search.usage", command=tools.settings.command)])
    shown = words[:80]
    hits = await tools.library.search(words, tools.clock.now(), limit=HITS + 1)
    if not hits:
        return reply([voice.line("search.nothing", words=shown)])
    pieces: list[Piece] = [heading(voice.plain("search.title", words=shown))]
    pieces += [Text(hit_runs(hit, voice, tools)) for hit in hits[:HITS]]
    if len(hits) > HITS:
        pieces.append(voice.line("search.more", count=HITS))
    return reply(pieces, openers([hit.entry for hit in hits[:HITS]], voice, tools))


def line_of(entry: Entry, voice: Voice, tools: Tools) -> tuple[Span, ...]:
    """Number, title with link, date, and whether it was recalled."""
    number = () if entry.number is None else (Span(f"#{entry.number} "),)
    date = date_of(entry, voice, tools)
    tail = (date, voice.plain("list.recalled") if is_recalled(entry) else "")
    title = title_span(entry.title or entry.path, entry.url, bold=True)
    return (*number, title, *(Span(f" · {said}") for said in tail if said))


def hit_runs(hit: Hit, voice: Voice, tools: Tools) -> tuple[Span, ...]:
    """A found issue and the words around what was found."""
    snippet = (BREAK, *marked(hit)) if hit.snippet.strip() else ()
    return (*line_of(hit.entry, voice, tools), *snippet)


def marked(hit: Hit) -> Iterator[Span]:
    """The snippet, what was looked for in bold."""
    at = 0
    for start, end in hit.marks:
        yield Span(hit.snippet[at:start])
        yield Span(hit.snippet[start:end], bold=True)
        at = end
    yield Span(hit.snippet[at:])


def date_of(entry: Entry, voice: Voice, tools: Tools) -> str:
    """The issue's day in the site's zone, "" without one."""
    if entry.date is None:
        return ""
    zone = ZoneInfo(tools.settings.site.timezone)
    return day(entry.date.astimezone(zone), voice.language)


def openers(entries: Sequence[Entry], voice: Voice, tools: Tools) -> tuple[Block, ...]:
    """A row with a button for each issue; it says the path, which is no other issue's."""
    return row(
        *(
            Button(
                voice.plain("button.open", name=name_of(entry, voice, tools)),
                action(Verb.ISSUE, str(place)),
                value=entry.path,
            )
            for place, entry in enumerate(entries)
        )
    )


def name_of(entry: Entry, voice: Voice, tools: Tools) -> str:
    """The shortest name that tells an issue: its number, else its date, else its title."""
    if entry.number is not None:
        return f"#{entry.number}"
    return date_of(entry, voice, tools) or entry.title or entry.path


def turns(page: int, pages: int, voice: Voice) -> Iterator[Button]:
    """Buttons to the pages beside this one."""
    if page > 1:
        yield voice.button("button.newer", Verb.LIST_TURN, "newer", value=str(page - 1))
    if page < pages:
        yield voice.button("button.older", Verb.LIST_TURN, "older", value=str(page + 1))
