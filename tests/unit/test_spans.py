"""Runs of text are merged and trimmed, and hold what shows."""

from formatters.document import Image, LineBreak, Span
from formatters.slack.spans import pictures_apart, runs, tidy


def test_neighbours_of_one_style_are_one_run():
    """Also those between which nothing was left."""
    spans = [
        Span("a"),
        Span("", bold=True),
        Span("b"),
        Span("c", bold=True),
        Span("d", bold=True),
    ]
    assert tidy(spans) == (Span("ab"), Span("cd", bold=True))


def test_white_space_around_the_whole_goes():
    """However many runs it stands in."""
    spans = [
        Span(" "),
        Span("\n", bold=True),
        Span("\u3000a"),
        Span("b ", bold=True),
        Span("\t"),
    ]
    assert tidy(spans) == (Span("a"), Span("b", bold=True))
    assert tidy([Span(" "), Span("\n", bold=True)]) == ()


def test_a_thousand_blank_runs_before_a_word_go():
    """They are passed once, not moved a thousand times."""
    blank = [Span(" ", bold=bool(n % 2)) for n in range(100_000)]
    assert tidy([*blank, Span("a", code=True)]) == (Span("a", code=True),)


def test_pictures_stand_apart_and_are_no_runs():
    """Text before and behind a picture is read with a gap in its place."""
    picture = Image("https://a.example/b.png")
    line = (Span("a"), picture, Span("b"), LineBreak())
    assert list(pictures_apart(line)) == [(Span("a"),), picture, (Span("b"), LineBreak())]
    assert runs(line) == (Span("a b"),)
