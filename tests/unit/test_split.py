"""Long posts are cut where a reader would cut them."""

import pytest

from formatters.document import Span
from formatters.slack import blocks, split
from formatters.slack.blocks import Button
from formatters.slack.cut import is_boundary, sentences, shortened, shortened_bytes, stretches
from formatters.slack.limits import message_faults
from formatters.slack.pieces import Bullet, Code, Quoted, Text, Whole
from formatters.slack.spoken import spoken

URL = "https://example.org/"


def messages(pieces, ending=()):
    """Messages as plain JSON, whose shape no type knows."""
    return split.messages(pieces, ending=ending)


def fit(made):
    """Messages that Slack takes, as their words."""
    for message in made:
        assert message_faults("x", message) == ()
    return [spoken(message) for message in made]


def text(words, **style):
    return Text((Span(words, **style),))


def heading(words):
    return Whole(blocks.header(words), opens=True)


def test_a_short_post_is_one_message():
    """Nothing is cut that fits."""
    assert fit(messages([heading("A"), text("a"), heading("B"), text("b")])) == ["A\na\nB\nb"]


def test_nothing_makes_no_message():
    """A post without pieces has no messages, only its ending if there is one."""
    assert messages([]) == ()
    assert messages([], ending=[blocks.divider()]) == (({"type": "divider"},),)


def test_messages_begin_at_sections():
    """A section that does not fit any more moves to the next message as a whole."""
    found = fit(messages([heading("A"), text("a" * 5000), heading("B"), text("b" * 5000)]))

    assert [words[0] for words in found] == ["A", "B"]


def test_a_heading_never_stands_last():
    """Headings stay with what they head, even in sections longer than a message."""
    long = [text("a" * 3000) for _ in range(8)]
    found = fit(messages([heading("A"), text("x" * 4000), heading("B"), heading("C"), *long]))

    assert all(not words.endswith(("B", "C")) for words in found)


def test_a_long_section_starts_where_there_is_room():
    """Little text is no reason for a message of its own when the next section is cut anyway."""
    found = fit(messages([heading("A"), text("a"), heading("B"), *[text("b" * 3000)] * 6]))

    assert found[0].startswith("A\na\nB\n")


def continued(words):
    return blocks.context(f"({words})", plain=True)


def test_a_message_that_goes_on_with_a_section_says_so():
    """With the nearest heading above the cut, block or bold line; one that begins with a heading does not."""
    long = [text("a" * 3000) for _ in range(4)]
    bold = Text((Span("C", bold=True),), opens=True)
    parts = [*long, heading("B"), *long, bold, *long]
    found = fit(split.messages(parts, continued=continued))

    assert [words.split("\n", 1)[0] for words in found] == [
        "a" * 3000, "()", "B", "(B)", "C", "(C)",
    ]  # fmt: skip


def test_what_needs_a_whole_message_has_no_mark_above_it():
    """Nothing is lost to make room for small print."""
    pieces = [heading("A"), text("a" * 8_600), text("b" * 8_850), text("c" * 100)]
    found = fit(split.messages(pieces, continued=continued))

    assert [words.split("\n", 1)[0] for words in found] == ["A", "b" * 8_850, "(A)"]


def test_the_ending_stands_below_the_first_message():
    """Buttons have their room reserved, however full the first message is."""
    ending = [blocks.buttons(Button("Go", "a", url=URL + "p" * 2000))]
    made = messages([heading("A"), *[text("a" * 2000)] * 9], ending=ending)

    fit(made)
    assert made[0][-1] == ending[0]
    assert all(ending[0] not in message for message in made[1:])


def test_more_than_fifty_blocks_are_cut():
    """The number of blocks counts too."""
    assert [len(m) for m in messages([Whole(blocks.divider())] * 120)] == [50, 50, 20]


def test_two_tables_stand_in_two_messages():
    """Slack takes one table in a message."""
    table = Whole({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]})

    assert len(messages([table, table])) == 2


@pytest.mark.parametrize("unit", ["字句。", "A sentence here. ", "&" * 99 + " ", "x"], ids=repr)
@pytest.mark.parametrize("style", [{}, {"bold": True}, {"url": URL}], ids=str)
def test_a_paragraph_longer_than_a_message_is_cut_and_whole(unit, style):
    """Whatever a paragraph is made of, its parts fit and together are the paragraph."""
    whole = unit * (30_000 // len(unit))
    found = fit(messages([text(whole, **style)]))

    assert len(found) > 1
    assert "".join("".join(found).split()) == "".join(whole.split())


def test_a_paragraph_is_cut_behind_a_sentence():
    """Parts end where a sentence ends."""
    found = fit(messages([text("这是一句话。" * 2000)]))

    assert all(words.endswith("。") for words in found)


def test_links_and_emphasis_are_not_cut():
    """A link that fits a message is never in two."""
    spans = [
        span for i in range(300) for span in (Span(f"see {i} "), Span("one. two.", url=URL))
    ]
    made = messages([Text(tuple(spans))])
    links = [
        run["text"]
        for message in made
        for run in message[0]["elements"][0]["elements"]
        if run["type"] == "link"
    ]

    fit(made)
    assert links == ["one. two."] * 300


def test_a_long_item_goes_on_as_text():
    """The bullet stands once, before the first part of an overlong item."""
    made = messages(
        [Bullet((Span("Words are here. " * 1500),), 1), Bullet((Span("next"),), 1, 2)]
    )

    fit(made)
    kinds = [element["type"] for message in made for element in message[0]["elements"]]
    assert kinds.count("rich_text_list") == 2
    assert kinds[0] == "rich_text_list"
    assert set(kinds[1:-1]) == {"rich_text_section"}


def test_numbers_go_on_in_the_next_message():
    """An ordered list that is cut keeps counting."""
    items = [Bullet((Span("x" * 900),), 1, n, ordered=True) for n in range(1, 13)]
    first, second = messages(items)
    count = len(first[0]["elements"][0]["elements"])

    assert second[0]["elements"][0]["offset"] == count


def test_long_quotations_and_code_are_cut_in_their_kind():
    """Parts of a quotation are quotations, parts of code end with a line."""
    quote = messages([Quoted((Span("Words here. " * 1500),), 1)])
    code = messages([Code("let x = 1;\n" * 1500 + "y" * 20_000)])

    fit(quote)
    assert {m[0]["elements"][0]["type"] for m in quote} == {"rich_text_quote"}
    assert "".join("".join(fit(code)).split()) == "letx=1;" * 1500 + "y" * 20_000


@pytest.mark.parametrize("unit", ["👩‍👩‍👧‍👦", "🇨🇳", "é", "👍🏽", "가"], ids=ascii)
def test_graphemes_are_never_cut(unit):
    """A family, a flag, an accent, a skin tone and a syllable stay whole."""
    size = len(unit) * 3 + 1
    parts = list(stretches(unit * 20, size))

    assert "".join(parts) == unit * 20
    assert all(len(part) % len(unit) == 0 for part in parts)


def test_a_grapheme_longer_than_the_room_is_cut():
    """Piled-up accents cannot stop the bot."""
    assert [len(part) for part in stretches("e" + "́" * 9, 4)] == [4, 4, 2]
    assert is_boundary("", 0)


def test_sentences_end_at_their_marks():
    """Chinese and English sentences are told apart; brackets stay with theirs."""
    assert sentences("一。二！”三") == ("一。", "二！”三")
    assert sentences("One v1.2 here. Two?  Three") == ("One v1.2 here. ", "Two?  ", "Three")
    assert sentences("") == ()


def test_shortened_text_says_so():
    """An ellipsis stands for what is gone, within the size."""
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"
    assert shortened("👍🏽👍🏽", 3) == "👍🏽…"
    assert shortened_bytes("汉字", 6) == "汉字"
    assert shortened_bytes("汉字汉字", 10) == "汉字…"
    assert shortened_bytes("ae\u0301" * 4, 8) == "ae\u0301a…"
    assert shortened_bytes("ae\u0301" * 4, 5) == "a…"
