"""Events told in rows: items of a list of events, and tables.

Pure and careful: a date alone is no event.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from formatters.document import SectionKind
from formatters.events.ahead import is_ahead, is_none, with_hours_of
from formatters.events.facts import MARKS, Facts, Viewpoint, address, labelled
from formatters.events.lines import Line, Place
from formatters.events.names import called
from formatters.events.words import (
    AUDIENCE,
    CALLED_OFF,
    DECOY,
    ENDS,
    GATHERING,
    GENERIC,
    LABELS,
    LIMIT,
    OVER,
    RELEASED,
)
from formatters.moments import When, span_in

_LISTS = re.compile(
    r"活动(?:排期|安排|日历|一览|预告|计划)|\b(?:events|meetups|meetings)\b", re.IGNORECASE
)
_EDGE = 3  # signs before the day of a row
_FEW = 3  # rows that make a list
_NO_ROW = re.compile(f"{CALLED_OFF.pattern}|{ENDS.pattern}", re.IGNORECASE)
_DAY = 40  # letters in which a row tells its day
_BARRED = re.compile(r"\W{0,3}\d[\d./年月日 -]{3,12}\s?[|｜].*[|｜]")
_COLUMNS = (
    ("when", re.compile(r"时间|日期|^(?:date|when|day|time)s?$", re.IGNORECASE)),
    (
        "title",
        re.compile(
            r"主题|议题|题目|内容|名称|活动$|title|topic|talk|event|name|what|meetup",
            re.IGNORECASE,
        ),
    ),
    *((name, LABELS[name]) for name in ("place", "form", "speakers")),
)


def by_rows(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Items of a list of events: `2026-08-05 | Place | Group` or `Aug 22. Place - Title`."""
    at = 0
    for number, group in groupby(place.lines, key=lambda line: line.item):
        whole = list(group)
        first, at = at, at + len(whole)
        lines = [line for line in whole if line.text]
        if number < 0 or not lines:
            continue
        when = view.when(lines[0].text)
        said = _row(lines, when) if when else {}
        if when and said and not _is_limit(place, lines[0].text, when):
            timed = with_hours_of(lines[0].text, when, when.at, view)
            if timed is not when:  # then its title held the hours
                said |= called(lines[0].text, lines[0], when)
                when = timed
            hints = " ".join(line.text for line in lines) if not said.get("place") else ""
            yield Facts(place, when, said, hints, "row", first, text=lines[0].text)


def _is_limit(place: Place, text: str, when: When) -> bool:
    """Whether a row is about something that is to be done by its day."""
    if place.kind is not SectionKind.EVENTS and is_none(text, when, when.at):
        return True
    return bool(LIMIT.search(text[: when.at]) or ENDS.search(text))


def is_list(place: Place, view: Viewpoint) -> bool:
    """Whether a section that is named for something else is a list of days ahead and places."""
    if GENERIC.fullmatch(place.title) and place.looks_ahead:
        items = [line.text for line in place.lines if line.item >= 0]
        begins = [day for text in items if (day := view.when(text)) and day.at == 0]
        return sum(is_ahead(day, view) for day in begins) >= _FEW
    if _is_led_to(place, view):
        return True
    items = [line.text for line in place.lines if _BARRED.match(line.text)]
    days = (view.when(text[:_DAY]) for text in items)
    ahead = [day for day in days if day and is_ahead(day, view)]
    return len(ahead) >= _FEW and not any(DECOY.search(text) for text in items)


def _is_led_to(place: Place, view: Viewpoint) -> bool:
    """Whether a line about people who meet leads to a list of nothing but days and names."""
    first = next((n for n, line in enumerate(place.lines) if line.item >= 0), 0)
    above = place.lines[first - 1].text if first else ""
    if not GATHERING.search(above) or OVER.search(above) or DECOY.search(above):
        return False
    items = [line.text for line in place.lines[first:] if line.item >= 0]
    days = [day for text in items if (day := view.when(text)) and day.at <= _EDGE]
    return 1 < len(items) == len(days) and all(
        is_ahead(day, view) and not is_none(text, day, day.at)
        for text, day in zip(items, days, strict=True)
    )


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


def by_tables(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Rows of a table with a column of days; the hour may stand in the text above it."""
    above, since = " ".join(place.titles[-1:]), 0
    about_events = place.kind is SectionKind.EVENTS or view.is_about_one
    for number, line in enumerate(place.lines):
        if not line.cells:
            continue
        above, since = _last_telling(place.lines[since:number]) or above, number + 1
        cells = _columns(line)
        about = about_events or {"when", "place"} <= cells.keys() or _LISTS.search(above)
        if about or GATHERING.search(f"{above} {line.text}"):
            when = view.when(cells.get("when", ""))
            if when and "title" in cells and not _is_no_event(line, cells):
                span = span_in(above) if when.all_day else None
                said = cells | {"register": address(line)}
                when = when.at_span(span, view.zone) if span else when
                hints = f"{above} {line.text}"
                yield Facts(place, when, said, hints, "table", number, text=line.text)


def _is_no_event(line: Line, cells: Mapping[str, str]) -> bool:
    """Whether a row is about what is off, what is to be done by then, or what comes out."""
    is_release = RELEASED.match(cells["title"]) and not AUDIENCE.search(line.text)
    return bool(_NO_ROW.search(line.text) or is_release)


def _last_telling(lines: Sequence[Line]) -> str:
    """The last line above a row that tells of hours, of people who meet, or of a plan."""
    texts = (line.text for line in reversed(lines))
    tells = (
        text for text in texts if span_in(text) or GATHERING.search(text) or _LISTS.search(text)
    )
    return next(tells, "")


def _columns(line: Line) -> dict[str, str]:
    """The cells of a row by what their columns are named for."""
    found: dict[str, str] = {}
    for name, cell in zip(line.header, line.cells, strict=False):
        about = next((label for label, words in _COLUMNS if words.search(name)), "")
        if about == "when" and about in found and cell:
            found[about] += f" {cell}"  # the day in one column, its hours in another
        elif about and cell:
            found.setdefault(about, cell)
    said = " ".join(found.values())
    rest = [cell for cell in line.cells if cell and cell not in said]
    if rest and "when" in found:
        found.setdefault("title", rest[0])
    return found
