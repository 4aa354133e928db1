"""What of an issue is worth a glance: its topics, and of each the lines to read first.

Pure. What every issue repeats, and what is known already, is no news.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from formatters.document import ListBlock, Section, Table
from formatters.listing import Line, as_line, is_reference, lines, listed, prose
from formatters.sections import plain

_FEW = 6  # sections that fit one screen; where there are more, the upper ones stand for them

STANDING = re.compile(
    "每周精选|欢迎留言|欢迎大家|扫码关注|搜索群号|互动群"
    "|welcome to another|weekly summary|weekly newsletter",
    re.IGNORECASE,
)
"""Words that newsletters repeat, for as long as there are no older issues to tell what stands."""

STRAY = re.compile(r"^\s*[>|]+|\*+|~~+|`+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
"""Marks of Markdown that came to nothing."""

_NOTHING = re.compile(
    r"^\W*no\b.{0,80}\b(?:this week|currently)\b|^\W*(?:暂无|none\b\W*$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading of the issue and its lines; () where it has none to show.

    `count` tells how many lines there are with those that are not fit to be shown.
    """

    title: str
    lines: tuple[Line, ...]
    count: int


def topics(sections: Sequence[Section], *, known: Sequence[str]) -> tuple[Topic, ...]:
    """The topics of an issue in its order: its sections or, where they are many, the upper ones.

    A line is one thing that the section lists; of plain prose it is the first paragraph.
    Sections without a heading, and those that only greet, are no topics; lines that only repeat
    what is `known`, such as the issue's title, are not shown.
    """
    told = [s for s in sections if plain(s.title) and not _greets(s)]
    each = [_topic([section], known) for section in told]
    if sum(bool(topic.lines) for topic in each) > _FEW:
        return tuple(_topic(group, known) for group in _under_upper(told))
    return tuple(
        topic
        for topic, leads in zip(each, _leads(told), strict=True)
        if topic.lines or not leads
    )


def introduction(sections: Sequence[Section]) -> Line:
    """The first line before the first heading, () if there is none or it only greets.

    Nor is it told with marks in it that show, for they are hard to read on a card.
    """
    if not sections or sections[0].level:
        return ()
    first = next(prose(sections[0].blocks), ())
    text = plain(first)
    return () if STANDING.search(text) or STRAY.search(text) else first


def repeats(text: str, known: Sequence[str]) -> bool:
    """Whether a text says what is known already, and hardly more."""
    said, *before = (re.sub(r"\W", "", words.casefold()) for words in (text, *known))
    return any(
        said in old or (old in said and len(said) < 2 * len(old)) for old in before if old
    )


def _greets(section: Section) -> bool:
    """Whether all that a section says is the same in every issue."""
    if STANDING.search(plain(section.title)):
        return True
    first = plain(next(lines(section.blocks), ()))
    return bool(STANDING.search(first)) and not listed(section)


def _leads(sections: Sequence[Section]) -> list[bool]:
    """For each section whether the next one belongs to it."""
    deeper = (below.level > above.level for above, below in pairwise(sections))
    return [*deeper, False][: len(sections)]


def _under_upper(sections: Sequence[Section]) -> Iterator[list[Section]]:
    """Sections with those below them, cut at the first level that occurs more than once."""
    levels = [section.level for section in sections]
    top = next((level for level in levels if levels.count(level) > 1), max(levels))
    group: list[Section] = []
    for section in sections:
        if group and section.level <= top:
            yield group
            group = []
        group.append(section)
    yield group


def _topic(group: Sequence[Section], known: Sequence[str]) -> Topic:
    head, *below = group
    each = [
        _news(section) or (() if leads else _named(section))
        for section, leads in zip(below, _leads(below), strict=True)
    ]
    mixed = (line for rank in zip_longest(*each, fillvalue=()) for line in rank if line)
    found = (*_news(head), *mixed) or _told(group)
    fit = [line for line in found if _is_fit(plain(line), known)]
    return Topic(plain(head.title), tuple(sorted(fit, key=is_reference)), len(found))


def _is_fit(text: str, known: Sequence[str]) -> bool:
    return not (STRAY.search(text) or repeats(text, known))


def _news(section: Section) -> tuple[Line, ...]:
    """What a section lists, without words that there is nothing."""
    found = tuple(line for line in listed(section) if not _NOTHING.search(plain(line)))
    if found and any(isinstance(block, Table) for block in section.blocks):
        return (*_told([section]), *found)  # rows alone seldom say what they are about
    return found


def _named(section: Section) -> tuple[Line, ...]:
    """A section of prose below another one: its heading says what it is."""
    return (as_line(section.title),) if _told([section]) else ()


def _told(group: Sequence[Section]) -> tuple[Line, ...]:
    """The first line of a section's prose, () if it or one below says that there is nothing."""
    said = (plain(line) for section in group for line in lines(section.blocks))
    if any(map(_NOTHING.search, said)):
        return ()
    own = prose(block for block in group[0].blocks if not isinstance(block, ListBlock))
    good = (line for line in own if not (STANDING.search(plain(line)) or is_reference(line)))
    return tuple(line for line in [next(good, ())] if line)
