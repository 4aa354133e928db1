"""The Home tab: a place to read and search without typing a command."""

from collections.abc import Iterator, Sequence
from functools import partial

from bot.answer.gathering import entry_of, row_of, shown
from bot.answer.helping import FOR_SOME, verb_lines, verbs_of
from bot.answer.layout import Voice, heading, packed, row, voice_for
from bot.answer.reading import composed
from bot.answer.remind import ON_HOME
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.people import Person
from bot.model.posts import Entry
from formatters.document import PostError
from formatters.message import Block, Message
from formatters.slack.blocks import divider
from formatters.slack.limits import faults
from formatters.slack.pieces import Piece

MEETUPS = 5


async def home(
    person: Person, tools: Tools, answer: Sequence[Message] = ()
) -> tuple[Block, ...]:
    """The blocks of a person's Home tab.

    Args:
        person: who looks at it.
        tools: what it is made of.
        answer: what was just asked for here; stands in place of the usual content.
    """
    voice = voice_for(person)
    top = tuple(top_of(voice, tools))
    if answer:
        return (*top, *within(top, [message.blocks for message in answer]))
    latest = await latest_of(person, tools)
    rest = blocks_of([*await coming(person, tools), *helping(person, tools)])
    theirs = blocks_of(maintaining(person, tools))
    return (*top, *within(top, [latest, (divider(),), rest, theirs]))


def top_of(voice: Voice, tools: Tools) -> Iterator[Block]:
    """Name, search box, buttons. Their action ids are no message's, so that both can stand here."""
    yield from blocks_of([heading(tools.settings.site.name or voice.plain("help.title"))])
    yield search_box(voice)
    yield from row(
        voice.button("button.home", Verb.HOME, "home"),
        voice.button("button.list", Verb.LIST, "home"),
        voice.button("button.meetups", Verb.MEETUPS, "home"),
        voice.button("button.help", Verb.HELP, "home"),
    )
    yield divider()


def search_box(voice: Voice) -> Block:
    """A field that searches when Enter is pressed."""
    return {
        "type": "input",
        "dispatch_action": True,
        "label": {"type": "plain_text", "text": voice.plain("home.search"), "emoji": False},
        "element": {
            "type": "plain_text_input",
            "action_id": f"digest.{Verb.SEARCH.value}.home",
            "placeholder": {
                "type": "plain_text",
                "text": voice.plain("home.words"),
                "emoji": False,
            },
        },
    }


def within(top: Sequence[Block], groups: Sequence[Sequence[Block]]) -> tuple[Block, ...]:
    """As many groups, in order, as a Home tab takes below its top."""
    kept: list[Block] = []
    for group in groups:
        if faults([*top, *kept, *group], surface="home"):
            break
        kept += group
    return tuple(kept)


def blocks_of(pieces: Sequence[Piece]) -> tuple[Block, ...]:
    """Pieces as blocks of one surface."""
    return tuple(block for message in packed(pieces) for block in message.blocks)


async def latest_of(person: Person, tools: Tools) -> tuple[Block, ...]:
    """The card of the newest issue, or that there is none."""
    entry = await tools.library.latest(tools.clock.now())
    if entry is None:
        return blocks_of([voice_for(person).line("issue.none")])
    return await tools.aside(partial(card_of, entry, person, tools))


def card_of(entry: Entry, person: Person, tools: Tools) -> tuple[Block, ...]:
    """The card of an issue, () if it cannot be read."""
    try:
        card, _ = composed(entry, person.language, tools)
    except PostError:
        return ()
    return tuple(block for message in card for block in message.blocks)


async def coming(person: Person, tools: Tools) -> tuple[Piece, ...]:
    """The next meetups."""
    voice = voice_for(person)
    found = await tools.agenda.upcoming(tools.clock.now(), limit=MEETUPS)
    if not found:
        return ()
    pieces: list[Piece] = [heading(voice.plain("meetups.title"))]
    for one in await shown(found, person.id, tools):
        pieces += (entry_of(one, person.zone, voice), row_of(one, ON_HOME, voice, tools))
    return tuple(pieces)


def helping(person: Person, tools: Tools) -> tuple[Piece, ...]:
    """What can be typed in any channel."""
    voice = voice_for(person)
    lines = verb_lines(verbs_of(person, tools), 1, voice, tools)
    return (heading(voice.plain("help.title")), *lines)


def maintaining(person: Person, tools: Tools) -> tuple[Piece, ...]:
    """What maintainers can type as well; () for everybody else."""
    if not person.maintainer:
        return ()
    voice = voice_for(person)
    lines = verb_lines(FOR_SOME, 1, voice, tools)
    return (heading(voice.plain("home.maintainers")), *lines)
