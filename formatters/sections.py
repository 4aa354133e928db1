"""A document cut at its headings, and what each stretch is about.

Pure: words against words. A community's own words come first (`Profile`), then these.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

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

_MAX_BOLD_HEADING = 40  # characters; a longer bold line is a sentence
_SENTENCE = re.compile("[，。！？；：,.!?;:～~…]")  # a label or a sentence, no heading
_WORD = re.compile(r"[a-z0-9]+")
_NOISE = re.compile(r"[\W_]+")

# Longer words win over shorter ones, so "社区活动回顾" is not taken for "活动".
_WORDS: Mapping[SectionKind, tuple[str, ...]] = {
    SectionKind.INTRO: ("about this week", "introduction", "editor s note", "前言", "卷首语", "编者按"),
    SectionKind.READING: (
        "news", "blog posts", "articles", "reading", "recommended reading", "tutorials", "resources",
        "links", "walkthroughs", "announcements", "newsletters", "observations", "videos", "podcasts",
        "updates from the community", "推荐阅读", "阅读", "精选文章", "好文推荐", "技术文章", "干货",
        "新闻", "资讯", "视频", "回放",
    ),
    SectionKind.QUESTIONS: (
        "questions", "q a", "faq", "questions and answers", "ask", "读者问答", "问答", "问题解答",
        "答疑", "常见问题", "issue 精选",
    ),
    SectionKind.RELEASES: (
        "releases", "release", "version updates", "new releases", "changelog", "project updates",
        "new versions", "发布", "版本", "项目进展", "新版本", "更新日志",
    ),
    SectionKind.EVENTS: (
        "events", "meetups", "upcoming events", "upcoming meetups", "calendar", "conferences",
        "meetings", "活动", "会议", "直播预告", "直播报名", "活动预告", "活动报名", "预告", "报名",
        "meetup", "线下", "沙龙",
    ),
    SectionKind.CONTRIBUTORS: (
        "contributors", "new contributors", "shoutouts", "thanks", "contributor", "贡献者", "贡献",
        "致谢", "感谢", "鸣谢",
    ),
    SectionKind.TASKS: (
        "call for participation", "help wanted", "good first issues", "calls for testing",
        "call for testing", "contribute", "新手任务", "任务计划", "任务", "社区任务",
    ),
    SectionKind.JOBS: ("jobs", "job", "hiring", "careers", "who is hiring", "招聘", "职位", "内推"),
    SectionKind.OTHER: (
        "release schedule", "quote of the week", "活动介绍", "活动规则", "活动议程", "回顾", "活动回顾",
        "会议回顾", "直播回顾", "活动指南", "活动流程", "活动奖品", "活动守则",
    ),
}  # fmt: skip


def sections_of(nodes: Sequence[Node], profile: Profile) -> tuple[Section, ...]:
    """Cut a document at its headings, losing nothing.

    A paragraph that is one short bold line heads a section too if it names a kind of section,
    and not a label (`**时间：**`). Its level is one below the heading above it. A heading whose
    own words say nothing is of the kind of the heading it stands under.

    Returns:
        Sections in order. Text before the first heading, if there is any, is an INTRO with an
        empty title and level 0.
    """
    sections: list[Section] = []
    head, blocks = Section(SectionKind.INTRO, (), 0, ()), list[Node]()
    above: list[tuple[int, SectionKind]] = []
    for node in nodes:
        found = _heading(node, above[-1][0] if above else 0, profile)
        if found is None:
            blocks.append(node)
            continue
        _close(sections, head, blocks)
        above = [(level, kind) for level, kind in above if level < found.level]
        inherited = above[-1][1] if above else SectionKind.OTHER
        kind = kind_named(plain(found.inlines), profile) or inherited
        is_line = not isinstance(node, Heading)
        if not is_line:
            above.append((found.level, kind))
        head = Section(kind, found.inlines, found.level, (), found.line, bold_line=is_line)
        blocks = []
    _close(sections, head, blocks)
    return tuple(sections)


def kind_named(title: str, profile: Profile) -> SectionKind | None:
    """The kind of section that a title names, None if it says nothing.

    The longest word in the title decides; of two as long, the profile's.
    """
    words = f" {' '.join(_WORD.findall(title.casefold()))} "
    letters = _NOISE.sub("", title.casefold())
    hits = [
        (len(phrase), kind)
        for table in (profile.sections, _WORDS)
        for kind, phrases in table.items()
        for phrase in phrases
        if _holds(words, letters, phrase.casefold())
    ]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None


def plain(inlines: Sequence[Inline]) -> str:
    """The text of a line, pictures and line ends left out."""
    return "".join(i.text if isinstance(i, Span) else " " for i in inlines).strip()


def _holds(words: str, letters: str, phrase: str) -> bool:
    """English by whole words, Chinese anywhere, for it has no gaps between words."""
    return _form(phrase) in (words if phrase.isascii() else letters)


@cache
def _form(phrase: str) -> str:
    """A phrase as it is looked for; there are some two hundred, looked for in every heading."""
    if phrase.isascii():
        return f" {' '.join(_WORD.findall(phrase))} "
    return _NOISE.sub("", phrase)


def _heading(node: Node, level: int, profile: Profile) -> Heading | None:
    """The node as a heading, if it is one or stands for one below `level`."""
    if isinstance(node, Heading):
        return node
    if not isinstance(node, Paragraph) or not all(map(_is_bold, node.inlines)):
        return None
    title = plain(node.inlines)
    if len(title) > _MAX_BOLD_HEADING or _SENTENCE.search(title):
        return None
    if kind_named(title, profile) in {None, SectionKind.OTHER}:
        return None
    return Heading(min(level + 1, 6), node.inlines, node.line)


def _is_bold(inline: Inline) -> bool:
    return isinstance(inline, Span) and (inline.bold or not inline.text.strip())


def _close(sections: list[Section], head: Section, blocks: Sequence[Node]) -> None:
    if head.title or blocks:
        sections.append(replace(head, blocks=tuple(blocks)))
