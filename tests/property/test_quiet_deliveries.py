"""Rows that are late, a Slack that was away, and a channel that wants to sleep."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import plan, publish
from bot.archive import Archive
from bot.model.deliveries import Busy, DeliveryState, Unknown
from bot.model.ids import HOME, ChannelId, PostId
from bot.reasons import key_of
from config.settings import QuietHours
from tests.fakes import NOON, Answer, FakeChat, FixedClock, Lost, Unhurried, a_draft, an_entry
from tests.prepared import an_archive

HOUR = timedelta(hours=1)
POSTS = ("a.md", "b.md", "c.md")
QUIET = plan.Quiet(
    ZoneInfo("Europe/Berlin"),
    {(HOME, ChannelId("C1")): QuietHours(start=time(22), end=time(8))},
)
answers: list[Answer] = [Busy("ratelimited", 2 * HOUR), Unknown("timeout"), Lost()]

pytestmark = pytest.mark.timeout(300)


async def written(archive: Archive, due: list[datetime]) -> None:
    """Three posts of two parts for a channel that sleeps and one that does not."""
    for path, moment in zip(POSTS, due, strict=True):
        await archive.register.save("weekly", [(an_entry(path), ())])
        await archive.register.add(
            [
                a_draft(f"weekly:{path}", part, channel=ChannelId(channel), due_at=moment)
                for channel in ("C1", "C2")
                for part in (0, 1)
            ]
        )


async def carry(work: publish.Round, archive: Archive, clock: FixedClock) -> None:
    """Deliver until nothing waits, however long that takes."""
    while (due := await archive.outbox.next_due()) is not None:
        clock.set(due)
        while found := await work.claim(4):
            for delivery in found:
                await work.carry(delivery)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.lists(st.integers(0, 47), min_size=3, max_size=3),
    st.integers(0, 71),
    st.lists(st.sampled_from(answers), max_size=4),
)
async def test_nobody_is_woken_and_nothing_overtakes(due, back, script):
    """Whenever things were due, whenever the bot is back, whatever Slack says then."""
    async with an_archive() as archive:
        clock = FixedClock()
        chat = FakeChat(clock)
        chat.will_answer("C1", *script)
        await written(archive, sorted(NOON + HOUR * hours for hours in due))
        clock.advance(hours=back)

        await carry(
            publish.Round(archive.outbox, chat, clock, Unhurried(), quiet=QUIET), archive, clock
        )

        for post in chat.posts:
            asleep = QUIET.until(HOME, post.delivery.channel, post.visible_from)
            assert asleep is None or post.delivery.part > 0
        every = [(f"weekly:{path}", part) for path in POSTS for part in (0, 1)]
        assert [chat.parts_in(channel) for channel in ("C1", "C2")] == [every, every]


async def test_a_row_that_waits_for_the_morning_says_so():
    """And until when; once it is sent there is nothing to say."""
    async with an_archive() as archive:
        clock = FixedClock(NOON + 10 * HOUR)
        chat = FakeChat(clock)
        await written(archive, [NOON] * 3)
        work = publish.Round(archive.outbox, chat, clock, Unhurried(), quiet=QUIET)

        for delivery in await work.claim(9):
            await work.carry(delivery)

        card = (await archive.desk.deliveries(PostId("weekly:a.md")))[0]
        assert (card.state, key_of(card.reason)) == (DeliveryState.PLANNED, "quiet")
        assert card.due_at == NOON + 19 * HOUR
        assert chat.posted_to() == ["C2"]
