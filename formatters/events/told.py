"""The ways in which events are told: under labels, in rows, in tables, in sentences.

Pure and careful: a date alone is no event.
"""

import re
from dataclasses import replace
from datetime import date

from formatters.document import SectionKind
from formatters.events.dated import by_heading, by_lines
from formatters.events.facts import MARKS, Facts, Viewpoint, address, labelled
from formatters.events.labels import by_labels
from formatters.events.lines import Line, Place
from formatters.events.prose import by_phrase, by_sentences
from formatters.events.rows import by_rows, by_tables, is_list
from formatters.events.venues import begins_with_town, is_venue, place_in, town_of
from formatters.events.words import ASIDE, ASKS, CALL, GATHERING, LABELS, OVER, TAKES_PART
from formatters.moments import When, may_tell
from formatters.slack.cut import shortened

_BELOW = 12  # lines
_ABOVE = 2  # lines
_MAX_PLACE = 80
_SHORT = 30  # letters of a line that stands for a heading
_COMMA = re.compile(r"[，,；;。.)）–—]")
_VERB = re.compile(r"举[行办]|召开|\bheld\b")
_ONLY_LABEL = re.compile(r"[\W_]*(?:\w{1,10}(?: \w{1,10})?\s?[:：]\s?)?[\W_]*")
_ENDED = re.compile(r"[。！？!?，,]")
_MAY_BEGIN_DAY = re.compile(r"\W{0,6}(?:\d|[一二三四五六七八九十]+\s?月|[A-Z][a-z]{2})")
_BOOK = re.compile(r"\W{0,3}《[^》]{2,60}》\W{0,3}")
_DAY = 40  # letters in which a line tells its day


def told(place: Place, view: Viewpoint) -> list[Facts]:
    """The events that a section tells of, in its order, each with the place told beside it."""
    found = _found(place, view)
    for facts in found:
        if facts.when and not facts.said.get("place"):
            own = place_in(*_around(facts.text, facts.when, view))
            if facts.source == "heading":
                own = own or _place_below(place)
            facts.said["where"] = own or facts.said.get("where", "")
            if begins_with_town(place.title):
                facts.learn("where", place.title)
            facts.learn("where", town_of(facts.said.get("title", "")))
    return found


def _place_below(place: Place) -> str:
    """The place told in the first words below a heading that told the day."""
    told_there = (place_in("", line.text) for line in place.lines[:_ABOVE])
    return next(filter(None, told_there), "")


def _around(text: str, when: When, view: Viewpoint) -> tuple[str, str]:
    """What stands before and behind a day; of several days, up to the others."""
    before, _, after = text.partition(when.phrase)
    days = [one for one in view.whens(text) if not one.loose]
    if len(days) > 1:
        before = _VERB.split(before)[-1]
        before = before[max((_past(before, one.phrase) for one in days), default=0) :]
        if any(one.phrase in after for one in days):
            after = _COMMA.split(after.lstrip(" ,，"))[0]
    return before, after


def _past(text: str, phrase: str) -> int:
    """Where a phrase in a text is over, 0 without it."""
    at = text.rfind(phrase)
    return at + len(phrase) if at >= 0 else 0


def _found(place: Place, view: Viewpoint) -> list[Facts]:
    """Of a list of events the rows are all; elsewhere labels and tables come first.

    A sentence counts on days that they do not tell.
    """
    about_events = place.kind is SectionKind.EVENTS
    if CALL.search(" ".join(place.titles[-1:])):
        return []
    if (about_events or is_list(place, view)) and (rows := list(by_rows(place, view))):
        items = {place.lines[facts.at].item for facts in rows}
        rest = tuple(line for line in place.lines if line.item >= 0 and line.item not in items)
        return [*rows, *by_sentences(replace(place, lines=rest), view)]
    found = [*by_labels(place, view), *by_tables(place, view)]
    if about_events and not found:
        found = list(by_lines(place, view)) or list(by_phrase(place, view))
    for more in (by_heading, by_lines, by_sentences):
        days = _days(found)
        found += [
            facts
            for facts in more(place, view)
            if facts.when and (_is_long(facts.when) or facts.when.start.date() not in days)
        ]
    for facts in found:
        if facts.source != "label":
            _hear_above(facts, place)
            _hear_below(facts, place, view)
        if facts.source == "heading":
            facts.learn("register", _first_address(place))
    return sorted(found, key=lambda facts: facts.at)


def _days(found: list[Facts]) -> set[date]:
    return {
        facts.when.start.date() for facts in found if facts.when and not _is_within(facts.when)
    }


def _is_long(when: When) -> bool:
    """Whether it takes several days."""
    return bool(when.end and when.end.date() > when.start.date())


def _is_within(when: When) -> bool:
    """Whether it is a stretch of several days, within which other events may lie."""
    return when.all_day and when.end is not None


# ------------------------------------------------------------------ the lines below

_ASKING = (LABELS["register"], LABELS["live"], ASKS, TAKES_PART)


def _hear_below(facts: Facts, place: Place, view: Viewpoint) -> None:
    """Learn what the lines below say of an event, up to the next one.

    Its place, and the address that they ask to open or that is all the next line says.
    """
    item = place.lines[facts.at].item if facts.at >= 0 else -1
    for number, line in enumerate(place.lines[facts.at + 1 : facts.at + 1 + _BELOW]):
        if OVER.search(line.text) or _tells_another(line, item, view):
            break
        name, _, value = labelled(line)
        if name in {"place", "form"}:
            facts.learn(name, value)
        if number <= _ABOVE and not line.cells and is_venue(line.text):
            facts.learn("where", shortened(line.text, _MAX_PLACE))
        if number <= _ABOVE and _BOOK.fullmatch(line.text):
            facts.learn("title", line.text.strip(f"{MARKS}《》"))
        if LABELS["live"].search(line.text):
            facts.hints += f" {line.text[:_DAY]}"
        url = address(line)
        asks = any(words.search(line.text) for words in _ASKING)
        bare = number <= _ABOVE and any(_is_all(shown, line.text) for shown, _ in line.links)
        if url and (asks or bare):
            facts.learn("register", url)


def _first_address(place: Place) -> str:
    """The first address below a heading, of those that do not lead beside the event."""
    lines = (line for line in place.lines if not ASIDE.search(line.text))
    return next((url for line in lines if (url := address(line))), "")


def _is_all(shown: str, text: str) -> bool:
    """Whether a link is all that a line says, but for a label."""
    before, found, after = text.partition(shown)
    return bool(shown and found and not after.strip(MARKS) and _ONLY_LABEL.fullmatch(before))


def _hear_above(facts: Facts, place: Place) -> None:
    """Let a short line right above name what a sentence tells: a heading that is only bold."""
    above = place.lines[max(0, facts.at - _ABOVE) : max(0, facts.at)]
    for line in reversed(above):
        if (
            line.text
            and (line.is_bold or len(line.text) <= _SHORT)
            and GATHERING.search(line.text)
        ):
            if not (may_tell(line.text) or labelled(line)[0] or _ENDED.search(line.text)):
                facts.learn("title", line.text.strip(MARKS))
            return


def _begins_day(line: Line, view: Viewpoint) -> bool:
    """Whether a line begins with a day of its own: then it tells of something else."""
    if not _MAY_BEGIN_DAY.match(line.text):
        return False
    when = view.when(line.text[:_DAY])
    return bool(when and not re.search(r"\w", line.text[: when.at]))


def _tells_another(line: Line, item: int, view: Viewpoint) -> bool:
    """Whether a line is about another day, seen from a list item of that number or from text."""
    is_beside = item >= 0 and line.item not in {item, -1}
    if is_beside and view.when(line.text):
        return True
    return not line.cells and _begins_day(line, view)
