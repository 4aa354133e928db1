"""Tokens that this sandbox issued, and the states they can be in.

No network. A token of a real workspace is never among them and is refused unread.
"""

from dataclasses import dataclass, field

from bot.sandbox.errors import SlackError


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
