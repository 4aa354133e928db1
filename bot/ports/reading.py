"""What the middle asks of the archive where it answers: members, and those who look after the bot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.model.deliveries import Delivery, DeliveryState
from bot.model.ids import PostId
from bot.model.posts import Entry, Hit, Meetup, Revision, SourceHealth


class Library(Protocol):
    """What members read.

    Issues are posts with role ISSUES that readers can see: no drafts, expired or future-dated
    ones, none whose file is gone. Recalled ones are found by name, so that it can be said.
    """

    async def latest(self, now: datetime) -> Entry | None:
        """The newest issue by date."""

    async def find(self, words: str, now: datetime) -> Entry | None:
        """The issue a member means, None if there is no such one.

        `words` is its number, its date (YYYY-MM-DD, YYYYMMDD), its slug or path, or a part of
        its title. Where issues have no numbers of their own, N counts from the oldest, 1 first.
        One that was recalled only where no other fits.
        """

    async def page(
        self, now: datetime, *, offset: int, limit: int, recalled: bool = False
    ) -> tuple[tuple[Entry, ...], int]:
        """Issues newest first from `offset`, and how many there are in all.

        With `recalled` those that maintainers took back are among them.
        """

    async def search(self, words: str, now: datetime, *, limit: int) -> tuple[Hit, ...]:
        """Issues that contain all words: the weightier their passages and the newer, the earlier.

        Written in full width or traditional characters or not makes no difference.
        """

    async def meetups(self, after: datetime, *, limit: int) -> tuple[Meetup, ...]:
        """Dated meetups that end after a moment, soonest first, each real one once."""


class Desk(Protocol):
    """What maintainers see."""

    async def post(self, post: PostId) -> Entry | None:
        """One archived post."""

    async def deliveries(self, post: PostId) -> tuple[Delivery, ...]:
        """All rows of a post, in order of `seq`."""

    async def edits(self, post: PostId) -> tuple[Delivery, ...]:
        """The last change of each message of a post that is or was to be changed, by `seq`.

        `kind` tells whether it is changed or deleted; state and reason are those of the change.
        """

    async def revisions(self, post: PostId) -> tuple[Revision, ...]:
        """The texts of a post, as many as are kept, oldest first."""

    async def held(self, source: str) -> tuple[Entry, ...]:
        """Posts of a source in state HELD, in no order."""

    async def counts(self) -> Mapping[DeliveryState, int]:
        """How many rows are in each state."""

    async def recalled(self, post: PostId | None = None) -> Mapping[DeliveryState, int]:
        """How many of these rows were recalled, by state: of one post, or of all.

        Their messages are deleted or struck through, about to be, or never go out.
        """

    async def waiting(self, limit: int) -> tuple[Delivery, ...]:
        """Rows that are not sent, oldest first.

        None that a maintainer decided against, or that one message names with others.
        """

    async def health(self) -> tuple[SourceHealth, ...]:
        """Every source that was ever looked at, by id."""
