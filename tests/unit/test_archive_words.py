"""How issues are named and searched, without a database."""

from datetime import date

import pytest

from bot.archive.finding import IssueNames, found
from bot.archive.search import in_title, snippet
from bot.archive.words import CHUNK, OVERLAP, Phrase, Piece, chunks_of, query_of, words_of


def test_chinese_becomes_pairs_and_the_rest_words():
    """A run gives each two neighbours and its last character; letters are small and half-width."""
    words = list(words_of("灯笼鱼 v2.0：ＳＯＦＡ_x云"))

    assert words == ["灯笼", "笼鱼", "鱼", "v2", "0", "sofa_x", "云"]


def test_a_query_is_phrases_and_pieces():
    """What the index does not know by itself is looked for in the text."""
    assert query_of("分布式 Kube 云 C++ k ！") == (
        Phrase(("分布", "布式"), open_end=False),
        Phrase(("kube",), open_end=True),
        Piece("云"),
        Phrase(("c",), open_end=False),
        Phrase(("k",), open_end=False),
        Piece("！"),
    )
    assert query_of("SOFA架构") == (Phrase(("sofa", "架构"), open_end=False),)
    assert query_of("5月") == (Piece("5月"),)


def test_chunks_overlap_and_lose_no_word():
    """A phrase on a border is whole in one of them."""
    words = [f"w{n}" for n in range(CHUNK * 3)]

    chunks = chunks_of(" ".join(words))

    assert {word for chunk in chunks for word in chunk} == set(words)
    assert chunks[0][-OVERLAP:] == chunks[1][:OVERLAP]
    assert chunks_of("") == ()
    assert chunks_of("one") == (("one",),)
    assert len(chunks_of(" ".join(words[:CHUNK]))) == 1


def test_a_snippet_is_one_line_around_the_match():
    """Cut at words where there are any, with dots where something is left out."""
    text = f"{'before ' * 20}the\n\nNeedle {'after ' * 40}"

    shown = snippet("needle", text)

    assert shown.startswith("…before")
    assert shown.endswith("after…")
    assert "the Needle after" in shown
    assert len(shown) < 200
    assert snippet("absent", "short text") == "short text"
    assert snippet("鱼", "灯" * 200 + "鱼" + "笼" * 200).count("…") == 2
    assert snippet("x", "") == ""
    assert snippet("sofa架构", "a" * 90 + " SOFA 架构").endswith("SOFA 架构")


def test_a_title_has_all_words_or_it_does_not_count():
    """Case and punctuation between letters aside."""
    assert in_title("mesh SOFA架构", "SOFA 架构 and Mesh")
    assert not in_title("mesh cloud", "Mesh")
    assert in_title("！", "真！")


def card(path, title="", day=None, number=None, url="") -> IssueNames:
    """What names an issue."""
    return IssueNames(path, path, url, title, day, number)


NUMBERED = (
    card("weekly/2026-11-20-fish/index.md", "第 42 期：深海", date(2026, 11, 20), 42),
    card("b.md", "Issue 41", date(2026, 11, 13), 41, "https://x.example/blog/the-deep/"),
    card("posts/2026-11-06-issue-40.md", "Deep again", date(2026, 11, 6), 40),
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("42", 0),
        ("#41", 1),
        ("第 40 期", 2),
        ("第40期", 2),
        ("issue 41", 1),
        ("7", None),
        ("2026-11-13", 1),
        ("20261106", 2),
        ("2026/11/20", 0),
        ("2026-11-14", None),
        ("2026-13-45", None),
        ("weekly/2026-11-20-fish/index.md", 0),
        ("2026-11-20-fish", 0),
        ("Fish", 0),
        ("the-deep", 1),
        ("/the-deep/", 1),
        ("issue-40", 2),
        ("深海", 0),
        ("DEEP", 2),
        ("nothing", None),
        ("  ", None),
    ],
)
def test_an_issue_is_found_by_what_a_member_may_call_it(words, expected):
    """Number, day, slug, path or a part of the title; of several the newest."""
    wanted = None if expected is None else NUMBERED[expected].id

    assert found(words, NUMBERED) == wanted


def test_issues_without_numbers_count_from_the_oldest():
    """1 is the first one that there was."""
    cards = (card("c.md"), card("b.md"), card("a.md"))

    assert [found(n, cards) for n in ("1", "3", "4", "0")] == ["a.md", "c.md", None, None]
