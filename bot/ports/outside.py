"""What the middle asks of the world: posts, Slack, people, the time."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.model.deliveries import Act, Delivery, Look, Outcome, Turn
from bot.model.ids import UserId, WorkspaceId
from bot.model.people import Person
from bot.model.posts import Scan


class Source(Protocol):
    """A place where posts are published."""

    @property
    def id(self) -> str:
        """The source's id from the settings."""

    async def scan(self) -> Scan:
        """Look once. A source that cannot be reached answers with a Problem, it does not raise."""

    def forget(self) -> None:
        """Tell everything again at the next look: what was told could not be written down."""


class Chat(Protocol):
    """A chat that takes our messages. No method raises for anything the far side does."""

    async def post(self, delivery: Delivery) -> Outcome:
        """Send one delivery, once, with its metadata; as a thread reply if it has `thread_ts`."""

    async def change(self, delivery: Delivery) -> Outcome:
        """Update or delete the message at `ts`, as `kind` says. Done twice it ends the same."""

    async def look(self, delivery: Delivery) -> Look:
        """Search channel or thread for the delivery's metadata since `attempted_at`."""


class Pace(Protocol):
    """Who may call now. Whoever takes a turn has to tell how it ended, or that it did not happen."""

    def closed(self, act: Act, now: datetime) -> frozenset[WorkspaceId]:
        """Workspaces in which nobody may do this now."""

    def on_trial(self) -> Collection[str]:
        """Payloads that are sent for the first time right now: nobody else may send them meanwhile."""

    def take(self, turn: Turn, now: datetime) -> bool:
        """Take a turn, if it may be had now."""

    def heard(self, turn: Turn, outcome: Outcome | Look | None, now: datetime) -> None:
        """Learn how a turn ended; None if nothing was said."""

    def opens(self, now: datetime) -> datetime | None:
        """When a workspace that is closed now is open again, None if none is."""


class People(Protocol):
    """Who people are."""

    async def person(self, workspace: WorkspaceId, user: UserId) -> Person:
        """One person, as of now; the site's language and zone for who cannot be looked up."""


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Aware, UTC."""
