"""When an event begins and is over, told elsewhere on a page that is about it alone.

Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from formatters.events.facts import Facts, labelled
from formatters.events.lines import Line, Place
from formatters.events.words import AGENDA, SAME_HOURS
from formatters.moments import When
from formatters.moments.clock import Span, span_at, span_in

_MOST_SPANS = 50  # stretches of hours that are compared
_SHORT = 60  # letters
_IS_ONLINE = re.compile(
    r"直播(?:间|来[了啦]|预约|地址|链接|平台)|live ?stream|\bwebinar\b", re.IGNORECASE
)
_EARLY = timedelta(hours=1)  # doors open, a host says hello


def complete(
    found: Sequence[Facts], stands: Sequence[Place], description: str, zone: ZoneInfo
) -> None:
    """Let the rest of the page say where its only event is, when it begins and is over."""
    agenda = list(_agenda(stands))
    programme, place, online = _programme(stands), _place(stands), _online(stands)
    told_shortly = list(dict.fromkeys(_short_spans(stands, description)))[:_MOST_SPANS]
    for facts in found:
        if not (facts.said.get("place") or facts.said.get("where")):
            facts.hints += f" {online}"
        if facts.source != "label":
            facts.learn("place", place)
        _begin(facts, programme, agenda, zone)
        when = facts.when
        if not when or when.all_day or when.end:
            continue
        spans = [span for span in told_shortly if _begins(when, span) == when.start]
        if (
            not spans
            and agenda
            and abs(min(_begins(when, s) for s in agenda) - when.start) <= _EARLY
        ):
            spans = agenda
        ends = [_begins(when, span, at_end=True) for span in spans]
        facts.when = replace(
            when, end=max((end for end in ends if end > when.start), default=None)
        )


def _ahead(stands: Sequence[Place]) -> Iterator[Line]:
    return (line for place in stands if not place.looks_back for line in place.lines)


def _place(stands: Sequence[Place]) -> str:
    """Where the only event is, by a line with a label, wherever it stands."""
    said = map(labelled, _ahead(stands))
    return next((value for name, _, value in said if name == "place"), "")


def _online(stands: Sequence[Place]) -> str:
    """The first words that tell of something to be watched from anywhere."""
    texts = (line.text for line in _ahead(stands) if _IS_ONLINE.search(line.text))
    return next(texts, "")[:_SHORT]


def _begin(
    facts: Facts, programme: Sequence[tuple[Span, str]], agenda: Sequence[Span], zone: ZoneInfo
) -> None:
    """Let an agenda, or lines that begin with an hour each, tell when a bare day begins."""
    when = facts.when
    if not when or not when.all_day or when.end:
        return
    if len(agenda) > 1:
        first = min(agenda, key=lambda span: span.start)
        over = max((span.end for span in agenda if span.end), default=None)
        facts.when = when.at_span(replace(first, end=over), zone)
    elif len(programme) > 1:
        (first, _), (last, text) = programme[0], programme[-1]
        over = last.start if _CLOSES.search(text) and last.start > first.start else None
        facts.when = when.at_span(replace(first, end=over), zone)


def lend_hours(found: Sequence[Facts]) -> None:
    """Give a bare day that is said to begin `at the same time` the hour told before it."""
    before: When | None = None
    for facts in found:
        when = facts.when
        if before and when and when.all_day and not when.end and SAME_HOURS.search(facts.text):
            begins = datetime.combine(
                when.start.date(), before.start.time(), before.start.tzinfo
            )
            facts.when = replace(when, start=begins, all_day=False)
        elif when and not when.all_day:
            before = when


def _programme(stands: Sequence[Place]) -> list[tuple[Span, str]]:
    """The first run of lines that begin with an hour, each with its line."""
    run: list[tuple[Span, str]] = []
    for place in stands:
        for line in place.lines:
            text = line.cells[0] if line.cells else line.text
            span = span_at(text, len(text) - len(text.lstrip(" |·•-（(")))
            if span and not span.end and (not run or span.start > run[-1][0].start):
                run.append((span, line.text))
            elif len(run) > 1:
                return run
            else:
                run = []
    return run


_CLOSES = re.compile(
    r"结束|撤|散场|收工|闭幕|合影|\b(?:ends?|close|closing|wrap|finish|leave)\b", re.IGNORECASE
)


def _begins(when: When, span: Span, *, at_end: bool = False) -> datetime:
    moment = (span.end if at_end else None) or span.start
    return when.start.replace(hour=moment.hour, minute=moment.minute)


def _short_spans(stands: Sequence[Place], description: str) -> Iterator[Span]:
    """Stretches of hours that a description or a short line tells."""
    lines = (
        line.text
        for place in stands
        if not any(AGENDA.search(title) for title in place.titles)
        for line in place.lines
        if len(line.text) <= _SHORT and not line.cells
    )
    for text in (description, *lines):
        if (span := span_in(text)) and span.end and span.end > span.start:
            yield span


def _agenda(stands: Sequence[Place]) -> Iterator[Span]:
    """Lines and headings that begin with a stretch of hours."""
    for place in stands:
        in_agenda = any(AGENDA.search(title) for title in place.titles)
        if span := _hours(place.title):
            yield span
        for line in place.lines:
            if (line.cells or in_agenda) and (span := _first_hours(line)):
                yield span


def _first_hours(line: Line) -> Span | None:
    return next((span for text in (*line.cells, line.text) if (span := _hours(text))), None)


def _hours(text: str) -> Span | None:
    start = len(text) - len(text.lstrip(" |·•-（("))
    span = span_at(text, start)
    return span if span and span.end and span.end > span.start else None
