"""The folder source: what it finds, what it leaves alone."""

import os
from pathlib import Path

import pytest

from bot.sources.content import LARGEST, UnfitError, decoded, encoding_of
from bot.sources.folder import DEEPEST, FolderSource, candidate, text_of
from bot.sources.globs import enters, takes


def write(root: Path, path: str, text: str | bytes = "text") -> Path:
    """Write a file below a root."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def source(root: Path, *include: str) -> FolderSource:
    """A source over a root."""
    return FolderSource("weekly", root, include or ("**/*.md",))


async def found(folder: FolderSource) -> dict[str, str]:
    """Path -> text of what one look finds."""
    return {one.path: one.text for one in (await folder.scan()).found}


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("**/*.md", "a.md", True),
        ("**/*.md", "a/b/c.md", True),
        ("**/*.md", "a/b.txt", False),
        ("*.md", "a/b.md", False),
        ("*weekly*/index.md", "2026-weekly-1/index.md", True),
        ("*weekly*/index.md", "x/2026-weekly-1/index.md", False),
        ("**/index.md", "a/index.md", True),
        ("a/**", "a/b/c.md", True),
        ("a/**/c.md", "a/c.md", True),
        ("*.md", "[1] ? *.md", True),
        ("posts/?.md", "posts/一.md", True),
    ],
)
def test_patterns_take_whole_paths(pattern, path, expected):
    """`*` stays within a name, `**` stands for any folders, none included."""
    assert takes(pattern, path) is expected


def test_only_folders_that_can_hold_a_match_are_entered():
    """So that a site's other thousand folders cost nothing."""
    assert enters("*weekly*/index.md", "")
    assert enters("*weekly*/index.md", "my-weekly")
    assert not enters("*weekly*/index.md", "other")
    assert not enters("*.md", "sub")
    assert not enters("", "sub")
    assert enters("**/*.md", "a/b/c")


async def test_the_first_look_finds_everything_and_the_next_one_nothing(tmp_path):
    """Hidden files and folders are not posts; odd names are only names."""
    names = ["a.md", "深/第 1 期 🎉.md", "[x]/*?.md"]
    for name in (*names, ".git/b.md", ".c.md", "d.txt"):
        write(tmp_path, name, name)
    folder = source(tmp_path)

    assert await found(folder) == {name: name for name in names}
    second = await folder.scan()
    assert (second.found, second.problems) == ((), ())
    assert second.paths == set(names)
    assert folder.id == "weekly"


async def test_an_unchanged_file_is_not_opened(tmp_path):
    """Its stat is enough."""
    file = write(tmp_path, "a.md", "old")
    folder = source(tmp_path)
    await folder.scan()
    stat = file.stat()
    file.write_text("new")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    assert await found(folder) == {}
    assert await found(folder) == {}


async def test_what_is_forgotten_is_found_again(tmp_path):
    """Each file once more, also the ones that never changed; then no more."""
    write(tmp_path, "a.md")
    folder = source(tmp_path)
    folder.forget()
    await folder.scan()
    write(tmp_path, "b.md")
    await folder.scan()
    await folder.scan()

    folder.forget()

    assert [set(await found(folder)) for _ in range(2)] == [{"a.md", "b.md"}, set()]


async def test_a_later_file_is_found_once_two_looks_see_it_alike(tmp_path):
    """A file that is still being written is not taken in halves."""
    folder = source(tmp_path)
    await folder.scan()

    file = write(tmp_path, "a.md", "hal")
    first = await folder.scan()
    file.write_text("half")
    second = await folder.scan()
    third = await found(folder)

    assert first.found == ()
    assert first.paths == {"a.md"}
    assert second.found == ()
    assert third == {"a.md": "half"}
    file.write_text("changed")
    assert [await found(folder) for _ in range(3)] == [{}, {"a.md": "changed"}, {}]


async def test_a_removed_file_is_no_longer_there_and_may_come_back(tmp_path):
    """It is found again when it does."""
    file = write(tmp_path, "a.md")
    folder = source(tmp_path)
    await folder.scan()

    file.unlink()
    gone = await folder.scan()
    write(tmp_path, "a.md", "back")

    assert (gone.found, gone.paths) == ((), frozenset())
    assert [await found(folder) for _ in range(2)] == [{}, {"a.md": "back"}]


async def test_a_file_at_fault_is_a_problem_of_its_own(tmp_path):
    """Each says what is wrong; the good one is found all the same; all are `there`."""
    outside = write(tmp_path, "outside/secret.md")
    root = tmp_path / "root"
    write(root, "good.md")
    write(root, "latin.md", "line\nGrüße".encode("latin-1"))
    write(root, "zero.md", b"a\0b")
    write(root, "large.md", b"x" * (LARGEST + 1))
    (root / "leaves.md").symlink_to(outside)
    (root / "dangling.md").symlink_to(root / "nowhere")
    (root / "circle.md").symlink_to(root / "circle.md")
    (root / "away").symlink_to(outside.parent)
    (root / "folder.md").mkdir()
    os.mkfifo(root / "pipe.md")
    folder = source(root)

    scan = await folder.scan()

    words = {problem.path: problem.words for problem in scan.problems}
    assert [one.path for one in scan.found] == ["good.md"]
    assert "line 2 is not UTF-8" in words["latin.md"]
    assert "zero byte" in words["zero.md"]
    assert "2,000,001 bytes" in words["large.md"]
    assert "link that leaves" in words["leaves.md"]
    assert "link that leaves" in words["away"]
    assert "cannot be read" in words["dangling.md"]
    assert "cannot be read" in words["circle.md"]
    assert "not a plain file" in words["pipe.md"]
    assert scan.paths == {"good.md", *words}
    assert {problem.source for problem in scan.problems} == {"weekly"}
    assert (await folder.scan()).problems == scan.problems


async def test_a_link_inside_the_folder_is_a_post_like_any_other(tmp_path):
    """Links to folders inside are not walked: their files are found at their own place."""
    write(tmp_path, "real/a.md", "text")
    (tmp_path / "b.md").symlink_to(tmp_path / "real/a.md")
    (tmp_path / "again").symlink_to(tmp_path / "real")

    scan = await source(tmp_path).scan()

    assert [one.path for one in scan.found] == ["b.md", "real/a.md"]
    assert scan.problems == ()


async def test_a_mended_file_is_found_and_its_problem_is_gone(tmp_path):
    """Files at fault are tried again at every look."""
    file = write(tmp_path, "a.md", b"\xff")
    folder = source(tmp_path)
    await folder.scan()

    file.write_text("fine")
    first, second = await folder.scan(), await folder.scan()

    assert first.problems == second.problems == ()
    assert [one.text for one in second.found] == ["fine"]


async def test_a_name_that_is_not_utf8_is_a_problem_with_a_readable_path(tmp_path):
    """It could be neither stored nor shown."""
    try:
        os.close(os.open(os.fsencode(tmp_path) + b"/\xff.md", os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")

    (problem,) = (await source(tmp_path).scan()).problems

    assert problem.path == "\ufffd.md"
    assert "rename" in problem.words


async def test_a_folder_that_is_not_there_is_a_problem_of_the_source(tmp_path):
    """Nothing is raised, and nothing is taken for removed posts."""
    folder = source(tmp_path / "missing")

    scan = await folder.scan()

    assert (scan.found, scan.paths) == ((), frozenset())
    (problem,) = scan.problems
    assert problem.path == ""
    assert "missing" in problem.words
    write(tmp_path, "missing/a.md", "text")
    assert await found(folder) == {"a.md": "text"}


async def test_a_file_that_changes_while_it_is_read_waits_for_the_next_look(tmp_path):
    """The stamp before and after must agree."""
    file = write(tmp_path, "a.md", "one")
    seen = candidate(tmp_path, "a.md")
    file.write_text("longer")

    assert text_of(seen) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_what_may_not_be_read_is_a_problem(tmp_path):
    """A file and a folder without rights."""
    write(tmp_path, "a.md").chmod(0)
    write(tmp_path, "sub/b.md").parent.chmod(0)

    scan = await source(tmp_path).scan()

    (tmp_path / "sub").chmod(0o700)
    assert {problem.path for problem in scan.problems} == {"a.md", "sub"}


async def test_a_folder_that_shows_nothing_any_more_has_lost_no_posts(tmp_path):
    """A volume that is not mounted looks like an empty folder; back again, nothing is new."""
    write(tmp_path, "all/a.md")
    write(tmp_path, "all/b.md")
    (tmp_path / "root").symlink_to("all")
    (tmp_path / "empty").mkdir()
    folder = source(tmp_path / "root")
    await folder.scan()

    (tmp_path / "root").unlink()
    (tmp_path / "root").symlink_to("empty")
    gone, still = await folder.scan(), await folder.scan()
    (tmp_path / "root").unlink()
    (tmp_path / "root").symlink_to("all")
    back = await folder.scan()

    assert gone == still
    assert [problem.path for problem in gone.problems] == [""]
    assert "shows none of its 2 posts" in gone.problems[0].words
    assert not gone.complete
    assert back.found == ()
    assert back.paths == {"a.md", "b.md"}
    assert back.complete


async def test_folders_without_end_are_a_problem_of_their_own(tmp_path):
    """What is not looked into is not taken for removed."""
    write(tmp_path, "a.md")
    write(tmp_path, "d/" * (DEEPEST + 1) + "b.md")

    scan = await source(tmp_path).scan()

    assert [one.path for one in scan.found] == ["a.md"]
    assert "folders stand in each other" in scan.problems[0].words
    assert not scan.complete


async def test_names_that_differ_in_case_are_two_posts(tmp_path):
    """As long as the file system tells them apart."""
    write(tmp_path, "Weekly.md", "one")
    write(tmp_path, "weekly.md", "two")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system takes them for one")

    assert await found(source(tmp_path)) == {"Weekly.md": "one", "weekly.md": "two"}


def test_a_pipe_put_in_a_files_place_is_not_waited_for(tmp_path):
    """Nor is a link followed that came after the look."""
    write(tmp_path, "a.md")
    write(tmp_path, "b.md")
    pipe, link = candidate(tmp_path, "a.md"), candidate(tmp_path, "b.md")
    (tmp_path / "a.md").unlink()
    os.mkfifo(tmp_path / "a.md")
    (tmp_path / "b.md").unlink()
    (tmp_path / "b.md").symlink_to("/etc/hostname")

    for file, words in ((pipe, "not a plain file"), (link, "cannot be read")):
        with pytest.raises(UnfitError, match=words):
            text_of(file)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("这是我们的周刊，欢迎大家。".encode("gb18030"), "gb18030"),
        ("News".encode("utf-16"), "utf-16"),
        ("News".encode("utf-32"), "utf-32"),
        ("News".encode("utf-16-le"), "utf-16-le"),
        ("News".encode("utf-16-be"), "utf-16-be"),
        ("Grüße an alle, schöne Straße".encode("latin-1"), ""),
        ("これはニュースです".encode("shift_jis"), ""),
        ("안녕하세요 여러분 소식입니다".encode("euc-kr"), ""),
        (b"\x80\x00\x01", ""),
        (b"", ""),
    ],
)
def test_an_encoding_is_named_where_there_is_no_doubt(content, encoding):
    """So that its author knows how to mend it."""
    assert encoding_of(content) == encoding


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("News".encode("utf-16-le"), "zero byte, so it is no text but UTF-16LE"),
        (b"a\0b, and more text", "look whether it is damaged"),
        ("News".encode("utf-16"), "line 1 is not UTF-8 but UTF-16: save"),
        (b"a\n\xff", "line 2 is not UTF-8: save the file as UTF-8$"),
    ],
)
def test_what_is_not_utf8_is_refused_with_a_way_out(content, words):
    """No post is made of a guess."""
    with pytest.raises(UnfitError, match=words):
        decoded(content)
