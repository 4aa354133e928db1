"""What was announced, corrected in place or recalled."""

import pytest

from bot import publish
from bot.model.deliveries import Act, DeliveryState
from bot.model.ids import PostId
from bot.model.posts import PostState
from config.settings import ChannelSettings
from tests import room
from tests.fakes import FakeChat, FakeSource, FixedClock, Unhurried
from tests.prepared import an_archive

POST = PostId("weekly:a.md")


class Corrected(room.Room):
    """A room with a chat, in which one post was announced."""

    async def publish(self) -> None:
        """Announce `a.md`, and send it."""
        await self.look()
        self.source.files["a.md"] = room.a_post("Weekly")
        await self.settled_look()
        self.chat = FakeChat(self.clock)
        await self.deliver()

    async def deliver(self) -> None:
        """Send all that is due, letting time pass as it must."""
        outbox = self.archive.outbox
        while (due := await outbox.next_due()) is not None:
            self.clock.set(due)
            while await publish.deliver_next(outbox, self.chat, self.clock, Unhurried()):
                pass

    async def change(self, body: str) -> None:
        """Change the post at its source."""
        self.source.files["a.md"] = room.a_post("Weekly", body=body)
        await self.look()

    async def correct(self) -> int:
        """Correct what stands."""
        entry = await self.archive.desk.post(POST)
        assert entry is not None
        return await publish.correct(
            entry,
            site=room.SITE,
            changes=self.archive.changes,
            clock=self.clock,
            settings=self.settings,
        )

    async def recall(self, *, strike: bool = False) -> int:
        """Recall it."""
        entry = await self.archive.desk.post(POST)
        assert entry is not None
        return await publish.recall(
            entry,
            strike=strike,
            changes=self.archive.changes,
            register=self.archive.register,
            clock=self.clock,
            settings=self.settings,
        )

    def shown(self) -> str:
        """Everything that stands in the chat."""
        return str([post.delivery.message.blocks for post in self.chat.posts])


@pytest.fixture
async def it():
    async with an_archive() as archive:
        channels = (ChannelSettings(id="C1"), ChannelSettings(id="C2", language="en"))
        one = Corrected(archive, FakeSource(), FixedClock(), room.settings(*channels))
        await one.publish()
        yield one


async def test_a_changed_post_is_corrected_in_every_channel_without_a_new_message(it):
    """Each in its own words."""
    before = len(it.chat.posts)
    await it.change("## News\n\nHello **moon**.")

    assert await it.correct() > 0
    await it.deliver()

    assert len(it.chat.posts) == before
    assert "moon" in it.shown()
    assert "world" not in it.shown()
    assert "更正于" in it.shown()
    assert "Corrected on" in it.shown()


async def test_correcting_twice_writes_nothing_twice(it):
    """Also before the first correction has gone out."""
    await it.change("## News\n\nHello **moon**.")

    assert await it.correct() > 0
    assert await it.correct() == 0
    await it.deliver()
    assert await it.correct() == 0


async def test_with_edits_off_nothing_is_touched(it):
    """What was sent stays as it is."""
    it.settings = room.settings(*it.settings.channels, edits="off")
    await it.change("## News\n\nHello **moon**.")

    assert await it.correct() == 0
    await it.deliver()

    assert "moon" not in it.shown()


async def test_a_post_that_grows_gets_its_new_part_in_the_same_thread(it):
    """And gives it back when it shrinks."""
    sections = "".join(f"## Part {n}\n\n{'word ' * 1_500}\n\n" for n in range(3))
    before = len(it.chat.posts)

    await it.change(sections)
    await it.correct()
    await it.deliver()
    grown = len(it.chat.posts)
    cards = {post.delivery.channel: post.ts for post in it.chat.posts if not post.delivery.part}
    assert grown > before
    assert all(
        post.delivery.thread_ts == cards[post.delivery.channel]
        for post in it.chat.posts
        if post.delivery.part
    )

    await it.change("## News\n\nHello **world**.")
    await it.correct()
    await it.deliver()
    assert len(it.chat.posts) == before


async def test_a_message_that_a_person_deleted_is_neither_restored_nor_tried_again(it):
    """It is settled with the reason, once."""
    it.chat.posts = [post for post in it.chat.posts if post.delivery.channel == "C2"]
    await it.change("## News\n\nHello **moon**.")
    await it.correct()
    await it.deliver()

    await it.change("## News\n\nHello **sun**.")
    await it.correct()
    await it.deliver()

    assert {post.delivery.channel for post in it.chat.posts} == {"C2"}
    assert "sun" in it.shown()
    there = await it.archive.changes.standing(POST)
    assert {one.delivery.channel for one in there if one.gone} == {"C1"}


async def test_a_recalled_post_disappears_everywhere_and_stays_away(it):
    """What was not sent yet is held."""
    await it.recall()
    await it.deliver()

    assert it.chat.posts == []
    entry = await it.archive.desk.post(POST)
    assert entry is not None
    assert entry.state is PostState.SKIPPED


async def test_a_recalled_post_may_be_struck_through(it):
    """Where a thread with answers should stay."""
    await it.recall(strike=True)
    await it.deliver()

    assert it.chat.posts
    assert it.shown().count("'strike': True") == len(it.chat.posts)


async def test_an_edit_is_a_delivery_with_a_kind(it):
    """So that logs and the pace know it."""
    await it.change("## News\n\nHello **moon**.")
    await it.correct()

    claimed = await it.archive.outbox.claim(
        it.clock.now(), it.clock.now() - it.clock.now(), limit=1, pace=Unhurried()
    )

    assert [(one.kind, one.state) for one in claimed] == [(Act.UPDATE, DeliveryState.CLAIMED)]
