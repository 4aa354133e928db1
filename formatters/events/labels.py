"""Events told under labels: `时间：`, `地点：`, `When:`, in runs of lines.

Pure.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time

from formatters.events.ahead import sentence_around, with_hours_of
from formatters.events.facts import MARKS, Facts, Viewpoint, address, labelled
from formatters.events.lines import Line, Place
from formatters.events.names import name_in
from formatters.events.venues import is_venue
from formatters.events.words import (
    DATED,
    DECOY,
    GATHERING,
    LIMIT,
    LIMITED,
    NEXT,
    ON_SITE,
    ONLINE,
    STAGES,
)
from formatters.moments import WEEKDAY, Span, When, span_in

_MAX_HINT = 80
_MAX_NAME = 80
_NUMBERED = re.compile(r"\W?(?:[①-⑳]|\d{1,2}\s?[.、)）]|[一二三四五六七八九十]\s?[、.])")
_BOOK = re.compile(r"\W{0,4}(?:\d\.\s?)?《[^》]{2,60}》\W{0,2}")
_BARS = re.compile(r"[|｜]")
_BOTH = re.compile(r"地点$|\b(?:place|venue|location)$", re.IGNORECASE)


def by_labels(place: Place, view: Viewpoint) -> list[Facts]:
    """The events that a section's labelled lines tell of, in no certain order."""
    reader = _Labels(place, view)
    for number, line in enumerate(place.lines):
        if not line.cells:
            reader.take(number, line)
    reader.close()
    return reader.found


class _Labels:
    """Runs of labelled lines; a second time, or a title after a time, begins the next event."""

    def __init__(self, place: Place, view: Viewpoint) -> None:
        self.place, self.view = place, view
        self.found: list[Facts] = []
        self.facts = Facts(place)
        self.waits = ""  # a label that said nothing yet: the next line may
        self.before: list[Line] = []  # short lines that may name the event, and those
        self.after: list[Line] = []  # behind its day

    def take(self, number: int, line: Line) -> None:
        """Read one line."""
        name, label, value = self.said(line)
        when = _moment(name, label, value, self.view)
        if self.is_next(name, when) or self.is_headed(name, line):
            self.close()
        self.overhear(name, line)
        if when and name == "when":
            self.facts.when, self.facts.at = self.facts.when or when, number
            self.facts.is_next = bool(NEXT.search(label))
            self.facts.learn("place", _rest(label, value, when))
            self.read_bars(value[when.until :], line)
        elif when:
            sentence, at = sentence_around(value, when)
            when = with_hours_of(sentence, when, at, self.view)
            self.begin_day(_day_of(self.place, when, label, number, line))
        elif name in {"when", "start", "end"}:
            self.complete(name, value)
        else:
            self.facts.learn(name, value)

    def close(self) -> None:
        """Keep an event with what names it, and begin the next one."""
        if self.facts.when:
            if name := next(_names(reversed(self.before)), ""):
                self.facts.said["lead"] = name
            self.facts.learn("lead", next(_names(self.after), ""))
            self.found.append(self.facts)
        self.facts, self.before, self.after = Facts(self.place), [], []

    def said(self, line: Line) -> tuple[str, str, str]:
        """Label, its words and its value, which may stand on the line below."""
        name, label, value = labelled(line)
        if not name and self.waits:
            name, value = self.waits, _value(self.waits, line)
        self.waits = name if name != "topic" and not value else ""
        return name, label, value

    def is_next(self, name: str, when: When | None) -> bool:
        """Whether a line speaks of another event than those before it."""
        known = self.facts.when
        if not known:
            return False
        if name == "title":
            return "title" in self.facts.said
        if name != "when" or not when:
            return False
        completes = known.all_day or when.all_day or when.start == known.start
        return not completes or when.start.date() != known.start.date()

    def is_headed(self, name: str, line: Line) -> bool:
        """Whether a bold line names the next event."""
        if not self.facts.when or name or not line.is_bold or len(line.text) > _MAX_NAME:
            return False
        in_next = line.item >= 0 and line.item != self.place.lines[self.facts.at].item
        return bool(in_next or _NUMBERED.match(line.text) or GATHERING.search(line.text))

    def overhear(self, name: str, line: Line) -> None:
        """Keep what a short line tells beside its label: a platform, the event's name."""
        text = line.text
        if len(text) < _MAX_HINT and (ONLINE.search(text) or ON_SITE.search(text)):
            self.facts.hints += f" {text}"
        if name or len(text) > _MAX_NAME:
            return
        if not self.facts.when:
            self.before.append(line)
        elif not self.view.is_about_one:
            self.after.append(line)

    def read_bars(self, text: str, line: Line) -> None:
        """Learn what stands between bars behind a moment: `｜ 线上 ｜ 冷启动优化 ｜ 视频号`."""
        pieces = [piece.strip(MARKS) for piece in _BARS.split(text)[1:]]
        self.facts.text = self.facts.text or (line.text if pieces else "")
        for piece in filter(None, pieces):
            if ONLINE.search(piece) or ON_SITE.fullmatch(piece):
                self.facts.learn("form", piece)
            elif not is_venue(piece):
                self.facts.learn("title", piece)

    def begin_day(self, day: Facts) -> None:
        """Keep what a label names with its day: below `下次会议：` the lines may say more of it."""
        if self.facts.when or not NEXT.search(day.said["title"]):
            self.found.append(day)
            return
        day.said = {"lead": day.said.pop("title")} | day.said | self.facts.said
        self.facts = day

    def complete(self, name: str, value: str) -> None:
        """Let a line with hours alone fill the day above it, or say when it is over."""
        when, span = self.facts.when, span_in(value)
        if not when or not span:
            return
        if name == "end" and not when.all_day:
            over = datetime.combine(when.start.date(), span.start, when.start.tzinfo)
            self.facts.when = replace(
                when, end=when.end or (over if over > when.start else None)
            )
        elif when.all_day and name != "end":
            last = _last_span(value, span)
            self.facts.when = when.at_span(replace(span, end=last), self.view.zone)


def _last_span(value: str, span: Span) -> time | None:
    """When the last of several stretches of hours is over: `9:00-12:00 甲；14:00-17:30 乙`."""
    end, at = span.end, span.until
    while end and (span_after := span_in(value, at)) and span_after.start >= end:
        end, at = span_after.end, span_after.until
    return end or span.end


def _names(lines: Iterable[Line]) -> Iterator[str]:
    """What lines call the event: those that name a gathering, else a bold one or a book's name."""
    known = list(lines)
    yield from (name_in(line.text, line) for line in known if GATHERING.search(line.text))
    yield from (name_in(line.text, line) for line in known if _names_all(line))


def _names_all(line: Line) -> bool:
    """Whether all that a line says is a name."""
    return bool(_BOOK.fullmatch(line.text)) or (line.is_bold and line.item >= 0)


def _rest(label: str, value: str, when: When) -> str:
    """The place that a label for both tells behind the moment."""
    return value[when.until :].strip(MARKS) if _BOTH.search(label) else ""


def _day_of(place: Place, when: When, label: str, number: int, line: Line) -> Facts:
    return Facts(
        place,
        when,
        {"title": label, "register": address(line)},
        hints=line.text,
        source="day",
        at=number,
        text=line.text,
        is_next=bool(NEXT.search(label)),
    )


def _value(name: str, line: Line) -> str:
    return address(line) if name in {"register", "live", "replay"} else line.text


def _moment(name: str, label: str, value: str, view: Viewpoint) -> When | None:
    """The moment that a line tells under its label, if that is what the label is for."""
    if name == "when" and not STAGES.search(label):
        when = view.when(value)
        is_limit = when and (
            LIMIT.search(value[: when.at]) or LIMITED.match(value[when.until :])
        )
        return None if is_limit else when
    if name or not (DATED.search(label) or GATHERING.search(label)) or DECOY.search(label):
        return None
    when = view.when(value)
    leads = when and not re.search(r"\w", WEEKDAY.sub("", value[: when.at]))
    return when if when and leads and not when.loose else None
