"""Which lines of Markdown are code, so that nothing in them is taken for more than code.

Pure. Knows fences, indented code, HTML's `pre`, and the pairs of Jekyll's and Hugo's tags that
hold code; these become fences. Lines stay where they are.
"""

import re
from collections.abc import Sequence

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_INDENTED = re.compile(r"(?: {4}|\t)[ \t]*\S")
_VERBATIM = re.compile(r"[ ]{0,3}<(pre|script|style|textarea)\b", re.IGNORECASE)
_HIGHLIGHT = re.compile(
    r"([ \t>]*)\{(?:%-?|\{[<%])\s*highlight\s+([\w+#.-]{1,40})[^{}]*\}{1,2}[ \t]*$"
)
_HIGHLIGHT_END = re.compile(r"([ \t>]*)\{(?:%-?\s*end|\{[<%]\s*/\s*)highlight\s*[-%>}]+[ \t]*$")
_TILDES = "~~~~~~"


def code_lines(lines: Sequence[str]) -> tuple[list[str], list[bool]]:
    """The lines with `highlight` tags made into fences, and which of the lines are code."""
    scan = _Scan(sum(map(bool, map(_HIGHLIGHT_END.match, lines))))
    kept = [scan.line(line) for line in lines]
    return kept, scan.is_code


class _Scan:
    """One walk from the first line to the last."""

    def __init__(self, highlight_ends: int) -> None:
        self.is_code: list[bool] = []
        self._ends = highlight_ends
        self._close: re.Pattern[str] | None = None
        self._in_list = False
        self._may_indent = True

    def line(self, line: str) -> str:
        if self._close is not None:
            return self._inside(line)
        found = _HIGHLIGHT.match(line)
        if found and self._ends > 0:
            return self._open(f"{found[1]}{_TILDES}{found[2]}", _HIGHLIGHT_END)
        if fence := _FENCE.match(line):
            sign = re.escape(fence[1])
            return self._open(
                line, re.compile(rf"[ \t>]*{sign}{re.escape(fence[1][0])}*[ \t]*$")
            )
        verbatim = _VERBATIM.match(line)
        if verbatim and f"</{verbatim[1].lower()}" not in line.lower():
            return self._open(line, re.compile(rf".*</{verbatim[1]}", re.IGNORECASE))
        self.is_code.append(self._indents(line) or bool(verbatim))
        return line

    def _open(self, line: str, close: re.Pattern[str]) -> str:
        self._close = close
        self.is_code.append(True)
        return line

    def _inside(self, line: str) -> str:
        self.is_code.append(True)
        found = self._close.match(line) if self._close else None
        if not found:
            return line
        is_highlight = self._close is _HIGHLIGHT_END
        self._close = None
        if not is_highlight:
            return line
        self._ends -= 1
        return f"{found[1]}{_TILDES}"

    def _indents(self, line: str) -> bool:
        """Whether a line is code by its indentation: not in lists, not right below text."""
        if not line.strip():
            self._may_indent = True
            return False
        if _ITEM.match(line) and not (self._may_indent and _INDENTED.match(line)):
            self._in_list = True
        elif not line[0].isspace() and self._may_indent:
            self._in_list = False
        is_code = self._may_indent and not self._in_list and bool(_INDENTED.match(line))
        self._may_indent = is_code
        return is_code
