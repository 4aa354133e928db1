"""Gatherings joined from announcements, as they are to be recorded.

Pure. A recorded gathering keeps its name whatever becomes of the posts that announce it; what
maintainers say of it goes before what posts say.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.agenda import (
    CALENDAR_FILE,
    CORRECTABLE,
    Correction,
    Gathering,
    GatheringState,
    Unjoined,
)
from bot.model.ids import PostId
from bot.plan.gatherings import gatherings, hashed, over_at
from bot.plan.likeness import alike, same


def joined(unjoined: Unjoined, now: datetime) -> tuple[Gathering, ...]:
    """Join what is announced.

    Args:
        unjoined: the announcements, and what is recorded.
        now: when this is; what changes has changed then.

    Returns:
        Gatherings that are new, that have changed, or that nobody announces any more.
    """
    recorded = {one.uid: one for one in unjoined.recorded}
    named = tuple(_named(gatherings(unjoined.announcements), unjoined.recorded))
    found = corrected(named, unjoined.corrections, recorded)
    current = {one.uid for one in found}
    vouched = {one.uid for one in unjoined.corrections}
    gone = (
        replace(one, state=GatheringState.WITHDRAWN)
        for one in unjoined.recorded
        if one.uid not in current | vouched and not _is_history(one, now)
    )
    within = (one for one in found if _is_within(one, unjoined.since))
    changed = (_changed(one, recorded.get(one.uid), now) for one in (*within, *gone))
    return tuple(one for one in changed if one != recorded.get(one.uid))


def corrected(
    found: Sequence[Gathering],
    corrections: Sequence[Correction],
    recorded: Mapping[str, Gathering],
) -> tuple[Gathering, ...]:
    """Gatherings as maintainers say they are, and those that they have added.

    One that was added and is announced later is one; whichever was there first names it.
    """
    result = {one.uid: one for one in found}
    for correction in corrections:
        meant = result.get(correction.uid) or _announced(correction, result)
        if meant is None and correction.added:
            meant = Gathering(
                correction.uid, correction.meetup, (), posted=correction.at, by_hand=True
            )
        if meant is not None:
            result.pop(meant.uid, None)
            uid = meant.uid if meant.uid in recorded else correction.uid
            result[uid] = _as_said(replace(meant, uid=uid), correction)
    return tuple(result.values())


def _announced(correction: Correction, found: Mapping[str, Gathering]) -> Gathering | None:
    """The gathering that posts announce and that was added by hand as well."""
    if not correction.added or correction.meetup.start is None:
        return None
    return next((one for one in found.values() if same(one.meetup, correction.meetup)), None)


def _as_said(one: Gathering, correction: Correction) -> Gathering:
    said = {
        name: getattr(correction.meetup, name)
        for name in CORRECTABLE
        if name in correction.fields or correction.added
    }
    state = GatheringState.CANCELLED if correction.cancelled else one.state
    return replace(one, meetup=replace(one.meetup, **said), state=state)


# ------------------------------------------------------------------ names


def _named(found: Sequence[Gathering], recorded: Sequence[Gathering]) -> Iterator[Gathering]:
    """Gatherings under the names that they are recorded with, whatever was edited since."""
    names = _known_names(found, recorded)
    taken = set(names.values())
    for number, one in enumerate(found):
        name = names.get(number) or _unlike(one.uid, taken)
        taken.add(name)
        yield replace(one, uid=name)


def _known_names(
    found: Sequence[Gathering], recorded: Sequence[Gathering]
) -> Mapping[int, str]:
    """Place in `found` -> name; the surest signs first, each name once."""
    told_by: dict[PostId, list[Gathering]] = {}
    for one in recorded:
        for post in one.sources:
            told_by.setdefault(post, []).append(one)
    names: dict[int, str] = {}
    free = {one.uid for one in recorded}
    for is_same in (_stands, _is_called, _reads_alike, _begins):
        for number, one in enumerate(found):
            near = (other for post in one.sources for other in told_by.get(post, ()))
            known = (other.uid for other in near if other.uid in free and is_same(one, other))
            if number not in names and (uid := next(known, None)):
                names[number] = uid
                free.remove(uid)
    return names


def _stands(one: Gathering, other: Gathering) -> bool:
    return _begins(one, other) and _reads_alike(one, other)


def _is_called(one: Gathering, other: Gathering) -> bool:
    return one.uid == other.uid


def _reads_alike(one: Gathering, other: Gathering) -> bool:
    return one.meetup.title == other.meetup.title or alike(one.meetup.title, other.meetup.title)


def _begins(one: Gathering, other: Gathering) -> bool:
    return one.meetup.start == other.meetup.start


def _unlike(uid: str, taken: Collection[str]) -> str:
    """A name that no other gathering has."""
    while uid in taken:
        uid = hashed(uid)
    return uid


# ------------------------------------------------------------------ what has changed


def _is_history(one: Gathering, now: datetime) -> bool:
    """Whether it is over, and only calendars told of it: they drop what is over."""
    over = over_at(one.meetup)
    by_calendars = all(post.endswith(CALENDAR_FILE) for post in one.sources)
    return by_calendars and over is not None and over <= now


def _is_within(one: Gathering, since: datetime) -> bool:
    over = over_at(one.meetup)
    return over is None or over > since


def _changed(one: Gathering, before: Gathering | None, now: datetime) -> Gathering:
    """A gathering with what it was before: numbered, dated, and from where it was moved."""
    if before is None:
        return replace(one, changed_at=now)
    is_news = _told(one) != _told(before)
    differs = is_news or (one.meetup, one.sources) != (before.meetup, before.sources)
    return replace(
        one,
        moved_from=_moved_from(one, before),
        posted=max(filter(None, (one.posted, before.posted)), default=None),
        sequence=before.sequence + is_news,
        changed_at=now if differs else before.changed_at,
    )


def _told(one: Gathering) -> tuple[object, ...]:
    """What a calendar shows of a gathering, and is updated for."""
    meetup = one.meetup
    moments = (moment and moment.isoformat() for moment in (meetup.start, meetup.end))
    return (one.state, meetup.title, meetup.place, meetup.all_day, *moments)


def _moved_from(one: Gathering, before: Gathering) -> datetime | None:
    if None not in {before.meetup.start, one.meetup.start} and not _begins(one, before):
        return before.meetup.start
    return before.moved_from or one.moved_from
