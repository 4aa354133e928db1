"""What maintainers are told without having asked: posts that need a word, sources that fail.

Pure. In the site's language, for a channel of theirs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.answer.layout import Voice, action, heading, packed, title_span
from bot.answer.reposting import EVERYWHERE, Plan, sure
from bot.answer.verbs import Verb
from bot.model.posts import Entry, PostState, Problem
from bot.plan import subscribers
from bot.reasons import key_of, said
from config.model import Settings
from formatters.document import Span
from formatters.message import Message
from formatters.slack.blocks import Button, Confirm, buttons
from formatters.slack.cut import shortened
from formatters.slack.pieces import Bullet, Piece, Text, Whole

NAMED = 20
"""Posts that a message names before it only counts."""
BUTTONED = 5
"""Posts with buttons of their own: ours, so that a message stays a screen."""
NAME = 40
"""Characters of a title on a button."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Puts what maintainers are to know into messages, as the settings want it."""

    settings: Settings

    def posts(self, entries: Sequence[Entry], now: datetime) -> tuple[Message, ...]:
        """Ask about posts of one source, newest first.

        Args:
            entries: one at least.
            now: aware; `skip all` means what was there by then.
        """
        asked = [entry for entry in entries if entry.state is not PostState.ANNOUNCED]
        voice = self._voice
        title = "ask.title" if asked else "ask.told"
        pieces: list[Piece] = [heading(voice.plain(title, source=entries[0].source))]
        for why, group in groupby(entries, key=lambda entry: entry.reason):
            pieces += self._group(why, tuple(group))
        pieces += [self._row(entry, at) for at, entry in enumerate(asked[:BUTTONED])]
        if len(asked) > 1:
            pieces.append(self._all(asked, now))
        return packed(pieces)

    def unread(self, source: str, problems: Sequence[Problem]) -> tuple[Message, ...]:
        """Tell of posts that cannot be read, with what their authors can do."""
        voice = self._voice
        pieces: list[Piece] = [heading(voice.plain("ask.unread", source=source))]
        pieces += [Bullet((Span(one.words),), 1) for one in problems[:NAMED]]
        if len(problems) > NAMED:
            pieces.append(voice.line("ask.more", count=len(problems) - NAMED))
        return packed(pieces)

    def source(self, source: str, failures: int, words: str) -> tuple[Message, ...]:
        """Tell of a source that cannot be read, for the reason `words`."""
        voice = self._voice
        return packed(
            [
                heading(voice.plain("ask.failing", source=source)),
                voice.line("ask.failures", failures=failures, problem=words),
            ]
        )

    @property
    def _voice(self) -> Voice:
        return Voice(self.settings.site.language)

    def _group(self, why: str, entries: Sequence[Entry]) -> Iterator[Piece]:
        yield Text((self._voice.span("ask.why", reason=self._said(why, entries)),))
        for entry in entries[:NAMED]:
            yield Bullet((title_span(entry.title or entry.path, entry.url),), 1)
        if len(entries) > NAMED:
            yield self._voice.line("ask.more", count=len(entries) - NAMED)

    def _said(self, why: str, entries: Sequence[Entry]) -> str:
        """A reason; where it names the posts, their list stands for that."""
        if entries[0].gone_at is not None:
            return self._voice.plain("ask.gone")
        if key_of(why) == "breaker":
            return self._voice.plain("ask.breaker", count=len(entries))
        site = self.settings.site
        return said(why, site.language, zone=ZoneInfo(site.timezone))

    def _row(self, entry: Entry, at: int) -> Piece:
        """A button to post it and one to leave it."""
        voice = self._voice
        channels = len(subscribers(self.settings.channels, source=entry.source))
        name = shortened(entry.title or entry.path, NAME)
        skip = Button(voice.plain("ask.skip"), action(Verb.SKIP_POST, str(at)), value=entry.id)
        if not channels:
            return Whole(buttons(skip))
        plan = Plan(f"ask {entry.revision}", entry.id, (EVERYWHERE,))
        post = Button(
            voice.plain("ask.post", name=name),
            action(Verb.REPOST_CONFIRM, str(at)),
            value=plan.words(),
            style="primary",
            confirm=sure(channels, voice),
        )
        return Whole(buttons(post, skip))

    def _all(self, asked: Sequence[Entry], now: datetime) -> Piece:
        voice = self._voice
        confirm = Confirm(
            title=voice.plain("ask.sure.title"),
            text=voice.plain("ask.sure.text", count=len(asked)),
            yes=voice.plain("ask.skip"),
            no=voice.plain("repost.sure.no"),
        )
        value = f"{asked[0].source}\n{now.isoformat()}"
        name = voice.plain("ask.skip_all", count=len(asked))
        button = Button(name, action(Verb.SKIP_ALL, "all"), value=value, confirm=confirm)
        return Whole(buttons(button))
