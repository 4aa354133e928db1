"""HTML to document: lines, addresses, depth. Constructs are in tests/fixtures/markdown."""

import pytest

from formatters.depth import shallow
from formatters.document import Heading, Image, Paragraph, Quote, Span, Table
from formatters.flow import Line, flat
from formatters.html import to_document
from formatters.links import Base, bare_pieces
from formatters.markdown import to_html
from tests.outline import line_of, outline

PAGE = Base("https://site.example", "https://site.example/blog/one/")


def read(html: str) -> str:
    nodes, _ = to_document(html, base_url="", post_url="")
    return outline(nodes)


def test_lines_count_from_the_start_of_the_file():
    """The header's lines are added to the lines that Markdown counts."""
    nodes, _ = to_document(to_html("a\n\n# b"), base_url="", post_url="", line_offset=9)
    assert nodes == (Paragraph((Span("a"),), 10), Heading(1, (Span("b"),), 12))


@pytest.mark.parametrize("position", ["x", "", "99999999999:1", "-1:2", "²:1"])
def test_a_forged_position_is_an_unknown_line(position: str):
    """Authors can write any attribute; it never raises and never counts."""
    assert read(f'<p data-sourcepos="{position}">a</p>') == "paragraph @0: a"


def test_no_body_is_no_document():
    """A frameset has nothing that could be read."""
    assert read("<frameset><frame></frameset>") == ""
    assert read("") == ""


def test_the_caption_of_a_figure_is_set_apart():
    """In italics below its picture, where it can be told from the text."""
    figure = '<figure><img src="https://a.example/b.png"><figcaption>Why</figcaption></figure>'
    nodes, _ = to_document(figure, base_url="", post_url="")
    assert nodes == (
        Paragraph((Image("https://a.example/b.png"),)),
        Paragraph((Span("Why", italic=True),)),
    )


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("other.html", "https://site.example/blog/one/other.html"),
        ("../two/", "https://site.example/blog/two/"),
        ("#top", "https://site.example/blog/one/#top"),
        ("/x", "https://site.example/x"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("HTTPS://a.example/b c", "https://a.example/b%20c"),
        ("hhttps://a.example/", "https://a.example/"),
        ("(https://a.example/", "https://a.example/"),
        ("Name%EF%BC%9Ahttps://a.example/", "https://a.example/"),
        ("team@a.example", "mailto:team@a.example"),
        ("http://localhost:3000/x", "http://localhost:3000/x"),
        ("https://例子.example/路", "https://例子.example/路"),
        ("https://%E4%BE%8B%E5%AD%90.example/%E8%B7%AF", "https://例子.example/%E8%B7%AF"),
        ("https://a.exa\nmple/", "https://a.example/"),
        ("", ""),
        ("?q=1", ""),
        ("javascript:open('https://a.example')", ""),
        ("data:text/html,a", ""),
        ("mailto:nobody", ""),
        ("tel:123", ""),
        ("https://", ""),
        ("https://word/", ""),
        ("https://good.example%2Fx.example/", ""),
        ("https://a.example%EF%BC%8C%E6%9D%A5/", ""),
        ("https://%FF.example%/", ""),
        ("https://a b.example/", ""),
        ("http://[::1", ""),
        ("//[::1", ""),
        ("https://a.example:port/", ""),
    ],
)
def test_an_address_opens_or_is_no_link(href: str, url: str):
    """Slips with one reading are mended, everything else that no browser opens is dropped."""
    assert PAGE.link(href) == url


def test_an_unknown_page_is_never_guessed():
    """Beside an unknown page nothing can be found; from the root only if the site is known."""
    assert Base("https://site.example").link("a.png") == ""
    assert Base("https://site.example").link("/a.png") == "https://site.example/a.png"
    assert Base().link("/a.png") == ""


def test_an_address_that_cannot_be_joined_is_dropped():
    """A page address that is none itself raises nothing."""
    assert Base("", "http://[::1").link("a") == ""


def test_a_mailbox_is_no_picture():
    """A picture comes over http."""
    assert PAGE.picture("mailto:team@a.example") == ""
    assert PAGE.picture("a.png") == "https://site.example/blog/one/a.png"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("https://a.example/x", (("https://a.example/x", True),)),
        ("https://a.example/(x)", (("https://a.example/(x)", True),)),
        (
            "https://a.example/)、b",
            (("https://a.example/", True), (")、b", False)),
        ),
        (
            "https://a.example/](https://b.example/",
            (("https://a.example/", True), ("](", False), ("https://b.example/", True)),
        ),
    ],
)
def test_a_bare_address_ends_where_the_sentence_goes_on(text: str, pieces: object):
    """Nothing of the text is lost, and only addresses are links."""
    assert bare_pieces(text) == pieces


def test_a_written_link_keeps_its_text_whole():
    """Only addresses that nobody wrote as links are looked into."""
    html = to_html("[https://a.example/（b）](https://a.example/（b）)")
    assert "（b）</a>" in read(html)


def test_white_space_collapses_over_tags():
    """A space at the end of one tag and at the start of the next is one space."""
    assert read("<p> a <b> b </b> c </p>") == "paragraph @0: a <b>b </b>c"


def test_a_span_of_spaces_at_a_lines_end_goes():
    """Nothing invisible is left at the end of a line."""
    assert read("<p>a<b> </b><br>b</p>") == "paragraph @0: a<br>b"


def test_wide_and_unbreakable_spaces_stay():
    """Authors set them on purpose."""
    assert read("<p>a\u3000b&nbsp;c</p>") == "paragraph @0: a\u3000b\u00a0c"


def test_a_line_can_be_used_again():
    """What was taken does not come back."""
    line = Line()
    line.text("a", Span("", bold=True))
    assert line_of(line.take()) == "<b>a</b>"
    assert line.take() == ()


def test_blocks_can_lie_flat():
    """Cells and headings hold no blocks: each becomes lines of its own."""
    html = (
        "<h2>a</h2><blockquote>b</blockquote><pre>c\nd</pre><hr><ol start=2><li><p>e</p><p>f</p></ol>"
        "<table><tr><th>g</th></tr><tr><td>h</td></tr></table>"
    )
    nodes, _ = to_document(html, base_url="", post_url="")
    assert line_of(flat(nodes)) == "a<br>b<br><c>c</c><br><c>d</c><br>2. e<br>f<br>g<br>h"


def test_what_nobody_sees_is_nothing():
    """Spaces and line ends alone make no paragraph; hidden emptiness is not worth telling."""
    assert to_document("<p>&nbsp;<br>&nbsp;</p><b hidden></b>", base_url="", post_url="") == (
        (),
        (),
    )


def test_an_empty_table_shows_nothing():
    """Neither does a quote or a heading without text."""
    assert (
        read(
            "<table><tr><td></td></tr></table><table></table><blockquote></blockquote><h1></h1>"
        )
        == ""
    )


def test_a_table_without_rows_but_with_a_head_is_kept():
    """A head alone is still text."""
    nodes, _ = to_document("<table><tr><th>a</th></tr></table>", base_url="", post_url="")
    assert nodes == (Table(((Span("a"),),), (), ("left",)),)  # type: ignore[arg-type]


def test_the_side_of_a_cell_may_be_a_style():
    """Old and new ways to set a column mean the same."""
    html = (
        '<table><tr><td style="text-align: right">a</td><td align="center">b</td></tr></table>'
    )
    assert read(html).splitlines()[0] == "table right center @0"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "a",
        "<div>" * 50_000 + "a" + "</div>" * 50_000,
        "<blockquote>" * 20_000 + "a",
        "<ul><li>" * 20_000 + "a",
        "<table><tr><td>" * 20_000 + "a",
        "<b><i><u>" * 20_000 + "a",
        "<div><!--</div>-->" * 20_000 + "a",
        '<div a="</div>">' * 20_000 + "a",
        '<div a="></div>">' * 20_000 + "a",
        '<div a==">' + "<div>" * 2_000 + 'a">',
        "<!-- " * 50_000,
        "<p><a href=x>" * 20_000 + "a",
    ],
)
def test_deep_html_is_read_without_end_or_error(html: str):
    """Fifty thousand open tags cost no stack, no minute and no text."""
    shown = read(html)
    assert "a" in shown or html.startswith("<!--")


def test_shallow_html_keeps_every_tag():
    """Only what nests too deep is taken out, and its neighbours are not."""
    deep = "<div>" * 60 + "<b>a</b>" + "</div>" * 60 + "<blockquote>b</blockquote>"
    nodes, _ = to_document(deep, base_url="", post_url="")
    assert isinstance(nodes[-1], Quote)


@pytest.mark.parametrize("tag", ["<p a='</'>", "<br >", "</i>", "<!--</i>-->"])
def test_flat_tags_hide_no_deep_ones(tag: str):
    """What nests is counted whatever stands between, and what closes nothing closes nothing."""
    deep = f"<div>{tag}" * 41 + "a" + "</div>" * 41
    assert shallow(deep) == f"<div>{tag}" * 40 + f"{tag}a" + "</div>" * 40
