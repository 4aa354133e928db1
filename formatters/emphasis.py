"""Bold marks that no Markdown reader understands, understood as their author meant them.

`**Title: **text` has a space inside its marks, so the page shows asterisks. Only marks that
show are looked at, in pairs; what could be a power, a pattern of files or an argument stays.
Pure; knows no tags. Linear in the length of the line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from formatters.document import Inline, LineBreak, Span

MARK = "**"
_SEAM = re.compile(
    r"(?<=[^\s*A-Za-z0-9])\*{4}(?=[^\s*])|(?<=[^\s*])\*{4}(?=[^\s*A-Za-z0-9])"
)  # between two bold texts; between letters it may hide something
_RUN = re.compile(r"(?<!\*)(\*{2,3})(?!\*)")
_ASCII = re.compile(r"[A-Za-z0-9]")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef“”‘’…—]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_PATHS = frozenset("/\\*")
_LABELS = frozenset(":：!?！？。）】」』》”…")  # a bold label ends with one of these
_OTHER = "\ufffc"  # stands for a neighbour of another kind: a picture, a link, code


@dataclass(slots=True)
class _Mark:
    """A run of stars. `before` and `after` are the signs beside it, "" at a line's edge."""

    stars: str
    style: Span
    before: str = ""
    after: str = ""
    last: str = ""  # the last sign before that is no space
    next: str = ""  # the first sign after that is no space
    drop: bool = False

    def opens(self) -> bool:
        if self.after.isspace():
            return bool(_CJK.match(self.next)) or not (
                self.before.isspace() or _is_word(self.before)
            )
        if not self.after or self.after in _PATHS or self.before in _PATHS:
            return False
        return not _ASCII.match(self.before) or bool(_CJK.match(self.after))

    def closes(self, start: "_Mark") -> bool:
        if self.stars != start.stars or not self.before or self.after in _PATHS:
            return False
        if not self.before.isspace():
            return self.before not in "/\\(["
        if self.last in _LABELS:
            return True
        if self.after.isspace():
            return not start.before or bool(_CJK.match(self.last))
        return not _ASCII.match(self.after)


_Token: TypeAlias = Inline | _Mark


def mended(inlines: Sequence[Inline]) -> list[Inline]:
    """The same line with the pairs of marks that show taken away and their text in bold.

    Args:
        inlines: a line's, not yet joined: a star that its author wrote with a backslash is a
            text of its own.
    """
    tokens = [token for inline in inlines for token in _tokens(inline)]
    _look_around(tokens)
    return _joined(tokens, list(_pairs(tokens)))


def _tokens(inline: Inline) -> Iterator[_Token]:
    if not isinstance(inline, Span) or inline.code:
        yield inline
        return
    text = _SEAM.sub("", inline.text) if inline.bold else inline.text
    for number, part in enumerate(_RUN.split(text)):
        if number % 2:
            yield _Mark(part, inline)
        elif part:
            yield inline._replace(text=part)


def _look_around(tokens: Sequence[_Token]) -> None:
    """Tell every mark what stands before it, then, from the end, what stands behind it."""
    at: _Token = LineBreak()
    edge = last = ""
    for token in tokens:
        if isinstance(token, _Mark):
            same = _is_kin(at, token)
            token.before, token.last = (edge, last) if same else (edge and _OTHER, _OTHER)
        else:
            edge, last = _edge(token, edge, last, -1)
            at = token
    at, edge, last = LineBreak(), "", ""
    for token in reversed(tokens):
        if isinstance(token, _Mark):
            same = _is_kin(at, token)
            token.after, token.next = (edge, last) if same else (edge and _OTHER, _OTHER)
        else:
            edge, last = _edge(token, edge, last, 0)
            at = token


def _edge(token: Inline, edge: str, last: str, side: int) -> tuple[str, str]:
    """The sign at one side of a token, and the one there that is no space."""
    if isinstance(token, LineBreak):
        return "", ""
    if not isinstance(token, Span):
        return _OTHER, _OTHER
    seen = _INVISIBLE.sub("", token.text)
    if not seen:
        return edge, last
    bare = seen.strip()
    return seen[side], bare[side] if bare else last


def _is_kin(one: _Token, mark: _Mark) -> bool:
    """Whether a neighbour's signs tell something: those of links and code do not."""
    if not isinstance(one, Span):
        return isinstance(one, LineBreak)
    return one.url == mark.style.url and one.code == mark.style.code


def _pairs(tokens: Sequence[_Token]) -> Iterator[tuple[int, int]]:
    start = -1
    for at, token in enumerate(tokens):
        if not isinstance(token, _Mark):
            continue
        opener = tokens[start] if start >= 0 else None
        if isinstance(opener, _Mark) and token.closes(opener):
            opener.drop = token.drop = True
            yield start, at
            start = -1
        elif token.opens():
            start = at


def _joined(tokens: Sequence[_Token], pairs: Sequence[tuple[int, int]]) -> list[Inline]:
    kept: list[Inline] = []
    ends = iter(pairs)
    start, end = next(ends, (len(tokens), len(tokens)))
    after_space, is_bare = True, False
    for at, token in enumerate(tokens):
        if at > end:
            start, end = next(ends, (len(tokens), len(tokens)))
        if isinstance(token, _Mark) and token.drop:
            is_bare = after_space
            continue
        made = _styled(token, tokens[start] if start < at < end else None)
        if isinstance(made, Span):
            if is_bare:
                made = made._replace(text=made.text.lstrip(" "))
            if not made.text:
                continue
            after_space = made.text.endswith(" ")
        else:
            after_space = isinstance(made, LineBreak)
        kept.append(made)
        is_bare = False
    return kept


def _styled(token: _Token, opener: _Token | None) -> Inline:
    span = token.style._replace(text=token.stars) if isinstance(token, _Mark) else token
    if isinstance(opener, _Mark) and isinstance(span, Span):
        return span._replace(bold=True, italic=span.italic or len(opener.stars) > len(MARK))
    return span


def _is_word(sign: str) -> bool:
    return bool(_ASCII.match(sign)) or sign == ")"
