"""What notifications and screen readers get of a long message."""

import pytest

from formatters.fallback import fallback

MORE = "There is more."


def test_what_fits_is_told_whole():
    """Escaped, without a word of ours."""
    assert fallback("a < b\n@here", MORE) == "a &lt; b\n@\u2060here"


def test_a_long_text_ends_with_a_line_and_says_that_there_is_more():
    """Whole lines, as many as the bytes hold."""
    line = "字" * 100
    told = fallback("\n".join([line] * 30), MORE).split("\n")

    assert told == [line] * 9 + ["… There is more."]


def test_a_long_line_ends_with_a_sentence():
    """No half sentence is read out."""
    sentence = "字" * 299 + "。"
    told = fallback(sentence * 9, MORE)

    assert told == f"{sentence * 3}\n… There is more."


@pytest.mark.parametrize("unit", ["字", "&", "x", "👩‍👩‍👧‍👦", "\ud800"])
def test_a_sentence_without_end_is_cut_in_its_midst(unit):
    """Rather than leaving nothing of it; never within a sign."""
    told = fallback(f"First.\n{unit * 4000}", MORE)
    first, long, hint = told.split("\n")

    assert (first, hint) == ("First.", "… There is more.")
    assert 2500 < len(told.encode("utf-8", "replace")) <= 3000
    assert long.endswith("…")
    assert not long.removesuffix("…").endswith("\u200d")
