"""The ways in which events are told: under labels, in rows, in tables, in sentences.

Pure and careful: a date alone is no event.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from formatters.document import SectionKind
from formatters.events.facts import MARKS, Facts, Viewpoint, address, labelled, name_in
from formatters.events.labels import by_labels
from formatters.events.lines import Line, Place
from formatters.events.words import (
    ASKS,
    CALL,
    DECOY,
    FUTURE,
    GATHERING,
    LABELS,
    OVER,
)
from formatters.moments import When, may_tell, times_in, when_in, whens_in

_MOST_DAYS = 400
_BELOW = 12  # lines
_SENTENCES = re.compile(r"[^。！？!?；;]+[。！？!?；;]*")
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
    if about_events and (rows := list(_rows(place, view))):
        return rows
    found = [*by_labels(place, view), *_tables(place, view)]
    if about_events and not found:
        found = list(_phrased(place, view))
    days = {
        facts.when.start.date() for facts in found if facts.when and not _is_within(facts.when)
    }
    found += [
        f
        for f in _sentences(place, view)
        if f.when and (f.when.end or f.when.start.date() not in days)
    ]
    for facts in found:
        if facts.source != "label" and not facts.said.get("register"):
            facts.said["register"] = _register_below(place, facts.at)
    return sorted(found, key=lambda facts: facts.at)


def _is_within(when: When) -> bool:
    """Whether it is a stretch of several days, within which other events may lie."""
    return when.all_day and when.end is not None


def _register_below(place: Place, at: int) -> str:
    """The address that the lines below ask to open, or that is all the next line says."""
    for number, line in enumerate(place.lines[at + 1 : at + 1 + _BELOW]):
        url = address(line)
        asks = any(
            words.search(line.text) for words in (LABELS["register"], LABELS["live"], ASKS)
        )
        bare = number == 0 and any(line.text == shown for shown, _ in line.links)
        if url and (asks or bare):
            return url
    return ""


# ------------------------------------------------------------------ rows


def _rows(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Items of a list of events: `2026-08-05 | Place | Group` or `Aug 22. Place - Title`."""
    for number, group in groupby(place.lines, key=lambda line: line.item):
        lines = [line for line in group if line.text]
        if number < 0 or not lines:
            continue
        when = when_in(lines[0].text, near=view.near, zone=view.zone)
        said = _row(lines, when) if when else {}
        if when and said:
            hints = " ".join(line.text for line in lines) if not said.get("place") else ""
            yield Facts(place, when, said, hints, "row")


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
    above = ""
    for number, line in enumerate(place.lines):
        if not line.cells:
            above = line.text if times_in(line.text) or GATHERING.search(line.text) else above
        elif place.kind is SectionKind.EVENTS or GATHERING.search(above):
            cells = _columns(line)
            when = when_in(cells.get("when", ""), near=view.near, zone=view.zone)
            if when and "title" in cells:
                times = times_in(above) if when.all_day else None
                said = cells | {"register": address(line)}
                when = when.at_times(times, view.zone) if times else when
                yield Facts(place, when, said, above, "table", number)


def _columns(line: Line) -> dict[str, str]:
    """The cells of a row by what their columns are named for."""
    found: dict[str, str] = {}
    for name, cell in zip(line.header, line.cells, strict=False):
        about = next((label for label, words in _COLUMNS if words.search(name)), "")
        if about and cell:
            found.setdefault(about, cell)
    return found


# ------------------------------------------------------------------ sentences


def _phrased(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """The first day with a time of day that a section about events tells in its text."""
    for number, line in enumerate(place.lines):
        when = when_in(line.text, near=view.near, zone=view.zone)
        if when and not when.all_day and not line.cells:
            said = {
                "register": address(line),
                "lead": name_in(_sentence(line.text, when)[0], line),
            }
            yield Facts(place, when, said, line.text, "phrase", number)
            return


def _sentences(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Days ahead of the post on which, its sentence says, people will meet."""
    if place.looks_back:
        return
    for number, line in enumerate(place.lines):
        if line.cells or not may_tell(line.text) or not GATHERING.search(line.text):
            continue
        if labelled(line)[0] == "when":
            continue
        for when in whens_in(line.text, near=view.near, zone=view.zone):
            sentence, place_in = _sentence(line.text, when)
            if _is_ahead(when, view) and _looks_ahead(sentence, when, place_in):
                yield Facts(place, when, _said(sentence, line), sentence, "sentence", number)


def _sentence(text: str, when: When) -> tuple[str, int]:
    """The sentence around a day, and where the day stands in it."""
    whole = next(found for found in _SENTENCES.finditer(text) if when.at < found.end())
    return whole[0], when.at - whole.start()


def _is_ahead(when: When, view: Viewpoint) -> bool:
    ahead = (when.start.date() - view.near).days
    return not when.loose and 0 <= ahead <= _MOST_DAYS and (ahead > 0 or when.relative)


def _looks_ahead(sentence: str, when: When, at: int) -> bool:
    """Whether what is said around a day is to come, and is no deadline."""
    until = at + when.until - when.at
    clause = _clause(sentence, at, until)
    if DECOY.search(clause) or OVER.search(sentence, at) or OVER.search(clause):
        return False
    return bool(FUTURE.search(sentence))


def _clause(sentence: str, at: int, until: int) -> str:
    """The words around a day up to the next comma on either side."""
    low = max(sentence.rfind(mark, 0, max(at, 0)) for mark in "，,；;（(") + 1
    ends = [end for mark in "，,；;" if (end := sentence.find(mark, until)) >= 0]
    return sentence[low : min(ends, default=len(sentence))]


def _said(sentence: str, line: Line) -> dict[str, str]:
    return {"title": name_in(sentence, line), "register": address(line)}
