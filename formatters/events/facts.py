"""What is said of one event, gathered line by line, and the event that it makes.

Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from formatters.document import SectionKind
from formatters.events.lines import Line, Place
from formatters.events.words import (
    CANCELLED,
    GATHERING,
    GENERIC,
    KINDS,
    LABELS,
    ON_SITE,
    ONLINE,
    PAST,
    ROOM,
    UNDATED,
    UPCOMING,
)
from formatters.moments import When
from formatters.slack.cut import shortened

_LABEL = re.compile(
    r"[\W_]{0,8}(\w[\w &-]{0,23}?)(?:\s?[（(][^）)]{1,12}[）)])?[*\s]{0,3}[:：](?!//)(.*)"
)
_BARRED = re.compile(r"[\W_]{0,8}(\w{2,8})\s?[|｜](.*)")  # `活动时间｜9 月 27 日`
_BRACED = re.compile(
    r"\W{0,3}[【\[](\w{2,8})[】\]]\s?[:：]?(?!\()(.*)"
)  # `【活动时间】9 月 7 日`
_MARKED = re.compile(r"[▍▎■◆●▶►※◎★☆]\s?(\w{2,4})\s+(.*)")  # `▍时间 12 月 5 日`
_PLAIN = ("when", "place", "title", "form", "speakers")
_SIGN = re.compile(
    r"\W{0,2}?([📅📆🗓🕐-🕧⏰⏱⌚📍🏠🏢🗺🔗🎟✍])\ufe0f?\s{0,3}(?!\s*[^\W\d]\w{0,11}\s?[:：])(.*)"
)
_SIGNS: Mapping[str, str] = dict.fromkeys("📍🏠🏢🗺", "place") | dict.fromkeys(
    "🔗🎟✍", "register"
)
_BOOK = re.compile(r"《([^》]{1,80})》")
_MAX_TITLE = 80
_SPREAD = 5
MARKS = " \t.,:：，。-–—|*!！"
"""Signs that may stand around a title and are none of it."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s（）()，。、；\u4e00-\u9fff]+")
_ALSO = re.compile(r"\s*[+&/,]\s*(?:virtual|online|线上)\s*$", re.IGNORECASE)
_JUDGED = frozenset({"day", "line", "heading", "sentence"})
"""Ways of telling that are taken for what is to come wherever they stand."""
_VIRTUAL = re.compile(
    r"^\W*(virtual|online|remote|hybrid|线上)\W*[（(]?(.*?)[）)]?\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Event:
    """One announced event.

    `start` and `end` are aware, in the zone that the post writes or else the site's; `start` is
    None for an undated one. With `all_day` no time was given and they are midnights of the first
    and the last day. `status` is "upcoming", "past" or "undated", seen from the post's own date.
    `phrase` is what the post says of the time. `live_url` is where it can be watched or joined,
    `replay_url` its recording, `image` the picture that an undated one is told by. `conflict`
    says in the post's own words which weekday is not the day's, "" if all agree. `recap` marks
    what the post tells in review, `cancelled` what it says does not take place.
    """

    title: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    place: str
    online: bool
    kind: str
    register_url: str
    status: str
    phrase: str
    live_url: str = ""
    replay_url: str = ""
    speakers: str = ""
    image: str = ""
    conflict: str = ""
    recap: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """From where a post is read: its moment, its zone, and the words around all of it."""

    posted: datetime
    zone: ZoneInfo
    title: str
    topics: str  # title, categories and tags, for what they say of the kind
    looks_back: bool
    is_about_one: bool  # an event's own page, no issue with many

    @property
    def near(self) -> date:
        """The post's own day."""
        return self.posted.date()


@dataclass(slots=True)
class Facts:
    """What is said of one event so far, by label."""

    place: Place
    when: When | None = None
    said: dict[str, str] = field(default_factory=dict)
    hints: str = ""  # words nearby that tell where and what it is
    source: str = "label"
    at: int = 0  # number of the line in its section
    is_next: bool = False  # the words beside it say that it comes after what is told in review

    def learn(self, name: str, value: str) -> None:
        """Keep what a label says; the first time counts."""
        if name and value and not self.said.get(name):
            self.said[name] = value


def labelled(line: Line) -> tuple[str, str, str]:
    """Of a line: which label it has, the label's own words, and what it says.

    For what is to be opened, that is an address; a label that has none says nothing.
    """
    if sign := _SIGN.match(line.text):
        return _signed(sign, line)
    found = _LABEL.match(line.text)
    barred = (
        _BRACED.match(line.text)
        or _MARKED.match(line.text)
        or (None if found else _BARRED.match(line.text))
    )
    if barred and any(LABELS[name].search(barred[1]) for name in _PLAIN):
        found = barred
    words = _spelled(found[1].strip()) if found else line.text[:24]
    name = next((name for name, pattern in LABELS.items() if pattern.search(words)), "")
    if name in {"register", "live", "replay"}:
        return name, words, address(line)
    return (name, words, found[2].strip(" *，,")) if found else ("", "", "")


def _signed(sign: re.Match[str], line: Line) -> tuple[str, str, str]:
    """What stands behind a picture of a calendar, a clock or a pin, which is a label too."""
    name = _SIGNS.get(sign[1], "when")
    return name, "", address(line) if name == "register" else sign[2].strip(MARKS)


def _spelled(label: str) -> str:
    """A label without the gap that makes two signs as wide as four: `时　间`."""
    return label.replace(" ", "") if len(label) <= _SPREAD and not label.isascii() else label


def address(line: Line) -> str:
    """The first address of a line; the one shown where that is the same without its tail."""
    for shown, url in line.links:
        return shown if url != shown and url.partition("?")[0] == shown else url
    found = _ADDRESS.search(line.text)
    return found[0] if found else ""


def event(facts: Facts, view: Viewpoint) -> Event:
    """Put together what is said of an event."""
    said = facts.said
    title = said.get("title") or said.get("topic") or _name(facts, view)
    when = facts.when
    return Event(
        title=title,
        start=when.start if when else None,
        end=when.end if when else None,
        all_day=bool(when and when.all_day),
        place=_place(said.get("place", "")),
        online=_is_online(facts, title, view),
        kind=kind_of(
            title, f"{said.get('form', '')} {facts.hints}", facts.place.title, view.topics
        ),
        register_url=said.get("register") or said.get("live", ""),
        status=_status(facts, view),
        phrase=when.phrase if when else "",
        live_url=said.get("live", ""),
        replay_url=said.get("replay", ""),
        speakers=said.get("speakers", ""),
        image=said.get("image", ""),
        conflict=when.phrase if when and not when.agrees else "",
        recap=_looks_back(facts, view),
        cancelled=_is_cancelled(title, facts, view),
    )


def _is_cancelled(title: str, facts: Facts, view: Viewpoint) -> bool:
    """Whether the title says so: the event's, its section's, or that of a page about it alone."""
    titles = (title, facts.place.title, view.title if view.is_about_one else "")
    return any(CANCELLED.search(one) for one in titles)


def _name(facts: Facts, view: Viewpoint) -> str:
    """What to call an event that no label names: its heading, its lead, the post."""
    heading = facts.place.title if facts.place.kind is SectionKind.EVENTS else ""
    if heading and not GENERIC.fullmatch(heading):
        return heading
    lead = facts.said.get("lead", "")
    return lead or (view.title if view.is_about_one else heading or view.title)


def _status(facts: Facts, view: Viewpoint) -> str:
    when = facts.when
    if when is None:
        return UNDATED
    if _looks_back(facts, view):
        return PAST
    last = (when.end or when.start).date()
    ahead = last >= view.near if when.all_day else when.start > view.posted
    return UPCOMING if ahead else PAST


def _looks_back(facts: Facts, view: Viewpoint) -> bool:
    if facts.is_next or (facts.source in _JUDGED and not facts.place.looks_back):
        return False
    return facts.place.looks_back or (view.looks_back and not facts.place.looks_ahead)


def kind_of(*texts: str) -> str:
    """What an event is: the first text that says decides."""
    for text in texts:
        for kind, words in KINDS:
            if words.search(text):
                return kind
    return "other"


def _place(said: str) -> str:
    """A place without the words that tell of taking part from elsewhere."""
    virtual = _VIRTUAL.match(said)
    return virtual[2].strip(" -–—()（）") if virtual else _ALSO.sub("", said)


def _is_online(facts: Facts, title: str, view: Viewpoint) -> bool:
    """Whether one can take part from anywhere."""
    said = facts.said
    form, place = said.get("form", ""), said.get("place", "")
    if ONLINE.search(f"{form} {place}"):
        return True
    if place or ON_SITE.search(form):
        return _says_online(facts.place.title)
    own = view.title if view.is_about_one else ""
    words = f"{title} {facts.hints} {facts.place.title} {own}"
    if ROOM.search(f"{said.get('register', '')} {said.get('live', '')}"):
        return True
    if ONLINE.search(words) or ON_SITE.search(words):
        return bool(ONLINE.search(words))
    kind = kind_of(title, facts.hints, facts.place.title, view.topics)
    return facts.source != "row" and kind in _MET_ONLINE


_MET_ONLINE = frozenset({"contest", "livestream", "community-meeting"})


def _says_online(title: str) -> bool:
    return bool(re.fullmatch(r"\W*(?:virtual|online|remote|线上\w*)\W*", title, re.IGNORECASE))


def _is_name(shown: str) -> bool:
    """Whether the words of a link name a gathering, not the way to it: `on Meetup`."""
    return bool(GATHERING.search(shown)) and not _WAY.match(shown)


_WAY = re.compile(
    r"(?:on|via|at|our|the|this|join|register|rsvp|meetup(?:\.com)?$|meetup page)\b",
    re.IGNORECASE,
)


def name_in(sentence: str, line: Line) -> str:
    """What a sentence calls the event: in its quotation marks, its link, or as a whole."""
    book = _BOOK.search(sentence)
    title = book[1] if book else next((shown for shown, _ in line.links if _is_name(shown)), "")
    return shortened(title or sentence.strip(MARKS), _MAX_TITLE)
