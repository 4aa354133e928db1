"""Channels that pause and are there again, and what was missed meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import plan, publish
from bot.model.deliveries import DeliveryState, Pause
from bot.model.ids import HOME, ChannelId, PostId
from bot.reasons import value_of
from config.settings import ChannelSettings
from tests import room
from tests.fakes import NOON, FixedClock, an_entry, drafts
from tests.prepared import an_archive

C1, C2 = ChannelId("C1"), ChannelId("C2")


@pytest.fixture
async def it():
    """Upkeep over an archive with two posts that wait for C1."""
    async with an_archive() as archive:
        for path in ("a.md", "b.md"):
            await archive.register.save("weekly", [(an_entry(path), ())])
            await archive.register.add(drafts(f"weekly:{path}", parts=2))
        yield publish.Upkeep(archive.changes, archive.register, FixedClock(), room.settings())


async def states(it, path):
    """States of the rows of a post."""
    standing = await it.changes.standing(PostId(f"weekly:{path}"))
    return {one.delivery.state for one in standing}


async def test_a_pause_ends_once(it):
    """Whoever asks; a second time there is nothing to end."""
    assert await it.pause(C1, "U1")
    assert not await it.pause(C1, "U2")

    ended = await it.resume(C1)

    assert ended is not None
    assert '"U1"' in ended.reason
    assert await it.resume(C1) is None


async def test_only_channels_that_were_gone_come_back_by_themselves(it):
    """A maintainer's pause is ended by a maintainer."""
    await it.pause(C1, "U1")
    await it.changes.pause(Pause(HOME, C2, "is_archived", NOON, dead=True))

    assert await it.back((C1, C2))
    assert not await it.back((C1, C2))

    assert [pause.channel for pause in await it.pauses()] == [C1]


async def test_what_was_missed_is_held_but_for_the_latest(it):
    """Once; and nothing is held while nothing is late."""
    assert await it.catch_up() == 0
    it.clock.advance(hours=2)

    assert await it.catch_up() == 2
    assert await it.catch_up() == 0

    assert await states(it, "a.md") == {DeliveryState.HELD}
    assert await states(it, "b.md") == {DeliveryState.PLANNED}
    (row, _) = await it.changes.standing(PostId("weekly:a.md"))
    assert row.delivery.reason == plan.MISSED
    assert it.clock.now() - NOON == timedelta(hours=2)


async def test_what_was_missed_comes_in_one_message_if_the_operator_wants_it(it):
    """Once, however often it is looked at, and by however many processes."""
    settings = room.settings(catch_up="digest")
    it = replace(it, settings=settings)
    it.clock.advance(hours=2)
    seen = await it.missed()

    assert await it.catch_up() == 4
    assert await it.catch_up() == 0
    assert await it.changes.gather(seen.roundups) == 0

    assert await states(it, "a.md") == await states(it, "b.md") == {DeliveryState.HELD}
    (one,) = await it.changes.standing(seen.drafts[0].post)
    assert one.delivery.state is DeliveryState.PLANNED
    assert "Issue a.md" in one.delivery.message.text


async def test_a_channel_that_is_back_gets_one_message_if_the_operator_wants_it(it):
    """In the place of what it missed since it was gone."""
    it = replace(it, settings=room.settings(catch_up="digest"))
    await it.changes.pause(Pause(HOME, C1, "is_archived", NOON, dead=True))
    rows = [row for post in ("a.md", "b.md") for row in await its_rows(it, post)]
    await it.changes.hold([row.id for row in rows], "is_archived")

    assert await it.back([C1])

    assert await states(it, "a.md") == {DeliveryState.HELD}
    about = value_of((await its_rows(it, "a.md"))[0].reason, "about")
    (one,) = await it.changes.standing(about)
    assert one.delivery.state is DeliveryState.PLANNED


async def test_a_channel_that_subscribed_by_itself_is_spoken_to_in_its_language(it):
    """It is none of the operator's settings."""

    async def current():
        return room.settings(ChannelSettings(id=C1, language="en"), catch_up="digest")

    it = replace(it, settings=room.settings(catch_up="digest"), current=current)
    await it.changes.pause(Pause(HOME, C1, "is_archived", NOON, dead=True))
    rows = [row for post in ("a.md", "b.md") for row in await its_rows(it, post)]
    await it.changes.hold([row.id for row in rows], "is_archived")

    await it.resume(C1)

    about = value_of((await its_rows(it, "a.md"))[0].reason, "about")
    (one,) = await it.changes.standing(about)
    assert one.delivery.message.text.startswith("2 issues you missed")


async def its_rows(it, path):
    """The rows of a post."""
    return [one.delivery for one in await it.changes.standing(PostId(f"weekly:{path}"))]


async def test_a_recalled_post_never_goes_out(it):
    """What waits of it is held."""
    assert await it.recall(an_entry("a.md")) == 2

    assert await states(it, "a.md") == {DeliveryState.HELD}
