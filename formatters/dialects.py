"""Markdown as generators of sites write it, to Markdown that one reader understands.

Shortcodes, boxes, attributes, imports and names of emoji, never inside code. Pure, linear in
the length of the text, and a line stays a line: what stands below keeps its number.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from formatters.admonitions import boxed
from formatters.fences import code_lines
from formatters.shortcodes import address, parsed, put_out, shown

_SIGNS = (
    "{",
    ":::",
    "!!! ",
    "??? ",
    "???+",
    '=== "',
    ">[!",
    "> [!",
    ">\t[!",
    "\nimport ",
    "\nexport ",
)
_INVISIBLE = ("\ufeff", "\u200b", "\u2060", "\u00ad")
_EMOJI = (
    r":(?<![A-Za-z0-9_:/=&?#.%-]:)[a-z0-9_+-]{1,40}:(?::[a-z0-9_+-]{1,40}:)*(?![A-Za-z0-9_:/])"
)
_HAS_EMOJI = re.compile(_EMOJI)
_HIDES = re.compile(
    "^([ \t>]*)[\ufeff\u200b\u2060\u00ad]+(?=[ \t]*(?:#{1,6}[ \t]|[-*+>][ \t]|[0-9]{1,9}[.)][ \t]|```|~~~|\\|))",
    re.MULTILINE,
)
_IMPORT = re.compile(
    r"import\s(?:[\w*{}\s,$]{1,200}?\sfrom\s)?\s{0,9}(?P<q>['\"])[^'\"]{1,200}(?P=q);?\s*$"
    r"|export\s+(?:const|let|var|default|function|async)\b.{0,1000}[;})\]'\"]\s*$"
)
_EXPORT = re.compile(r"export\s+(?:const|let|var|default|function|async)\b.*[({\[>]\s*$")
_EXPORTED = 60  # lines of a component in a post
_TOKEN = re.compile(
    r"(?P<ticks>`+)|(?P<tag></?code\b)"
    r"|\{\{<(?P<hugo>[^{}]{0,2000}?)>\}\}|\{\{%(?P<percent>[^{}]{0,2000}?)%\}\}"
    r"|\{%-?(?P<liquid>[^{}]{0,2000}?)-?%\}"
    r"|\{\{-?(?P<output>[^{}<>%\n]{1,200}?)-?\}\}"
    r"|(?P<kramdown>\{::?[^{}\n]{0,200}\})"
    r"|(?<=[)\]])(?P<attributes>\{ ?[.#:\w][^{}\n]{0,200}\})"
    r"|(?<![ \t])[ \t]{0,20}(?P<heading>\{[#.][^{}\n]{0,200}\})(?=[ \t]*#*[ \t]*$)"
    r"|(?P<remark>\{/\*[^{}]{0,2000}?\*/\})"
    r"|<(?P<component>[A-Z][\w.]{0,40}\s[^<>]{0,500})/>"
    rf"|(?P<emoji>{_EMOJI})",
    re.MULTILINE,
)
_VALUE = r"=(?:\"[^\"]*+\"|'[^']*+'|[\w%.-]++)"
_KRAMDOWN = re.compile(
    rf"\{{::?\s*+(?:[\w-]++:\s*+)?(?:(?:[.#][\w-]++|[\w-]++{_VALUE}|/?(?:toc|no_toc|nomarkdown|comment))\s*+)*+/?\}}"
)
_ATTRIBUTES = re.compile(rf"\{{[ :]*+(?:(?:[.#][\w:/-]++|[\w-]++{_VALUE})\s*+)++\}}")
_COMMENT = re.compile(r"\{%-?\s{0,9}(end)?comment\s{0,9}-?%\}")
_LINKS = frozenset(("button", "btn", "a", "extlink", "link-button", "linkbutton"))
_REACH = 500  # characters between the two tags of a link
_ESCAPED = "/*"  # a shortcode that is shown as it stands


def translated(text: str, emoji: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """Text with what only a site's generator understands made into Markdown.

    Args:
        text: Markdown.
        emoji: the sign that a name such as `:tada:` stands for, the name itself if for none.

    Returns:
        As many lines of Markdown, and the signs that were left out on purpose.
    """
    if any(sign in text for sign in _INVISIBLE):
        text = _HIDES.sub(r"\1", text)
    has_signs = any(sign in text for sign in _SIGNS) or text.startswith(("import ", "export "))
    if not has_signs and not _HAS_EMOJI.search(text):
        return text, ()
    left_out: list[str] = []
    if "endcomment" in text:
        text = _without_comments(text, left_out)
    lines, is_code = code_lines(text.split("\n"))
    lines = boxed(lines, is_code, left_out)
    lines, is_code = code_lines(_without_imports(lines, is_code, left_out))
    writer = _Writer(emoji, left_out)
    kept = [part if code else writer.prose(part) for part, code in _stretches(lines, is_code)]
    return "\n".join(kept), tuple(left_out)


def _without_comments(text: str, left_out: list[str]) -> str:
    kept: list[str] = []
    at, start = 0, -1
    for found in _COMMENT.finditer(text):
        if not found[1]:
            start = found.start() if start < 0 else start
        elif start >= 0:
            gone = text[start : found.end()]
            left_out.append(gone)
            kept += (text[at:start], "\n" * gone.count("\n"))
            at, start = found.end(), -1
    return "".join([*kept, text[at:]])


def _without_imports(
    lines: list[str], is_code: Sequence[bool], left_out: list[str]
) -> list[str]:
    """MDX begins with lines for its compiler; they stand after nothing or their own kind."""
    may_begin = True
    open_to = -1  # the last line of a piece of code over several lines
    for number, line in enumerate(lines):
        if may_begin and not is_code[number]:
            if _EXPORT.match(line):
                open_to = _end_of_export(lines, number)
            if number <= open_to or _IMPORT.match(line):
                left_out.append(line)
                lines[number] = ""
        may_begin = not lines[number].strip()
    return lines


def _end_of_export(lines: Sequence[str], start: int) -> int:
    """The line at the left edge that closes what an `export` opened, -1 without one nearby."""
    for number in range(start + 1, min(start + _EXPORTED, len(lines))):
        if lines[number].startswith((")", "}", "]")):
            return number
        if not lines[number].strip():
            break
    return -1


def _stretches(lines: Sequence[str], is_code: Sequence[bool]) -> Iterator[tuple[str, bool]]:
    """Lines joined to stretches of code and of text; a blank line ends text."""
    start = 0
    for number in range(1, len(lines) + 1):
        ends = number == len(lines) or is_code[number] != is_code[start]
        if ends or not lines[number - 1].strip():
            yield "\n".join(lines[start:number]), is_code[start]
            start = number


@dataclass(frozen=True, slots=True)
class _Around:
    """Where a token stands."""

    text: str
    start: int
    end: int

    def before(self) -> str:
        """The line up to it."""
        return self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start]

    def behind(self) -> str:
        """What soon follows."""
        return self.text[self.end : self.end + _REACH]


class _Writer:
    """Rewrites stretches of text that hold no lines of code."""

    def __init__(self, emoji: Callable[[str], str], left_out: list[str]) -> None:
        self._emoji = emoji
        self._left_out = left_out
        self._links: list[str] = []

    def prose(self, text: str) -> str:
        tokens = list(_TOKEN.finditer(text))
        if not tokens:
            return text
        ends = _code_ends(tokens)
        kept: list[str] = []
        at = skip = 0
        for number, token in enumerate(tokens):
            if number < skip:
                continue
            if token["ticks"] or token["tag"]:
                skip = ends[number]
                continue
            said = self._said(token, text)
            if said is not None:
                ends_line = not said and text[token.end() : token.end() + 1] in {"", "\n"}
                before = text[at : token.start()]
                kept += (before.rstrip(" ") if ends_line else before, said)
                at = token.end()
        return "".join([*kept, text[at:]])

    def _said(self, token: re.Match[str], text: str) -> str | None:
        """What stands for a token, None if it stands for itself."""
        kind = token.lastgroup or ""
        around = _Around(text, token.start(), token.end())
        said = _READ[kind](self, token[kind], around)
        if said is None:
            return None
        self._left_out.append(token[0].strip())
        return said + "\n" * token[0].count("\n")

    def emoji(self, names: str, _around: "_Around") -> str | None:
        signs = re.sub(r":[^:]+:", lambda name: self._emoji(name[0]), names)
        return None if signs == names else signs

    def tag(self, inner: str, around: "_Around") -> str | None:
        """A shortcode; of two that enclose the text of a link, the brackets of it."""
        if inner.lstrip().startswith(_ESCAPED):
            return None
        tag = parsed(inner)
        if tag.name not in _LINKS:
            return shown(tag)
        if tag.closes:
            return f"](<{self._links.pop()}>)" if self._links else ""
        href = tag.get("href", "url", "link", at=0)
        if not href or f"/{tag.name}" not in around.behind():
            return shown(tag)
        self._links.append(address(href))
        return "["


def _code_ends(tokens: Sequence[re.Match[str]]) -> list[int]:
    """For each token the number of the one behind its code; the next if it begins none."""
    ends = [0] * len(tokens)
    next_of: dict[str, int] = {}
    for number in range(len(tokens) - 1, -1, -1):
        token = tokens[number]
        sign = token["ticks"] or token["tag"] or ""
        closer = "</code" if sign == "<code" else sign
        ends[number] = next_of.get(closer, number) + 1 if sign != "</code" else number + 1
        if sign:
            next_of[sign] = number
    return ends


# ------------------------------------------------------------------ one kind of token, one function


def _output(_writer: _Writer, inner: str, _around: _Around) -> str | None:
    return put_out(inner)


def _kramdown(_writer: _Writer, token: str, _around: _Around) -> str | None:
    return "" if _KRAMDOWN.fullmatch(token) else None


def _attributes(_writer: _Writer, token: str, _around: _Around) -> str | None:
    return "" if _ATTRIBUTES.fullmatch(token) else None


def _heading(_writer: _Writer, token: str, around: _Around) -> str | None:
    heads = around.before().lstrip("> ").startswith("#")
    return "" if heads and _ATTRIBUTES.fullmatch(token) else None


def _nothing(_writer: _Writer, _token: str, _around: _Around) -> str | None:
    return ""


def _component(_writer: _Writer, inner: str, _around: _Around) -> str | None:
    return shown(parsed(_BRACES.sub("", inner)))


_BRACES = re.compile("[{}]")
_READ: dict[str, Callable[[_Writer, str, _Around], str | None]] = {
    "hugo": _Writer.tag,
    "percent": _Writer.tag,
    "liquid": _Writer.tag,
    "output": _output,
    "kramdown": _kramdown,
    "attributes": _attributes,
    "heading": _heading,
    "remark": _nothing,
    "component": _component,
    "emoji": _Writer.emoji,
}
