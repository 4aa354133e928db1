"""The file as its author sees it in an editor: where a piece of it stands.

Pure text. Searches are short on purpose: a file of one endless line must not take forever.
"""

import re
from bisect import bisect_right

REACH = 20_000  # characters that a search looks ahead


class Source:
    r"""A file's lines, counted from 1.

    Args:
        text: the whole file, with or without byte order mark, with any line ends.
        above: lines of its header.
    """

    def __init__(self, text: str, *, above: int) -> None:
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.above = above
        self._starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def start(self, line: int) -> int:
        """Where a line begins, as an index of `text`."""
        return self._starts[min(max(line, 1), len(self._starts)) - 1]

    def line_at(self, index: int) -> int:
        """The line that holds an index of `text`."""
        return bisect_right(self._starts, index)

    def find(
        self, pattern: re.Pattern[str], index: int, *, reach: int | None = REACH
    ) -> int | None:
        """Where a pattern is met next, as an index of `text`; None if not within reach."""
        end = len(self.text) if reach is None else index + reach
        found = pattern.search(self.text, index, end)
        return found.start() if found else None

    def written(self, words: str, *, line: int) -> int | None:
        """Where words stand without a backslash before, on this line or soon after."""
        return self.find(re.compile(rf"(?<!\\){re.escape(words)}"), self.start(line))

    def around(self, index: int, *, chars: int = 8) -> str:
        """What stands beside a place, on its line."""
        line = self.line_at(index)
        before = self.text[max(index - chars, self.start(line)) : index]
        return (before + self.text[index : index + 3 * chars].partition("\n")[0]).strip()

    def key_line(self, *keys: str) -> int:
        """The header's line of the first of these keys, 1 without one."""
        names = "|".join(map(re.escape, keys))
        found = re.compile(
            rf"""^[ \t]*["']?(?:{names})["']?[ \t]*[:=]""", re.IGNORECASE | re.MULTILINE
        ).search(self.text, 0, self.start(self.above + 1))
        return self.line_at(found.start()) if found else 1
