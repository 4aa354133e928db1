"""What Slack answers when it refuses.

Only data.
"""

from bot.sandbox.shapes import JSONValue


class SlackError(Exception):
    """A call is refused: HTTP 200 with `ok: false`, as /apis/web-api tells (read 2026-08-20)."""

    def __init__(self, code: str, **fields: JSONValue) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


class ControlError(Exception):
    """A person in front of the sandbox asked for something that cannot be done; says why."""


def invalid_arguments(*messages: str) -> SlackError:
    """Build the answer to arguments that do not fit, with Slack's way to name them."""
    return SlackError(
        "invalid_arguments",
        response_metadata={"messages": [f"[ERROR] {words}" for words in messages]},
    )
