"""What can be asked: `help`, words nobody knows, and work that others do."""

from collections.abc import Sequence

from bot.answer.layout import Voice, authored, heading, reply, row, voice_for
from bot.answer.tools import Tools
from bot.answer.verbs import FOR_MAINTAINERS, Verb, nearest, spoken
from bot.model.ids import HOME
from bot.model.people import Person, Reply
from config.model import MaintainerSettings
from formatters.document import Span
from formatters.slack.blocks import Button
from formatters.slack.pieces import Bullet, Piece

FOR_ALL = (
    Verb.LATEST,
    Verb.ISSUE,
    Verb.LIST,
    Verb.SEARCH,
    Verb.MEETUPS,
    Verb.SUBSCRIBE,
    Verb.UNSUBSCRIBE,
    Verb.SETTINGS,
    Verb.HELP,
)
CHOOSING = frozenset({Verb.SUBSCRIBE, Verb.UNSUBSCRIBE})
"""What maintainers alone do in the bot's own workspace."""
FOR_SOME = (
    Verb.REPOST,
    Verb.RECALL,
    Verb.PAUSE,
    Verb.RESUME,
    Verb.MEETUP_ADD,
    Verb.MEETUP_EDIT,
    Verb.MEETUP_CANCEL,
    Verb.PREVIEW,
    Verb.WHY,
    Verb.STATUS,
)


async def helped(_: str, person: Person, tools: Tools) -> Reply:
    """All verbs that this person may use."""
    return help_for(person, tools)


def help_for(person: Person, tools: Tools) -> Reply:
    """The same, at once."""
    voice = voice_for(person)
    name = tools.settings.site.name
    title = voice.plain("help.title_of", name=name) if name else voice.plain("help.title")
    pieces: list[Piece] = [heading(title), voice.line("help.intro")]
    pieces += verb_lines(verbs_of(person, tools), 1, voice, tools)
    if person.maintainer:
        pieces += [voice.line("help.maintainers"), *verb_lines(FOR_SOME, 2, voice, tools)]
    return reply(pieces, row(*shortcuts(voice)))


def verbs_of(person: Person, tools: Tools) -> tuple[Verb, ...]:
    """What a person may say, besides what is for maintainers alone."""
    chooses = person.maintainer or tools.workspace != HOME
    return tuple(verb for verb in FOR_ALL if chooses or verb not in CHOOSING)


def verb_lines(verbs: Sequence[Verb], list_id: int, voice: Voice, tools: Tools) -> list[Bullet]:
    """A line for each verb: what to type and what comes of it."""
    return [
        Bullet(
            (
                Span(typed(verb, voice, tools), code=True),
                Span(f" {voice.plain(f'help.{verb.value}')}"),
            ),
            list_id,
        )
        for verb in verbs
    ]


def typed(verb: Verb, voice: Voice, tools: Tools) -> str:
    """What to type for a verb, such as `/digest search WORDS`."""
    gap = voice.plain(f"help.gap.{verb.value}")
    return f"{tools.settings.command} {spoken(verb, voice.language)} {gap}".strip()


def shortcuts(voice: Voice) -> tuple[Button, ...]:
    """The verbs that need no words, as buttons."""
    return (
        voice.button("button.latest", Verb.LATEST, "help"),
        voice.button("button.list", Verb.LIST, "help"),
        voice.button("button.meetups", Verb.MEETUPS, "help"),
    )


def unknown(first: str, rest: str, person: Person, tools: Tools) -> Reply:
    """A word nobody knows: what was probably meant, and where help is."""
    voice = voice_for(person)
    command = tools.settings.command
    meant = nearest(first)
    if meant is None or (meant in FOR_MAINTAINERS and not person.maintainer):
        said = voice.line("unknown.no_idea", word=first[:40], command=command)
        return reply([said], row(voice.button("button.help", Verb.HELP, "unknown")))
    line = f"{command} {spoken(meant, voice.language)} {rest[:80]}".strip()
    said = voice.line("unknown.did_you_mean", word=first[:40], line=line, command=command)
    retry = Button(line, f"digest.{meant.value}.meant", value=rest[:500], style="primary")
    return reply([said], row(retry, voice.button("button.help", Verb.HELP, "unknown")))


def not_allowed(verb: Verb, person: Person, tools: Tools) -> Reply:
    """A maintainer's verb from somebody who is none: who can do it."""
    voice = voice_for(person)
    line = f"{tools.settings.command} {spoken(verb, voice.language)}"
    who = mentions(tools.settings.maintainers)
    if not who:
        return reply([voice.line("refused.nobody", line=line)])
    return reply([authored(f"{voice.markup('refused.ask', line=line)} {who}")])


def mentions(maintainers: MaintainerSettings) -> str:
    """The maintainers as mrkdwn. In an ephemeral answer it calls nobody."""
    group = [f"<!subteam^{maintainers.usergroup}>"] if maintainers.usergroup else []
    return " ".join([*group, *(f"<@{user}>" for user in maintainers.users[:20])])


def sorry(person: Person, reference: str) -> Piece:
    """Something failed on our side."""
    return Voice(person.language).line("sorry", reference=reference)
