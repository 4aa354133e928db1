"""When a source that is far away may be asked again.

Politeness in one place: what the far side asks for, pauses that grow with every failure, and a
spread, so that many bots do not come back in the same second.
"""

import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.ports.outside import Clock

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
"""After failures that name no time; also the longest that an answer is believed to be fresh."""
LONGEST_WAIT = timedelta(days=1)
"""The longest that we wait because the far side says so: a slip of its must not silence us."""
SPREAD = 0.2

Chance = Callable[[], float]
"""A number from 0 up to 1, such as `random.random`."""


class Pace:
    """The rests of one source.

    Args:
        clock: the time.
        chance: spreads the pauses.
    """

    def __init__(self, clock: Clock, chance: Chance = random.random) -> None:
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._rest_until: datetime | None = None

    def resting(self) -> bool:
        """Whether it is too early to ask again."""
        return self._rest_until is not None and self._clock.now() < self._rest_until

    def went_well(self, fresh: timedelta = timedelta()) -> None:
        """The source answered; what it said holds for `fresh`."""
        self._failures = 0
        self._rest(min(fresh, LONGEST_PAUSE))

    def failed(self, wait: timedelta | None = None) -> None:
        """The source failed; `wait` is what it asks for, None if it does not say."""
        self._failures += 1
        if wait is None:
            grown = FIRST_PAUSE * 2 ** min(self._failures - 1, 10)
            wait = min(grown, LONGEST_PAUSE)
        self._rest(min(wait, LONGEST_WAIT))

    def _rest(self, pause: timedelta) -> None:
        spread = 1 + SPREAD * self._chance()  # never earlier than asked for
        self._rest_until = self._clock.now() + pause * spread if pause else None


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in either form (RFC 9110, 10.2.3); None if it says nothing."""
    written = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", written):
        return timedelta(seconds=int(written))
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())


def fresh_for(headers: Mapping[str, str]) -> timedelta:
    """How long an answer may be taken for the newest one, by `Cache-Control` and `Age`."""
    control = headers.get("cache-control", "").lower()
    age = re.search(r"(?<![\w-])max-age\s*=\s*\"?([0-9]{1,9})", control)
    if not age or re.search(r"(?<![\w-])no-(?:cache|store)(?![\w-])", control):
        return timedelta()
    spent = headers.get("age", "").strip()
    seconds = int(age[1]) - (int(spent) if re.fullmatch(r"[0-9]{1,9}", spent) else 0)
    return timedelta(seconds=max(seconds, 0))
