"""Maintainers are told once what needs them."""

from collections.abc import AsyncIterator

import pytest

from bot import plan, publish
from bot.answer.asking import Wording
from bot.model.deliveries import Delivery, DeliveryState
from bot.model.ids import HOME, ChannelId, PostId
from bot.model.posts import PostState, Problem
from tests.fakes import FakeSource, FixedClock, an_entry
from tests.prepared import an_archive
from tests.room import Room, a_post, settings

OURS = ChannelId("C0OURS")


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room whose source has been looked at once, while it was empty; at most one post at once."""
    async with an_archive() as archive:
        room = Room(archive, FakeSource(), FixedClock(), settings(breaker=1))
        await room.look()
        yield room


async def look_and_tell(room: Room) -> None:
    """What a beat of the metronome does."""
    found = await room.look()
    await publish.tell(
        "weekly",
        found.problems,
        channel=OURS,
        workspace=HOME,
        register=room.archive.register,
        clock=room.clock,
        wording=Wording(room.settings),
    )


async def told(room: Room) -> list[Delivery]:
    """What goes to the maintainers."""
    return [row for row in await room.archive.desk.waiting(99) if row.channel == OURS]


async def test_posts_that_are_held_are_asked_about_together_and_once(room):
    """However often the source is looked at, and after a restart."""
    room.source.files |= {f"{n}.md": a_post(f"Post {n}", day=n + 1) for n in range(5)}
    await look_and_tell(room)
    room.clock.advance(minutes=10)

    await look_and_tell(room)
    room.source = FakeSource(files=room.source.files)
    await look_and_tell(room)

    (row,) = await told(room)
    assert (row.state, row.part) == (DeliveryState.PLANNED, 0)
    assert "Post 4" in row.message.text
    assert "Post 0" in row.message.text
    room.source.files["new.md"] = a_post("New one", day=21)
    room.source.files["new2.md"] = a_post("New two", day=21)
    room.clock.advance(days=1)
    await look_and_tell(room)
    room.clock.advance(minutes=10)
    await look_and_tell(room)
    assert "New one" in (await told(room))[1].message.text
    assert "Post 4" not in (await told(room))[1].message.text


async def test_two_processes_that_ask_at_once_ask_one_question(room):
    """Whoever writes second finds the mark gone."""
    room.source.files |= {f"{n}.md": a_post(f"Post {n}") for n in range(3)}
    await room.settled_look()
    register, now = room.archive.register, room.clock.now()
    asked = await register.unasked("weekly", now)
    words = Wording(room.settings).posts(asked, now)

    for channel in (OURS, ChannelId("C2OURS")):
        rows = plan.notices(asked[0].id, words, channel=channel, now=now)
        await register.ask([entry.id for entry in asked], rows)

    assert [row.channel for row in await room.archive.desk.waiting(9)] == [OURS]


async def test_the_latest_of_the_first_look_is_offered():
    """Nothing is announced; a maintainer may say so."""
    async with an_archive() as archive:
        files = {f"{n}.md": a_post(f"Old {n}", day=n + 1) for n in range(5)}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings())

        await look_and_tell(room)

        (row,) = await told(room)
        assert "Old 4" in row.message.text
        assert "Old 3" not in row.message.text
        assert "repost_confirm" in str(row.message.blocks)


async def test_a_post_that_is_gone_for_a_while_is_told_and_one_that_moves_is_not(room):
    """A push that moves a file in two steps is no news."""
    room.source.files["a.md"] = a_post("A")
    await room.settled_look()
    text = room.source.files.pop("a.md")
    await look_and_tell(room)
    assert await told(room) == []

    room.clock.set(room.clock.now() + plan.MOVES_WITHIN)
    await look_and_tell(room)

    (row,) = await told(room)
    assert "No longer published" in row.message.text or "已经不再发布" in row.message.text
    room.source.files["b.md"] = text
    await look_and_tell(room)
    assert len(await told(room)) == 1


async def test_a_source_that_fails_again_and_again_is_told_once_until_it_recovers(room):
    """One failure is none; the second outage is told again."""
    gone = Problem("weekly", "", "the folder is gone")
    for _ in range(2):
        room.source.problems = (gone,)
        await look_and_tell(room)
        await look_and_tell(room)
        before = len(await told(room))
        for _ in range(3):
            room.clock.advance(minutes=5)
            await look_and_tell(room)
        assert len(await told(room)) == before + 1
        room.source.problems = ()
        await look_and_tell(room)

    assert all("the folder is gone" in row.message.text for row in await told(room))
    assert {row.post for row in await told(room)} == {"weekly:"}


async def test_a_post_that_cannot_be_read_is_told_once_until_it_is_mended(room):
    """This week's issue does not stay away without a word."""
    broken = "---\ntitle: [\n---\n"
    room.source.files |= {"bad.md": broken, "good.md": a_post("Good")}
    await look_and_tell(room)
    await look_and_tell(room)
    (row,) = await told(room)
    assert "bad.md:" in row.message.text

    room.source.files["worse.md"] = broken
    await look_and_tell(room)
    assert "worse.md:" in (await told(room))[1].message.text
    assert "bad.md:" not in (await told(room))[1].message.text

    room.source.files["bad.md"] = a_post("Mended")
    await look_and_tell(room)
    assert len(await told(room)) == 2


async def test_two_processes_that_tell_of_a_problem_at_once_tell_it_once(room):
    """Whoever writes second finds it told."""
    room.source.files["bad.md"] = "---\ntitle: [\n---\n"
    await room.look()
    register, now = room.archive.register, room.clock.now()
    unread = await register.unread("weekly")
    words = Wording(room.settings).unread("weekly", unread)
    about = PostId("weekly:")

    for channel in (OURS, ChannelId("C2OURS")):
        await register.warn_of(
            "weekly", unread, plan.notices(about, words, channel=channel, now=now)
        )

    assert [row.channel for row in await room.archive.desk.waiting(9)] == [OURS]
    assert await register.unread("unknown") == ()


async def test_what_a_maintainer_leaves_out_stays_out(room):
    """One that was decided meanwhile stays as it is."""
    room.source.files |= {"a.md": a_post("A"), "b.md": a_post("B")}
    await room.settled_look()
    a = await room.entry("a.md")

    await publish.skip(
        [a, an_entry("unknown.md", state=PostState.HELD)], register=room.archive.register
    )

    assert (await room.entry("a.md")).state is PostState.SKIPPED
    assert [e.path for e in await room.archive.desk.held("weekly")] == ["b.md"]
    await room.settled_look()
    assert (await room.entry("a.md")).state is PostState.SKIPPED
