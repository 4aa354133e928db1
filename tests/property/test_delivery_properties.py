"""Delivery and discovery in every order that hypothesis can think of: never twice, never lost."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import publish
from bot.archive import Archive
from bot.model.deliveries import (
    Busy,
    ChannelRefused,
    Delivery,
    DeliveryState,
    Look,
    Outcome,
    PayloadRefused,
    Settlement,
    WorkspaceRefused,
)
from bot.model.ids import PostId
from bot.ports.outside import Pace
from tests import room
from tests.fakes import (
    Answer,
    FakeChat,
    FakeSource,
    FixedClock,
    Landed,
    Lost,
    Unhurried,
    an_entry,
    drafts,
)
from tests.prepared import an_archive

SECOND = timedelta(seconds=1)
FINAL = {DeliveryState.SENT, DeliveryState.HELD, DeliveryState.REFUSED}
CHANNELS = ("C1", "C2")
POSTS = ("a.md", "b.md")

pytestmark = pytest.mark.timeout(300)

examples = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Each example works on a database of its own; the same ones in every run."""

# What passes by itself, and what does not.
passing: list[Answer] = [
    Busy("ratelimited", 3 * SECOND),
    WorkspaceRefused("invalid_auth"),
    Landed(),
    Landed(late=29 * SECOND),
    Lost(),
]
final: list[Answer] = [ChannelRefused("is_archived"), PayloadRefused("invalid_blocks", "")]


def scripts(*answers: Answer) -> st.SearchStrategy[dict[str, list[Answer]]]:
    """What the chat answers, channel by channel, before it takes everything."""
    some = st.lists(st.sampled_from(answers), max_size=4)
    return st.fixed_dictionaries(dict.fromkeys(CHANNELS, some))


class Worker:
    """Delivers step by step: each call of a port is made when the test says so."""

    def __init__(self, archive: Archive, chat: FakeChat, clock: FixedClock) -> None:
        self._outbox, self._chat, self._clock = archive.outbox, chat, clock
        self._turn, self._arrived = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[bool] | None = None
        self.calling = False

    async def step(self) -> None:
        """Make the next call, and come to the one after it."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(
                publish.deliver_next(self, self, self._clock, Unhurried())
            )
            await self._arrived.wait()
        self._arrived.clear()
        self._turn.set()
        arrival = asyncio.create_task(self._arrived.wait())
        await asyncio.wait({self._task, arrival}, return_when=asyncio.FIRST_COMPLETED)
        arrival.cancel()
        if self._task.done():
            self._task.result()

    async def kill(self) -> None:
        """Die between two calls."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        self._task, self.calling = None, False
        self._turn.clear()
        self._arrived.clear()

    async def claim(
        self, now: datetime, lease: timedelta, *, limit: int, pace: Pace
    ) -> tuple[Delivery, ...]:
        """As the outbox."""
        await self._gate()
        return await self._outbox.claim(now, lease, limit=limit, pace=pace)

    async def begin(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """As the outbox."""
        await self._gate()
        return await self._outbox.begin(delivery, now)

    async def settle(self, delivery: Delivery, settlement: Settlement) -> None:
        """As the outbox."""
        await self._gate()
        await self._outbox.settle(delivery, settlement)

    async def next_due(self) -> datetime | None:
        """As the outbox."""
        return await self._outbox.next_due()

    async def take_back(self) -> int:
        """As the outbox."""
        return await self._outbox.take_back()

    async def change(self, delivery: Delivery) -> Outcome:
        """As the chat."""
        await self._gate()
        return await self._chat.change(delivery)

    async def post(self, delivery: Delivery) -> Outcome:
        """As the chat."""
        self.calling = True
        await self._gate()
        self.calling = False
        return await self._chat.post(delivery)

    async def look(self, delivery: Delivery) -> Look:
        """As the chat."""
        await self._gate()
        return await self._chat.look(delivery)

    async def _gate(self) -> None:
        self._arrived.set()
        await self._turn.wait()
        self._turn.clear()


async def announce(archive: Archive) -> None:
    """Two posts of two parts for two channels."""
    for path in POSTS:
        await archive.register.save("weekly", [(an_entry(path), ())])
        await archive.register.add(drafts(f"weekly:{path}", channels=CHANNELS, parts=2))


async def finish(archive: Archive, chat: FakeChat, clock: FixedClock) -> None:
    """One last worker delivers until nothing waits, however long that takes."""
    pace = Unhurried()
    while (due := await archive.outbox.next_due()) is not None:
        clock.set(due)
        while await publish.deliver_next(archive.outbox, chat, clock, pace):
            pass


async def check(archive: Archive, chat: FakeChat) -> None:
    """Nothing twice, nothing lost, everything in order."""
    arrived = Counter(post.delivery.id for post in chat.posts)
    assert set(arrived.values()) <= {1}
    rows = [
        row for path in POSTS for row in await archive.desk.deliveries(PostId(f"weekly:{path}"))
    ]
    assert {row.state for row in rows} <= FINAL
    assert {row.id for row in rows if row.state is DeliveryState.SENT} == set(arrived)
    assert all(row.reason for row in rows if row.state is not DeliveryState.SENT)
    for channel in CHANNELS:
        order = chat.parts_in(channel)
        assert order == sorted(order)


moves = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(0, 1)),
        st.tuples(st.just("step"), st.integers(0, 1)),
        st.tuples(st.just("step"), st.integers(0, 1)),
        st.tuples(st.just("kill"), st.integers(0, 1)),
        st.tuples(st.just("wait"), st.sampled_from([1, 5, 30, 61])),
    ),
    max_size=60,
)


@examples
@given(scripts(*passing, *final), moves)
async def test_no_interleaving_of_two_workers_posts_one_part_twice(script, moves):
    """Whatever the chat answers, whoever dies, sleeps or wakes late in between."""
    async with an_archive() as archive:
        clock = FixedClock()
        chat = chat_with(script, clock)
        await announce(archive)
        workers = [Worker(archive, chat, clock) for _ in range(2)]

        for kind, number in moves:
            await make(kind, number, workers, clock)
        for worker in workers:
            await worker.kill()
        await finish(archive, chat, clock)

        await check(archive, chat)


async def make(kind: str, number: int, workers: Sequence[Worker], clock: FixedClock) -> None:
    """Make one move. A call ends before time passes: it may last 20 seconds, a lease 60."""
    if kind == "step":
        await workers[number].step()
    elif kind == "kill":
        await workers[number].kill()
    else:
        for worker in workers:
            if worker.calling:
                await worker.step()
        clock.advance(seconds=number)


def chat_with(script: Mapping[str, Sequence[Answer]], clock: FixedClock) -> FakeChat:
    """A chat that answers by a script."""
    chat = FakeChat(clock)
    for channel, answers in script.items():
        chat.will_answer(channel, *answers)
    return chat


@examples
@given(scripts(*passing))
async def test_what_passes_by_itself_never_costs_a_message(script):
    """Every part of every post arrives, once and in order."""
    async with an_archive() as archive:
        clock = FixedClock()
        chat = chat_with(script, clock)
        await announce(archive)

        await finish(archive, chat, clock)

        await check(archive, chat)
        every = [(f"weekly:{path}", part) for path in POSTS for part in range(2)]
        assert [chat.parts_in(channel) for channel in CHANNELS] == [every, every]


writing = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(["a.md", "b.md", "c.md", "d.md", "e.md"])),
        st.tuples(st.just("remove"), st.sampled_from(["a.md", "b.md"])),
        st.tuples(st.just("look"), st.just("")),
        st.tuples(st.just("restart"), st.just("")),
        st.tuples(st.just("wait"), st.just("")),
    ),
    max_size=25,
)


@examples
@given(writing)
async def test_discovering_twice_equals_discovering_once(moves):
    """Whatever is written, removed or restarted: one set of rows a post, and no look repeats."""
    async with an_archive() as archive:
        it = room.Room(archive, FakeSource(), FixedClock(), room.settings())
        for number, (kind, path) in enumerate(moves):
            if kind == "write":
                it.source.files[path] = room.a_post(f"Title {number}")
            elif kind == "remove":
                it.source.files.pop(path, None)
            elif kind == "restart":
                it.source = FakeSource(files=it.source.files)
            elif kind == "wait":
                it.clock.advance(minutes=10)
            await it.look()
            rows = Counter(await archive.desk.counts())

            again = await it.look()

            assert (again.saved, again.decisions) == (0, ())
            assert Counter(await archive.desk.counts()) == rows
        for path in ("a.md", "b.md", "c.md", "d.md", "e.md"):
            cards = Counter(row.channel for row in await it.rows(path) if row.part == 0)
            assert set(cards.values()) <= {1}
