"""What this sandbox issues: tokens, and trigger ids, the right to open one modal within 3 s.

No network; the time is passed in. A token of a real workspace is never among them and is refused
unread.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.errors import SlackError

_TRIGGER_LIFE = timedelta(
    seconds=3
)  # /interactivity/handling-user-interaction (read 2026-08-20)


@dataclass(slots=True)
class Grant:
    """What a token may do. `state`: "" = valid, else the error code every call answers."""

    kind: str
    scopes: frozenset[str]
    state: str = ""


@dataclass(slots=True)
class Grants:
    """The tokens, by their text."""

    issued: dict[str, Grant] = field(default_factory=dict, repr=False)

    def of(self, token: str) -> Grant:
        """The grant behind a token; codes of /reference/methods/auth.test (read 2026-08-20)."""
        if not token:
            raise SlackError("not_authed")
        grant = self.issued.get(token)
        if grant is None:
            raise SlackError("invalid_auth")
        if grant.state:
            raise SlackError(grant.state)
        return grant

    def spoil(self, state: str) -> None:
        """Put every bot token into a state: token_revoked, token_expired, account_inactive, ""."""
        for grant in self.issued.values():
            if grant.kind == "bot":
                grant.state = state

    def narrow(self, scopes: frozenset[str]) -> None:
        """Give every bot token other scopes."""
        for grant in self.issued.values():
            if grant.kind == "bot":
                grant.scopes = scopes


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
        if now - trigger.at > _TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        self._used.add(key)
        return trigger

    def clear(self) -> None:
        """Forget all ids."""
        self._open.clear()
        self._used.clear()
