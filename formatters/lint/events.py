"""Advice on the events that a post announces.

Pure. What is an event is decided by `formatters.events` alone.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from formatters.document import (
    Image,
    Inline,
    Post,
    Section,
    SectionKind,
    Site,
    Span,
)
from formatters.events import UPCOMING, Event
from formatters.lint.advice import Advice
from formatters.lint.prose import texts
from formatters.lint.source import Source
from formatters.moments import when_in

_YEAR = re.compile(r"20\d\d")
_REVIEW = re.compile(r"回顾|纪要|总结|精彩|recap|retrospect|previous|\bpast\b", re.IGNORECASE)
_DAY = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天末]|[今明后]天|[今明]晚|tonight|tomorrow|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"(?:报名|注册|预约)(?:时间)?截[止至]|截[止至](?:报名|注册)|registration (?:closes|ends|deadline)|\b(?:rsvp|register|sign up) by\b",
    re.IGNORECASE,
)
_CLOSING = 80  # characters behind such a word in which its day stands
_MOST = 300  # events of one post that are looked for; the longest real list has 50
_SIGNS = 14  # of a phrase, by which its place is found
_BETWEEN = r"[*_\s\\\u200b\xa0]{0,6}"  # marks that the phrase has lost on its way


def event_days(events: Sequence[Event]) -> frozenset[date]:
    """The days on which a post's events begin or end."""
    moments = [at for event in events for at in (event.start, event.end)]
    return frozenset(at.date() for at in moments if at)


def event_advice(
    post: Post, source: Source, events: Sequence[Event], *, site: Site
) -> Iterator[Advice]:
    """Advice on a post's events, which `find_events` found in it."""
    if post.header.date is None:
        return
    posted = post.header.date.astimezone(ZoneInfo(site.zone)).date()
    yield from _posters(post.sections, posted)
    yield from _registrations(post.sections, posted)
    yearless: list[int] = []
    for event, line in _placed(events, source):
        yield from _contradiction(event, line)
        last = None if event.recap else event.end or event.start
        if last and last.date() < posted:
            values = (("phrase", event.phrase), ("day", f"{last.date()}"), ("posted", f"{posted}"))  # fmt: skip
            yield Advice(line, "event-past", values)
        elif event.status == UPCOMING and not _YEAR.search(event.phrase):
            yearless.append(line)
    if yearless:
        yield Advice(yearless[0], "event-without-year", (("count", str(len(yearless))),))


def _contradiction(event: Event, line: int) -> Iterator[Advice]:
    """A weekday that is not the day's, of something that people still have to find the way to."""
    if event.conflict and event.start and event.status == UPCOMING:
        values = (("phrase", event.conflict), ("day", f"{event.start:%Y-%m-%d}"))
        yield Advice(line, "event-contradiction", values)


def _placed(events: Sequence[Event], source: Source) -> Iterator[tuple[Event, int]]:
    """Events with the lines that tell when; one whose words are not found has none to show."""
    at = source.start(source.above + 1)
    for event in events[:_MOST]:
        signs = "".join(event.phrase.split())[:_SIGNS]
        found = source.find(re.compile(_BETWEEN.join(map(re.escape, signs))), at, reach=None)
        if found is not None:
            yield event, source.line_at(found)
            at = found + 1


def _posters(sections: Sequence[Section], posted: date) -> Iterator[Advice]:
    """Sections about events that show a picture, and tell no day in words."""
    for place, section in enumerate(sections):
        if section.kind is not SectionKind.EVENTS or _REVIEW.search(_said(section.title)):
            continue
        below = sections[place + 1 :]
        end = next((i for i, s in enumerate(below) if s.level <= section.level), len(below))
        blocks = [block for part in (section, *below[:end]) for block in part.blocks]
        titles = (section.title, *(part.title for part in below[:end]))
        told = [*titles, *(inlines for inlines, _ in texts(blocks))]
        has_picture = any(isinstance(i, Image) for inlines in told for i in inlines)
        if has_picture and not any(_tells_day(_said(inlines), posted) for inlines in told):
            yield Advice(section.line, "event-poster")


def _registrations(sections: Sequence[Section], posted: date) -> Iterator[Advice]:
    """Days until which one could register, that were over when the post came out."""
    for section in sections:
        if _REVIEW.search(_said(section.title)):
            continue
        for inlines, line in texts(section.blocks):
            said = _said(inlines)
            found = _CLOSES.search(said)
            until = said[found.start() :][:_CLOSING] if found else ""
            when = when_in(until, near=posted, zone=ZoneInfo("UTC"))
            if when and (when.end or when.start).date() < posted:
                values = (("phrase", until[: when.until].strip()), ("posted", f"{posted}"))
                yield Advice(line, "event-registration-past", values)


def _tells_day(text: str, posted: date) -> bool:
    return bool(_DAY.search(text)) or bool(when_in(text, near=posted, zone=ZoneInfo("UTC")))


def _said(inlines: Sequence[Inline]) -> str:
    return "".join(i.text if isinstance(i, Span) else " " for i in inlines)
