"""What people ask, answered from the archive: commands and clicks in, messages out.

Reads through the ports, writes nothing but what a maintainer decides. No clock, network or Slack.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.answer.approving import approved, declined
from bot.answer.explaining import preview, why
from bot.answer.finding import listed, searched, turned
from bot.answer.helping import helped, not_allowed, sorry, unknown
from bot.answer.home import home
from bot.answer.layout import packed, voice_for
from bot.answer.meetups import meetups, meetups_turned
from bot.answer.reading import issue, latest
from bot.answer.remind import forget, in_calendar, meetup, remind
from bot.answer.reposting import cancelled, confirmed, repost
from bot.answer.scheduling import add, call_off, called_off, edit, save
from bot.answer.skipping import all_skipped, skipped
from bot.answer.status import status
from bot.answer.subscribing import chosen, greeting, subscribe, unsubscribe
from bot.answer.tools import Repost, Tools
from bot.answer.upkeep import pause, recall, recalled, resume
from bot.answer.verbs import FOR_MAINTAINERS, Verb, asked
from bot.model.people import Command, Modal, Person, Reply
from formatters.message import Message

__all__ = ["Repost", "Tools", "answer", "apology", "greeting", "home", "in_window"]

READING: Mapping[Verb, Callable[[str, Person, Tools], Awaitable[Reply]]] = {
    Verb.LATEST: latest,
    Verb.ISSUE: issue,
    Verb.LIST: listed,
    Verb.LIST_TURN: turned,
    Verb.SEARCH: searched,
    Verb.MEETUPS: meetups,
    Verb.MEETUPS_TURN: meetups_turned,
    Verb.MEETUP: meetup,
    Verb.CALENDAR: in_calendar,
    Verb.HELP: helped,
    Verb.STATUS: status,
}
WRITING: Mapping[Verb, Callable[[Command, str, Tools], Awaitable[Reply]]] = {
    Verb.REPOST: repost,
    Verb.REPOST_CONFIRM: confirmed,
    Verb.REPOST_CANCEL: cancelled,
    Verb.SKIP_POST: skipped,
    Verb.SKIP_ALL: all_skipped,
    Verb.APPROVE: approved,
    Verb.DECLINE: declined,
    Verb.PREVIEW: preview,
    Verb.WHY: why,
    Verb.PAUSE: pause,
    Verb.RESUME: resume,
    Verb.RECALL: recall,
    Verb.RECALL_CONFIRM: recalled,
    Verb.SUBSCRIBE: subscribe,
    Verb.UNSUBSCRIBE: unsubscribe,
    Verb.SETTINGS: chosen,
    Verb.REMIND: remind,
    Verb.FORGET: forget,
    Verb.MEETUP_ADD: add,
    Verb.MEETUP_EDIT: edit,
    Verb.MEETUP_CANCEL: call_off,
    Verb.MEETUP_SAVE: save,
    Verb.MEETUP_CALL_OFF: called_off,
}


async def answer(command: Command, tools: Tools) -> Reply:
    """Answer a command or a click.

    Args:
        command: who asks what; a bare command asks for help.
        tools: what answers are made of.

    Returns:
        At most five messages that Slack accepts, for the asker only; none for the button that
        leads back to the Home tab.
    """
    wanted = asked(command.verb, command.words)
    if wanted is None:
        return unknown(command.verb, command.words, command.person, tools)
    if wanted.verb in FOR_MAINTAINERS and not command.person.maintainer:
        return not_allowed(wanted.verb, command.person, tools)
    if wanted.verb in WRITING:
        return await WRITING[wanted.verb](command, wanted.words, tools)
    if wanted.verb in READING:
        return await READING[wanted.verb](wanted.words, command.person, tools)
    return Reply(())


def in_window(reply: Reply, person: Person) -> Reply:
    """An answer to a form that only speaks, in the form's window: elsewhere nobody would see it."""
    if reply.errors or reply.modal is not None or not reply.messages:
        return reply
    voice = voice_for(person)
    blocks = reply.messages[0].blocks
    modal = Modal(voice.plain("meetups.details"), blocks, close=voice.plain("button.close"))
    return replace(reply, modal=modal)


def apology(person: Person, reference: str) -> Message:
    """What a person reads when an answer failed; operators find `reference` in the log."""
    return packed([sorry(person, reference)])[0]
