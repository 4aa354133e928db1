"""Which announcements mean one gathering, and what is known of it from all of them.

Pure. A weekly announces what has a page of its own, and announces it again a week later.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.agenda import Announcement, Gathering, GatheringState
from bot.model.ids import PostId
from bot.model.posts import Meetup
from bot.plan.likeness import alike, day_of, page_of, same, series_of, surely_same

__all__ = ["Announcement", "Gathering", "gatherings", "over_at"]

_WITHIN = timedelta(days=120)  # between an announcement and the next one of a moved gathering
_MOST = 60  # gatherings of one day that an announcement is compared with
LASTS = timedelta(hours=3)
"""How long a meetup without an end is taken to last: ours, from the usual evening."""

_LETTERS = re.compile(r"[^\W_]+")


def gatherings(announcements: Iterable[Announcement]) -> tuple[Gathering, ...]:
    """Join announcements, soonest gathering first, undated ones last.

    Args:
        announcements: in any order.
    """
    ordered = sorted(announcements, key=lambda one: (one.posted, one.meetup.post))
    dated = [_gathering(group) for group in _moved(_of_aday_of(ordered))]
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


def _of_aday_of(ordered: Sequence[Announcement]) -> list[list[Announcement]]:
    """Groups of announcements that mean one gathering on one day."""
    groups: list[list[Announcement]] = []
    by_day: dict[str, list[int]] = {}
    for one in ordered:
        if one.meetup.start is None:
            continue
        day = by_day.setdefault(day_of(one.meetup), [])
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
    return any(surely_same(one.meetup, other.meetup) for other in group)


def _is_among(one: Announcement, group: Sequence[Announcement]) -> bool:
    """Whether a group may mean the same; what one post tells apart is not joined for want of a name."""
    told_apart = any(one.meetup.post == other.meetup.post for other in group)
    return not told_apart and any(same(one.meetup, other.meetup) for other in group)


# ------------------------------------------------------------------ moved


def _moved(groups: Sequence[list[Announcement]]) -> Iterator[list[Announcement]]:
    """Join groups of one gathering that was told for another day later."""
    kept: list[list[Announcement]] = []
    named: dict[str, list[Announcement]] = {}
    for group in groups:
        names = tuple(_names(group))
        known = next(
            (one for n in names if (one := named.get(n)) and _may_move(n, one, group)), None
        )
        if known:
            known.extend(group)
        else:
            kept.append(group)
        named |= dict.fromkeys(names, known or group)
    yield from kept


def _names(group: Sequence[Announcement]) -> Iterator[str]:
    """What a gathering keeps when it is moved: its number in a series, or its own page."""
    series = next((found for one in group if (found := _lasting(one.meetup))), "")
    if series:
        yield series
        return
    pages = dict.fromkeys(page_of(one.meetup.register_url) for one in group)
    yield from (page for page in pages if _is_of_one(page))


def _is_of_one(page: str) -> bool:
    """Whether an address looks like the page of one event: numbered, and no room of many."""
    host = page.partition("//")[2].partition("/")[0]
    return bool(_NUMBERED.search(page.rpartition("/")[2])) and not _ROOM.search(host)


def _may_move(name: str, known: Sequence[Announcement], group: Sequence[Announcement]) -> bool:
    """Whether what was announced may stand for another day now.

    Without a number it must still have lain ahead, be told no more for its old day, and be
    called the same: a page may be that of many, a title that of every month.
    """
    before, first = known[-1], group[0]
    if first.posted - before.posted > _WITHIN:
        return False
    if "://" not in name:
        return True
    posts = {one.meetup.post for one in known}
    old = before.meetup.start
    return (
        old is not None
        and before.posted < first.posted < old
        and not any(one.meetup.post in posts for one in group)
        and alike(before.meetup.title, first.meetup.title)
    )


_NUMBERED = re.compile(r"\d{3}")
_ROOM = re.compile(r"\b(?:zoom|meet|meeting|teams|live|vc)\b")


def _lasting(meetup: Meetup) -> str:
    """What a numbered gathering keeps, "" where its name may be that of many."""
    series = series_of(meetup.title)
    return f"{series[0]}#{series[1]}" if series and series[0] else ""


# ------------------------------------------------------------------ what is known


def _gathering(group: Sequence[Announcement]) -> Gathering:
    told = sorted(group, key=lambda one: (one.posted, one.own_page))
    ahead = [one for one in told if not one.meetup.recap] or told
    first, latest = told[0], ahead[-1]
    current = [one for one in told if day_of(one.meetup) == day_of(latest.meetup)]
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
    moved = day_of(first.meetup) != day_of(latest.meetup)
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
