"""What is ahead, or over: `meetups` with words for what one wants to see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from bot.agenda import Gathering
from bot.answer.gathering import entry_of, row_of, shown
from bot.answer.layout import (
    Voice,
    action,
    heading,
    reply,
    row,
    title_span,
    voice_for,
)
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.answer.wishes import Wish, wish
from bot.model.people import Person, Reply
from formatters.document import Span
from formatters.slack.blocks import Button
from formatters.slack.pieces import Bullet, Piece, Text

PAGE = 5
"""Meetups of one answer: with their buttons as much as a screen holds. Ours."""
MOST = 500
"""Gatherings that are looked through."""
DIGITS = 4
RECENT = timedelta(days=45)
"""How long an announcement without a date is shown: ours."""
UNDATED = 5
WORDS = 80
"""Characters of what was asked that are repeated."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of what somebody wants to see. `page` counts from 1."""

    wish: Wish
    page: int = 1

    @property
    def place(self) -> str:
        """The list itself, for buttons that show it again."""
        return f"list {self.page} {self.wish.words}"

    @classmethod
    def of(cls, place: str, today: datetime) -> "Asked":
        """Read `place`, or the words behind its `list`."""
        first, _, words = place.removeprefix("list ").partition(" ")
        number = (
            int(first) if first.isascii() and first.isdigit() and len(first) <= DIGITS else 1
        )
        return cls(wish(words, today.date()), max(number, 1))


async def meetups(words: str, person: Person, tools: Tools) -> Reply:
    """The first page of what somebody wants to see, everything that is ahead by default."""
    return await listing(f"list 1 {words}", person, tools)


async def meetups_turned(words: str, person: Person, tools: Tools) -> Reply:
    """Another page in the place of the one whose button was clicked."""
    return replace(await listing(words, person, tools), replace=True)


async def listing(place: str, person: Person, tools: Tools) -> Reply:
    """A page of meetups, in their own time and in the reader's."""
    voice, now = voice_for(person), tools.clock.now()
    asked = Asked.of(place, now.astimezone(ZoneInfo(person.zone)))
    wanted = [
        one for one in await _all(asked.wish, now, tools) if asked.wish.wants(one, person.zone)
    ]
    open_dates = await _undated(asked, now, person, tools)
    if not wanted and not open_dates:
        return reply([_nothing(asked, voice)], row(*_ways_out(asked, voice)))
    pages = max(ceil(len(wanted) / PAGE), 1)
    asked = replace(asked, page=min(asked.page, pages))
    first = (asked.page - 1) * PAGE
    pieces: list[Piece] = [heading(_title(asked, len(wanted), pages, voice))]
    for one in await shown(wanted[first : first + PAGE], person.id, tools):
        pieces += (entry_of(one, person.zone, voice), row_of(one, asked.place, voice, tools))
    pieces += _without_dates(open_dates, voice)
    return reply(pieces, row(*_turns(asked, pages, voice)))


async def _all(wanted: Wish, now: datetime, tools: Tools) -> Sequence[Gathering]:
    if wanted.past:
        return await tools.agenda.past(now, limit=MOST)
    return await tools.agenda.upcoming(now, limit=MOST)


async def _undated(
    asked: Asked, now: datetime, person: Person, tools: Tools
) -> Sequence[Gathering]:
    """What is announced without a date: below the first page of what is ahead."""
    if asked.page > 1 or asked.wish.past or asked.wish.days:
        return ()
    found = await tools.agenda.undated(now - RECENT, limit=MOST)
    return [one for one in found if asked.wish.wants(one, person.zone)][:UNDATED]


def _title(asked: Asked, total: int, pages: int, voice: Voice) -> str:
    key = "meetups.past" if asked.wish.past else "meetups.title"
    title = voice.plain(key)
    said_already = asked.wish.past and asked.wish.words == voice.plain("meetups.past_word")
    if asked.wish.words and not said_already:
        title = voice.plain("meetups.of", title=title, words=asked.wish.words[:WORDS])
    if pages > 1:
        title = voice.plain(
            "meetups.page", title=title, total=total, page=asked.page, pages=pages
        )
    return title


def _nothing(asked: Asked, voice: Voice) -> Text:
    if asked.wish.words:
        return voice.line("meetups.none_of", words=asked.wish.words[:WORDS])
    return voice.line("meetups.none")


def _without_dates(gatherings: Sequence[Gathering], voice: Voice) -> Iterator[Piece]:
    """Announcements whose date nobody stated, with where to read on."""
    if gatherings:
        yield heading(voice.plain("meetups.undated"))
    for one in gatherings:
        meetup = one.meetup
        link = title_span(meetup.title, meetup.url or meetup.register_url)
        yield Bullet((link, Span(f" · {voice.plain('meetups.no_date')}")), 1)


def _turns(asked: Asked, pages: int, voice: Voice) -> Iterator[Button]:
    """Buttons to the pages beside this one, and to what is over or ahead."""
    keys = ("later", "sooner") if not asked.wish.past else ("older", "newer")
    if asked.page > 1:
        yield _turn(f"button.{keys[1]}", replace(asked, page=asked.page - 1), voice)
    if asked.page < pages:
        yield _turn(f"button.{keys[0]}", replace(asked, page=asked.page + 1), voice)
    yield from _ways_out(asked, voice)


def _ways_out(asked: Asked, voice: Voice) -> Iterator[Button]:
    if asked.wish.words:
        yield _to("button.meetups", "", voice)
    if not asked.wish.past:
        yield _to("button.past", voice.plain("meetups.past_word"), voice)


def _turn(key: str, asked: Asked, voice: Voice) -> Button:
    at = action(Verb.MEETUPS_TURN, key.rpartition(".")[2])
    return Button(voice.plain(key), at, value=asked.place)


def _to(key: str, words: str, voice: Voice) -> Button:
    at = action(Verb.MEETUPS_TURN, key.rpartition(".")[2])
    return Button(voice.plain(key), at, value=f"list 1 {words}")
