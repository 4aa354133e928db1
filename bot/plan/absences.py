"""What was published while nobody looked, and what of it the channels get.

Pure. It is no flood of old files: readers of the site have seen it come, week by week.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.model.posts import Absence, Decision, Entry, PostState, Shelf
from bot.plan.pausing import LATE, MISSED, Policy
from bot.reasons import reason

TOGETHER = reason("together")
"""Why a post is announced by a message that names others, too."""
DAY = timedelta(days=1)
"""A date without an hour is its midnight: what is dated so may have come at the end of it."""
LOOKS = 2
"""A source that is looked at every so often is left alone when so many looks were left out."""


def absence(shelf: Shelf | None, *, every: timedelta | None, now: datetime) -> Absence | None:
    """The last time in which nobody looked at a source, up to now.

    Args:
        shelf: what is known of the source; None before the first look.
        every: how often somebody looks; None where nobody says so.
        now: aware, UTC.
    """
    if shelf is None:
        return None
    if every is None or shelf.looked_at is None:
        return shelf.absence
    if now - shelf.looked_at <= max(LATE, every * LOOKS):
        return shelf.absence
    return Absence(shelf.looked_at, now)


def was_missed(entry: Entry, away: Absence | None) -> bool:
    """Whether a post came out while nobody looked; without a date nobody can tell."""
    if away is None or entry.date is None or entry.date <= away.since - DAY:
        return False
    moments = (entry.date, entry.first_seen, entry.changed_at)
    return any(away.since < moment <= away.until for moment in moments)


def of_the_missed(entries: Sequence[Entry], policy: Policy) -> Iterable[Decision]:
    """Decide on the posts that were missed, as the operator chose.

    Args:
        entries: those that could go out now, in their order; all have dates.
        policy: one alone is announced in any case, unless it is "none".
    """
    latest = max(entries, key=_age, default=None)
    several = len(entries) > 1
    for entry in entries:
        if policy == "none" or (policy == "latest" and entry is not latest):
            yield Decision(entry.id, PostState.HELD, MISSED, ask=True)
        elif policy == "digest" and several:
            yield Decision(entry.id, PostState.ANNOUNCED, TOGETHER)
        else:
            yield Decision(entry.id, PostState.ANNOUNCED, reason("new"))


def _age(entry: Entry) -> tuple[datetime, str]:
    return (entry.date or entry.first_seen, entry.path)
