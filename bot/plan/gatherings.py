"""Which announcements mean one gathering, and what is known of it from all of them.

Pure. A weekly announces what has a page of its own, and announces it again a week later.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model import Meetup, PostId

_WITHIN = timedelta(days=120)  # between an announcement and the next one of a moved gathering
_ALIKE = 0.5  # of the shorter title's pieces are in the longer one
_MOST = 60  # gatherings of one day that an announcement is compared with

_SERIES = re.compile(r"([\w·-]*[^\W\d_])\s?[#＃]\s?(\d{1,4})|第\s?(\d{1,4})\s?[期届场]")
_LETTERS = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")
_COMMON = re.compile(
    r"活动|会议|社区|直播|预告|报名|推荐|线上|线下|meetup|webinar|event|online|virtual|会|站|期|主题|分享|本期|我们|将在|见|月|日|年",
    re.IGNORECASE,
)
_QUERY = re.compile(r"[?#].*$")


@dataclass(frozen=True, slots=True)
class Announcement:
    """One telling of a meetup. `posted` is when its post was published, aware UTC.

    `own_page` tells that the post is about this event alone: it knows best.
    """

    meetup: Meetup
    posted: datetime
    own_page: bool = False


@dataclass(frozen=True, slots=True)
class Gathering:
    """One real event.

    `uid` stays when it is announced again, moved or told in other words. `meetup` joins what all
    announcements know, the latest date counting. `sources` are the posts, first announcement
    first. `moved_from` is the start that was told before, None if it was not moved.
    """

    uid: str
    meetup: Meetup
    sources: tuple[PostId, ...]
    moved_from: datetime | None = None


def gatherings(announcements: Iterable[Announcement]) -> tuple[Gathering, ...]:
    """Join announcements, soonest gathering first, undated ones left out.

    Args:
        announcements: in any order.
    """
    ordered = sorted(announcements, key=lambda one: (one.posted, one.meetup.post))
    groups: list[list[Announcement]] = []
    by_day: dict[str, list[int]] = {}
    for one in ordered:
        if one.meetup.start is None:
            continue
        day = by_day.setdefault(_day(one.meetup), [])
        home = next(
            (
                n
                for n in day[-_MOST:]
                if any(same(one.meetup, other.meetup) for other in groups[n])
            ),
            None,
        )
        if home is None:
            home = len(groups)
            groups.append([])
            day.append(home)
        groups[home].append(one)
    found = [_gathering(group) for group in _moved(groups)]
    return tuple(
        sorted(found, key=lambda one: (one.meetup.start is None, one.meetup.start, one.uid))
    )


def same(one: Meetup, other: Meetup) -> bool:
    """Whether two announcements for one day mean one gathering.

    Numbers of a series decide; else the hour and where to register, the place or the title.
    """
    if not _same_time(one, other):
        return False
    a, b = _series(one.title), _series(other.title)
    if a and b and a[0] == b[0]:
        return a == b
    if one.register_url and _page(one.register_url) == _page(other.register_url):
        return True
    if _alike(one.title, other.title) or _place_alike(one, other):
        return True
    return _is_vague(one, other)


def _same_time(one: Meetup, other: Meetup) -> bool:
    if _is_long(one) or _is_long(other):
        return (_day(one), one.end and one.end.date()) == (
            _day(other),
            other.end and other.end.date(),
        )
    if one.all_day or other.all_day:
        return _day(one) == _day(other)
    return one.start == other.start


def _is_long(meetup: Meetup) -> bool:
    return meetup.all_day and bool(meetup.end and meetup.start and meetup.end > meetup.start)


def _day(meetup: Meetup) -> str:
    return meetup.start.isoformat()[:10] if meetup.start else ""


def _series(title: str) -> tuple[str, int] | None:
    """The name and number of an event of a series: `SOFAChannel#12`."""
    found = _SERIES.search(title)
    if not found:
        return None
    return ((found[1] or "").casefold(), int(found[2] or found[3]))


def _page(url: str) -> str:
    return _QUERY.sub("", url).rstrip("/")


def _pieces(text: str) -> frozenset[str]:
    """Words, and pairs of Chinese letters, without those that say nothing."""
    plain = _COMMON.sub(" ", text.casefold())
    words = {word for word in _LETTERS.findall(_CJK.sub(" ", plain)) if len(word) > 1}
    return frozenset(words) | {
        run[i : i + 2] for run in _CJK.findall(plain) for i in range(len(run) - 1)
    }


def _alike(one: str, other: str) -> bool:
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


# ------------------------------------------------------------------ moved


def _moved(groups: Sequence[list[Announcement]]) -> Iterator[list[Announcement]]:
    """Join groups of one numbered gathering that was told for another day later."""
    kept: list[list[Announcement]] = []
    named: dict[str, list[Announcement]] = {}
    for group in groups:
        name = next((found for one in group if (found := _lasting(one.meetup))), "")
        known = named.get(name) if name else None
        if known and group[0].posted - known[-1].posted <= _WITHIN:
            known.extend(group)
        else:
            kept.append(group)
            named[name] = group
    yield from kept


def _lasting(meetup: Meetup) -> str:
    """What a gathering keeps when it is moved, "" where its name may be that of many."""
    series = _series(meetup.title)
    return f"{series[0]}#{series[1]}" if series and series[0] else ""


# ------------------------------------------------------------------ what is known


def _gathering(group: Sequence[Announcement]) -> Gathering:
    told = sorted(group, key=lambda one: (one.posted, one.own_page))
    first, latest = told[0], told[-1]
    current = [one for one in told if _day(one.meetup) == _day(latest.meetup)]
    best = max(
        current, key=lambda one: (one.own_page, not one.meetup.all_day, one.posted)
    ).meetup
    for other in (one.meetup for one in reversed(current)):
        best = _filled(best, other)
    sources = tuple(dict.fromkeys(one.meetup.post for one in told))
    moved = first.meetup.start if _day(first.meetup) != _day(latest.meetup) else None
    return Gathering(_uid(first.meetup), best, sources, moved)


def _filled(one: Meetup, other: Meetup) -> Meetup:
    """What is left open in one told by another."""
    return replace(
        one,
        end=one.end or (other.end if one.all_day == other.all_day else None),
        place=one.place or other.place,
        register_url=one.register_url or other.register_url,
        url=one.url or other.url,
    )


def _uid(first: Meetup) -> str:
    """From the first announcement: later ones, and changes of its date, leave it alone."""
    name = _LETTERS.findall(first.title.casefold())
    return hashlib.sha256("\0".join((first.post, *name)).encode()).hexdigest()[:24]
