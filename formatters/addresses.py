"""Where a post's page is, by its header's address or its site's pattern.

Pure. Patterns are ours (`/blog/{slug}/`), Jekyll's and Hugo's (`/:year/:title/`), or the name of
a style of Jekyll's.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from formatters.document import Header, Site
from formatters.identity import ENDING, Told, name_of, without_tongue
from formatters.links import Base

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
"""Jekyll's (jekyllrb.com/docs/permalinks, 2026-11-25)."""
_FIELD = re.compile(r"\{(\w+)\}|:(\w+)")
_ROOTED = re.compile(r"/|[a-z]+:", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-(?=.)")
_OPTIONAL = frozenset({"categories", "output_ext"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pattern may ask of a post."""

    header: Header
    path: str
    zone: str
    issue: int | None = None

    @property
    def name(self) -> str:
        """What the file or its bundle is called."""
        return name_of(self.path)

    @property
    def slug(self) -> str:
        """The header's, else the name without its day."""
        return self.header.slug.strip("/") or _DATED.sub("", self.name)

    @property
    def title(self) -> str:
        """To Jekyll the name of a file that begins with its day; to Hugo the title."""
        if self.header.slug or _DATED.match(self.name):
            return self.slug
        return slugified(self.header.title) or self.slug

    @property
    def folder(self) -> str:
        """Where the file lies below its source."""
        return self.path.rpartition("/")[0]

    @property
    def place(self) -> str:
        """The path without what no address has."""
        stem = without_tongue(ENDING.sub("", self.path.rpartition("/")[2]))
        return re.sub(r"(?:^|/)_?index$", "", f"{self.folder}/{stem}".lstrip("/"))

    def day(self, form: str) -> str:
        """A part of its date in the site's zone, "" for an undated one."""
        date = self.header.date
        return date.astimezone(ZoneInfo(self.zone)).strftime(form) if date else ""


def _of_day(form: str) -> Callable[[Asked], str]:
    return lambda post: post.day(form)


FIELDS: Mapping[str, Callable[[Asked], str]] = {
    "slug": lambda post: post.slug,
    "title": lambda post: post.title,
    "path": lambda post: post.place,
    "number": lambda post: str(post.issue or ""),
    "filename": lambda post: post.name,
    "contentbasename": lambda post: post.name,
    "section": lambda post: post.folder.partition("/")[0],
    "sections": lambda post: post.folder,
    "categories": lambda post: "/".join(map(slugified, post.header.categories)),
    "output_ext": lambda _: ".html",
    "year": _of_day("%Y"),
    "month": _of_day("%m"),
    "day": _of_day("%d"),
    "short_year": _of_day("%y"),
    "i_month": lambda post: post.day("%m").lstrip("0"),
    "i_day": lambda post: post.day("%d").lstrip("0"),
    "y_day": _of_day("%j"),
    "hour": _of_day("%H"),
    "minute": _of_day("%M"),
    "second": _of_day("%S"),
}
"""Every field there is. What is not here is no field: a colon in a name."""


def address(header: Header, path: str, site: Site, issue: int | None) -> Told:
    """The post's page: as its header says, else by the site's pattern; ("", "") if unknown.

    Dates in patterns are those of the site's zone.
    """
    base, post = Base(site.url), Asked(header, path, site.zone, issue)
    for pattern, where in ((header.url, "header"), (site.permalink, "site")):
        if pattern and not _TEMPLATE.search(pattern):
            found = base.link(expanded(pattern, post))
            if found:
                return found, where
    return "", ""


def expanded(pattern: str, post: Asked) -> str:
    """A pattern with its fields filled in, "" if the post lacks one of them."""
    pattern = _STYLES.get(pattern, pattern)
    if not _ROOTED.match(pattern):
        pattern = f"/{pattern}"  # below the site, as the generators have it
    split = urlsplit(pattern) if "://" in pattern else None
    head = f"{split.scheme}://{split.netloc}" if split else ""
    filled, lacks = [], False
    at = len(head)
    for found in _FIELD.finditer(pattern, at):
        name = found[1] or found[2]
        value = FIELDS[name](post) if name in FIELDS else None
        lacks = lacks or (value == "" and name not in _OPTIONAL)
        filled += [pattern[at : found.start()], found[0] if value is None else quote(value)]
        at = found.end()
    return "" if lacks else head + re.sub("//+", "/", "".join((*filled, pattern[at:])))


def slugified(title: str) -> str:
    """A title as generators make addresses of it: small letters, words joined by dashes."""
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-")
