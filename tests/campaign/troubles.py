"""What may go wrong at Slack and on the way there: faults of calls, and deeds of people.

Which of them, and when, is drawn elsewhere.
"""

from bot.sandbox.faults import Rule

POSTING, READING = "chat.*", "conversations.*"
GARBAGE = ("[]", "null", '"ok"', "{", "\0\1\2", '{"ok": false, "error": 9}')
CLAIMS = (
    '{"ok": true}',
    '{"ok": "no"}',
    '{"ok": true, "ts": 5, "channel": 7}',
    '{"ok": true, "messages": {"0": 1}}',
)
"""Garbage that claims success: of a post or a look it can be told, for something is missing. Of an
update it cannot, so there it is not sent: nobody could see through it."""

FAULTS = (
    Rule("ratelimited", method=POSTING, retry_after="1"),
    Rule("ratelimited", method=POSTING, retry_after="30"),
    Rule("ratelimited", method=POSTING, retry_after="soon"),
    Rule("ratelimited", method=POSTING),
    Rule("ratelimited", method=READING, retry_after="30"),
    Rule("http", method=POSTING, when="before", status=500),
    Rule("http", method=POSTING, when="after", status=500),
    Rule("http", method=POSTING, when="after", status=503),
    Rule("html", method=POSTING, status=502),
    Rule("html", method=POSTING, when="after", status=200),
    Rule("http", method=READING, status=504),
    Rule("html", method=READING, status=502),
    Rule("html", method=READING, status=200),
    Rule("error", method=POSTING, error="internal_error", when="after"),
    Rule("error", method=POSTING, error="fatal_error"),
    Rule("error", method=POSTING, error="service_unavailable"),
    Rule("error", method=POSTING, error="a_code_that_nobody_knows"),
    Rule("error", method=READING, error="a_code_that_nobody_knows"),
    Rule("error", method=READING, error="internal_error"),
    Rule("reset", method=POSTING, when="before"),
    Rule("reset", method=POSTING, when="after"),
    Rule("truncated", method=POSTING, when="after"),
    Rule("truncated", method=READING),
    Rule("empty", method=POSTING, when="after"),
    Rule("empty", method=READING),
    Rule("short_page", method=READING),
    Rule("empty_page", method=READING),
    *(Rule("garbage", method=POSTING, status=200, body=body, when="after") for body in GARBAGE),
    *(Rule("garbage", method=READING, status=200, body=body) for body in (*GARBAGE, *CLAIMS)),
    *(Rule("garbage", "chat.postMessage", status=200, body=b, when="after") for b in CLAIMS),
)
"""Reads that end in 500, 503 or a cut line are rarer below: slack_sdk tries them again by itself,
after a second of real time."""
TRIED_AGAIN = (
    Rule("http", method=READING, status=503, times=1),
    Rule("reset", method=READING, times=1),
)
TOKENS = ("token_revoked", "token_expired", "invalid_auth", "account_inactive")
