"""The header of a post, whichever generator it was written for.

Pure: the file's path is only looked at, never opened.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from zoneinfo import ZoneInfo

from formatters.document import Header, PostError, Site
from formatters.front import FrontError, Values, front_of
from formatters.stamps import Stamp, stamp

MAX_VALUE = 4_000  # characters; YAML's aliases write gigabytes in a small header
_MAX_ITEMS = 200
_UNFIT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
"""What escapes of YAML and JSON can write and no text may hold: databases and lines refuse it."""
_DATED_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?![\d])|((?:19|20)\d{6})(?=[-_]|$)")
_DATED_FOLDERS = re.compile(r"(?:.*/)?((?:19|20)\d\d)/(\d\d)[/-](\d\d)[/-][^/]")
_INDEX = re.compile(r"_?index(?:\.[A-Za-z-]{2,12})?\.[a-z]+")

WHEN = (
    "publishdate", "pubdate", "publishedat", "publisheddate", "datepublished", "published",
    "date", "created", "createdat",
)  # fmt: skip
"""Keys that tell when readers see a post, the telling ones first: Hugo shows it then, not before."""
_CHANGED = ("lastmod", "modified", "updated", "updatedat", "lastupdated")
_KEYS = {
    "title": ("title",),
    "expires": ("expirydate", "expires", "expiresat", "unpublishdate"),
    "slug": ("slug",),
    "url": ("url", "permalink", "path"),
    "language": ("language", "lang", "locale"),
    "description": ("description", "summary", "excerpt", "descripton"),  # so misspelt for real
    "cover": ("cover", "image", "banner", "thumbnail", "featuredimage", "heroimage", "ogimage"),
    "authors": ("authors", "author"),
    "author_url": ("authorlink", "authorurl"),
    "categories": ("categories", "category"),
    "tags": ("tags", "keywords"),
    "aliases": ("aliases", "redirectfrom"),
}
_FLAGS = ("draft", "isdraft", "unlisted", "headless", "eleventyexcludefromcollections")
_READ = frozenset(
    (*(name for names in _KEYS.values() for name in names), *WHEN, *_FLAGS, "status")
)
_NESTED = (
    "taxonomies",
    "params",
    "extra",
    "build",
    "_build",
)  # Zola's and Hugo's tables of such keys
_NAMES = ("name", "title", "label", "created", "url", "src", "path", "image", "relative")
"""What a mapping that stands for one value is called in it."""
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0", "never"}


def read_header(text: str, *, path: str, site: Site) -> tuple[Header, str, int]:
    r"""Take a post apart into header and body.

    See `formatters.front` for the forms. Of a key given twice the last value counts. A date that
    no calendar knows is no error: `extra["date"]` has the words, and `date` what else tells it.

    Args:
        text: the file, with or without byte order mark, with any line ends.
        path: the file below its source; a date in its name or folders stands in for one that the
            header lacks.
        site: lends its zone to dates that name none.

    Returns:
        The header, the body with `\n` line ends, and the number of lines before the body.

    Raises:
        PostError: the header cannot be read, with its line where that is known.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    stripped = text.lstrip()
    blank = text.count("\n", 0, len(text) - len(stripped))
    try:
        front = front_of(stripped)
    except FrontError as fault:
        raise PostError(path, blank + fault.line, fault.problem, fault.remedy) from fault
    above = text.count("\n", 0, len(text) - len(front.body))
    header = _header(front.values, front.form, path, ZoneInfo(site.zone))
    return header, front.body, above


# ------------------------------------------------------------------ fields


class _Fields:
    """A header's values by any spelling of their keys: `publish_date` is `publishDate`."""

    def __init__(self, values: Values) -> None:
        tables = (values[name] for name in _NESTED if name in values)
        nested = {
            k: v for table in tables if isinstance(table, Mapping) for k, v in table.items()
        }
        both = {**{str(k).casefold(): v for k, v in nested.items()}, **values}
        self._values = {plain(key): value for key, value in both.items()}

    def value(self, *names: str) -> object:
        """The first that says anything, "" without one."""
        return next((v for name in names if (v := self._values.get(name))), "")

    def text(self, *names: str) -> str:
        """The same as one line."""
        return _text(self.value(*names))

    def items(self, *names: str) -> tuple[str, ...]:
        """The same as a list, however it is written."""
        return _list(self.value(*names))

    def said(self, *names: str) -> Iterator[tuple[str, str]]:
        """All of them that say anything, with their names."""
        return ((name, text) for name in names if (text := self.text(name)))

    def is_set(self, *names: str) -> bool:
        """Whether one of them is true."""
        return any(_text(self._values.get(name)).casefold() in _YES for name in names)

    def is_denied(self, *names: str) -> bool:
        """Whether one of them is false."""
        return any(_text(self._values.get(name)).casefold() in _NO for name in names)


def plain(key: str) -> str:
    """A key without what generators write it with or without."""
    return key.replace("_", "").replace("-", "").replace(" ", "")


def _header(values: Values, form: str, path: str, zone: ZoneInfo) -> Header:
    fields = _Fields(values)
    date = _date(fields, path, zone)
    extra = {k: t for k, v in values.items() if plain(k) not in _READ and (t := _text(v))}
    if date.unread:
        extra["date"] = date.unread
    expires = stamp(fields.text(*_KEYS["expires"]), zone)
    return Header(
        title=" ".join(unescape(fields.text("title")).split()),
        date=date.stamp.at if date.stamp else None,
        date_only=bool(date.stamp and date.stamp.date_only),
        expires=expires.at if expires else None,
        draft=_is_draft(fields, path),
        slug=fields.text("slug"),
        url=fields.text(*_KEYS["url"]),
        language=fields.text(*_KEYS["language"]),
        description=" ".join(unescape(fields.text(*_KEYS["description"])).split()),
        cover=fields.text(*_KEYS["cover"]),
        authors=fields.items(*_KEYS["authors"]),
        author_url=fields.text(*_KEYS["author_url"]),
        categories=fields.items(*_KEYS["categories"]),
        tags=fields.items(*_KEYS["tags"]),
        aliases=fields.items(*_KEYS["aliases"]),
        extra=extra,
        form=form,
        date_from=date.where,
        zoned=bool(date.stamp and date.stamp.zoned),
    )


def _text(value: object) -> str:
    """One line of text; lists by their items, of mappings their name. Deeper things say nothing.

    Neither deep nor long on purpose: YAML's aliases can make a small header endless.
    """
    if isinstance(value, str):  # most are
        return _line(value)
    if isinstance(value, Mapping):
        value = next((value[name] for name in _NAMES if value.get(name)), "")
    if isinstance(value, list):
        texts = (_scalar(item) for item in value[:_MAX_ITEMS])
        return ", ".join(item for item in texts if item)[:MAX_VALUE]
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (list, Mapping)):
        return ""
    return _line(str(value))


def _line(said: str) -> str:
    if not said:
        return ""
    kept = said[:MAX_VALUE]
    text = " ".join((kept if kept.isprintable() else _UNFIT.sub("\ufffd", kept)).split())
    return "" if text in {"~", "null"} else text


def _list(value: object) -> tuple[str, ...]:
    """The items of a list, or of a line of them; Pelican parts names with a semicolon."""
    items = value[:_MAX_ITEMS] if isinstance(value, list) else _parted(_text(value))
    return tuple(text for item in items if (text := _text(item).strip()))


def _parted(line: str) -> list[str]:
    return line.split(";") if ";" in line else re.split("[,，、]", line)


def _is_draft(fields: _Fields, path: str) -> bool:
    """Whether readers do not see it: each generator's way to say so."""
    return (
        fields.is_set(*_FLAGS)
        or fields.is_denied("published", "permalink", "render")
        or fields.text("status").casefold() in {"draft", "hidden", "skip", "private"}
        or "_drafts" in path.split("/")
    )


# ------------------------------------------------------------------ dates


@dataclass(frozen=True, slots=True)
class _Date:
    """`where` is the key it comes from, "name" for the file's, "address" or "".

    `unread` are the words of a key that no calendar knows.
    """

    stamp: Stamp | None = None
    where: str = ""
    unread: str = ""


def _date(fields: _Fields, path: str, zone: ZoneInfo) -> _Date:
    """When readers see it: by the header, else by the name, else when it was changed last."""
    unread = ""
    for key, written in fields.said(*WHEN):
        found = stamp(written, zone)
        if found:
            return _Date(found, key)
        unread = unread or ("" if written.casefold() in _YES | _NO else written)
    named = stamp(date_of_name(path), zone)
    if named:
        return _Date(named, "name", unread)
    address = _DATED_FOLDERS.match(fields.text(*_KEYS["url"]))
    if address:
        return _Date(stamp("-".join(address.groups()), zone), "address", unread)
    changed = ((key, stamp(written, zone)) for key, written in fields.said(*_CHANGED))
    return next((_Date(at, key, unread) for key, at in changed if at), _Date(unread=unread))


def date_of_name(path: str) -> str:
    """Jekyll's habit `_posts/2026-08-05-title.md`, with its likes; "" without a date.

    Also `2026-08-05-title/index.md`, `20260805-title.md`, and `2026/08/05/title.md` of folders.
    """
    folder, _, file = path.rpartition("/")
    name = (
        folder.rpartition("/")[2]
        if _INDEX.fullmatch(file) and folder
        else file.partition(".")[0]
    )
    found = _DATED_NAME.match(name)
    if found:
        return found[1] or found[2]
    folders = _DATED_FOLDERS.match(path)
    return "-".join(folders.groups()) if folders else ""
