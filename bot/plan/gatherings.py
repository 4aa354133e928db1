"""Which announcements mean one gathering, and what is known of it from all of them.

Pure. A weekly announces what has a page of its own, and announces it again a week later.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from bot.agenda import Announcement, Gathering, GatheringState
from bot.model.ids import PostId
from bot.model.posts import Meetup

__all__ = ["Announcement", "Gathering", "alike", "gatherings", "over_at", "same"]

_WITHIN = timedelta(days=120)  # between an announcement and the next one of a moved gathering
_ALIKE = 0.5  # of the shorter title's pieces are in the longer one
_NAME = 6  # letters of a word that is more likely a name than not
_MOST = 60  # gatherings of one day that an announcement is compared with
LASTS = timedelta(hours=3)
"""How long a meetup without an end is taken to last: ours, from the usual evening."""

_SERIES = re.compile(r"([\w·-]*[^\W\d_])\s?[#＃]\s?(\d{1,4})|第\s?(\d{1,4})\s?[期届场]")
_LETTERS = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")
_COMMON = re.compile(
    r"活动|会议|社区|直播|预告|报名|推荐|线上|线下|meetup|webinar|event|online|virtual|会|站|期|主题|分享|本期|我们|将在|见|月|日|年",
    re.IGNORECASE,
)
_QUERY = re.compile(r"[?#].*$")


def gatherings(announcements: Iterable[Announcement]) -> tuple[Gathering, ...]:
    """Join announcements, soonest gathering first, undated ones last.

    Args:
        announcements: in any order.
    """
    ordered = sorted(announcements, key=lambda one: (one.posted, one.meetup.post))
    dated = [_gathering(group) for group in _moved(_of_a_day(ordered))]
    dated.sort(key=lambda one: (one.meetup.start, one.uid))
    return tuple(_each_named((*dated, *_undated(ordered, dated))))


def over_at(meetup: Meetup) -> datetime | None:
    """When a meetup is over: its end, the end of its last day, or some hours after its start."""
    last = meetup.end or meetup.start
    if last is None:
        return None
    if meetup.all_day:
        midnight = last.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return midnight + timedelta(days=1)
    return meetup.end or last + LASTS


def _of_a_day(ordered: Sequence[Announcement]) -> list[list[Announcement]]:
    """Groups of announcements that mean one gathering on one day."""
    groups: list[list[Announcement]] = []
    by_day: dict[str, list[int]] = {}
    for one in ordered:
        if one.meetup.start is None:
            continue
        day = by_day.setdefault(_day(one.meetup), [])
        near = day[-_MOST:]
        home = next((n for n in near if _is_surely_among(one, groups[n])), None)
        if home is None:
            home = next((n for n in near if _is_among(one, groups[n])), None)
        if home is None:
            home = len(groups)
            groups.append([])
            day.append(home)
        groups[home].append(one)
    return groups


def _is_surely_among(one: Announcement, group: Sequence[Announcement]) -> bool:
    return any(_surely_same(one.meetup, other.meetup) for other in group)


def _is_among(one: Announcement, group: Sequence[Announcement]) -> bool:
    """Whether a group may mean the same; what one post tells apart is not joined for want of a name."""
    told_apart = any(one.meetup.post == other.meetup.post for other in group)
    return not told_apart and any(same(one.meetup, other.meetup) for other in group)


def same(one: Meetup, other: Meetup) -> bool:
    """Whether two announcements for one day mean one gathering.

    Numbers of a series decide; else the hour and where to register, the place or the title.
    """
    if _surely_same(one, other):
        return True
    is_open = _same_time(one, other) and not _same_series(one, other)
    return is_open and (
        _place_alike(one, other) or _is_vague(one, other) or _shares_a_name(one, other)
    )


def _surely_same(one: Meetup, other: Meetup) -> bool:
    """Whether number, address or title say so."""
    if not _same_time(one, other):
        return False
    if _same_series(one, other):
        return _series(one.title) == _series(other.title)
    if one.register_url and _page(one.register_url) == _page(other.register_url):
        return True
    return alike(one.title, other.title)


def _same_series(one: Meetup, other: Meetup) -> bool:
    """Whether both have a number of one series."""
    a, b = _series(one.title), _series(other.title)
    return bool(a and b and a[0] == b[0])


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
    ahead = [one for one in told if not one.meetup.recap] or told
    first, latest = told[0], ahead[-1]
    current = [one for one in told if _day(one.meetup) == _day(latest.meetup)]
    best = max(
        current,
        key=lambda one: (
            one.own_page,
            not one.meetup.recap,
            not one.meetup.all_day,
            one.posted,
        ),
    ).meetup
    for other in (one.meetup for one in reversed(current)):
        best = _filled(best, other)
    moved = _day(first.meetup) != _day(latest.meetup)
    off = latest.meetup.cancelled or any(
        one.own_page and one.meetup.cancelled for one in current
    )
    return Gathering(
        uid=_uid(first.meetup),
        meetup=best,
        sources=_sources(told),
        moved_from=first.meetup.start if moved else None,
        posted=told[-1].posted,
        state=GatheringState.CANCELLED if off else GatheringState.ON,
    )


def _sources(told: Sequence[Announcement]) -> tuple[PostId, ...]:
    return tuple(dict.fromkeys(one.meetup.post for one in told))


def _filled(one: Meetup, other: Meetup) -> Meetup:
    """What is left open in one told by another."""
    return replace(
        one,
        end=one.end or (other.end if one.all_day == other.all_day else None),
        place=one.place or other.place,
        register_url=one.register_url or other.register_url,
        url=one.url or other.url,
        live_url=one.live_url or other.live_url,
        replay_url=one.replay_url or other.replay_url,
        speakers=one.speakers or other.speakers,
        image=one.image or other.image,
        recap=one.recap and other.recap,
    )


def _undated(
    ordered: Sequence[Announcement], dated: Sequence[Gathering]
) -> Iterator[Gathering]:
    """What is announced without a date, each once, unless another post tells the date."""
    groups: list[list[Announcement]] = []
    for one in ordered:
        title = one.meetup.title
        if one.meetup.start or any(_tells(other, one) for other in dated):
            continue
        home = next((g for g in groups[-_MOST:] if alike(title, g[0].meetup.title)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    yield from map(_gathering, groups)


def _tells(dated: Gathering, undated: Announcement) -> bool:
    """Whether a dated gathering is what an announcement without a date means."""
    meetup, told = dated.meetup, undated.posted
    return (
        meetup.start is not None
        and told - _WITHIN <= meetup.start <= told + _WITHIN
        and alike(meetup.title, undated.meetup.title)
    )


def _uid(first: Meetup) -> str:
    """From the first announcement: later ones, and changes of its date, leave it alone."""
    return hashed(first.post, *_LETTERS.findall(first.title.casefold()))


def _each_named(found: Iterable[Gathering]) -> Iterator[Gathering]:
    """Each with a name of its own: one post may announce a title for several days."""
    times: dict[str, int] = {}
    for one in found:
        number = times[one.uid] = times.get(one.uid, 0) + 1
        yield one if number == 1 else replace(one, uid=hashed(one.uid, str(number)))


def hashed(*words: str) -> str:
    """A short name made of words, the same on every machine."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:24]
