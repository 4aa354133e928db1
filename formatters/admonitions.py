"""Boxes of MkDocs, Docusaurus and GitHub as quotations under a bold title.

Pure; a line stays a line, so that whatever stands below keeps its number.
"""

import re
from collections.abc import Iterator, Sequence

# fmt: off
KINDS = frozenset((
    "note", "tip", "info", "warning", "danger", "caution", "important", "success", "question",
    "failure", "bug", "example", "quote", "abstract", "summary", "tldr", "hint", "attention",
    "error", "check", "todo", "details", "seealso", "secondary", "callout", "admonition",
))
# fmt: on
_ALERT = re.compile(r"([ \t>]*>[ \t]?)\[!(\w{2,20})\][+-]?[ \t]*(.*)$")
_MKDOCS = re.compile(
    r"([ \t]*)(?:(?:!!!|\?\?\?\+?)[ \t]+([a-z][\w-]{0,30})(?:[ \t]+[\w-]{1,30}){0,3}|===[!+]?(?=[ \t]+\"))"
    r"(?:[ \t]+\"([^\"]*)\")?[ \t]*$"
)
_OPEN = re.compile(
    r"([ \t]*):{3,}[ \t]*(?:\{[ \t.#]*([\w-]{1,40})[^{}]*\}|([\w-]{1,40})(?:\{[^{}]*\})?)"
    r"(?:\[([^\]]*)\])?[ \t]*(.*)$"
)
_CLOSE = re.compile(r"[ \t]*:{3,}[ \t]*$")
_INDENT = 4  # of what stands inside a box of MkDocs
_MAX_BOXES = 8  # in one another; every line is touched once for each


def boxed(lines: Sequence[str], is_code: Sequence[bool], left_out: list[str]) -> list[str]:
    """The lines with boxes made into quotations.

    Args:
        lines: of Markdown.
        is_code: which of them are code; as many.
        left_out: is given the signs that went.
    """
    kept = list(lines)
    for opens, closes in _containers(lines, is_code):
        _contain(kept, opens, closes, left_out)
    number = 0
    while number < len(kept):
        if not is_code[number]:
            found = _ALERT.match(kept[number])
            if found and found[2].lower() in KINDS:
                kept[number] = f"{found[1]}{_title(found[2], found[3])}"
                left_out.append(f"[!{found[2]}]")
            elif found := _MKDOCS.match(kept[number]):
                number = _indented(kept, number, found, left_out)
        number += 1
    return kept


def label(kind: str, title: str = "") -> str:
    """What stands above a box: its title, or the name of its kind; "" if that says nothing."""
    name = kind.lower().removeprefix("callout-").removeprefix("alert-")
    said = title.strip() or (name.capitalize() if name in KINDS else "")
    return f"<strong>{said}</strong>" if said else ""


def _title(kind: str, title: str | None) -> str:
    """The title on a line of its own; two spaces end it."""
    said = label(kind, title or "")
    return f"{said}  " if said else ""


# ------------------------------------------------------------------ MkDocs


def _indented(lines: list[str], number: int, found: re.Match[str], left_out: list[str]) -> int:
    """Make a box whose text is indented into a quotation. Returns the last line of it."""
    indent, kind, title = found[1], found[2] or "", found[3]
    inner = f"{indent}{' ' * _INDENT}"
    end = number
    for at in range(number + 1, len(lines)):
        if lines[at].startswith((inner, f"{indent}\t")):
            end = at
        elif lines[at].strip():
            break
    if end == number and title is None:
        return number  # only loud
    left_out.append(lines[number].strip())
    said = kind.capitalize() if title is None else title
    lines[number] = f"{indent}> {_title(kind, said)}" if said else f"{indent}>"
    for at in range(number + 1, end + 1):
        text = lines[at].removeprefix(indent)
        text = text[1:] if text.startswith("\t") else text[_INDENT:]
        lines[at] = f"{indent}> {text}"
    return end


# ------------------------------------------------------------------ Docusaurus and its kin


def _containers(lines: Sequence[str], is_code: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last line of every box between `:::` and `:::`, inner ones first."""
    opened: list[int] = []
    for number, line in enumerate(lines):
        if is_code[number] or ":::" not in line:
            continue
        if _CLOSE.match(line):
            if opened:
                yield opened.pop(), number
        elif len(opened) < _MAX_BOXES and _OPEN.match(line):
            opened.append(number)


def _contain(lines: list[str], opens: int, closes: int, left_out: list[str]) -> None:
    left_out += (lines[opens].strip("> \t"), lines[closes].strip("> \t"))
    found = _OPEN.match(lines[opens])
    indent, braced, bare, bracketed, rest = found.groups() if found else ("",) * 5
    kind = (braced or bare or "").lower()
    title = f"{bracketed or ''} {rest or ''}"
    said = label(kind, title)
    lines[closes] = ""
    if not said:
        lines[opens] = ""
        return
    lines[opens] = f"{indent}> {said}  "
    for at in range(opens + 1, closes):
        if lines[at].startswith(indent):
            lines[at] = f"{indent}> {lines[at][len(indent) :]}"
