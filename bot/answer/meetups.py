"""Upcoming meetups: `meetups`."""

from collections.abc import Iterator

from bot.answer.dates import when, when_for
from bot.answer.layout import BREAK, Voice, heading, reply, title_span, voice_for
from bot.answer.tools import Tools
from bot.model import Meetup, Person, Reply
from formatters.document import Span
from formatters.slack.pieces import Piece, Text
from formatters.slack.spans import can_link

SHOWN = 10


async def meetups(_: str, person: Person, tools: Tools) -> Reply:
    """What comes next, soonest first, in its own time and in the reader's."""
    voice = voice_for(person)
    found = await tools.library.meetups(tools.clock.now(), limit=SHOWN + 1)
    if not found:
        return reply([voice.line("meetups.none")])
    pieces: list[Piece] = [heading(voice.plain("meetups.title"))]
    pieces += [Text(runs_of(meetup, person.zone, voice)) for meetup in found[:SHOWN]]
    if len(found) > SHOWN:
        pieces.append(voice.line("meetups.more", count=SHOWN))
    return reply(pieces)


def runs_of(meetup: Meetup, zone: str, voice: Voice) -> tuple[Span, ...]:
    """One meetup, a line for each thing to know."""
    title = title_span(meetup.title, meetup.url or meetup.register_url, bold=True)
    return (title, *(span for line in facts(meetup, zone, voice) for span in (BREAK, line)))


def facts(meetup: Meetup, zone: str, voice: Voice) -> Iterator[Span]:
    """When, when for the reader, where, how to register."""
    yield Span(when(meetup, voice))
    if there := when_for(meetup, zone, voice):
        yield voice.span("meetups.for_you", when=there)
    if place := place_of(meetup, voice):
        yield Span(place)
    if can_link(meetup.register_url) and meetup.url:
        yield Span(voice.plain("meetups.register"), url=meetup.register_url)


def place_of(meetup: Meetup, voice: Voice) -> str:
    """Where; "" if nobody said."""
    place = " ".join(meetup.place.split())
    online = voice.plain("meetups.online") if meetup.online else ""
    if place and online and online.casefold() not in place.casefold():
        return voice.plain("meetups.both", place=place, online=online)
    return place or online
