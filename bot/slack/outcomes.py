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

RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})

WAITS: Mapping[str, timedelta] = {
    "service_unavailable": timedelta(seconds=30),
    "request_timeout": timedelta(seconds=5),  # the body arrived missing or truncated
    "unreachable": timedelta(seconds=30),
    "streaming_state_conflict": timedelta(seconds=30),
    "external_channel_migrating": timedelta(minutes=10),
    "team_added_to_org": timedelta(hours=1),  # the workspace moves into an organisation
    "org_login_required": timedelta(hours=1),
    "message_limit_exceeded": timedelta(hours=6),  # a free plan's cap
}
"""Not taken, and it says so; how long to wait is our choice, Slack names no time."""

AMBIGUOUS = frozenset(
    {
        "internal_error",  # "some aspect of the operation succeeded before the error"
        "fatal_error",
        "duplicate_message_not_found",  # about client_msg_id: an earlier attempt got through
        "duplicate_channel_not_found",
        "no_ts",
        "update_failed",
    }
)

CHANNEL = frozenset(
    {
        "access_denied",
        "cannot_reply_to_message",
        "channel_not_found",
        "ekm_access_denied",
        "is_archived",
        "messages_tab_disabled",
        "no_permission",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "slack_connect_canvas_sharing_blocked",
        "slack_connect_file_link_sharing_blocked",
        "slack_connect_lists_sharing_blocked",
        "team_not_found",
        "thread_not_found",
    }
)

WORKSPACE = frozenset(
    {
        "accesslimited",
        "account_inactive",
        "app_access_restricted",
        "as_user_not_supported",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "send_on_behalf_not_allowed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)

PAYLOAD = frozenset(
    {
        "attachment_payload_limit_exceeded",
        "deprecated_endpoint",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_charset",
        "invalid_form_data",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_post_type",
        "markdown_text_conflict",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "method_deprecated",
        "missing_file_data",
        "missing_post_type",
        "msg_blocks_too_long",
        "msg_too_large",  # seen, undocumented
        "msg_too_long",
        "no_text",
        "block_mismatch",
        "too_many_attachments",
        "too_many_contact_cards",
    }
)

UNCHANGEABLE = frozenset(
    {
        "cant_delete_message",
        "cant_update_message",
        "compliance_exports_prevent_deletion",
        "edit_window_closed",
        "is_inactive",
        "message_not_found",
    }
)
"""Of chat.update and chat.delete (their pages, read 2026-08-20): that message stays as it is."""

LOCKED_OUT = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
"""The token is to be renewed: a look waits for that, as messages do, before anybody is asked."""
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
