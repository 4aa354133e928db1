"""A file becomes a post: number, address, lines; and nothing but PostError."""

from pathlib import Path

import pytest

from formatters.document import Paragraph, PostError, SectionKind, Site, Span
from formatters.read import MAX_CHARS, read_post

SITE = Site(
    name="Example",
    url="https://site.example",
    zone="Asia/Shanghai",
    language="zh",
    permalink="/blog/{slug}/",
)
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def number(title: str, path: str = "a/index.md", **extra: str) -> int | None:
    lines = "".join(f"{key}: {value}\n" for key, value in extra.items())
    return read_post(f'---\ntitle: "{title}"\n{lines}---\n', path=path, site=SITE).number


def url(path: str, permalink: str, lines: str = "", site: str = "https://site.example") -> str:
    text = f"---\ntitle: a\ndate: 2026-08-05T20:00:00Z\n{lines}---\n"
    return read_post(
        text, path=path, site=Site(url=site, zone="Asia/Shanghai", permalink=permalink)
    ).url


def test_a_post_is_read_whole():
    """Header, sections with lines of the file, resolved addresses, language, what was left out."""
    text = "---\ntitle: a\ndate: 2026-08-05\n---\n\n## 本周推荐阅读\n\n[a](b.html)\n\n![](data:,)\n"
    post = read_post(text, path="blog/one/index.md", site=SITE)
    assert (post.url, post.language, post.omitted) == (
        "https://site.example/blog/one/",
        "zh",
        ("data:,",),
    )
    (section,) = post.sections
    assert (section.kind, section.line, section.blocks[0].line) == (SectionKind.READING, 6, 8)
    assert "https://site.example/blog/one/b.html" in repr(section.blocks)


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("# Lantern *Weekly* 5 ![](a.png)\n\nHello.", "Lantern Weekly 5", 5),
        ("---\ntags: [a]\n---\n\n# Lantern\n\nHello.", "Lantern", None),
        ("---\ntitle: News\n---\n# Lantern 5\n", "News", None),
        ("## Lantern 5\n", "", None),
        ("Hello.\n\n# Lantern 5\n", "", None),
        ("", "", None),
    ],
)
def test_a_page_without_a_title_is_called_what_its_first_heading_says(text, title, expected):
    """As books, wikis and Docusaurus have it; the header's word comes first."""
    post = read_post(text, path="a.md", site=SITE)

    assert (post.header.title, post.number) == (title, expected)


def test_a_header_may_name_the_language():
    """A post can be in another language than its site."""
    assert read_post("---\nlang: en\n---\n", path="a.md", site=SITE).language == "en"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("#09 - News", 9),
        ("Example Weekly #12", 12),
        ("第 12 期", 12),
        ("社区周刊第12期｜发布", 12),
        ("Example Weekly 12", 12),
        ("Issue 12: news", 12),
        ("Digest No. 7", 7),
        ("Vol. 7", 7),
        ("This Week in Example 663", 663),
        ("This Week in 2021", None),
        ("Example Weekly 2026-08-05", None),
        ("Week Ending July 29, 2018", None),
        ("Week Ending May 3", None),
        ("Lanterns of September 12", None),
        ("Monthly of Lanterns 12", 12),
        ("Lanterns 12", None),
        ("Example Weekly｜Talk#35 tonight", None),
        ("Example Weekly | 每周精选【7/29- 8/2】", None),
        ("", None),
    ],
)
def test_a_title_numbers_an_issue(title: str, expected: int | None):
    """The issue's own number, never a year, a date or the number of something it tells of."""
    assert number(title) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("content/this-week-in-example-512.md", 512),
        ("weekly/2026-10-09-issue-41/index.md", 41),
        ("sofa-weekly-0611/index.md", None),
        ("weekly/012.md", 12),
        ("Newsletters/12/index.md", 12),
        ("weekly/2022/01.md", None),
        ("blog/12.md", None),
        ("weekly/0.md", None),
        ("issue-12.md", 12),
        ("lantern-v3.md", None),
        ("windows-7.md", None),
        ("sofa-weekly-20190802/index.md", None),
        ("2020/nixos-weekly-2020-02.md", None),
        ("2018-07-29-update.md", None),
    ],
)
def test_a_name_numbers_an_issue(path: str, expected: int | None):
    """File or folder, if their last figures are no date."""
    assert number("a", path) == expected


def test_a_header_numbers_an_issue_first():
    """What the author set on purpose counts before title and name."""
    assert number("Weekly 3", "weekly-5.md", number="'#7'") == 7
    assert number("Weekly 3", "weekly-5.md", issue="none") == 3


@pytest.mark.parametrize(
    ("path", "permalink", "lines", "expected"),
    [
        ("blog/one/index.md", "/blog/{slug}/", "", "/blog/one/"),
        ("blog/one/_index.md", "/{path}/", "", "/blog/one/"),
        ("_posts/2026-08-05-one.md", "/{year}/{month}/{day}/{slug}", "", "/2026/08/06/one"),
        ("2026-08-05.md", "/{slug}/", "", "/2026-08-05/"),
        ("index.md", "/{slug}/", "", "/index/"),
        ("a.md", "/{slug}/", "slug: b c", "/b%20c/"),
        ("a.md", "/w-{number}/", "number: 5", "/w-5/"),
        ("a.md", "/{slug}/", "url: /x/", "/x/"),
        ("a.md", "/{slug}/", "permalink: /:year/:title/", "/2026/a/"),
    ],
)
def test_the_address_follows_the_sites_pattern(
    path: str, permalink: str, lines: str, expected: str
):
    """The header's own address first; dates are those of the site's zone."""
    assert url(path, permalink, f"{lines}\n") == f"https://site.example{expected}"


def test_an_address_in_full_is_taken_as_it_is():
    """Even where nothing is known of the site."""
    assert url("a.md", "", "url: https://b.example/c\n", site="") == "https://b.example/c"


def test_an_unknown_address_is_empty():
    """No pattern, no site, or a pattern that asks for what the post lacks."""
    assert url("a.md", "") == ""
    assert url("a.md", "/{slug}/", site="") == ""
    assert url("a.md", "/{number}/") == ""
    assert (
        read_post(
            "b", path="a.md", site=Site(url="https://x.example", permalink="/{year}/")
        ).url
        == ""
    )


def test_a_file_beyond_all_measure_is_refused():
    """Two million characters are no post."""
    with pytest.raises(PostError, match="too long"):
        read_post("a" * (MAX_CHARS + 1), path="a.md", site=SITE)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the shared posts are not here")
def test_every_real_post_is_read():
    """Posts of four sites: none fails, none is empty, all but stubs are dated."""
    posts = [
        read_post(
            file.read_text(encoding="utf-8"),
            path=file.relative_to(CORPUS).as_posix(),
            site=SITE,
        )
        for file in sorted(CORPUS.rglob("*.md"))
    ]
    assert all(post.sections and post.header.title for post in posts)
    assert sum(post.header.date is None for post in posts) <= 2


def test_a_file_of_html_is_read_as_html():
    """As feeds deliver posts: no mark of Markdown means anything in it."""
    body = "<p>one *two*\n\n    three <b>four</b></p>"
    text = f'{{\n"title": "News"\n}}\n{body}'

    post = read_post(text, path="a/news.html", site=SITE)
    markdown = read_post(text, path="a/news.md", site=SITE)

    (section,) = post.sections
    (paragraph,) = section.blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.inlines == (Span("one *two* three "), Span("four", bold=True))
    assert (post.header.title, post.url) == ("News", "https://site.example/blog/news/")
    assert markdown.sections != post.sections


def test_half_a_letter_is_shown_as_one_that_is_missing():
    """Feeds write letters as pairs of numbers, and some lose one; a whole pair is its letter."""
    post = read_post("a \ud83d b \ud83d\ude00", path="a.md", site=Site())

    (section,) = post.sections
    assert section.blocks == (Paragraph((Span("a \ufffd b \U0001f600"),), 1),)
