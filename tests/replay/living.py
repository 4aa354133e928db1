"""Lives through steps: looks after each commit and whenever something may fall due in between."""

import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import core
from bot.model.deliveries import DeliveryState
from bot.model.ids import PostId
from bot.model.posts import PostState
from bot.plan import MOVES_WITHIN
from bot.reasons import key_of
from bot.sandbox.shapes import Obj, obj
from tests.replay.history import BRANCH, Remote, Step
from tests.stage import MAINTAINERS, MEI, WEEKLY, Stage, staged

SETTLE = timedelta(minutes=10)
MOMENT = timedelta(seconds=1)
SOURCE = "weekly"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one post. `announced` has a moment for each time it was posted, UTC.

    `edited` counts how often messages of it were changed after they were posted.
    """

    post: str
    path: str
    date: datetime | None
    state: PostState
    why: str
    announced: tuple[datetime, ...]
    edited: int
    held_rows: int
    gone: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All posts in the order of their ids, and how often the maintainers were written to."""

    posts: tuple[Told, ...]
    notices: tuple[str, ...]
    most_in_an_hour: int

    @property
    def doubles(self) -> tuple[Told, ...]:
        """Posts that stand in the channel more than once."""
        return tuple(post for post in self.posts if len(post.announced) > 1)

    @property
    def lost(self) -> tuple[Told, ...]:
        """Posts that are announced and stand nowhere."""
        announced = PostState.ANNOUNCED
        return tuple(p for p in self.posts if p.state is announced and not p.announced)

    @property
    def unexplained(self) -> tuple[Told, ...]:
        """Posts that stay away without a reason."""
        return tuple(p for p in self.posts if not p.announced and not p.why)


@asynccontextmanager
async def a_replay(
    remote: Remote,
    folder: Path,
    start: datetime,
    *,
    path: str = "",
    include: Sequence[str] = (),
    **site: str,
) -> AsyncIterator["Replay"]:
    """A bot whose only source is the remote, with settle 10 minutes and a maintainers' channel."""
    source: dict[str, object] = {
        "id": SOURCE,
        "kind": "git",
        "url": str(remote.folder),
        "branch": BRANCH,
        "path": path,
        "permalink": "/blog/{slug}/",
    }
    if include:
        source["include"] = tuple(include)
    async with (
        staged(
            folder,
            start=start.astimezone(UTC),
            site={"timezone": "Asia/Shanghai", "url": "https://site.example"} | site,
            sources=[source],
            publish={"settle": SETTLE},
            channels=[{"id": WEEKLY, "style": "card"}],
            maintainers={"users": [MEI], "channel": MAINTAINERS},
        ) as stage,
        stage.bot() as bot,
    ):
        yield Replay(remote, stage, bot)


@dataclass(frozen=True, slots=True)
class Replay:
    """A bot, its remote, and the clock of both."""

    remote: Remote
    stage: Stage
    bot: core.Bot

    async def live(
        self, steps: Sequence[Step], *, until: datetime, progress: bool = False
    ) -> None:
        """Take each step at its time, and see to what falls due before the next."""
        ends = [step.at for step in steps[1:]] + [until]
        for number, (step, end) in enumerate(zip(steps, ends, strict=True), 1):
            self.remote.stand_at(step.commit)
            self._to(step.at)
            await self._look()
            while (due := await self._due()) is not None and due < end:
                self._to(due)
                await self._look()
            if progress and number % 50 == 0:
                print(f"{number} of {len(steps)}", file=sys.stderr)
        self._to(until)
        await self._look()

    def _to(self, moment: datetime) -> None:
        # Messages keep their distance and move the clock; commits may follow faster.
        self.stage.clock.set(moment)

    async def _look(self) -> None:
        await self.stage.round(self.bot, times=1)

    async def _due(self) -> datetime | None:
        """When the next look can find something to do although nothing is pushed."""
        register, now = self.bot.archive.register, self.stage.clock.now()
        moments = [await self.bot.archive.outbox.next_due()]
        for post in await register.undecided(SOURCE):
            if not post.draft:
                settled = max(post.first_seen, post.changed_at) + SETTLE
                moments.append(max(settled, post.date or settled))
        moments += [e.changed_at + SETTLE for e in await register.outdated(SOURCE, now)]
        moments += [
            e.gone_at + MOVES_WITHIN for e in await register.unasked(SOURCE, now) if e.gone_at
        ]
        later = [moment for moment in moments if moment is not None and moment > now]
        return min(later, default=None)

    async def report(self) -> Report:
        """Say what became of every post."""
        shelf = await self.bot.archive.register.shelf(SOURCE)
        assert shelf is not None
        posted = self.stage.digests(WEEKLY)
        told = [await self._told(known.id, posted) for known in shelf.posts]
        hours = Counter(
            moment_of(message).replace(minute=0, second=0, microsecond=0) for message in posted
        )
        return Report(
            posts=tuple(sorted(told, key=lambda one: one.post)),
            notices=tuple(str(m["text"]) for m in self.stage.digests(MAINTAINERS)),
            most_in_an_hour=max(hours.values(), default=0),
        )

    async def _told(self, post: PostId, posted: Sequence[Obj]) -> Told:
        (entry,) = await self.bot.archive.register.posts([post])
        messages = [message for message in posted if post_of(message) == post]
        rows = await self.bot.archive.desk.deliveries(post)
        held = [r for r in rows if r.channel == WEEKLY and r.state is DeliveryState.HELD]
        return Told(
            post=post,
            path=entry.path,
            date=entry.date,
            state=entry.state,
            why=key_of(entry.reason),
            announced=tuple(moment_of(message) for message in messages),
            edited=sum(one.edits for one in await self.bot.archive.changes.standing(post)),
            held_rows=len(held),
            gone=entry.gone_at is not None,
        )


def moment_of(message: Obj) -> datetime:
    """When a message was posted, to the second."""
    return datetime.fromtimestamp(int(float(str(message["ts"]))), UTC)


def post_of(message: Obj) -> str:
    """The post that a message brings."""
    return str(obj(obj(message["metadata"])["event_payload"])["post"])
