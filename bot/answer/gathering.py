"""How a gathering is shown: its lines, its buttons, and all that is known of it.

Text that posts wrote goes into rich text or plain text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agenda import Gathering, GatheringState, Interest
from bot.answer.dates import hours, when, when_for
from bot.answer.layout import BREAK, Voice, action, title_span
from bot.answer.tools import Tools
from bot.answer.verbs import Verb
from bot.model.ids import UserId, WorkspaceId
from bot.model.posts import Meetup
from bot.plan import over_at
from formatters.document import Span
from formatters.slack.blocks import Button, buttons
from formatters.slack.pieces import Piece, Text, Whole
from formatters.slack.spans import can_link

SEPARATOR = "\n"
"""Between the parts of a button's value."""
KINDS = (
    "meetup",
    "livestream",
    "community-meeting",
    "workshop",
    "contest",
    "conference",
    "call-for-papers",
)
"""What a meetup may be, as `formatters.events` names it; `other` is none of these."""
PLAIN_KIND = "meetup"


@dataclass(frozen=True, slots=True)
class Shown:
    """A gathering as one person sees it, and how many are interested.

    `reminded` tells that this person is; `open` that one can be reminded of it still.
    """

    gathering: Gathering
    interested: int = 0
    reminded: bool = False
    open: bool = True
    over: bool = False

    @property
    def meetup(self) -> Meetup:
        """What it is."""
        return self.gathering.meetup


async def shown(
    gatherings: Sequence[Gathering], user: UserId, tools: Tools
) -> tuple[Shown, ...]:
    """Gatherings as a member sees them, with how many are interested."""
    interests = await tools.agenda.interests([one.uid for one in gatherings])
    now, who = tools.clock.now(), (tools.workspace, user)
    return tuple(_seen(one, interests, who, now) for one in gatherings)


def _seen(
    gathering: Gathering,
    interests: Sequence[Interest],
    who: tuple[WorkspaceId, UserId],
    now: datetime,
) -> Shown:
    users = [(one.workspace, one.user) for one in interests if one.uid == gathering.uid]
    start, end = gathering.meetup.start, over_at(gathering.meetup)
    return Shown(
        gathering,
        interested=len(users),
        reminded=who in users,
        open=start is not None and start > now and gathering.state is GatheringState.ON,
        over=end is not None and end <= now,
    )


# ------------------------------------------------------------------ in a list


def entry_of(one: Shown, zone: str, voice: Voice) -> Text:
    """A gathering in a list, a line for each thing to know."""
    meetup = one.meetup
    title = title_span(meetup.title, meetup.url or meetup.register_url, bold=True)
    lines = [line for line in facts(one, zone, voice) if line.text]
    return Text((title, *(span for line in lines for span in (BREAK, line))))


def facts(one: Shown, zone: str, voice: Voice) -> Iterator[Span]:
    """State, when, when for a reader in `zone` ("" = nobody's), what and where, how many come."""
    meetup = one.meetup
    yield Span(state_of(one, voice), bold=True)
    yield Span(when(meetup, voice) or voice.plain("meetups.no_date"))
    if zone and (there := when_for(meetup, zone, voice)):
        yield voice.span("meetups.for_you", when=there)
    kind = "" if meetup.kind == PLAIN_KIND else kind_of(meetup, voice)
    yield Span(" · ".join(filter(None, (kind, place_of(meetup, voice)))))
    if one.interested:
        yield voice.span("meetups.interested", count=one.interested)
    if one.over:
        yield from links_of(meetup.replay_url, "replay", voice)


def kind_of(meetup: Meetup, voice: Voice) -> str:
    """What sort of meetup it is; "" for one that is no sort of its own."""
    return voice.plain(f"kind.{meetup.kind}") if meetup.kind in KINDS else ""


def state_of(one: Shown, voice: Voice) -> str:
    """What a reader has to know first; "" for a gathering that simply takes place."""
    if one.gathering.state is GatheringState.CANCELLED:
        return voice.plain("meetups.cancelled")
    if one.gathering.state is GatheringState.WITHDRAWN:
        return voice.plain("meetups.withdrawn")
    return ""


def place_of(meetup: Meetup, voice: Voice) -> str:
    """Where; "" if nobody said."""
    place = " ".join(meetup.place.split())
    online = voice.plain("meetups.online") if meetup.online else ""
    if place and online and online.casefold() not in place.casefold():
        return voice.plain("meetups.both", place=place, online=online)
    return place or online


def moved(one: Shown, voice: Voice) -> str:
    """From when it was moved; "" if it was not."""
    before, start = one.gathering.moved_from, one.meetup.start
    if before is None or start is None or before == start:
        return ""
    return voice.plain(
        "meetups.moved", when=hours(before.astimezone(start.tzinfo), None, voice)
    )


def links_of(url: str, name: str, voice: Voice) -> Iterator[Span]:
    """A link under its name, if it can be one."""
    if can_link(url):
        yield Span(voice.plain(f"meetups.{name}"), url=url)


# ------------------------------------------------------------------ buttons


def row_of(one: Shown, place: str, voice: Voice, tools: Tools) -> Piece:
    """The buttons below a gathering; `place` is where they stand, for what a click changes."""
    return Whole(buttons(details(one, place, voice), *deeds(one, place, voice, tools)))


def details(one: Shown, place: str, voice: Voice) -> Button:
    """Opens all that is known of a gathering."""
    value = SEPARATOR.join((one.gathering.uid, place))
    return Button(voice.plain("button.details"), at(Verb.MEETUP, one, place), value=value)


def deeds(one: Shown, place: str, voice: Voice, tools: Tools) -> Iterator[Button]:
    """What can be done about a gathering that is ahead."""
    if one.over or one.gathering.state is not GatheringState.ON:
        return
    yield from register_button(one, place, voice)
    yield from calendar_button(one, place, tools.calendar, voice)
    if one.open:
        yield reminding(one, place, voice)


def register_button(one: Shown, place: str, voice: Voice) -> Iterator[Button]:
    """Leads to where one registers, if that is known."""
    url = one.meetup.register_url
    if can_link(url) and url != one.meetup.live_url:  # to watch, nobody registers
        name = f"digest.url.register.{one.gathering.uid}.{place[:4]}"
        yield Button(voice.plain("meetups.register"), name, url=url)


def calendar_button(one: Shown, place: str, calendar: str, voice: Voice) -> Iterator[Button]:
    """Leads to a gathering's calendar file below `calendar`; shows it where that is ""."""
    uid, key = one.gathering.uid, voice.plain("button.calendar")
    if one.meetup.start is None:
        return
    if calendar:
        url = f"{calendar.rstrip('/')}/calendar/{uid}.ics"
        yield Button(key, f"digest.url.calendar.{uid}.{place[:4]}", url=url)
    else:
        yield Button(key, at(Verb.CALENDAR, one, place), value=SEPARATOR.join((uid, place)))


def reminding(one: Shown, place: str, voice: Voice) -> Button:
    """Remind me, or do so no more."""
    verb = Verb.FORGET if one.reminded else Verb.REMIND
    value = SEPARATOR.join((one.gathering.uid, place))
    style = "" if one.reminded else "primary"
    key = f"button.{verb.value}"
    return Button(voice.plain(key), at(verb, one, place), value=value, style=style)


def at(verb: Verb, one: Shown, place: str) -> str:
    """The action_id of a button of one gathering at one place."""
    return action(verb, f"{one.gathering.uid}.{place[:4]}")
