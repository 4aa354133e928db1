"""Leaving posts out that the bot has asked about: the other answer to its question."""

from datetime import datetime

from bot.answer.layout import reply, title_span, voice_for
from bot.answer.tools import Tools
from bot.model.ids import PostId
from bot.model.people import Command, Reply
from bot.model.posts import Entry, PostState
from formatters.slack.pieces import Text


async def skipped(command: Command, words: str, tools: Tools) -> Reply:
    """Leave one post out; one that was posted meanwhile stays so."""
    voice = voice_for(command.person)
    entry = await tools.desk.post(PostId(words))
    if entry is None:
        return reply([voice.line("repost.gone")])
    if entry.state in {PostState.ANNOUNCED, PostState.UNDECIDED}:
        return reply([voice.line("skip.too_late")])
    await tools.skip((entry,))
    return reply([Text((voice.lead("skip.done"), title_span(entry.title, entry.url)))])


async def all_skipped(command: Command, words: str, tools: Tools) -> Reply:
    """Leave out what was asked about with the button's message."""
    voice = voice_for(command.person)
    source, _, moment = words.partition("\n")
    try:
        asked_at = datetime.fromisoformat(moment)
    except ValueError:
        return reply([voice.line("repost.gone")])
    held = await tools.desk.held(source)
    meant = tuple(entry for entry in held if _was_there(entry, asked_at))
    await tools.skip(meant)
    return reply([voice.line("skip.all_done", count=len(meant))])


def _was_there(entry: Entry, moment: datetime) -> bool:
    return moment.tzinfo is not None and entry.first_seen <= moment
