"""Trigger ids: the right to open one modal within three seconds.

No network; the time is passed in.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.errors import SlackError

_LIFE = timedelta(seconds=3)  # /interactivity/handling-user-interaction (read 2026-08-20)


@dataclass(frozen=True, slots=True)
class Trigger:
    """Who triggered and when; `view` is set if it came from inside a modal."""

    user: str
    at: datetime
    view: str = ""


@dataclass(slots=True)
class Triggers:
    """The ids that were handed out. Codes of /reference/methods/views.open (read 2026-08-20)."""

    _open: dict[str, Trigger] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _count: int = 0

    def issue(self, user: str, now: datetime, view: str = "") -> str:
        """A new id."""
        self._count += 1
        key = f"{self._count}.{int(now.timestamp())}.sandbox"
        self._open[key] = Trigger(user, now, view)
        return key

    def exchange(self, key: str, now: datetime) -> Trigger:
        """Use an id up."""
        if key in self._used:
            raise SlackError("exchanged_trigger_id")
        trigger = self._open.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if now - trigger.at > _LIFE:
            raise SlackError("expired_trigger_id")
        self._used.add(key)
        return trigger

    def clear(self) -> None:
        """Forget all ids."""
        self._open.clear()
        self._used.clear()
