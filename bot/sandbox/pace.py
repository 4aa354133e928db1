"""Rate limits per method, and per channel for posting.

Pure but for what it remembers; the time is passed in. /apis/web-api/rate-limits (read 2026-08-20).
"""

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)
# Calls a minute. Tiers as published ("1+", "20+", ...); special methods say "hundreds", so 300.
TIERS: Mapping[str, int] = {"1": 1, "2": 20, "3": 50, "4": 100, "special": 300, "post": 300}
_EVERY = timedelta(seconds=1)  # posting: one message a second and channel
_BURST = 4  # "short bursts" are allowed, without a number; a guess on the strict side
# /changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps (read 2026-08-20)
_LIMITED = ("conversations.history", "conversations.replies")
_LIMITED_CALLS, _LIMITED_PAGE, _PAGE = 1, 15, 999


@dataclass(slots=True)
class Pace:
    """What was called lately.

    `on` switches all limits. `history_limited` is what commercially distributed apps outside
    the Marketplace get: history once a minute, 15 messages.
    """

    on: bool = True
    history_limited: bool = False
    _calls: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _posts: dict[str, datetime] = field(default_factory=dict)

    @property
    def page_limit(self) -> int:
        """How many messages a page of history holds at most."""
        return _LIMITED_PAGE if self.history_limited else _PAGE

    def wait(self, method: str, tier: str, channel: str, now: datetime) -> int:
        """Count a call; answers 0 to let it pass, else whole seconds for `Retry-After`."""
        if not self.on:
            return 0
        limit = _LIMITED_CALLS if self._is_limited(method) else TIERS[tier]
        calls = self._calls[method]
        while calls and now - calls[0] >= _MINUTE:
            calls.popleft()
        if len(calls) >= limit:
            return _seconds(_MINUTE - (now - calls[0]))
        if tier == "post" and (early := self._early(channel, now)):
            return early
        calls.append(now)
        return 0

    def clear(self) -> None:
        """Forget what was called."""
        self._calls.clear()
        self._posts.clear()

    def _is_limited(self, method: str) -> bool:
        return self.history_limited and method in _LIMITED

    def _early(self, channel: str, now: datetime) -> int:
        """A leaky bucket: `_posts` holds when the channel will have worked off its posts."""
        free = max(self._posts.get(channel, now), now)
        ahead = free - now
        if ahead > _EVERY * (_BURST - 1):
            return _seconds(ahead - _EVERY * (_BURST - 1))
        self._posts[channel] = free + _EVERY
        return 0


def _seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))
