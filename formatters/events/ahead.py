"""What is said around a day: whether people will meet on it, or something else is up.

Pure and careful: deadlines, releases, what is over and what was called off are no events.
"""

import re
from itertools import islice

from formatters.events.facts import Viewpoint
from formatters.events.names import name_before
from formatters.events.venues import begins_with_town, is_station, stands_by_town
from formatters.events.words import (
    AUDIENCE,
    CALLED_OFF,
    DECOY,
    FUTURE,
    GATHERING,
    KEPT,
    LIMIT,
    LIMITED,
    MOVED,
    OVER,
    RELEASED,
    YEARLY,
)
from formatters.moments import WEEKDAY, When, span_in

_MOST_DAYS = 400
_LEAD = 40  # letters before the day of a sentence that needs no verb
_LINE = 80  # letters
_SINCE = re.compile(r"\s?起(?=[，,：:]|\s)")
_EXAMPLE = re.compile(
    r"例如|比如|举例|示例|\bfor (?:example|instance)\b|\be\.g\.", re.IGNORECASE
)
_OTHER = re.compile(
    r"(?:\d\s?月\s?\d|\d/\d|[A-Z][a-z]{2,8}\.?\s\d|\d\s[A-Z][a-z]{2}).*(?:取消|停|cancel|no meeting)"
)
"""A day of its own that is said to be off."""
_BRIEF = 60  # letters of a sentence that is a day, a place and a name
_APART = re.compile(r"(?<=[）)])|[）)]|\s?[，,：:|｜·（(–—-]")
_NAMED_DAYS = re.compile(
    r"(?:^|[.!?。]\s)\W{0,3}(?:[Tt]he\s)?[A-Z][\w+#&' .-]{2,50}\s(?:is|are|runs?|returns?|comes|lands|will be)\s(?:\w+\s){0,3}(?:on|from)?\s?$"
    r"|^\W{0,3}[A-Z][\w+#&' .-]{2,50}\s?[–—|:]\s$"
)
_WHERE = re.compile(
    r"\W{0,3}[A-Z\u00c0-\u00de][\w .'-]{1,30},\s{1,3}"
)  # `Göteborg, February 22`
_BRACKET = re.compile(r"[(（](?:[A-Z\u4e00-\u9fff][\w .'-]{1,30}[,，·]\s?)?(?:\w+day,?\s)?$")
_STOP = re.compile(
    r"[。！？!?；;]+"
    r"|(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})(?<!\.[a-z])(?<!\bul)(?<!\bvs)(?<!\bno)(?<!str)(?<=[\w)\]])\.(?=\s+[A-Z\"“])"
)
_TODAY = re.compile(r"today|今[天日]", re.IGNORECASE)
_SAME_DAY = re.compile(
    r"\s?当[天日晚]|\s?That (?:day|evening)|\s?Doors|\s?(?:Usual|Same|Start) time|\s?(?:We|It)?(?:'ll|’ll| will| all)?\s?[Ss]tarts?\b"
)
_SAME = re.compile(
    r"[\s,，]*(?:(?:on|by|next|this|in\s\w{1,5}\s(?:days?|weeks?|months?)|\w{3,6}day|[本下]?(?:周|星期)[一二三四五六日天])[\s,，]*)*"
)
"""What says the same day once more."""
_MOST_ASIDES = 4
_COMMAS = "，,；;—–|｜"


def sentence_around(text: str, when: When) -> tuple[str, int]:
    """The sentence around a day, and where the day stands in it."""
    stops = list(_STOP.finditer(text))
    low = max((stop.end() for stop in stops if stop.end() <= when.at), default=0)
    ends = (
        stop.end()
        for stop in stops
        if stop.start() >= when.until and not _SAME_DAY.match(text, stop.end())
    )
    high = min(ends, default=len(text))
    return text[low:high], when.at - low


def first_sentence(text: str) -> str:
    """The sentence that a text begins with."""
    stop = _STOP.search(text)
    return text[: stop.end()] if stop else text


def is_ahead(when: When, view: Viewpoint) -> bool:
    """Whether a day is to come, seen from the post, and not farther than anybody plans."""
    ahead = (when.start.date() - view.near).days
    relative = when.relative and not _TODAY.fullmatch(when.phrase)  # today may be nowadays
    later_today = relative or (not when.all_day and when.start > view.posted)
    return 0 <= ahead <= _MOST_DAYS and (ahead > 0 or later_today)


def is_of_year_past(sentence: str, when: When, view: Viewpoint) -> bool:
    """Whether a bare day is one of those that a review of a year tells of."""
    bare = when.all_day and not (when.year_given or when.relative)
    return bool(bare and YEARLY.search(view.title) and not FUTURE.search(sentence))


def is_none(sentence: str, when: When, at: int) -> bool:
    """Whether the words around a day say that nobody meets then, or that it is over."""
    before, after = sentence[:at], sentence[at + when.until - when.at :]
    clause = _clause(sentence, at, at + when.until - when.at)
    if RELEASED.search(clause) and not AUDIENCE.search(clause):
        return True
    over = OVER.search(sentence, at) or OVER.search(f"{_around_bracket(before)},{clause}")
    if over or DECOY.search(clause):
        return True
    if LIMIT.search(before) or LIMITED.match(after) or _EXAMPLE.search(before):
        return True
    if _SINCE.match(after) and not GATHERING.search(clause):
        return True
    return _is_off(sentence, clause, at) and not MOVED.search(before)


def _around_bracket(before: str) -> str:
    """What stands before the bracket that a day is in: `last year at the summit (May 4)`."""
    opened = max(before.rfind("("), before.rfind("（"))
    closed = max(before.rfind(")"), before.rfind("）"))
    outside = before[:opened] if opened > closed else ""
    return outside[max(outside.rfind(mark) for mark in _COMMAS) + 1 :]


def _is_off(sentence: str, clause: str, at: int) -> bool:
    """Whether what is called off is what a day is for, and no other day of its sentence."""
    if CALLED_OFF.search(clause):
        return True
    for found in islice(CALLED_OFF.finditer(sentence), _MOST_ASIDES):
        around = _clause(sentence, found.start(), found.end())
        if not _OTHER.search(around) and not KEPT.search(_part(sentence, at)):
            return True
    return False


def looks_ahead(sentence: str, when: When, at: int) -> bool:
    """Whether what is said around a day is to come.

    A time of day or a word like `tomorrow` says so by itself, and so does a gathering that is
    named right before its day; a bare day needs a verb.
    """
    if is_none(sentence, when, at):
        return False
    relative = when.relative and not _TODAY.fullmatch(when.phrase)
    told = bool(not when.all_day or relative or FUTURE.search(sentence))
    before, after = sentence[:at], sentence[at + when.until - when.at :]
    named = (at <= _LEAD and GATHERING.search(before)) or bool(name_before(before))
    told = told or bool(MOVED.search(before)) or _are_named_days(before, when)
    told = told or stands_by_town(before, after) or _is_in_town(before, when)
    told = told or is_station(before) or _is_bracketed(before)
    is_apart = _APART.match(sentence, at + when.until - when.at)
    leads = len(sentence) <= _BRIEF and not re.search(r"\w", before) and is_apart
    return bool(told or named or (leads and GATHERING.search(after)))


def meets(line: str, when: When, *, in_list: bool = False) -> bool:
    """Whether a line speaks of people who come together.

    What it calls by a name, and says to be several days long, is no release and no deadline.
    """
    before, after = line[: when.at], line[when.until :]
    return bool(
        GATHERING.search(line)
        or _are_named_days(before, when)
        or stands_by_town(before, after)
        or is_station(before)
        or (not when.all_day and MOVED.search(before))
        or (in_list and _is_in_town(before, when))
        or (
            (in_list or len(line) <= _LINE)
            and _WHERE.fullmatch(WEEKDAY.sub("", before))
            and span_in(line)
        )
    )


def _is_bracketed(before: str) -> bool:
    """Whether a day stands in the bracket behind a gathering: `the school (Bertinoro, 5 May)`."""
    found = _BRACKET.search(before)
    return bool(found and GATHERING.search(before[: found.start()][-_LEAD:]))


def _is_in_town(before: str, when: When) -> bool:
    """Whether a stretch of days stands behind a town alone: `Brussels, 8–9 February`."""
    return when.all_day and when.end is not None and begins_with_town(before)


def _are_named_days(before: str, when: When) -> bool:
    is_long = when.all_day and when.end is not None and when.end > when.start
    return bool(is_long and _NAMED_DAYS.search(before))


def with_hours_of(sentence: str, when: When, at: int, view: Viewpoint) -> When:
    """A bare day with the one time that its sentence tells behind it."""
    after = at + when.until - when.at
    span = span_in(sentence, after) if when.all_day and not when.end else None
    more = (one for one in view.whens(sentence) if one.at >= after and not one.loose)
    if not span or any(more):
        return when
    return when.at_span(span, view.zone)


def _part(sentence: str, at: int) -> str:
    """The words around a day between commas, brackets and all."""
    low = max(sentence.rfind(mark, 0, max(at, 0)) for mark in _COMMAS) + 1
    ends = [end for mark in _COMMAS if (end := sentence.find(mark, at)) >= 0]
    return sentence[low : min(ends, default=len(sentence))]


def _begin(sentence: str, at: int) -> int:
    """Where the words around a day begin: `closes in a week, on Monday, May 4` is one clause."""
    low = begins = _piece(sentence, at)
    end = at
    while low and sentence[low - 1] not in "（(" and _SAME.fullmatch(sentence, low, end):
        before = _piece(sentence, low - 1)
        if not _SAME.fullmatch(sentence, before, low - 1):
            return before if low < begins else begins
        low, end = before, low
    return begins


def _piece(sentence: str, at: int) -> int:
    """Where the words before a place begin, behind the last comma or bracket."""
    return max(sentence.rfind(mark, 0, max(at, 0)) for mark in f"{_COMMAS}（(") + 1


def _clause(sentence: str, at: int, until: int) -> str:
    """The words around a day up to the next comma on either side."""
    low = _begin(sentence, at)
    if not re.search(r"\w", sentence[:at]):  # `6 月 28 日，早鸟票停售`: what is up comes behind
        until += len(sentence[until:]) - len(sentence[until:].lstrip(f" ）){_COMMAS}"))
    in_bracket = low and sentence[low - 1] in "（("
    marks = f"{_COMMAS}）)" if in_bracket else _COMMAS
    ends = [end for mark in marks if (end := sentence.find(mark, until)) >= 0]
    return sentence[low : min(ends, default=len(sentence))]
