"""One issue, read in the channel: `latest` and `issue`."""

from functools import partial

from bot import plan
from bot.answer.kept import Composed
from bot.answer.layout import MOST_MESSAGES, Voice, packed, reply, row, voice_for
from bot.answer.tools import Tools
from bot.answer.verbs import KNOWN, Verb, spoken
from bot.model.people import Person, Reply
from bot.model.posts import Entry, PostState
from bot.plan import wording
from bot.reasons import key_of
from formatters.compose import compose
from formatters.document import Post, PostError, Site, Span
from formatters.message import Style
from formatters.slack.pieces import Text
from formatters.slack.spans import can_link


async def latest(_: str, person: Person, tools: Tools) -> Reply:
    """The newest issue."""
    entry = await tools.library.latest(tools.clock.now())
    if entry is None:
        return reply([voice_for(person).line("issue.none")])
    return await tools.aside(partial(whole, entry, person, tools))


async def issue(words: str, person: Person, tools: Tools) -> Reply:
    """The issue that a number, a date, a slug or a part of its title names."""
    voice = voice_for(person)
    if not words:
        return reply([voice.line("issue.usage", command=tools.settings.command)])
    entry = await meant(words, tools)
    if entry is None:
        return unheard_of(words, voice, tools)
    if is_recalled(entry):
        return taken_back(entry, words, person, tools)
    return await tools.aside(partial(whole, entry, person, tools))


def is_recalled(entry: Entry) -> bool:
    """Whether maintainers took an issue back, and nobody has reposted it since."""
    return entry.state is PostState.SKIPPED and key_of(entry.reason) == "recalled"


def taken_back(entry: Entry, words: str, person: Person, tools: Tools) -> Reply:
    """That the issue that `words` name was recalled; maintainers read what brings it back."""
    voice = voice_for(person)
    pieces = [voice.line("issue.recalled", title=entry.title or entry.path)]
    if person.maintainer:
        line = f"{tools.settings.command} {spoken(Verb.REPOST, person.language)} {words}"
        pieces.append(voice.line("issue.brought_back", line=line))
    return reply(pieces)


async def meant(words: str, tools: Tools) -> Entry | None:
    """The issue that somebody means, recalled or not; a word for the latest one means that."""
    if KNOWN.get(words.lower()) is Verb.LATEST:
        return await tools.library.latest(tools.clock.now())
    return await tools.library.find(words, tools.clock.now())


def unheard_of(words: str, voice: Voice, tools: Tools) -> Reply:
    """No such issue, and how to find one."""
    said = voice.line("issue.unknown", words=words[:80], command=tools.settings.command)
    return reply([said], row(voice.button("button.list", Verb.LIST, "unknown")))


def whole(entry: Entry, person: Person, tools: Tools) -> Reply:
    """An issue's card and the complete issue behind it, or as much as fits, and where the rest is."""
    voice = voice_for(person)
    try:
        card, parts = composed(entry, person.language, tools)
    except PostError:
        return reply(
            [voice.line("issue.unreadable", title=entry.title), *link_to(entry, voice)]
        )
    if len(card) + len(parts) <= MOST_MESSAGES:
        return Reply((*card, *parts))
    shown = parts[: MOST_MESSAGES - len(card) - 1]
    rest = voice.line("issue.rest", shown=len(shown), parts=len(parts))
    return Reply((*card, *shown, *packed([rest, *link_to(entry, voice)])))


def composed(entry: Entry, language: str, tools: Tools) -> Composed:
    """The card, and the messages of the complete issue.

    Raises:
        PostError: the archived text cannot be read.
    """
    return tools.kept.of(entry, language, partial(_composed, entry, language, tools))


def _composed(entry: Entry, language: str, tools: Tools) -> Composed:
    post, words = post_of(entry, tools), wording(tools.settings)
    card = compose(post, style=Style.CARD, language=language, wording=words).messages
    thread = compose(post, style=Style.THREAD, language=language, wording=words).messages
    return card[:1], thread[1:]


def post_of(entry: Entry, tools: Tools) -> Post:
    """An archived post, read again.

    Raises:
        PostError: it cannot be read.
    """
    return plan.post_of(entry, tools.sites.get(entry.source, Site()))


def link_to(entry: Entry, voice: Voice) -> tuple[Text, ...]:
    """Where an issue stands on the web; () if nowhere."""
    if not can_link(entry.url):
        return ()
    return (Text((Span(voice.plain("issue.on_the_web"), url=entry.url),)),)
