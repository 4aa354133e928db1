"""The ways in which events are told: under labels, in rows, in tables, in sentences.

Pure and careful: a date alone is no event.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from formatters.document import SectionKind
from formatters.events.ahead import is_ahead, looks_ahead, sentence_around, with_hours_of
from formatters.events.dated import by_heading, by_lines
from formatters.events.facts import MARKS, Facts, Viewpoint, address, labelled, name_in
from formatters.events.labels import by_labels
from formatters.events.lines import Line, Place
from formatters.events.words import ASKS, CALL, DECOY, GATHERING, LABELS, NEXT, OVER, TAKES_PART
from formatters.moments import When, may_tell, span_in, when_in, whens_in

_BELOW = 12  # lines
_FEW = 3  # rows that make a list
_MAY_BEGIN_DAY = re.compile(r"\W{0,6}(?:\d|[一二三四五六七八九十]+\s?月|[A-Z][a-z]{2})")
_DAY = 40  # letters in which a row tells its day
_BARRED = re.compile(r"\W{0,3}\d[\d./年月日 -]{3,12}\s?[|｜].*[|｜]")
_COLUMNS = (
    ("when", re.compile(r"时间|日期|^(?:date|when|day)s?$", re.IGNORECASE)),
    (
        "title",
        re.compile(
            r"主题|议题|题目|内容|名称|活动$|title|topic|talk|event|name|what|meetup",
            re.IGNORECASE,
        ),
    ),
    *((name, LABELS[name]) for name in ("place", "form", "speakers")),
)


def told(place: Place, view: Viewpoint) -> list[Facts]:
    """The events that a section tells of, in its order.

    Of a list of events the rows are all; elsewhere labels and tables come first, and a sentence
    counts on days that they do not tell.
    """
    about_events = place.kind is SectionKind.EVENTS
    if CALL.search(" ".join(place.titles[-1:])):
        return []
    if (about_events or _is_list(place, view)) and (rows := list(_rows(place, view))):
        items = {place.lines[facts.at].item for facts in rows}
        rest = tuple(line for line in place.lines if line.item >= 0 and line.item not in items)
        return [*rows, *_sentences(replace(place, lines=rest), view)]
    found = [*by_labels(place, view), *_tables(place, view)]
    if about_events and not found:
        found = list(by_lines(place, view)) or list(_phrased(place, view))
    for more in (by_heading, by_lines, _sentences):
        days = _days(found)
        found += [
            facts
            for facts in more(place, view)
            if facts.when and (_is_long(facts.when) or facts.when.start.date() not in days)
        ]
    for facts in found:
        if facts.source != "label" and not facts.said.get("register"):
            facts.said["register"] = _register_below(place, facts.at, view)
    return sorted(found, key=lambda facts: facts.at)


def _days(found: Sequence[Facts]) -> set[date]:
    return {
        facts.when.start.date() for facts in found if facts.when and not _is_within(facts.when)
    }


def _is_long(when: When) -> bool:
    """Whether it takes several days."""
    return bool(when.end and when.end.date() > when.start.date())


def _is_within(when: When) -> bool:
    """Whether it is a stretch of several days, within which other events may lie."""
    return when.all_day and when.end is not None


_ASKING = (LABELS["register"], LABELS["live"], ASKS, TAKES_PART)


def _begins_day(line: Line, view: Viewpoint) -> bool:
    """Whether a line begins with a day of its own: then it tells of something else."""
    if not _MAY_BEGIN_DAY.match(line.text):
        return False
    when = when_in(line.text[:_DAY], near=view.near, zone=view.zone)
    return bool(when and not re.search(r"\w", line.text[: when.at]))


def _tells_another(line: Line, item: int, view: Viewpoint) -> bool:
    """Whether a line is about another day, seen from a list item of that number or from text."""
    is_beside = item >= 0 and line.item not in {item, -1}
    if is_beside and when_in(line.text, near=view.near, zone=view.zone):
        return True
    return not line.cells and _begins_day(line, view)


def _register_below(place: Place, at: int, view: Viewpoint) -> str:
    """The address that the lines below ask to open, or that is all the next line says."""
    item = place.lines[at].item if at >= 0 else -1
    for number, line in enumerate(place.lines[at + 1 : at + 1 + _BELOW]):
        if OVER.search(line.text) or _tells_another(line, item, view):
            break
        url = address(line)
        asks = any(words.search(line.text) for words in _ASKING)
        bare = number == 0 and any(line.text == shown for shown, _ in line.links)
        if url and (asks or bare):
            return url
    return ""


# ------------------------------------------------------------------ rows


def _rows(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Items of a list of events: `2026-08-05 | Place | Group` or `Aug 22. Place - Title`."""
    at = 0
    for number, group in groupby(place.lines, key=lambda line: line.item):
        whole = list(group)
        first, at = at, at + len(whole)
        lines = [line for line in whole if line.text]
        if number < 0 or not lines:
            continue
        when = when_in(lines[0].text, near=view.near, zone=view.zone)
        said = _row(lines, when) if when else {}
        if when and said:
            hints = " ".join(line.text for line in lines) if not said.get("place") else ""
            yield Facts(place, when, said, hints, "row", first)


def _is_list(place: Place, view: Viewpoint) -> bool:
    """Whether a section that is named for something else is a list of days ahead and places."""
    items = [line.text for line in place.lines if _BARRED.match(line.text)]
    days = (when_in(text[:_DAY], near=view.near, zone=view.zone) for text in items)
    ahead = [day for day in days if day and is_ahead(day, view)]
    return len(ahead) >= _FEW and not any(DECOY.search(text) for text in items)


def _row(lines: Sequence[Line], when: When) -> dict[str, str]:
    """What a row says; nothing unless its date stands at its beginning or its end."""
    text, below = lines[0].text, lines[1:]
    before, after = text[: when.at].strip(MARKS), text[when.until :].strip(MARKS)
    if (before and after) or _is_labelled(lines[0], when):
        return {}
    url = next((address(line) for line in reversed(lines) if address(line)), "")
    first, *cells = [cell.strip() for cell in text.split("|")]
    if cells and when.until <= len(first) and before == "":
        title = " ".join(line.text for line in below) or cells[-1]
        return {
            "title": title,
            "place": cells[0] if below or len(cells) > 1 else "",
            "register": url,
        }
    title = before or after
    if not title:
        return (
            {"title": " ".join(line.text for line in below), "register": url} if below else {}
        )
    where, gap, rest = title.partition(" - ")
    if gap and "," in where:
        return {"title": rest, "place": where, "register": url}
    return {"title": title, "register": url}


def _is_labelled(line: Line, when: When) -> bool:
    """Whether the day stands behind a label: then it is told as labels tell."""
    name, label, value = labelled(line)
    return name == "when" or bool(label and value and value.startswith(when.phrase[:4]))


# ------------------------------------------------------------------ tables


def _tables(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Rows of a table with a column of days; the hour may stand in the text above it."""
    above = " ".join(place.titles[-1:])
    about = place.kind is SectionKind.EVENTS or view.is_about_one
    for number, line in enumerate(place.lines):
        if not line.cells:
            above = line.text if span_in(line.text) or GATHERING.search(line.text) else above
        elif about or GATHERING.search(f"{above} {line.text}"):
            cells = _columns(line)
            when = when_in(cells.get("when", ""), near=view.near, zone=view.zone)
            if when and "title" in cells:
                span = span_in(above) if when.all_day else None
                said = cells | {"register": address(line)}
                when = when.at_span(span, view.zone) if span else when
                yield Facts(place, when, said, f"{above} {line.text}", "table", number)


def _columns(line: Line) -> dict[str, str]:
    """The cells of a row by what their columns are named for."""
    found: dict[str, str] = {}
    for name, cell in zip(line.header, line.cells, strict=False):
        about = next((label for label, words in _COLUMNS if words.search(name)), "")
        if about and cell:
            found.setdefault(about, cell)
    rest = [cell for cell in line.cells if cell and cell not in found.values()]
    if rest and "when" in found:
        found.setdefault("title", rest[0])
    return found


# ------------------------------------------------------------------ sentences


def _phrased(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """The first day with a time of day that a section about events tells in its text."""
    for number, line in enumerate(place.lines):
        when = when_in(line.text, near=view.near, zone=view.zone)
        if when and not when.all_day and not line.cells:
            said = {
                "register": address(line),
                "lead": name_in(sentence_around(line.text, when)[0], line),
            }
            yield Facts(place, when, said, line.text, "phrase", number)
            return


def _sentences(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Days ahead of the post on which, its sentence says, people will meet."""
    for number, line in enumerate(place.lines):
        if line.cells or not may_tell(line.text) or labelled(line)[0] == "when":
            continue
        if not (view.is_about_one or GATHERING.search(line.text)):
            continue
        for when in whens_in(line.text, near=view.near, zone=view.zone):
            sentence, at = sentence_around(line.text, when)
            is_next = bool(NEXT.search(sentence))
            if when.loose or not is_ahead(when, view) or (place.looks_back and not is_next):
                continue
            whole = with_hours_of(sentence, when, at, view)
            if looks_ahead(sentence, whole, at):
                said = _said(sentence, line)
                yield Facts(place, whole, said, sentence, "sentence", number, is_next=is_next)


def _said(sentence: str, line: Line) -> dict[str, str]:
    return {"title": name_in(sentence, line), "register": address(line)}
