"""Log lines that machines can read and secrets never enter.

One line per fact: `event key=value ...`. Sets up handlers; decides nothing else.
"""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from typing_extensions import override

TOKEN = re.compile(r"\bx(?:ox[a-z]|app)(?:\.[a-z]+)?-[A-Za-z0-9-]+|hooks\.slack\.com/\S+")
"""Shapes of Slack's tokens and of webhook addresses, which are secrets as well."""

SHORTEST = 8
"""Shorter values would blank out ordinary words; no real secret is that short."""

HIDDEN = "[hidden]"
FIELD = re.compile(r"(\w+)=%[sdr]")
QUIET = {
    "slack_bolt": logging.WARNING,
    "slack_sdk": logging.WARNING,  # its debug lines would show bodies and tokens
    "aiohttp.access": logging.WARNING,
    "alembic": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "apscheduler": logging.ERROR,  # it warns of beats left out because the last one still runs
}
"""Libraries that may speak up, but not chat."""


class Redactor:
    """Replaces secrets in text: the known ones and all that look like Slack's."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known = tuple(
            sorted({s for s in secrets if len(s) >= SHORTEST}, key=len, reverse=True)
        )

    @override
    def __repr__(self) -> str:
        return f"Redactor({len(self._known)} secrets)"

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        return TOKEN.sub(HIDDEN, text)


class TextFormatter(logging.Formatter):
    """`2026-11-20T08:00:00Z INFO delivery.sent post=... channel=...`."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._redactor = redactor

    @override
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """UTC, whatever the machine's zone."""
        return moment(record)

    @override
    def format(self, record: logging.LogRecord) -> str:
        """One line, tracebacks after it, secrets hidden."""
        return self._redactor.clean(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with the fields of `key=%s` messages as keys of their own."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    @override
    def format(self, record: logging.LogRecord) -> str:
        """`{"time", "level", "logger", "event", "message", ...fields}`."""
        message = record.getMessage()
        line = fields(record) | {
            "time": moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": message.partition(" ")[0],
            "message": message,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        text = {key: self._redactor.clean(value) for key, value in line.items()}
        return json.dumps(text, ensure_ascii=False)


def fields(record: logging.LogRecord) -> dict[str, str]:
    """The values of a `key=%s` message by key; {} for any other message."""
    names = FIELD.findall(str(record.msg))
    args = record.args if isinstance(record.args, tuple) else ()
    return (
        {n: str(a) for n, a in zip(names, args, strict=True)} if len(names) == len(args) else {}
    )


def moment(record: logging.LogRecord) -> str:
    """When it was logged: ISO 8601 in UTC, milliseconds."""
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def set_up(stream: TextIO, *, style: str, secrets: Iterable[str]) -> None:
    """Send all log lines to a stream, once.

    Args:
        stream: usually stderr.
        style: `text` or `json`.
        secrets: values that must never appear in a line.
    """
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        JsonFormatter(redactor) if style == "json" else TextFormatter(redactor)
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
