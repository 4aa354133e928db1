"""`digestbot lint`: advice in three forms, and what a pull-request check reads from its end."""

import json
from pathlib import Path

import pytest

from tests.shell import digestbot

GOOD = "---\ntitle: Weekly 1\ndate: 2026-11-20\n---\n\nHello.\n"
WARNED = GOOD + "\n![](https://a.example/100%,a.png)\n"
WRONG = GOOD.replace("title: Weekly 1\n", "") + "\n[here]()\n"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A good post and one with a warning."""
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "good.md").write_text(GOOD, "utf-8")
    (folder / "warned.md").write_text(WARNED, "utf-8")
    return folder


def test_lines_are_what_editors_understand(posts):
    """`path:line: level code: words`, the path as it can be opened; nothing of good posts."""
    done = digestbot("lint", posts)

    assert done.exit_code == 0
    assert done.stderr == ""
    words = (
        "The picture has no description. Say in a few words what it shows: ![words](address)."
    )
    assert done.stdout == f"{posts}/warned.md:8: warning image-alt-empty: {words}\n"


def test_words_are_chinese_for_chinese_authors(posts):
    """As the language says."""
    assert "图片没有说明文字" in digestbot("lint", posts, "--language", "zh").stdout


def test_json_is_one_object_a_line(posts):
    """With exactly the promised keys."""
    (posts / "wrong.md").write_text(WRONG, "utf-8")

    done = digestbot("lint", posts, "--format", "json")

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["line"], row["level"], row["code"]) for row in rows] == [
        (8, "warning", "image-alt-empty"),
        (1, "error", "title-missing"),
        (7, "error", "link-broken"),
    ]
    assert list(rows[0]) == ["path", "line", "level", "code", "message", "remedy"]
    assert rows[0]["path"] == str(posts / "warned.md")


def test_annotations_stand_at_their_line_in_a_pull_request(tmp_path):
    """What ends a command or a property is written as GitHub reads it back."""
    folder = tmp_path / "a,b:c%d"
    folder.mkdir()
    (folder / "x.md").write_text(GOOD + "\n- [here]()\n- Vec<String>\n- **50% **x\n", "utf-8")

    done = digestbot("lint", folder, "--format", "github")

    place = f"file={tmp_path}/a%2Cb%3Ac%25d/x.md"
    found = [line.split("::", 2)[1:] for line in done.stdout.splitlines()]
    assert [command for command, _ in found] == [
        f"error {place},line=8,title=link-broken",
        f"notice {place},line=9,title=html-unknown",
        f"warning {place},line=10,title=emphasis-shown",
    ]
    assert "**50%25 **" in found[2][1]


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        (GOOD, (), 0),
        (GOOD, ("--strict",), 0),
        (WARNED, (), 0),
        (WARNED, ("--strict",), 1),
        (GOOD + "\nVec<String>\n", ("--strict",), 0),
        (WRONG, (), 1),
        (GOOD, ("--site", "nowhere"), 2),
        (GOOD, ("--zone", "Nowhere/Land"), 2),
        (GOOD, ("--format", "xml"), 2),
    ],
    ids=["good", "good, strict", "warned", "warned, strict", "hint, strict"]  # noqa: RUF005
    + ["wrong", "site", "zone", "format"],
)
def test_errors_fail_the_check_and_warnings_only_if_asked(text, words, code, tmp_path):
    """0 fine, 1 something has to be mended, 2 wrong usage; hints fail nothing."""
    post = tmp_path / "x.md"
    post.write_text(text, "utf-8")

    assert digestbot("lint", post, *words).exit_code == code


def test_a_file_that_cannot_be_read_is_advice_and_stops_no_other(posts):
    """Its reason stands among the others' advice, where a check looks for it."""
    (posts / "broken.md").write_text('---\ntitle: "open\ndate: [\n---\n\ntext\n', "utf-8")
    (posts / "latin.md").write_bytes(b"---\ntitle: x\n---\ncaf\xe9\n")

    done = digestbot("lint", posts)

    assert done.exit_code == 1
    codes = [line.split(": ")[1] for line in done.stdout.splitlines()]
    assert codes == [
        "error header-unreadable",
        "error file-unreadable",
        "warning image-alt-empty",
    ]
    assert "Save the file as UTF-8." in done.stdout


def test_an_authors_text_cannot_end_a_line_or_colour_it(tmp_path):
    """A stranger's post must not write commands into the log of a check."""
    post = tmp_path / "x\n::error::.md"
    post.write_text(GOOD + "\n**\x1b[31m **b\u2028::error::c\n", "utf-8")

    done = digestbot("lint", post)

    assert len(done.stdout.splitlines()) == 1
    assert "\x1b" not in done.stdout


def test_a_relative_address_is_judged_with_the_site(posts):
    """Without one it is a hint, with one it is fine."""
    (posts / "good.md").write_text(GOOD + "\n[other](../other/)\n", "utf-8")

    assert "link-relative" in digestbot("lint", posts / "good.md").stdout
    site = ("--site", "https://site.example")
    assert digestbot("lint", posts / "good.md", *site).stdout == ""


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Posts of several forms, one of them broken, and a page that is none."""
    folder = tmp_path / "history"
    folder.mkdir()
    (folder / "2026-11-20-first.md").write_text("# First\n\nHello.\n", "utf-8")
    (folder / "weekly.md").write_text(
        "Title: Weekly 7\nDate: 2026-11-20 10:00 +0100\nExpires: 2027-01-01\nStatus: draft\n\nHi.\n",
        "utf-8",
    )
    (folder / "todo.md").write_text("---\ndate: TODO\n---\n", "utf-8")
    (folder / "bad.md").write_text("---\ntitle: a: b\n---\n", "utf-8")
    (folder / "_index.md").write_text("---\ntitle: All\n---\n", "utf-8")
    return folder


def test_a_whole_history_is_told_line_by_line_and_in_sum(history):
    """What was read, from where, what could not be read, and how much of each there is."""
    done = digestbot("lint", "--all", history, "--site", "https://a.example")

    assert done.exit_code == 1
    first, todo, weekly, bad, *table = done.stdout.splitlines()
    assert first == (
        "2026-11-20-first.md: none · 2026-11-20 (name; zone: site) · article · en (text)"
        " · https://a.example/2026-11-20-first/ (site) · First"
    )
    assert "todo.md: yaml · none · “TODO”?" in todo
    assert "2026-11-20T10:00:00+01:00 (date; zone: date) · draft · expires 2027-01-01" in weekly
    assert "#7 (title)" in weekly
    assert bad.startswith("bad.md:2: the header is no YAML")
    rows = dict(line.split(maxsplit=1) for line in table if line)
    assert (rows["posts"], rows["header"]) == ("3", "lines 1, none 1, yaml 1")
    assert "_index.md" in done.stderr


def test_a_whole_history_is_told_to_machines(history):
    """One object: posts, what is unreadable, what is none, the sum."""
    done = digestbot("lint", "--all", "--json", history)

    told = json.loads(done.stdout)
    assert [post["path"] for post in told["posts"]] == [
        "2026-11-20-first.md",
        "todo.md",
        "weekly.md",
    ]
    assert told["posts"][0]["from"]["date"] == "name"
    assert told["unreadable"][0]["line"] == 2
    assert told["pages"][0]["path"] == "_index.md"
    assert told["summary"]["posts"] == 3
    assert told["summary"]["date"] == {"date": 1, "name": 1, "none + unread words": 1}


def test_a_history_without_fault_is_fine(posts):
    """Exit 0, in the language that was asked for."""
    done = digestbot("lint", "--all", posts, "--language", "zh")

    assert done.exit_code == 0
    assert "文件头" in done.stdout


@pytest.mark.parametrize("site", [(), ("--site", "https://a.example")])
def test_posts_that_would_have_one_page_are_told(posts, site):
    """Sites write addresses in small letters; two languages are two pages."""
    for name in ("News.md", "news/index.md", "news.zh.md", "other.md"):
        (posts / name).parent.mkdir(exist_ok=True)
        (posts / name).write_text(GOOD, "utf-8")

    told = json.loads(digestbot("lint", "--all", "--json", posts, *site).stdout)
    shown = digestbot("lint", "--all", posts, *site).stdout

    assert told["clashes"] == [["News.md", "news/index.md"]]
    assert told["summary"]["clashes"] == 1
    assert "News.md, news/index.md: one page" in shown
