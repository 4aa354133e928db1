"""What maintainers say in the place of our own words, and how it shows on a digest."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from formatters.compose import compose
from formatters.document import Header, Paragraph, Post, Section, SectionKind, Span
from formatters.frame import Frame, template
from formatters.message import Style
from formatters.slack.limits import message_faults
from formatters.templates import FILTERS
from formatters.wording import (
    EMPTY,
    FULL,
    OURS,
    Voice,
    WordingError,
    wording_of,
)
from tests.needs import ROOT

URL = "https://example.org/12/"


def a_post(**header):
    made = Header(title="Weekly *12*", date=datetime(2026, 3, 4, tzinfo=UTC))
    news = Section(SectionKind.READING, (Span("News"),), 2, (Paragraph((Span("Words."),)),))
    return Post("a.md", replace(made, **header), URL, "en", 12, (news,))


def composed(files, style=Style.CARD, language="en", post=None):
    """Messages that are all without fault, with templates in files."""
    wording = wording_of(tuple(files.items()), "Example")
    found = compose(post or a_post(), style=style, language=language, wording=wording)
    for message in found.messages:
        assert message_faults(message.text, message.blocks) == ()
    return found


def faults_of(**files):
    with pytest.raises(WordingError) as raised:
        wording_of(tuple((name.replace("__", "."), text) for name, text in files.items()))
    return [(fault.file, fault.line, fault.words) for fault in raised.value.faults]


def test_a_header_and_a_footer_stand_around_a_card():
    """As Markdown, with values that stay what they are."""
    made = composed(
        {
            "t/header.md": "From **{{ site }}**: [{{ title }}]({{ url }})",
            "t/footer.md": "Write to us: <https://example.org/mail>",
        }
    )
    (card,) = made.messages

    kinds = [block["type"] for block in card.blocks]
    assert kinds == ["header", "context", "rich_text", "rich_text", "actions"]
    (section,) = card.blocks[2]["elements"][:1]
    assert section["elements"][:4] == [
        {"type": "text", "text": "From "},
        {"type": "text", "text": "Example", "style": {"bold": True}},
        {"type": "text", "text": ": "},
        {"type": "link", "url": URL, "text": "Weekly *12*"},
    ]
    assert card.text.endswith("Write to us: https://example.org/mail")
    assert made.problems == ()


def test_the_footer_of_a_full_issue_stands_at_its_end():
    """Below the last words, above the buttons."""
    (message,) = composed({"footer.md": "The end."}, Style.FULL).messages

    assert message.text.endswith("Words.\n\nThe end.")
    assert message.blocks[-1]["type"] == "actions"


def test_a_template_for_one_language_wins_there():
    """Others get the one for all."""
    files = {"header.md": "For all", "header.zh.md": "中文"}

    assert "For all" in composed(files).messages[0].text
    assert "中文" in composed(files, language="zh-CN").messages[0].text


def test_words_of_our_own_can_be_other_words():
    """Under the keys of the message files; what is not there stays ours."""
    files = {
        "words.yaml": "card:\n  read: Open it\n  date: '{{ year }}'",
        "words.zh.yml": "card.read: 打开",
    }
    (card,) = composed(files).messages
    (chinese,) = composed(files, language="zh").messages

    assert card.blocks[-1]["elements"][0]["text"]["text"] == "Open it"
    assert card.blocks[-1]["elements"][1]["text"]["text"] == "Past issues"
    assert chinese.blocks[-1]["elements"][0]["text"]["text"] == "打开"


def test_every_value_of_a_post_can_be_said():
    """All documented names are filled, with a post that tells all and with one that tells nothing."""
    names = " ".join(f"{{{{ {name} }}}}" for name in FULL)
    full = a_post(authors=("Ada",), description="All", tags=("a", "b"))
    bare = Post("b.md", Header(), "", "en", None, ())

    said = composed({"header.md": names}, post=full).messages[0].text
    assert (
        f"Weekly *12* 12 4 March 2026 2026 3 4 {URL} Ada All a, b News Example en card" in said
    )
    assert composed({"header.md": names}, post=bare).problems == ()
    assert FULL.keys() == EMPTY.keys()


def test_the_runbook_explains_every_value_and_filter():
    """And no other."""
    told = (ROOT / "deploy" / "runbook.md").read_text("utf-8")
    table = told[told.index("| value | is |") : told.index("Filters: ")]
    first = "".join(line.split("|")[1] for line in table.splitlines() if "|" in line)
    filters = told[told.index("Filters: ") : told.index("; what\nstands")]

    named = set(re.findall(r"`(\w+)`", first)) | {"year", "month", "day"}
    assert named == set(FULL)
    assert set(re.findall(r"`(\w+)`", filters)) == FILTERS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 3_000, "header: is too long; the issue itself would have no room"),
        ("| a | b |\n| - | - |\n| 1 | 2 |", "header: a table has no place there"),
        ("a\n\n---\n\n" * 60, "header: is too long; the issue itself would have no room"),
        (
            "{% if title == 'Weekly *12*' %}\n{{ title + 1 }}{% endif %}",
            'header: fails: can only concatenate str (not "int") to str (line 2)',
        ),
    ],
)
def test_a_template_that_fails_gives_way_and_is_told(text, why):
    """The digest goes out without it."""
    wording = wording_of((("header.md", text),))
    made = compose(a_post(), style=Style.CARD, language="en", wording=wording)

    assert made.problems == (why,)
    assert made.messages == compose(a_post(), style=Style.CARD, language="en").messages


def test_words_that_fail_or_say_nothing_give_way_to_ours():
    """A button is never without words."""
    said = {
        "card.issue": "{{ number if number == 12 else '' }}",
        "card.by": "{% if authors == 'Ada' %}{{ authors + 1 }}{% endif %}x",
    }
    wording = wording_of((("words.yaml", json.dumps(said)),))
    voice = Voice("en", wording)

    assert voice.say("card.issue", number=12) == "12"
    assert voice.say("card.issue", number=13) == "Issue 13"
    assert voice.site == ""
    assert voice.problems == []
    assert voice.say("card.by", authors="Ada") == "by Ada"
    assert voice.problems == [
        'card.by: fails: can only concatenate str (not "int") to str (line 1)'
    ]


def test_what_a_template_writes_mentions_nobody():
    """It is read like a post: no markup of Slack's comes to life."""
    made = composed({"footer.md": "<!channel> @here <@U123> {{ title }}"})

    assert "<!channel>" not in made.messages[0].text


def test_no_templates_change_nothing():
    """The words are ours."""
    assert wording_of(()) == OURS
    assert template(Frame(a_post(), (), Style.CARD, Voice("en")), "header") == ()


def test_all_faults_are_told_at_once_with_file_and_line():
    """So that one look is enough."""
    assert faults_of(
        header__md="Fine\n{{ titel }}",
        footer__txt="",
        footer__fr__md="Bonjour",
        header__yaml="a: b",
        words__md="a",
    ) == [
        ("header.md", 2, "there is no 'titel'; did you mean 'title'?"),
        ("footer.txt", 0, f"is no template's name; known: {NAMES}"),
        ("footer.fr.md", 0, "there is no language 'fr'; known: en, zh"),
        ("header.yaml", 0, f"is no template's name; known: {NAMES}"),
        ("words.md", 0, f"is no template's name; known: {NAMES}"),
    ]


NAMES = "header.md, footer.md, words.yaml, each also for one language as header.zh.md"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            "card:\n  reed: x",
            2,
            "card.reed: is no sentence of a digest; did you mean 'card.read'?",
        ),
        ("answer:\n  sorry: x", 2, "answer.sorry: is no sentence of a digest; "),
        ("card:\n  issue: '{{ numbr }}'", 2, "there is no 'numbr'; did you mean 'number'?"),
        ("card:\n  issue: |\n\n    {{ numbr }}", 3, "there is no 'numbr'"),
        ("card:\n  read: ' '", 2, "card.read: says nothing"),
        ("card:\n  read: [a]", 2, "card.read: must be text"),
        ("card: {", 1, "is no YAML: "),
        ("card: \x00", 0, "is no YAML: "),
        ("just words", 1, ": is no sentence of a digest"),
    ],
)
def test_a_fault_in_the_words_is_told_at_its_line(text, line, words):
    """With the key."""
    ((file, at, said),) = faults_of(words__yaml=text)

    assert (file, at) == ("words.yaml", line)
    assert words in said


def test_an_empty_file_of_words_is_no_fault():
    """Nothing is changed then."""
    assert wording_of((("words.yaml", "# nothing yet\n"),)).words == {}


def test_an_error_names_every_fault():
    """One on a line, for the command line."""
    with pytest.raises(WordingError, match=r"^t/header\.md:1: there is no 'x'"):
        wording_of((("t/header.md", "{{ x }}"),))
