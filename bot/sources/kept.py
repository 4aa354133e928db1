"""The last good answer of a feed, kept on disk: the next process need not fetch it again.

A cache: it may be removed at any time, and what cannot be read or written does no harm.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.sources.fetch import Answer

HEADERS = ("content-type", "etag", "last-modified")


def keep(file: Path, answer: Answer) -> None:
    """Write an answer down, whole or not at all."""
    headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    head = json.dumps({"status": answer.status, "url": answer.url, "headers": headers})
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, prefix=f"{file.name}.", delete=False) as new:
            new.write(head.encode() + b"\n" + answer.body)
        os.replace(new.name, file)  # noqa: PTH105 - a name, not a path, is what we have


def kept(file: Path) -> Answer | None:
    """The answer that was written down; None if there is none."""
    try:
        head, _, body = file.read_bytes().partition(b"\n")
        told = json.loads(head)
        headers = {str(name): str(value) for name, value in told["headers"].items()}
        return Answer(int(told["status"]), str(told["url"]), headers, body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
