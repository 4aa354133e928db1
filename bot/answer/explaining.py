"""What maintainers look into before they act: `preview` and `why`. Nothing is written."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import islice

from bot.answer.layout import (
    MOST_MESSAGES,
    Voice,
    authored,
    coded,
    heading,
    packed,
    reply,
    title_span,
    voice_for,
    with_members,
)
from bot.answer.reading import meant, unheard_of
from bot.answer.reposting import CHANNEL, NAMED, messages_for, targets
from bot.answer.status import paused_line, why_said
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.deliveries import Act, Delivery, DeliveryState
from bot.model.ids import ChannelId
from bot.model.people import Command, Person, Reply
from bot.model.posts import Entry, PostState
from config.model import ChannelSettings
from formatters.document import PostError
from formatters.slack.pieces import Piece, Text

SHOWN = 20
"""Channels of which something is said: ours, so that a message stays a screen."""


async def preview(command: Command, words: str, tools: Tools) -> Reply:
    """The messages that the named channel would get of an issue, else this one, else the first."""
    voice = voice_for(command.person)
    found = await _meant(Verb.PREVIEW, words, voice, tools)
    if isinstance(found, Reply):
        return found
    entry, wanted = found
    channels = await targets(entry, wanted, tools)
    if not channels:
        line = voice.markup("repost.nowhere", command=tools.settings.command)
        return reply([authored(line)])
    here = [one for one in channels if one.id == command.channel]
    return await tools.aside(partial(_shown, entry, (here or channels)[:1], voice, tools))


def _shown(
    entry: Entry, channels: Sequence[ChannelSettings], voice: Voice, tools: Tools
) -> Reply:
    try:
        made = messages_for(entry, channels, tools)
    except PostError as error:
        return reply([voice.line("repost.unreadable", problem=str(error))])
    if not made:
        return reply([voice.line("repost.nothing")])
    shown = made[: MOST_MESSAGES - 1]
    said = voice.markup("preview.shown", shown=len(shown), parts=len(made))
    return Reply((*shown, *packed([authored(f"{said} <#{channels[0].id}>")])))


async def why(command: Command, words: str, tools: Tools) -> Reply:
    """What became of an issue, in all channels or the named ones, with reasons."""
    person = command.person
    voice = voice_for(person)
    found = await _meant(Verb.WHY, words, voice, tools)
    if isinstance(found, Reply):
        return found
    entry, wanted = found
    every = (*await tools.desk.deliveries(entry.id), *await tools.desk.edits(entry.id))
    rows = [row for row in every if not wanted or row.channel in wanted]
    silent = await _silent(entry, wanted, {row.channel for row in rows}, tools)
    concerned = {*wanted, *silent, *(row.channel for row in rows)}
    pauses = [one for one in await tools.upkeep.pauses() if one.channel in concerned]
    pieces: list[Piece] = [
        heading(voice.plain("why.title")),
        Text((title_span(entry.title or entry.path, entry.url, bold=True),)),
        Text(
            coded(
                voice.plain(f"why.{entry.state.value}", reason=why_said(entry.reason, person))
            )
        ),
        *_rows(rows, person, voice),
        *(authored(f"<#{one}> {voice.markup('why.nothing')}") for one in silent[:SHOWN]),
        *(paused_line(one, person, voice) for one in pauses[:SHOWN]),
    ]
    return reply(pieces)


def _rows(rows: Sequence[Delivery], person: Person, voice: Voice) -> Iterator[Piece]:
    """One line for messages, or changes of them, of the same fate in a channel, in their order."""
    fates = Counter((row.channel, row.kind, _state(row), row.reason) for row in rows)
    for (channel, kind, state, reason), count in islice(fates.items(), SHOWN):
        said = voice.markup(
            f"why.{kind.value}",
            count=count,
            state=voice.plain(f"state.{state}"),
            reason=why_said(reason, person),
        )
        yield authored(f"<#{channel}> {with_members(said)}")
    if len(fates) > SHOWN:
        yield voice.line("ask.more", count=len(fates) - SHOWN)


def _state(row: Delivery) -> str:
    changed = row.kind is not Act.POST and row.state is DeliveryState.SENT
    return "done" if changed else row.state.value


async def _silent(
    entry: Entry, wanted: Collection[ChannelId], told: Collection[ChannelId], tools: Tools
) -> list[ChannelId]:
    """Channels that take an announced issue, or are asked about, and of which no row knows."""
    if entry.state is not PostState.ANNOUNCED:
        return []
    takers = [ChannelId(one.id) for one in await targets(entry, (), tools)]
    return [one for one in (wanted or takers) if one not in told]


async def _meant(
    verb: Verb, words: str, voice: Voice, tools: Tools
) -> Reply | tuple[Entry, tuple[ChannelId, ...]]:
    """The issue and the channels that are named, or what is missing."""
    if named := NAMED.findall(words):
        return reply([voice.line("repost.channel_name", name=named[0])])
    wanted = tuple(ChannelId(found) for found in CHANNEL.findall(words))
    issue = CHANNEL.sub("", words).strip()
    if not issue:
        return reply([voice.line(f"{verb.value}.usage", command=tools.settings.command)])
    entry = await meant(issue, tools)
    return unheard_of(issue, voice, tools) if entry is None else (entry, wanted)
