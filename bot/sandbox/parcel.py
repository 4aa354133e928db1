"""What is handed to the bot and how it goes there: HTTP or Socket Mode carry the same parcels.

Only data, the shape of a carrier, and signatures.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.shapes import JSONValue, Obj


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery. `kind`: slash_commands, interactive or events_api.

    `retry` counts from 0; `flaw` is "", "forge" or "stale" (how the signature is wrong).
    """

    kind: str
    payload: Obj
    retry: int = 0
    reason: str = ""
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """How the bot took it. `code` is "" if well, else Slack's word for the reason.

    `body` is what came with the acknowledgement: an object, plain words, or "" for nothing.
    """

    code: str = ""
    status: int = 200
    body: JSONValue = ""
    no_retry: bool = False


class Carrier(Protocol):
    """A way to the bot."""

    @property
    def ready(self) -> bool:
        """Whether anybody is there to receive."""

    async def carry(self, parcel: Parcel, within: float) -> Ack:
        """Hand over and wait `within` seconds for the acknowledgement; never raises."""


def signature(secret: str, timestamp: int, body: str) -> str:
    """The v0 signature, /authentication/verifying-requests-from-slack (read 2026-08-20)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
