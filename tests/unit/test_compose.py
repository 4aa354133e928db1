"""What a channel gets to see of a post."""

from datetime import UTC, datetime

import pytest

from formatters.compose import compose
from formatters.document import (
    CodeBlock,
    Header,
    Image,
    Item,
    ListBlock,
    Paragraph,
    Post,
    Section,
    SectionKind,
    Span,
)
from formatters.message import Style
from formatters.slack.limits import message_faults

URL = "https://example.org/weekly/12/"
COVER = "https://example.org/cover.png"


def p(*spans):
    return Paragraph(tuple(Span(s) if isinstance(s, str) else s for s in spans))


def bullets(*texts):
    return ListBlock(False, tuple(Item((p(text),)) for text in texts))  # noqa: FBT003


def a_section(title="News", *blocks, kind=SectionKind.READING, level=2):
    return Section(kind, (Span(title),) if title else (), level, blocks or (p("Some words."),))


def a_post(*sections, url=URL, number=12, **header):
    made = Header(**{"title": "Weekly", "date": datetime(2026, 3, 4, tzinfo=UTC), **header})
    return Post("a.md", made, url, "en", number, sections or (a_section(),), ("data:x",))


def composed(post, style=Style.THREAD, language="en", **kinds):
    """Messages that are all without fault."""
    found = compose(post, style=style, language=language, **kinds)
    for message in found.messages:
        assert message_faults(message.text, message.blocks) == ()
    return found


def kinds(message):
    return [block["type"] for block in message.blocks]


def buttons(message):
    return [
        e for block in message.blocks if block["type"] == "actions" for e in block["elements"]
    ]


def test_a_thread_has_a_card_and_then_the_complete_issue():
    """The channel sees a card, the thread every word."""
    card, issue = composed(a_post(cover=COVER, authors=("Ada",))).messages

    assert kinds(card) == ["header", "image", "context", "rich_text", "context", "actions"]
    assert card.text.startswith("Weekly\n")
    assert "Issue 12 · 4 Mar 2026 · by Ada" in card.text
    assert "thread" in card.text
    assert kinds(issue) == ["header", "rich_text"]
    assert issue.text == "Weekly (2)\nNews\nSome words."


def test_a_card_alone_promises_no_thread():
    """In card style there is one message and no word of a thread."""
    (card,) = composed(a_post(), Style.CARD).messages

    assert "thread" not in card.text


def test_the_full_issue_stands_under_its_title():
    """In full style the title comes first, then everything, with buttons in the first message."""
    (message,) = composed(a_post(cover=COVER), Style.FULL).messages

    assert kinds(message) == ["header", "image", "context", "header", "rich_text", "actions"]


def test_a_cover_that_the_issue_shows_is_not_shown_twice():
    """In full style a picture of the text is not repeated above it."""
    section = a_section("News", Paragraph((Image(COVER, "Cover"),)))
    (message,) = composed(a_post(section, cover=COVER), Style.FULL).messages

    assert kinds(message).count("image") == 1


def test_buttons_read_list_and_meet():
    """A card leads to the page, the past issues and the meetups."""
    (card,) = composed(a_post(), Style.CARD).messages

    assert [b["action_id"] for b in buttons(card)] == [
        "digest.url.read",
        "digest.list.page",
        "digest.meetups.show",
    ]
    assert buttons(card)[0]["url"] == URL


def test_a_full_issue_has_no_buttons_that_lead_away_from_it():
    """It is long enough: only its page is a click away, and nothing where it has none."""
    (message,) = composed(a_post(), Style.FULL).messages
    (bare,) = composed(a_post(url=""), Style.FULL).messages

    assert [b["action_id"] for b in buttons(message)] == ["digest.url.read"]
    assert buttons(bare) == []


@pytest.mark.parametrize(
    "said", ["On 4 March", "Until Mar 4, 2026", "3 月 4 日晚", "2026-03-04", "see 2026/3/4"]
)
def test_a_full_issue_that_tells_its_day_itself_has_no_date_above(said):
    """Small print is for what the text leaves open; the card always has the date."""
    post = a_post(a_section("News", p(said)))

    assert "4 Mar 2026" not in composed(post, Style.FULL).messages[0].text
    assert "4 Mar 2026" in composed(post).messages[0].text


@pytest.mark.parametrize("said", ["On 14 March", "13 月 4 日", "2026-03-041"])
def test_another_day_is_no_reason_to_leave_the_date_out(said):
    """Half a date is none."""
    (message,) = composed(a_post(a_section("News", p(said))), Style.FULL).messages

    assert "4 Mar 2026" in message.text


def test_a_full_issue_that_names_its_authors_itself_has_them_once():
    """Those whom it does not name stand above it; the card has all of them."""
    said = p("Ada was there. Also 由花肉分享。")
    post = a_post(a_section("News", said), authors=("Ada", "Al", "花肉", " "))

    assert "by Al\n" in composed(post, Style.FULL).messages[0].text
    assert "by Ada, Al, 花肉\n" in composed(post).messages[0].text


def test_a_full_issue_that_begins_with_its_title_has_it_once():
    """The heading of the text is the title."""
    (message,) = composed(a_post(a_section("Weekly")), Style.FULL).messages

    assert kinds(message) == ["header", "context", "rich_text", "actions"]


def test_a_number_that_the_title_says_is_not_said_again():
    """Neither as `Issue 12` nor in any other way; another number is no reason."""
    assert "Issue" not in composed(a_post(title="Weekly #12")).messages[0].text
    assert "Issue 12" in composed(a_post(title="Weekly 2012")).messages[0].text


def test_a_line_of_bold_text_stays_one():
    """A section under a bold line has no heading that its author did not write."""
    line = Section(
        SectionKind.READING, (Span("News", bold=True),), 3, (p("One."),), bold_line=True
    )
    _, issue = composed(a_post(a_section("Top"), line)).messages

    assert kinds(issue) == ["header", "rich_text"]
    (text,) = issue.blocks[1]["elements"]
    assert {"type": "text", "text": "News", "style": {"bold": True}} in text["elements"]


def test_a_post_without_a_page_has_no_read_button():
    """No button leads nowhere."""
    (card,) = composed(a_post(url=""), Style.CARD).messages

    assert [b["action_id"] for b in buttons(card)] == [
        "digest.list.page",
        "digest.meetups.show",
    ]


def listed(*texts, title="News"):
    """A section with a list, and enough prose behind it that a card has room."""
    return a_section(title, bullets(*texts), p("Prose. " * 200))


def shown(post, language="en"):
    """The text of a card below its small print."""
    (card,) = composed(post, Style.CARD, language).messages
    return card.text.split("2026\n", 1)[1]


def test_a_card_shows_the_first_lines_of_each_section():
    """Three lines of a section as they were written, and how many more there are."""
    linked = p("See ", Span("the ", url=URL), Span("news", url=URL, bold=True), " now")
    items = ListBlock(
        ordered=False,
        items=(
            Item((linked,)),
            *(Item((p(f"item {i}"),)) for i in range(4)),
            Item((CodeBlock("x"),)),
        ),
    )
    post = a_post(a_section("News", items, p("Prose. " * 200)))
    (card,) = composed(post, Style.CARD).messages
    title, lines = next(b for b in card.blocks if b["type"] == "rich_text")["elements"]

    assert title["elements"] == [{"type": "text", "text": "News", "style": {"bold": True}}]
    first, *others = [section["elements"] for section in lines["elements"]]
    assert first == [
        {"type": "text", "text": "See "},
        {"type": "link", "url": URL, "text": "the news"},
        {"type": "text", "text": " now"},
    ]
    assert [run["text"] for runs in others for run in runs] == ["item 0", "item 1 · and 2 more"]


def test_more_is_said_only_where_there_is_more():
    """Three items of three are all, four are one more."""
    assert shown(a_post(listed("a1", "b1", "c1"))) == "News\na1\nb1\nc1"
    assert shown(a_post(listed("a1", "b1", "c1", "d1"))) == "News\na1\nb1\nc1 · and 1 more"


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([Span("the tools", url=URL), Span("：")], "the tools"),
        ([Span("the tools：", url=URL), Span(" — "), Span("·")], "the tools"),
        ([Span("the tools", url=URL), Span(" -")], "the tools"),
        ([Span("Storm 2.0-", url=URL)], "Storm 2.0-"),
        ([Span("see", url=URL), Span(" "), Span("std::", code=True)], "see std::"),
        ([Span("w" * 105, url=URL), Span("： and so on")], "w" * 105 + "…"),
        ([Span("—" * 200 + "words", url=URL)], "—" * 109 + "…"),
    ],
)
def test_a_line_of_a_card_does_not_lead_on_to_what_is_not_there(spans, said):
    """Colons and strokes at its end go, but for those of code."""
    items = [Item((p(*spans),)), *(Item((p(f"item {n}"),)) for n in range(4))]
    post = a_post(
        a_section("News", ListBlock(ordered=False, items=tuple(items)), p("Prose. " * 200))
    )

    assert shown(post).split("\n")[1] == said


def test_a_card_shows_no_stray_marks():
    """A line with stray marks is counted, not shown; a title loses them."""
    post = a_post(listed("**oops", "fine", "good", title="Progress**"))

    assert shown(post) == "Progress\nfine\ngood · and 1 more"


@pytest.mark.parametrize(("letter", "most"), [("w", 110), ("字", 55)])
def test_a_line_of_a_card_is_cut_by_its_width(letter, most):
    """Chinese letters are twice as wide; a link that is cut still leads where it led."""
    link = Item((Paragraph((Span(letter * 200, url=URL), Span(" end"))),))
    post = a_post(a_section("News", ListBlock(ordered=False, items=(link,))))
    (card,) = composed(post, Style.CARD).messages
    (run,) = card.blocks[2]["elements"][1]["elements"][0]["elements"]

    assert run["url"] == URL
    assert run["text"].endswith("…")
    assert len(run["text"]) == pytest.approx(most, abs=2)


def test_a_long_issue_has_a_card_of_one_screen():
    """Every topic gets a line before any gets a second; what has no room is named."""
    post = a_post(*(listed("one", "two", "three", title=f"S{i}") for i in range(6)))
    many = a_post(*(listed("one", "two", title=f"S{i}") for i in range(14)))

    assert shown(post).count("two") == 6
    assert shown(post).count("three") == 2
    assert shown(many).count("one") == 10
    assert shown(many).endswith("\nAlso: S10, S11, S12, S13")


def test_a_short_issue_has_a_short_card():
    """A card is a part of its issue: it names what it does not show."""
    sections = [a_section(f"S{i}", bullets("some twenty letters x" * 2)) for i in range(4)]

    assert shown(a_post(*sections)).count("twenty") == 2
    assert "Also: S" not in shown(a_post(sections[0]))
    assert shown(a_post(*sections)).endswith("Also: S1, S2, S3")


def test_a_card_stays_one_message():
    """However many sections and however long their links, a card is one message."""
    link = Span("word " * 30, url=URL + "p" * 2000)
    sections = [a_section(f"S{i}", bullets(link, link, link, link)) for i in range(20)]

    assert len(composed(a_post(*sections), Style.CARD).messages) == 1


def test_a_description_is_shown_unless_it_is_the_title():
    """What only repeats the title is no description."""
    (told,) = composed(a_post(description="All about tea"), Style.CARD).messages
    (same,) = composed(a_post(description="weekly 12"), Style.CARD).messages

    (greeting,) = composed(a_post(description="每周精选，欢迎留言"), Style.CARD).messages

    assert "All about tea" in told.text
    (marked,) = composed(a_post(description="**All** about `tea`"), Style.CARD).messages
    assert "All about tea" in marked.text
    assert "weekly 12" not in same.text
    assert "每周" not in greeting.text


def test_words_before_the_first_heading_describe_a_post_without_description():
    """An author's own beginning tells what the issue is."""
    beginning = a_section("", p("We are back!"), level=0)
    (card,) = composed(a_post(beginning), Style.CARD).messages
    (told,) = composed(a_post(beginning, description="About tea"), Style.CARD).messages

    assert "We are back!" in card.text
    assert "We are back!" not in told.text


@pytest.mark.parametrize(
    ("title", "number", "shown"),
    [(" A\n title ", 3, "A title"), ("", 3, "Issue 3"), ("", None, "A new post")],
)
def test_every_post_has_a_title(title, number, shown):
    """Where a post brings no title, its number or a word of ours stands in."""
    (card,) = composed(a_post(title=title, number=number, date=None), Style.CARD).messages

    assert card.blocks[0]["text"]["text"] == shown


def test_a_long_title_is_complete_below_its_heading():
    """A heading that had to be cut is followed by the whole title."""
    title = "word " * 50
    (card,) = composed(a_post(title=title), Style.CARD).messages

    assert card.blocks[0]["text"]["text"].endswith("…")
    assert title.strip() in card.text


def test_a_crowd_of_authors_is_cut_short():
    """Small print stays small, however many wrote."""
    (message,) = composed(a_post(authors=("&" * 2000, "b" * 3000)), Style.FULL).messages

    assert len(message.text) < 2000


def test_our_words_come_in_the_channels_language():
    """Dates, buttons and small print are Chinese where the channel is."""
    (card,) = composed(a_post(authors=("灯笼鱼", "Ada")), Style.CARD, "zh-CN").messages

    assert "第 12 期 · 2026 年 3 月 4 日 · 灯笼鱼、Ada" in card.text
    assert buttons(card)[0]["text"]["text"] == "阅读原文"


def test_a_channel_may_choose_its_sections():
    """`only` and `without` choose by kind; a subsection goes with its parent."""
    post = a_post(
        a_section("News", level=2),
        a_section("Meetups", kind=SectionKind.EVENTS, level=2),
        a_section("Asia", kind=SectionKind.OTHER, level=3),
        a_section("Jobs", kind=SectionKind.JOBS, level=2),
    )
    _, events = composed(post, only=(SectionKind.EVENTS,)).messages
    found = composed(post, without=(SectionKind.EVENTS, SectionKind.JOBS))

    assert events.text == "Weekly (2)\nMeetups\nSome words.\nAsia\nSome words."
    assert found.messages[1].text == "Weekly (2)\nNews\nSome words."
    assert found.omitted == ("data:x", "Meetups", "Asia", "Jobs")


def test_what_stands_below_the_title_of_an_issue_is_no_introduction():
    """A channel without introductions still gets what nothing is known of."""
    post = a_post(
        a_section("Weekly 12", kind=SectionKind.INTRO, level=1),
        a_section("Zebra", kind=SectionKind.OTHER, level=2),
    )

    found = composed(post, without=(SectionKind.INTRO,))

    assert found.messages[1].text == "Weekly (2)\nZebra\nSome words."


def test_a_channel_that_wants_nothing_of_a_post_gets_nothing():
    """No card announces what the channel asked not to see."""
    assert composed(a_post(), only=(SectionKind.JOBS,)).messages == ()


def test_a_post_without_any_section_still_has_a_card():
    """A post that is only a header is announced."""
    post = Post("a.md", Header(title="T"), URL, "en", None, ())

    assert len(composed(post).messages) == 1


def test_a_cover_is_not_read_out():
    """It stands for the title, which is said before; pictures of the text are told."""
    section = a_section("News", Paragraph((Image(URL + "a.png", "A chart"),)))
    (message,) = composed(a_post(section, cover=COVER), Style.FULL).messages

    assert message.text == "Weekly\nIssue 12 · 4 Mar 2026\nNews\nA chart"


def test_a_card_keeps_the_numbers_of_a_numbered_list():
    """Items have the place that their author gave them; others have bullets."""
    steps = tuple(Item((p(text),)) for text in ("Install it today", "Then start the bot"))
    inner = ListBlock(ordered=True, items=steps, start=3)
    outer = ListBlock(ordered=False, items=(Item((p("In two steps:"), inner)),))
    post = a_post(
        a_section("Steps", inner, p("Prose. " * 200)),
        a_section("Inside", outer),
        a_section("News", bullets("Something else")),
    )
    (card,) = composed(post, Style.CARD).messages
    lists = [
        (e["style"], e.get("offset", 0), len(e["elements"]))
        for block in card.blocks
        if block["type"] == "rich_text"
        for e in block["elements"]
        if e["type"] == "rich_text_list"
    ]

    assert lists[0] == ("ordered", 2, 2)
    assert lists[-1] == ("bullet", 0, 1)


def test_a_line_on_a_card_ends_between_words():
    """A long line has no half word at its end; one that ends with a link says that it goes on."""
    linked = p("Words " * 16, Span("and a link", url=URL), " with more words behind it")
    items = ListBlock(
        ordered=False, items=(Item((linked,)), Item((p("extraordinarily " * 9),)))
    )
    (card,) = composed(
        a_post(a_section("News", items, p("Prose. " * 400))), Style.CARD
    ).messages
    ends = [line.split(" ")[-1] for line in card.text.split("\n") if line.endswith("…")]

    assert ends == ["link…", "extraordinarily…"]


def test_a_message_that_goes_on_with_a_section_says_so():
    """In small print above it, in the channel's language; without a heading it is the issue."""
    long = [p(f"{n} " + "words " * 600) for n in range(8)]
    _, _, second = composed(a_post(a_section("*News_", *long))).messages[:3]
    _, _, chinese = composed(a_post(a_section("", *long, level=0)), language="zh").messages[:3]

    assert second.blocks[0]["elements"][0]["text"] == "News (continued)"
    assert chinese.blocks[0]["elements"][0]["text"] == "Weekly（续）"


@pytest.mark.parametrize("unit", ["& ", "汉", "<!channel> ", "@here "])
def test_the_text_keeps_to_its_bytes_and_calls_nobody(unit):
    """However long and hostile the words, `text` is short and harmless."""
    card, *rest = composed(a_post(a_section("News", p(unit * 2500)), title=unit * 900)).messages

    assert rest
    for message in (card, *rest):
        assert 1000 < len(message.text.encode()) <= 3000
        assert "<" not in message.text
        assert "@here" not in message.text
