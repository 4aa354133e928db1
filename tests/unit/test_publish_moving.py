"""Files that move, vanish and come back: the post stays the post it was."""

from collections.abc import AsyncIterator

import pytest
from typing_extensions import override

from bot.model.deliveries import DeliveryState
from bot.model.posts import PostState, Scan
from bot.reasons import key_of, said
from tests.fakes import FakeSource, FixedClock
from tests.prepared import an_archive
from tests.room import Room, a_post, settings

LONG = "## News\n\n" + "\n".join(f"- Story {n} about deep water and fish" for n in range(30))


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room with one announced post, a.md."""
    async with an_archive() as archive:
        room = Room(archive, FakeSource(), FixedClock(), settings())
        await room.look()
        room.source.files["a.md"] = a_post("A", body=LONG)
        await room.settled_look()
        assert len(await room.rows("a.md")) > 0
        yield room


async def paths(room: Room) -> dict[str, str]:
    """Path -> id of all posts."""
    shelf = await room.archive.register.shelf("weekly")
    return {known.path: known.id for known in shelf.posts} if shelf else {}


async def test_a_post_that_moves_keeps_its_id_and_is_not_announced_again(room):
    """Its path, address and date may all be others."""
    before = await room.rows("a.md")
    del room.source.files["a.md"]
    room.source.files["2026/a/index.md"] = a_post("A", day=19, body=LONG)

    moved = await room.settled_look()

    assert moved.decisions == ()
    assert await paths(room) == {"2026/a/index.md": "weekly:a.md"}
    entry = await room.entry("a.md")
    assert (entry.path, entry.state) == ("2026/a/index.md", PostState.ANNOUNCED)
    assert await room.rows("a.md") == before


async def test_a_file_that_is_deleted_first_and_added_later_has_moved(room):
    """Two pushes, two looks; nobody is told of the moment between."""
    text = room.source.files.pop("a.md")
    await room.look()
    gone = await room.entry("a.md")
    assert (gone.gone_at, gone.state) == (room.clock.now(), PostState.ANNOUNCED)

    room.source.files["b.md"] = text
    await room.settled_look()

    entry = await room.entry("a.md")
    assert (entry.path, entry.gone_at, entry.ask) == ("b.md", None, False)
    assert await paths(room) == {"b.md": "weekly:a.md"}


async def test_a_file_that_is_copied_first_and_deleted_later_has_moved(room):
    """The copy waits for corrections, and by then the old file is gone."""
    room.source.files["b.md"] = room.source.files["a.md"].replace("Story 3 ", "Tale 3 ")
    await room.look()
    assert (await room.entry("b.md")).state is PostState.UNDECIDED
    del room.source.files["a.md"]

    await room.settled_look()

    assert await paths(room) == {"b.md": "weekly:a.md"}
    assert await room.entry("b.md") is None
    assert "Tale 3 " in (await room.entry("a.md")).text


async def test_a_copy_that_changes_while_the_old_file_goes_has_moved(room):
    """Both at one look."""
    text = room.source.files["a.md"]
    room.source.files["b.md"] = text
    await room.look()
    del room.source.files["a.md"]
    room.source.files["b.md"] = text.replace("Story 3 ", "Tale 3 ")

    await room.settled_look()

    assert await paths(room) == {"b.md": "weekly:a.md"}
    assert "Tale 3 " in (await room.entry("a.md")).text


async def test_a_file_that_always_holds_the_latest_gives_each_issue_an_id(room):
    """The old issue moves to the archive, the new one takes its path, in one push."""
    room.source.files["archive/a.md"] = room.source.files["a.md"]
    room.source.files["a.md"] = a_post("B", body="## News\n\nSomething else entirely.")

    await room.settled_look()

    found = await paths(room)
    assert found["archive/a.md"] == "weekly:a.md"
    assert found["a.md"].startswith("weekly:a.md~")
    new = await room.archive.desk.post(found["a.md"])
    assert (new.title, new.state) == ("B", PostState.ANNOUNCED)
    assert len(await room.archive.desk.deliveries(new.id)) > 0


async def test_a_new_file_beside_an_old_one_is_a_new_post(room):
    """However alike they are: an author who copies last week's file writes a new issue."""
    room.source.files["b.md"] = a_post("B", body=LONG.replace("Story 3 ", "Tale 3 "))

    await room.settled_look()

    assert (await room.entry("b.md")).state is PostState.ANNOUNCED


async def test_a_post_that_is_dated_anew_and_reworked_on_its_way_is_the_same_post(room):
    """Its title is its own, and half of the text is left."""
    half = "\n".join(LONG.split("\n")[:22])
    del room.source.files["a.md"]
    room.source.files["b.md"] = a_post("A", day=1, body=f"{half}\n\nAnother end of it.")

    moved = await room.settled_look()

    assert (moved.decisions, await paths(room)) == ((), {"b.md": "weekly:a.md"})


async def test_a_title_that_every_issue_has_says_nothing(room):
    """The next issue is news although the last one goes with the same push."""
    room.source.files["a2.md"] = a_post("A", day=12, body=LONG)
    await room.settled_look()
    del room.source.files["a2.md"]
    new = LONG.replace("deep water", "shallow ponds")
    room.source.files["a3.md"] = a_post("A", day=20, body=new)

    await room.settled_look()

    assert (await room.entry("a3.md")).state is PostState.ANNOUNCED


async def test_a_whole_site_that_is_rearranged_announces_nothing():
    """Every post has another path, and another header."""
    async with an_archive() as archive:
        many = range(30)
        files = {f"{n}.md": a_post(f"Old {n}", body=f"Story {n}.") for n in many}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings())
        await room.settled_look()
        room.source.files = {
            f"blog/{path}": text.replace("---\n", "---\nlayout: new\n", 1)
            for path, text in files.items()
        }

        moved = await room.settled_look()

        assert moved.decisions == ()
        assert await paths(room) == {f"blog/{n}.md": f"weekly:{n}.md" for n in many}


async def test_a_file_that_is_back_elsewhere_after_long_is_known_by_the_letter(room):
    """Texts are compared for some days only; the very same one is known at any time."""
    text = room.source.files.pop("a.md")
    await room.look()
    room.clock.advance(days=60)

    room.source.files["b.md"] = text
    await room.settled_look()

    assert await paths(room) == {"b.md": "weekly:a.md"}


# ------------------------------------------------------------------ gone


async def test_what_waits_of_a_post_that_vanishes_is_held_and_what_is_sent_stays(room):
    """Until the file is back: then it goes on."""
    text = room.source.files.pop("a.md")
    first = (await room.rows("a.md"))[0]
    await room.look()

    rows = await room.rows("a.md")
    assert {row.state for row in rows} == {DeliveryState.HELD}
    assert "gone from the source" in said(rows[0].reason, "en")
    entry = await room.entry("a.md")
    assert (entry.state, entry.ask) == (PostState.ANNOUNCED, True)

    room.source.files["a.md"] = text
    await room.look()
    rows = await room.rows("a.md")
    assert {row.state for row in rows} == {DeliveryState.PLANNED}
    assert (rows[0].due_at, rows[0].reason) == (first.due_at, "")
    assert (await room.entry("a.md")).gone_at is None


async def test_a_post_that_vanishes_before_it_was_announced_is_held_and_starts_anew(room):
    """It is news again when it is back."""
    room.source.files["b.md"] = a_post("B")
    await room.look()
    text = room.source.files.pop("b.md")
    await room.settled_look()
    held = await room.entry("b.md")
    assert (held.state, key_of(held.reason)) == (PostState.HELD, "gone")

    room.source.files["b.md"] = text
    await room.settled_look()

    assert (await room.entry("b.md")).state is PostState.ANNOUNCED


async def test_an_announced_post_that_becomes_a_draft_again_is_as_good_as_gone(room):
    """Its site shows it no more; once it does, what waited goes on."""
    text = room.source.files["a.md"]
    room.source.files["a.md"] = text.replace("---\n", "---\ndraft: true\n", 1)
    await room.settled_look()
    await room.look()
    assert {row.state for row in await room.rows("a.md")} == {DeliveryState.HELD}
    assert (await room.entry("a.md")).ask

    room.source.files["a.md"] = text
    await room.settled_look()

    assert {row.state for row in await room.rows("a.md")} == {DeliveryState.PLANNED}
    assert (await room.entry("a.md")).gone_at is None


async def test_a_copy_of_an_announced_post_is_asked_about(room):
    """The very same text is no news, wherever else it stands."""
    room.source.files["copy/a.md"] = room.source.files["a.md"]

    await room.settled_look()

    entry = await room.entry("copy/a.md")
    assert (entry.state, key_of(entry.reason), entry.ask) == (PostState.HELD, "again", True)


async def test_history_that_is_tidied_up_is_told_to_nobody():
    """It was never announced."""
    async with an_archive() as archive:
        files = {f"{n}.md": a_post(f"Old {n}", day=n + 1) for n in range(5)}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings())
        await room.settled_look()

        del room.source.files["0.md"]
        await room.settled_look()

        entry = await room.entry("0.md")
        assert (entry.state, entry.ask) == (PostState.SKIPPED, False)
        assert entry.gone_at is not None


async def test_a_source_where_nothing_is_found_any_more_has_lost_its_place():
    """A mount that is away, or a mistyped path: nothing is held, and it is said."""
    async with an_archive() as archive:
        files = {f"{n}.md": a_post(f"Old {n}", day=n + 1) for n in range(5)}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings())
        await room.settled_look()
        room.source.files.clear()

        found = await room.look()

        assert "none of its 5 posts" in found.problems[0].words
        assert (await room.entry("0.md")).gone_at is None
        (health,) = await archive.desk.health()
        assert health.failures == 1


class NewestOnly(FakeSource):
    """A feed: what it does not show any more still exists."""

    @override
    async def scan(self) -> Scan:
        """Look once."""
        scan = await super().scan()
        return Scan(scan.found, scan.paths, scan.problems, complete=False)


async def test_what_a_feed_does_not_show_any_more_is_not_gone(room):
    """It shows its newest posts alone."""
    room.source = NewestOnly(files={"b.md": a_post("B")})

    await room.look()

    assert (await room.entry("a.md")).gone_at is None


async def test_a_post_whose_feed_gives_it_another_name_is_the_same_post(room):
    """A site that moves to https, or to another host, announces nothing anew."""
    body = "\n".join(f"Item {n} of quite another kind, {n * n} words long." for n in range(20))
    room.source = NewestOnly(files={"http/a.md": a_post("Feed", body=body)})
    await room.settled_look()
    rows = await room.rows("http/a.md")
    assert rows
    room.source.files = {"https/a.md": a_post("Feed", body=f"{body}\n\nSeen at https.")}

    moved = await room.settled_look()

    assert moved.decisions == ()
    assert (await paths(room))["https/a.md"] == "weekly:http/a.md"
    assert await room.rows("http/a.md") == rows


# ------------------------------------------------------------------ upgrades


async def read_by_an_older_version(room: Room) -> None:
    """Let the archive say that an older reader read it, as after an upgrade; and a restart."""
    async with room.archive._store.writing() as connection:
        await connection.exec_driver_sql("UPDATE sources SET reader = 0")
        await connection.exec_driver_sql("UPDATE posts SET title = 'misread'")
    room.source = FakeSource(files=room.source.files)


async def test_an_upgrade_reads_anew_and_announces_nothing(room):
    """What the old reader got wrong is put right in the archive, quietly."""
    rows = await room.rows("a.md")
    changed_at = (await room.entry("a.md")).changed_at
    await read_by_an_older_version(room)

    again = await room.settled_look()

    assert (again.decisions, await room.rows("a.md")) == ((), rows)
    entry = await room.entry("a.md")
    assert (entry.title, entry.changed_at) == ("A", changed_at)
    shelf = await room.archive.register.shelf("weekly")
    assert shelf is not None
    assert shelf.reader > 0


async def test_what_only_a_newer_version_can_read_is_no_news(room):
    """It was there all along."""
    room.source.files["bad.md"] = "---\ntitle: [\n---\n"
    await room.look()
    await read_by_an_older_version(room)
    room.source.files["bad.md"] = a_post("Readable now")

    await room.settled_look()

    assert (await room.entry("bad.md")).state is PostState.SKIPPED
