"""What a post is, beside its text: its name, number, language and kind.

Pure. Each answer is the header's, else the path's, else the site's.
"""

import re
from enum import StrEnum
from typing import TypeAlias

from formatters.document import Header, Site

Told: TypeAlias = tuple[str, str]
"""A value, and where it comes from; ("", "") where nothing tells it."""

ENDING = re.compile(r"\.(?:mdx?|markdown|mkd|html?)$", re.IGNORECASE)
_TONGUES = frozenset(
    [
        "ar",
        "bg",
        "bn",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fa",
        "fi",
        "fr",
        "he",
        "hi",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "ms",
        "nb",
        "nl",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sr",
        "sv",
        "ta",
        "th",
        "tr",
        "uk",
        "ur",
        "uz",
        "vi",
        "zh",
    ]
)
"""Languages that sites are written in; not all codes there are: `ml` is machine learning."""
_TONGUE = re.compile(r"([a-z]{2})(?:[-_]([A-Za-z]{2}|[A-Za-z]{4}|\d{3}))?", re.IGNORECASE)
_INDEX = frozenset({"index", "_index"})

_NUMBER = re.compile(r"#?(\d{1,5})")
_OTHER_TOPICS = re.compile(
    r"[|｜、，；].*", re.DOTALL
)  # of a title: they have their own numbers
_SERIES = (
    r"(?:week|month|digest|letter|bulletin|gazette|journal|dispatch|round-?up|news\b|report"
    r"|issue|edition|episode|vol(?:ume)?\b|no\b|special)"
)
"""Words of what comes in numbers; `Windows 7` and `eleventy-v3` do not."""
_IN_TITLE = re.compile(
    r"^[A-Za-z .'-]{0,40}#\s?(\d{1,5})\b"  # "#12 - News", "Example Weekly #12"
    r"|第\s*(\d{1,5})\s*期"
    r"|\b(?:issue|weekly|digest|newsletter|edition|number|no\.|vol\.)\s*#?(\d{1,5})\b(?![-/.年月])"
    rf"|^(?=.*\b(?:{_SERIES}))(?!.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d+$)"
    r"[A-Za-z '-]{1,60} (\d{1,4})$",  # "This Week in Example 12", and no "Week Ending May 3"
    re.IGNORECASE,
)
# Four digits at a name's end are a month and a day more often than a number.
_IN_NAME = re.compile(rf"(?=.*{_SERIES}).*[A-Za-z][-_]?(\d{{1,3}})$", re.IGNORECASE)
_BARE = re.compile(r"0*[1-9]\d{0,2}")
_YEARS = range(1900, 2101)

_NO_POSTS = frozenset({"archetypes", "node_modules", "_layouts", "_includes", "_templates"})
_PAGES = frozenset(
    [
        "readme",
        "contributing",
        "changelog",
        "license",
        "code_of_conduct",
        "security",
        "maintainers",
        "governance",
    ]
)
_ISSUE = re.compile(r"\bweek(?:ly)?\b|digest|newsletter|\bissue #?\d|周刊|周报|双周|月报|週刊|週報", re.IGNORECASE)  # fmt: skip
_EVENT = re.compile(r"activit|events?\b|meetups?\b|webinar|workshop|活动", re.IGNORECASE)
_RECAP = re.compile(r"回顾|回放|\brecap\b|retrospect|\breview\b", re.IGNORECASE)


class PostKind(StrEnum):
    """What a file of a site is."""

    ISSUE = "issue"  # of a newsletter: it comes back every week or so
    EVENT = "event"  # the page of a meetup
    ARTICLE = "article"
    PAGE = "page"  # no post at all


# ------------------------------------------------------------------ names


def no_post(path: str) -> str:
    """Say why a file is no post, by its path; "" if it may be one."""
    *folders, file = path.split("/")
    outside = next((folder for folder in folders if folder in _NO_POSTS), "")
    stem = ENDING.sub("", file).partition(".")[0]
    if outside:
        return f"what stands in {outside}/ is no post"
    if stem == "_index":
        return "it is a section's list page, no post"
    return "it tells of the repository, no post" if stem.casefold() in _PAGES else ""


def name_of(path: str) -> str:
    """What the file is called, or its folder if the file is an `index`; no language, no ending."""
    folder, _, file = path.rpartition("/")
    stem = without_tongue(ENDING.sub("", file))
    return folder.rpartition("/")[2] if stem in _INDEX and folder else stem


def without_tongue(stem: str) -> str:
    """A file's name without the language at its end."""
    head, dot, last = stem.rpartition(".")
    return head if dot and _tongue(last) else stem


# ------------------------------------------------------------------ language


def language(header: Header, path: str, site: Site) -> Told:
    """The language as a tag: `zh`, `en-us`."""
    folder, _, file = path.rpartition("/")
    head, _, last = ENDING.sub("", file).rpartition(".")
    if header.language:
        return header.language, "header"
    if head and (in_name := _tongue(last)):
        return in_name, "name"
    in_folders = next(filter(None, map(_tongue, folder.split("/"))), "")
    return (in_folders, "folder") if in_folders else (site.language, "site")


def _tongue(name: str) -> str:
    """A file's or folder's name as a language's tag, "" if it is none."""
    found = _TONGUE.fullmatch(name)
    return name.lower().replace("_", "-") if found and found[1].lower() in _TONGUES else ""


# ------------------------------------------------------------------ number


def number(header: Header, path: str) -> tuple[int | None, str]:
    """The issue's own number and where it stands: header, title or name; never a date."""
    for key in ("number", "issue", "issuenumber", "issue_number", "episode"):
        given = _NUMBER.fullmatch(header.extra.get(key, ""))
        if given:
            return int(given[1]), "header"
    in_title, in_name = number_in_title(header.title), number_in_name(path)
    if in_title is not None:
        return in_title, "title"
    return (None, "") if in_name is None else (in_name, "name")


def number_in_title(title: str) -> int | None:
    """The issue's number as a title gives it, None without one; a year is none."""
    found = _IN_TITLE.search(_OTHER_TOPICS.sub("", title))
    return _told(next(filter(None, found.groups()), "") if found else "")


def number_in_name(path: str) -> int | None:
    """The issue's number as the file or its folder is called, None without one."""
    name = name_of(path)
    before, _, _ = f"/{path}".rpartition(f"/{name}")
    if _BARE.fullmatch(name) and re.search(_SERIES, before.rpartition("/")[2], re.IGNORECASE):
        return int(name)  # weekly/12.md
    named = _IN_NAME.fullmatch(name)
    return _told(named[1] if named else "")


def _told(digits: str) -> int | None:
    return int(digits) if digits and int(digits) not in _YEARS else None


# ------------------------------------------------------------------ kind


def kind(header: Header, path: str, issue: int | None) -> tuple[PostKind, str]:
    """What the post is, and what tells it: name, title, categories, folder, number or nothing."""
    own, groups = _OTHER_TOPICS.sub("", header.title), " ".join(header.categories)
    folder = path.rpartition("/")[0]
    bundle = folder.rpartition("/")[0] if name_of(path) == folder.rpartition("/")[2] else folder
    told = "" if _RECAP.search(header.title) else f"{groups} {header.extra.get('type', '')}"
    clues = (
        (PostKind.PAGE, no_post(path), "name"),
        (PostKind.ISSUE, _ISSUE.search(own), "title"),
        (PostKind.ISSUE, _ISSUE.search(groups), "categories"),
        (
            PostKind.EVENT,
            _EVENT.search(told),
            "categories",
        ),
        (PostKind.EVENT, _EVENT.search(bundle), "folder"),
        (PostKind.ISSUE, issue is not None, "number"),
    )
    return next(((what, by) for what, clue, by in clues if clue), (PostKind.ARTICLE, ""))
