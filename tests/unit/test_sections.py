"""Headings to sections and their kinds."""

import pytest

from formatters.document import Heading, Node, Paragraph, Profile, Section, SectionKind, Span
from formatters.html import to_document
from formatters.markdown import to_html
from formatters.sections import kind_named, plain, sections_of

BARE = Profile()


def sections(markdown: str, profile: Profile = BARE) -> tuple[Section, ...]:
    nodes, _ = to_document(to_html(markdown), base_url="", post_url="")
    return sections_of(nodes, profile)


def shape(markdown: str) -> list[tuple[str, str, int]]:
    return [(s.kind.value, plain(s.title), s.level) for s in sections(markdown)]


def test_text_before_the_first_heading_is_the_introduction():
    """It has no title and level 0; without such text there is no such section."""
    assert shape("a\n\n# News") == [("intro", "", 0), ("reading", "News", 1)]
    assert shape("# News") == [("reading", "News", 1)]
    assert shape("") == []


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("本周推荐阅读", "reading"),
        ("每周读者问答提炼", "questions"),
        ("SOFA 项目进展", "releases"),
        ("社区直播预告", "events"),
        ("社区会议回顾", "other"),
        ("本周 Contributor", "contributors"),
        ("新手任务计划", "tasks"),
        ("Rust Jobs", "jobs"),
        ("Upcoming Events", "events"),
        ("Q & A", "questions"),
        ("News & Blog Posts", "reading"),
        ("Eventually consistent", None),
        ("写在最后", None),
    ],
)
def test_a_title_names_its_kind(title: str, kind: str | None):
    """English by whole words, Chinese anywhere, the longest word decides."""
    found = kind_named(title, BARE)
    assert (found.value if found else None) == kind


def test_a_profile_adds_its_own_words():
    """A community's longer words win over ours, and of two as long its own."""
    profile = Profile("x", {SectionKind.JOBS: ("News from work", "Reading")})
    assert kind_named("News from work", profile) is SectionKind.JOBS
    assert kind_named("Reading", profile) is SectionKind.JOBS


def test_the_title_of_an_issue_is_no_kind_of_section():
    """The first heading, alone above all others, hands nothing down: `# Issue 12: a release!`."""
    issue = "# Issue 12, in which there is the release that all of you waited for\n\n## News\n\n## Zebra"

    assert [kind for kind, *_ in shape(issue)] == ["intro", "reading", "other"]
    assert [kind for kind, *_ in shape("# Events\n\n## Asia\n\n## Europe")] == ["events"] * 3
    assert [kind for kind, *_ in shape("# Zebra\n\n## News")] == ["other", "reading"]


def test_a_part_of_something_stays_a_part_of_it():
    """The videos of events are the events'; elsewhere they are worth watching."""
    assert [kind for kind, *_ in shape("## 活动\n\n### 视频\n\n### 招聘\n\n## 视频")] == [
        "events",
        "events",
        "jobs",
        "reading",
    ]


def test_an_introduction_hands_nothing_down():
    """What stands below a greeting is something else."""
    assert [kind for kind, *_ in shape("## Welcome!\n\n### Zebra\n\n## News")] == [
        "intro",
        "other",
        "reading",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "**推荐阅读**",
        "**1. 推荐阅读**",
        "**二、社区活动预告**",
        "**📅 Events**",
        "**SOFAArk 社区本周贡献**",
    ],
)
def test_a_bold_line_heads_a_section_with_its_number_and_emoji(line: str):
    """As authors write it who never use a heading."""
    assert len(shape(f"{line}\n\nText")) == 1
    assert shape(f"{line}\n\nText")[0][2] == 1


def test_a_bold_line_that_is_about_more_than_its_kind_heads_nothing():
    """The name of a release in bold is an item of the section, not a section."""
    assert shape("**灯塔网关与调度器的新架构设计发布**\n\nText")[0][2] == 0


def test_a_heading_that_says_nothing_takes_the_kind_above_it():
    """Regions under the events are events, until a heading of the same level."""
    assert [
        k for k, _, _ in shape("# Upcoming Events\n\n## Europe\n\n# Closing\n\n## Asia")
    ] == [
        "events",
        "events",
        "other",
        "other",
    ]


def test_a_short_bold_line_that_names_a_kind_heads_a_section():
    """Many authors write headings so; its level is one below the heading above."""
    assert shape("## a\n\nb\n\n**本周推荐阅读**\n\nc") == [
        ("other", "a", 2),
        ("reading", "本周推荐阅读", 3),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "**导师：** x",
        "**本周发布详情如下：**",
        "**活动，问答**",
        "**小白**",
        "**活动回顾**",
        "**" + "活动" * 30 + "**",
    ],
)
def test_labels_and_sentences_in_bold_head_nothing(line: str):
    """A label, a sentence, a name or a review stays text."""
    assert len(shape(f"# a\n\n{line}\n\nb")) == 1


def test_sections_give_back_the_whole_document():
    """Each heading followed by its blocks, in order, is what was cut."""
    nodes, _ = to_document(
        to_html("a\n\n# b\n\n> c\n\n**推荐阅读**\n\n- d\n\n### e\n"), base_url="", post_url=""
    )
    back: list[Node] = []
    for section in sections_of(nodes, BARE):
        if section.level:
            bold = isinstance(section.title[0], Span) and section.title[0].bold
            head = Paragraph(section.title, section.line)
            back.append(head if bold else Heading(section.level, section.title, section.line))
        back += section.blocks
    assert tuple(back) == nodes
