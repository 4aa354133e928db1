"""Lint over real posts: it never fails, and says little that authors would not agree with.

The posts stay where they are; only counts are here. They may fall when reading gets better.
"""

from collections import Counter
from pathlib import Path

import pytest

from formatters.document import Site
from formatters.lint import advice
from tests.needs import corpus

pytestmark = pytest.mark.corpus

SITES = {
    "sofastack.tech": Site(
        url="https://site.example", zone="Asia/Shanghai", permalink="/{path}/"
    ),
    "this-week-in-rust": Site(url="https://site.example", permalink="/{path}/"),
    "lwkd": Site(url="https://site.example", permalink="/{path}/"),
    "nixos-weekly": Site(url="https://site.example", permalink="/{path}/"),
}
QUIET = {
    "header-missing", "title-missing", "date-missing", "file-unreadable", "header-unreadable",
    "number-contradiction", "image-broken", "mention",
}  # fmt: skip
"""What no real post deserves: each of them has been published, and none is known to be so."""


def posts(name: str) -> list[Path]:
    """The posts of a community."""
    folder = corpus(name)
    return sorted(folder.rglob("*.md")) if folder else []


@pytest.mark.parametrize("name", SITES)
def test_no_real_post_is_blamed_for_what_it_has_not_done(name):
    """Published posts have headers, titles, dates and pictures."""
    seen: Counter[str] = Counter()
    for post in posts(name):
        text = post.read_text("utf-8")
        found = advice(text, path=post.as_posix(), site=SITES[name])
        lines = text.count("\n") + 1
        assert all(1 <= one.line <= lines for one in found), post
        assert list(found) == sorted(found), post
        seen.update(one.code for one in found)

    assert not QUIET & seen.keys()
    assert seen["date-contradiction"] + seen["date-unreadable"] <= 4
    assert seen["link-broken"] + seen["link-shown"] + seen["html-unknown"] <= 4


@pytest.mark.parametrize("name", SITES)
def test_marks_are_shown_where_lint_says_so(name):
    """Each line that is said to show marks of emphasis has some."""
    for post in posts(name):
        lines = post.read_text("utf-8").split("\n")
        for one in advice("\n".join(lines), path=post.name, site=SITES[name]):
            if one.code == "emphasis-shown":
                assert any(mark in lines[one.line - 1] for mark in ("*", "_", "~~")), post
            if one.code.startswith("image-alt"):
                assert "![" in lines[one.line - 1] or "<img" in lines[one.line - 1], post
