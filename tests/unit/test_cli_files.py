"""`render`, `events` and `preview`: files in, JSON out, words beside it."""

import json
import os
import sys
from pathlib import Path

import pytest

from bot.cli.files import Bad
from bot.cli.found import File
from tests.needs import ROOT
from tests.shell import digestbot

EXAMPLES = ROOT / "bot" / "examples"

MEETUP = """---
title: 第 3 期
date: 2026-11-20 08:00:00 +0800
---

## 活动

### 杭州聚会

时间：2026-12-05 14:00-17:00

地点：杭州市西湖区 1 号

报名链接：https://site.example/join
"""


def post(folder: Path, name: str, *, title: str = "News", body: str = "Hello.") -> Path:
    """Write a small post."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {title}\ndate: 2026-11-20\n---\n\n{body}\n", "utf-8")
    return path


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A folder with two posts at different depths, and something else."""
    folder = tmp_path / "posts"
    post(folder, "first.md", title="First")
    post(folder, "2026/weekly-2/index.md", title="第二期", body="[go](../other/) **粗体**")
    (folder / "notes.txt").write_text("no post", "utf-8")
    return folder


def read(out: Path, name: str) -> dict[str, list[dict[str, object]]]:
    """A result, with the keys that are promised and no others."""
    made: dict[str, list[dict[str, object]]] = json.loads(
        (out / f"{name}.json").read_text("utf-8")
    )
    assert list(made) == ["messages", "omitted"]
    assert all(list(message) == ["text", "blocks"] for message in made["messages"])
    return made


def test_render_writes_one_file_for_each_post_of_a_folder(posts, tmp_path):
    """The id is the path below the folder, `/` written `__`; nothing stands on stdout."""
    out = tmp_path / "deep" / "out"

    done = digestbot("render", posts, "--out", out)

    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    names = sorted(file.name for file in out.iterdir())
    assert names == ["2026__weekly-2__index.json", "first.json"]
    messages = read(out, "2026__weekly-2__index")["messages"]
    assert "第二期" in str(messages[0]["text"])
    assert len(messages) > 1
    assert "粗体" in (out / "2026__weekly-2__index.json").read_text("utf-8")


def test_render_takes_a_file_and_several_paths(posts, tmp_path):
    """A file's id is its name; folders and files may be mixed."""
    out = tmp_path / "out"
    other = post(tmp_path, "other/second.md")

    done = digestbot("render", posts / "first.md", other.parent, "--out", out)

    assert done.exit_code == 0
    assert sorted(file.name for file in out.iterdir()) == ["first.json", "second.json"]


def test_render_twice_gives_the_same_bytes(posts, tmp_path):
    """What it writes depends on the post alone."""
    for name in ("a", "b"):
        digestbot("render", posts, "--out", tmp_path / name)

    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.parametrize(
    ("style", "more"), [("thread", True), ("card", False), ("full", False)]
)
def test_render_lays_out_in_every_style(style, more, posts, tmp_path):
    """A card with the issue below it, the card alone, or the issue in full."""
    digestbot("render", posts, "--out", tmp_path, "--style", style)

    assert (len(read(tmp_path, "first")["messages"]) > 1) is more


def test_render_speaks_the_language_that_is_asked_for(posts, tmp_path):
    """Our own words are Chinese in a Chinese channel."""
    digestbot("render", posts, "--out", tmp_path, "--language", "zh")
    chinese = (tmp_path / "first.json").read_text("utf-8")
    digestbot("render", posts, "--out", tmp_path, "--language", "en")

    assert chinese != (tmp_path / "first.json").read_text("utf-8")


def test_render_speaks_the_language_of_each_post(posts, tmp_path):
    """Our own words fit what stands around them; a header that names a language is believed."""
    (posts / "zh.md").write_text("---\ntitle: 周刊\n---\n\n本周的新闻很多。\n", "utf-8")
    (posts / "en.md").write_text("---\ntitle: 周刊\nlang: en\n---\n\n新闻。\n", "utf-8")
    digestbot("render", posts, "--out", tmp_path)

    assert "完整" in (tmp_path / "zh.json").read_text("utf-8")
    assert "complete" in (tmp_path / "en.json").read_text("utf-8")


def test_render_resolves_links_against_the_site(posts, tmp_path):
    """A relative link leads to where the post's page is on the site."""
    digestbot("render", posts, "--out", tmp_path, "--site", "https://site.example/")

    shown = (tmp_path / "2026__weekly-2__index.json").read_text("utf-8")
    assert "https://site.example/2026/other/" in shown


def test_a_bad_post_stops_no_other(posts, tmp_path):
    """The others are written; its words, with file and line, are on stderr; exit 1."""
    (posts / "broken.md").write_text('---\ntitle: "open\ndate: [\n---\n\ntext\n', "utf-8")
    (posts / "latin.md").write_bytes(b"---\ntitle: x\n---\ncaf\xe9\n")

    done = digestbot("render", posts, "--out", tmp_path / "out")

    assert done.exit_code == 1
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert "broken.md:2: " in done.stderr
    assert "latin.md: line 4 is not UTF-8. Save the file as UTF-8" in done.stderr
    assert done.stdout == ""


def test_a_link_that_leads_nowhere_is_told(posts, tmp_path):
    """It looks like a post and is none: exit 1, with a word on where to look."""
    (posts / "lost.md").symlink_to(tmp_path / "nowhere")

    done = digestbot("render", posts, "--out", tmp_path / "out")

    assert done.exit_code == 1
    assert "lost.md: it cannot be read" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")
def test_a_name_that_is_no_text_is_told(posts, tmp_path):
    """A file name in another encoding stops no other post and no message."""
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("hello", "utf-8")

    done = digestbot("render", tmp_path, "--out", tmp_path / "out")

    assert done.exit_code == 1
    assert "its name is not UTF-8. Rename it" in done.stderr
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_folder_called_like_a_post_is_none(posts, tmp_path):
    """`notes.md/` is a folder; what is in it counts."""
    post(posts, "notes.md/inner.md")

    done = digestbot("render", posts, "--out", tmp_path / "out")

    assert done.exit_code == 0
    assert (tmp_path / "out" / "notes.md__inner.json").is_file()


def test_two_posts_never_share_one_file(posts, tmp_path):
    """Two paths that give the same id: the first is written, the second is told, not lost."""
    second = post(tmp_path, "other/first.md", title="Second")

    done = digestbot("render", posts, second, "--out", tmp_path / "out")

    assert done.exit_code == 1
    assert "First" in (tmp_path / "out" / "first.json").read_text("utf-8")
    assert str(second) in done.stderr
    assert str(posts / "first.md") in done.stderr
    assert "2026__weekly-2__index.json" in {f.name for f in (tmp_path / "out").iterdir()}


def test_underscores_and_folders_that_give_one_id_are_told_apart(tmp_path):
    """`a__b.md` and `a/b.md` would be one file: one of them is told."""
    post(tmp_path / "posts", "a/b.md")
    post(tmp_path / "posts", "a__b.md")

    done = digestbot("render", tmp_path / "posts", "--out", tmp_path / "out")

    assert done.exit_code == 1
    assert "would become a__b.json" in done.stderr


def test_a_post_named_twice_is_rendered_once(posts, tmp_path):
    """The same folder given twice, in two spellings, is no clash."""
    done = digestbot("render", posts, posts / ".." / "posts", "--out", tmp_path / "out")

    assert (done.exit_code, done.stderr) == (0, "")


def test_a_folder_that_cannot_be_made_is_wrong_usage(posts, tmp_path):
    """--out below a file: exit 2, in words, no traceback."""
    done = digestbot("render", posts, "--out", posts / "notes.txt" / "out")

    assert done.exit_code == 2
    assert "'--out'" in done.stderr
    assert "cannot be made" in done.stderr


def test_a_result_that_cannot_be_written_stops_no_other(posts, tmp_path):
    """Where one result's place is taken by a folder, the others are written; exit 1."""
    (tmp_path / "out" / "first.json").mkdir(parents=True)

    done = digestbot("render", posts, "--out", tmp_path / "out")

    assert done.exit_code == 1
    assert "first.json cannot be written" in done.stderr
    assert (tmp_path / "out" / "2026__weekly-2__index.json").is_file()


def test_nothing_to_render_is_told(tmp_path):
    """A wrong folder does not look like success: there are words, on stderr."""
    (tmp_path / "empty").mkdir()

    done = digestbot("render", tmp_path / "empty", "--out", tmp_path / "out")

    assert done.exit_code == 0
    assert "There is no *.md file there" in done.stderr


def test_a_fault_of_ours_in_one_post_keeps_no_other_from_its_turn(caplog):
    """It is logged with its traceback, and told as something to report."""
    bad = Bad()
    read: dict[str, str] = {}
    with bad.apart(File(Path("x.md"), "x.md")):
        read["depth"]

    with pytest.raises(Exception, match=r"x\.md: the bot failed on it \(KeyError\)"):
        bad.tell()
    assert "post.failed path=x.md" in caplog.text


def test_a_closed_pipe_is_no_fault_of_a_post():
    """It ends the verb, instead of being told once for every post."""
    bad = Bad()
    with pytest.raises(BrokenPipeError), bad.apart(File(Path("x.md"), "x.md")):
        raise BrokenPipeError
    bad.tell()


def test_events_are_one_json_object_a_line(tmp_path):
    """With all keys, the times in the site's zone, and the file they stand in."""
    file = tmp_path / "weekly" / "index.md"
    file.parent.mkdir()
    file.write_text(MEETUP, "utf-8")

    done = digestbot("events", tmp_path, "--zone", "Asia/Shanghai")

    assert (done.exit_code, done.stderr) == (0, "")
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(row) == [
        "file", "title", "start", "end", "place", "online", "kind", "register_url", "status",
    ]  # fmt: skip
    assert row["file"] == "weekly/index.md"
    assert row["start"] == "2026-12-05T14:00:00+08:00"
    assert row["end"] == "2026-12-05T17:00:00+08:00"
    assert row["place"] == "杭州市西湖区 1 号"
    assert row["online"] is False
    assert row["register_url"] == "https://site.example/join"
    assert row["status"] == "upcoming"
    assert "杭州" in done.stdout


def test_events_of_all_day_are_bare_dates_and_missing_parts_null(tmp_path):
    """No time announced: a date without one; no place, no address: null."""
    text = MEETUP.replace(" 14:00-17:00", "").split("地点")[0]
    (tmp_path / "a.md").write_text(text, "utf-8")

    done = digestbot("events", tmp_path / "a.md", "--zone", "Asia/Shanghai")

    row = json.loads(done.stdout)
    assert row["start"] == "2026-12-05"
    assert row["place"] is None
    assert row["register_url"] is None


def test_events_tell_bad_posts_and_go_on(tmp_path):
    """What could be read is on stdout, the bad post on stderr; exit 1."""
    (tmp_path / "a.md").write_text("---\ntitle: [\n---\n", "utf-8")
    (tmp_path / "b.md").write_text(MEETUP, "utf-8")

    done = digestbot("events", tmp_path)

    assert done.exit_code == 1
    assert json.loads(done.stdout)["file"] == "b.md"
    assert "a.md" in done.stderr


def test_the_shipped_examples_announce_meetups():
    """What the sandbox lists under meetups is what `events` prints."""
    done = digestbot("events", EXAMPLES / "meetups", "--zone", "Asia/Shanghai")

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["status"] for row in rows} <= {"upcoming", "past", "undated"}
    assert len(rows) >= 3


def test_preview_prints_what_render_writes(posts, tmp_path):
    """The same JSON, on stdout."""
    digestbot("render", posts / "first.md", "--out", tmp_path / "out", "--style", "full")

    done = digestbot("preview", posts / "first.md", "--style", "full")

    assert done.exit_code == 0
    assert json.loads(done.stdout) == read(tmp_path / "out", "first")
    assert done.stderr == ""


def test_templates_can_be_tried_on_files(posts, tmp_path):
    """A header of one's own; what fails on a post is told, and the post is shown without it."""
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "header.md").write_text(
        "Hello from {{ title }}{% if title == 'First' %}{{ title + 1 }}{% endif %}", "utf-8"
    )
    good = posts / "second.md"
    good.write_text("---\ntitle: Second\n---\n\nHi.\n", "utf-8")

    shown = digestbot("preview", good, "--templates", folder)
    failing = digestbot("preview", posts / "first.md", "--templates", folder)

    assert "Hello from Second" in shown.stdout
    assert (failing.exit_code, "Hello from" in failing.stdout) == (0, False)
    assert "first.md: template header: fails" in failing.stderr


def test_wrong_templates_are_told_with_file_and_line(posts, tmp_path):
    """Exit 2, before anything is composed."""
    (tmp_path / "header.md").write_text("Hello\n{{ titel }}", "utf-8")

    shown = digestbot("preview", posts / "first.md", "--templates", tmp_path)

    assert shown.exit_code == 2
    assert "header.md:2: there is no 'titel'; did you mean 'title'?" in shown.stderr

    (tmp_path / "header.md").write_bytes(b"\xff")
    shown = digestbot("preview", posts / "first.md", "--templates", tmp_path)
    assert (shown.exit_code, "header.md is not UTF-8" in shown.stderr) == (2, True)


def test_preview_of_a_bad_post_fails_in_words(tmp_path):
    """Exit 1, file and line on stderr, nothing on stdout."""
    (tmp_path / "a.md").write_text("---\ntitle: [\n---\n", "utf-8")

    done = digestbot("preview", tmp_path / "a.md")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "a.md:" in done.stderr


def test_what_is_no_post_is_told_and_only_render_shows_it(posts, tmp_path):
    """A section's page, the repository's papers, what is hidden; a file by name is always read."""
    page = post(posts, "_index.md", body="时间：2026-12-05 14:00 杭州聚会")
    post(posts, "archetypes/weekly.md")
    post(posts, ".github/template.md")
    out = tmp_path / "out"

    rendered = digestbot("render", posts, "--out", out)
    listed = digestbot("events", posts)
    advised = digestbot("lint", posts)
    named = digestbot("lint", page)

    assert (
        "_index.md: it is a section's list page, no post; the bot would not post it."
        in rendered.stderr
    )
    assert sorted(f.name for f in out.iterdir()) == [
        "2026__weekly-2__index.json",
        "_index.json",
        "archetypes__weekly.json",
        "first.json",
    ]
    for result in (listed, advised):
        assert "_index.md: it is a section's list page, no post; left out." in result.stderr
        assert "archetypes/" in result.stderr
        assert "_index.md" not in result.stdout
    assert named.exit_code == 0
    assert "left out" not in named.stderr


def test_a_file_that_is_no_plain_text_stops_no_other(posts, tmp_path):
    """A pipe that nobody fills, a device, a link in a circle, a hundred megabytes, old encodings."""
    os.mkfifo(posts / "pipe.md")
    (posts / "zero.md").symlink_to("/dev/zero")
    (posts / "circle.md").symlink_to("circle.md")
    (posts / "nowhere.md").symlink_to("gone.md")
    (posts / "gbk.md").write_bytes(
        "---\ntitle: 周刊\n---\n这是我们的一期周刊，欢迎大家。".encode("gb18030")
    )
    (posts / "wide.md").write_bytes("---\ntitle: News\n".encode("utf-16"))
    with (posts / "huge.md").open("wb") as huge:
        huge.truncate(100_000_000)

    result = digestbot("render", posts, "--out", tmp_path / "out")

    assert result.exit_code == 1
    for words in (
        "pipe.md: it is not a plain file. Put a file of text there",
        "zero.md: it is not a plain file.",
        "circle.md: it cannot be read",
        "nowhere.md: it cannot be read: No such file or directory. Look at its rights",
        "gbk.md: line 2 is not UTF-8 but GB18030. Save the file as UTF-8 (iconv -f GB18030 -t UTF-8)",
        "wide.md: line 1 is not UTF-8 but UTF-16. Save the file as UTF-8 (iconv -f UTF-16 -t UTF-8)",
        "huge.md: it has 100,000,000 bytes, more than",
    ):
        assert words in result.stderr
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_names_that_are_one_file_are_not_written_over_each_other(tmp_path):
    """Where case does not count, the second of two such posts is told instead."""
    post(tmp_path, "posts/Weekly.md")
    post(tmp_path, "posts/weekly.md")
    out = tmp_path / "out"
    out.mkdir()
    (out / "Weekly.json").touch()
    (out / "weekly.json").hardlink_to(out / "Weekly.json")

    result = digestbot("render", tmp_path / "posts", "--out", out)

    assert result.exit_code == 1
    assert "would become weekly.json, as" in result.stderr
    assert digestbot("render", tmp_path / "posts", "--out", tmp_path / "other").exit_code == 0


def test_odd_names_are_only_names(tmp_path):
    """Brackets, commas, blanks and pictures."""
    post(tmp_path, "posts/[2026] a, b! 🎉/第 1 期.md")

    digestbot("render", tmp_path / "posts", "--out", tmp_path / "out")

    assert [f.name for f in (tmp_path / "out").iterdir()] == ["[2026] a, b! 🎉__第 1 期.json"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_is_closed_is_told(posts, tmp_path):
    """And the others are read."""
    post(posts, "closed/a.md").parent.chmod(0)

    result = digestbot("render", posts, "--out", tmp_path / "out")

    (posts / "closed").chmod(0o700)
    assert "closed: the folder cannot be read" in result.stderr
    assert result.exit_code == 0


def test_a_strangers_name_gives_the_terminal_no_orders(tmp_path):
    """What would colour or end a line is a blank."""
    (tmp_path / "\x1b[31mred\nline.md").write_text("---\ntitle: a: b\n---\n")

    result = digestbot("render", tmp_path, "--out", tmp_path / "out")

    assert result.stderr.startswith("Error:  [31mred line.md:2: the header is no YAML")
