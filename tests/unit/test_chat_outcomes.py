"""The table of outcomes: what an answer of Slack's means for a delivery."""

from datetime import timedelta

import aiohttp
import pytest

from bot.model.deliveries import (
    Busy,
    CannotLook,
    ChannelRefused,
    PayloadRefused,
    Unknown,
    WorkspaceRefused,
)
from bot.slack import codes
from bot.slack.outcomes import (
    Failure,
    blindness_of,
    failure_in,
    failure_of,
    outcome_of,
    retry_after,
)


def test_no_code_stands_in_two_classes():
    """Each error code of Slack's has one meaning."""
    classes = [
        codes.RATE_LIMITED,
        frozenset(codes.WAITS),
        codes.AMBIGUOUS,
        codes.CHANNEL,
        codes.WORKSPACE,
        codes.PAYLOAD,
    ]
    assert sum(map(len, classes)) == len(frozenset().union(*classes))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ratelimited", Busy),
        ("rate_limited", Busy),
        ("service_unavailable", Busy),
        ("request_timeout", Busy),
        ("org_login_required", Busy),
        ("internal_error", Unknown),
        ("fatal_error", Unknown),
        ("duplicate_message_not_found", Unknown),
        ("channel_not_found", ChannelRefused),
        ("not_in_channel", ChannelRefused),
        ("is_archived", ChannelRefused),
        ("restricted_action_thread_only_channel", ChannelRefused),
        ("invalid_auth", WorkspaceRefused),
        ("missing_scope", WorkspaceRefused),
        ("account_inactive", WorkspaceRefused),
        ("invalid_blocks", PayloadRefused),
        ("msg_blocks_too_long", PayloadRefused),
        ("no_text", PayloadRefused),
        ("draft_not_found", PayloadRefused),
    ],
)
def test_a_code_has_its_class(code, kind):
    """Codes that Slack answers with HTTP 200 are classed as the fact sheet says."""
    assert isinstance(outcome_of(Failure(200, code), attempts=1), kind)


def test_an_unheard_of_code_is_looked_after_first_and_then_counts_against_the_channel():
    """A code nobody knows may hide a posted message; repeated, it must not block for ever."""
    assert outcome_of(Failure(200, "novelty"), attempts=1) == Unknown("novelty", over=True)
    assert outcome_of(Failure(200, "novelty"), attempts=2) == ChannelRefused("novelty")


@pytest.mark.parametrize("attempts", [1, 2, 9])
@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "no_ts"])
def test_an_ambiguous_code_stays_ambiguous(code, attempts):
    """However often it comes, `internal_error` never proves that nothing was posted."""
    assert outcome_of(Failure(200, code), attempts=attempts) == Unknown(code, over=True)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_ambiguous_whatever_its_body_says(status):
    """A 5xx may come from a proxy behind which Slack has stored the message."""
    failure = failure_in(status, {}, {"ok": False, "error": "service_unavailable"})
    assert outcome_of(failure, attempts=1) == Unknown(f"http_{status}", over=status == 500)


@pytest.mark.parametrize("body", [None, "busy", b"\x00", [], ["ok"], 7, {}, {"error": 3}])
def test_a_body_that_is_not_slacks_is_ambiguous(body):
    """HTML, lists, bytes and empty objects say nothing about the message."""
    assert outcome_of(failure_in(200, {}, body), attempts=1) == Unknown("http_200")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("1", 1), ("30", 30), ("", 30), ("soon", 30), ("-5", 30), ("1.5", 30), ("٣", 30)],
)
def test_the_wait_is_slacks_or_our_own(value, seconds):
    """A missing or strange Retry-After gives the default wait, not an error."""
    failure = failure_in(429, {"retry-after": value} if value else {}, None)
    assert outcome_of(failure, attempts=1) == Busy("ratelimited", timedelta(seconds=seconds))


def test_a_mad_wait_is_capped():
    """A Retry-After of a century does not silence a channel for good."""
    assert retry_after("9" * 30) == timedelta(hours=1)


def test_slacks_own_words_on_a_bad_payload_are_kept():
    """The JSON pointers of `invalid_blocks` reach the maintainer, once each."""
    body = {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["must be shorter [json-pointer:/blocks/0/text]"],
        "response_metadata": {
            "messages": ["must be shorter [json-pointer:/blocks/0/text]", "second", 3]
        },
    }
    assert outcome_of(failure_in(200, {}, body), attempts=1) == PayloadRefused(
        "invalid_blocks", "must be shorter [json-pointer:/blocks/0/text]; second"
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError(), Unknown("timeout")),
        (aiohttp.ServerTimeoutError(), Unknown("timeout")),
        (aiohttp.ServerDisconnectedError(), Unknown("ServerDisconnectedError")),
        (ConnectionResetError(), Unknown("ConnectionResetError")),
        (AttributeError("get"), Unknown("unreadable_answer")),
        (ValueError(), Unknown("unreadable_answer")),
        (aiohttp.ConnectionTimeoutError(), Busy("unreachable", timedelta(seconds=30))),
    ],
)
def test_a_broken_line_is_ambiguous_unless_it_never_stood(error, expected):
    """Only a connection that was never made proves that nothing was said."""
    assert outcome_of(failure_of(error), attempts=1) == expected


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure(429, "", "60"), CannotLook("ratelimited", timedelta(seconds=60))),
        (Failure(200, "not_in_channel"), CannotLook("not_in_channel")),
        (Failure(200, "missing_scope"), CannotLook("missing_scope")),
        (Failure(200, "token_revoked"), CannotLook("token_revoked", timedelta(minutes=5))),
        (Failure(200, "fatal_error"), CannotLook("fatal_error", timedelta(seconds=30))),
        (Failure(200, "invalid_cursor"), CannotLook("invalid_cursor", timedelta(seconds=30))),
        (Failure(502, ""), CannotLook("http_502", timedelta(seconds=30))),
        (Failure(0, "timeout"), CannotLook("timeout", timedelta(seconds=30))),
        (Failure(200, ""), CannotLook("http_200", timedelta(seconds=30))),
        (
            Failure(200, "org_login_required"),
            CannotLook("org_login_required", timedelta(hours=1)),
        ),
    ],
)
def test_a_failed_look_says_whether_waiting_helps(failure, expected):
    """Rights do not come by waiting; broken lines and limits pass, and tokens are renewed."""
    assert blindness_of(failure) == expected
