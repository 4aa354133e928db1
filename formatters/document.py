"""The document tree: what an author wrote, free of Markdown, HTML and Slack.

Only data. Trees are immutable, made by `formatters.html`, read by everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Span(NamedTuple):
    """A run of text in one style. `url` makes it a link: absolute http(s) or mailto, else "".

    A tuple because a post has hundreds, made again at each step: a dataclass takes thrice as long.
    """

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, where the author put it. `url` is absolute; `link` is what a click opens or ""."""

    url: str
    alt: str = ""
    title: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line that ends where the author ended it."""


Inline: TypeAlias = Span | Image | LineBreak


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 6. `line` here and below: line of the post's file, from 1; 0 = unknown."""

    level: int
    inlines: tuple[Inline, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with line breaks and pictures in it, in order."""

    inlines: tuple[Inline, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One list item. `checked` is None unless it is a task."""

    blocks: "tuple[Node, ...]"
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; nested lists stand among an item's blocks. `start` counts for ordered lists."""

    ordered: bool
    items: tuple[Item, ...]
    start: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation of any blocks."""

    blocks: "tuple[Node, ...]"
    line: int = 0


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Preformatted text, without the last line end."""

    text: str
    language: str = ""
    line: int = 0


class Align(StrEnum):
    """How a table's column is set."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


Cell: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` may be ragged. `header` is () where the author gave none."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    aligns: tuple[Align, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Divider:
    """A thematic break."""

    line: int = 0


Node: TypeAlias = Heading | Paragraph | ListBlock | Quote | CodeBlock | Table | Divider


class SectionKind(StrEnum):
    """What a section of an issue is about."""

    INTRO = "intro"
    READING = "reading"
    QUESTIONS = "questions"
    RELEASES = "releases"
    EVENTS = "events"
    CONTRIBUTORS = "contributors"
    TASKS = "tasks"
    JOBS = "jobs"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a post under one heading, the heading itself not among `blocks`.

    The text before the first heading is a section of kind INTRO with an empty title, level 0.
    Sections in order, each heading followed by its blocks, give back the whole document.
    `bold_line` tells that the author set the heading as a line of bold text.
    """

    kind: SectionKind
    title: tuple[Inline, ...]
    level: int
    blocks: tuple[Node, ...]
    line: int = 0
    bold_line: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Front matter of any generator, typed.

    `date` is when readers see the post, aware, in the zone written (`zoned`) or the site's;
    `date_only` tells that no time was given, `date_from` the key that gave it in small letters
    without dashes, "name" or "address". `form` is yaml, toml, json, lines, comment, or "" without a header.
    `cover` is as written; in a `Post` it is absolute, or "" where it cannot be.
    `draft` also covers `published: false` and its likes. `extra` keeps unread keys as text.
    """

    title: str = ""
    date: datetime | None = None
    date_only: bool = False
    expires: datetime | None = None
    draft: bool = False
    slug: str = ""
    url: str = ""
    language: str = ""
    description: str = ""
    cover: str = ""
    authors: tuple[str, ...] = ()
    author_url: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    form: str = field(default="", compare=False)
    date_from: str = field(default="", compare=False)
    zoned: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one community's newsletter: its words for the kinds of section."""

    name: str = ""
    sections: Mapping[SectionKind, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """What the site around a post lends to it. `url` has no trailing slash; "" = unknown.

    `zone` is an IANA name, `language` a tag such as `zh` or `en`.
    `permalink` is a pattern such as `/blog/{slug}/` or `/:year/:title/`; its fields are in
    `formatters.identity`.
    """

    name: str = ""
    url: str = ""
    zone: str = "UTC"
    language: str = "en"
    permalink: str = ""
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True, slots=True)
class Post:
    """A post, read. `path` is POSIX, below its source; `url` is its page or "" if unknown.

    `number` is the issue number that its header, title or file name gives, None without one.
    `omitted` holds text or URLs that reading left out on purpose (hidden, `data:` images).
    `standing` names the lines that older issues had, too (`formatters.standing`); a post that is
    read by itself knows of none.
    """

    path: str
    header: Header
    url: str
    language: str
    number: int | None
    sections: tuple[Section, ...]
    omitted: tuple[str, ...] = ()
    standing: frozenset[str] = frozenset()


class PostError(ValueError):
    """A post that cannot be read. Names the place, the problem and the way out.

    Args:
        path: the file, below its source.
        line: line of the file from 1, 0 if the whole file is meant.
        problem: what is wrong, in words.
        remedy: what its author can do.
    """

    def __init__(self, path: str, line: int, problem: str, remedy: str) -> None:
        super().__init__(
            f"{path}:{line}: {problem}. {remedy}" if line else f"{path}: {problem}. {remedy}"
        )
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy
