"""Issues are composed once for everybody who asks for them."""

from dataclasses import replace

from bot.answer.kept import Composed, Kept
from tests.fakes import a_message, an_entry


class Composer:
    """Makes another message at each call, and counts."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Composed:
        """Compose."""
        self.calls += 1
        return ((a_message(f"number {self.calls}"),), ())


def test_an_issue_is_composed_once_in_each_language():
    """The second person gets the very same messages."""
    kept, compose, entry = Kept(), Composer(), an_entry("a.md")

    first = kept.of(entry, "en", compose)

    assert kept.of(replace(entry), "en", compose) is first
    assert kept.of(entry, "zh", compose) != first
    assert compose.calls == 2


def test_an_issue_that_has_changed_is_composed_anew():
    """Nobody is told what it said before."""
    kept, compose, entry = Kept(), Composer(), an_entry("a.md")

    first = kept.of(entry, "en", compose)

    assert kept.of(replace(entry, revision="r2", text="Mended"), "en", compose) != first


def test_what_nobody_asked_for_lately_is_forgotten():
    """Memory does not grow with the archive."""
    kept, compose = Kept(most=2), Composer()
    a, b, c = (an_entry(path) for path in ("a.md", "b.md", "c.md"))
    for entry in (a, b, a, c):
        kept.of(entry, "en", compose)
    assert compose.calls == 3

    kept.of(a, "en", compose)
    assert compose.calls == 3
    kept.of(b, "en", compose)
    assert compose.calls == 4
