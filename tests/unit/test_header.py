"""Headers of every generator, their dates, and what is said of broken ones."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from formatters.document import Header, PostError, Site
from formatters.front import MAX_CHARS
from formatters.header import MAX_VALUE, read_header

SITE = Site(zone="Asia/Shanghai")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def header(text: str, path: str = "blog/a/index.md") -> Header:
    return read_header(text, path=path, site=SITE)[0]


def test_a_full_header_is_typed():
    """Every field of Hugo's habit is found; keys nobody reads stay as text."""
    found = header(
        '---\ntitle: "A: b"\ndate: 2026-04-01T15:00:00+08:00\nexpiryDate: 2026-05-01\n'
        "draft: false\nslug: s\nurl: /x/\nlang: zh\ndescription: d\ncover: /c.png\n"
        "author: Ann, Bo\nauthorlink: https://a.example\ncategories: [x, y]\n"
        'tags: ["t"]\naliases:\n  - /old/\nissue: 12\nparams: {deep: [1]}\n---\nbody'
    )
    assert found == Header(
        title="A: b",
        date=datetime(2026, 4, 1, 15, tzinfo=timezone(timedelta(hours=8))),
        expires=datetime(2026, 5, 1, tzinfo=SHANGHAI),
        slug="s",
        url="/x/",
        language="zh",
        description="d",
        cover="/c.png",
        authors=("Ann", "Bo"),
        author_url="https://a.example",
        categories=("x", "y"),
        tags=("t",),
        aliases=("/old/",),
        extra={"issue": "12"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: a\ntags: [b]\n---\nbody\n",
        '+++\ntitle = "a"\ntags = ["b"]\n+++\nbody\n',
        '{\n"title": "a",\n"tags": ["b"]\n}\nbody\n',
        "Title: a\nTags: b\n\nbody\n",
    ],
)
def test_each_format_says_the_same(text: str):
    """YAML, TOML, JSON and Pelican's lines give one header, one body and its place."""
    found, body, above = read_header(text, path="a.md", site=SITE)
    assert (found.title, found.tags, body.strip()) == ("a", ("b",), "body")
    assert text.split("\n", above)[above] == body


@pytest.mark.parametrize(
    "text", ["\ufeff---\r\ntitle: a\r\n---\r\nb\r\n", "\n\n---\ntitle: a\n---\nb\n"]
)
def test_marks_line_ends_and_blank_lines_do_no_harm(text: str):
    """Editors add them; lines are counted right all the same."""
    found, body, above = read_header(text, path="a.md", site=SITE)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    assert (found.title, body, lines[above]) == ("a", "b\n", "b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "# a\n\nb",
        "Note: this is prose.\n\nb",
        "---\n\nProse, then a rule\n\n---\nb",
        "---\n# a",
        "{\nx\n",
        "---\nhttp://a.example\n---\nb",
    ],
)
def test_a_text_without_header_is_all_body(text: str):
    """A rule or a colon at the start makes no header."""
    assert read_header(text, path="a.md", site=SITE) == (Header(), text, 0)


def test_a_header_may_be_all():
    """A file that ends with its header has an empty body."""
    assert read_header("Title: a", path="a.md", site=SITE)[1:] == ("", 0)
    assert read_header("---\ntitle: a\n---", path="a.md", site=SITE)[1] == ""


def test_pelican_lines_may_go_on():
    """An indented line belongs to the key above."""
    found = header("Title: a\n    b\nDate: 2026-01-02\nSummary:\n\ntext")
    assert (found.title, found.date_only, found.description) == ("a b", True, "")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-04-01T15:00:00+08:00", "2026-04-01T15:00:00+08:00"),
        ("2019-02-28T10:20:00.000Z", "2019-02-28T10:20:00+00:00"),
        ("2026-06-05 03:00:00 -0000", "2026-06-05T03:00:00+00:00"),
        ("2026-06-05 03:00:00 +0530", "2026-06-05T03:00:00+05:30"),
        ("2026-06-05 03:00:00 UTC", "2026-06-05T03:00:00+00:00"),
        ("2026-06-05 03:00", "2026-06-05T03:00:00+08:00"),
        ("2026-6-5 3:00", "2026-06-05T03:00:00+08:00"),
        ("2026-06-05T03:00:00", "2026-06-05T03:00:00+08:00"),
        ("Fri, 05 Jun 2026 03:00:00 +0000", "2026-06-05T03:00:00+00:00"),
        ("2026-06-05", "2026-06-05T00:00:00+08:00"),
        ("2026/6/5", "2026-06-05T00:00:00+08:00"),
        ("2026年6月5日", "2026-06-05T00:00:00+08:00"),
        ("June 5, 2026", "2026-06-05T00:00:00+08:00"),
    ],
)
@pytest.mark.parametrize("form", ["---\ntitle: a\ndate: {}\n---\n", "Title: a\nDate: {}\n"])
def test_a_date_keeps_its_moment(form: str, written: str, moment: str):
    """The zone written counts, the site's where there is none; never the machine's."""
    found = header(form.format(written))
    assert found.date
    assert found.date.isoformat() == moment
    assert found.date_only == (" " not in moment and "T00:00:00" in moment)


def test_a_date_of_toml_is_a_date():
    """TOML has dates of its own."""
    found = header("+++\ndate = 2018-05-04T10:00:00+08:00\nexpiryDate = 2018-06-01\n+++\n")
    assert (found.date, found.expires) == (
        datetime(2018, 5, 4, 2, tzinfo=ZoneInfo("UTC")),
        datetime(2018, 6, 1, tzinfo=SHANGHAI),
    )


@pytest.mark.parametrize("written", ["2021-(TODO: MM-DD)", "2019-02-30", "soon"])
def test_a_date_that_no_calendar_knows_leaves_its_words(written: str):
    """The post stays readable, undated; who decides can say what was written."""
    found = header(f"Title: a\nDate: {written}\n")
    assert (found.date, found.extra) == (None, {"date": written})


def test_a_name_may_date_a_post():
    """Jekyll's file names stand in for a header's date, and only for a missing one."""
    assert header("a", "_posts/2026-08-05-b.md").date == datetime(2026, 8, 5, tzinfo=SHANGHAI)
    dated = header("---\ndate: 2026-08-06\n---\n", "_posts/2026-08-05-b.md")
    assert dated.date == datetime(2026, 8, 6, tzinfo=SHANGHAI)
    assert header("a", "weekly-20260805/index.md").date is None


@pytest.mark.parametrize(
    "line",
    [
        "draft: true",
        "draft: yes",
        "published: false",
        "status: draft",
        "status: hidden",
        "unlisted: true",
        "isDraft: true",
        "headless: true",
        "render: false",
        "build: {render: never}",
        "permalink: false",
        "eleventyExcludeFromCollections: true",
    ],
)
def test_drafts_are_told_in_many_ways(line: str):
    """Each generator's way to say not yet."""
    assert header(f"---\ntitle: a\n{line}\n---\n").draft


@pytest.mark.parametrize(
    "line",
    [
        "draft: false",
        "published: true",
        "published: 2026-01-01",
        "status: published",
        "build: {list: always}",
    ],
)
def test_what_is_published_is_no_draft(line: str):
    """However it says so."""
    assert not header(f"---\ntitle: a\n{line}\n---\n").draft


def test_of_a_key_given_twice_the_last_counts():
    """As the generators have it that build such posts."""
    assert header("---\ntitle: a\ntitle: b\n---\n").title == "b"


def test_values_stay_text():
    """YAML's own ideas of numbers, truth and nothing never reach a title."""
    found = header(
        "---\ntitle: 2021\nslug: 0123\ncover: ~\nauthor: {name: Ann, x: y}\ntags: [no, 1e3]\n---\n"
    )
    assert (found.title, found.slug, found.cover) == ("2021", "0123", "")
    assert (found.authors, found.tags) == (("Ann",), ("no", "1e3"))


def test_entities_in_a_title_are_letters():
    """Some authors escape what their editor showed them escaped."""
    assert header('---\ntitle: "A&amp;B"\n---\n').title == "A&B"
    assert header("---\ntitle: A&#10;&nbsp;B\n---\n").title == "A B"


def test_truth_of_other_formats_becomes_words():
    """TOML and JSON have real booleans; lists become words, deeper things say nothing."""
    found = header("+++\ndraft = true\ntoc = false\nsteps = [1, 2]\nx = [[1]]\n+++\n")
    assert found.draft
    assert found.extra == {"toc": "false", "steps": "1, 2"}


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ("---\ntitle: a: b\n---\n", 2, "quotes"),
        ('\n---\na: b\ntitle: "x\n\n---\nbody', 4, "quotes"),
        ("---\ntitle: a\n\nbody", 1, "Repeat the line ---"),
        ('{\n"title": "a"\n\nbody', 1, "Repeat the line }"),
        ('+++\ntitle = "a"\nbad = \n+++\n', 3, "Mend"),
        ('{\n"a": 1,\n"b":\n}\n', 4, "Mend"),
        ("---\n- a: b\n- c\n---\n", 0, "key"),
        ("---\na: " + "[" * 9000 + "\n---\n", 1, "Close"),
        ("---\na:\n " + "- " * 5000 + "\n---\n", 1, "key"),
        ("---\na: " + "b" * MAX_CHARS + "\n---\n", 1, "Close"),
        ("---\na: \x01\n---\n", 1, "key"),
        ("---\na:\n" + " " * 300 + "- b\n c: d\n---\n", 4, "quotes"),
        ('{\n"title": ' + "[" * 600 + "\n}", 1, "Close"),
    ],
)
def test_a_broken_header_names_line_and_remedy(text: str, line: int, remedy: str):
    """Its author is told where to look and what to do, and nothing else is raised."""
    if not line:  # a list under a rule is no header
        assert header(text) == Header()
        return
    with pytest.raises(PostError, match=remedy) as raised:
        header(text)
    assert (raised.value.line, raised.value.path) == (line, "blog/a/index.md")


def test_aliases_of_yaml_do_not_grow():
    """Sixty lines that double each other are read at once."""
    doubled = "".join(f"b{i}: &b{i} [*b{i - 1}, *b{i - 1}]\n" for i in range(1, 60))
    assert header(f"---\nb0: &b0 x\n{doubled}title: a\n---\n").title == "a"


def test_aliases_of_yaml_do_not_multiply():
    """A small header cannot write gigabytes: neither one value nor all of them together."""
    lines = "".join(f"k{i}: *many\n" for i in range(500))
    bomb = f"---\ntitle: &one {'x' * 4000}\nmany: &many [{'*one, ' * 600}]\n{lines}---\n"

    found = header(bomb)

    assert max(map(len, found.extra.values())) <= MAX_VALUE
    assert len(header(f"---\ntags: [{'a, ' * 4000}]\n---\n").tags) < 4000


def test_a_header_holds_no_signs_that_no_text_may_hold():
    """Escapes of YAML and JSON can write them; neither a database nor a line takes them."""
    yaml_header, _, _ = read_header(
        '---\ntitle: "a\\0b\\ud800c\\u202e"\nlang: "\\x1b"\n---\n', path="a.md", site=SITE
    )
    json_header, _, _ = read_header(
        '{\n"title": "a\\u0000\\udfff"\n}\n', path="a.md", site=SITE
    )

    assert (yaml_header.title, yaml_header.language) == ("a\ufffdb\ufffdc\u202e", "\ufffd")
    assert json_header.title == "a\ufffd\ufffd"


@pytest.mark.parametrize(
    "date", ["0001-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00+14:00"]
)
def test_a_date_at_the_ends_of_the_calendar_is_none(date):
    """No sum may leave the calendar: a zone, an end three hours later."""
    header, _, _ = read_header(
        f"---\ndate: {date}\nexpires: {date}\n---\n", path="a.md", site=SITE
    )
    assert (header.date, header.expires, header.extra["date"]) == (None, None, date)
