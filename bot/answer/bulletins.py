"""What members and channels are told of meetups without having asked at that moment.

Pure. Says days and hours, not `in an hour`: a message may be read, and even sent, later than planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.agenda import Gathering
from bot.answer.gathering import (
    Shown,
    calendar_button,
    details,
    entry_of,
    links_of,
    moved,
    register_button,
    reminding,
)
from bot.answer.layout import BREAK, Voice, heading, message, packed, voice_for
from bot.model.people import Person
from bot.plan import Mark, Reminder
from config.model import ChannelSettings, Settings
from formatters.document import Span
from formatters.message import Message
from formatters.slack.blocks import Button, buttons
from formatters.slack.pieces import Piece, Text, Whole

IN_DM, IN_CHANNEL = "dm", "week"
"""Where buttons stand; a click is answered by a word to whom it concerns."""
BUTTONED = 8
"""Meetups of a week with buttons of their own: ours, so that a message stays a screen."""


@dataclass(frozen=True, slots=True)
class Bulletins:
    """Puts it into messages. `calendar` is the bot's own address, "" if it has none."""

    settings: Settings
    calendar: str = ""

    def reminder(self, reminder: Reminder, person: Person) -> Message:
        """Remind one member, or tell that it does not take place."""
        voice = voice_for(person)
        one = Shown(reminder.gathering, reminded=True)
        runs = [Span(voice.plain(f"remind.{reminder.mark.value}")), BREAK]
        runs += entry_of(one, person.zone, voice).runs
        if before := moved(one, voice):
            runs += (BREAK, Span(before))
        for link in links_of(reminder.gathering.meetup.live_url, "live", voice):
            runs += (BREAK, link)
        pieces: list[Piece] = [Text(tuple(runs))]
        if reminder.mark is not Mark.CANCELLED:
            pieces.append(Whole(buttons(*self._deeds(one, voice))))
        return message([block for part in packed(pieces) for block in part.blocks])

    def week(
        self, gatherings: Sequence[Gathering], channel: ChannelSettings
    ) -> tuple[Message, ...]:
        """Tell a channel of its week; one gathering at least."""
        voice = Voice(channel.language or self.settings.site.language)
        pieces: list[Piece] = [heading(voice.plain("meetups.week"))]
        for place, gathering in enumerate(gatherings):
            one = Shown(gathering)
            pieces.append(entry_of(one, "", voice))
            if place < BUTTONED:
                row = (
                    details(one, IN_CHANNEL, voice),
                    *register_button(one, IN_CHANNEL, voice),
                    *calendar_button(one, IN_CHANNEL, self.calendar, voice),
                    reminding(one, IN_CHANNEL, voice),
                )
                pieces.append(Whole(buttons(*row)))
        return packed(pieces)

    def _deeds(self, one: Shown, voice: Voice) -> tuple[Button, ...]:
        return (
            details(one, IN_DM, voice),
            *register_button(one, IN_DM, voice),
            reminding(one, IN_DM, voice),
        )
