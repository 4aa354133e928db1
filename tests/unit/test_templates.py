"""Templates that maintainers write: harmless, short, and wrong with a line."""

import pytest

from formatters.templates import Address, BadTemplateError, read_template

KNOWN = {"title", "url", "authors", "number"}
VALUES = {
    "title": "*a* [b] <i>\n# c",
    "url": Address("https://example.org/a_(b) c"),
    "authors": ("Ada", "Grace"),
    "number": 7,
}


def written(text, *, markdown=True, **values):
    return read_template(text, KNOWN, markdown=markdown).write({**VALUES, **values})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No gaps.", "No gaps."),
        ("{{ title }}", r"\*a\* \[b\] \<i\> \# c"),
        ("[Read]({{ url }})", "[Read](<https://example.org/a_(b)c>)"),
        ("{{ authors }}", r"Ada\, Grace"),
        ("{{ authors|join(' + ')|upper }}", r"ADA \+ GRACE"),
        ("{{ authors[0] }} {{ authors[-1] }} {{ title[:3] }}", r"Ada Grace \*a\*"),
        ("{% if number > 6 %}many{% else %}few{% endif %}", "many"),
        ("{% for a in authors %}{{ loop.index }}. {{ a }} {% endfor %}", "1. Ada 2. Grace "),
        ("{{ 'x' if number is odd else 'y' }}", "x"),
        ("{{ number + 1 }}{{ number - 1 }}", "86"),
        (
            "{# a note #}{{ title|default('none', true)|truncate(length=9, end='') }}",
            r"\*a\* \[b\]",
        ),
    ],
)
def test_a_template_fills_in_chooses_and_lists(text, words):
    """Values stay plain words in Markdown, an address becomes the target of a link."""
    assert written(text) == words


def test_words_are_not_escaped():
    """What is no Markdown needs no backslashes; None is nothing."""
    assert written("{{ title }}", markdown=False) == "*a* [b] <i> # c"
    assert written("{{ number }}.", markdown=False, number=None) == "."
    assert written("{{ url }}{{ number }}", url=Address(""), number=None) == ""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("one\n{{ titel }}", 2, "there is no 'titel'; did you mean 'title'?"),
        ("{{ self }}", 1, "there is no 'self'; known: authors, number, title, url"),
        ("{{ lipsum }}", 1, "there is no 'lipsum'"),
        ("\n\n{{ title.upper() }}", 3, "'call' is not allowed: fill in, choose or list"),
        ("{{ title.__class__ }}", 1, "'.__class__' is not allowed: values have no parts"),
        ("{{ title['upper'] }}", 1, "only places such as [0] or [:20]"),
        ("{{ title[:number] }}", 1, "only places such as [0] or [:20]"),
        ("{{ title|center(9999999) }}", 1, "the filter 'center' is not allowed"),
        ("{{ title|join(title) }}", 1, "what stands behind 'join' must be written out"),
        ("{{ title|truncate(length=number) }}", 1, "what stands behind 'truncate'"),
        ("{{ title|truncate(*authors) }}", 1, "what stands behind 'truncate'"),
        ("{{ 'a' * 9999999 }}", 1, "'mul' is not allowed"),
        ("{% set a = title %}{{ a }}", 1, "'assign' is not allowed"),
        ("{% include 'x' %}", 1, "'include' is not allowed"),
        ("{% macro m() %}{% endmacro %}", 1, "'macro' is not allowed"),
        (
            "{% for a in authors %}\n{% for b in authors %}{% endfor %}{% endfor %}",
            1,
            "a loop may not stand inside a loop",
        ),
        ("{% for a in authors recursive %}{% endfor %}", 1, "a loop may not stand"),
        ("{% for a in authors %}{{ loop.cycle }}{% endfor %}", 1, "'.cycle' is not allowed"),
        ("one\n{{ title", 2, "unexpected end of template"),
        ("\n{{ title is strange }}", 2, "No test named 'strange'"),
        ("x" * 4_001, 0, "is longer than 4,000 characters"),
    ],
)
def test_what_a_template_may_not_do_is_told_with_its_line(text, line, words):
    """Before it ever runs."""
    with pytest.raises(BadTemplateError, match=r".") as raised:
        read_template(text, KNOWN, markdown=True)

    assert raised.value.line == line
    assert words in raised.value.words


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n{{ number + 1 }}", 2, "fails"),
        ("{% for a in authors %}{% endfor %}\n{{ a }}", 2, "fails: 'a' is undefined"),
        ("{% for a in authors %}" + "x" * 3_900 + "{% endfor %}", 0, "6,000 are the most"),
    ],
)
def test_what_fails_on_a_posts_values_is_told_with_its_line(text, line, words):
    """Whoever asked for the words can fall back to others."""
    template = read_template(text, KNOWN, markdown=True)
    with pytest.raises(BadTemplateError, match=r".") as raised:
        template.write({**VALUES, "number": None})

    assert raised.value.line == line
    assert words in raised.value.words
