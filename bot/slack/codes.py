"""Slack's error codes by what they mean for a delivery; each stands in one class.

Pure data, of Slack's pages `/reference/methods/chat.postMessage` and `/apis/web-api/rate-limits`
(docs.slack.dev, read 2026-08-20), judged by what may have happened.
"""

from collections.abc import Mapping
from datetime import timedelta

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
