"""What maintainers say of meetups: add one, correct one, call one off; each in a window."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda import CORRECTABLE, Correction, Gathering, GatheringState
from bot.answer.forms import BLANK, Filled, filled, form
from bot.answer.gathering import entry_of, shown
from bot.answer.layout import Voice, action, packed, reply, row, voice_for
from bot.answer.meetups import MOST, RECENT
from bot.answer.remind import window
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.people import Command, Modal, Person, Reply
from bot.model.posts import Meetup
from bot.plan import hashed
from formatters.slack.blocks import Button
from formatters.slack.cut import shortened

EXACTLY = "="
"""Before the uid in a button's words."""
OFFERED = 10
NAME = 40
"""Characters of a title on a button."""


async def add(command: Command, words: str, tools: Tools) -> Reply:
    """An empty form; `words` are taken for the title."""
    voice = voice_for(command.person)
    return _form(replace(BLANK, title=words), "", voice, tools)


async def edit(command: Command, words: str, tools: Tools) -> Reply:
    """The form of the meetup that is meant."""
    voice = voice_for(command.person)
    found = await _meant(words, tools)
    if len(found) != 1:
        return _choice(found, Verb.MEETUP_EDIT, words, voice, tools)
    one = found[0]
    said = await tools.agenda.correction(one.uid)
    off = said is not None and said.cancelled
    return _form(one.meetup, one.uid, voice, tools, cancelled=off)


async def call_off(command: Command, words: str, tools: Tools) -> Reply:
    """Ask whether the meetup that is meant is to be called off."""
    voice = voice_for(command.person)
    ahead = [one for one in await _meant(words, tools) if one.state is GatheringState.ON]
    if len(ahead) != 1:
        return _choice(ahead, Verb.MEETUP_CANCEL, words, voice, tools)
    one = (await shown(ahead, command.person.id, tools))[0]
    pieces = (
        entry_of(one, command.person.zone, voice),
        voice.line("call_off.told", count=one.interested),
    )
    modal = Modal(
        voice.plain("call_off.title"),
        tuple(block for message in packed(pieces) for block in message.blocks),
        close=voice.plain("call_off.no"),
        submit=voice.plain("call_off.yes"),
        verb=Verb.MEETUP_CALL_OFF,
        words=one.gathering.uid,
    )
    return _opened(modal, voice)


async def save(command: Command, words: str, tools: Tools) -> Reply:
    """Keep what the form says, or say what is wrong with it.

    Args:
        command: with the form's fields.
        words: the uid, "" for a meetup that is added.
        tools: what answers are made of.
    """
    voice, now = voice_for(command.person), tools.clock.now()
    known = await _known(words, tools)
    if words and known is None:
        return _gone(voice)
    sent = filled(command.fields, known.meetup if known else BLANK)
    if sent.faults:
        wrong = {name: voice.plain(f"form.wrong.{key}") for name, key in sent.faults.items()}
        return Reply((), errors=wrong)
    if known is None:
        uid = hashed("by hand", command.nonce)
        every = frozenset(CORRECTABLE)
        said = Correction(uid, sent.meetup, every, command.person.id, now, added=True)
    else:
        before = await tools.agenda.correction(known.uid)
        said = _corrected(known, before, sent, command.person, now)
    return await _said(said, "form.saved", command.person, tools)


async def called_off(command: Command, words: str, tools: Tools) -> Reply:
    """Call it off; who is interested is told by direct message."""
    known = await _known(words, tools)
    if known is None:
        return _gone(voice_for(command.person))
    before = await tools.agenda.correction(known.uid)
    now = tools.clock.now()
    said = before or Correction(known.uid, known.meetup, frozenset(), command.person.id, now)
    said = replace(said, cancelled=True, by=command.person.id, at=now)
    return await _said(said, "call_off.done", command.person, tools)


def _corrected(
    known: Gathering,
    before: Correction | None,
    sent: Filled,
    who: Person,
    now: datetime,
) -> Correction:
    """What differs from what is known counts from now on, and what counted before."""
    fields = {
        name
        for name in CORRECTABLE
        if not _same(getattr(sent.meetup, name), getattr(known.meetup, name))
    }
    if before is None:
        return Correction(known.uid, sent.meetup, frozenset(fields), who.id, now)
    return Correction(
        known.uid,
        sent.meetup,
        before.fields | fields,
        who.id,
        now,
        cancelled=before.cancelled and not sent.takes_place,
        added=before.added,
    )


def _same(said: object, known: object) -> bool:
    """Whether a field says the same; the same moment in another zone is another thing to say."""
    if isinstance(said, datetime) and isinstance(known, datetime):
        is_named = isinstance(known.tzinfo, ZoneInfo)
        return said == known and (not is_named or said.tzinfo == known.tzinfo)
    return said == known


async def _said(correction: Correction, key: str, who: Person, tools: Tools) -> Reply:
    await tools.agenda.correct(correction)
    await tools.regather()
    found = await shown(await tools.agenda.gatherings([correction.uid]), who.id, tools)
    if not found:
        return _gone(voice_for(who))
    return await window(found[0], who, tools, title=key)


async def _known(uid: str, tools: Tools) -> Gathering | None:
    found = await tools.agenda.gatherings([uid]) if uid else ()
    return next(iter(found), None)


async def _meant(words: str, tools: Tools) -> Sequence[Gathering]:
    """The meetups that words name; without words, all that is ahead."""
    if words.startswith(EXACTLY):
        return await tools.agenda.gatherings([words.removeprefix(EXACTLY)])
    now = tools.clock.now()
    found = await tools.agenda.upcoming(now, limit=MOST)
    if not words:
        return found
    found = (*found, *await tools.agenda.undated(now - RECENT, limit=MOST))
    found = (*found, *await tools.agenda.past(now, limit=MOST))
    named = [one for one in found if words.casefold() in one.meetup.title.casefold()]
    return [one for one in named if one.meetup.title.casefold() == words.casefold()] or named


def _form(
    meetup: Meetup,
    uid: str,
    voice: Voice,
    tools: Tools,
    *,
    cancelled: bool = False,
) -> Reply:
    zone = tools.settings.site.timezone
    modal = Modal(
        voice.plain("form.edit" if uid else "form.add"),
        form(meetup, zone, voice, cancelled=cancelled),
        close=voice.plain("button.close"),
        submit=voice.plain("form.save"),
        verb=Verb.MEETUP_SAVE,
        words=uid,
    )
    return _opened(modal, voice)


def _opened(modal: Modal, voice: Voice) -> Reply:
    return Reply(packed([voice.line("form.not_opened")]), modal=modal)


def _choice(
    found: Sequence[Gathering], verb: Verb, words: str, voice: Voice, tools: Tools
) -> Reply:
    """Which one is meant, as buttons; or that there is none."""
    if not found:
        return reply([voice.line("form.unknown", words=words, command=tools.settings.command)])
    items = (_choose(number, one, verb) for number, one in enumerate(found[:OFFERED]))
    return reply([voice.line("form.which")], row(*items))


def _choose(number: int, one: Gathering, verb: Verb) -> Button:
    start = one.meetup.start
    day = f"{start:%Y-%m-%d} " if start else ""
    name = shortened(f"{day}{one.meetup.title}", NAME)
    return Button(name, action(verb, f"choose{number}"), value=f"{EXACTLY}{one.uid}")


def _gone(voice: Voice) -> Reply:
    close = voice.plain("button.close")
    blocks = packed([voice.line("meetups.gone")])[0].blocks
    return Reply((), modal=Modal(voice.plain("meetups.details"), blocks, close=close))
