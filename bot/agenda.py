"""The agenda: announced events joined to gatherings, what people correct of them, and who comes.

Data and the port `Agenda`. Datetimes are aware; those of a meetup are in its own zone, all others in UTC.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.model.ids import PostId, UserId, WorkspaceId
from bot.model.posts import Meetup

CALENDAR_FILE = ".ics.html"
"""How the path of a post ends that a calendar tells: calendars forget what is over."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One telling of a meetup. `posted` is when its post was published, aware UTC.

    `own_page` tells that the post is about this event alone: it knows best.
    """

    meetup: Meetup
    posted: datetime
    own_page: bool = False


class GatheringState(StrEnum):
    """Where a gathering stands. Only ON ones are shown as upcoming."""

    ON = "on"
    CANCELLED = "cancelled"  # a post or a maintainer says so
    WITHDRAWN = "withdrawn"  # no post announces it any more


@dataclass(frozen=True, slots=True)
class Gathering:
    """One real event, or one whose date nobody stated (`meetup.start` is None).

    `uid` stays when it is announced again, moved or told in other words. `meetup` joins what all
    announcements know, the latest date counting, as maintainers have corrected it. `sources` are
    the posts, first announcement first. `moved_from` is the start that was told before, None if
    it was not moved; `posted` when it was told of last, UTC.

    `sequence` counts how often title, time, place or state have changed, from 0; `changed_at` is
    when anything changed last, UTC, None before it is recorded. `by_hand` = a maintainer added it.
    """

    uid: str
    meetup: Meetup
    sources: tuple[PostId, ...]
    moved_from: datetime | None = None
    posted: datetime | None = None
    state: GatheringState = GatheringState.ON
    sequence: int = 0
    changed_at: datetime | None = None
    by_hand: bool = False


CORRECTABLE = (
    "title",
    "start",
    "end",
    "all_day",
    "place",
    "online",
    "kind",
    "register_url",
    "url",
    "live_url",
    "replay_url",
    "speakers",
)
"""Fields of a meetup that a maintainer may correct."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a maintainer says of a gathering: it counts whatever posts say, now and later.

    Of `meetup` only `fields` (of CORRECTABLE) count; all of it where `added`, for a gathering that
    no post announces: its `post` is then "". `by` is who said it last, `at` when, UTC.
    """

    uid: str
    meetup: Meetup
    fields: frozenset[str]
    by: UserId
    at: datetime
    cancelled: bool = False
    added: bool = False


@dataclass(frozen=True, slots=True)
class Interest:
    """A member who is interested in a gathering; `remind` = wants to be told before it begins.

    `since` is when this was noted first, UTC; None where it is about to be noted.
    """

    workspace: WorkspaceId
    user: UserId
    uid: str
    remind: bool = True
    since: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Teller:
    """A post that tells of gatherings, as readers know it."""

    post: PostId
    title: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Unjoined:
    """What gatherings are to be joined from: a state of the archive, named by `version`.

    `since` bounds it: `recorded` are the gatherings that end after it, and undated ones told
    after it; `announcements` reach back further, by as much as it takes to know a moved one again.
    """

    version: int
    since: datetime
    announcements: tuple[Announcement, ...]
    recorded: tuple[Gathering, ...]
    corrections: tuple[Correction, ...]


class Agenda(Protocol):
    """Gatherings as they are recorded. Each method is one transaction."""

    async def upcoming(self, after: datetime, *, limit: int) -> tuple[Gathering, ...]:
        """Dated gatherings that are on and end after a moment, soonest first."""

    async def past(self, before: datetime, *, limit: int) -> tuple[Gathering, ...]:
        """Dated gatherings that were on and are over at a moment, latest first."""

    async def undated(self, told_after: datetime, *, limit: int) -> tuple[Gathering, ...]:
        """Gatherings without a date that were told of after a moment, latest told first."""

    async def changed(self, after: datetime, told_after: datetime) -> tuple[Gathering, ...]:
        """What a calendar has: dated gatherings that end after a moment, soonest first.

        Those that are cancelled or withdrawn are among them if that was after `told_after`.
        """

    async def gatherings(self, uids: Collection[str]) -> tuple[Gathering, ...]:
        """Gatherings by uid, in whatever state, soonest first."""

    async def tellers(self, posts: Collection[PostId]) -> Mapping[PostId, Teller]:
        """The posts, by id, that are behind the `sources` of gatherings; unknown ones left out."""

    async def correct(self, correction: Correction) -> None:
        """Keep what a maintainer says of a gathering in place of what was said before.

        It shows once gatherings are joined anew (`bot.publish.gather`).
        """

    async def correction(self, uid: str) -> Correction | None:
        """What maintainers say of a gathering, None if nothing."""

    async def interest(self, interest: Interest, now: datetime) -> None:
        """Note that a member is interested; what was noted of both before is replaced."""

    async def forget(self, interest: Interest) -> None:
        """Note that a member is not interested any more."""

    async def interests(self, uids: Collection[str]) -> tuple[Interest, ...]:
        """Who is interested in some gatherings, longest interested first."""

    async def unjoined(self, now: datetime) -> Unjoined | None:
        """What gatherings are to be joined from, None if they are as new as they can be.

        Announcements of posts that readers can see; undated ones of recent posts only.
        """

    async def record(
        self, unjoined: Unjoined, gatherings: Sequence[Gathering], now: datetime
    ) -> bool:
        """Write gatherings that are new or have changed.

        Returns:
            False, and nothing is written, if what they were joined from is not the state of the
            archive any more: they have to be joined anew.
        """
