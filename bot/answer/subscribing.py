"""Channels that choose for themselves: `subscribe`, `unsubscribe`, `settings`, and the greeting.

In the operator's own workspace maintainers decide; where others installed the bot, their members.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.answer.helping import not_allowed
from bot.answer.layout import Voice, heading, packed, reply, voice_for
from bot.answer.tools import Tools
from bot.answer.verbs import Verb, spoken
from bot.model.ids import HOME, ChannelId
from bot.model.people import Command, Person, Reply
from config.model import ChannelSettings, SectionFilter
from formatters.document import Span
from formatters.message import Message
from formatters.slack.pieces import Bullet, Piece

STYLES: Mapping[str, str] = {
    "thread": "thread",
    "card": "card",
    "full": "full",
    "消息列": "thread",
    "卡片": "card",
    "全文": "full",
}
LANGUAGES: Mapping[str, str] = {
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
    "zh": "zh",
    "chinese": "zh",
    "中文": "zh",
}
FILLING = frozenset({"only", "in", "to", "只要", "仅"})
"""Words that people say between the others."""
LONGEST = 40


@dataclass(slots=True)
class Wishes:
    """What was said of a channel; `unknown` is the first word that means nothing, "" if none."""

    sources: list[str] = field(default_factory=list)
    style: str = "thread"
    language: str = ""
    only: list[str] = field(default_factory=list)
    unknown: str = ""


async def subscribe(command: Command, words: str, tools: Tools) -> Reply:
    """Let this channel have new posts from now on."""
    voice = voice_for(command.person)
    refusal = _refusal(Verb.SUBSCRIBE, command, tools)
    if refusal is not None:
        return refusal
    wishes = wished(words, tools)
    if wishes.unknown:
        return reply([_misunderstood(wishes.unknown, voice, tools)])
    chosen = ChannelSettings.model_validate(
        {
            "id": command.channel,
            "workspace": tools.workspace,
            "sources": wishes.sources,
            "style": wishes.style,
            "language": wishes.language,
            "sections": {"only": wishes.only},
        }
    )
    came = await tools.subscribing.subscribe(chosen, command.person.id)
    said = voice.line(f"subscribe.{came}", command=tools.settings.command)
    return reply([said] if came == "outside" else [said, *told(chosen, voice)])


async def unsubscribe(command: Command, _: str, tools: Tools) -> Reply:
    """Let this channel have nothing more."""
    refusal = _refusal(Verb.UNSUBSCRIBE, command, tools)
    if refusal is not None:
        return refusal
    ended = await tools.subscribing.unsubscribe(command.channel, command.person.id)
    key = "subscribe.ended" if ended else "subscribe.none"
    return reply([voice_for(command.person).line(key, command=tools.settings.command)])


async def chosen(command: Command, _: str, tools: Tools) -> Reply:
    """What this channel gets."""
    voice = voice_for(command.person)
    wishes = await tools.subscribing.wishes(command.channel)
    if wishes is None:
        return reply([voice.line("subscribe.none", command=tools.settings.command)])
    return reply([heading(voice.plain("subscribe.title")), *told(wishes, voice)])


async def greeting(person: Person, channel: ChannelId, tools: Tools) -> tuple[Message, ...]:
    """What whoever invites the bot reads; () where the channel gets posts already."""
    if await tools.subscribing.wishes(channel) is not None:
        return ()
    line = f"{tools.settings.command} {spoken(Verb.SUBSCRIBE, person.language)}"
    return packed([voice_for(person).line("subscribe.greeting", line=line)])


def wished(words: str, tools: Tools) -> Wishes:
    """Read what follows `subscribe`, in any order."""
    known = {one.id for one in tools.settings.sources if one.role == "issues"}
    wishes = Wishes()
    for word in words.replace(",", " ").replace("，", " ").split():
        _take(word, wishes, known)
    return wishes


def told(channel: ChannelSettings, voice: Voice) -> list[Piece]:
    """The wishes of a channel, a line each."""
    every = voice.plain("subscribe.every")
    said = {
        "sources": ", ".join(channel.sources) or every,
        "style": voice.plain(f"subscribe.styles.{channel.style}"),
        "language": voice.plain(f"subscribe.languages.{channel.language or 'site'}"),
        "sections": ", ".join(channel.sections.only) or every,
    }
    return [
        Bullet((Span(voice.plain(f"subscribe.{name}", value=value)),), 1)
        for name, value in said.items()
    ]


def _take(word: str, wishes: Wishes, sources: set[str]) -> None:
    plain = word.lower()
    if word in sources:
        wishes.sources.append(word)
    elif plain in STYLES:
        wishes.style = STYLES[plain]
    elif plain in LANGUAGES:
        wishes.language = LANGUAGES[plain]
    elif (kind := _kind(plain)) is not None:
        wishes.only.append(kind)
    elif plain not in FILLING:
        wishes.unknown = wishes.unknown or word


def _kind(word: str) -> str | None:
    """A kind of section, in either language."""
    try:
        return SectionFilter.model_validate({"only": [word]}).only[0]
    except ValueError:
        return None


def _refusal(verb: Verb, command: Command, tools: Tools) -> Reply | None:
    """None where this person may decide about this channel."""
    if tools.workspace == HOME and not command.person.maintainer:
        return not_allowed(verb, command.person, tools)
    if any(one.id == command.channel for one in tools.settings.channels):
        return reply([voice_for(command.person).line("subscribe.fixed")])
    return None


def _misunderstood(word: str, voice: Voice, tools: Tools) -> Piece:
    sources = [one.id for one in tools.settings.sources if one.role == "issues"]
    return voice.line(
        "subscribe.unknown",
        word=word[:LONGEST],
        sources=", ".join(sources),
        command=tools.settings.command,
    )
