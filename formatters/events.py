"""Meetups and broadcasts that a post announces, as events.

Pure and careful: what stands under a label (`时间：`), in a row of a list of events, or in a
section about events with its time of day. A date in running text is no event.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from formatters.document import (
    Inline,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Post,
    Quote,
    Section,
    SectionKind,
    Site,
    Span,
)
from formatters.moments import When, times_in, when_in
from formatters.sections import plain

_MAX_LINE = 500  # characters that are looked at; no label or row is longer
_MAX_HINT = 80
_MARKS = " \t.,:：，。-–—|*"

UPCOMING, PAST = "upcoming", "past"

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_LABEL = re.compile(r"[\W_]{0,8}([\w][\w ]{0,11}?)[*\s]{0,3}[:：](.*)")
_LABELS: Mapping[str, re.Pattern[str]] = {
    "register": re.compile("报名(?!时间)|注册地址|入口|链接|直播间|直播地址|regist|rsvp|sign up", re.IGNORECASE),
    "when": re.compile("(?<!报名)(?<!截止)(?:时间|日期)$|^(?:date|time|when)s?$", re.IGNORECASE),
    "title": re.compile("(?:主题|议题|题目)$|^(?:topic|title|event)$", re.IGNORECASE),
    "place": re.compile("地点$|^(?:place|location|venue|where)$", re.IGNORECASE),
    "form": re.compile("形式$|^format$", re.IGNORECASE),
}  # fmt: skip
_REVIEW = re.compile(r"回顾|纪要|\bcfp\b|call for|recap|retrospect|previous", re.IGNORECASE)
_REGISTRATION = re.compile("报名|regist|rsvp", re.IGNORECASE)
_ONLINE = re.compile(
    "线上|直播|钉钉|腾讯会议|入会|zoom|online|virtual|webinar|hybrid|webcast", re.IGNORECASE
)
_KINDS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("workshop", re.compile("workshop|工作坊", re.IGNORECASE)),
    ("community-meeting", re.compile("会议|例会|team meeting|office hour", re.IGNORECASE)),
    ("livestream", re.compile("直播|webinar|sofachannel", re.IGNORECASE)),
    ("contest", re.compile("挑战赛|大赛|开源之夏|hackathon|challenge", re.IGNORECASE)),
    ("conference", re.compile("大会|峰会|conference|\\bconf", re.IGNORECASE)),
    ("meetup", re.compile("meetup|沙龙|线下|meet|study|hack", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One announced event.

    `start` and `end` are aware, in the site's zone; `start` is None for an undated one. With
    `all_day` no time was given and they are midnights of the first and the last day. `status`
    is "upcoming", "past" or "undated", seen from the post's own date. `phrase` is what the post
    says of the time.
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text and the first address in it."""

    text: str
    url: str


@dataclass(slots=True)
class _Facts:
    """What is said of one event, as it is come across."""

    under: str  # the section's title
    when: When | None = None
    said: dict[str, str] = field(default_factory=dict)
    is_online: bool = False  # some short line nearby says so


def find_events(post: Post, *, site: Site) -> tuple[Event, ...]:
    """The events that a post announces, in its order, each start once.

    A post without a date announces nothing: its years could only be guessed.
    """
    if post.header.date is None:
        return ()
    zone = ZoneInfo(site.zone)
    posted = post.header.date.astimezone(zone)
    told = [
        facts
        for section in post.sections
        if not _REVIEW.search(plain(section.title))
        for facts in _facts(section, posted.date(), zone)
    ]
    if len(told) == 1:
        told[0].said.setdefault("register", _register_of(post.sections))
    events = [_event(facts, facts.when, post, posted) for facts in told if facts.when]
    once = {_identity(event): event for event in reversed(events)}
    return tuple(once.values())[::-1]


def _identity(event: Event) -> tuple[object, ...]:
    """The same hour is the same event, told twice; the same day need not be."""
    alike = (event.title, event.place, event.register_url)
    return (event.start, *alike) if event.all_day else (event.start, event.place)


def _facts(section: Section, near: date, zone: ZoneInfo) -> list[_Facts]:
    is_about_events = section.kind is SectionKind.EVENTS
    rows = list(_rows(section, near, zone)) if is_about_events else []
    found = rows or list(_labelled(section, near, zone))
    return found or (list(_phrased(section, near, zone)) if is_about_events else [])


def _event(facts: _Facts, when: When, post: Post, posted: datetime) -> Event:
    said = facts.said
    about = " ".join(
        (said.get("title", ""), said.get("form", ""), said.get("place", ""), facts.under)
    )
    last = (when.end or when.start).date()
    ahead = last >= posted.date() if when.all_day else when.start > posted
    return Event(
        title=said.get("title") or facts.under or post.header.title,
        start=when.start,
        end=when.end,
        all_day=when.all_day,
        place=said.get("place", ""),
        online=bool(_ONLINE.search(about)) or (facts.is_online and "place" not in said),
        kind=next((kind for kind, words in _KINDS if words.search(about)), "other"),
        register_url=said.get("register", ""),
        status=UPCOMING if ahead else PAST,
        phrase=when.phrase,
    )


# ------------------------------------------------------------------ labels


def _labelled(section: Section, near: date, zone: ZoneInfo) -> Iterator[_Facts]:
    """Runs of labelled lines; a second time, or a topic after a time, begins the next event."""
    under = plain(section.title) if section.kind is SectionKind.EVENTS else ""
    facts = _Facts(under)
    for line in _lines(section.blocks):
        name, value = _labelled_value(line)
        if len(line.text) < _MAX_HINT and _ONLINE.search(line.text):
            facts.is_online = True
        begins = (name == "when" and when_in(value, near=near, zone=zone)) or None
        if facts.when and (begins or (name == "title" and "title" in facts.said)):
            yield facts
            facts = _Facts(under)
        if begins:
            facts.when = begins
        elif (
            name == "when" and facts.when and facts.when.all_day and (times := times_in(value))
        ):
            facts.when = facts.when.at_times(times, zone)
        elif name and value:
            facts.said.setdefault(name, value)
    if facts.when:
        yield facts


def _labelled_value(line: _Line) -> tuple[str, str]:
    """Which label a line has, and what it says: of registration lines their address."""
    found = _LABEL.match(line.text)
    label = found[1].strip() if found else line.text[:40]
    name = next((name for name, words in _LABELS.items() if words.search(label)), "")
    if name == "register":
        return (name, line.url) if line.url else ("", "")
    return (name, found[2].strip(" *")) if found else ("", "")


def _phrased(section: Section, near: date, zone: ZoneInfo) -> Iterator[_Facts]:
    """The first day with a time of day that a section about events tells in its text."""
    for line in _lines(section.blocks):
        when = when_in(line.text, near=near, zone=zone)
        if when and not when.all_day:
            said = {"register": line.url} if line.url else {}
            yield _Facts(plain(section.title), when, said)
            return


def _register_of(sections: Sequence[Section]) -> str:
    """The first address under a heading, or in a line, that asks to register."""
    for section in sections:
        asks = _REGISTRATION.search(plain(section.title))
        for line in _lines(section.blocks):
            if line.url and (asks or _REGISTRATION.search(line.text)):
                return line.url
    return ""


# ------------------------------------------------------------------ rows


def _rows(section: Section, near: date, zone: ZoneInfo) -> Iterator[_Facts]:
    """Items of a list of events: `2026-08-05 | Place | Group` or `Aug 22. Place - Title`."""
    under = plain(section.title)
    for block in section.blocks:
        for item in block.items if isinstance(block, ListBlock) else ():
            lines = list(_lines(item.blocks))
            when = when_in(lines[0].text, near=near, zone=zone) if lines else None
            if when and (said := _row(lines, when)):
                yield _Facts(under, when, said)


def _row(lines: Sequence[_Line], when: When) -> dict[str, str]:
    """What a row says; nothing unless its date stands at its beginning or its end."""
    text, below = lines[0].text, lines[1:]
    before = text[: when.at].strip(_MARKS)
    after = text[when.at + len(when.phrase) :].strip(_MARKS)
    if (before and after) or _labelled_value(lines[0])[0] == "when":
        return {}
    url = next((line.url for line in reversed(lines) if line.url), "")
    first, *cells = [cell.strip() for cell in text.split("|")]
    if cells and first.strip(_MARKS) == when.phrase.strip(_MARKS):
        title = " ".join(line.text for line in below) or cells[-1]
        place = cells[0] if below or len(cells) > 1 else ""
        return {"title": title, "place": place, "register": url}
    title = before or after
    place, gap, rest = title.partition(" - ")
    if gap and "," in place:
        return {"title": rest, "place": place, "register": url}
    return {"title": title, "register": url}


# ------------------------------------------------------------------ lines


def _lines(nodes: Sequence[Node]) -> Iterator[_Line]:
    """The lines of paragraphs, quotes and lists, in order; tables are agendas."""
    for node in nodes:
        match node:
            case Paragraph(inlines=inlines):
                yield from _split(inlines)
            case Quote(blocks=blocks):
                yield from _lines(blocks)
            case ListBlock(items=items):
                for item in items:
                    yield from _lines(item.blocks)
            case _:
                continue


def _split(inlines: Sequence[Inline]) -> Iterator[_Line]:
    line: list[Inline] = []
    for inline in (*inlines, LineBreak()):
        if not isinstance(inline, LineBreak):
            line.append(inline)
            continue
        url = next((i.url for i in line if isinstance(i, Span) and i.url), "")
        yield _Line(_INVISIBLE.sub("", plain(line))[:_MAX_LINE], url)
        line = []
