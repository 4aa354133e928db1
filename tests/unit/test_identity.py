"""What a post is, told by its header, its path and its site."""

from datetime import UTC, datetime

import pytest

from config import values
from formatters import addresses, identity
from formatters.addresses import FIELDS, Asked
from formatters.document import Header, Site
from formatters.identity import PostKind

SITE = Site(url="https://lantern.example", zone="Asia/Shanghai", language="en")
DATED = Header(title="Lantern & Co: 1", date=datetime(2026, 8, 5, 20, 4, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("blog/a/index.zh.md", ("zh", "name")),
        ("blog/a/index.zh-CN.mdx", ("zh-cn", "name")),
        ("content/zh/blog/a/index.md", ("zh", "folder")),
        ("i18n/pt-BR/blog/a.md", ("pt-br", "folder")),
        ("zh_Hans/a.md", ("zh-hans", "folder")),
        ("content/ml/a.md", ("en", "site")),
        ("blog/release-1.2.md", ("en", "site")),
        ("zh.md", ("en", "site")),
    ],
)
def test_a_path_may_tell_the_language(path, told):
    """By the file's name, else by a folder; what is no language that sites use tells nothing."""
    assert identity.language(Header(), path, SITE) == told


def test_the_header_tells_the_language_first():
    """It is the author's word."""
    assert identity.language(Header(language="fr"), "zh/a.zh.md", SITE) == ("fr", "header")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("_index.md", "list page"),
        ("activities/_index.zh.md", "list page"),
        ("archetypes/blog.md", "archetypes/"),
        ("theme/archetypes/default/index.md", "archetypes/"),
        ("README.md", "repository"),
        ("posts/Readme.zh.md", "repository"),
        ("posts/a.md", ""),
        ("posts/index.md", ""),
        ("posts/reader/index.md", ""),
    ],
)
def test_what_is_no_post_is_told_by_its_path(path, words):
    """Section pages, templates and a repository's own papers."""
    why = identity.no_post(path)
    assert words in why
    assert bool(why) == bool(words)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b.md", "b"),
        ("a/b.zh.md", "b"),
        ("a/v1.2.markdown", "v1.2"),
        ("a/index.md", "a"),
        ("a/index.en-us.md", "a"),
        ("index.md", "index"),
        ("a/b.mdx", "b"),
    ],
)
def test_a_name_has_neither_ending_nor_language(path, name):
    """A bundle is called what its folder is."""
    assert identity.name_of(path) == name


@pytest.mark.parametrize(
    ("header", "path", "told"),
    [
        (Header(title="Weekly 3", extra={"issue_number": "#12"}), "issue-4.md", (12, "header")),
        (Header(title="Weekly 3"), "issue-4.md", (3, "title")),
        (Header(), "issue-4.md", (4, "name")),
        (Header(), "issue-4.zh.md", (4, "name")),
        (Header(title="News of 2026"), "a.md", (None, "")),
    ],
)
def test_a_number_comes_with_its_place(header, path, told):
    """Header, title, name, in this order."""
    assert identity.number(header, path) == told


@pytest.mark.parametrize(
    ("pattern", "path", "address"),
    [
        ("/:year/:month/:title/", "_posts/2026-08-05-lantern.md", "/2026/08/lantern/"),
        ("/:year/:i_month/:i_day/:title/", "a.md", "/2026/8/6/lantern-co-1/"),
        ("/:short_year/:y_day/:hour:minute:second/", "a.md", "/26/218/040409/"),
        ("/:section/:contentbasename/", "blog/a/index.md", "/blog/a/"),
        ("/:sections/:filename:output_ext", "en/blog/a.md", "/en/blog/a.html"),
        ("pretty", "2026-08-05-a.md", "/2026/08/06/a/"),
        ("date", "2026-08-05-a.md", "/2026/08/06/a.html"),
        ("ordinal", "2026-08-05-a.md", "/2026/218/a.html"),
        ("none", "2026-08-05-a.md", "/a.html"),
        ("/x/{path}/", "blog/[1], 灯/index.zh.md", "/x/blog/%5B1%5D%2C%20%E7%81%AF/"),
        ("/{title}/", "a.md", "/lantern-co-1/"),
        ("/talk/12:30/", "a.md", "/talk/12:30/"),
        ("/", "a.md", "/"),
        ("2026/08/lantern", "a.md", "/2026/08/lantern"),
        ("https://other.example/:year/", "a.md", "https://other.example/2026/"),
        ("https://other.example:8080/a", "a.md", "https://other.example:8080/a"),
    ],
)
def test_a_pattern_of_any_generator_is_filled_in(pattern, path, address):
    """Ours, Jekyll's, Hugo's and the names of Jekyll's styles; days are the site's."""
    whole = address if "://" in address else f"{SITE.url}{address}"
    header = Header(title=DATED.title, date=DATED.date, url=pattern)

    assert addresses.address(header, path, SITE, None) == (whole, "header")


def test_categories_are_part_of_an_address_where_there_are_some():
    """As Jekyll has it."""
    header = Header(slug="a", categories=("Big News", "Lamps"), url="/:categories/:slug/")

    assert addresses.expanded(header.url, Asked(header, "b.md", "UTC")) == "/big-news/lamps/a/"


@pytest.mark.parametrize("url", ["/{{ page.slug }}/", "/:year/x/", "/{number}/"])
def test_what_cannot_be_filled_in_is_left_to_the_sites_pattern(url):
    """A template of code, or a field that the post lacks."""
    site = Site(url="https://lantern.example", permalink="/{slug}/")

    told = addresses.address(Header(url=url, slug="/a"), "b.md", site, None)

    assert told == ("https://lantern.example/a/", "site")


def test_a_post_without_a_day_has_no_address_with_one():
    """Rather none than a wrong one."""
    assert addresses.expanded("/:year/:i_day/", Asked(Header(slug="a"), "b.md", "UTC")) == ""


def test_an_address_that_nothing_tells_is_none():
    """And says so."""
    assert addresses.address(Header(), "a.md", SITE, None) == ("", "")


def test_settings_and_reader_know_the_same_fields():
    """A pattern that the settings accept is filled in."""
    names = values._COLON_FIELDS
    pattern = "".join(f"/:{name}" for name in names)
    post = Asked(Header(title="a", date=DATED.date, categories=("b",)), "c/d.md", "UTC", 1)

    assert set(names) | set(values._PERMALINK_FIELDS) == set(FIELDS)
    assert values.permalink(pattern) == pattern
    assert ":" not in addresses.expanded(pattern, post)
    for name in values._PERMALINK_FIELDS:
        assert addresses.expanded(f"/{{{name}}}", post)


@pytest.mark.parametrize(
    ("header", "path", "kind"),
    [
        (Header(title="Lantern Weekly | news"), "blog/a/index.md", PostKind.ISSUE),
        (Header(title="Week Ending May 3"), "_posts/a.md", PostKind.ISSUE),
        (Header(title="灯笼周刊"), "a.md", PostKind.ISSUE),
        (Header(title="Lamps", categories=("Lantern Weekly",)), "a.md", PostKind.ISSUE),
        (Header(title="#9 - Lamps"), "a.md", PostKind.ISSUE),
        (Header(title="Lamp talk #3"), "activities/a/index.md", PostKind.EVENT),
        (Header(title="Lamp talk", categories=("Meetup",)), "a.md", PostKind.EVENT),
        (Header(title="Lamp talk", extra={"type": "event"}), "a.md", PostKind.EVENT),
        (Header(title="Week Ending May 3, 2026"), "_posts/a.md", PostKind.ISSUE),
        (
            Header(title="Lamp talk recap", categories=("Meetup",)),
            "blog/a.md",
            PostKind.ARTICLE,
        ),
        (Header(title="Follow-up on the issue of lamps"), "blog/a.md", PostKind.ARTICLE),
        (Header(title="How lamps work | weekly"), "blog/a/index.md", PostKind.ARTICLE),
        (Header(title="Activities"), "activities/_index.md", PostKind.PAGE),
    ],
)
def test_a_post_has_a_kind(header, path, kind):
    """Told by title, categories, type and folder."""
    assert identity.kind(header, path, identity.number(header, path)[0])[0] is kind
