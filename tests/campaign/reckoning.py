"""The sum of a run: posts, rows and channels compared."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.archive import open_archive
from bot.archive.tables import edits
from bot.model.deliveries import Delivery, DeliveryState
from bot.model.ids import PostId
from bot.sandbox.shapes import Obj, obj
from tests.stage import MEI, Stage

FINAL = (DeliveryState.HELD, DeliveryState.REFUSED)


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a community is: its channels, its posts by name, and long sections of a post."""

    channels: tuple[str, ...]
    posts: tuple[str, ...]
    sections: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What came of one run. `held` has the reasons of rows that wait for a person."""

    points: int
    deaths: int
    sent: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    disordered: tuple[str, ...]
    stale: tuple[str, ...]
    held: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.disordered or self.stale)


async def sum_of(stage: Stage, shape: Shape, *, points: int, deaths: int) -> Sum:
    """Compare posts, rows and channels."""
    ids = [PostId(f"weekly:{name}/index.md") for name in shape.posts]
    rows, told = await written(stage, ids)
    there = [one for channel in shape.channels for one in messages(stage, channel)]
    counted = Counter(delivery_in(one) for one in there)
    wanted = {(post, channel) for post in ids for channel in shape.channels}
    planned = {(row.post, row.channel) for row in rows}
    lost = [f"no row for {post} in {channel}" for post, channel in sorted(wanted - planned)]
    lost += [f"{row.id} {row.state.value}" for row in rows if is_lost(row, counted)]
    return Sum(
        points=points,
        deaths=deaths,
        sent=len(there),
        lost=tuple(lost),
        doubled=tuple(one for one, count in counted.items() if count > 1),
        disordered=tuple(c for c in shape.channels if not in_order(stage, c, rows)),
        stale=tuple(stale(stage, shape.channels, rows, told)),
        held=(
            *(row.reason for row in rows if row.state is not DeliveryState.SENT),
            *told.values(),
        ),
    )


async def written(
    stage: Stage, posts: Sequence[PostId]
) -> tuple[list[Delivery], Mapping[str, str]]:
    """All deliveries of some posts; and why edits wait for a person, by their delivery."""
    archive = await open_archive(stage.settings.database_url.get_secret_value())
    given_up = select(edits.c.id, edits.c.reason).where(
        edits.c.state.in_([state.value for state in FINAL])
    )
    try:
        rows = [row for post in posts for row in await archive.desk.deliveries(post)]
        async with archive._store.reading() as connection:
            found = (await connection.execute(given_up)).all()
    finally:
        await archive.close()
    return rows, {row.id: row.reason for row in found if row.reason}


def is_lost(row: Delivery, counted: Counter[str]) -> bool:
    """Neither there, nor waiting for a person with a reason; or said to be there and is not."""
    if row.state is DeliveryState.SENT:
        return not counted[row.id]
    return not (row.state in FINAL and row.reason)


def messages(stage: Stage, channel: str) -> list[Obj]:
    """The bot's messages of a channel, each followed by those of its thread."""
    found = []
    for one in stage.digests(channel):
        if delivery_in(one):
            thread = stage.slack.sight.timeline(MEI, channel, str(one["ts"]))[1:]
            found += [one, *thread]
    return found


def delivery_in(message: Obj) -> str:
    """The delivery that a message brings, "" if it is none."""
    return str(
        obj(obj(message.get("metadata") or {}).get("event_payload") or {}).get("delivery") or ""
    )


def in_order(stage: Stage, channel: str, rows: Sequence[Delivery]) -> bool:
    """Posts by their turn, and the parts of each by their number."""
    turns = {str(row.id): row.seq for row in rows}
    found = [
        turns[key] for one in messages(stage, channel) if (key := delivery_in(one)) in turns
    ]
    return found == sorted(found)


def stale(
    stage: Stage, channels: Sequence[str], rows: Sequence[Delivery], told: Collection[str]
) -> list[str]:
    """Where the post that changed still stands as it was, and nobody is told why."""
    first = {
        row.id
        for row in rows
        if row.post.startswith("weekly:a/") and row.part == 0
        if row.state is DeliveryState.SENT
    }
    first -= set(told)
    return [
        channel
        for channel in channels
        for one in messages(stage, channel)
        if delivery_in(one) in first and "As it was" in str(one["blocks"])
    ]
