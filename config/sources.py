"""The settings of a source, one class for each kind."""

# mypy: disable-error-code="explicit-any"
# pydantic's own base class is typed with Any; nothing here is.

from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag

from config import values
from config.base import Glob, Interval, LocatedPath, Model, Permalink, SourceId, WebAddress

GITHUB_API = "https://api.github.com"
GITHUB_TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the variable that holds it
VARIABLE = r"[A-Z][A-Z0-9_]*"
"""What a variable of the environment is called."""

Globs: TypeAlias = Annotated[tuple[Glob, ...], Field(min_length=1)]
Below: TypeAlias = Annotated[str, AfterValidator(values.folder_below)]
Remote: TypeAlias = Annotated[str, AfterValidator(values.git_remote)]
Branch: TypeAlias = Annotated[str, AfterValidator(values.branch)]
Repository: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$")
]
Variable: TypeAlias = Annotated[str, StringConstraints(pattern=rf"^({VARIABLE})?$")]


class _Source(Model):
    """What every kind has. `role` issues are posted, events only feed the list of meetups."""

    id: SourceId
    role: Literal["issues", "events"] = "issues"
    permalink: Permalink = ""
    every: Interval = timedelta(minutes=5)


class FolderSettings(_Source):
    """A folder on disk. `path` is absolute or relative to the settings file."""

    kind: Literal["folder"] = "folder"
    path: LocatedPath
    include: Globs = ("**/*.md",)


class GitSettings(_Source):
    """A repository, fetched with git. `branch` "" = its own default; `path` is a folder in it.

    `token` names the environment variable with a token for https, "" = what git itself knows.
    """

    kind: Literal["git"]
    url: Remote
    branch: Branch = ""
    path: Below = ""
    include: Globs = ("**/*.md",)
    token: Variable = ""


class GithubSettings(_Source):
    """A repository on GitHub, read through its REST API. `repository` is `owner/name`."""

    kind: Literal["github"]
    repository: Repository
    branch: Branch = ""
    path: Below = ""
    include: Globs = ("**/*.md",)
    token: Variable = GITHUB_TOKEN
    api: WebAddress = GITHUB_API


class FeedSettings(_Source):
    """An RSS, Atom or JSON feed. `content` page = a post's text is taken from its own page."""

    kind: Literal["feed"]
    url: Annotated[str, AfterValidator(values.feed_address)]
    content: Literal["feed", "page"] = "feed"


class IcsSettings(_Source):
    """A calendar (ICS) of meetups, such as those of Luma, Google or Meetup. Its `role` is events."""

    kind: Literal["ics"]
    role: Literal["events"] = "events"  # type: ignore[mutable-override]  # settings are frozen
    every: Interval = timedelta(minutes=30)
    url: Annotated[str, AfterValidator(values.feed_address)]


def kind_of(value: object) -> str:
    """The kind that a source as written, or built, says it is; folder where it says nothing."""
    if isinstance(value, dict):
        return str(value.get("kind", "folder"))
    return str(getattr(value, "kind", "folder"))


SourceSettings: TypeAlias = Annotated[
    Annotated[FolderSettings, Tag("folder")]
    | Annotated[GitSettings, Tag("git")]
    | Annotated[GithubSettings, Tag("github")]
    | Annotated[FeedSettings, Tag("feed")]
    | Annotated[IcsSettings, Tag("ics")],
    Discriminator(kind_of),
]
KINDS = ("folder", "git", "github", "feed", "ics")
