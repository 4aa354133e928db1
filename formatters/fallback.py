"""The text beside a message's blocks, for notifications and screen readers: escaped and short.

Pure.
"""

from collections.abc import Sequence

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
    lines = said.splitlines(keepends=True)
    kept, used = _fitting(lines, room)
    line, left = lines[len(kept)], room - used
    parts = sentences(line)
    begun, more = _fitting(parts, left)
    rest = _cut(parts[len(begun)], left - more) if used + more < room // 2 else ""
    return "".join((*kept, *begun, rest)).rstrip()


def _fitting(parts: Sequence[str], room: int) -> tuple[list[str], int]:
    """The first parts, escaped, that keep to so many bytes, and how many they take.

    Together they do not, and what follows is not looked at.
    """
    fitting: list[str] = []
    used = 0
    while True:
        escaped = escape(parts[len(fitting)])
        if (more := used + _size(escaped)) > room:
            return fitting, used
        fitting.append(escaped)
        used = more


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
