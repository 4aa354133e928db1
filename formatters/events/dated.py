"""Events told by lines and headings that begin with their day: `8 月 13 日 15:00 文档小组`.

Pure and careful: the day lies ahead, and an hour or a word says that people meet.
"""

import re
from collections.abc import Iterator, Sequence

from formatters.document import SectionKind
from formatters.events.ahead import (
    is_ahead,
    is_none,
    is_of_year_past,
    sentence_around,
    with_hours_of,
)
from formatters.events.facts import MARKS, Facts, Viewpoint, address, labelled
from formatters.events.lines import Line, Place
from formatters.events.names import bare, called, name_in
from formatters.events.venues import begins_with_town, is_venue, place_in
from formatters.events.words import (
    CHANGES,
    DECOY,
    FUTURE,
    GATHERING,
    GENERIC,
    HOLIDAY,
    NEXT,
    ONLINE,
    RELEASED,
)
from formatters.moments import WEEKDAY, When, span_in

_LEAD = re.compile(r"[^\w（(]{0,8}(?:(\w[\w #-]{0,23}?)\s?[:：|｜])?[^\w（(]{0,8}")
_OPEN = re.compile(r"(.{2,80}?)\s?[*_]{0,3}[（(【\[][^\w]{0,3}$")
_DASHED = re.compile(r"(\w[^—–|·,，。.!！?？;；]{1,60}?)\s[—–|·-]\s[\s,，*_]{0,4}")
_BARS = re.compile(r"[|｜]")
_NEAR = 4  # lines below a heading in which its hours may stand
_MAX_TITLE = 80
_SHORT = 30  # letters
_BRIEF = 60  # letters
_SET_APART = re.compile(r"[|｜:：·—–]")


def by_heading(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """The event whose day its own heading tells; the hour may stand right below."""
    title = place.title
    when = view.when(title)
    if not when or when.loose or place.looks_back or not is_ahead(when, view):
        return
    about = place.kind is SectionKind.EVENTS or view.is_about_one or GATHERING.search(title)
    if is_none(title, when, when.at) or not (
        about or not when.all_day or _is_met_below(place.lines[:_NEAR])
    ):
        return
    when = _with_hours(when, place.lines[:_NEAR], view)
    hints = " ".join(line.text for line in place.lines[:_NEAR])
    yield Facts(place, when, _named(title, when), hints, "heading", -1, text=title)


def _is_met_below(lines: Sequence[Line]) -> bool:
    """Whether a line tells an hour, and where to go or how to take part: people meet then."""
    return any(
        span_in(line.text)
        and (place_in("", line.text) or ONLINE.search(line.text))
        and not DECOY.search(line.text)
        for line in lines
    )


def by_lines(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """The events whose lines begin with their day, or with a name and the day in brackets."""
    for number, line in enumerate(place.lines):
        when = None if line.cells else view.when(line.text)
        if not when or not is_ahead(when, view) or labelled(line)[0] == "when":
            continue
        is_next = bool(NEXT.search(line.text[: when.at]))
        sentence, at = sentence_around(line.text, when)
        title = _title(line, when)
        if title is None or is_none(sentence, when, at) or (place.looks_back and not is_next):
            continue
        when = with_hours_of(sentence, when, at, view)
        when = _with_hours(when, place.lines[number + 1 : number + 2], view, bare=True)
        if is_of_year_past(sentence, when, view) or not _is_gathering(place, line, view, when):
            continue
        title = "" if _is_headed(place, line, when) else title
        said = {"title": title, "register": address(line)}
        yield Facts(
            place, when, said, line.text, "line", number, text=line.text, is_next=is_next
        )


def _is_gathering(place: Place, line: Line, view: Viewpoint, when: When) -> bool:
    """Whether a line is about an event: an hour says so, unless its heading speaks of work."""
    above = " ".join((view.title, *place.titles[-1:]))
    about_work = (words.search(above) for words in (DECOY, RELEASED, CHANGES))
    if not when.all_day and not any(about_work):
        return True
    if view.is_about_one and len(line.text) <= _SHORT:
        return True
    about = place.kind is SectionKind.EVENTS or GATHERING.search(line.text)
    named = len(line.text) <= _BRIEF and GATHERING.search(line.text)
    return bool(about and (line.item >= 0 or _SET_APART.search(line.text) or named))


def _title(line: Line, when: When) -> str | None:
    """What a line calls the event; None where its day does not stand at its beginning."""
    before, after = WEEKDAY.sub("", line.text[: when.at]), line.text[when.until :]
    opened = _OPEN.fullmatch(before) or _DASHED.fullmatch(before)
    if opened:
        return _opened(opened[1].strip(f"{MARKS}《》「」“”\"'"), line)
    lead = _LEAD.fullmatch(before)
    if not lead or DECOY.search(lead[1] or ""):
        return None
    label = (lead[1] or "").strip()
    if label and not GENERIC.fullmatch(label):
        return _of_label(label, line, when)
    if re.match(r"\s?的|\w", after) or (line.item < 0 and re.match(r"\s?[，,]", after)):
        # `12 月 5 日的大会`, `12 月 5 日，我们`: a sentence tells it
        return None
    leads = after.rstrip().endswith(("：", ":"))  # to what is named below
    rest = "" if leads else after.strip(f"{MARKS})）】]：·｜@▶ ")
    return name_in(rest, line) if rest else ""


def _is_headed(place: Place, line: Line, when: When) -> bool:
    """Whether a line tells but where people meet, below a heading that names the event."""
    rest = line.text[when.until :].strip(f"{MARKS})）】]：·｜ ")
    is_named = place.title and not GENERIC.fullmatch(place.title)
    return bool(is_named and line.item < 0 and (is_venue(rest) or ONLINE.match(rest)))


def _opened(title: str, line: Line) -> str | None:
    """What stands before a day in brackets, unless a label or a sentence tells it."""
    if labelled(line)[0] or FUTURE.search(title) or HOLIDAY.fullmatch(title):
        return None
    return bare(title) if GATHERING.search(bare(title)) else title


def _of_label(label: str, line: Line, when: When) -> str | None:
    """What stands before a day and a colon; a bare day needs the name of a gathering."""
    if GATHERING.search(label):
        return label
    if when.all_day:
        meets = GATHERING.search(line.text[when.until :]) and begins_with_town(label)
        return label if meets else None
    beside = _beside(line.text[when.until :]) if begins_with_town(label) else ""
    return called(line.text, line, when).get("title") or beside or label


def _beside(text: str) -> str:
    """What stands between the first bars behind a day, unless that is where people meet."""
    pieces = [piece.strip(MARKS) for piece in _BARS.split(text)[1:2]]
    return next((piece for piece in pieces if not is_venue(piece)), "")


def _with_hours(
    when: When, lines: Sequence[Line], view: Viewpoint, *, bare: bool = False
) -> When:
    """A day with the hours of the lines below it; with `bare` they are all that a line says."""
    if not when.all_day:
        return when
    for line in lines:
        span = span_in(line.text)
        if not span or line.cells or view.when(line.text):
            continue
        if bare and re.search(r"\w", line.text[: span.at]):
            continue
        return when.at_span(span, view.zone)
    return when


def _named(title: str, when: When) -> dict[str, str]:
    """A heading without its day, unless nothing is left to call the event by."""
    rest = f"{title[: when.at].strip(_EDGES)} {title[when.until :].strip(_EDGES)}".strip()
    return {"title": rest} if rest and re.search(r"\w", rest) else {}


_EDGES = f"{MARKS}()（）【】[]：·｜ 🗓📅📆"
