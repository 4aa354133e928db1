"""Advice on a post's header, and on what its title and its file's name say beside it.

Pure.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from formatters.document import Post
from formatters.identity import number_in_name, number_in_title
from formatters.lint.advice import Advice
from formatters.lint.source import Source
from formatters.moments import when_in
from formatters.sections import plain

DATE_KEYS = (
    "publishdate", "publish_date", "pubdate", "published_at", "publishedat", "date", "created",
)  # fmt: skip
_LATE = range(8)  # days that an issue comes out after the week that it is named for
_NEAR = timedelta(days=1)
_YEAR_OFF = range(350, 381)  # days: last year's number, written once more
_UNTITLED = re.compile(
    r"\b(?:TODO|TBD|FIXME|INSERT_\w+)\b|^(?:[Tt]itle|[Uu]ntitled|标题|无标题|待定|[Nn]ew [Pp]ost)$"
)
_CUT = re.compile(r"title:[^'\"#]+\s(#\d.*)")  # YAML takes it for a comment
_COMPACT = re.compile(r"(?<!\d)(20\d\d)[_]?(\d\d)[_]?(\d\d)(?!\d)")
_YEAR = re.compile(r"20\d\d")
_ISSUE = re.compile(r"\bweek|digest|newsletter|\bissue\b|周刊|周报|双周|月报|第.{1,6}期", re.IGNORECASE)  # fmt: skip


def header_advice(
    post: Post, source: Source, *, event_days: Collection[date]
) -> Iterator[Advice]:
    """Advice on the header. Dates of the post's own events are no contradiction."""
    header = post.header
    if post.path.rpartition("/")[2] == "_index.md":
        return  # Hugo's page about a folder: no post
    if not source.text[: source.start(source.above + 1)].strip() and not header.title:
        yield Advice(1, "header-missing")
        return
    yield from _title(post, source)
    if written := header.extra.get("date", ""):
        yield Advice(source.key_line(*DATE_KEYS), "date-unreadable", (("date", written),))
    elif header.date is None:
        yield Advice(1, "date-missing")
    yield from _dates(post, source, event_days)
    yield from _numbers(post, source)


def _title(post: Post, source: Source) -> Iterator[Advice]:
    title, line = post.header.title, source.key_line("title")
    if not title:
        if not _begins_with_title(post):
            yield Advice(line, "title-missing")
    elif _UNTITLED.search(title):
        yield Advice(line, "title-placeholder", (("title", title),))
    elif cut := _CUT.fullmatch(
        source.text[source.start(line) : source.start(line + 1)].strip()
    ):
        yield Advice(line, "title-cut", (("cut", cut[1]),))


def _begins_with_title(post: Post) -> bool:
    """Whether the text begins with a heading of the first level, which some generators take."""
    return any(s.level == 1 and plain(s.title) for s in post.sections[:1])


def _dates(post: Post, source: Source, event_days: Collection[date]) -> Iterator[Advice]:
    """The first of name and title that gives another day than the header."""
    if post.header.date is None:
        return
    given = post.header.date.date()
    in_name, in_title = _day_in(post.path, given), _day_in(post.header.title, given)
    if in_name and in_name == in_title and (given - in_name).days in _LATE:
        return  # "Week ending ...": the days that it tells of
    for where, day in (("name", in_name), ("title", in_title)):
        if day is None or day in event_days or abs(given - day) <= _NEAR:
            continue
        if where == "title" and not _is_own(post.header.title, (given - day).days):
            continue
        values = (("header", f"{given}"), ("other", f"{day}"), ("where", where))
        yield Advice(source.key_line(*DATE_KEYS), "date-contradiction", values)
        return


def _is_own(title: str, late: int) -> bool:
    """Whether a day in a title means the issue itself, and not what it tells of."""
    return abs(late) in _YEAR_OFF or (bool(_ISSUE.search(title)) and late not in _LATE)


def _day_in(text: str, near: date) -> date | None:
    """The day that a name or title gives with its year."""
    dashed = _COMPACT.sub(r"\1-\2-\3", text)
    when = when_in(dashed, near=near, zone=ZoneInfo("UTC"))
    return when.start.date() if when and _YEAR.search(when.phrase) else None


def _numbers(post: Post, source: Source) -> Iterator[Advice]:
    """Title, header and name that count differently."""
    extra = post.header.extra
    told = (
        ("title", number_in_title(post.header.title)),
        ("header", _number(extra.get("number", "") or extra.get("issue", ""))),
        ("name", number_in_name(post.path)),
    )
    given = [(where, number) for where, number in told if number is not None]
    for (first, one), (second, other) in pairwise(given):
        if one != other:
            values = (("where", first), ("one", f"{one}"), ("there", second), ("other", f"{other}"))  # fmt: skip
            keys = ("number", "issue") if first == "header" else ("title",)
            yield Advice(source.key_line(*keys), "number-contradiction", values)
            return


def _number(written: str) -> int | None:
    digits = written.removeprefix("#")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else None  # noqa: PLR2004  as `read_post`
