"""`Remind me` and its undoing, and all that is known of one gathering, in a window."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.agenda import Gathering, Interest
from bot.answer.dates import when, when_for
from bot.answer.gathering import (
    SEPARATOR,
    Shown,
    deeds,
    kind_of,
    links_of,
    moved,
    place_of,
    reminding,
    shown,
    state_of,
)
from bot.answer.layout import BREAK, Voice, packed, reply, row, title_span, voice_for
from bot.answer.meetups import listing
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.people import Command, Modal, Person, Reply
from formatters.document import Span
from formatters.message import Block
from formatters.slack.blocks import Button, buttons, image
from formatters.slack.pieces import Code, Piece, Text, Whole
from formatters.slack.spans import can_link

MODAL = "modal"
"""Where a button stands that is clicked in a window."""
ON_HOME = "home"
SOURCES = 5


async def remind(command: Command, words: str, tools: Tools) -> Reply:
    """Note that somebody wants to be reminded, unless it has begun or is off."""
    one, place = await _meant(words, command.person, tools)
    if one is None or not one.open:
        return _said("remind.too_late", place, command.person)
    await tools.agenda.interest(_interest(one, command, tools), tools.clock.now())
    return await _shown_again(one.gathering, place, "remind.done", command.person, tools)


async def forget(command: Command, words: str, tools: Tools) -> Reply:
    """Note that somebody does not want it any more."""
    one, place = await _meant(words, command.person, tools)
    if one is None:
        return _said("remind.too_late", place, command.person)
    await tools.agenda.forget(_interest(one, command, tools))
    return await _shown_again(one.gathering, place, "remind.undone", command.person, tools)


async def meetup(words: str, person: Person, tools: Tools) -> Reply:
    """All that is known of a gathering, in a window; as a message where none can be opened."""
    one, place = await _meant(words, person, tools)
    if one is None:
        return _said("meetups.gone", place, person)
    return await window(one, person, tools)


async def in_calendar(words: str, person: Person, tools: Tools) -> Reply:
    """A gathering as a calendar takes it, to be copied: where the bot has no public address."""
    one, place = await _meant(words, person, tools)
    file = await tools.calendars.one(one.gathering.uid) if one else None
    if file is None:
        return _said("meetups.gone", place, person)
    voice = voice_for(person)
    text = file.body.decode().replace("\r\n", "\n")
    pieces: list[Piece] = [voice.line("meetups.calendar"), Code(text)]
    modal = Modal(
        voice.plain("button.calendar"), _blocks(pieces), close=voice.plain("button.close")
    )
    return Reply(reply(pieces).messages, modal=modal)


async def window(
    one: Shown, person: Person, tools: Tools, *, title: str = "meetups.details"
) -> Reply:
    """All that is known of a gathering, with what this person can do about it."""
    voice = voice_for(person)
    pieces = tuple(await _known(one, person, tools))
    deeds_here = [*deeds(one, MODAL, voice, tools), *_for_maintainers(one, person, voice)]
    blocks = _blocks((*pieces, *_row(deeds_here)))
    modal = Modal(voice.plain(title), blocks, close=voice.plain("button.close"))
    return Reply(reply(pieces).messages, modal=modal)


async def _meant(words: str, person: Person, tools: Tools) -> tuple[Shown | None, str]:
    """The gathering that a button means, and where the button stands."""
    uid, _, place = words.partition(SEPARATOR)
    found = await shown(await tools.agenda.gatherings([uid]), person.id, tools)
    return next(iter(found), None), place


def _interest(one: Shown, command: Command, tools: Tools) -> Interest:
    return Interest(tools.workspace, command.person.id, one.gathering.uid)


async def _shown_again(
    gathering: Gathering, place: str, key: str, person: Person, tools: Tools
) -> Reply:
    """What was clicked in, as it is now; in a channel, a word to whom it concerns."""
    if place == ON_HOME:
        return Reply(())
    if place.startswith("list "):
        return replace(await listing(place, person, tools), replace=True)
    (one,) = await shown([gathering], person.id, tools)
    if place == MODAL:
        return await window(one, person, tools)
    voice = voice_for(person)
    line = Text((voice.span(key), BREAK, title_span(one.meetup.title, one.meetup.url)))
    return reply([line], row(reminding(one, place, voice)) if one.open else ())


def _said(key: str, place: str, person: Person) -> Reply:
    """One sentence where the button stands."""
    voice = voice_for(person)
    said = reply([voice.line(key)])
    if place != MODAL:
        return said
    blocks = _blocks((voice.line(key),))
    close = voice.plain("button.close")
    return replace(said, modal=Modal(voice.plain("meetups.details"), blocks, close=close))


def _blocks(pieces: Sequence[Piece]) -> tuple[Block, ...]:
    return tuple(block for message in packed(pieces) for block in message.blocks)


def _row(items: Sequence[Button]) -> tuple[Piece, ...]:
    return (Whole(buttons(*items)),) if items else ()


def _for_maintainers(one: Shown, person: Person, voice: Voice) -> Iterator[Button]:
    if not person.maintainer:
        return
    uid = one.gathering.uid
    yield voice.button("button.edit", Verb.MEETUP_EDIT, MODAL, value=f"={uid}")
    if not one.over:
        yield voice.button("button.cancel", Verb.MEETUP_CANCEL, MODAL, value=f"={uid}")


# ------------------------------------------------------------------ what is known


async def _known(one: Shown, person: Person, tools: Tools) -> list[Piece]:
    """A line for each thing that is known."""
    voice, meetup = voice_for(person), one.meetup
    runs = [title_span(meetup.title, meetup.url, bold=True)]
    for line in _lines(one, person.zone, voice):
        runs += (BREAK, line) if line.text else ()
    pieces: list[Piece] = [Text(tuple(runs))]
    if meetup.start is None and can_link(meetup.image):
        pieces.append(Whole(image(meetup.image, alt=voice.plain("meetups.poster"))))
    tellers = await tools.agenda.tellers(one.gathering.sources[:SOURCES])
    told = [tellers[post] for post in one.gathering.sources if post in tellers]
    if told:
        runs = [Span(voice.plain("meetups.sources"))]
        for teller in told:
            runs += (BREAK, title_span(teller.title or teller.post, teller.url))
        pieces.append(Text(tuple(runs)))
    return pieces


def _lines(one: Shown, zone: str, voice: Voice) -> Iterator[Span]:
    meetup = one.meetup
    yield Span(state_of(one, voice), bold=True)
    yield Span(when(meetup, voice) or voice.plain("meetups.no_date"))
    if there := when_for(meetup, zone, voice):
        yield voice.span("meetups.for_you", when=there)
    yield Span(moved(one, voice))
    yield Span(kind_of(meetup, voice))
    yield Span(place_of(meetup, voice))
    if meetup.speakers:
        yield voice.span("meetups.speakers", names=" ".join(meetup.speakers.split()))
    same = meetup.register_url == meetup.live_url
    for name in ("live", "replay") if same else ("register", "live", "replay"):
        yield from links_of(getattr(meetup, f"{name}_url"), name, voice)
    if one.interested:
        yield voice.span("meetups.interested", count=one.interested)
    if meetup.phrase:
        yield voice.span("meetups.phrase", phrase=" ".join(meetup.phrase.split()))
