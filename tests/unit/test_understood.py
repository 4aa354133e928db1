"""What was understood of a post, and from where."""

import pytest

from formatters.document import PostError, Site
from formatters.understood import ASKED, summary, understood

SITE = Site(
    url="https://lantern.example", zone="Asia/Shanghai", language="", permalink="/{slug}/"
)
FULL = (
    "---\ntitle: Lantern Weekly 5\ndate: 2026-08-05T10:00:00Z\nexpiryDate: 2026-09-05\n"
    "lang: en\nslug: five\ndraft: true\n---\n\nHello.\n"
)


def test_what_the_header_says_is_told_as_such():
    """Each answer with its place; nothing is called a guess that is none."""
    told = understood(FULL, path="blog/zh/a.md", site=SITE)

    assert told.row() == {
        "path": "blog/zh/a.md",
        "form": "yaml",
        "title": "Lantern Weekly 5",
        "date": "2026-08-05T10:00:00+00:00",
        "kind": "issue",
        "language": "en",
        "number": 5,
        "slug": "five",
        "url": "https://lantern.example/five/",
        "draft": True,
        "expires": "2026-09-05T00:00:00+08:00",
        "unread": None,
        "from": {
            "title": "header",
            "date": "date",
            "zone": "date",
            "kind": "title",
            "language": "header",
            "number": "title",
            "url": "site",
        },
    }


def test_what_was_guessed_is_told_with_its_place():
    """The title from a heading, the day from the name, the language from the text."""
    told = understood("# 灯笼\n\n这里没有文件头。\n", path="2026-08-05-lantern.md", site=SITE)

    assert (told.form, told.title, told.date, told.language) == ("", "灯笼", "2026-08-05", "zh")
    assert told.told == {
        "title": "heading",
        "date": "name",
        "zone": "site",
        "kind": "",
        "language": "text",
        "number": "",
        "url": "site",
    }


def test_what_nothing_tells_is_unknown():
    """And the words of a day that no calendar knows are kept."""
    told = understood("---\ndate: soon\n---\n", path="a.md", site=Site(language="fr"))

    assert (told.title, told.date, told.url, told.unread) == ("", "", "", "soon")
    assert (told.language, told.told["language"], told.told["zone"]) == ("fr", "site", "")


def test_a_post_that_cannot_be_read_is_an_error():
    """As everywhere."""
    with pytest.raises(PostError):
        understood("---\ntitle: a: b\n---\n", path="a.md", site=SITE)


def test_the_sum_counts_every_answer_once():
    """The most frequent first."""
    posts = [understood(FULL, path=f"{n}.md", site=SITE) for n in range(2)]
    posts.append(understood("---\ndate: soon\n---\n", path="a.md", site=SITE))

    total = summary(posts)

    assert tuple(total) == ASKED
    assert {sum(counts.values()) for counts in total.values()} == {3}
    assert total["date"] == {"date": 2, "none + unread words": 1}
    assert list(total["kind"].items()) == [("issue (title)", 2), ("article (none)", 1)]
