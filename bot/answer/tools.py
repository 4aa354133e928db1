"""What answers are made of. Only data and ports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.aside import Aside, at_once
from bot.model import ChannelId, Entry
from bot.ports import Clock, Desk, Library
from config.model import Settings
from formatters.document import Site


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


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that an answer may use.

    `sites` has the site around each source, by its id; `aside` takes what may last: reading and
    composing.
    """

    library: Library
    desk: Desk
    clock: Clock
    repost: Repost
    skip: Skip
    sites: Mapping[str, Site]
    settings: Settings
    aside: Aside = at_once
