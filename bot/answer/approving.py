"""Approval by a button: the question in the maintainers' channel, and their answers to it.

The question speaks the site's language, the answer to a click that of whoever clicked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer.layout import (
    Voice,
    action,
    authored,
    heading,
    linked,
    message,
    packed,
    reply,
    title_span,
    voice_for,
)
from bot.answer.tools import Tools
from bot.answer.verbs import Verb, spoken
from bot.model.ids import Place, PostId, UserId, WorkspaceId
from bot.model.people import Command, Reply
from bot.model.posts import Entry
from config.model import Settings
from formatters.message import Message
from formatters.slack.blocks import Button, buttons
from formatters.slack.pieces import Piece, Text, Whole


@dataclass(frozen=True, slots=True)
class Wording:
    """Puts the question and what becomes of it into messages; see `bot.publish.approving`."""

    settings: Settings

    def question(self, entry: Entry, places: Sequence[Place]) -> Message:
        """Ask whether a post may go to some channels; it stands in the thread."""
        voice = self._voice
        yes = Button(
            voice.plain("approve.yes"),
            action(Verb.APPROVE, "yes"),
            value=entry.id,
            style="primary",
        )
        no = Button(voice.plain("approve.no"), action(Verb.DECLINE, "no"), value=entry.id)
        waits = f"{voice.markup('approve.waits', count=len(places))} {self._linked(places)}"
        return self._message(entry, authored(waits), Whole(buttons(yes, no)))

    def judged(
        self, entry: Entry, places: Sequence[Place], *, approved: bool, who: UserId
    ) -> Message:
        """Who decided what; without buttons, for there is nothing left to decide."""
        voice = self._voice
        by = f"<@{who}>"
        if approved:
            said = voice.markup("approve.approved", count=len(places))
            return self._message(entry, authored(f"{by} {said} {self._linked(places)}"))
        name = entry.path if entry.number is None else entry.number
        line = f"{self.settings.command} {spoken(Verb.REPOST, voice.language)} {name}"
        return self._message(
            entry, authored(f"{by} {voice.markup('approve.declined', line=line)}")
        )

    def overtaken(self, entry: Entry) -> Message:
        """Nothing of it waits any more."""
        return self._message(entry, self._voice.line("approve.overtaken"))

    @property
    def _voice(self) -> Voice:
        return Voice(self.settings.site.language)

    def _linked(self, places: Sequence[Place]) -> str:
        return linked(places, WorkspaceId(self.settings.maintainers.workspace), self._voice)

    def _message(self, entry: Entry, *pieces: Piece) -> Message:
        top = heading(self._voice.plain("approve.title", source=entry.source))
        title = Text((title_span(entry.title or entry.path, entry.url, bold=True),))
        made = packed([top, title, *pieces])
        return message([block for one in made for block in one.blocks])


async def approved(command: Command, words: str, tools: Tools) -> Reply:
    """Let a post go to the channels in which it waits."""
    return await _judged(command, words, tools, approved=True)


async def declined(command: Command, words: str, tools: Tools) -> Reply:
    """Leave it out of them."""
    return await _judged(command, words, tools, approved=False)


async def _judged(command: Command, words: str, tools: Tools, *, approved: bool) -> Reply:
    """The question itself says who decided; whoever comes second reads what it says."""
    voice = voice_for(command.person)
    entry = await tools.desk.post(PostId(words))
    if entry is None:
        return reply([voice.line("repost.gone")])
    if await tools.approval.judge(entry, approved=approved, who=command.person.id):
        key = "approve.yes_done" if approved else "approve.no_done"
        title = title_span(entry.title or entry.path, entry.url)
        done = reply([Text((voice.lead(key), title))])
        return Reply(done.messages, wake=True)
    told = await tools.approval.decided(entry)
    said = reply([voice.line("approve.already")])
    return Reply((*said.messages, *((told,) if told else ())), wake=True)
