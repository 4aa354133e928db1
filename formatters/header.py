"""The header of a post, whichever generator it was written for.

The only home of python-frontmatter. Pure: the file's path is only looked at, never opened.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import TypeAlias
from zoneinfo import ZoneInfo

import yaml
from frontmatter import default_handlers as handlers

from formatters.document import Header, PostError, Site

Values: TypeAlias = Mapping[str, object]
"""A header as its format gives it: keys in small letters, values unread."""

MAX_CHARS = 16 * 1024  # of a header; real ones stay under 2,000
_MAX_BRACKETS = 500  # YAML's reader takes the square of their depth: 10 s for 9,000
_YAML = handlers.YAMLHandler()
_TOML = handlers.YAMLHandler(fm_boundary=re.compile(r"^\+{3,}\s*$", re.MULTILINE))
_JSON = handlers.JSONHandler()

_FENCES = {"---": _YAML, "+++": _TOML, "{": _JSON}
_UNFIT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
"""What escapes of YAML and JSON can write and no text may hold: databases and lines refuse it."""
_KEY_LINE = re.compile(r"""[ \t]*["']?[A-Za-z][\w-]*["']?[ \t]*[:=]""")
_PELICAN_LINE = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?$")
_DATED_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-.")

_KEYS = {
    "title": ("title",),
    "date": ("date", "published_at", "pubdate", "publishdate"),
    "expires": ("expirydate", "expires", "expires_at"),
    "draft": ("draft",),
    "published": ("published",),
    "status": ("status",),
    "slug": ("slug",),
    "url": ("url", "permalink"),
    "language": ("language", "lang", "locale"),
    "description": ("description", "summary", "excerpt", "descripton"),  # so misspelt for real
    "cover": ("cover", "image", "banner", "thumbnail", "featured_image"),
    "authors": ("authors", "author"),
    "author_url": ("authorlink", "author_url"),
    "categories": ("categories", "category"),
    "tags": ("tags", "keywords"),
    "aliases": ("aliases", "redirect_from"),
}
_READ = frozenset(name for names in _KEYS.values() for name in names)


def read_header(text: str, *, path: str, site: Site) -> tuple[Header, str, int]:
    r"""Take a post apart into header and body.

    YAML between `---`, TOML between `+++`, JSON in braces of their own lines, Pelican's
    `Key: value` lines, or none at all. Of a key given twice the last value counts. A date that
    no calendar knows is no error: `date` is None and `extra["date"]` has the words.

    Args:
        text: the file, with or without byte order mark, with any line ends.
        path: the file below its source; a date at the start of its name stands in for one that
            the header lacks.
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
        values, body = _split(stripped)
    except _HeaderError as fault:
        raise PostError(path, blank + fault.line, fault.problem, fault.remedy) from fault
    above = text.count("\n", 0, len(text) - len(body))
    return _header(values, path, ZoneInfo(site.zone)), body, above


# ------------------------------------------------------------------ formats


class _HeaderError(ValueError):
    """A header that cannot be read; `line` counts from its first line, 1."""

    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


def _split(text: str) -> tuple[Values, str]:
    """Values and the rest of `text`, which is always an end piece of it."""
    fence = text.partition("\n")[0].rstrip()
    handler = _FENCES.get(fence)
    if handler is None:
        return _pelican(text)
    if not any(map(_KEY_LINE.match, text[:1000].split("\n")[1:5])):
        return {}, text  # a rule, then prose
    try:
        raw, body = handler.split(text)
    except ValueError:
        remedy = f"Repeat the line {fence.replace('{', '}')} after its last key"
        raise _HeaderError(1, "the header has no end", remedy) from None
    if len(raw) > MAX_CHARS or max(raw.count("["), raw.count("{")) > _MAX_BRACKETS:
        raise _HeaderError(1, "the header is too long", "Close it above the text")
    found = _parsed(raw, handler)
    if not isinstance(found, Mapping):
        return {}, text  # prose between two rules
    return {str(key).casefold(): value for key, value in found.items()}, body.removeprefix("\n")


def _parsed(raw: str, handler: handlers.BaseHandler) -> object:
    """What the header's own format makes of it."""
    try:
        if handler is _TOML:
            return tomllib.loads(raw)
        if handler is _JSON:
            return json.loads(raw)
        # Text for every scalar. Not the C loader: deep nesting takes the process down. A tab at
        # a line's end, which only this one refuses, is no author's intention.
        trimmed = "\n".join(line.rstrip() for line in raw.split("\n"))
        return _YAML.load(trimmed, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        problem = f"the header is no YAML ({error.problem or error.context})"
        remedy = "Put the value in quotes if it holds a colon or a quote"
        raise _HeaderError(_line_of(error), problem, remedy) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _HeaderError(1, "the header is no YAML", "Write one key: value a line") from error
    except ValueError as error:
        problem = f"the header cannot be read ({error})"
        raise _HeaderError(_line_named(str(error)), problem, "Mend that line") from error


def _line_of(error: yaml.MarkedYAMLError) -> int:
    """The line to mend: where an open quote began, not where the header ran out."""
    mark = error.context_mark if "end of stream" in str(error.problem) else error.problem_mark
    return mark.line + 1 if mark else 1


def _line_named(words: str) -> int:
    """The line that tomllib and json name in their messages, and nowhere else."""
    found = re.search(r"line (\d{1,6})", words)
    return int(found[1]) if found else 1


def _pelican(text: str) -> tuple[Values, str]:
    """`Key: value` lines down to the first line that is none; indented lines go on.

    Prose may begin like that too (`Note: ...`), so a title or a date is asked for.
    """
    values: dict[str, str] = {}
    key, at = "", 0
    for line in text[:MAX_CHARS].split("\n"):
        found = _PELICAN_LINE.match(line.rstrip())
        if found:
            key = found[1].casefold()
            values[key] = (found[2] or "").strip()
        elif key and line.strip() and line[0] in " \t":
            values[key] = f"{values[key]} {line.strip()}".strip()
        else:
            break
        at += len(line) + 1
    return (values, text[at:]) if {"title", "date"} & values.keys() else ({}, text)


# ------------------------------------------------------------------ fields


def _header(values: Values, path: str, zone: ZoneInfo) -> Header:
    written = _text(_first(values, "date")) or _date_of_name(path)
    date, date_only = _moment(written, zone)
    extra = {k: t for k, v in values.items() if k not in _READ and (t := _text(v))}
    if written and date is None:
        extra["date"] = written
    return Header(
        title=unescape(_text(_first(values, "title"))),
        date=date,
        date_only=date_only,
        expires=_moment(_text(_first(values, "expires")), zone)[0],
        draft=_is_draft(values),
        slug=_text(_first(values, "slug")),
        url=_text(_first(values, "url")),
        language=_text(_first(values, "language")),
        description=unescape(_text(_first(values, "description"))),
        cover=_text(_first(values, "cover")),
        authors=_list(_first(values, "authors")),
        author_url=_text(_first(values, "author_url")),
        categories=_list(_first(values, "categories")),
        tags=_list(_first(values, "tags")),
        aliases=_list(_first(values, "aliases")),
        extra=extra,
    )


def _first(values: Values, field: str) -> object:
    return next((values[name] for name in _KEYS[field] if values.get(name)), "")


def _text(value: object) -> str:
    """One line of text; lists by their items, of mappings their name. Deeper things say nothing.

    Not deeper on purpose: YAML's aliases can make a small header endless.
    """
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("url") or value.get("src")
    if isinstance(value, list):
        return ", ".join(item for item in map(_scalar, value) if item)
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (list, Mapping)):
        return ""
    text = " ".join(_UNFIT.sub("\ufffd", str(value)).split())
    return "" if text in {"~", "null"} else text


def _list(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else _text(value).split(",")
    return tuple(text for item in items if (text := _text(item).strip()))


def _is_draft(values: Values) -> bool:
    return (
        _text(_first(values, "draft")).casefold() in {"true", "yes", "on", "1"}
        or _text(values.get("published")).casefold() in {"false", "no", "off", "0"}
        or _text(_first(values, "status")).casefold() in {"draft", "hidden"}
    )


# ------------------------------------------------------------------ dates

_DAY_FORMS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%B %d, %Y",
    "%d %B %Y",
    "%b %d, %Y",
)
_TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_ZONED_FORMS = ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M%z", "%a, %d %b %Y %H:%M:%S%z")
_YEARS = range(1900, 9000)  # of a date: no arithmetic leaves the calendar from there
_ZONE_GAP = re.compile(r"[ \t]+(?=[+-]\d{2}:?\d{2}$)")


def _moment(written: str, zone: ZoneInfo) -> tuple[datetime | None, bool]:
    """The moment meant, aware, and whether only its day was given."""
    text = _ZONE_GAP.sub("", written.strip())
    for name in (" UTC", " GMT", " Z"):
        text = text.removesuffix(name) + "+00:00" if text.endswith(name) else text
    day = _by_forms(text, _DAY_FORMS)
    found = day or _iso(text) or _by_forms(text, (*_TIME_FORMS, *_ZONED_FORMS))
    if found is None or found.year not in _YEARS:
        return None, False
    return found if found.tzinfo else found.replace(tzinfo=zone), day is not None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _by_forms(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the caller knows the zone
        except ValueError:
            continue
    return None


def _date_of_name(path: str) -> str:
    """Jekyll's habit: `_posts/2026-08-05-title.md`."""
    found = _DATED_NAME.match(path.rpartition("/")[2])
    return found[1] if found else ""
