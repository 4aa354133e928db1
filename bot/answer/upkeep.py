"""After the announcing: `pause` and `resume` for a channel, `recall` for a post and its question."""

from bot.answer.layout import Voice, action, authored, reply, row, title_span, voice_for
from bot.answer.reading import meant, unheard_of
from bot.answer.reposting import CHANNEL
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.ids import ChannelId, PostId
from bot.model.people import Command, Reply
from formatters.slack.blocks import Button, Confirm
from formatters.slack.pieces import Piece, Text

STRIKE = frozenset({"strike", "--strike", "划掉"})
"""Words for a recall that strikes through instead of deleting."""
SEPARATOR = "\n"


async def pause(command: Command, words: str, tools: Tools) -> Reply:
    """Stop the channel that is named, or the one in which this is typed."""
    channel = _channel(command, words)
    if channel is None:
        return _unnamed(words, command)
    done = await tools.upkeep.pause(channel, command.person.id)
    return _said(voice_for(command.person), "pause.done" if done else "pause.already", channel)


async def resume(command: Command, words: str, tools: Tools) -> Reply:
    """Let it have what comes from now on."""
    channel = _channel(command, words)
    if channel is None:
        return _unnamed(words, command)
    ended = await tools.upkeep.resume(channel)
    reply = _said(
        voice_for(command.person), "pause.none" if ended is None else "pause.resumed", channel
    )
    return Reply(reply.messages, wake=ended is not None)


async def recall(command: Command, words: str, tools: Tools) -> Reply:
    """Name the post that is meant, and ask."""
    voice = voice_for(command.person)
    said = words.split()
    strike = any(word.lower() in STRIKE for word in said)
    issue = " ".join(word for word in said if word.lower() not in STRIKE)
    if not issue:
        return reply([voice.line("recall.usage", command=tools.settings.command)])
    entry = await meant(issue, tools)
    if entry is None:
        return unheard_of(issue, voice, tools)
    key = "recall.strike" if strike else "recall.question"
    question: list[Piece] = [Text((voice.lead(key), title_span(entry.title, entry.url)))]
    value = SEPARATOR.join((entry.id, "strike" if strike else ""))
    return reply(question, row(*_answers(value, voice, strike=strike)))


async def recalled(command: Command, words: str, tools: Tools) -> Reply:
    """Recall it; the question goes away with its buttons."""
    voice = voice_for(command.person)
    post, _, strike = words.partition(SEPARATOR)
    entry = await tools.desk.post(PostId(post))
    if entry is None:
        return reply([voice.line("repost.gone")], replace=True)
    count = await tools.upkeep.recall(entry, strike=bool(strike))
    await tools.regather()  # what it alone announced is announced no more
    done = reply(
        [voice.line("recall.done", count=count, command=tools.settings.command)], replace=True
    )
    return Reply(done.messages, replace=True, wake=True)


def _answers(value: str, voice: Voice, *, strike: bool) -> tuple[Button, ...]:
    """Yes, which asks once more, and no."""
    sure = Confirm(
        title=voice.plain("recall.sure.title"),
        text=voice.plain("recall.sure.text", strike=strike),
        yes=voice.plain("recall.sure.yes"),
        no=voice.plain("repost.sure.no"),
    )
    yes = Button(
        voice.plain("recall.yes"),
        action(Verb.RECALL_CONFIRM, "yes"),
        value=value,
        style="danger",
        confirm=sure,
    )
    return (yes, voice.button("recall.no", Verb.REPOST_CANCEL, "no"))


def _channel(command: Command, words: str) -> ChannelId | None:
    """The named channel, or this one; None for words that Slack did not take for a channel."""
    if named := CHANNEL.findall(words):
        return ChannelId(named[0])
    return None if words.strip() else command.channel


def _unnamed(words: str, command: Command) -> Reply:
    return reply([voice_for(command.person).line("repost.channel_name", name=words.strip())])


def _said(voice: Voice, key: str, channel: ChannelId) -> Reply:
    return reply([authored(f"<#{channel}> {voice.markup(key)}")])
