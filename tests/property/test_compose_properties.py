"""Whatever a post holds, its messages are valid, complete, in order and always the same."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from formatters.compose import compose
from formatters.document import (
    Align,
    CodeBlock,
    Divider,
    Header,
    Heading,
    Image,
    Inline,
    Item,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Post,
    Quote,
    Section,
    SectionKind,
    Span,
    Table,
)
from formatters.html import to_document
from formatters.markdown import to_html
from formatters.message import Block, Style
from formatters.slack.limits import message_faults
from formatters.slack.spans import visible
from formatters.templates import read_template
from formatters.wording import wording_of

# ------------------------------------------------------------------ posts

ODD = st.sampled_from(
    [
        "<!channel>",
        "<@U123>",
        "@here & <b>",
        "*站*，**粗体**。",
        "👩‍👩‍👧‍👦",
        "🇨🇳🇫🇷",
        "é́́",
        "\u200b",
        "第一句。第二句！第三句？",
        "First. Second! Third?",
        "\x00\x07",
    ]
)
LONG = st.sampled_from(["字", "word ", "&", "x", "👍🏽"]).flatmap(
    lambda unit: st.sampled_from([900, 3000]).map(unit.__mul__)
)
TEXT = st.one_of(st.text(max_size=40), st.text(max_size=40), ODD, ODD, LONG)
URL = st.one_of(
    st.sampled_from(
        [
            "",
            "https://example.org/a?b=1&c=2",
            "mailto:a@example.org",
            "/relative",
            "javascript:alert(1)",
        ]
    ),
    st.text(max_size=10).map(lambda tail: f"https://example.org/{tail}"),
    st.sampled_from([2900, 4000]).map(lambda size: "https://example.org/" + "p" * size),
)
SPAN = st.builds(
    Span, TEXT, st.booleans(), st.booleans(), st.booleans(), st.booleans(), url=URL
)
IMAGE = st.builds(Image, URL, TEXT, TEXT, URL)
INLINES: st.SearchStrategy[tuple[Inline, ...]] = st.lists(
    st.one_of(SPAN, SPAN, SPAN, IMAGE, st.just(LineBreak())), max_size=6
).map(tuple)
CELLS = st.lists(INLINES, max_size=4).map(tuple)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Paragraph, INLINES),
    st.builds(Heading, st.integers(1, 6), INLINES),
    st.builds(CodeBlock, TEXT, st.sampled_from(["", "rust"])),
    st.builds(Divider),
    st.builds(
        Table,
        CELLS,
        st.lists(CELLS, max_size=4).map(tuple),
        st.lists(st.sampled_from(Align), max_size=5).map(tuple),
    ),
)


def _nested(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    nodes = st.lists(inner, max_size=3).map(tuple)
    item = st.builds(Item, nodes, st.sampled_from([None, True, False]))
    items = st.lists(item, max_size=4).map(tuple)
    return st.one_of(
        st.builds(ListBlock, st.booleans(), items, st.integers(0, 12)),
        st.builds(Quote, nodes),
    )


NODES = st.lists(st.recursive(LEAVES, _nested, max_leaves=12), max_size=5).map(tuple)
SECTION = st.builds(Section, st.sampled_from(SectionKind), INLINES, st.integers(0, 6), NODES)
HEADER = st.builds(
    Header,
    title=TEXT,
    date=st.sampled_from([None, datetime(2026, 3, 4, tzinfo=UTC)]),
    description=TEXT,
    cover=URL,
    authors=st.lists(TEXT, max_size=2).map(tuple),
)
POST = st.builds(
    Post,
    st.just("a.md"),
    HEADER,
    URL,
    st.just("zh"),
    st.sampled_from([None, 12]),
    st.lists(SECTION, max_size=5).map(tuple),
)
LANGUAGE = st.sampled_from(["en", "zh"])
slow = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=30,
)


# ------------------------------------------------------------------ words, from both ends


def _written(value: object) -> Iterator[str]:
    """Words of nodes in reading order; pictures have none."""
    if isinstance(value, Span | CodeBlock):
        yield value.text
    elif isinstance(value, tuple):
        for inner in value:
            yield from _written(inner)
    elif is_dataclass(value) and not isinstance(value, Image):
        for field in fields(value):
            yield from _written(getattr(value, field.name))


def _shown(block: Block) -> Iterator[str]:
    """Words of a block in reading order, without buttons and small print."""
    if block["type"] in ("actions", "context", "image"):
        return
    for key, value in block.items():
        if key == "text" and isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _shown({"type": "", **value})
        elif isinstance(value, list | tuple):
            yield from _strings(value)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _shown({"type": "", **value})
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _compact(parts: Iterator[str]) -> str:
    return re.sub(r"[\s☐☑·]", "", visible("".join(parts)))


def _is_subsequence(wanted: str, found: str) -> bool:
    rest = iter(found)
    return all(char in rest for char in wanted)


# ------------------------------------------------------------------ promises


@pytest.mark.parametrize("style", Style, ids=str)
@given(post=POST, language=LANGUAGE)
@slow
def test_any_post_composes_within_every_limit(style, post, language):
    """No message of any post in any style has a fault, and `text` calls nobody."""
    for message in compose(post, style=style, language=language).messages:
        assert message_faults(message.text, message.blocks) == ()
        assert "<" not in message.text
        assert ">" not in message.text
        assert not re.search(r"&(?!amp;|lt;|gt;)", message.text)
        assert not re.search(r"@(here|channel|everyone)", message.text, re.IGNORECASE)


@given(post=POST, language=LANGUAGE)
@slow
def test_no_word_of_a_post_is_lost_or_reordered(post, language):
    """The complete issue holds every character of the post, in the order it was written."""
    messages = compose(post, style=Style.FULL, language=language).messages
    shown = _compact(text for m in messages for b in m.blocks for text in _shown(b))

    assert _is_subsequence(_compact(_written(post.sections)), shown)


LEADING_ON = st.text(":：·•、,，;；|—– \u3000", max_size=4)
LISTED = st.lists(
    st.tuples(st.text("a字:", max_size=30), LEADING_ON, LEADING_ON), min_size=4, max_size=6
)


@given(items=LISTED, language=LANGUAGE)
@slow
def test_no_line_of_a_card_leads_on_to_the_count_of_what_it_leaves_out(items, language):
    """Else it reads as if what is left out came next: "the tools：· and 7 more"."""
    lines = [
        Paragraph(
            (Span(f"{n} {words}", url="https://a.example"), Span(end), Span(" "), Span(on))
        )
        for n, (words, end, on) in enumerate(items)
    ]
    listed = ListBlock(ordered=False, items=tuple(Item((line,)) for line in lines))
    section = Section(SectionKind.OTHER, (Span("News"),), 2, (listed,))
    post = Post("a.md", Header(title="Weekly"), "", language, None, (section,))

    (card,) = compose(post, style=Style.CARD, language=language).messages
    shown = "".join(text for block in card.blocks for text in _shown(block))
    found = re.search(r"(.)( · and \d+ more| · 另有 \d+ 条)", shown)

    assert found, shown
    assert found[1] not in ":：·•、,，;；|—– \u3000", shown


@given(post=POST)
@slow
def test_the_same_post_gives_the_same_messages(post):
    """Messages are a function of the post, so that edits can be told from repeats."""
    first = compose(post, style=Style.THREAD, language="en")

    assert compose(post, style=Style.THREAD, language="en") == first


TEMPLATES = wording_of(
    (
        ("header.md", "**{{ title }}**{% for a in authors %}, {{ a }}{% endfor %} {{ url }}"),
        ("footer.md", "[{{ description }}]({{ url }}) {{ sections[:3]|join('; ') }}"),
        ("words.yaml", "card: {by: '{{ authors }}', others: '{{ names|truncate(20) }}!'}"),
    ),
    "Example & Sons",
)


@pytest.mark.parametrize("style", Style, ids=str)
@given(post=POST, language=LANGUAGE)
@slow
def test_no_template_makes_a_message_invalid(style, post, language):
    """Whatever a post's values are, and wherever templates put them."""
    made = compose(post, style=style, language=language, wording=TEMPLATES)
    for message in made.messages:
        assert message_faults(message.text, message.blocks) == ()
        assert "<" not in message.text


MARKED = st.sampled_from(
    (
        *("see https://example.org/a_b", "www.example.org", "a@b.org", ":smile:", "{{< x >}}"),
        *("1. a", "- [ ] x", "# x", "&amp;", "<!-- x -->", "[a]: b", "[^1]", "a\n===", "| a |"),
        *("**标题：**文字", "~~x~~ ==y==", "\\*", "$x$", "`a`", "    code", "![a](b)", "{#id}"),
    )
)


@given(value=st.one_of(MARKED, MARKED, TEXT.filter(lambda text: len(text) < 1_000)))
@slow
def test_a_value_stays_plain_words_in_any_markdown(value):
    """Nothing of it becomes a mark, a link or a tag, and nothing of it is lost."""
    template = read_template("{{ value }}\n\n- {{ value }}", {"value"}, markdown=True)
    nodes, omitted = to_document(
        to_html(template.write({"value": value})), base_url="", post_url=""
    )
    spans = [s for s in _spans(nodes) if s.text.strip()]

    assert omitted == ()
    assert all(span == Span(span.text) for span in spans)
    assert _signs(s.text for s in spans) == _signs(iter([value, value]))


def _signs(parts: Iterator[str]) -> str:
    """What shows of texts: reading leaves out what has no width and stands alone."""
    return "".join(sign for sign in _compact(parts) if unicodedata.category(sign) != "Cf")


def _spans(value: object) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from _spans(inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _spans(getattr(value, field.name))
