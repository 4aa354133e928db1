"""What of an issue is worth a glance."""

import pytest

from formatters.document import Profile, Section
from formatters.highlights import introduction, repeats, topics
from formatters.html import to_document
from formatters.listing import Line
from formatters.markdown import to_html
from formatters.sections import plain, sections_of


def sections(markdown: str) -> tuple[Section, ...]:
    nodes, _ = to_document(to_html(markdown), base_url="", post_url="")
    return sections_of(nodes, Profile())


def seen(markdown: str, *known: str) -> dict[str, list[str]]:
    """Topics of an issue and their lines."""
    found = topics(sections(markdown), known=known)
    return {topic.title: list(map(plain, topic.lines)) for topic in found}


def listed(markdown: str, title: str = "Some news") -> list[str]:
    """Lines of the only section."""
    return seen(f"# {title}\n\n{markdown}")[title]


# ------------------------------------------------------------------ lines


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("- one\n- two", ["one", "two"]),
        ("- see [this](https://a.example) now", ["see this now"]),
        ("- **bold** and `code`", ["bold and code"]),
        ("- broken<br>line", ["broken line"]),
        ("- ![picture](https://a.example/p.png)\n\n  below it", ["below it"]),
        ("- 安全：\n  - 默认拒绝匿名连接", ["安全： 默认拒绝匿名连接"]),
        ("- **Lure**\n\n  the client", ["Lure the client"]),
        ("- 性能：\n- real", ["real"]),
        ("- [see](https://a.example):", ["see:"]),
        ("- ***\n- ——", []),
        ("1、first of all\n\n2、second", ["first of all", "second"]),
        ("- 1. 第一条", ["第一条"]),
        ("[one](https://a.example)\n\n[two](https://b.example)", ["one", "two"]),
        ("- Easy\n\nfix it\n\nmend it\n\n- Hard\n\nbuild it\n\n「详细」：https://a.example\n\nbye",
         ["fix it", "mend it", "build it"]),
        ("- Easy\n\n  fix it\n\n- Hard\n\n  build it", ["fix it", "build it"]),
        ("just prose\n\nand more", ["just prose"]),
        ("> a word\n\n– somebody", ["a word"]),
        ("> a word\n\nEdited by:\n\n- [ada](https://a.example)\n- [bo](https://b.example)", ["a word"]),
        ("> a word\n\n[vote for the next one](https://a.example)", ["a word"]),
        ("much said\n\n[read on](https://a.example)", ["much said"]),
        ("to read:\n\n[one](https://a.example)", ["one"]),
        ("主页: https://a.example\n\nreal words", ["real words"]),
        ("- https://a.example\n- words", ["words", "https://a.example"]),
        ("```\ncode\n```", []),
        ("*No calls for testing were issued this week.*", []),
        ("- *No RFCs were approved this week.*", []),
        ("- 暂无", []),
        ("每周精选，欢迎留言", []),
    ],
)  # fmt: skip
def test_a_section_tells_its_items_in_their_own_words(markdown, lines):
    """Items whole; labels with what is below them; of prose the first line; nothing of nothing."""
    found = topics(sections(f"# Some words\n\n{markdown}"), known=())

    assert [plain(line) for topic in found for line in topic.lines] == lines


def test_a_link_in_a_line_stays_where_it_was():
    """Words around a link are words, the link is a link, bold goes."""
    (topic,) = topics(sections("# N\n\n- a [**b** c](https://a.example) d"), known=())
    (line,) = topic.lines

    assert _links(line) == [("a ", ""), ("b", "https://a.example"), (" c", "https://a.example"), (" d", "")]  # fmt: skip
    assert not any(span.bold for span in line)


def _links(line: Line) -> list[tuple[str, str]]:
    return [(span.text, span.url) for span in line]


def test_rows_of_a_table_stand_behind_the_words_about_them():
    """A row is its cells in a line; empty cells are none."""
    table = "| a | b |\n|---|---|\n| 1 GB | 4 s |\n| 2 GB | |"

    assert listed(f"Twice as fast.\n\n{table}") == ["Twice as fast.", "1 GB · 4 s", "2 GB"]
    assert listed(table) == ["1 GB · 4 s", "2 GB"]


# ------------------------------------------------------------------ special sections


def test_questions_are_what_was_asked():
    """After each asker the first quotation; follow-ups, links and answers are none."""
    markdown = """
欢迎大家留言提问

**1、@a** 提问：

> 1.怎么选 [文档](https://a.example)？

> 2.还有一问

A：这样，见下：

> 追问呢？

- [@b #1061](https://a.example)

> ![picture](https://a.example/p.png)

> 图里的错是什么？

@c asked:

> Why?

A: Because @d said so:

> Really?
"""
    assert listed(markdown, "读者问答") == ["怎么选 文档？", "图里的错是什么？", "Why?"]


def test_questions_without_askers_are_all_quotations_or_marked_lines():
    """Communities write questions in many ways."""
    assert listed("> One?\n\nYes.\n\n> Two?", "Q & A") == ["One?", "Two?"]
    assert listed("Q: One?\n\nA: Yes.\n\n**Q2：** 二？", "Q & A") == ["One?", "二？"]
    assert listed("- One?\n- Two?", "Q & A") == ["One?", "Two?"]


def test_an_event_is_one_line_that_begins_with_its_time():
    """Labels go; a label that comes again begins the next event; what else is said waits."""
    markdown = """
周六见！

**主题：** 聚会 #4

时间：10 月 24 日 14:00

地点：成都

口令：909

主题：例会

时间：11 月 2 日
"""
    assert listed(markdown, "活动预告") == [
        "10 月 24 日 14:00 · 聚会 #4 · 成都",
        "11 月 2 日 · 例会",
    ]
    assert listed("- 2026-10-24 | Chengdu", "Upcoming events") == ["2026-10-24 | Chengdu"]


def test_a_release_stands_above_its_changes():
    """One release with its changes, of more only the releases, none that the title names."""
    one = "1、发布 **Broker** v2.4.0 版本，主要变更如下：\n\n- 更快\n- 更稳"
    two = f"{one}\n\n2、Lure v1.9 发布，主要变更如下：\n\n- 新的"

    assert listed(one, "项目进展") == ["发布 Broker v2.4.0 版本", "更快", "更稳"]
    assert listed(two, "项目进展") == ["发布 Broker v2.4.0 版本", "Lure v1.9 发布"]
    assert listed(one, "Broker 2.4.0 发布") == ["更快", "更稳"]


# ------------------------------------------------------------------ topics


def test_few_sections_are_topics_each():
    """A heading without words of its own is left to those below it; the last one is named."""
    found = seen(
        "intro\n\n# News\n\n## Lure\n\n- a1\n\n## Abyss\n\n- b1\n\n# Thanks\n\n![x](https://a.example/x.png)"
    )

    assert found == {"Lure": ["a1"], "Abyss": ["b1"], "Thanks": []}


def test_many_sections_stand_under_the_upper_ones():
    """In turn the first of each; what is prose is told by its heading; nothing stays nothing."""
    small = "".join(f"### S{i}\n\n- s{i}\n- t{i}\n\n" for i in range(6))
    issue = f"""
## Community

{small}
### Open letters

#### Last letter

Dear all, it was a pleasure.

#### Next letter

No letters this week.

## Testing

Tests are important.

### RFCs

- *No calls for testing were issued this week.*

## Project

One thing.

# Europe

- a meetup
"""
    assert seen(issue) == {
        "Community": ["s0", "s1", "s2", "s3", "s4", "s5", "Last letter", "t0", "t1", "t2", "t3", "t4", "t5"],
        "Testing": [],
        "Project": ["One thing."],
        "Europe": ["a meetup"],
    }  # fmt: skip


def test_many_sections_of_many_levels_are_one_topic():
    """Where no level comes twice, the first heading stands for all."""
    issue = "".join(f"{'#' * level} L{level}\n\n- l{level}\n\n" for level in range(1, 7))

    assert list(seen(issue)) == ["L1", "L2", "L3", "L4", "L5", "L6"]
    assert list(seen(f"{issue}###### L7\n\n- l7")) == ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]


def test_greetings_are_no_topics():
    """What stands in every issue is no news, in the heading or below it."""
    assert seen("## SOFA WEEKLY | 每周精选\n\nwords\n\n## 加入我们\n\n扫码关注公众号") == {}


def test_what_is_known_or_broken_is_counted_but_not_shown():
    """The issue's title again, and stray marks of Markdown, tell nothing."""
    (topic,) = topics(
        sections("# 概要\n\n- 活动主题：聚会 #4 成都站\n- **oops\n- 时间：周六"),
        known=("聚会 #4 成都站",),
    )

    assert [plain(line) for line in topic.lines] == ["时间：周六"]
    assert topic.count == 3


def test_nothing_of_nothing():
    """No sections, no topics."""
    assert topics((), known=()) == ()


@pytest.mark.parametrize(
    ("text", "known", "told"),
    [
        ("Weekly 12!", ("Weekly 12: tea",), True),
        ("Topic: Weekly 12", ("Weekly 12",), True),
        ("Weekly 12 has a lot to say of tea", ("Weekly 12",), False),
        ("Tea", ("", "Weekly"), False),
    ],
)
def test_a_text_repeats_what_it_hardly_adds_to(text, known, told):
    """Marks and case do not count; a longer text that quotes the title says more."""
    assert repeats(text, known) is told


def test_an_introduction_is_the_first_line_unless_it_greets():
    """Text before the first heading; labels and greetings are none."""
    assert plain(introduction(sections("We are back!\n\nmore\n\n# N"))) == "We are back!"
    assert introduction(sections("Hello and welcome to another issue of *X*!\n\nmore")) == ()
    assert introduction(sections("# N\n\nwords")) == ()
    assert introduction(sections("See `__init__` first.\n\nmore")) == ()
    assert introduction(()) == ()
