"""Whether two announcements read as if they meant one gathering.

Pure.
"""

import re
from functools import lru_cache

from bot.model.posts import Meetup

_ALIKE = 0.5  # of the shorter title's pieces are in the longer one
_NAME = 6  # letters of a word that is more likely a name than not

_SERIES = re.compile(r"([\w·-]*[^\W\d_])\s?[#＃]\s?(\d{1,4})|第\s?(\d{1,4})\s?[期届场]")
_LETTERS = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")
_COMMON = re.compile(
    r"活动|会议|社区|直播|预告|报名|推荐|线上|线下|meetup|webinar|event|online|virtual|会|站|期|主题|分享|本期|我们|将在|见|月|日|年",
    re.IGNORECASE,
)
_QUERY = re.compile(r"[?#].*$")


def same(one: Meetup, other: Meetup) -> bool:
    """Whether two announcements for one day mean one gathering.

    Numbers of a series decide; else the hour and where to register, the place or the title.
    """
    if surely_same(one, other):
        return True
    is_open = _same_time(one, other) and not sameseries_of(one, other)
    return is_open and (
        _place_alike(one, other) or _is_vague(one, other) or _shares_a_name(one, other)
    )


def surely_same(one: Meetup, other: Meetup) -> bool:
    """Whether number, address or title say so."""
    if not _same_time(one, other):
        return False
    if sameseries_of(one, other):
        return series_of(one.title) == series_of(other.title)
    if one.register_url and page_of(one.register_url) == page_of(other.register_url):
        return True
    return alike(one.title, other.title)


def sameseries_of(one: Meetup, other: Meetup) -> bool:
    """Whether both have a number of one series."""
    a, b = series_of(one.title), series_of(other.title)
    return bool(a and b and a[0] == b[0])


def _same_time(one: Meetup, other: Meetup) -> bool:
    if _is_long(one) or _is_long(other):
        return (day_of(one), one.end and one.end.date()) == (
            day_of(other),
            other.end and other.end.date(),
        )
    if one.all_day or other.all_day:
        return day_of(one) == day_of(other)
    return one.start == other.start


def _is_long(meetup: Meetup) -> bool:
    return meetup.all_day and bool(meetup.end and meetup.start and meetup.end > meetup.start)


def day_of(meetup: Meetup) -> str:
    """The day of a meetup, "" without one."""
    return meetup.start.isoformat()[:10] if meetup.start else ""


def series_of(title: str) -> tuple[str, int] | None:
    """The name and number of an event of a series: `SOFAChannel#12`."""
    found = _SERIES.search(title)
    if not found:
        return None
    return ((found[1] or "").casefold(), int(found[2] or found[3]))


def page_of(url: str) -> str:
    """An address without what says where its reader came from."""
    return _QUERY.sub("", url).rstrip("/")


@lru_cache(maxsize=4096)
def _pieces(text: str) -> frozenset[str]:
    """Words, and pairs of Chinese letters, without those that say nothing."""
    plain = _COMMON.sub(" ", text.casefold())
    words = {word for word in _LETTERS.findall(_CJK.sub(" ", plain)) if len(word) > 1}
    return frozenset(words) | {
        run[i : i + 2] for run in _CJK.findall(plain) for i in range(len(run) - 1)
    }


def alike(one: str, other: str) -> bool:
    """Whether two titles mostly say the same."""
    a, b = _pieces(one), _pieces(other)
    return bool(a and b) and len(a & b) >= _ALIKE * min(len(a), len(b))


def _place_alike(one: Meetup, other: Meetup) -> bool:
    a, b = (re.sub(r"\W", "", meetup.place).casefold() for meetup in (one, other))
    if a and b:
        return (a in b or b in a) and not (one.all_day and other.all_day)
    told = _pieces(f"{one.title} {one.place}") & _pieces(f"{other.title} {other.place}")
    return bool(told) and one.all_day != other.all_day


def _is_vague(one: Meetup, other: Meetup) -> bool:
    """Whether one of two at the same minute, of the same kind, has no name of its own."""
    if one.all_day or other.all_day or one.kind != other.kind or one.online != other.online:
        return False
    return min(len(_pieces(one.title)), len(_pieces(other.title))) <= 1


def _shares_a_name(one: Meetup, other: Meetup) -> bool:
    """Whether two broadcasts of one minute are about a thing of one name, in whatever words."""
    is_told_alike = one.kind == other.kind and one.online and other.online
    if one.all_day or other.all_day or not is_told_alike or (one.place and other.place):
        return False
    names = _pieces(one.title) & _pieces(other.title)
    return any(len(name) >= _NAME and not _CJK.match(name) for name in names)
