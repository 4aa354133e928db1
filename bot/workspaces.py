"""Workspaces that installed the bot, and channels that subscribed by themselves.

Only data and Protocols; tokens are shown by nothing. Every datetime is aware and in UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.model.ids import ChannelId, UserId, WorkspaceId


class LockedError(Exception):
    """A token is there and cannot be read: its key is missing."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the bot speaks with in a workspace.

    `refresh` is "" and `expires_at` None where the app's tokens are not rotated.
    """

    bot: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """The bot in a workspace.

    `workspace` is the id of the team, or of the organisation that installed the bot for all of its
    teams. `keys` is None, and `ended` says why, once it was uninstalled or its token revoked.
    """

    workspace: WorkspaceId
    name: str
    enterprise: str
    bot_id: str
    bot_user: UserId
    scopes: str
    installed_by: UserId
    installed_at: datetime
    keys: Keys | None
    ended: str = ""


Style = Literal["thread", "card", "full"]
Language = Literal["", "en", "zh"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that was subscribed in Slack. Empty `sources` = all; `language` "" = the site's.

    `only` are kinds of section, () for all.
    """

    workspace: WorkspaceId
    channel: ChannelId
    sources: tuple[str, ...]
    style: Style
    language: Language
    only: tuple[str, ...]
    by: UserId
    since: datetime


class Installations(Protocol):
    """Where installations are kept, their tokens encrypted. Each method is one transaction."""

    async def save(self, installation: Installation) -> None:
        """Keep it; one that the same workspace made before ends."""

    async def find(self, workspace: WorkspaceId) -> Installation | None:
        """The installation of a workspace, ended or not; None if there never was one.

        Raises:
            LockedError: its token was encrypted with a key that is not there.
        """

    async def all(self) -> tuple[Installation, ...]:
        """Every installation, ended ones included, without keys; by workspace."""

    async def end(self, workspace: WorkspaceId, reason: str, at: datetime) -> bool:
        """Forget the tokens of a workspace that was installed before a moment.

        Returns:
            Whether there was something to forget: Slack may tell it twice, in any order.
        """

    async def due(self, before: datetime) -> tuple[WorkspaceId, ...]:
        """Workspaces whose tokens expire before a moment."""

    async def reserve(self, workspace: WorkspaceId, now: datetime, until: datetime) -> bool:
        """Keep all others from renewing a token until a moment; False if another one does.

        A refresh token is good for one use: two who use it lose the installation.
        """

    async def renew(self, workspace: WorkspaceId, old: Keys, new: Keys) -> bool:
        """Put new keys in the place of old ones; False if others are there by now."""

    async def rotate(self) -> int:
        """Encrypt every token with the first of the keys; answers how many."""

    async def once(self, state: str, until: datetime, now: datetime) -> bool:
        """Use a state up, which may be forgotten after `until`: True the first time."""


class Subscriptions(Protocol):
    """Where subscriptions are kept. Each method is one transaction."""

    async def all(self) -> Sequence[Subscription]:
        """Every subscription, oldest first."""

    async def save(self, subscription: Subscription) -> bool:
        """Subscribe a channel, or change its wishes; answers whether it is new."""

    async def remove(self, workspace: WorkspaceId, channel: ChannelId) -> bool:
        """End a subscription; answers whether there was one."""
