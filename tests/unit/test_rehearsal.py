"""The register that writes nothing: it answers as if it had."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import publish
from bot.archive import Archive
from bot.model.posts import PostState, Problem, Role
from bot.rehearsal import Rehearsal
from tests.fakes import NOON, FakeSource, FixedClock, a_draft, an_entry
from tests.prepared import an_archive
from tests.room import SITE, Room, a_post, settings


@pytest.fixture
async def archive() -> AsyncIterator[Archive]:
    """An archive with nothing in it."""
    async with an_archive() as made:
        yield made


def room_of(archive: Archive, **files: str) -> Room:
    """A source with files, and settings that send at once."""
    return Room(archive, FakeSource(files=files), FixedClock(), settings(settle="0s"))


async def rehearse(room: Room, real: Archive | None) -> tuple[publish.Discovery, Rehearsal]:
    """Discover into a rehearsal, with a source that tells everything anew."""
    stage = Rehearsal(real.register if real else None)
    found = await publish.discover(
        FakeSource(files=room.source.files),
        role=Role.ISSUES,
        site=SITE,
        register=stage,
        clock=room.clock,
        settings=room.settings,
    )
    return found, stage


async def test_a_rehearsal_over_nothing_is_a_first_look(archive):
    """Where nothing was ever archived, old issues are skipped, as the first look would."""
    room = room_of(archive, **{"a.md": a_post("A")})

    found, stage = await rehearse(room, None)

    assert [decision.state for decision in found.decisions] == [PostState.SKIPPED]
    assert stage.planned == []
    assert await stage.problems("weekly") == ()
    assert await stage.newest("weekly", NOON) is None


async def test_a_rehearsal_plans_the_rows_that_the_look_then_writes(archive):
    """Same posts, same channels, same moments; before the look the archive has none of them."""
    room = room_of(archive, **{"a.md": a_post("A", 18)})
    await room.look()
    room.source.files["b.md"] = a_post("B", 19)

    found, stage = await rehearse(room, archive)
    before = await room.entry("b.md")
    await room.look()
    rows = await room.rows("b.md")

    assert [decision.state for decision in found.decisions] == [PostState.ANNOUNCED]
    assert before is None
    assert [row.id for row in rows] == [draft.id for draft in stage.planned]
    assert [row.due_at for row in rows] == [draft.due_at for draft in stage.planned]


async def test_a_post_that_waits_is_rehearsed_as_it_is_now(archive):
    """Its new text counts, but not as if it had been found only now."""
    old = an_entry(first_seen=NOON - timedelta(days=3), first_run=True)
    await archive.register.save("weekly", [(old, ())])
    stage = Rehearsal(archive.register)
    new = an_entry(title="Corrected", first_seen=NOON, first_run=False)

    await stage.save("weekly", [(new, ())])
    (waiting,) = await stage.undecided("weekly")

    assert waiting.title == "Corrected"
    assert waiting.first_seen == old.first_seen
    assert waiting.first_run is True


async def test_an_unchanged_post_waits_as_the_archive_has_it(archive):
    """What was not found anew is not lost from the plan."""
    old = an_entry()
    await archive.register.save("weekly", [(old, ())])

    assert [entry.id for entry in await Rehearsal(archive.register).undecided("weekly")] == [
        old.id
    ]


async def test_posts_stand_in_the_order_of_the_register(archive):
    """Oldest first, undated ones last; other sources' posts are not among them."""
    stage = Rehearsal(archive.register)
    await stage.save("weekly", [(an_entry("c.md", date=None), ()), (an_entry("b.md"), ())])
    await stage.save("weekly", [(an_entry("a.md", date=NOON - timedelta(days=9)), ())])
    await stage.save("other", [(an_entry("x.md", source="other"), ())])

    assert [entry.path for entry in await stage.undecided("weekly")] == ["a.md", "b.md", "c.md"]


async def test_reports_and_rows_are_kept_from_the_archive(archive):
    """Nothing that a rehearsal is told reaches the database."""
    stage = Rehearsal(archive.register)

    await stage.report("weekly", [Problem("weekly", "", "gone")], NOON)
    await stage.add([a_draft()])
    await stage.ask([an_entry().id], [a_draft()])
    await stage.warn("weekly", [a_draft()])
    await stage.warn_of("weekly", (), [a_draft()])
    assert await stage.told(an_entry(), [a_draft()])
    await stage.gone([], NOON, "gone")
    await stage.back([], "gone")

    assert await archive.desk.health() == ()
    assert await archive.desk.waiting(10) == ()
    assert stage.planned == [a_draft()] * 5


@pytest.mark.parametrize("nothing", [False, True], ids=["archive", "no archive"])
async def test_what_nobody_has_archived_is_nowhere(archive, nothing):
    """Also where there is no archive yet."""
    stage = Rehearsal(None if nothing else archive.register)

    assert await stage.shelf("weekly") is None
    assert await stage.posts([an_entry().id]) == ()
    assert await stage.unasked("weekly", NOON) == ()
    assert await stage.outdated("weekly", NOON) == ()
    assert await stage.failures("weekly") == 0
    assert await stage.unread("weekly") == ()
