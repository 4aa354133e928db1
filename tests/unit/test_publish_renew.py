"""Announced posts that change: the channels get them as they are now, once, when they have settled."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from bot import publish
from bot.archive.tables import posts
from tests.fakes import FakeSource, FixedClock
from tests.prepared import an_archive
from tests.room import SITE, Room, a_post, settings


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room with one announced post, a.md."""
    async with an_archive() as archive:
        room = Room(archive, FakeSource(), FixedClock(), settings())
        await room.look()
        room.source.files["a.md"] = a_post("A")
        await room.settled_look()
        yield room


async def renewed(room: Room) -> int:
    """Look, and bring the channels up to date; how many messages that changes."""
    await room.look()
    return await publish.renew(
        "weekly",
        site=SITE,
        register=room.archive.register,
        changes=room.archive.changes,
        clock=room.clock,
        settings=room.settings,
    )


async def test_a_correction_is_made_once_it_has_settled(room):
    """Several corrections in a row are one; after it there is nothing to do."""
    assert await renewed(room) == 0
    room.source.files["a.md"] = a_post("A", body="First word")
    assert await renewed(room) == 0
    room.clock.advance(minutes=8)
    room.source.files["a.md"] = a_post("A", body="Last word")
    assert await renewed(room) == 0
    room.clock.advance(minutes=10)

    assert await renewed(room) > 0

    rows = await room.rows("a.md")
    assert "Last word" in str([row.message.blocks for row in rows])
    assert await renewed(room) == 0


async def test_a_change_that_nobody_sees_changes_no_message(room):
    """A tag in the header, and yet it is told: it is not looked at again and again."""
    room.source.files["a.md"] = a_post("A").replace("---\n", "---\nreviewer: Ada\n", 1)
    await room.look()
    room.clock.advance(minutes=10)

    assert await renewed(room) == 0

    assert await room.archive.register.outdated("weekly", room.clock.now()) == ()


async def test_a_post_that_cannot_be_composed_stays_as_it_was_and_stops_no_other(room, caplog):
    """A damaged text in the archive stands for a fault of ours."""
    room.source.files["b.md"] = a_post("B")
    await room.settled_look()
    room.source.files |= {"a.md": a_post("A", body="New"), "b.md": a_post("B", body="New")}
    await room.look()
    room.clock.advance(minutes=10)
    async with room.archive._store.writing() as connection:
        await connection.execute(
            update(posts).where(posts.c.id == "weekly:a.md").values(text="---\ntitle: [\n---\n")
        )

    assert await renewed(room) > 0

    assert "post.not_corrected post=weekly:a.md" in caplog.text
    assert "New" in str([row.message.blocks for row in await room.rows("b.md")])
