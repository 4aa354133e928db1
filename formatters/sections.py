"""A document cut at its headings, and what each stretch is about.

Pure. What a heading names is decided by `formatters.kinds`.
"""

import re
from collections.abc import Sequence

from formatters.document import (
    Heading,
    Inline,
    Node,
    Paragraph,
    Profile,
    Section,
    SectionKind,
    Span,
)
from formatters.kinds import Kinds, kinds_of

_MAX_BOLD_HEADING = 40  # characters; a longer bold line is a sentence
_SENTENCE = re.compile("[，。！？；：,.!?;:～~…]")  # a label or a sentence, no heading
_NUMBER = re.compile(r"^\W{0,4}(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[.、．)）]\s*")
_WITH_PARTS = frozenset(
    (SectionKind.QUESTIONS, SectionKind.EVENTS, SectionKind.TASKS, SectionKind.JOBS)
)
_HALF = 0.5  # of a bold line, at the least, has to name a kind


def sections_of(nodes: Sequence[Node], profile: Profile) -> tuple[Section, ...]:
    """Cut a document at its headings, losing nothing.

    A paragraph that is one short bold line heads a section too if it names a kind of section,
    and not a label (`**时间：**`). Its level is one below the heading above it. A heading whose
    own words say nothing, or name what may be a part of it, is of the kind of the heading it
    stands under, unless that is the issue's title or its introduction.

    Returns:
        Sections in order. Text before the first heading, if there is any, is an INTRO with an
        empty title and level 0.
    """
    kinds = kinds_of(profile)
    sections: list[Section] = []
    head, blocks = Section(SectionKind.INTRO, (), 0, ()), list[Node]()
    above: list[tuple[int, SectionKind]] = []
    title = _title_of(nodes, kinds)
    for node in nodes:
        found = _heading(node, above[-1][0] if above else 0, kinds)
        if found is None:
            blocks.append(node)
            continue
        _close(sections, head, blocks)
        above = [(level, kind) for level, kind in above if level < found.level]
        inherited = above[-1][1] if above else SectionKind.OTHER
        named = kinds.named(plain(found.inlines))
        is_part = named is not None and named.is_weak and inherited in _WITH_PARTS
        kind = named.kind if named and not is_part else inherited
        kind = SectionKind.INTRO if node is title else kind
        is_line = not isinstance(node, Heading)
        if not is_line:
            handed = SectionKind.OTHER if kind is SectionKind.INTRO else kind
            above.append((found.level, handed))
        head = Section(kind, found.inlines, found.level, (), found.line, bold_line=is_line)
        blocks = []
    _close(sections, head, blocks)
    return tuple(sections)


def kind_named(title: str, profile: Profile) -> SectionKind | None:
    """The kind of section that a title names, None if it says nothing."""
    named = kinds_of(profile).named(title)
    return named.kind if named else None


def plain(inlines: Sequence[Inline]) -> str:
    """The text of a line, pictures and line ends left out."""
    return "".join(i.text if isinstance(i, Span) else " " for i in inlines).strip()


def _heading(node: Node, level: int, kinds: Kinds) -> Heading | None:
    """The node as a heading, if it is one or stands for one below `level`."""
    if isinstance(node, Heading):
        return node
    if not isinstance(node, Paragraph) or not all(map(_is_bold, node.inlines)):
        return None
    title = plain(node.inlines)
    if len(title) > _MAX_BOLD_HEADING or _SENTENCE.search(_NUMBER.sub("", title)):
        return None
    named = kinds.named(title)
    if named is None or named.kind is SectionKind.OTHER or named.share < _HALF:
        return None
    return Heading(min(level + 1, 6), node.inlines, node.line)


def _title_of(nodes: Sequence[Node], kinds: Kinds) -> Heading | None:
    """The heading that is the title of all: the first, alone above others, that names no kind."""
    headings = [node for node in nodes if isinstance(node, Heading)]
    if len(headings) < 3 or headings[0].level >= min(h.level for h in headings[1:]):  # noqa: PLR2004  it and two below
        return None
    named = kinds.named(plain(headings[0].inlines))
    return headings[0] if named is None or named.share < _HALF else None


def _is_bold(inline: Inline) -> bool:
    return isinstance(inline, Span) and (inline.bold or not inline.text.strip())


def _close(sections: list[Section], head: Section, blocks: Sequence[Node]) -> None:
    if head.title or blocks:
        kind, title, level = head.kind, head.title, head.level
        sections.append(
            Section(kind, title, level, tuple(blocks), head.line, bold_line=head.bold_line)
        )
