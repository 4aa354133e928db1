"""What of an issue is worth a glance: its topics, and of each the lines to read first.

Pure. What every issue repeats, and what is known already, is no news.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from formatters.document import ListBlock, Quote, Section, SectionKind, Table
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

_NO_LETTER = re.compile(r"\W+")
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


@dataclass(frozen=True, slots=True)
class _Part:
    """A section with what it lists."""

    section: Section
    news: tuple[Line, ...]


def topics(sections: Sequence[Section], *, known: Sequence[str]) -> tuple[Topic, ...]:
    """The topics of an issue in its order: its sections or, where they are many, the upper ones.

    A line is one thing that the section lists; of plain prose it is the first paragraph.
    Sections without a heading, and those that only greet, are no topics; lines that only repeat
    what is `known`, such as the issue's title, are not shown.
    """
    told = [_Part(s, _news(s)) for s in sections if plain(s.title) and not _greets(s)]
    old = tuple(filter(None, map(_squeezed, known)))
    each = [_topic([part], old) for part in told]
    if sum(bool(topic.lines) for topic in each) > _FEW:
        return tuple(_topic(group, old) for group in _under_upper(told))
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


def clean(text: str) -> str:
    """Words that are said again, without marks that mean nothing away from their place."""
    return " ".join(STRAY.sub("", text).split()) or text


def repeats(text: str, known: Sequence[str]) -> bool:
    """Whether a text says what is known already, and hardly more."""
    return _repeats(text, tuple(filter(None, map(_squeezed, known))))


def _squeezed(text: str) -> str:
    """A text's letters and digits alone, as they are compared."""
    return _NO_LETTER.sub("", text.casefold())


def _repeats(text: str, known: Sequence[str]) -> bool:
    said = _squeezed(text)
    return any(said in old or (old in said and len(said) < 2 * len(old)) for old in known)


def _greets(section: Section) -> bool:
    """Whether all that a section says is the same in every issue."""
    if STANDING.search(plain(section.title)):
        return True
    first = plain(next(lines(section.blocks), ()))
    return bool(STANDING.search(first)) and not listed(section)


def _leads(parts: Sequence[_Part]) -> list[bool]:
    """For each section whether the next one belongs to it."""
    deeper = (low.section.level > top.section.level for top, low in pairwise(parts))
    return [*deeper, False][: len(parts)]


def _under_upper(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Sections with those below them, cut at the first level that occurs more than once."""
    levels = [part.section.level for part in parts]
    top = next((level for level in levels if levels.count(level) > 1), max(levels))
    group: list[_Part] = []
    for part in parts:
        if group and part.section.level <= top:
            yield group
            group = []
        group.append(part)
    yield group


def _topic(group: Sequence[_Part], known: Sequence[str]) -> Topic:
    head, *below = group
    each = [
        part.news or (() if leads else _named(part.section))
        for part, leads in zip(below, _leads(below), strict=True)
    ]
    mixed = (line for rank in zip_longest(*each, fillvalue=()) for line in rank if line)
    found = (*head.news, *mixed) or _told([part.section for part in group])
    fit = [line for line in found if _is_fit(plain(line), known)]
    return Topic(plain(head.section.title), tuple(sorted(fit, key=is_reference)), len(found))


def _is_fit(text: str, known: Sequence[str]) -> bool:
    return not (STRAY.search(text) or _repeats(text, known))


def _news(section: Section) -> tuple[Line, ...]:
    """What a section lists, without words that there is nothing.

    One that opens with a quotation is about that, whatever list stands below it.
    """
    if section.kind is SectionKind.OTHER and isinstance(
        next(iter(section.blocks), None), Quote
    ):
        return ()
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
