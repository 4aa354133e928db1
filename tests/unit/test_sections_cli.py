"""`digestbot sections`: the report for people and for machines."""

import json
from pathlib import Path

import pytest

from tests.shell import digestbot


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """Two issues of one community."""
    folder = tmp_path / "posts"
    folder.mkdir()
    greeting = "A greeting that stands in every issue there is."
    for day, more in ((1, ""), (2, "\n## Zebra\n\n### Jobs\n\n#### Emu\n")):
        text = f"---\ntitle: Issue {day}\ndate: 2026-11-0{day}\n---\n\n{greeting}\n\n## 推荐阅读\n{more}"
        (folder / f"{day}.md").write_text(text, "utf-8")
    return folder


def test_headings_are_listed_by_kind_and_unknown_ones_with_their_place(posts):
    """How often, which kind, from where; then the share of those with a kind."""
    done = digestbot("sections", posts)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "    2  reading        推荐阅读\n"
        "    1  jobs           Jobs\n"
        "    1  jobs         ^ Emu\n"
        "\n"
        "Not recognised:\n"
        "    1  -              Zebra  2.md:10\n"
        "\n"
        "4 of 5 headings in 2 posts have a kind, 80.0%.\n"
        "By their words: 3. By the heading above (^): 1. As an issue's title (#): 0.\n"
        "Of the text of dated posts, 41.2% is standing text.\n"
    )


def test_machines_get_one_object(posts):
    """With the same numbers; what has no kind is null."""
    found = json.loads(digestbot("sections", posts, "--json").stdout)

    assert {key: found[key] for key in ("posts", "headings", "with_kind", "share")} == {
        "posts": 2,
        "headings": 5,
        "with_kind": 4,
        "share": 0.8,
    }
    assert found["by"] == {"words": 3, "above": 1, "title": 0, "none": 1}
    assert (found["kinds"]["jobs"], found["kinds"]["other"]) == (2, 0)
    assert found["standing"] == 0.4123
    assert found["titles"][1] == {
        "title": "Zebra",
        "kind": None,
        "by": "none",
        "count": 1,
        "path": "2.md",
        "line": 10,
    }


def test_a_community_is_known_by_its_profile(posts):
    """Its own words count only where it is named; an unknown name is wrong usage."""
    (posts / "3.md").write_text("## Promotions\n", "utf-8")

    assert (
        "Not recognised:\n    1  -              Zebra  2.md:10\n    1  -              Promotions"
        in digestbot("sections", posts).stdout
    )
    assert (
        "releases       Promotions" in digestbot("sections", posts, "--profile", "lwkd").stdout
    )
    assert digestbot("sections", posts, "--profile", "zebra").exit_code == 2


def test_a_post_that_cannot_be_read_stops_no_other_one(posts):
    """It is named, and the verb fails."""
    (posts / "broken.md").write_text("---\ntitle: [\n---\n", "utf-8")

    done = digestbot("sections", posts)

    assert done.exit_code == 1
    assert "broken.md" in done.stderr
    assert "4 of 5 headings" in done.stdout


def test_a_folder_without_posts_has_nothing_to_report(tmp_path):
    """No division by nothing."""
    assert digestbot("sections", tmp_path).stdout.startswith("0 of 0 headings in 0 posts")
    assert json.loads(digestbot("sections", tmp_path, "--json").stdout)["standing"] == 0
