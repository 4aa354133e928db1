"""Where one line of text becomes several: at labels, signs and days behind soft line ends.

Pure.
"""

import re
from collections.abc import Iterator

from formatters.events.words import DATED, LABELS

_LONGEST = 8  # letters of a Chinese label
_FINGER = "👉"
_LONGEST_LABEL = 14  # letters before a finger that points
_NEXT_LABEL = re.compile(
    r"\s(?=[\W_]{0,3}([\w·/／]{2,16}|[\u4e00-\u9fff]\s[\u4e00-\u9fff])(?:(?:[（(][^）)\n]{1,12}[）)])?\s{0,2}[:：](?!//)|｜)|【(\w{2,8})】)"
)


_FIRST_LABEL = re.compile(r"[\W_]{0,4}([\w·/／]{2,16})\s{0,2}[:：](?!//)")
_NAMED = re.compile(r"[A-Z][\w'’-]*$")
_NAME = 20  # letters before a label
_NAMES = {"title", "topic"}
_UNKNOWN = re.compile(r"[A-Z][a-z]{3,11}|[\u4e00-\u9fff]{2,5}")
_SPACE = re.compile(r"\s")
_SIGNS = "📅📆🗓🕐-🕧⏰⏱📍🏠🔗🎟🎫📝✅☑✔👉📌🔹🔸▪•▍▎■◆▶►➤"
_NEXT_SIGN = re.compile(rf"\s(?=[{_SIGNS}])")
_PICTURES = "\u23e9-\u23fa\u25a0-\u25ff\u2600-\u27bf\U0001f300-\U0001faff"
_BY_PICTURES = re.compile(rf"\s{{0,3}}[{_PICTURES}]")
_NEXT_PICTURE = re.compile(rf"\s(?=[{_PICTURES}])")
_SIGNED = re.compile(rf"[{_SIGNS}]\ufe0f?\s*$")
_A_DAY = r"(?:20\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?"
_DAYS = (
    rf"(?:周\w\s?[（(]\s?)?{_A_DAY}(?:\s?[-–~至]\s?(?:\d{{1,2}}\s?[./月]\s?)?\d{{1,2}}\s?日?)?"
)
_DAY_LIST = re.compile(rf"\W{{0,3}}{_DAYS}\D")
_NEXT_DAY = re.compile(
    rf"(?:(?<![-–—~至到和、&\d])\s|\s(?=周))(?={_DAYS}\s?(?:[（(]\w{{1,3}}[）)]|周\w|[）)])?\s?(?:[|｜:：@]|全天|\d{{1,2}}[:：]\d\d))"
)


_STATION = rf"[\u4e00-\u9fff]{{2,8}}[站场]\s?[:：]?\s{_A_DAY}"
_STATIONS = re.compile(rf"\W{{0,3}}{_STATION}")
_NEXT_STATION = re.compile(rf"\s(?={_STATION})")


_MONTH_NAME = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_MONTH = rf"{_MONTH_NAME}\s\d{{1,2}}"
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s)?"
_DAY_NAME = rf"{_WEEKDAY}(?:{_MONTH}|{_A_DAY})\b"
_MANY = re.compile(rf"\W{{0,3}}{_DAY_NAME}")
_TOWN = r"(?:(?:San|New|Los|Saint|St\.?|Las|Den|Tel|Cape|Hong|Salt Lake)\s)?[A-Z\u00c0-\u00de][\w'’-]+"
_PLACED = rf"{_TOWN},\s{_WEEKDAY}(?:{_MONTH}|\d{{1,2}}\s{_MONTH_NAME})"
_MANY_PLACED = re.compile(rf"\W{{0,3}}{_PLACED}")
_NEXT_PLACED = re.compile(rf"\s(?={_PLACED})")
_NEXT_OF_MANY = re.compile(rf"\s[·•|｜/]\s(?={_DAY_NAME})")


def label_of(words: str) -> str:
    """Which label words are, in one language or in two: `时间/Time`, `Kiedy/When`."""
    tongues = (words, *(one.strip() for one in _TWO.split(words)))
    fits = (name for one in tongues for name, known in LABELS.items() if known.search(one))
    return next(fits, "")


_TWO = re.compile(
    r"[/／]|(?<=[\u4e00-\u9fff])\s(?=[A-Za-z])|(?<=[A-Za-z])\s(?=[\u4e00-\u9fff])"
)


def _is_label(name: str, before: str) -> bool:
    """Whether words before a colon are a label, and no sign stands for it already."""
    is_short = name[:1].isupper() if name.isascii() else len(name) <= _LONGEST
    known = DATED.search(name) or label_of(name)
    return bool(is_short and known and not _SIGNED.search(before))


def _labels(raw: str) -> Iterator[int]:
    """Where labels begin behind the first: of a run of known ones also those that are not.

    Not within a name, which may have a colon of its own: `主题：Meetup#9 杭州站：To Infinity`.
    """
    first = _FIRST_LABEL.match(raw)
    name = _SPACE.sub("", first[1]) if first else ""
    in_run, in_name = _is_label(name, ""), label_of(name) in _NAMES
    for found in _NEXT_LABEL.finditer(raw):
        name = _SPACE.sub("", found[1] or found[2])
        if DATED.search(name) and _NAMED.search(
            raw, max(0, found.start() - _NAME), found.start()
        ):
            continue  # `Hacker Space Night: 24 July` is a name as a whole
        if _is_label(name, raw[max(0, found.start() - 2) : found.end()]):
            in_name = label_of(name) in _NAMES
            yield found.end()
        elif in_run and not in_name and _UNKNOWN.fullmatch(name):
            yield found.end()


def cuts(raw: str) -> Iterator[int]:
    """Where the next line begins, of those that only soft line ends part.

    At a label, at a sign that stands for one, and at a day where also the first line has one.
    """
    found_at = set(_labels(raw))
    signs = {found.end() for found in _NEXT_SIGN.finditer(raw)}
    if len(signs) > 1 or _BY_PICTURES.match(raw):
        signs = {found.end() for found in _NEXT_PICTURE.finditer(raw)}
    found_at |= signs
    if _DAY_LIST.match(raw):
        found_at |= {found.end() for found in _NEXT_DAY.finditer(raw)}
    if _STATIONS.match(raw):
        found_at |= {found.end() for found in _NEXT_STATION.finditer(raw)}
    if _MANY.match(raw):
        found_at |= {found.end() for found in _NEXT_OF_MANY.finditer(raw)}
    if first := _MANY_PLACED.match(raw):
        found_at |= {found.end() for found in _NEXT_PLACED.finditer(raw, first.end())}
    begins = seen = 0
    for cut in sorted(found_at):
        points = raw[cut : cut + 1] == _FINGER and cut - begins <= _LONGEST_LABEL
        says = re.search(r"\w", raw[seen:cut])
        seen = begins if says else cut
        if points or not says:
            continue  # `RSVP 👉 ...` points at what the label is for, `📅 12/5` is one
        begins = seen = cut
        yield cut
