"""The settings as frozen values, each with its default.

Pure: reads no file and no environment. Times are timedeltas and naive times of the site's zone.
"""

# mypy: disable-error-code="explicit-any"
# pydantic's own base class is typed with Any; nothing here is.

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from config import values
from config.base import Duration, LocatedPath, Model, WebAddress, beside_the_file
from config.sources import SourceSettings

SectionName: TypeAlias = Literal[
    "intro",
    "reading",
    "questions",
    "releases",
    "events",
    "contributors",
    "tasks",
    "jobs",
    "other",
]
"""The values of `formatters.document.SectionKind`; a test keeps the two alike."""


def _texts_of_folder(value: object, info: ValidationInfo) -> object:
    """Put the texts of a folder in the place of its path; the way to read them is lent to us."""
    read = info.context.get("read") if isinstance(info.context, dict) else None
    if isinstance(value, tuple) or not callable(read):
        return value
    if not isinstance(value, str):
        words = "must be the path of a folder"
        raise ValueError(words)  # noqa: TRY004  # what pydantic takes for a fault
    return read(beside_the_file(Path(value), info)) if value else ()


def _database(value: SecretStr) -> SecretStr:
    return SecretStr(values.database_url(value.get_secret_value()))


def _sqlite_below_data(given: dict[str, object]) -> SecretStr:
    data = given.get("data")  # absent where it is itself at fault
    file = data / "digestbot.db" if isinstance(data, Path) else Path("digestbot.db")
    return SecretStr(f"sqlite+aiosqlite:///{file.as_posix()}")


AllowedPlace: TypeAlias = Annotated[str, AfterValidator(values.allowed_place)]
Limit: TypeAlias = Annotated[timedelta | None, BeforeValidator(values.limit)]
TimeOfDay: TypeAlias = Annotated[time, BeforeValidator(values.time_of_day)]
Zone: TypeAlias = Annotated[str, AfterValidator(values.zone)]
FolderTexts: TypeAlias = Annotated[
    tuple[tuple[str, str], ...], BeforeValidator(_texts_of_folder)
]
"""(path, text) of each file of a folder, by name; in the settings file its path stands."""
DatabaseUrl: TypeAlias = Annotated[SecretStr, AfterValidator(_database)]
# Ids as Slack gives them: slack-facts names C…, G…, D… for conversations, U…, W… for people.
ChannelId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[CDG][A-Z0-9]+$")]
UserId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]
# T… for a workspace, E… for an organisation that installed the app for all of its workspaces.
WorkspaceId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([TE][A-Z0-9]+)?$")]
UsergroupId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(S[A-Z0-9]+)?$")]
# Slack takes commands of at most 32 characters (manifest schema 2.0, read 2026-08-20).
CommandName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^/[a-z0-9_-]{1,31}$")]


class SiteSettings(Model):
    """The community's site. `timezone` is an IANA name, `url` has no trailing slash."""

    name: str = ""
    url: WebAddress = ""
    timezone: Zone = "UTC"
    language: Literal["en", "zh"] = "en"
    profile: str = "default"


class PublishSettings(Model):
    """When a new post goes out by itself. `late_after` None = a post is never too old."""

    settle: Annotated[Duration, Field(ge=timedelta())] = timedelta(minutes=10)
    baseline: Literal["silent", "latest"] = "silent"
    breaker: Annotated[int, Field(ge=1, strict=True)] = 3
    late_after: Limit = timedelta(days=7)
    edits: Literal["in-place", "off"] = "in-place"
    most_edits: Annotated[int, Field(ge=1, strict=True)] = 20
    catch_up: Literal["latest", "all", "digest", "none"] = "latest"


class SendSettings(Model):
    """The weekly moment of a channel, in the site's zone; `weekday` None = every day."""

    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = None
    at: TimeOfDay


class WeekSettings(Model):
    """The moment at which a channel is told of its week's meetups, in the site's zone."""

    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    at: TimeOfDay


class QuietHours(Model):
    """Hours without posts, in the site's zone; they span midnight where `end` is before `start`."""

    start: TimeOfDay
    end: TimeOfDay

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, value: object) -> object:
        """Read "22:00-08:00"."""
        if isinstance(value, dict | QuietHours):
            return value
        start, dash, end = (part.strip() for part in str(value).partition("-"))
        if not dash:
            raise ValueError('must be two times of day, such as "22:00-08:00"')
        return {"start": values.time_of_day(start), "end": values.time_of_day(end)}

    @model_validator(mode="after")
    def _not_always(self) -> Self:
        if self.start == self.end:
            raise ValueError("begins when it ends; leave it out to have no quiet hours")
        return self


_IN_CHINESE = {
    "导读": "intro",
    "阅读": "reading",
    "问答": "questions",
    "发布": "releases",
    "活动": "events",
    "贡献者": "contributors",
    "任务": "tasks",
    "招聘": "jobs",
    "其他": "other",
}


def _in_english(name: object) -> object:
    return _IN_CHINESE.get(name, name) if isinstance(name, str) else name


SectionWord: TypeAlias = Annotated[SectionName, BeforeValidator(_in_english)]


class SectionFilter(Model):
    """Which kinds of section a channel gets: all, `only` these, or all `without` those.

    `standing` tells whether the complete issue keeps what every issue repeats; cards never do.
    """

    only: tuple[SectionWord, ...] = ()
    without: tuple[SectionWord, ...] = ()
    standing: bool = True

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.only and self.without:
            raise ValueError("takes 'only' or 'without', not both")
        return self


def _immediately(value: object) -> object:
    return None if value == "immediately" else value


def _send_is_a_moment(value: object) -> object:
    if isinstance(value, str | int):
        words = "must be 'immediately' or a moment such as {weekday: fri, at: \"17:00\"}"
        raise ValueError(words)  # noqa: TRY004  # what pydantic takes for a fault
    return value


Send: TypeAlias = Annotated[
    SendSettings | None, BeforeValidator(_send_is_a_moment), BeforeValidator(_immediately)
]


class ChannelSettings(Model):
    """A subscribed channel. Empty `sources` = all of role issues; `send` None = immediately.

    `language` "" is the site's, `workspace` "" that of the bot token. `meetups` None = it is not
    told of its week's meetups.
    """

    id: ChannelId
    workspace: WorkspaceId = ""
    sources: tuple[str, ...] = ()
    style: Literal["thread", "card", "full"] = "thread"
    language: Literal["", "en", "zh"] = ""
    send: Send = None
    quiet: QuietHours | None = None
    meetups: WeekSettings | None = None
    approval: bool = False
    sections: SectionFilter = SectionFilter()


class MaintainerSettings(Model):
    """Who may repost and see the status; `channel` is where the bot asks them.

    All of them are of one `workspace`; "" is that of the bot token.
    """

    workspace: WorkspaceId = ""
    users: tuple[UserId, ...] = ()
    usergroup: UsergroupId = ""
    channel: Annotated[str, StringConstraints(pattern=r"^([CDG][A-Z0-9]+)?$")] = ""


class SlackSettings(Model):
    """The way to Slack. A present `app_token` means Socket Mode, a `client_id` many workspaces."""

    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    bot_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    api_url: str = "https://slack.com/api/"


class FetchSettings(Model):
    """How sources are fetched. `allow` names hosts and networks that may be private ones.

    `proxy` "" = straight to the far side.
    """

    allow: tuple[AllowedPlace, ...] = ()
    proxy: WebAddress = ""


class GithubSecrets(Model):
    """What GitHub's web hook signs with; "" = no web hook."""

    webhook_secret: SecretStr = SecretStr("")


class Settings(Model):
    """Everything an operator chooses. `database_url` names its async driver.

    `tokens` holds the sources' tokens by the names of their environment variables; `encryption_key`
    one or more keys with commas between them, the one that encrypts first. `address` is the bot's
    own.
    """

    site: SiteSettings = SiteSettings()
    sources: tuple[SourceSettings, ...] = ()
    fetch: FetchSettings = FetchSettings()
    publish: PublishSettings = PublishSettings()
    channels: tuple[ChannelSettings, ...] = ()
    maintainers: MaintainerSettings = MaintainerSettings()
    templates: FolderTexts = ()
    command: CommandName = "/digest"
    address: WebAddress = ""
    data: LocatedPath = Field(default=Path(".digestbot"), validate_default=True)
    database_url: DatabaseUrl = Field(default_factory=_sqlite_below_data)
    port: Annotated[int, Field(ge=0, le=65535, strict=True)] = 3000
    host: str = "127.0.0.1"
    slack: SlackSettings = SlackSettings()
    github: GithubSecrets = GithubSecrets()
    tokens: Mapping[str, SecretStr] = Field(default_factory=dict)
    encryption_key: SecretStr = SecretStr("")
    log: Literal["text", "json"] = "text"

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """The keys, the one that encrypts first."""
        keys = self.encryption_key.get_secret_value()
        return tuple(keys.split(",")) if keys else ()

    @property
    def many(self) -> bool:
        """Whether workspaces install the bot by themselves."""
        return bool(self.slack.client_id)
