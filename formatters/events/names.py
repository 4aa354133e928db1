"""What an event that no label names is called, in the words around its day.

Pure.
"""

import re
from collections.abc import Iterator

from formatters.events.facts import MARKS
from formatters.events.lines import Line
from formatters.events.words import DECOY, GATHERING, GENERIC, TAKES_PART
from formatters.moments import WEEKDAY, When
from formatters.slack.cut import shortened

_MAX_TITLE = 80
_MOST_TEXT = 100  # letters of a piece that is looked at
_MOST = 50  # letters of a piece of a sentence that can be a name
_CUT = "｜"  # stands where the day was
_BOOK = re.compile(r"《([^》]{1,80})》")
_QUOTED = re.compile(r"(?:^|[\s(])[\"“]([A-Z][^\"”]{5,79})[\"”]")
_SERIES = re.compile(r"[\"“「]([^\"”」]{3,30})[\"”」]\s?(?=第.{1,4}[期场讲课])")
_WAY = re.compile(
    r"(?:on|via|at|our|the|this|join|register|rsvp|meetup(?:\.com)?$|meetup page)\b",
    re.IGNORECASE,
)
_PIECES = re.compile(r"[，。；！？!?｜|：]|[,;:.]\s|\s[-·•]\s|\s?[–—]{1,2}\s?")
_NO_NAME = re.compile(
    r"\W*(?:地[点址]|时间|[我咱]们|大家|欢迎|期待|请|届时|不见|也|[这那]|we\b|i\b|you\b|there\b|it\b|(?:please )?join\b|come\b|see\b|don't\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^\W*(?:(?:(?:the\s)?\w{1,12}\sedition\sof|the|our|an?|this|next|your|and|also|on|at|then|hosting)\s|本[次期场周月]|[这下]一?[次期场]|[上下]午|晚上?|原定[于在]?|由.{2,16}(?:主办|承办|组织|发起)的\s?|[两三四五]天的?|将[于在]|[的，、])+",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:\s(?:is|are|will|meets?|takes?|returns?|happens?|happening|starts?|begins?|goes|comes?|moves?|runs?|on|at|in|for|to|with|next|this|poster|itself|planned|scheduled|has|have)\b.*|(?<=.)(?:将|[将会][于在为]|[定订][于在]|安排在|就在|也?[于在来等邀]|\s?海报|也?欢迎|因|现场|和大家|[改延顺][到至为期]|推迟|调整).*)$",
    re.IGNORECASE,
)
_A_DAY = re.compile(r"\d\s?月\s?\d|\d\s?[日号点:：]")
_HAVE = re.compile(
    r"(?:\b(?:have|having|host|hosting|hold|holding|run|running|organi[sz]e)\s(?:our|an?|the|another)\s|(?:举办|举行|召开|带来|组织)(?:一[场次个]|第.{1,3}[场次届])?)([^，。；！？,.;!?（(]{2,30})"
)
_NO_TITLE = re.compile(
    rf"{TAKES_PART.pattern}|会议[号链]|入会|房间号|密码|^\W*直播间\W*$", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+")  # `the conference` is a word for it, no name
_NAMED = re.compile(
    r"((?:[A-Z0-9][\w+&'’.#-]*\s){1,5}|[^，。；！？、\s]{2,30}\s?)[（(][^（()）]*$"
)


def name_in(sentence: str, line: Line, when: When | None = None) -> str:
    """What a sentence calls the event: in its quotation marks, its link, in a piece, or as a whole.

    Args:
        sentence: all that is said.
        line: the line in which it stands.
        when: the day that the sentence tells.
    """
    said = called(sentence, line, when)
    return said.get("title") or said["lead"]


def called(sentence: str, line: Line, when: When | None = None) -> dict[str, str]:
    """As `name_in`: a `title`, or the whole sentence as what leads to the event."""
    pieces = _pieces(sentence, when) if when else ()
    told = (*_quoted(sentence, line), *pieces, *_said(sentence))
    title = next(iter(told), "")
    return {"title" if title else "lead": shortened(title or sentence.strip(MARKS), _MAX_TITLE)}


def bare(text: str) -> str:
    """A name without the words that lead to it and what is said of it."""
    text = _BEFORE.sub("", WEEKDAY.sub("", text).strip())
    return _BEHIND.sub("", text).strip(f"{MARKS}()（）~～")


def name_before(text: str) -> str:
    """The name of a gathering in front of the bracket that a text ends in, "" without one."""
    found = _NAMED.search(text)
    name = bare(found[1]) if found else ""
    return name if GATHERING.search(name) else ""


def _quoted(sentence: str, line: Line) -> Iterator[str]:
    if book := _BOOK.search(sentence):
        yield book[1]
    yield from (shown for shown, _ in line.links if _is_name(shown))


def _said(sentence: str) -> Iterator[str]:
    """What stands in quotation marks and is no single word."""
    yield from (found[1] for found in _QUOTED.finditer(sentence) if " " in found[1])
    yield from (found[1] for found in _SERIES.finditer(sentence))


def _is_name(shown: str) -> bool:
    """Whether the words of a link name a gathering, not the way to it: `on Meetup`."""
    leads = _WAY.match(shown) or _NO_TITLE.search(shown) or "://" in shown
    return bool(GATHERING.search(shown) and not leads)


def _is_called(name: str) -> bool:
    """Whether words name a gathering: one word for any of its kind is no name."""
    if GENERIC.fullmatch(name) or _WORD.fullmatch(name):
        return False
    found = GATHERING.search(name)
    return bool(found and not (name.isascii() and found[0] == name and " " not in name))


def _pieces(sentence: str, when: When) -> Iterator[str]:
    """Pieces of a sentence, between commas and beside its day, that name a gathering."""
    before, _, after = sentence.partition(when.phrase)
    if (opened := name_before(f"{before} ")) and ("(" in before or "（" in before):
        yield opened
    for had in _HAVE.finditer(sentence):
        if _is_called(name := bare(had[1])):
            yield name
    for piece in _PIECES.split(f"{before}{_CUT}{after}"):
        if (
            len(piece) > _MOST_TEXT
            or _A_DAY.search(piece)
            or _NO_NAME.match(piece)
            or _NO_TITLE.search(piece)
        ):
            continue
        name = bare(piece)
        if len(name) <= _MOST and _is_called(name) and not DECOY.search(name):
            yield name
