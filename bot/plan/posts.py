"""Which posts are announced, which wait, which stay out, and why.

Pure. A reason does not change from round to round while nothing changes, so it can be stored.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.posts import Absence, Decision, Entry, Known, PostState, Role
from bot.plan.absences import of_the_missed, was_missed
from bot.reasons import key_of, reason
from config.settings import PublishSettings

GONE = reason("gone")
SETTLES = "settle"
"""Key of the reason of a post that was changed a moment ago."""
LISTED = 10
"""Posts that a reason names before it only counts."""


def decide(
    entries: Sequence[Entry],
    *,
    newest: datetime | None,
    publish: PublishSettings,
    now: datetime,
    told: Collection[str] = (),
    away: Absence | None = None,
) -> tuple[Decision, ...]:
    """Decide on the undecided posts of one source.

    A draft, a future-dated post and one that was changed a moment ago wait; an expired one and an
    event's page stay out. What the first look found is history, but for the newest if the
    settings say so. What came out while nobody looked is caught up with, once all of it is at rest.
    Of the rest, too many at once are held, and so is a late one that is not the newest.

    Args:
        entries: all undecided posts of the source, oldest first.
        newest: the latest date among the posts of the source that were decided before.
        publish: the operator's choice.
        now: aware, UTC.
        told: revisions of the source's announced posts: the same text again is no news.
        away: the last time in which nobody looked at the source.

    Returns:
        One decision for each entry, in their order; UNDECIDED tells what a post waits for.
    """
    settled = {entry.id: _by_itself(entry, publish, now) for entry in entries}
    open_ones = [entry for entry in entries if settled[entry.id] is None]
    history = [entry for entry in open_ones if _is_history(entry)]
    again = [e for e in open_ones if not _is_history(e) and e.revision in told]
    news = [e for e in open_ones if not _is_history(e) and e.revision not in told]
    meanwhile = {entry.id for entry in entries if was_missed(entry, away)}
    missed = [e for e in news if e.id in meanwhile]
    fresh = [e for e in news if e.id not in meanwhile]
    moving = [e for e in entries if e.id in meanwhile and _moves(settled[e.id])]
    together = {
        decision.post: decision
        for decision in (
            *_baseline(history, newest, publish),
            *(_decision(entry, PostState.HELD, reason("again")) for entry in again),
            *(
                _at_rest_with(moving, missed, publish)
                or of_the_missed(missed, publish.catch_up)
            ),
            *_fresh(fresh, newest, publish, now),
        )
    }
    return tuple(settled[entry.id] or together[entry.id] for entry in entries)


def gone(post: Known) -> Decision:
    """The decision on a post whose file is gone: it waits, and what is sent stays.

    Nobody needs to be told of history that is tidied up.
    """
    waits = post.state in {PostState.UNDECIDED, PostState.HELD}
    return Decision(
        post.id,
        PostState.HELD if waits else post.state,
        GONE if waits else post.reason,
        was=post.state,
        ask=waits or post.state is PostState.ANNOUNCED,
    )


def back(post: Known) -> Decision:
    """The decision on a post whose file is there again: one that waited is looked at anew."""
    waited = post.state is PostState.HELD and post.reason == GONE
    return Decision(
        post.id,
        PostState.UNDECIDED if waited else post.state,
        reason("back") if waited else post.reason,
        was=post.state,
    )


def not_composed(entry: Entry, error: str) -> Decision:
    """The decision on a post that no message could be made of.

    Args:
        entry: the post.
        error: what went wrong, a few words.
    """
    return _decision(entry, PostState.HELD, reason("not-composed", error=error))


def says_more(decision: Decision, entry: Entry) -> bool:
    """Whether a decision tells anything that the archive does not say already."""
    return (decision.state, decision.reason) != (entry.state, entry.reason)


def _by_itself(entry: Entry, publish: PublishSettings, now: datetime) -> Decision | None:
    """What one post alone decides, None if it can go out."""
    out = _stays_out(entry, now)
    if out is not None:
        return _decision(entry, PostState.SKIPPED, out)
    waits = _waits(entry, publish, now)
    return None if waits is None else _decision(entry, PostState.UNDECIDED, waits)


def _stays_out(entry: Entry, now: datetime) -> str | None:
    if entry.role is Role.EVENTS:
        return reason("event-page")
    if entry.expires is not None and entry.expires <= now:
        return reason("expired", moment=entry.expires)
    return None


def _waits(entry: Entry, publish: PublishSettings, now: datetime) -> str | None:
    if entry.draft:
        return reason("draft")
    if entry.date is not None and entry.date > now:
        return reason("date", moment=entry.date)
    if not _is_history(entry) and _settled_at(entry, publish) > now:
        return reason(SETTLES, moment=_settled_at(entry, publish))
    return None


def _settled_at(entry: Entry, publish: PublishSettings) -> datetime:
    return max(entry.first_seen, entry.changed_at) + publish.settle


def _moves(decision: Decision | None) -> bool:
    """Whether a post waits for nothing but that it stays as it is for a while."""
    return decision is not None and key_of(decision.reason) == SETTLES


def _at_rest_with(
    moving: Sequence[Entry], missed: Sequence[Entry], publish: PublishSettings
) -> list[Decision]:
    """What was missed waits for all that still moves of it: the latest may be among that."""
    if not moving:
        return []
    words = reason(SETTLES, moment=max(_settled_at(one, publish) for one in moving))
    return [_decision(entry, PostState.UNDECIDED, words) for entry in missed]


def _is_history(entry: Entry) -> bool:
    """Whether the first look found it as it is now, for readers to see.

    A draft that is published later, and a post whose date came later, are news.
    """
    visible = entry.date is None or entry.date <= entry.first_seen
    return entry.first_run and visible and entry.changed_at == entry.first_seen


def _baseline(
    history: Sequence[Entry], newest: datetime | None, publish: PublishSettings
) -> Iterable[Decision]:
    """History stays unsaid, but for the latest of the first look: it is announced, or offered."""
    latest = max(history, key=_age, default=None) if newest is None else None
    for entry in history:
        if entry is not latest:
            yield _decision(entry, PostState.SKIPPED, reason("before-first"))
        elif publish.baseline == "latest":
            yield _decision(entry, PostState.ANNOUNCED, reason("newest-at-first"))
        else:
            words = reason("offered", count=len(history))
            yield replace(_decision(entry, PostState.SKIPPED, words), ask=True)


def _fresh(
    fresh: Sequence[Entry], newest: datetime | None, publish: PublishSettings, now: datetime
) -> Iterable[Decision]:
    if len(fresh) > publish.breaker:
        words = _too_many(fresh, publish.breaker)
        return [_decision(entry, PostState.HELD, words) for entry in fresh]
    dates = [entry.date for entry in fresh if entry.date is not None]
    latest = max([*dates, *([newest] if newest else [])], default=None)
    return [_announced_or_late(entry, latest, publish.late_after, now) for entry in fresh]


def _announced_or_late(
    entry: Entry, latest: datetime | None, late_after: timedelta | None, now: datetime
) -> Decision:
    late = (
        late_after is not None
        and entry.date is not None
        and now - entry.date > late_after
        and entry.date != latest
    )
    if late and entry.date is not None:
        return _decision(entry, PostState.HELD, reason("late", moment=entry.date))
    return _decision(entry, PostState.ANNOUNCED, reason("new"))


def _too_many(fresh: Sequence[Entry], breaker: int) -> str:
    return reason(
        "breaker",
        count=len(fresh),
        breaker=breaker,
        names=", ".join(entry.path for entry in fresh[:LISTED]),
        more=max(len(fresh) - LISTED, 0),
    )


def _age(entry: Entry) -> tuple[bool, datetime, str]:
    return (entry.date is not None, entry.date or entry.first_seen, entry.path)


def _decision(entry: Entry, state: PostState, words: str) -> Decision:
    ask = state is PostState.HELD
    return Decision(entry.id, state, words, was=PostState.UNDECIDED, ask=ask)
