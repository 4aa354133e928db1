"""What is said of one event, gathered line by line, and the event that it makes.

Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from formatters.document import SectionKind
from formatters.events.cuts import label_of
from formatters.events.lines import Line, Place
from formatters.events.venues import on_site
from formatters.events.words import (
    ASIDE,
    BOTH_WAYS,
    CANCELLED,
    GATHERING,
    GENERIC,
    KINDS,
    LABELS,
    MAP,
    ON_SITE,
    ONLINE,
    PAST,
    ROOM,
    UNDATED,
    UPCOMING,
)
from formatters.moments import When, whens_in

_LABEL = re.compile(
    r"[\W_]{0,8}(\w[\w &/／-]{0,23}?)(?:\s?[（(][^）)]{1,12}[）)])?[*\s]{0,3}[:：](?!//)(.*)"
)
_BARRED = re.compile(r"[\W_]{0,8}(\w{2,8})\s?[|｜](.*)")  # `活动时间｜9 月 27 日`
_BRACED = re.compile(
    r"\W{0,3}[【\[](\w{2,8})[】\]]\s?[:：]?(?!\()(.*)"
)  # `【活动时间】9 月 7 日`
_MARKED = re.compile(r"[▍▎■◆●▶►※◎★☆]\s?(\w{2,4})\s+(.*)")  # `▍时间 12 月 5 日`
_PLAIN = ("when", "place", "title", "form", "speakers")
_SIGN = re.compile(
    r"\W{0,2}?([📅📆🗓🕐-🕧⏰⏱⌚📍🏠🏢🗺🔗🎟🎫✍📝])\ufe0f?\s{0,3}(?!\s*[^\W\d]\w{0,11}\s?[:：](?!//))(.*)"
)
_SIGNS: Mapping[str, str] = dict.fromkeys("📍🏠🏢🗺", "place") | dict.fromkeys(
    "🔗🎟🎫✍📝", "register"
)
_SPREAD = 5
MARKS = " \t.,:：，。-–—|*!！"
"""Signs that may stand around a title and are none of it."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s（）()，。、；\u4e00-\u9fff]+")
_JUDGED = frozenset({"day", "line", "heading", "sentence"})
"""Ways of telling that are taken for what is to come wherever they stand."""


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
    day_first: bool = False  # `6/5` is the sixth of May
    read: dict[str, tuple[When, ...]] = field(default_factory=dict, compare=False)

    @property
    def near(self) -> date:
        """The post's own day."""
        return self.posted.date()

    def whens(self, text: str) -> tuple[When, ...]:
        """All days that a text names, in order."""
        if text not in self.read:
            self.read[text] = whens_in(
                text, near=self.near, zone=self.zone, day_first=self.day_first
            )
        return self.read[text]

    def when(self, text: str) -> When | None:
        """The first day that a text names."""
        return next(iter(self.whens(text)), None)


@dataclass(slots=True)
class Facts:
    """What is said of one event so far, by label."""

    place: Place
    when: When | None = None
    said: dict[str, str] = field(default_factory=dict)
    hints: str = ""  # words nearby that tell where and what it is
    source: str = "label"
    at: int = 0  # number of the line in its section
    text: str = ""  # the words around its day, without the lines nearby
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
    name = label_of(words)
    if name in {"register", "live", "replay"}:
        url = address(line)
        is_title = found and line.is_bold and not url and found[2].strip(" *")
        return ("", "", "") if is_title else (name, words, url)
    return (name, words, found[2].strip(" *，,")) if found else ("", "", "")


def _signed(sign: re.Match[str], line: Line) -> tuple[str, str, str]:
    """What stands behind a picture of a calendar, a clock or a pin, which is a label too."""
    name = _SIGNS.get(sign[1], "when")
    return name, "", address(line) if name == "register" else sign[2].strip(MARKS)


def _spelled(label: str) -> str:
    """A label without the gap that makes two signs as wide as four: `时　间`."""
    return label.replace(" ", "") if len(label) <= _SPREAD and not label.isascii() else label


def address(line: Line, within: str = "") -> str:
    """The address of a line at which one takes part; the first if none says so.

    Of two that one address is, the one shown where that is the same without its tail. With
    `within`, links of that part of the line go before others.
    """
    inside = [link for link in line.links if link[0] and link[0] in within]
    links = sorted(inside or line.links, key=_aside)
    for shown, url in (one for one in links if not MAP.search(one[1])):
        return shown if url != shown and url.partition("?")[0] == shown else url
    found = _ADDRESS.search(within) or _ADDRESS.search(line.text)
    return found[0] if found else ""


def _aside(link: tuple[str, str]) -> int:
    """How far a link leads from taking part."""
    shown, _ = link
    if LABELS["register"].search(shown) or (
        LABELS["live"].search(shown) and not LABELS["replay"].search(shown)
    ):
        return 0
    return 2 if ASIDE.search(shown) else 1


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
        place=on_site(said.get("place", "")) or said.get("where", ""),
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
    heading = (
        "" if facts.place.looks_back and facts.is_next else _NUMBER.sub("", facts.place.title)
    )
    if facts.place.kind is not SectionKind.EVENTS and not GATHERING.search(heading):
        heading = ""
    lead = facts.said.get("lead", "")
    if heading and not GENERIC.fullmatch(heading) and (not lead or GATHERING.search(heading)):
        return heading
    return lead or (view.title if view.is_about_one else heading or view.title)


_NUMBER = re.compile(r"^\W*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?[.、．)）]\s?")


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


def _is_online(facts: Facts, title: str, view: Viewpoint) -> bool:
    """Whether one can take part from anywhere."""
    said = facts.said
    form, place = said.get("form", ""), said.get("place", "")
    if ONLINE.search(f"{form} {place}"):
        return True
    if place or ON_SITE.search(form):
        return _says_online(facts.place.title)
    near = f"{title} {facts.hints} {facts.place.title}"
    is_there = said.get("where") and not BOTH_WAYS.search(view.title)
    words = f"{near} {view.title}" if view.is_about_one and not is_there else near
    if ROOM.search(f"{said.get('register', '')} {said.get('live', '')}"):
        return True
    if ONLINE.search(words) or ON_SITE.search(words) or said.get("where"):
        return bool(ONLINE.search(words))
    kind = kind_of(title, facts.hints, facts.place.title, view.topics)
    return facts.source != "row" and kind in _MET_ONLINE


_MET_ONLINE = frozenset({"contest", "livestream", "community-meeting"})


def _says_online(title: str) -> bool:
    return bool(re.fullmatch(r"\W*(?:virtual|online|remote|线上\w*)\W*", title, re.IGNORECASE))
