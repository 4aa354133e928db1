"""Posting an issue once more: `repost`, its question and the answer to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.answer.layout import (
    Voice,
    action,
    authored,
    linked,
    reply,
    row,
    title_span,
    voice_for,
)
from bot.answer.reading import meant, post_of, unheard_of
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.ids import ChannelId, PostId, WorkspaceId
from bot.model.people import Command, Reply
from bot.model.posts import Entry
from bot.plan import composition_of, subscribers, wording
from config.model import ChannelSettings
from formatters.document import PostError
from formatters.message import Message
from formatters.slack.blocks import Button, Confirm
from formatters.slack.pieces import Piece, Text

CHANNEL = re.compile(r"<#([A-Z0-9]+)>")
NAMED = re.compile(r"(?<!\S)#(?!\d+\b)\S+")
SEPARATOR = "\n"
EVERYWHERE = ChannelId("*")
"""In a plan: every channel that gets these issues when the button is pressed. There may be more
of them than a button's value holds."""


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
        known = named(await tools.subscribing.channels(), voice, tools)
        key = "repost.channels" if known else "repost.nowhere"
        line = voice.markup(key, command=tools.settings.command)
        return reply([authored(f"{line} {known}".strip())])
    plan = Plan(command.nonce, entry.id, wanted or (EVERYWHERE,))
    return await tools.aside(partial(question, entry, channels, plan, voice, tools))


async def targets(
    entry: Entry, wanted: Sequence[ChannelId], tools: Tools
) -> tuple[ChannelSettings, ...]:
    """The channels that are meant: the named ones, else all that get a new post of this source."""
    there = await tools.subscribing.channels()
    if wanted and EVERYWHERE not in wanted:
        return tuple(channel for channel in there if channel.id in wanted)
    return subscribers(there, source=entry.source)


def named(channels: Sequence[ChannelSettings], voice: Voice, tools: Tools) -> str:
    """Channels as mrkdwn."""
    places = [(WorkspaceId(one.workspace), ChannelId(one.id)) for one in channels]
    return linked(places, tools.workspace, voice)


def question(
    entry: Entry, channels: Sequence[ChannelSettings], plan: Plan, voice: Voice, tools: Tools
) -> Reply:
    """The first message as it would stand in the first channel that gets any, then yes or no."""
    try:
        made = messages_for(entry, channels, tools)
    except PostError as error:
        return reply([voice.line("repost.unreadable", problem=str(error))])
    if not made:
        return reply([voice.line("repost.nothing")])
    parts = len(made) - 1
    pieces: list[Piece] = [
        Text((voice.lead("repost.question"), title_span(entry.title, entry.url))),
        authored(
            f"{voice.markup('repost.to', parts=parts, count=len(channels))}"
            f" {named(channels, voice, tools)}"
        ),
    ]
    asked = reply(pieces, row(*answers(plan, len(channels), voice)))
    return Reply((made[0], *asked.messages))


def messages_for(
    entry: Entry, channels: Sequence[ChannelSettings], tools: Tools
) -> tuple[Message, ...]:
    """What the first channel gets of whose sections the issue has any; () if none has.

    Raises:
        PostError: the archived text cannot be read.
    """
    post, words = post_of(entry, tools), wording(tools.settings)
    language = tools.settings.site.language
    each = (composition_of(post, one, language=language, wording=words) for one in channels)
    return next((made.messages for made in each if made.messages), ())


def answers(plan: Plan, channels: int, voice: Voice) -> tuple[Button, ...]:
    """Yes, which asks once more, and no."""
    yes = Button(
        voice.plain("repost.yes"),
        action(Verb.REPOST_CONFIRM, "yes"),
        value=plan.words(),
        style="danger",
        confirm=sure(channels, voice),
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
    channels = await targets(entry, plan.channels, tools) if plan and entry else ()
    if plan is None or entry is None or not channels:
        return reply([voice.line("repost.gone")], replace=True)
    ids = tuple(ChannelId(channel.id) for channel in channels)
    await tools.repost(entry, channels=ids, occasion=f"repost:{plan.occasion}")
    done = reply(
        [
            Text((voice.lead("repost.done"), title_span(entry.title, entry.url))),
            authored(
                f"{voice.markup('repost.goes_to', count=len(channels))}"
                f" {named(channels, voice, tools)}"
            ),
        ],
        replace=True,
    )
    return Reply(done.messages, replace=True, wake=True)


async def cancelled(command: Command, _: str, __: Tools) -> Reply:
    """Nothing happens; the question goes away."""
    return reply([voice_for(command.person).line("repost.cancelled")], replace=True)
