"""What an issue repeats from those before it: standing text, which is no news.

Pure. A line stands when enough of the latest older issues have it, numbers in it aside, or when
it is a standing line of theirs with few words changed. Of an issue only its traces are kept, so
that nothing is read twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from formatters.document import (
    CodeBlock,
    Divider,
    Heading,
    Inline,
    Item,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Post,
    Quote,
    Section,
    Span,
    Table,
)
from formatters.prints import OPEN, Line, code, columns, letters_of, line, lines_of, parted, row

FORM = "1"
"""The form of prints: those of another one cannot be compared with ours."""
WINDOW = 8
"""So many older issues are looked at."""

_STANDS = "*"  # before a print: the line stands
_SHORTEST = 24  # columns; of shorter lines a word changed makes another line
_ALIKE = 0.7  # of all threes of letters of two lines that are almost the same
_MOST_OLD, _MOST_NEW = (
    150,
    600,
)  # lines that are compared by their letters; real issues have fewer
_LATEST = 3  # issues whose standing lines may come again with words changed
_START = (1, 1, 2, 2, 2)  # older issues that must have a line while there are few; later 3
_START_OPEN = (3, 3, 3, 3, 4, 5)  # the same for what stays open for weeks; later 6


@dataclass(frozen=True, slots=True)
class Traces:
    """What is remembered of an issue.

    `prints` names its lines without telling them, and which of them stand; `standing` holds the
    lines that stand as plain text shows them, one below the other.
    """

    prints: str
    standing: str


def traces(lines: Iterable[Line], older: Sequence[Traces]) -> Traces:
    """Say what of an issue stands.

    Args:
        lines: all lines of the issue, in order (`formatters.prints.lines_of`).
        older: traces of issues older than it, the latest first; () for the first issue, of
            which nothing stands.
    """
    comparable = [one for one in older if is_current(one.prints)][:WINDOW]
    seen = Counter(name for one in comparable for name in _names(one.prints))
    told = _Told(one.standing for one in comparable[:_LATEST])
    prints: dict[str, None] = {}
    standing: dict[str, None] = {}
    for one in lines:
        if not one.print:
            continue
        stands = seen[one.print] >= _needed(len(comparable), one) or told.has(one)
        prints[f"{_STANDS if stands else ''}{one.print}"] = None
        if stands:
            standing[one.text] = None
    return Traces(" ".join((FORM, *prints)), "\n".join(filter(None, standing)))


def is_current(prints: str) -> bool:
    """Whether prints can be compared with those that `traces` makes."""
    return prints.split(" ", 1)[0] == FORM


def standing_in(prints: str) -> frozenset[str]:
    """The lines that stand, as a post wants to know them (`Post.standing`)."""
    if not is_current(prints):
        return frozenset()
    return frozenset(one[1:] for one in prints.split(" ") if one.startswith(_STANDS))


def stands(text: str, standing: frozenset[str]) -> bool:
    """Whether a line of words alone stands, such as a header's description."""
    return bool(standing) and line((Span(text),), is_open=False).print in standing


def fresh(sections: Sequence[Section], standing: frozenset[str]) -> tuple[Section, ...]:
    """Sections without what stands.

    A section that held nothing else goes with its heading, unless sections below it remain.
    """
    if not standing:
        return tuple(sections)
    kept: list[Section] = []
    for section in reversed(sections):
        blocks = tuple(_Sieve(standing, is_open=section.kind in OPEN).through(section.blocks))
        leads = bool(kept) and kept[-1].level > section.level
        tells = any(not isinstance(block, Divider) for block in blocks)
        if tells or leads or not section.blocks:
            kept.append(replace(section, blocks=blocks))
    return tuple(reversed(kept))


def without_standing(post: Post) -> Post:
    """A post without what stands in it; what was left out is told in `omitted`."""
    kept = replace(post, sections=fresh(post.sections, post.standing))
    remaining = {one.text for one in lines_of(kept)}
    left = dict.fromkeys(
        one.text for one in lines_of(post) if one.text and one.text not in remaining
    )
    return replace(kept, omitted=(*post.omitted, *left))


# ------------------------------------------------------------------ what comes again


class _Told:
    """Standing lines of before, found again although words in them were changed."""

    def __init__(self, standing: Iterable[str]) -> None:
        told = dict.fromkeys(text for lines in standing for text in lines.split("\n"))
        letters = dict.fromkeys(letters_of(text, keep_numbers=False) for text in told)
        long = [told for told in letters if columns(told) >= _SHORTEST]
        self._threes = [_threes(told) for told in long[:_MOST_OLD]]
        self._left = _MOST_NEW

    def has(self, one: Line) -> bool:
        if not self._threes or columns(one.letters) < _SHORTEST or not self._left:
            return False
        self._left -= 1
        mine = _threes(one.letters)
        return any(
            len(mine & theirs) >= _ALIKE * len(mine | theirs)
            for theirs in self._threes
            if _ALIKE <= len(mine) / len(theirs) <= 1 / _ALIKE
        )


def _threes(letters: str) -> frozenset[str]:
    return frozenset(letters[at : at + 3] for at in range(len(letters) - 2))


def _needed(issues: int, one: Line) -> int:
    """In how many older issues a line must have been, if there are so many of them."""
    start = _START_OPEN if one.is_open else _START
    return start[issues] if issues < len(start) else start[-1] + 1


def _names(prints: str) -> frozenset[str]:
    return frozenset(one.removeprefix(_STANDS) for one in prints.split(" ")[1:])


# ------------------------------------------------------------------ blocks without them


@dataclass(frozen=True, slots=True)
class _Sieve:
    """Lets through what does not stand."""

    standing: frozenset[str]
    is_open: bool

    def through(self, nodes: Iterable[Node]) -> Iterator[Node]:
        return (kept for node in nodes for kept in self._one(node))

    def _one(self, node: Node) -> Iterator[Node]:
        match node:
            case Paragraph():
                lines = [one for one in parted(node.inlines) if self._is_fresh(one)]
                joined = tuple(i for one in lines for i in (*one, LineBreak()))[:-1]
                yield from (replace(node, inlines=joined),) if joined else ()
            case ListBlock():
                items = tuple(self._items(node))
                yield from (replace(node, items=items),) if items else ()
            case Quote():
                blocks = tuple(self.through(node.blocks))
                yield from (replace(node, blocks=blocks),) if blocks else ()
            case _:
                yield from self._whole(node)

    def _whole(self, node: CodeBlock | Table | Heading | Divider) -> Iterator[Node]:
        match node:
            case CodeBlock():
                yield from (node,) if self._is_fresh(code(node)) else ()
            case Table():
                rows = tuple(one for one in node.rows if self._is_fresh(row(one)))
                yield from (replace(node, rows=rows),) if rows else ()
            case Heading() | Divider():
                yield node
            case _:
                assert_never(node)

    def _items(self, node: ListBlock) -> Iterator[Item]:
        """What is left of each item; one that leads what is new stays with it, as its label."""
        for item in node.items:
            label, rest = item.blocks[:1], tuple(self.through(item.blocks[1:]))
            blocks = (*label, *rest) if rest else tuple(self.through(label))
            if blocks or not item.blocks:
                yield replace(item, blocks=blocks)

    def _is_fresh(self, inlines: Sequence[Inline]) -> bool:
        return line(inlines, is_open=self.is_open).print not in self.standing
