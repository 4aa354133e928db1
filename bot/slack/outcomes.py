"""What an answer of Slack's, or none, means for a delivery.

Pure. The classes are those of Slack's page `/reference/methods/chat.postMessage` and of
`/apis/web-api/rate-limits` (docs.slack.dev, read 2026-08-20), judged by what may have happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackClientError

from bot.model.deliveries import (
    Busy,
    CannotLook,
    ChannelRefused,
    Gone,
    Outcome,
    PayloadRefused,
    Unknown,
    WorkspaceRefused,
)
from bot.slack.codes import (
    AMBIGUOUS,
    CHANNEL,
    LOCKED_OUT,
    PAYLOAD,
    RATE_LIMITED,
    UNCHANGEABLE,
    WAITS,
    WORKSPACE,
)

FAR_SIDE = (
    SlackClientError,
    aiohttp.ClientError,
    OSError,  # TimeoutError is one
    ValueError,  # bodies in a broken encoding
    AttributeError,  # slack_sdk 3.47 on text/plain bodies and on JSON that is no object
    TypeError,
)
"""Everything that slack_sdk raises for what the far side does."""

NEVER_SPOKEN = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
"""The connection was never made, so nothing can have been posted."""

INTERNAL = 500
"""The far side itself failed. Other 5xx come from gateways, behind which it may still be at work."""
DEFAULT_RETRY_AFTER = timedelta(seconds=30)
LONGEST_RETRY_AFTER = timedelta(hours=1)
LOOK_AGAIN = timedelta(seconds=30)
REPEATED = 2
"""From this many attempts on, a code that nobody knows counts against the channel."""

RENEWED_IN = timedelta(minutes=5)

STALE_CURSOR = "invalid_cursor"
"""Of conversations.history: start again from the newest message."""

LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that did not end well.

    `status` is the HTTP status, 0 if there was no answer. `code` is Slack's error code, "" where
    the body was not Slack's JSON, else a word of ours for what the line did.
    """

    status: int
    code: str
    retry_after: str = ""
    detail: str = ""


def failure_of(error: Exception) -> Failure:
    """Read an exception of slack_sdk's or aiohttp's. Never quotes bodies or headers."""
    if isinstance(error, NEVER_SPOKEN):
        return Failure(0, "unreachable")
    if isinstance(error, TimeoutError):
        return Failure(0, "timeout")
    if isinstance(error, (ValueError, AttributeError, TypeError)):
        return Failure(0, "unreadable_answer")
    response: object = getattr(error, "response", None)
    if response is None:
        return Failure(0, type(error).__name__)
    return failure_in(
        status_of(response), headers_of(response), getattr(response, "data", None)
    )


def failure_in(status: int, headers: Mapping[str, str], body: object) -> Failure:
    """Read an answer; `body` is what was parsed of it, of any type."""
    retry_after = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    if not isinstance(body, Mapping):
        return Failure(status, "", retry_after)
    code = body.get("error")
    return Failure(status, code if isinstance(code, str) else "", retry_after, detail_in(body))


def outcome_of(failure: Failure, *, attempts: int) -> Outcome:
    """Class a failed `chat.postMessage`.

    Args:
        failure: what came back.
        attempts: how often this delivery was tried, this time included.

    Returns:
        `Unknown` whenever the message may have been stored.
    """
    code = failure.code
    if failure.status == 429 or code in RATE_LIMITED:  # noqa: PLR2004 (Too Many Requests)
        return Busy(code or "ratelimited", retry_after(failure.retry_after))
    if failure.status >= 500 or not code:  # noqa: PLR2004 (server errors)
        return Unknown(f"http_{failure.status}", over=failure.status == INTERNAL)
    return refusal_of(failure, attempts=attempts)


def change_outcome_of(failure: Failure, *, attempts: int, deletes: bool) -> Outcome | None:
    """Class a failed `chat.update` or `chat.delete`; None if what was wanted is so already.

    That what is to be deleted is not there is our own work only if we tried before.
    """
    if deletes and failure.code == "message_not_found" and attempts > 1:
        return None
    if failure.code in UNCHANGEABLE:
        return Gone(failure.code)
    return outcome_of(failure, attempts=attempts)


def refusal_of(failure: Failure, *, attempts: int) -> Outcome:
    """Class by code alone."""
    code = failure.code
    if code in WAITS:
        return Busy(code, WAITS[code])
    if code in PAYLOAD or code.startswith("draft_"):
        return PayloadRefused(code, failure.detail)
    if code in WORKSPACE:
        return WorkspaceRefused(code)
    unheard_of = failure.status and code not in AMBIGUOUS
    if code in CHANNEL or (unheard_of and attempts >= REPEATED):
        return ChannelRefused(code)
    return Unknown(code, over=failure.status != 0)


def blindness_of(failure: Failure) -> CannotLook:
    """Class a failed look at a channel's history: whether waiting helps, and how long."""
    code = failure.code or f"http_{failure.status}"
    if failure.status == 429 or code in RATE_LIMITED:  # noqa: PLR2004 (Too Many Requests)
        return CannotLook("ratelimited", retry_after(failure.retry_after))
    if failure.status >= 500 or not failure.status or not failure.code:  # noqa: PLR2004
        return CannotLook(code, LOOK_AGAIN)
    if code in LOCKED_OUT:
        return CannotLook(code, RENEWED_IN)
    passing = code in AMBIGUOUS or code in WAITS or code == STALE_CURSOR
    return CannotLook(code, WAITS.get(code, LOOK_AGAIN) if passing else None)


def retry_after(value: str) -> timedelta:
    """Seconds as Slack sends them; our own default where the header is missing or no number."""
    if not (value.isascii() and value.isdigit()):
        return DEFAULT_RETRY_AFTER
    return min(timedelta(seconds=int(value[:9])), LONGEST_RETRY_AFTER)


def detail_in(body: Mapping[object, object]) -> str:
    """Slack's own words on a bad payload: `errors` and `response_metadata.messages`."""
    metadata = body.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    words = [*strings(body.get("errors")), *strings(messages)]
    return "; ".join(dict.fromkeys(words))[:LONGEST_DETAIL]


def strings(value: object) -> tuple[str, ...]:
    """The strings of a JSON list; () for anything else."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(item for item in value if isinstance(item, str))


def status_of(response: object) -> int:
    """slack_sdk hands out two kinds of response: its own and, for broken JSON, aiohttp's."""
    for name in ("status_code", "status"):
        value: object = getattr(response, name, None)
        if isinstance(value, int):
            return value
    return 0


def headers_of(response: object) -> Mapping[str, str]:
    """Headers of either kind of response."""
    headers: object = getattr(response, "headers", None)
    return headers if isinstance(headers, Mapping) else {}
