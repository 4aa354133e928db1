"""Headers of any text: read, or refused in words; never anything else."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from formatters.document import Header, PostError, Site
from formatters.header import MAX_VALUE, read_header
from formatters.stamps import stamp

SITE_ZONE = ZoneInfo("Asia/Shanghai")
SITE = Site(zone="Asia/Shanghai")
PIECES = st.sampled_from(
    [
        "---", "+++", "---json", "...", "{", "}", "<!--", "-->", "[", "]", ":", "：", "=", '"', "'", "\n",
        "\n\n", "\t", "  ", "- ", "? ", "&a ", "*a", "<<: ", "!!x ", "|", ">", "#", "title", "title: ",
        "date: ", "Date: 2026-08-05", "tags: [a, b]", '"title": "a",', "params", "2026-08-05", "~", "\x00",
        "\ufeff", "\x85", "\u2028", "\udc80", "🎉", "灯", "authors: {name: a}", "draft: true", "&#10;",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join)


def outcome(text: str, path: str) -> tuple[Header, str, int] | PostError:
    """What comes of a text."""
    try:
        return read_header(text, path=path, site=SITE)
    except PostError as error:
        return error


@given(TEXTS, st.sampled_from(["a.md", "2026-08-05-a/index.zh.md", "2026/02/30/a.md", ""]))
def test_a_text_is_read_or_refused_with_a_line_and_a_remedy(text, path):
    """And what is read is a header and an end piece of the text."""
    found = outcome(text, path)
    if isinstance(found, PostError):
        assert found.line >= 1
        assert found.remedy
        return
    header, body, above = found
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert plain.endswith(body)
    assert above == plain[: len(plain) - len(body)].count("\n")
    assert header.date is None or header.date.tzinfo
    assert len(header.title) <= MAX_VALUE
    assert "\n" not in "".join((header.title, header.slug, header.url, *header.tags))


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9/.:, TZ+-]{0,30}", fullmatch=True)))
def test_any_words_are_a_moment_or_none(words):
    """A moment that is read can be moved to any zone."""
    found = stamp(words, SITE_ZONE)

    assert found is None or found.at.astimezone(SITE_ZONE).tzinfo
