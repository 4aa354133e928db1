"""A post's file, read: header, document, sections, number and address joined.

Pure. The one door through which text becomes a `Post`.
"""

import re
from dataclasses import replace
from urllib.parse import quote
from zoneinfo import ZoneInfo

from formatters.depth import MAX_NODES, TooManyError
from formatters.document import Header, Post, PostError, Site
from formatters.header import read_header
from formatters.html import to_document
from formatters.links import Base
from formatters.markdown import to_html
from formatters.sections import sections_of

MAX_CHARS = 400_000  # of a file; the longest real issue has 115,000

_NUMBER = re.compile(r"#?(\d{1,5})")
_OTHER_TOPICS = re.compile(
    r"[|｜、，；].*", re.DOTALL
)  # of a title: they have numbers of their own
_IN_TITLE = re.compile(
    r"^[A-Za-z .'-]{0,40}#\s?(\d{1,5})\b"  # "#12 - News", "Example Weekly #12"
    r"|第\s*(\d{1,5})\s*期"
    r"|\b(?:issue|weekly|digest|newsletter|edition|number|no\.|vol\.)\s*#?(\d{1,5})\b(?![-/.年月])"
    r"|^[A-Za-z '-]{1,60} (\d{1,4})$",  # "This Week in Example 12"
    re.IGNORECASE,
)
# Four digits at a name's end are a month and a day more often than a number.
_IN_NAME = re.compile(r".*[A-Za-z][-_]?(\d{1,3})$")
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-(?=.)")
_YEARS = range(1900, 2101)
_HTML = (".html", ".htm")
_ENDING = re.compile(r"\.(?:md|html?)$")


def read_post(text: str, *, path: str, site: Site) -> Post:
    """Read one post.

    Args:
        text: the file's text: a header, then Markdown, or HTML if the path ends in `.html`.
        path: the file below its source, POSIX.
        site: what the site around it lends: zone, language, address, words.

    Returns:
        The post. Relative addresses in it are resolved; those that cannot be are in `omitted`.

    Raises:
        PostError: the header cannot be read or the file is no post. Nothing else is raised.
    """
    if len(text) > MAX_CHARS:
        problem = (
            f"{len(text):,} characters are too long for a post, {MAX_CHARS:,} are the most"
        )
        raise PostError(path, 0, problem, "Split it")
    header, body, above = read_header(text, path=path, site=site)
    number = _number(header, path)
    url = _url(header, path, site, number)
    cover = Base(site.url, url).picture(header.cover) if header.cover else ""
    try:
        nodes, omitted = to_document(
            html_of(body, path), base_url=site.url, post_url=url, line_offset=above
        )
    except TooManyError as error:
        problem = f"more than {MAX_NODES:,} paragraphs, items, cells and links are too many"
        raise PostError(path, 0, problem, "Split it") from error
    return Post(
        path=path,
        header=replace(header, cover=cover),
        url=url,
        language=header.language or site.language,
        number=number,
        sections=sections_of(nodes, site.profile),
        omitted=omitted,
    )


def html_of(body: str, path: str) -> str:
    """A post's body as HTML; what is HTML already, as feeds deliver it, is left alone."""
    return body if path.lower().endswith(_HTML) else to_html(body)


def number_in_title(title: str) -> int | None:
    """The issue's number as a title gives it, None without one; a year is none."""
    found = _IN_TITLE.search(_OTHER_TOPICS.sub("", title))
    return _told(next(filter(None, found.groups()), "") if found else "")


def number_in_name(path: str) -> int | None:
    """The issue's number as the file or its folder is called, None without one."""
    named = _IN_NAME.fullmatch(_name(path))
    return _told(named[1] if named else "")


def _told(digits: str) -> int | None:
    return int(digits) if digits and int(digits) not in _YEARS else None


def _number(header: Header, path: str) -> int | None:
    """The issue's own number: from the header, else the title, else the name; never a date."""
    for key in ("number", "issue"):
        given = _NUMBER.fullmatch(header.extra.get(key, ""))
        if given:
            return int(given[1])
    in_title = number_in_title(header.title)
    return number_in_name(path) if in_title is None else in_title


def _name(path: str) -> str:
    """What the file is called, or its folder if the file is an `index`."""
    folder, _, file = path.rpartition("/")
    stem = _ENDING.sub("", file)
    return folder.rpartition("/")[2] if stem in {"index", "_index"} and folder else stem


def _url(header: Header, path: str, site: Site, number: int | None) -> str:
    """The post's page: as the header says, else by the site's pattern, else ""."""
    base = Base(site.url)
    if header.url and ":" not in header.url.removeprefix("https:").removeprefix("http:"):
        return base.link(header.url)
    pattern = site.permalink
    date = header.date.astimezone(ZoneInfo(site.zone)) if header.date else None
    fields = {
        "slug": header.slug or _DATED.sub("", _name(path)),
        "path": _ENDING.sub("", path).removesuffix("_index").removesuffix("index").rstrip("/"),
        "number": str(number or ""),
        "year": f"{date:%Y}" if date else "",
        "month": f"{date:%m}" if date else "",
        "day": f"{date:%d}" if date else "",
    }
    for name, value in fields.items():
        if f"{{{name}}}" in pattern and not value:
            return ""
        pattern = pattern.replace(f"{{{name}}}", quote(value))
    return base.link(pattern) if pattern else ""
