"""Delivery: one row after the other, each exactly once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from typing_extensions import override

from bot import plan, publish
from bot.archive import Archive
from bot.model.deliveries import (
    Act,
    Busy,
    CannotLook,
    ChannelRefused,
    DeliveryState,
    PayloadRefused,
    Sent,
    Turn,
    WorkspaceRefused,
)
from bot.model.ids import HOME, ChannelId, DeliveryId
from bot.publish.deliver import Apart
from tests.fakes import FakeChat, FixedClock, Landed, Lost, Unhurried, an_entry, claim, drafts
from tests.prepared import an_archive

SECOND = timedelta(seconds=1)


class Bot:
    """An archive with one announced post, a chat and a clock."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.clock = FixedClock()
        self.chat = FakeChat(self.clock)
        self.pace = Unhurried()

    async def announce(self, path: str = "a.md", *, channels=("C1",), parts: int = 1) -> None:
        """Write the rows of a post."""
        await self.archive.register.save("weekly", [(an_entry(path), ())])
        await self.archive.register.add(
            drafts(f"weekly:{path}", channels=channels, parts=parts)
        )

    async def deliver(self) -> None:
        """Deliver all that is due at this moment."""
        while await publish.deliver_next(self.archive.outbox, self.chat, self.clock, self.pace):
            pass

    async def run(self) -> None:
        """Deliver until nothing waits, letting time pass as it must."""
        await self.deliver()
        while (due := await self.archive.outbox.next_due()) is not None:
            self.clock.set(due)
            await self.deliver()

    async def waiting(self) -> list[tuple[str, int, DeliveryState]]:
        """Rows that are not sent."""
        return [
            (row.channel, row.part, row.state) for row in await self.archive.desk.waiting(99)
        ]


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """A bot on an empty archive."""
    async with an_archive() as archive:
        yield Bot(archive)


async def test_an_empty_outbox_has_nothing_to_deliver(bot):
    """The worker is told to rest."""
    assert not await publish.deliver_next(bot.archive.outbox, bot.chat, bot.clock, bot.pace)


async def test_parts_arrive_in_order_under_the_first_one_a_second_apart(bot):
    """Each channel has the card and its thread."""
    await bot.announce(channels=("C1", "C2"), parts=3)
    start = bot.clock.now()

    await bot.run()

    assert bot.chat.parts_in("C1") == [("weekly:a.md", part) for part in range(3)]
    assert bot.chat.parts_in("C2") == bot.chat.parts_in("C1")
    card, *thread = (post for post in bot.chat.posts if post.delivery.channel == "C1")
    assert [post.delivery.thread_ts for post in thread] == [card.ts, card.ts]
    assert bot.clock.now() - start == 2 * SECOND


async def test_a_busy_slack_delays_only_its_own_channel(bot):
    """After a 429, the other channels still receive the post at once."""
    bot.chat.will_answer("C1", Busy("ratelimited", 30 * SECOND))
    await bot.announce(channels=("C1", "C2"))

    await bot.deliver()
    assert bot.chat.posted_to() == ["C2"]
    bot.clock.advance(seconds=30)
    await bot.deliver()

    assert bot.chat.posted_to() == ["C2", "C1"]


async def test_a_message_that_landed_before_the_line_broke_is_not_sent_again(bot):
    """The look finds it."""
    bot.chat.will_answer("C1", Landed())
    await bot.announce(parts=2)

    await bot.run()

    assert bot.chat.parts_in("C1") == [("weekly:a.md", 0), ("weekly:a.md", 1)]
    assert bot.chat.posts[1].delivery.thread_ts == bot.chat.posts[0].ts
    assert bot.chat.looks == 1


async def test_a_message_that_lands_late_is_waited_for(bot):
    """A second look, half a minute after the call, before anything is sent again."""
    bot.chat.will_answer("C1", Landed(late=25 * SECOND))
    await bot.announce()

    await bot.run()

    assert bot.chat.posted_to() == ["C1"]
    assert bot.chat.looks == 2


async def test_a_message_that_never_landed_is_sent_again(bot):
    """Lost is not an option."""
    bot.chat.will_answer("C1", Lost())
    await bot.announce()

    await bot.run()

    assert bot.chat.posted_to() == ["C1"]
    assert await bot.waiting() == []


async def test_a_channel_that_swallows_everything_ends_in_a_question(bot):
    """Five calls, then a maintainer is asked; the next post of the channel goes on."""
    bot.chat.will_answer("C1", *[Lost()] * 5)
    await bot.announce()
    await bot.announce("b.md")

    await bot.run()

    assert await bot.waiting() == [("C1", 0, DeliveryState.HELD)]
    assert bot.chat.parts_in("C1") == [("weekly:b.md", 0)]


async def test_what_slack_turned_away_is_none_of_the_calls_that_were_swallowed(bot):
    """However often it is turned away: nobody is asked while nothing is in doubt."""
    script = [Busy("ratelimited", SECOND), Lost(), *[Busy("ratelimited", SECOND)] * 4]
    bot.chat.will_answer("C1", *script, Lost(), Lost())
    await bot.announce()

    await bot.run()

    assert bot.chat.posted_to() == ["C1"]
    assert await bot.waiting() == []


async def test_where_history_cannot_be_read_nothing_is_sent_twice(bot):
    """A maintainer is asked, and the thread waits with its card."""
    bot.chat.blind = CannotLook("missing_scope")
    bot.chat.will_answer("C1", Lost())
    await bot.announce(parts=2)

    await bot.run()

    assert bot.chat.posted_to() == []
    assert await bot.waiting() == [("C1", 0, DeliveryState.HELD), ("C1", 1, DeliveryState.HELD)]


async def test_a_refusing_channel_does_not_stop_the_others(bot):
    """Its thread is held with its card, and later posts are tried again."""
    bot.chat.will_answer("C1", ChannelRefused("restricted_action"))
    await bot.announce(channels=("C1", "C2"), parts=2)
    await bot.announce("b.md")

    await bot.run()

    assert bot.chat.parts_in("C2") == [("weekly:a.md", 0), ("weekly:a.md", 1)]
    assert bot.chat.parts_in("C1") == [("weekly:b.md", 0)]
    assert await bot.waiting() == [
        ("C1", 0, DeliveryState.REFUSED),
        ("C1", 1, DeliveryState.HELD),
    ]


async def test_a_channel_that_is_gone_is_asked_once(bot):
    """What comes later is held with the reason."""
    bot.chat.will_answer("C1", ChannelRefused("is_archived"))
    await bot.announce()
    await bot.announce("b.md")

    await bot.run()

    assert bot.chat.posts == []
    assert await bot.waiting() == [
        ("C1", 0, DeliveryState.REFUSED),
        ("C1", 0, DeliveryState.HELD),
    ]


async def test_a_refused_payload_is_simplified_for_all_channels_after_the_first(bot):
    """The other channels never see the one that was refused."""
    bot.chat.will_answer("C1", PayloadRefused("invalid_blocks", "bad"))
    await bot.announce(channels=("C1", "C2", "C3"))

    await bot.run()

    assert sorted(bot.chat.posted_to()) == ["C1", "C2", "C3"]
    assert {post.delivery.rung for post in bot.chat.posts} == {9}


async def test_a_payload_that_stays_refused_is_held_everywhere(bot):
    """Whole, then the excerpt, in one channel only; then a maintainer is asked."""
    bot.chat.will_answer("C1", *[PayloadRefused("invalid_blocks", "bad")] * 2)
    await bot.announce(channels=("C1", "C2", "C3"))

    await bot.run()

    assert bot.chat.posted_to() == []
    assert {state for _, _, state in await bot.waiting()} == {DeliveryState.HELD}


async def test_a_refusing_workspace_gets_everything_once_it_accepts(bot):
    """In order, nothing lost."""
    bot.chat.will_answer("C1", *[WorkspaceRefused("token_revoked")] * 3)
    await bot.announce(parts=2)

    await bot.run()

    assert bot.chat.parts_in("C1") == [("weekly:a.md", 0), ("weekly:a.md", 1)]


async def test_a_crash_before_the_call_sends_it_after_the_lease(bot):
    """The row was only claimed."""
    await bot.announce()
    await claim(bot.archive.outbox, bot.clock.now())

    await bot.run()

    assert bot.chat.posted_to() == ["C1"]
    assert bot.chat.looks == 0


async def test_a_crash_after_the_call_finds_the_message(bot):
    """The row was being sent, so the channel is looked at first."""
    await bot.announce()
    now = bot.clock.now()
    claimed = await claim(bot.archive.outbox, now)
    assert claimed is not None
    begun = await bot.archive.outbox.begin(claimed, now)
    assert begun is not None
    assert isinstance(await bot.chat.post(begun), Sent)

    await bot.run()

    assert bot.chat.posted_to() == ["C1"]
    assert await bot.waiting() == []


class Overtaken:
    """An outbox whose claims are taken over before they begin."""

    def __init__(self, outbox) -> None:
        self.claim, self.settle, self.next_due = outbox.claim, outbox.settle, outbox.next_due
        self.take_back = outbox.take_back

    async def begin(self, delivery, now):
        """Too late."""
        del delivery, now


async def test_a_worker_that_was_overtaken_sends_nothing(bot):
    """The row belongs to another one now."""
    await bot.announce()

    assert await publish.deliver_next(
        Overtaken(bot.archive.outbox), bot.chat, bot.clock, bot.pace
    )

    assert bot.chat.posted_to() == []


class SleepyOutbox:
    """An outbox after whose `begin` the machine is suspended for a while."""

    def __init__(self, bot: Bot, seconds: int) -> None:
        outbox = bot.archive.outbox
        self.claim, self.settle, self.next_due = outbox.claim, outbox.settle, outbox.next_due
        self.take_back = outbox.take_back
        self._begin, self._clock, self._seconds = outbox.begin, bot.clock, seconds

    async def begin(self, delivery, now):
        """Begin, then sleep."""
        begun = await self._begin(delivery, now)
        self._clock.advance(seconds=self._seconds)
        return begun


async def test_a_machine_that_was_suspended_before_the_call_does_not_make_it(bot):
    """Others may have looked and sent by then; the row is looked for like any other."""
    await bot.announce()

    await publish.deliver_next(SleepyOutbox(bot, 11), bot.chat, bot.clock, bot.pace)
    assert bot.chat.posted_to() == []
    await bot.run()

    assert bot.chat.posted_to() == ["C1"]
    assert bot.chat.looks == 1


async def test_a_clock_that_steps_forward_makes_nobody_look_for_a_call_that_is_under_way(bot):
    """Its lease is over by the clock; the call itself is not, and it is not made twice."""
    await bot.announce()
    under_way, answered = asyncio.Event(), asyncio.Event()

    class Slow(FakeChat):
        @override
        async def post(self, delivery):
            under_way.set()
            await answered.wait()
            return await FakeChat.post(self, delivery)

    chat = Slow(bot.clock)
    work = publish.Round(bot.archive.outbox, chat, bot.clock, bot.pace)
    (delivery,) = await work.claim(9)
    carrying = asyncio.create_task(work.carry(delivery))
    await under_way.wait()
    bot.clock.advance(minutes=59)

    assert await work.claim(9) == ()
    answered.set()
    await carrying
    assert bot.pace.opens(bot.clock.now()) is None
    assert await bot.waiting() == []
    assert len(chat.posts) == 1
    assert chat.looks == 0


def test_what_is_in_hand_gets_no_second_turn():
    """Everything else about its pace stays as it is."""
    now = FixedClock().now()
    pace = plan.Pacer()
    carried = DeliveryId("one")
    turn = Turn(HOME, ChannelId("C1"), Act.POST, "payload", carried)
    apart = Apart(pace, {carried})

    assert not apart.take(turn, now)
    assert apart.closed(Act.POST, now) == frozenset()
    assert apart.opens(now) == pace.opens(now)

    assert pace.take(turn, now)
    assert not pace.take(turn, now)
    apart.heard(turn, None, now)
    assert pace.take(turn, now)
