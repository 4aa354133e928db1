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
LOOKS = 2.5
"""So many intervals at which a source is looked at. When one look fails two of them pass, and up to a
tenth more, since beats are spread."""


def absence(shelf: Shelf | None, *, every: timedelta | None, now: datetime) -> Absence | None:
    """The last time in which nobody looked at a source, up to now.

    Args:
        shelf: what is known of the source; None before the first look.
        every: how often somebody looks; None where nobody says so.
        now: aware, UTC.
    """
    if shelf is None:
        return None
    before = shelf.absence
    if before is not None and before.until > now + LATE:
        before = None  # a clock was ahead: until then everything would count as missed
    if every is None or shelf.looked_at is None:
        return before
    longest = max(LATE, every * LOOKS)
    if now - shelf.looked_at <= longest:
        return before
    # A start that was broken off soon ends none: what it found still waits to be decided on.
    goes_on = before is not None and shelf.looked_at - before.until <= longest
    return Absence(before.since if before and goes_on else shelf.looked_at, now)


def was_missed(entry: Entry, away: Absence | None) -> bool:
    """Whether an undecided post came out while nobody looked; without a date nobody can tell.

    It need not be new: its day may have come, or it was not at rest yet when somebody looked last.
    What has changed long after the return has come out then, from a draft for instance; but not
    every source tells all at its first look, and a slip is mended soon.
    """
    if away is None or entry.date is None:
        return False
    dated = away.since - DAY < entry.date <= away.until
    return dated and entry.changed_at <= away.until + LATE


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
