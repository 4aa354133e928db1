"""Posting an issue once more: `repost`, its question and the answer to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.answer.layout import (
    Voice,
    action,
    authored,
    reply,
    row,
    title_span,
    voice_for,
)
from bot.answer.reading import meant, post_of, unheard_of
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.ids import ChannelId, PostId
from bot.model.people import Command, Reply
from bot.model.posts import Entry
from bot.plan import composition_of, subscribers, wording
from config.model import ChannelSettings
from formatters.document import PostError, Span
from formatters.slack.blocks import Button, Confirm
from formatters.slack.pieces import Piece, Text

CHANNEL = re.compile(r"<#([A-Z0-9]+)>")
NAMED = re.compile(r"(?<!\S)#(?!\d+\b)\S+")
SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a confirmed repost does. `occasion` makes a double click one repost."""

    occasion: str
    post: PostId
    channels: tuple[ChannelId, ...]

    def words(self) -> str:
        """As a button's value."""
        return SEPARATOR.join((self.occasion, self.post, *self.channels))

    @classmethod
    def of(cls, words: str) -> "Plan | None":
        """Read a button's value; None if it is none of ours."""
        match words.split(SEPARATOR):
            case [occasion, post, *channels] if channels:
                return cls(occasion, PostId(post), tuple(map(ChannelId, channels)))
            case _:
                return None


async def repost(command: Command, words: str, tools: Tools) -> Reply:
    """Show what would be posted, and ask."""
    voice = voice_for(command.person)
    if NAMED.search(words):
        return reply([voice.line("repost.channel_name", name=NAMED.findall(words)[0])])
    wanted = tuple(ChannelId(found) for found in CHANNEL.findall(words))
    issue = CHANNEL.sub("", words).strip()
    if not issue:
        return reply([voice.line("repost.usage", command=tools.settings.command)])
    entry = await meant(issue, tools)
    if entry is None:
        return unheard_of(issue, voice, tools)
    channels = await targets(entry, wanted, tools)
    if not channels or len(channels) < len(set(wanted)):
        return reply(
            [authored(f"{voice.markup('repost.channels')} {configured(tools)}".strip())]
        )
    return await tools.aside(partial(question, entry, channels, command, tools))


async def targets(
    entry: Entry, wanted: Sequence[ChannelId], tools: Tools
) -> tuple[ChannelSettings, ...]:
    """The channels that are meant: the named ones, else those of the settings that get this source.

    Those that subscribed by themselves have to be named: they may be many, and other people's.
    """
    if wanted:
        there = await tools.subscribing.channels()
        return tuple(channel for channel in there if channel.id in wanted)
    return subscribers(tools.settings.channels, source=entry.source)


def configured(tools: Tools) -> str:
    """The channels that the bot posts to, as mrkdwn."""
    return linked(tuple(ChannelId(channel.id) for channel in tools.settings.channels))


def linked(channels: Sequence[ChannelId]) -> str:
    """Channels as mrkdwn."""
    return " ".join(f"<#{channel}>" for channel in channels)


def question(
    entry: Entry, channels: Sequence[ChannelSettings], command: Command, tools: Tools
) -> Reply:
    """The first message as it would stand in the first channel, then yes or no."""
    voice = voice_for(command.person)
    try:
        composition = composition_of(
            post_of(entry, tools),
            channels[0],
            language=tools.settings.site.language,
            wording=wording(tools.settings),
        )
    except PostError as error:
        return reply([voice.line("repost.unreadable", problem=str(error))])
    if not composition.messages:
        return reply([voice.line("repost.nothing")])
    ids = tuple(ChannelId(channel.id) for channel in channels)
    plan = Plan(command.nonce, entry.id, ids)
    parts = len(composition.messages) - 1
    pieces: list[Piece] = [
        Text((voice.span("repost.question"), Span(" "), title_span(entry.title, entry.url))),
        authored(f"{voice.markup('repost.to', parts=parts)} {linked(ids)}"),
    ]
    asked = reply(pieces, row(*answers(plan, voice)))
    return Reply((composition.messages[0], *asked.messages))


def answers(plan: Plan, voice: Voice) -> tuple[Button, ...]:
    """Yes, which asks once more, and no."""
    yes = Button(
        voice.plain("repost.yes"),
        action(Verb.REPOST_CONFIRM, "yes"),
        value=plan.words(),
        style="danger",
        confirm=sure(len(plan.channels), voice),
    )
    return (yes, voice.button("repost.no", Verb.REPOST_CANCEL, "no"))


def sure(channels: int, voice: Voice) -> Confirm:
    """The question before a post goes to so many channels."""
    return Confirm(
        title=voice.plain("repost.sure.title"),
        text=voice.plain("repost.sure.text", count=channels),
        yes=voice.plain("repost.sure.yes"),
        no=voice.plain("repost.sure.no"),
    )


async def confirmed(command: Command, words: str, tools: Tools) -> Reply:
    """Write the rows; the question goes away with its buttons."""
    voice = voice_for(command.person)
    plan = Plan.of(words)
    entry = await tools.desk.post(plan.post) if plan else None
    if plan is None or entry is None:
        return reply([voice.line("repost.gone")], replace=True)
    await tools.repost(entry, channels=plan.channels, occasion=f"repost:{plan.occasion}")
    done = reply(
        [
            Text((voice.span("repost.done"), Span(" "), title_span(entry.title, entry.url))),
            authored(f"{voice.markup('repost.goes_to')} {linked(plan.channels)}"),
        ],
        replace=True,
    )
    return Reply(done.messages, replace=True, wake=True)


async def cancelled(command: Command, _: str, __: Tools) -> Reply:
    """Nothing happens; the question goes away."""
    return reply([voice_for(command.person).line("repost.cancelled")], replace=True)
