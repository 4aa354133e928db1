"""How each kind of node looks in Slack."""

import json

import pytest

from formatters.document import (
    Align,
    CodeBlock,
    Divider,
    Heading,
    Image,
    Item,
    LineBreak,
    ListBlock,
    Paragraph,
    Quote,
    Section,
    SectionKind,
    Span,
    Table,
)
from formatters.slack import blocks
from formatters.slack.blocks import Button, Confirm
from formatters.slack.limits import faults
from formatters.slack.nodes import Words, pieces
from formatters.slack.pieces import Whole, assemble
from formatters.slack.spoken import spoken

WORDS = Words(picture="Picture", target="Open it")
URL = "https://example.org/"


def shown(*nodes, title="", level=0):
    """The blocks of one section, which have to be without fault."""
    heading = (Span(title),) if title else ()
    section = Section(SectionKind.OTHER, heading, level, nodes)
    made = assemble(pieces((section,), WORDS))
    assert faults(made) == ()
    return made


def a_section(*nodes):
    return Section(SectionKind.OTHER, (), 0, nodes)


def as_json(found):
    """Blocks as Slack reads them."""
    return json.loads(json.dumps(list(found)))


def elements(*nodes):
    """The rich text elements of nodes that make one block."""
    (block,) = shown(*nodes)
    return block["elements"]


def p(*inlines):
    return Paragraph(tuple(Span(i) if isinstance(i, str) else i for i in inlines))


def bullets(*items, ordered=False, start=1):
    return ListBlock(ordered, tuple(items), start)


def item(*nodes, checked=None):
    return Item(tuple(p(n) if isinstance(n, str) else n for n in nodes), checked)


def words(element):
    return "".join(run.get("text", "") or words(run) for run in element.get("elements", ()))


def test_styles_sit_on_their_runs_and_need_no_boundary():
    """Emphasis inside Chinese text is an attribute, no asterisk shows."""
    (section,) = elements(
        p("站", Span("粗体", bold=True, italic=True), "报，", Span("x", code=True))
    )

    assert section["elements"] == [
        {"type": "text", "text": "站"},
        {"type": "text", "text": "粗体", "style": {"bold": True, "italic": True}},
        {"type": "text", "text": "报，"},
        {"type": "text", "text": "x", "style": {"code": True}},
    ]


def test_code_in_a_link_stays_a_link_of_code():
    """A link keeps the style of its text."""
    (section,) = elements(p(Span("serde", code=True, url=URL)))

    assert section["elements"] == [
        {"type": "link", "url": URL, "text": "serde", "style": {"code": True}}
    ]


def test_paragraphs_keep_their_distance_and_lines_their_ends():
    """Paragraphs are parted by an empty line, lines by their author's breaks."""
    (section,) = elements(p("one", LineBreak(), "two"), p("three"))

    assert words(section) == "one\ntwo\n\nthree"


def test_what_slack_refuses_as_a_link_is_written_out():
    """A relative or overlong address stays readable beside its text."""
    long = URL + "p" * 3000

    assert words(elements(p(Span("here", url="/a")))[0]) == "here (/a)"
    assert words(elements(p(Span("here", url=long)))[0]) == f"here ({long})"


def test_a_plain_heading_is_a_header():
    """The two upper ranks of headings are headers, deeper ones bold lines."""
    top, rest = shown(Heading(4, (Span("Deep"),)), title="Top", level=2)

    assert top == blocks.header("Top")
    assert rest["elements"][0]["elements"] == [
        {"type": "text", "text": "Deep", "style": {"bold": True}}
    ]


@pytest.mark.parametrize(
    "span",
    [Span("a", url=URL), Span("a", code=True), Span("a" * 151)],
    ids=["link", "code", "long"],
)
def test_a_heading_that_would_lose_something_is_a_bold_line(span):
    """Links, code and long titles of headings survive."""
    (block,) = shown(Heading(1, (span,)))

    (run,) = block["elements"][0]["elements"]
    assert run["text"] == span.text
    assert run["style"]["bold"] is True


def test_nested_lists_are_siblings_and_numbers_go_on():
    """A list inside an item is indented; the outer one counts on behind it."""
    inner = bullets(item("a"), item("b"))
    one, nested, two = elements(bullets(item("one", inner), item("two"), ordered=True, start=3))

    assert (one["style"], one["indent"], one["offset"]) == ("ordered", 0, 2)
    assert (nested["style"], nested["indent"], len(nested["elements"])) == ("bullet", 1, 2)
    assert (two["style"], two["indent"], two["offset"]) == ("ordered", 0, 3)


def test_lists_deeper_than_slack_are_flattened_at_its_depth():
    """The ninth level is the last one."""
    deep = bullets(item("x"))
    for _ in range(11):
        deep = bullets(item("x", deep))

    assert [element["indent"] for element in elements(deep)][-4:] == [8, 8, 8, 8]


def test_tasks_show_their_boxes():
    """A done task and an open one differ without any markup."""
    (tasks,) = elements(bullets(item("a", checked=True), item("b", checked=False)))

    assert [words(section) for section in tasks["elements"]] == ["☑ a", "☐ b"]


def test_what_an_item_cannot_hold_follows_it():
    """Code and pictures of an item stand below it; its further paragraphs stay in it."""
    made = shown(
        bullets(
            item("one", "more", CodeBlock("x = 1"), "after"),
            item(p("two", Image(URL, "A cat"), "tail")),
            item(),
        )
    )

    assert [block["type"] for block in made] == ["rich_text", "image", "rich_text"]
    first, code, after, second = made[0]["elements"]
    assert words(first) == "one\nmore"
    assert code["type"] == "rich_text_preformatted"
    assert words(after) == "after"
    assert words(second) == "two"
    assert words(made[2]["elements"][0]) == "tail"


def test_a_quotation_keeps_its_bar_over_all_it_holds():
    """Text, lists and code of a quotation are marked as quoted; pictures stand between."""
    quote = Quote(
        (
            p("a", Image(URL, ""), "b"),
            Heading(2, (Span("Head"),)),
            bullets(item("c")),
            CodeBlock("d"),
            Quote((p("e"),)),
        )
    )
    before, picture, rest = shown(quote)

    assert before["elements"][0]["type"] == "rich_text_quote"
    assert picture == blocks.image(URL, alt="Picture")
    kinds = [(e["type"], e.get("border")) for e in rest["elements"]]
    assert kinds == [
        ("rich_text_quote", None),
        ("rich_text_list", 1),
        ("rich_text_preformatted", 1),
        ("rich_text_quote", None),
    ]


@pytest.mark.parametrize("alt", ["", "图片", "image.png", "Screenshot 2", "封面-1", "img_0042"])
def test_what_describes_nothing_gives_way_to_better_words(alt):
    """A picture's own title, a line in italics below it, or the heading it stands under."""
    caption = Span("Lag falls after the change", italic=True)
    blocks = shown(p(Image(URL, alt)), p(caption), p(Image(URL, alt)), p("Text."), title="Top")
    inside = shown(p(Image(URL, alt), LineBreak(), caption), title="Top")

    assert [b["alt_text"] for b in blocks if b["type"] == "image"] == [
        "Lag falls after the change",
        "Top",
    ]
    assert [b["alt_text"] for b in inside if b["type"] == "image"] == [
        "Lag falls after the change"
    ]


def test_a_picture_below_an_item_is_what_the_item_says():
    """Inside the item or right behind the list; the link behind the picture says so, too."""
    image = Image(URL + "a.png", "图片", link=URL)
    inside = shown(bullets(item("Read this", p(image))), title="Top")
    behind = shown(bullets(item("Not this"), item("Read that")), p(image), title="Top")
    long = shown(bullets(item("x" * 201)), p(image), title="Top")

    for made, said in ((inside, "Read this"), (behind, "Read that")):
        assert [b["alt_text"] for b in made if b["type"] == "image"] == [said]
        assert made[-1]["elements"][0]["elements"] == [
            {"type": "link", "url": URL, "text": said}
        ]
    assert [b["alt_text"] for b in long if b["type"] == "image"] == ["Top"]
    assert long[-1]["elements"][0]["elements"][0]["text"] == "Open it"


def test_a_picture_may_stand_last_or_before_one_that_is_no_caption():
    """At the end of its section, and above another picture."""
    blocks = shown(p(Image(URL, "A chart")), p(" "), p(Image(URL, "A plot")))

    assert [b["alt_text"] for b in blocks] == ["A chart", "A plot"]


def test_what_is_read_aloud_ends_where_nothing_more_is_needed():
    """With the whole line in which the last character stands; cells that are no list are nothing."""
    two = shown(p("One line."), Divider(), p("Another."), title="Top")

    assert spoken(two, most=5) == "Top\nOne line."
    assert spoken([{"type": "table", "rows": None}]) == ""
    assert (
        spoken(
            [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": "x"}],
                }
            ]
        )
        == ""
    )


@pytest.mark.parametrize(
    "below", [p("Not in italics."), Divider(), p(Span("x" * 201, italic=True))]
)
def test_what_is_no_caption_describes_no_picture(below):
    """Then the heading does; and where nothing describes it, the author's own word is kept."""
    blocks = shown(p(Image(URL)), below, title="Top")
    alone = shown(p(Image(URL, "图片")), below)

    assert [b["alt_text"] for b in blocks if b["type"] == "image"] == ["Top"]
    assert [b["alt_text"] for b in alone if b["type"] == "image"] == ["图片"]


def test_a_picture_is_never_without_words():
    """Alt text, else title, else the nearest heading, else a word of ours."""
    made = shown(
        p(Image(URL, "A chart", "Title"), Image(URL, " ", "A plot"), Image(URL)),
        title="Top",
        level=1,
    )

    assert [block["alt_text"] for block in made[1:]] == ["A chart", "A plot", "Top"]
    assert shown(p(Image(URL)))[0]["alt_text"] == "Picture"


def test_the_link_of_a_picture_is_kept():
    """What a click on a picture opened stands as a link below it."""
    picture, below = shown(p(Image(URL, "", link="https://example.org/a")))

    assert picture["type"] == "image"
    assert below["elements"][0]["elements"] == [
        {"type": "link", "url": "https://example.org/a", "text": "Open it"}
    ]


def test_a_picture_that_slack_cannot_fetch_is_a_word():
    """A picture without an absolute address leaves its alt text, a long alt text is kept whole."""
    assert words(shown(p(Image("cat.png", "A cat")))[0]["elements"][0]) == "A cat (cat.png)"
    picture, below = shown(p(Image(URL, "cat " * 600)))
    assert picture["alt_text"].endswith("…")
    assert words(below["elements"][0]).count("cat") == 600


def test_a_picture_in_a_heading_parts_its_words():
    """Without a space they would be one word."""
    picture = Image(f"{URL}p.png", "p")
    head, below = shown(Heading(1, (Span("a"), picture, Span("b"))))
    assert head["text"]["text"] == "a b"
    assert below["image_url"] == picture.url
    head, *_ = shown(Heading(1, (picture, Span("a "), picture, Span("b"))))
    assert head["text"]["text"] == "a b"


def test_an_item_that_begins_with_a_picture_keeps_its_bullet():
    """The words behind the picture stand beside the bullet, the picture and what follows below."""
    inlines = (
        Image(f"{URL}p.png", ""),
        LineBreak(),
        Span("a"),
        Image(f"{URL}q.png", ""),
        Span("b"),
    )
    listed, first, second, rest = shown(bullets(item(Paragraph(inlines))))
    assert words(listed["elements"][0]) == "a"
    assert [first["image_url"], second["image_url"]] == [f"{URL}p.png", f"{URL}q.png"]
    assert words(rest["elements"][0]) == "b"

    alone = Paragraph((Image(f"{URL}p.png", ""),))
    listed, first, rest = shown(bullets(item(alone, p("a"), CodeBlock("c"))))
    assert words(listed["elements"][0]) == "a"
    assert first["type"] == "image"
    assert words(rest["elements"][0]) == "c"


def test_a_heading_begins_an_item_beside_its_bullet():
    """In bold, and its picture below; a second heading stands below as well."""
    head = Heading(2, (Span("a"), Image(f"{URL}p.png", "p")))
    listed, picture, rest = shown(bullets(item(head, p("b")), item(Heading(1, (Span("c"),)))))
    run = listed["elements"][0]["elements"][0]["elements"][0]
    assert run == {"type": "text", "text": "a", "style": {"bold": True}}
    assert picture["image_url"] == f"{URL}p.png"
    assert [element["type"] for element in rest["elements"]][-1] == "rich_text_list"


def test_headings_may_hold_pictures():
    """A picture in a heading stands below it."""
    made = shown(Heading(1, (Span("Top"), Image(URL, "A cat"))))

    assert [block["type"] for block in made] == ["header", "image"]


def test_a_table_is_a_table():
    """Header cells are bold, styled cells rich, empty ones present, ragged rows filled."""
    table = Table(
        ((Span("A"),), (Span("B"),)),
        (((Span("1"),), (Span("x", url=URL), Image(URL, "A cat"))), ((Span("2"),),)),
        (Align.LEFT, Align.RIGHT),
    )
    block, picture = shown(table)

    assert picture["alt_text"] == "A cat"
    assert [len(row) for row in block["rows"]] == [2, 2, 2]
    assert block["rows"][0][0]["elements"][0]["elements"][0]["style"] == {"bold": True}
    assert block["rows"][1][0] == {"type": "raw_text", "text": "1"}
    assert block["rows"][2][1] == {"type": "raw_text", "text": " "}
    assert [column["align"] for column in block["column_settings"]] == ["left", "right"]


@pytest.mark.parametrize(("rows", "tables"), [(99, 1), (100, 2), (198, 2), (201, 4), (396, 4)])
def test_a_long_table_becomes_a_few_with_the_header_on_each(rows, tables):
    """One message has room for one table; every row is there once, in order."""
    cell = (Span("x"),)
    table = Table((cell, cell), tuple(((Span(str(n)),), cell) for n in range(rows)))
    made = as_json(p.block for p in pieces((a_section(table),), WORDS) if isinstance(p, Whole))

    assert [block["type"] for block in made] == ["table"] * tables
    assert all(faults([block]) == () for block in made)
    assert {json.dumps(block["rows"][0]) for block in made} == {json.dumps(made[0]["rows"][0])}
    told = [row[0]["text"] for block in made for row in block["rows"][1:]]
    assert told == [str(n) for n in range(rows)]


@pytest.mark.parametrize(("rows", "columns"), [(397, 2), (2, 21), (1, 21)])
def test_a_table_too_big_for_slack_is_a_list(rows, columns):
    """Rows of an overlong or overwide table become items, cells parted by a dot."""
    row = tuple((Span(str(n)),) for n in range(columns))
    table = Table(row, tuple(row for _ in range(rows)))
    header, items = elements(table)

    assert words(header).startswith("0 · 1")
    assert len(items["elements"]) == rows
    assert words(items["elements"][0]) == " · ".join(map(str, range(columns)))


def test_a_row_that_no_message_holds_makes_a_list():
    """And so do all the others: a table without it would be half of one."""
    cell, long = (Span("x"),), (Span("y" * 8_000),)
    _, items = elements(Table((cell, cell), ((cell, cell), (cell, long))))
    (bare,) = elements(Table((), ((cell, (), cell), (cell, long))))

    assert words(bare["elements"][0]) == "x · x"
    assert [words(item) for item in items["elements"]] == ["x · x", f"x · {'y' * 8_000}"]


def test_a_table_of_one_column_is_text():
    """Tables that only frame a text are read as text; an empty one is nothing."""
    assert words(elements(Table((), (((Span("a"),),), ((Span("b"),),))))[0]) == "a\n\nb"
    assert shown(Table((), (((Span(" "),),),))) == ()


def test_a_thematic_break_is_a_divider_and_blank_code_is_nothing():
    """What shows as a line shows as a line, what shows as nothing is left out."""
    assert shown(Divider(), CodeBlock(" \n")) == (blocks.divider(),)


def test_white_space_around_pictures_and_lines_is_no_text():
    """Blanks between two pictures or behind a line leave no empty run."""
    made = shown(p(Image(URL, "a"), " ", Image(URL, "b"), "c", Span(" ", bold=True)))

    assert [block["type"] for block in made] == ["image", "image", "rich_text"]
    assert made[2]["elements"][0]["elements"] == [{"type": "text", "text": "c"}]


def test_controls_and_lone_surrogates_are_dropped():
    """What no client can show never reaches the wire."""
    assert words(elements(p("a\x00\ud800b"))[0]) == "ab"


def test_hand_made_blocks_are_without_fault():
    """The building blocks of answers keep to every limit, however long their texts."""
    long = "x" * 5000
    question = Confirm(long, long, long, long)
    made = [
        blocks.header(long),
        blocks.text_section(long),
        blocks.text_section("<not a link>", plain=True),
        blocks.context(long, "b"),
        blocks.context("c", plain=True),
        blocks.buttons(
            Button(long, "digest.issue.open", value=long),
            Button("Read", "digest.url.read", url=URL),
            Button("Go", "digest.repost.confirm", style="danger", confirm=question),
        ),
        blocks.image(URL, alt=long, title=long),
        blocks.divider(),
        blocks.rich_text(
            [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]
        ),
    ]

    assert faults(made) == ()


def test_a_screen_reader_hears_everything_but_buttons():
    """Words of blocks come line by line, a picture as its alt text."""
    made = [
        blocks.header("Top"),
        *shown(p("one", Span("two", url=URL)), bullets(item("three")), p(Image(URL, "A cat"))),
        {"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}]]},
        blocks.context("small", plain=True),
        blocks.buttons(Button("Go", "a")),
    ]

    assert spoken(made) == "Top\nonetwo\nthree\nA cat\ncell\nsmall"


def test_a_tables_row_is_read_in_one_line():
    """A screen reader says the cells of a row together, empty ones not at all."""
    table = Table(
        ((Span("A"),), (Span("B"),)), (((Span("1", bold=True),), ()), ((), (Span("2"),)))
    )

    assert spoken(shown(table)) == "A · B\n1\n2"
