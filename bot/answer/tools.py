"""What answers are made of. Only data and ports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.agenda import Agenda
from bot.answer.calendar import Calendars
from bot.answer.kept import Kept
from bot.aside import Aside, at_once
from bot.model.deliveries import Pause
from bot.model.ids import HOME, ChannelId, UserId, WorkspaceId
from bot.model.posts import Entry
from bot.ports.outside import Clock
from bot.ports.reading import Desk, Library
from config.model import ChannelSettings, Settings
from formatters.document import Site
from formatters.message import Message


class Repost(Protocol):
    """Writes the delivery rows of one repost."""

    async def __call__(
        self, entry: Entry, *, channels: Sequence[ChannelId], occasion: str
    ) -> object:
        """Plan a post for channels of the settings once more.

        Called twice with the same `occasion` it writes one set of rows.
        """


class Skip(Protocol):
    """Writes that posts stay out."""

    async def __call__(self, entries: Sequence[Entry]) -> None:
        """Leave posts out that are held; others stay as they are."""


class Approval(Protocol):
    """Decides on posts that wait for a maintainer's word."""

    async def judge(self, entry: Entry, *, approved: bool, who: UserId) -> bool:
        """Let a post go, or leave it out, wherever it waits; False if it waits nowhere any more."""

    async def decided(self, entry: Entry) -> Message | None:
        """What the question about a post has become, None while it is open."""


class Upkeep(Protocol):
    """Changes what was announced, and which channels get something."""

    async def recall(self, entry: Entry, *, strike: bool = False) -> int:
        """Take a post out of every channel, or strike it through; answers how many messages."""

    async def pause(self, channel: ChannelId, who: str) -> bool:
        """Let a channel have nothing until it is resumed; False if it is paused already."""

    async def resume(self, channel: ChannelId) -> Pause | None:
        """Let a channel have what comes from now on; answers the pause that ended."""

    async def pauses(self) -> tuple[Pause, ...]:
        """The channels that get nothing now, the longest paused first."""


class Subscribing(Protocol):
    """What channels of a workspace get."""

    async def wishes(self, channel: ChannelId) -> ChannelSettings | None:
        """What a channel gets, by the settings or its own choice; None if nothing."""

    async def channels(self) -> tuple[ChannelSettings, ...]:
        """Every channel that gets posts, by the settings or its own choice, of any workspace."""

    async def subscribe(
        self, wishes: ChannelSettings, by: UserId
    ) -> Literal["begun", "changed", "outside"]:
        """Let a channel have new posts; "outside" if the bot has to be invited to it first."""

    async def unsubscribe(self, channel: ChannelId, by: UserId) -> bool:
        """Let it have no more; answers whether it had something by its own choice."""


class Regather(Protocol):
    """Lets what a maintainer says of a gathering be seen."""

    async def __call__(self) -> None:
        """Join the announcements anew, and tell whom it concerns."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that an answer in a `workspace` may use.

    `calendar` is the bot's own address, below which its calendar is, "" if it has none. `sites` has the site around each source, by its id; `aside` takes what may last: reading and
    composing; `kept` is what was composed lately.
    """

    library: Library
    desk: Desk
    clock: Clock
    repost: Repost
    skip: Skip
    approval: Approval
    upkeep: Upkeep
    subscribing: Subscribing
    sites: Mapping[str, Site]
    settings: Settings
    agenda: Agenda
    regather: Regather
    calendars: Calendars
    calendar: str = ""
    workspace: WorkspaceId = HOME
    aside: Aside = at_once
    kept: Kept = field(default_factory=Kept)
