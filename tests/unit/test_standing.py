"""What an issue repeats from those before it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.publish.text import plain_text
from formatters.compose import compose
from formatters.document import Post, Site
from formatters.message import Style
from formatters.prints import lines_of
from formatters.read import read_post
from formatters.slack.spoken import spoken
from formatters.standing import (
    FORM,
    WINDOW,
    Traces,
    fresh,
    is_current,
    standing_in,
    stands,
    traces,
    without_standing,
)

GREETING = "Welcome to another round of what happened around the lantern project."
QR = "![](https://example.org/follow-us.png)"


def issue(body: str, head: str = "") -> Post:
    text = f"---\ntitle: Lantern Weekly\n{head}---\n\n{body}\n"
    return read_post(text, path="a.md", site=Site())


def traces_of(post: Post, older: Sequence[Traces]) -> Traces:
    return traces(lines_of(post), older)


def history(*bodies: str, head: str = "") -> list[Traces]:
    """Traces of issues, told from the oldest on; the latest first, as the archive has them."""
    past: list[Traces] = []
    for body in bodies:
        past.insert(0, traces_of(issue(body, head), past))
    return past


def standing(body: str, *before: str) -> list[str]:
    found = traces_of(issue(body), history(*before)).standing
    return found.split("\n") if found else []


def read_with(body: str, *before: str, head: str = "") -> Post:
    post = issue(body, head)
    names = standing_in(traces_of(post, history(*before, head=head)).prints)
    return replace(post, standing=names)


def left_in(post: Post) -> list[str]:
    return plain_text(replace(post, sections=fresh(post.sections, post.standing))).split("\n")


def test_nothing_of_a_first_issue_stands():
    """Without older issues, all is news."""
    assert standing(f"{GREETING}\n\nNews of the broker") == []


def test_what_the_issue_before_had_stands():
    """One older issue is enough for prose, titles and pictures."""
    before = f"{GREETING}\n\n# Reading list\n\nNews of the broker\n\n{QR}"

    after = f"{GREETING}\n\n# Reading list\n\nNews of the scheduler\n\n{QR}"

    assert standing(after, before) == [GREETING, "Reading list"]
    assert left_in(read_with(after, before)) == ["Reading list", "News of the scheduler"]


def test_what_few_of_many_issues_had_is_no_standing_text():
    """An article that is recommended a second time after weeks is worth telling."""
    others = [
        f"The {word} has learned something new" for word in ("fox", "owl", "elk", "emu", "asp")
    ]
    again = "An article that was recommended once before, long ago"

    assert standing(again, again, *others) == []
    assert standing(again, *others, again, again, again) == [again]


def test_what_old_issues_had_is_forgotten():
    """Text that was dropped and comes back after the window is new again."""
    others = [f"Week of the animal {chr(97 + n) * 7}" for n in range(WINDOW)]

    assert standing(GREETING, GREETING, GREETING, GREETING, *others) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("374 pull requests were merged last week", "9 pull requests were merged last week"),
        (
            "Issue 12 of 2026-11-13, put together by us",
            "Issue 13 of 2026-11-20, put together by us",
        ),
        (
            "[12 tasks](https://example.org/tasks) wait",
            "[9 tasks](https://www.example.org/tasks/) wait",
        ),
        ("本周共合并 12 个 PR，感谢大家的参与", "本周共合并 7 个 PR，感谢大家的参与！"),
        (
            "- [All 12 tasks there are](https://example.org/t)",
            "- [All 9 tasks there are](https://example.org/t)",
        ),
    ],
)
def test_numbers_that_change_make_no_news(before: str, after: str):
    """Counts, dates and punctuation of the same sentence, and of the same link."""
    assert standing(after, before) != []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lantern v1.2.0 was released today", "Lantern v1.3.0 was released today"),
        ("灯塔 1.2 版本今天正式发布了", "灯塔 1.3 版本今天正式发布了"),
        (
            "[Learning Lantern, part 3](https://a.b/3)",
            "[Learning Lantern, part 4](https://a.b/4)",
        ),
        ("The notes are [here](https://a.b/one)", "The notes are [here](https://a.b/two)"),
        ("活动时间：11 月 13 日（周五）", "活动时间：11 月 20 日（周五）"),
        ("We meet at 19:00 on day 13 in the hall", "We meet at 19:00 on day 14 in the hall"),
        ("5 regressions, 2 gains and 3 ties seen", "1 regression, 4 gains and 9 ties seen"),
        (
            "| name | done |\n|---|---|\n| broker is fast | 1.5 |",
            "| name | done |\n|---|---|\n| broker is fast | 1.6 |",
        ),
    ],
)
def test_numbers_that_tell_something_do(before: str, after: str):
    """Versions, times, other links, and lines of many numbers."""
    assert standing(after, before) == []


def test_few_words_changed_are_no_news():
    """A standing sentence that its author mended stands on; another one does not."""
    mended = "Welcome to another round of what happened around our lantern project!"

    assert standing(mended, GREETING, GREETING) == [mended]
    assert standing("Welcome to the lantern meeting", GREETING, GREETING) == []
    assert standing("Welcome to another round of what happened", GREETING, GREETING) == []


def test_an_issue_without_end_is_compared_with_another_one():
    """Of thousands of lines that are almost alike, only so many are compared letter by letter."""
    lines = [
        f"{word} stands in a line that is nearly but not quite another"
        for word in _made_up(3000)
    ]

    found = standing("\n\n".join(lines[1500:]), "\n\n".join(lines), "\n\n".join(lines[:1500]))

    assert found != []


def _made_up(count: int) -> list[str]:
    return [
        "".join(chr(97 + n // 26**place % 26) * 3 for place in range(3)) for n in range(count)
    ]


def test_open_matters_come_again_without_being_stale():
    """An event, a task or a job that is listed for weeks is told for weeks."""
    event = "# Events\n\n- 2026-12-04 Lantern meetup in Hangzhou"

    assert standing(event, *[event] * 2) == []
    assert standing(event, *[event] * 6) == ["2026-12-04 Lantern meetup in Hangzhou"]


def test_short_lines_are_alike_by_chance():
    """An answer of one word stands in no issue."""
    assert standing("Yes, so.", "Yes, so.", "Yes, so.") == []


def test_every_kind_of_block_is_sifted():
    """Items, quotes, code, rows and lines go one by one; what is left keeps its order."""
    before = (
        "> a quotation that stands\n\n```\nmake install everything\n```\n\n"
        "- an item that stands here\n\n| one | two |\n|---|---|\n| stands in the row | yes |\n\n---"
    )
    after = before.replace("---", "---", 1) + (
        "\n\n> a new quotation\n\n- an item that stands here\n- new item\n- \n\n"
        "line that came new\\\na quotation that stands\n\n```\nmake something new\n```\n\n"
        "| one | two |\n|---|---|\n| stands in the row | yes |\n| is new | yes |"
    )

    assert left_in(read_with(after, before)) == [
        "a new quotation",
        "new item",
        "line that came new",
        "make something new",
        "one two",
        "is new yes",
    ]


def test_an_item_stays_above_what_is_new_below_it():
    """Without it nobody would know what the new lines are about."""
    before = "- Query planner\n  - a fix that came first\n- Storage engine\n  - a fix that came second"
    after = (
        "- Query planner\n  - a fix that is new\n- Storage engine\n  - a fix that came second"
    )

    assert left_in(read_with(after, before)) == ["Query planner", "a fix that is new"]


def test_a_section_of_standing_text_alone_goes_unless_others_are_below():
    """No heading is left without what it heads; one that never headed anything stays."""
    before = f"# How to take part\n\n{GREETING}\n\n# Empty on purpose\n\n## Deeper\n\nOld thing here."
    after = (
        f"# How to take part\n\n{GREETING}\n\n# Upper\n\n{GREETING}\n\n## Below\n\nA new thing"
    )

    assert left_in(read_with(after, before)) == ["Upper", "Below", "A new thing"]
    assert "Empty on purpose" in left_in(read_with(before, before))


def test_without_older_issues_a_post_is_fresh_as_it_is():
    """A post that knows of no standing text is not touched."""
    post = issue(GREETING)

    assert fresh(post.sections, post.standing) == post.sections
    assert not stands(GREETING, frozenset())


def test_prints_of_another_form_are_not_compared():
    """After a change of form nothing stands, rather than anything by mistake."""
    assert is_current(f"{FORM} *aa")
    assert not is_current("")
    assert standing_in("0 *aa") == frozenset()
    assert traces_of(issue(GREETING), [Traces("0 aa", GREETING)]).standing == ""


def test_traces_are_the_same_for_the_same_issue():
    """They tell nothing but the issue and those before it: names in order, marked where they stand."""
    past = history(GREETING, GREETING)

    assert traces_of(issue(GREETING), past) == traces_of(
        issue(GREETING), history(GREETING, GREETING)
    )
    assert traces_of(issue(GREETING), []).prints == f"{FORM} {_name(past)}"
    assert traces_of(issue(GREETING), past).prints == f"{FORM} *{_name(past)}"


def _name(past: list[Traces]) -> str:
    return past[-1].prints.removeprefix(f"{FORM} ")


def test_a_card_leaves_standing_text_out_and_the_issue_keeps_it():
    """Description, lines and sections that stand are not on the card; the thread has all."""
    head = f"description: {GREETING}\n"
    before = f"# Reading\n\n- A tale of two brokers\n\n# Take part\n\n{GREETING.upper()}"
    after = f"# Reading\n\n- A tale of two brokers\n- The new scheduler\n\n# Take part\n\n{GREETING.upper()}"

    made = compose(read_with(after, before, head=head), style=Style.THREAD, language="en")

    card, thread = (spoken(message.blocks) for message in made.messages[:2])
    assert "The new scheduler" in card
    assert not any(old in card for old in ("two brokers", "Take part", "another round"))
    assert all(old in thread for old in ("two brokers", "Take part", "ANOTHER ROUND"))


def test_a_post_without_its_standing_text_tells_what_was_left_out():
    """Each line once; what also stands elsewhere in the post is not told."""
    post = without_standing(
        read_with(f"{GREETING}\n\n{QR}\n\nNews of today", GREETING + f"\n\n{QR}")
    )

    assert plain_text(post) == "News of today"
    assert post.omitted == (GREETING,)
