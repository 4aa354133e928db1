"""The text beside a message's blocks, for notifications and screen readers: escaped and short.

Pure.
"""

from bisect import bisect_right
from itertools import accumulate

from formatters.phrases import escape
from formatters.slack import numbers
from formatters.slack.cut import sentences, shortened_bytes


def fallback(said: str, more: str) -> str:
    """Escape words, and cut them so that they keep to the bytes that `text` may have.

    Args:
        said: the words, in lines.
        more: tells on a line of its own that there is more, where some had to go.

    Returns:
        The whole, or as many lines as fit, and of the next one its first sentences.
    """
    most = numbers.TEXT_BYTES.most
    beginning = said[: most + 1]  # no character takes less than a byte
    whole = escape(beginning)
    if _size(whole) <= most:
        return whole
    hint = escape(f"… {more}")
    return f"{_first(beginning, most - _size(hint) - 1)}\n{hint}"


def _first(said: str, room: int) -> str:
    """As much of the beginning as fits, escaped; a very long sentence is cut in its midst."""
    kept: list[str] = []
    used = 0
    for line in said.splitlines(keepends=True):
        escaped = escape(line)
        size = _size(escaped)
        if used + size > room:
            kept.append(_beginning(line, room - used, enough=room // 2 - used))
            break
        kept.append(escaped)
        used += size
    return "".join(kept).rstrip()


def _beginning(line: str, room: int, *, enough: int) -> str:
    """The sentences of a line that fit, and a part of the next one where they are not `enough`."""
    parts = sentences(line)
    escaped = [escape(part) for part in parts]
    ends = list(accumulate(map(_size, escaped), initial=0))
    count = bisect_right(ends, room) - 1
    rest = _cut(parts[count], room - ends[count]) if ends[count] < enough else ""
    return "".join(escaped[:count]) + rest


def _cut(said: str, room: int) -> str:
    """Cut words so that they keep to their bytes once they are escaped."""
    most = room
    kept = escape(shortened_bytes(said, most))
    while (size := _size(kept)) > room:
        most = most * room // size
        kept = escape(shortened_bytes(said, most))
    return kept


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
