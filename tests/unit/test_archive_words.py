"""How issues are named and searched, without a database."""

from datetime import date, timedelta

import pytest

from bot.archive.finding import IssueNames, found
from bot.archive.search import snippet, worth
from bot.archive.words import (
    CHUNK,
    OVERLAP,
    Phrase,
    Piece,
    chunks_of,
    folded,
    folded_places,
    query_of,
    words_of,
)
from tests.fakes import NOON


def test_chinese_becomes_pairs_and_the_rest_words():
    """A run gives each two neighbours and its last character; letters are small and half-width."""
    words = list(words_of("灯笼鱼 v2.0：ＳＯＦＡ_x云"))

    assert words == ["灯笼", "笼鱼", "鱼", "v2", "0", "sofa_x", "云"]


def test_traditional_characters_are_simplified_one_for_one():
    """Taipei and Beijing find each other's words."""
    assert list(words_of("開源軟體")) == ["开源", "源软", "软体", "体"]
    assert folded("雲端 ＲＰＣ") == "云端 rpc"


def test_a_query_is_phrases_and_pieces():
    """A last word may go on; what has no letters is looked for in the text."""
    assert query_of("分布式 Kube 云 C++ k ！") == (
        Phrase(("分布", "布式"), open_end=False),
        Phrase(("kube",), open_end=True),
        Phrase(("云",), open_end=True),
        Phrase(("c",), open_end=False),
        Phrase(("k",), open_end=False),
        Piece("！"),
    )
    assert query_of("SOFA架构") == (Phrase(("sofa", "架构"), open_end=False),)
    assert query_of("5月") == (Phrase(("5", "月"), open_end=True),)


def test_a_run_that_another_one_follows_ends_in_the_text_as_well():
    """Its last character alone stands between the two in the index."""
    assert query_of("架构v2") == (Phrase(("架构", "构", "v2"), open_end=True),)
    (asked,) = query_of("云原生mesh")
    assert isinstance(asked, Phrase)
    assert " ".join(asked.words) in " ".join(words_of("上云原生Mesh吧"))


def test_words_inside_words_are_known_behind_a_portion():
    """Programmers write words together."""
    (chunk,) = chunks_of("ServiceMesh and cargo_metadata, HTTPServer, SOFA, iPhone _x_ a_b")

    assert chunk[:3] == ("servicemesh", "and", "cargo_metadata")
    assert {"mesh", "metadata", "server", "phone"} <= set(chunk[8:])
    assert not {"ice", "b", "x", "fa"} & set(chunk)
    (capitals,) = chunks_of("ACMERPC ACMEJRaft")
    assert {"rpc", "jraft", "raft"} <= set(capitals)


def test_chunks_overlap_and_lose_no_word():
    """A phrase on a border is whole in one of them."""
    words = [f"w{n}" for n in range(CHUNK * 3)]

    chunks = chunks_of(" ".join(words))

    assert {word for chunk in chunks for word in chunk} == set(words)
    assert chunks[0][-OVERLAP:] == chunks[1][:OVERLAP]
    assert chunks_of("") == ()
    assert chunks_of("one") == (("one",),)
    assert len(chunks_of(" ".join(words[:CHUNK]))) == 1


def shown(words: str, plain: str) -> str:
    """A snippet with brackets around what is marked."""
    found = snippet(words, plain)
    text, at = "", 0
    for start, end in found.marks:
        text += f"{found.text[at:start]}[{found.text[start:end]}]"
        at = end
    return text + found.text[at:]


def test_a_snippet_is_one_line_around_the_match():
    """Cut at words where there are any, with dots where something is left out."""
    text = f"{'before ' * 20}the\n\nNeedle {'after ' * 40}"

    found = shown("needle", text)

    assert found.startswith("…before")
    assert found.endswith("after…")
    assert "the [Needle] after" in found
    assert len(found) < 200
    assert shown("absent", " short\n text ") == "short text"
    assert shown("鱼", "灯" * 200 + "鱼" + "笼" * 200).count("…") == 2
    assert shown("x", "") == ""
    assert shown("sofa架构", "a" * 90 + " SOFA 架构").endswith("[SOFA 架构]")


@pytest.mark.parametrize(
    ("words", "plain", "expected"),
    [
        ("开源 软件", "聊聊開源軟體與开源软件", "聊聊[開源]軟體與[开源][软件]"),
        ("rpc", "ＲＰＣ 与 rpc", "[ＲＰＣ] 与 [rpc]"),
        ("office", "The oﬃce opens; office", "The [oﬃce] opens; [office]"),
        ("art", "To start an artful art", "To start an [art]ful [art]"),
        ("mesh", "service_mesh Mesh", "service_[mesh] [Mesh]"),
        ("云 云原生", "云原生与云", "[云]原生与[云]"),
        ("！", "真！", "真[！]"),
    ],
)
def test_what_was_looked_for_is_marked(words, plain, expected):
    """In the form in which the author wrote it, and never twice."""
    assert shown(words, plain) == expected


def test_the_places_of_folded_letters_are_those_of_their_origins():
    """Also where one character becomes several."""
    assert folded_places("ﬁsh") == ("fish", [0, 0, 1, 2])
    assert folded_places("Fish") == ("fish", range(4))


def test_a_match_is_worth_less_with_the_years():
    """And nothing where it weighs nothing."""
    year = timedelta(days=365)

    assert worth(2, NOON, NOON) == 2
    assert worth(2, NOON - year, NOON) == 1
    assert worth(2, NOON + year, NOON) == 2
    assert worth(4, None, NOON) == 1
    assert worth(0, NOON, NOON) == 0


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
