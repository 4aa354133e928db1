"""Which file is which post."""

from datetime import timedelta

import pytest

from bot.plan import COMPARED, Face, moves
from tests.fakes import NOON

DAY = timedelta(days=1)

STANDING = "Send us your links. We read everything. See you next week in the channel. " * 2


def face(key: str, text: str = "", **changes: object) -> Face:
    """A file at a path of its key's, with a revision of its text's."""
    values = {"key": key, "path": key, "revision": text or key, "text": text}
    return Face(**(values | changes))  # type: ignore[arg-type]


def an_issue(number: int) -> str:
    """A text that shares its standing part with other issues."""
    return STANDING + " ".join(f"story {number}-{n} of fish {number * n}" for n in range(20))


def test_the_same_text_elsewhere_is_the_same_post():
    """Whatever is new or missing besides."""
    appeared = [face("new/1.md", an_issue(1)), face("2.md", an_issue(2))]
    missed = [face("w:old/1.md", an_issue(1)), face("w:old/3.md", an_issue(3))]

    assert moves(appeared, missed) == {"new/1.md": "w:old/1.md"}


def test_a_text_that_was_corrected_on_its_way_is_the_same_post():
    """A move with a touched header or a mended line."""
    mended = an_issue(1).replace("story 1-3 of", "tale 1-3 of")

    assert moves([face("b.md", mended)], [face("w:a.md", an_issue(1))]) == {"b.md": "w:a.md"}


def test_the_next_issue_is_not_the_last_one_though_they_share_what_always_stands_there():
    """Also when the last one is deleted with the same push."""
    assert moves([face("2.md", an_issue(2))], [face("w:1.md", an_issue(1))]) == {}


def test_two_issues_with_other_numbers_are_two_however_alike_they_are():
    """A number is an author's own word."""
    one = face("2.md", an_issue(1) + "!", number=2)

    assert moves([one], [face("w:1.md", an_issue(1), number=1)]) == {}


@pytest.mark.parametrize("shared", [{"title": "Deep sea"}, {"number": 7}])
def test_a_rewritten_text_with_the_same_title_or_number_is_the_same_post(shared):
    """Less has to be left of it then, though not nothing."""
    most = an_issue(1)[: len(an_issue(1)) * 3 // 4] + an_issue(5)[len(an_issue(5)) * 3 // 4 :]

    found = moves([face("b.md", most, **shared)], [face("w:a.md", an_issue(1), **shared)])

    assert found == {"b.md": "w:a.md"}
    other = face("b.md", "An altogether other story about birds in the sky.", **shared)
    assert moves([other], [face("w:a.md", an_issue(1), **shared)]) == {}


def by_habit(number: int) -> str:
    """A short issue of which little but the number is new."""
    return "\n".join(f"- Weekly {number}: story {n} of this week's weekly" for n in range(9))


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"title": "Weekly 2", "date": NOON}, False),
        ({"title": "Weekly 2", "date": NOON + 7 * DAY}, False),
        ({"title": "Weekly 1", "date": NOON + DAY}, True),
    ],
    ids=str,
)
def test_issues_that_are_written_by_habit_are_told_apart_by_name_and_date(changes, same):
    """To take the next issue for the last one would lose it."""
    last = face("w:1.md", by_habit(1), title="Weekly 1", date=NOON)

    found = moves([face("2.md", by_habit(2), **changes)], [last])

    assert bool(found) is same


def test_a_text_of_a_few_words_is_no_evidence_without_a_name():
    """Many posts say `See the video`."""
    video = [face("b.md", "See the video", revision="r2", title="B")]

    assert moves(video, [face("w:a.md", "See the video", revision="r1", title="A")]) == {}
    assert moves(video, [face("w:a.md", "See the video", revision="r1", title="B")]) != {}


@pytest.mark.parametrize(
    ("appeared", "missed"),
    [
        ({"guid": "tag:1"}, {"guid": "tag:1"}),
        ({"aliases": ("/blog/old-name/",)}, {"url": "https://old.example/blog/old-name/"}),
        ({"aliases": ("https://x.example/blog/%E9%B1%BC",)}, {"url": "http://y/blog/鱼/"}),
        ({"aliases": ("old/a.md",)}, {"path": "old/a.md"}),
        ({"aliases": ("/a/index.html",)}, {"url": "https://old.example/a/"}),
    ],
)
def test_a_file_that_names_its_old_self_is_believed(appeared, missed):
    """By its id, an alias of its page whatever host or scheme, or a path of old."""
    found = moves([face("b.md", "new words", **appeared)], [face("w:a.md", "old", **missed)])

    assert found == {"b.md": "w:a.md"}


def test_nothing_in_common_is_no_evidence():
    """Empty texts, empty ids and empty addresses match nobody."""
    empty = face("b.md", revision="r2", aliases=("", "/"))

    assert moves([empty], [face("w:a.md", revision="r1")]) == {}
    assert moves([face("b.md", "words")], [face("w:a.md", revision="r1")]) == {}


def test_no_post_is_in_two_places():
    """Of two copies one is the old post, the other a new one; the closest pair counts."""
    near = an_issue(1).replace("story 1-3", "tale 1-3")
    missed = [face("w:a.md", an_issue(1))]

    assert moves([face("far.md", near), face("same.md", an_issue(1))], missed) == {
        "same.md": "w:a.md"
    }
    assert len(moves([face("b.md", near), face("c.md", near, revision="r3")], missed)) == 1


def test_a_move_of_everything_is_found_by_the_letter_and_compared_up_to_a_limit():
    """A reorganised site costs no hour."""
    many = range(COMPARED + 20)
    missed = [face(f"w:{n}.md", an_issue(n)) for n in many]
    same = [face(f"new/{n}.md", an_issue(n)) for n in many]
    changed = [face(f"new/{n}.md", an_issue(n) + "!", revision=f"r{n}") for n in many]

    assert len(moves(same, missed)) == len(many)
    assert len(moves(changed, missed)) == COMPARED


def test_a_site_that_changes_its_generator_keeps_all_its_posts():
    """Every header is another one, so no file is the same to the letter; no text has changed much."""
    many = range(COMPARED * 3)
    missed = [
        face(f"w:{n}.md", an_issue(n), title=f"Issue {n}", date=NOON - n * DAY) for n in many
    ]
    texts = [face(f"new/{n}.md", an_issue(n), revision=f"r{n}") for n in many]
    mended = [
        face(f"new/{n}.md", f"{an_issue(n)}!", revision=f"r{n}", date=NOON - n * DAY)
        for n in many
    ]

    expected = {f"new/{n}.md": f"w:{n}.md" for n in many}
    assert moves(texts, missed) == expected
    assert moves(mended, missed) == expected
