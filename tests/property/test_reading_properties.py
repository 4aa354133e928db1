"""What holds for any Markdown that authors write, whatever it is put together from."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formatters.compose import compose
from formatters.dialects import translated
from formatters.document import (
    CodeBlock,
    Heading,
    ListBlock,
    Node,
    Paragraph,
    Post,
    PostError,
    Quote,
    Site,
    Span,
    Table,
)
from formatters.html import to_document
from formatters.markdown import emoji_named, to_html
from formatters.message import Style
from formatters.read import read_post
from formatters.slack.limits import message_faults

Block = Heading | Paragraph | ListBlock | Quote | CodeBlock | Table
SITE = Site(url="https://site.example", zone="Asia/Shanghai", permalink="/w/{slug}/")

# Pieces that mean something to one reader or another, in any order.
MARKS = st.sampled_from(
    ["**", "*", "__", "~~", "`", "``", "\n", "\n\n", "  \n", "\\", "> ", "- ", "1. ", "# ", "    ",
     "```\n", "~~~\n", "| a | b |\n|--|--|\n", "[", "](https://a.example/x)", "![", "<br>", "<b>", "</b>",
     "<!--", "-->", "<pre>", "</pre>", "{{< x >}}", "{{< figure src=\"/a.png\" >}}", "{% raw %}",
     "{% highlight go %}\n", "{% endhighlight %}\n", "{: .a}", " {#a}", ":::tip\n", ":::\n", "!!! note\n",
     "> [!NOTE]\n", ":tada:", "：", " ", "\u200b", "[^1]", "[^1]: ", "- [ ] ", "---\n", "\n: ", "&lt;!here&gt;"]
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(
        ["标题", "word", "正文", "2", "مرحبا", "👩‍👩‍👧‍👦", "@here", "<!channel>", "a_b", "x**y"]
    ),
    st.text(max_size=8),
)
SOUP = st.lists(st.one_of(MARKS, WORDS), max_size=40).map("".join)
many = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


# ------------------------------------------------------------------ Markdown that is known to be good

LETTERS = st.text("abcdefghij标题正文你好", min_size=1, max_size=8)
SEEN = st.one_of(
    LETTERS, st.sampled_from(["**", "_x_", "<!here>", "[a](b)", "{{< x >}}", ":tada:"])
)


def _inline() -> st.SearchStrategy[tuple[str, str]]:
    """Markdown and the words that a reader sees of it."""
    plain = LETTERS.map(lambda word: (word, word))
    return st.one_of(
        plain,
        LETTERS.map(lambda word: (f"**{word}：**", f"{word}：")),
        LETTERS.map(lambda word: (f" *{word}* ", word)),
        SEEN.map(lambda word: (f" `{word}` ", word)),
        LETTERS.map(lambda word: (f"[{word}](https://a.example/{len(word)})", word)),
        LETTERS.map(lambda word: (f"<b>{word}</b><br>", word)),
        LETTERS.map(lambda word: (f"、**{word} **正", f"、{word}正")),
    )


LINE = st.lists(_inline(), min_size=1, max_size=4).map(
    lambda parts: ("字" + "".join(p[0] for p in parts), "字" + "".join(p[1] for p in parts))
)
BLOCK = st.one_of(
    LINE,
    LINE.map(lambda line: (f"## {line[0]}", line[1])),
    LINE.map(lambda line: (f"> {line[0]}", line[1])),
    st.lists(LINE, min_size=1, max_size=4).map(
        lambda lines: (
            "\n".join(f"- {line[0]}" for line in lines),
            "".join(w for _, w in lines),
        )
    ),
    SEEN.map(lambda word: (f"```\n{word}\n```", word)),
    LINE.map(lambda line: (f":::tip 题\n{line[0]}\n:::", f"题{line[1]}")),
    LINE.map(lambda line: (f'!!! note "题"\n    {line[0]}', f"题{line[1]}")),
)
PAGE = st.lists(BLOCK, min_size=1, max_size=6)


def _read(markdown: str) -> Post | None:
    try:
        return read_post(markdown, path="a.md", site=SITE)
    except PostError:
        return None


def _nodes(markdown: str) -> tuple[Node, ...]:
    return to_document(to_html(markdown), base_url="", post_url="")[0]


def _parts(value: object) -> Iterator[object]:
    """A document's nodes and inlines, in order, each before what it holds."""
    if isinstance(value, Span):  # a tuple, too
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _parts(one)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _parts(getattr(value, field.name))


def _words(nodes: object) -> str:
    return "".join(part.text for part in _parts(nodes) if isinstance(part, Span | CodeBlock))


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def _lines(nodes: object) -> list[int]:
    return [part.line for part in _parts(nodes) if isinstance(part, Block)]


# ------------------------------------------------------------------ promises


@given(text=SOUP)
@many
def test_any_text_becomes_valid_messages_that_are_always_the_same(text: str):
    """No text crashes, and nothing of it makes a message that Slack refuses or that calls anybody."""
    post = _read(text)
    if post is None:
        return
    for style in Style:
        made = compose(post, style=style, language="zh")
        assert made == compose(post, style=style, language="zh")
        for message in made.messages:
            assert message_faults(message.text, message.blocks) == ()
            assert not re.search(r"<[!@#]|@(here|channel|everyone)", message.text)


@given(text=SOUP)
@many
def test_dialects_keep_every_line_where_it_is(text: str):
    """Advice names lines of the file, so that no rule may add or take one."""
    made, _ = translated(text, emoji_named)
    assert made.count("\n") == text.count("\n")


@given(text=SOUP)
@many
def test_what_dialects_made_is_left_alone_a_second_time(text: str):
    """A line that nothing is known of is never touched."""
    if not re.search(r"[{}:!\[\]<>`~\u00ad\u200b\u2060\ufeff]|import|export", text):
        assert translated(text, emoji_named) == (text, ())


@given(page=PAGE)
@many
def test_no_word_of_good_markdown_is_lost_or_out_of_order(page: list[tuple[str, str]]):
    """Words of every construct are in the document, in the order in which they were written."""
    found = _compact(_words(_nodes("\n\n".join(source for source, _ in page))))
    assert found == _compact("".join(words for _, words in page))


@given(page=PAGE)
@many
def test_no_mark_of_good_markdown_is_seen_outside_code(page: list[tuple[str, str]]):
    """Emphasis shows as emphasis, also with a space inside its marks; braces and boxes do not show."""
    parts = _parts(_nodes("\n\n".join(source for source, _ in page)))
    shown = "".join(part.text for part in parts if isinstance(part, Span) and not part.code)
    assert not re.search(r"\*\*|:::|!!!|\{\{|\]\(", shown)


@given(page=PAGE)
@many
def test_blocks_stand_at_the_lines_where_they_were_written(page: list[tuple[str, str]]):
    """Lines only grow, and every block's line holds something of it."""
    source = "\n\n".join(markdown for markdown, _ in page)
    lines = _lines(_nodes(source))
    assert lines == sorted(lines)
    assert all(source.split("\n")[line - 1].strip() for line in lines)
    starts = {1 + source[:at].count("\n") for at in _starts(page)}
    assert starts <= set(lines)


def _starts(page: list[tuple[str, str]]) -> Iterator[int]:
    at = 0
    for markdown, _ in page:
        yield at
        at += len(markdown) + 2
