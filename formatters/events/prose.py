"""Events told in sentences: what looks ahead to a day on which people meet.

Pure and careful: a date alone is no event.
"""

import re
from collections.abc import Iterator

from formatters.document import SectionKind
from formatters.events.ahead import (
    first_sentence,
    is_ahead,
    is_none,
    is_of_year_past,
    looks_ahead,
    meets,
    sentence_around,
    with_hours_of,
)
from formatters.events.facts import Facts, Viewpoint, address, labelled
from formatters.events.lines import Line, Place
from formatters.events.names import called
from formatters.events.venues import begins_with_town
from formatters.events.words import AUDIENCE, CHANGES, GATHERING, INVITES, NEXT, OVER
from formatters.moments import When, may_tell, span_in


def by_phrase(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """The first day with a time of day that a section about events tells in its text."""
    for number, line in enumerate(place.lines):
        when = view.when(line.text)
        if when and not when.all_day and not line.cells:
            sentence, _ = sentence_around(line.text, when)
            said = called(sentence, line, when) | {"register": address(line)}
            yield Facts(place, when, said, line.text, "phrase", number, text=line.text)
            return


def by_sentences(place: Place, view: Viewpoint) -> Iterator[Facts]:
    """Days ahead of the post on which, its sentence says, people will meet."""
    for number, line in enumerate(place.lines):
        if line.cells or not may_tell(line.text) or labelled(line)[0] == "when":
            continue
        told = 0  # where the day told last is over
        for when in view.whens(line.text):
            if not (view.is_about_one or _is_meant(place, line, when, view)):
                continue
            sentence, at = sentence_around(line.text, when)
            is_next = bool(NEXT.search(sentence))
            if (place.looks_back and not is_next) or not _is_to_come(when, sentence, at, view):
                continue
            whole = with_hours_of(sentence, when, at, view)
            whole = _with_shared_hours(line.text, whole, view)
            joined = told and _JOINED.fullmatch(line.text[told : when.at])
            if (
                joined
                or looks_ahead(sentence, whole, at)
                or _is_listed(place, sentence, when, at)
                or (begins_with_town(place.title) and not at)
            ):
                told = when.until
                said = _said(sentence, line, when)
                if begins_with_town(place.title):
                    said.pop("lead", "")
                is_only = len(view.whens(line.text)) == 1
                yield Facts(
                    place,
                    whole,
                    said,
                    line.text if is_only else sentence,
                    "sentence",
                    number,
                    text=sentence,
                    is_next=is_next,
                )


def _is_to_come(when: When, sentence: str, at: int, view: Viewpoint) -> bool:
    """Whether a day lies ahead, and is one: `9/20` may be none, but behind `the next one is`."""
    is_day = not when.loose or (NEXT.search(sentence[:at]) and when.phrase[:1].isdigit())
    return bool(is_day and is_ahead(when, view) and not is_of_year_past(sentence, when, view))


def _said(sentence: str, line: Line, when: When) -> dict[str, str]:
    """Name and address; where a sentence has no name, that which the line begins with."""
    said = called(sentence, line, when)
    first = first_sentence(line.text)
    if "title" not in said and not may_tell(first) and not OVER.search(first):
        said |= {k: v for k, v in called(first, line, when).items() if k == "title"}
    return said | {"register": address(line, sentence)}


def _is_meant(place: Place, line: Line, when: When, view: Viewpoint) -> bool:
    """Whether a line, or the heading above its hours, speaks of people who come together."""
    told = AUDIENCE.search(line.text) and (not when.all_day or INVITES.search(line.text))
    if CHANGES.search(view.title) and not told:
        return False
    above = not when.all_day and GATHERING.search(place.title)
    return bool(above or meets(line.text, when, in_list=line.item >= 0))


def _is_listed(place: Place, sentence: str, when: When, at: int) -> bool:
    """Whether a section about events names one and its day, and says no more of it."""
    is_brief = place.kind is SectionKind.EVENTS and len(sentence) <= _BRIEF
    return is_brief and bool(GATHERING.search(sentence)) and not is_none(sentence, when, at)


def _with_shared_hours(line: str, when: When, view: Viewpoint) -> When:
    """A bare day with the hours that its line tells of all its days: `Both at 17:00 UTC`."""
    shared = _ALL.search(line) if when.all_day and not when.end else None
    span = span_in(line, shared.start()) if shared else None
    return when.at_span(span, view.zone) if span else when


_BRIEF = 120  # letters
_JOINED = re.compile(r"\s?(?:[、,，和及与&]|and)\s?")
_ALL = re.compile(
    r"\b(?:both|all|each)\b[^.,;\d]{0,20}(?=\d)|\bevery\s[^.;\d]{0,30}(?=\d)|(?:[两三四五各每][场次]|(?:每|隔|每两|双)周[一二三四五六日天]?|均|都|时间[:：])[^，。；\d]{0,8}(?=\d)",
    re.IGNORECASE,
)
