"""Our own words: complete in every language, harmless whatever is filled in."""

import pytest
from jinja2 import UndefinedError

from formatters.phrases import (
    LANGUAGES,
    escape,
    keys,
    language_of,
    phrase,
    spoken_language,
    words,
)


def test_all_languages_have_the_same_keys():
    """No sentence is missing in any language."""
    assert len(keys("en")) > 20
    for language in LANGUAGES:
        assert keys(language) == keys("en")


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", "zh"),
        ("zh_Hans", "zh"),
        ("ZH", "zh"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
    ],
)
def test_a_tag_finds_its_language(tag, language):
    """Languages that we do not speak get English."""
    assert spoken_language(tag) == language


def test_sentences_are_filled_in():
    """A gap takes a value of any kind."""
    assert words("en", "card.more", count=3) == "and 3 more"
    assert phrase("zh", "card.issue", number=12) == "第 12 期"


def test_a_value_stays_text():
    """Markup in a value is dead in mrkdwn and untouched in plain text."""
    evil = "<!channel> & @here"

    assert phrase("en", "card.by", authors=evil) == "by &lt;!channel&gt; &amp; @\u2060here"
    assert words("en", "card.by", authors=evil) == f"by {evil}"


def test_a_value_is_no_template():
    """What looks like a template in a value is not run."""
    assert words("en", "card.by", authors="{{ 7 * 7 }}") == "by {{ 7 * 7 }}"


def test_a_missing_gap_or_key_is_an_error():
    """A sentence with a hole never reaches a reader."""
    with pytest.raises(UndefinedError):
        phrase("en", "card.by")
    with pytest.raises(UndefinedError):
        words("en", "card.by")
    with pytest.raises(KeyError):
        words("en", "card.nonsense")


def test_escaping_leaves_nothing_live():
    """No angle bracket, no entity, no call to all survives, in whatever case."""
    assert escape("<a>&amp;") == "&lt;a&gt;&amp;amp;"
    assert escape("@Everyone") == "@\u2060Everyone"
    assert escape("a@example.org") == "a@example.org"


def test_a_text_is_in_the_language_of_most_of_its_words():
    """Names and terms in English do not make a Chinese text English."""
    assert language_of("SOFA Weekly 每周精选 开源进展 MOSN") == "zh"
    assert language_of("The word 你好 means hello") == "en"
    assert language_of("") == "en"
