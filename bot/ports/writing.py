"""What the middle asks of the archive where it writes: posts, deliveries, changes, its fellows."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model.deliveries import (
    Delivery,
    Draft,
    Edit,
    Pause,
    Roundup,
    Settlement,
    Standing,
    Verdict,
)
from bot.model.ids import ChannelId, DeliveryId, Place, PostId, WorkspaceId
from bot.model.posts import Absence, Decision, Entry, Meetup, Problem, Shelf
from bot.ports.outside import Pace


def no_roundups(_: Pause, __: Sequence[Delivery]) -> Sequence[Roundup]:
    """Nothing comes in the place of anything."""
    return ()


class Register(Protocol):
    """Where discovery writes. Each method is one transaction."""

    async def shelf(self, source: str) -> Shelf | None:
        """What is archived of a source; None before its first scan."""

    async def posts(self, wanted: Sequence[PostId]) -> tuple[Entry, ...]:
        """Posts by their ids, in no order."""

    async def older(
        self, source: str, before: datetime, *, limit: int, apart: Collection[PostId]
    ) -> tuple[tuple[datetime, str, str], ...]:
        """Date, prints and standing text of the latest posts dated before a moment, latest first.

        Not of drafts, of posts that are gone, or of those `apart`.
        """

    async def save(
        self,
        source: str,
        entries: Sequence[tuple[Entry, Sequence[Meetup]]],
        *,
        reader: int = 0,
        replaced: Sequence[PostId] = (),
    ) -> None:
        """Insert or update posts with their search index, meetups and revisions.

        A known post keeps `first_seen`, `first_run`, `state`, `reason`, `told`, `gone_at` and
        `ask`, and `changed_at` as long as its revision and path stay. Also
        marks the source as looked at, so that the next look is no first run, and as read by
        version `reader` of the reader or a later one. Those of the `replaced` posts that are
        undecided are forgotten: another one has taken their place.
        """

    async def undecided(self, source: str) -> tuple[Entry, ...]:
        """Posts of a source in state UNDECIDED, oldest date first, undated ones last."""

    async def newest(self, source: str, now: datetime) -> datetime | None:
        """The latest date up to now among a source's decided posts, None without one."""

    async def decide(self, decision: Decision, drafts: Sequence[Draft]) -> None:
        """Write state and reason of a post and its delivery rows together.

        A row that exists already (same id) is left as it is. Nothing at all is written if the
        post is no longer in the state `decision.was`.
        """

    async def round_up(
        self,
        decided: Sequence[tuple[Decision, Sequence[Draft]]],
        roundups: Sequence[Roundup],
    ) -> None:
        """Write decisions on several posts with their rows, and what comes in the place of these.

        All together, or nothing if one of the posts is in another state by now.
        """

    async def add(self, drafts: Sequence[Draft]) -> None:
        """Write delivery rows of posts whose state does not change; ids as in `decide`."""

    async def outdated(self, source: str, before: datetime) -> tuple[Entry, ...]:
        """Announced posts that have changed since the channels were told of them.

        Oldest change first; only those that have stayed as they are since `before`, and none
        whose file is gone. Having moved counts as a change: the address is another one.
        """

    async def told(self, entry: Entry, drafts: Sequence[Draft]) -> bool:
        """Note that the channels are told of a post as `entry` has it, with the rows for that.

        Returns:
            False, and nothing is written, if somebody has noted it already.
        """

    async def gone(self, decisions: Sequence[Decision], now: datetime, words: str) -> None:
        """Write decisions on posts whose files are gone since `now`.

        Their PLANNED rows are HELD with the reason `words`. As in `decide`, nothing is written
        of a post that is in another state by now.
        """

    async def back(self, decisions: Sequence[Decision], words: str) -> None:
        """Write decisions on posts whose files are there again; undoes what `gone` did."""

    async def unasked(self, source: str, gone_before: datetime) -> tuple[Entry, ...]:
        """Posts of a source marked `ask`, newest date first, undated ones last.

        Not those that are gone for less than `gone_before` tells: they may only have moved.
        """

    async def ask(self, asked: Sequence[PostId], drafts: Sequence[Draft]) -> None:
        """Write rows that tell maintainers of posts, and take the mark `ask` from these.

        Writes nothing if one of them has it no more: somebody else has told some of them.
        """

    async def failures(self, source: str) -> int:
        """How many looks in a row failed; 0 once the maintainers were told of it."""

    async def unread(self, source: str) -> tuple[Problem, ...]:
        """The open problems of single posts that maintainers were not told yet, in their order."""

    async def warn_of(
        self, source: str, unread: Sequence[Problem], drafts: Sequence[Draft]
    ) -> None:
        """Write rows that tell maintainers of posts that cannot be read.

        Writes nothing if somebody else has told of one of them. What is mended and breaks again
        is told again.
        """

    async def warn(self, source: str, drafts: Sequence[Draft]) -> None:
        """Write rows that tell maintainers of a failing source, once until it recovers."""

    async def problems(self, source: str) -> tuple[Problem, ...]:
        """The problems of the last report, in its order."""

    async def report(
        self,
        source: str,
        problems: Sequence[Problem],
        now: datetime,
        absence: Absence | None = None,
    ) -> None:
        """Record how a look went: the problems that are open now, none = fine.

        A problem of the whole source (its path is "") makes the look a failed one. Of a look that
        succeeded, `absence` is what the next one finds on the shelf.
        """


class Outbox(Protocol):
    """Where delivery works. Each method is one transaction; any number of workers may share it."""

    async def claim(
        self, now: datetime, lease: timedelta, *, limit: int, pace: Pace
    ) -> tuple[Delivery, ...]:
        """Take deliveries that are due and have their turn, at most `limit`; () if there is none.

        Takes PLANNED rows (answers them CLAIMED) and UNKNOWN rows (answers them UNKNOWN), urgent
        ones first, then in order of `seq`, a fair share of each workspace; edits after posts.

        Of a channel only the first row is taken, and none before its channel's last message
        lets it. A row waits behind one in flight, and behind an earlier one that is due, was
        tried or is unknown; not behind one whose day has not come. An edit waits for its
        message. A CLAIMED row whose lease ran out counts as PLANNED, a SENDING one as UNKNOWN.
        Two claims never answer the same row within a lease.
        """

    async def begin(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Mark it SENDING, one attempt more, `attempted_at` = now; committed before the call.

        Returns:
            The delivery as it stands then; None if it must not be sent, because the lease ran
            out and the row was claimed again or settled.
        """

    async def settle(self, delivery: Delivery, settlement: Settlement) -> None:
        """Write what came of it.

        That a message is sent is always written. Anything else is written only while the claim
        that `delivery` came from is the latest one.
        """

    async def next_due(self) -> datetime | None:
        """When the next claim can succeed, leaving the pace aside; None if nothing waits."""

    async def take_back(self) -> int:
        """Void all leases of a process that is not there any more; answers how many.

        Only for a database that no other process works on.
        """


class Changes(Protocol):
    """Where what was announced is changed afterwards. Each method is one transaction."""

    async def standing(self, post: PostId) -> tuple[Standing, ...]:
        """The messages of a post, in order of `seq`."""

    async def change(self, edits: Sequence[Edit], drafts: Sequence[Draft]) -> None:
        """Write what messages are to become, and rows for those that come anew.

        A row that was never sent is changed where it is, or held instead of deleted. What is
        under way is changed once it has arrived.
        """

    async def kept_back(self, reasons: Collection[str]) -> tuple[Delivery, ...]:
        """Rows of announced posts that are held for one of some reasons, in order of `seq`."""

    async def awaiting(self, post: PostId) -> tuple[Place, ...]:
        """The channels in which a post waits for approval, as they were planned."""

    async def judge(
        self,
        post: PostId,
        verdict: Verdict,
        edits: Sequence[Edit] = (),
        *,
        channels: Collection[ChannelId] | None = None,
    ) -> bool:
        """Decide on the rows of a post that wait for approval, in some channels or all.

        With it edits of the question are written, if it was ever asked.

        Returns:
            False, and nothing is written, if none waits any more: somebody else has decided.
        """

    async def overdue(self, before: datetime, occasion: str = "") -> tuple[Delivery, ...]:
        """Planned rows that were never tried and were due before a moment, in order of `seq`.

        Args:
            before: aware, UTC.
            occasion: how that of the rows begins.
        """

    async def hold(self, rows: Collection[DeliveryId], reason: str) -> None:
        """Hold those of some rows that are still planned."""

    async def gather(self, roundups: Sequence[Roundup]) -> int:
        """Let one message come in the place of rows; answers how often that was done.

        Of each nothing is written unless all of its rows are planned and were never tried.
        """

    async def pauses(self) -> tuple[Pause, ...]:
        """Channels that get nothing now."""

    async def pause(self, pause: Pause) -> bool:
        """Stop a channel; answers False if it is paused already, which stays as it is."""

    async def resume(
        self,
        workspace: WorkspaceId,
        channel: ChannelId,
        now: datetime,
        choose: Callable[[Pause, Sequence[Delivery]], Collection[DeliveryId]],
        gather: Callable[[Pause, Sequence[Delivery]], Sequence[Roundup]] = no_roundups,
    ) -> Pause | None:
        """Let a channel have what comes from now on.

        Args:
            workspace: the channel's.
            channel: which.
            now: aware, UTC: when what is chosen is due.
            choose: of the rows that were held or refused since it was paused, those that go out
                after all; the others stay as they are.
            gather: of the same rows, what comes in the place of some.

        Returns:
            The pause that ended, None if there was none.
        """


class Fellows(Protocol):
    """The processes that work on the same database, as one of them sees them."""

    @property
    def polls(self) -> bool:
        """Whether it is this one's turn to look at the sources."""

    async def pass_on(self, sources: Sequence[str]) -> None:
        """Ask whoever polls to look at some sources now, by their ids."""
