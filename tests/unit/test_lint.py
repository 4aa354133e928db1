"""Lint: what authors should mend. Most cases are in tests/fixtures/lint.

There: title, dot, post, dot, expected advice, dot. A post gets HEADER above it, so that its
first line is line 6, unless its title ends with its path in brackets; `(no site)` = none is known.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formatters.document import PostError, Site
from formatters.lint import Advice, Level, advice, unreadable
from formatters.lint.advice import LEVELS
from formatters.phrases import LANGUAGES, keys

FIXTURES = Path(__file__).parent.parent / "fixtures" / "lint"
HEADER = "---\ntitle: Lanternfish Weekly 41\ndate: 2026-11-20\n---\n\n"
SITE = Site(url="https://lanternfish.example", zone="Asia/Shanghai", permalink="/{path}/")


def cases() -> Iterator[tuple[str, str, str]]:
    """Title, post and expected advice."""
    for file in sorted(FIXTURES.glob("*.md")):
        parts = file.read_text(encoding="utf-8").split("\n.\n")
        for title, post, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
            yield f"{file.stem}: {title.strip()}", post, expected


def told(found: tuple[Advice, ...]) -> str:
    """Advice as the fixture files write it."""
    rows = (
        " ".join((f"{a.line}: {a.code}", *(f"{k}={v}" for k, v in a.values))) for a in found
    )
    return "\n".join(rows) or "fine"


def on(body: str) -> str:
    """What is said about a post with a good header."""
    return told(advice(HEADER + body, path="news.md", site=SITE))


@pytest.mark.parametrize(
    ("title", "post", "expected"), [pytest.param(*case, id=case[0]) for case in cases()]
)
def test_each_slip_is_told_at_its_line_and_nothing_else_is(title, post, expected):
    """Every code has posts that deserve it and posts that do not."""
    path = re.search(r" \((\S+\.md)\)$", title)
    text = post if path else HEADER + post
    site = Site() if title.endswith("(no site)") else SITE

    assert told(advice(text, path=path[1] if path else "news.md", site=site)) == expected


def test_every_code_is_shown_by_an_example_or_a_test_here():
    """No check goes without a case that deserves it."""
    shown = {code for *_, expected in cases() for code in re.findall(r"\d: ([\w-]+)", expected)}

    assert set(LEVELS) - shown == {"too-long", "zero-width", "file-unreadable"}


def test_characters_that_nobody_sees_are_one_hint():
    """Wherever they stand, and however many; emoji and their joiners are no such characters."""
    assert on("\n\nA\u200bB\n\ufeffC") == "8: zero-width count=2"
    assert on("Two families: \U0001f469\u200d\U0001f467 \u2764\ufe0f") == "fine"
    assert told(advice(f"\ufeff{HEADER}Hello.", path="news.md", site=SITE)) == "fine"


def test_an_issue_of_several_messages_is_told_how_many():
    """A hint, for it loses nothing."""
    found = advice(HEADER + "All about lanterns.\n\n" * 2000, path="news.md", site=SITE)

    assert [(a.line, a.code, a.level) for a in found] == [(1, "too-long", Level.HINT)]
    assert int(dict(found[0].values)["count"]) > 1


def test_a_file_that_is_no_post_is_advice_as_well():
    """Nothing is raised; the reader's own reasons are handed on."""
    found = advice("x" * 3_000_000, path="news.md", site=SITE)

    assert [(a.line, a.code) for a in found] == [(1, "file-unreadable")]
    assert "Split it" in found[0].remedy("en")
    assert unreadable(PostError("a.md", 4, "p", "r")).code == "header-unreadable"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end):
    """As editors count them."""
    text = (HEADER + "one\ntwo\n\n![](https://a.example/a.png)").replace("\n", end)

    assert told(advice(text, path="news.md", site=SITE)) == "9: image-alt-empty"


def test_blank_lines_above_the_header_count():
    """The file's lines are meant, not the body's."""
    found = advice(f"\n\n{HEADER}![](https://a.example/a.png)", path="news.md", site=SITE)

    assert told(found) == "8: image-alt-empty"


def test_html_without_marks_of_its_source_is_found_by_its_tags():
    """Also far below the place where the parser last knew its line."""
    rows = "<tr><td>one</td></tr>\n" * 40
    body = f"<table>\n{rows}<tr><td><img src='https://a.example/a.png'></td></tr>\n</table>"

    assert on(body) == "47: image-alt-empty"


def test_every_code_has_words_in_every_language():
    """What is wrong, and what to do about it."""
    wanted = {f"lint.{code}.{part}" for code in LEVELS for part in ("says", "do")}

    for language in LANGUAGES:
        assert {key for key in keys(language) if key.startswith("lint.")} == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_every_example_can_be_said(language):
    """No sentence has a gap that its advice does not fill."""
    for title, post, _ in cases():
        for one in advice(HEADER + post, path=title, site=Site()):
            assert one.message(language)
            assert one.remedy(language)


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<img>", "**a ", r"\**a ", "[a](b c", "_a ", "~~a ", "\u200b\n", "# \n", "@here "],
)
def test_a_hostile_post_takes_no_time(piece):
    """Advice on a stranger's pull request cannot be made to hang; the test has a time limit."""
    assert advice(HEADER + piece * 20_000, path="news.md", site=SITE) is not None


def test_a_hostile_list_of_events_takes_no_time():
    """Not even one whose dates are nowhere to be found as they read."""
    rows = "".join(f"- Decem&#98;er {n % 28 + 1}. City{n} - Meetup\n" for n in range(4000))

    assert on(f"## Events\n\n{rows}").startswith("1: too-long")
