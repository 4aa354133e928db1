"""Discovery: from files at a source to rows in the outbox."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import publish
from bot.archive import ArchiveError
from bot.model.deliveries import DeliveryState
from bot.model.posts import PostState, Problem, Role
from bot.reasons import key_of
from config.settings import (
    ChannelSettings,
    SectionFilter,
)
from formatters.document import Site
from tests.fakes import FakeSource, FixedClock, claim
from tests.prepared import an_archive
from tests.room import SITE, Room, a_post, settings


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room whose source has been looked at once, while it was empty."""
    async with an_archive() as archive:
        room = Room(archive, FakeSource(), FixedClock(), settings())
        await room.look()
        yield room


async def test_a_new_post_becomes_rows_for_every_channel(room):
    """Once the settle window has passed; the payload is in the rows."""
    room.source.files["a.md"] = a_post("第 12 期")

    first = await room.look()
    assert (first.saved, await room.rows("a.md")) == (1, ())
    room.clock.advance(minutes=10)
    second = await room.look()

    assert [one.state for one in second.decisions] == [PostState.ANNOUNCED]
    rows = await room.rows("a.md")
    assert {row.channel for row in rows} == {"C1", "C2"}
    assert [row.part for row in rows if row.channel == "C1"] == [0, 1]
    assert {row.state for row in rows} == {DeliveryState.PLANNED}
    assert "第 12 期" in rows[0].message.text
    entry = await room.entry("a.md")
    assert (entry.number, entry.title, entry.date.hour) == (12, "第 12 期", 0)
    assert "Hello world." in entry.plain


async def test_looking_twice_writes_nothing_twice(room):
    """Not even a decision that says the same again."""
    room.source.files |= {
        "a.md": a_post("A"),
        "d.md": a_post("D").replace("---\n", "---\ndraft: true\n", 1),
    }
    await room.settled_look()
    rows = await room.rows("a.md")

    again = await room.look()

    assert (again.saved, again.decisions) == (0, ())
    assert await room.rows("a.md") == rows


async def test_what_was_there_before_the_first_look_stays_unsaid():
    """The baseline is silent, and a restart does not change that."""
    async with an_archive() as archive:
        files = {f"{n}.md": a_post(f"Old {n}", day=n + 1) for n in range(5)}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings())
        await room.settled_look()
        room.source = FakeSource(files=files)  # a new process sees all files anew

        after_restart = await room.look()

        assert (after_restart.saved, after_restart.decisions) == (0, ())
        assert (await room.entry("0.md")).state is PostState.SKIPPED
        assert (await archive.desk.counts())[DeliveryState.PLANNED] == 0


async def test_the_newest_may_be_announced_at_the_first_look():
    """At once: who tries the bot sees a digest."""
    async with an_archive() as archive:
        files = {f"{n}.md": a_post(f"Old {n}", day=n + 1) for n in range(5)}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings(baseline="latest"))

        await room.look()

        assert len(await room.rows("4.md")) == 4
        assert await room.rows("3.md") == ()


async def test_a_source_that_cannot_be_reached_is_not_an_empty_one(room):
    """Else everything in it would be new when it is back."""
    async with an_archive() as archive:
        room.archive, gone = archive, Problem("weekly", "", "gone")
        room.source.problems = (gone,)
        down = await room.look()
        room.source.problems = ()
        room.source.files["a.md"] = a_post("Old")

        await room.settled_look()

        assert down.problems == (gone,)
        assert (await room.entry("a.md")).state is PostState.SKIPPED


async def test_an_unreadable_post_is_a_problem_until_it_is_mended_and_stops_nothing(room):
    """Also while nothing changes and nothing is read again."""
    room.source.files |= {"bad.md": "---\ntitle: [\n---\n", "good.md": a_post("Good")}

    first = await room.look()
    room.clock.advance(minutes=10)
    second = await room.look()

    assert [one.path for one in first.problems] == ["bad.md"]
    assert second.problems == first.problems
    assert [one.post for one in second.decisions] == ["weekly:good.md"]
    (health,) = await room.archive.desk.health()
    assert (health.failures, health.problems) == (0, first.problems)
    room.source.files["bad.md"] = a_post("Mended")
    assert (await room.look()).problems == ()


async def test_a_failure_is_counted_when_a_source_was_asked(room):
    """Not again while it is left in peace; its problem stays told."""
    room.source.problems = (Problem("weekly", "", "it answers HTTP 429"),)
    await room.look()
    room.source.resting = True
    resting = await room.look()
    (health,) = await room.archive.desk.health()
    room.source.resting = False
    await room.look()
    (later,) = await room.archive.desk.health()

    assert resting.problems == room.source.problems
    assert (health.failures, health.problems) == (1, room.source.problems)
    assert later.failures == 2


async def test_a_source_that_cannot_be_reached_was_not_looked_at(room):
    """What it published meanwhile was missed; what is known of it goes out at its time."""
    room.settings, room.every = settings(catch_up="none"), timedelta(minutes=5)
    room.source.files["ahead.md"] = a_post("Ahead", day=22)
    await room.settled_look()
    room.source.problems = (Problem("weekly", "", "gone"),)
    for _ in range(3):
        room.clock.advance(days=1)
        await room.look()
    ahead = await room.entry("ahead.md")
    room.source.problems = ()
    room.source.files["meanwhile.md"] = a_post("Meanwhile", day=23)

    await room.settled_look()

    assert (ahead.state, key_of(ahead.reason)) == (PostState.ANNOUNCED, "new")
    meanwhile = await room.entry("meanwhile.md")
    assert (meanwhile.state, key_of(meanwhile.reason)) == (PostState.HELD, "missed")


async def test_a_source_that_is_left_in_peace_as_it_wants_is_looked_at(room):
    """Its answer holds for an hour, it said: what comes then was missed by nobody."""
    room.settings, room.every = settings(catch_up="none"), timedelta(minutes=5)
    await room.look()
    room.source.resting = True
    for _ in range(14):
        room.clock.advance(minutes=5)
        await room.look()
    room.source.resting = False
    room.source.files["fresh.md"] = a_post("Fresh", day=20)
    room.clock.advance(minutes=5)

    await room.settled_look()

    entry = await room.entry("fresh.md")
    assert (entry.state, key_of(entry.reason)) == (PostState.ANNOUNCED, "new")


async def test_a_removed_file_takes_its_problem_with_it(room):
    """What is not there needs no mending."""
    room.source.files["bad.md"] = "---\ntitle: [\n---\n"
    await room.look()

    del room.source.files["bad.md"]

    assert (await room.look()).problems == ()


async def test_a_fault_of_ours_in_one_post_stops_no_other(room, caplog):
    """It is logged as an error and shown as a problem of that post."""
    room.source.files |= {"a.md": a_post("A"), "b.md": a_post("B")}
    broken = Site(zone="Not/AZone", language="en")

    found = await room.look(site=broken)

    assert [one.path for one in found.problems] == ["a.md", "b.md"]
    assert "failed to read" in found.problems[0].words
    assert "post.not_read" in caplog.text


async def test_a_post_that_cannot_be_composed_is_held_and_stops_no_other(room, caplog):
    """A settings object that lies stands for a fault of ours."""
    liar = ChannelSettings.model_construct(
        id="C9", sources=(), style="none", language="", send=None, quiet=None,
        approval=False, sections=SectionFilter(),
    )  # fmt: skip
    room.settings = room.settings.model_copy(update={"channels": (liar,)})
    room.source.files["a.md"] = a_post("A")

    await room.settled_look()

    entry = await room.entry("a.md")
    assert entry.state is PostState.HELD
    assert "ValueError" in entry.reason
    assert "post.not_composed" in caplog.text


async def test_a_post_waits_for_the_moment_from_which_its_site_shows_it(room):
    """Hugo shows a page from `publishDate` on, whatever its `date`."""
    room.source.files["a.md"] = a_post("A").replace(
        "---\n", "---\npublishDate: 2026-11-22 08:00:00 +0800\n", 1
    )

    await room.settled_look()

    entry = await room.entry("a.md")
    assert (entry.state, key_of(entry.reason)) == (PostState.UNDECIDED, "date")
    room.clock.advance(days=2)
    await room.look()
    assert (await room.entry("a.md")).state is PostState.ANNOUNCED


async def test_a_channel_gets_the_communitys_own_words(room):
    """As the templates of the settings have them."""
    words = (("header.md", "From {{ site }}: {{ title }}"),)
    room.settings = room.settings.model_copy(update={"templates": words})
    room.source.files["a.md"] = a_post("A")

    await room.settled_look()

    (row, *_) = await room.rows("a.md")
    assert f"From {room.settings.site.name}: A" in row.message.text


async def test_a_template_that_fails_on_a_post_is_told_and_stops_nothing(room, caplog):
    """The post goes out in our own words."""
    words = (("header.md", "{% if title == 'A' %}{{ title + 1 }}{% endif %}"),)
    room.settings = room.settings.model_copy(update={"templates": words})
    room.source.files["a.md"] = a_post("A")

    await room.settled_look()

    assert await room.rows("a.md")
    assert "template.failed post=a.md channel=" in caplog.text


async def test_a_correction_within_the_settle_window_is_what_goes_out(room):
    """The window starts again with each change."""
    room.source.files["a.md"] = a_post("A", body="Teh text")
    await room.look()
    room.clock.advance(minutes=8)
    room.source.files["a.md"] = a_post("A", body="The text")
    await room.look()
    room.clock.advance(minutes=8)
    assert (await room.look()).decisions == ()
    room.clock.advance(minutes=2)
    await room.look()

    blocks = str([row.message.blocks for row in await room.rows("a.md")])
    assert "The text" in blocks
    assert "Teh" not in blocks


async def test_a_changed_post_that_is_announced_is_archived_but_not_announced_again(room):
    """A touched date or a mended word is no new post."""
    room.source.files["a.md"] = a_post("A")
    await room.settled_look()
    room.source.files["a.md"] = a_post("A, mended", day=19)

    changed = await room.settled_look()

    assert changed.decisions == ()
    assert (await room.entry("a.md")).title == "A, mended"
    assert len(await room.rows("a.md")) == 4


async def test_channels_get_what_they_asked_for(room):
    """Style, language, sections and approval are a channel's own."""
    room.settings = settings(
        ChannelSettings(id="C1", style="card"),
        ChannelSettings(id="C2", approval=True, style="full", language="en"),
        ChannelSettings(id="C3", sources=("blog",)),
        ChannelSettings(id="C4", sections=SectionFilter(only=("jobs",))),
    )
    room.source.files["a.md"] = a_post("A")

    await room.settled_look()

    states = {row.channel: row.state for row in await room.rows("a.md")}
    assert states == {"C1": DeliveryState.PLANNED, "C2": DeliveryState.HELD}


async def test_a_post_without_a_title_goes_by_its_path(room):
    """Something must name it."""
    room.source.files["notes/a.md"] = "Just text.\n"

    await room.look()

    assert (await room.entry("notes/a.md")).title == "notes/a.md"


async def test_a_page_of_an_event_is_listed_and_not_announced(room):
    """Its meetup can be asked for at once."""
    body = "活动时间：2026-12-05 14:00-17:00\n\n活动地点：杭州"
    room.source.files["m.md"] = a_post("灯笼鱼 Meetup", body=body)

    await room.look(Role.EVENTS)

    assert (await room.entry("m.md")).state is PostState.SKIPPED
    await publish.gather(room.archive.agenda, clock=room.clock)
    (meetup,) = await room.archive.library.meetups(room.clock.now(), limit=5)
    assert meetup.start.isoformat() == "2026-12-05T14:00:00+08:00"


# ------------------------------------------------------------------ repost


async def test_a_repost_is_a_delivery_of_its_own_and_happens_once(room):
    """The same occasion again, a second click, writes nothing."""
    room.source.files["a.md"] = a_post("A")
    await room.settled_look()
    entry = await room.entry("a.md")
    before = len(await room.rows("a.md"))

    async def repost(occasion: str):
        return await publish.repost(
            entry,
            channels=(ChannelSettings(id="C2", style="card"),),
            occasion=occasion,
            site=SITE,
            register=room.archive.register,
            clock=room.clock,
            settings=room.settings,
        )

    (row,) = await repost("repost:n1")
    await repost("repost:n1")
    assert (row.channel, row.due_at) == ("C2", room.clock.now())
    assert len(await room.rows("a.md")) == before + 1
    await repost("repost:n2")
    assert len(await room.rows("a.md")) == before + 2


async def test_a_repost_of_a_held_post_announces_it(room):
    """The question is answered."""
    room.settings = settings(ChannelSettings(id="C1", style="card"), breaker=1)
    room.source.files |= {"a.md": a_post("A"), "b.md": a_post("B")}
    await room.settled_look()
    entry = await room.entry("a.md")
    assert entry.state is PostState.HELD

    await publish.repost(
        entry,
        channels=room.settings.channels,
        occasion="repost:1",
        site=SITE,
        register=room.archive.register,
        clock=room.clock,
        settings=room.settings,
    )

    assert (await room.entry("a.md")).state is PostState.ANNOUNCED
    assert (await room.entry("b.md")).state is PostState.HELD
    assert [row.channel for row in await room.rows("a.md")] == ["C1"]
    assert await claim(room.archive.outbox, room.clock.now()) is not None


async def test_what_could_not_be_written_down_is_told_again(room):
    """A disk that is full for a while costs no post, though the source has told it already."""
    room.source.files["a.md"] = a_post("A")
    words = "BEFORE INSERT ON posts BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    async with room.archive._store.writing() as connection:
        await connection.execute(text(f"CREATE TRIGGER full {words}"))
    with pytest.raises(ArchiveError, match="disk is full"):
        await room.look()
    async with room.archive._store.writing() as connection:
        await connection.execute(text("DROP TRIGGER full"))

    assert (await room.look()).saved == 1
    assert (await room.look()).saved == 0


async def test_a_post_that_cannot_be_read_is_told_to_the_log_once(room, caplog):
    """An operator who reads the log learns of it, and is not told again at every look."""
    room.source.files["bad.md"] = "---\ntitle: [\n---\n\nwords\n"

    await room.look()
    await room.look()

    told = [line for line in caplog.messages if line.startswith("post.unreadable")]
    assert len(told) == 1
    assert "bad.md" in told[0]


async def test_a_sites_pages_that_are_no_posts_are_passed_over(room):
    """A section's list and the repository's papers are neither posted nor a problem."""
    room.source.files |= {
        "_index.md": a_post("All our news"),
        "README.md": "How to write news",
        "archetypes/news.md": "---\ntitle: {{ .Name }}\n---\n",
        "a.md": a_post("A"),
    }

    look = await room.look()

    assert (look.saved, look.problems) == (1, ())
    assert await room.settled_look()
    assert await room.rows("a.md")


async def test_a_post_waits_until_readers_can_see_it(room):
    """The publishing date counts, whatever date the page shows."""
    shown, seen = room.clock.now(), room.clock.now() + timedelta(hours=3)
    dates = f"date: {shown.isoformat()}\npublishDate: {seen.isoformat()}\n"
    room.source.files["a.md"] = f"---\ntitle: A\n{dates}---\nHello.\n"

    await room.settled_look()
    early = await room.rows("a.md")
    room.clock.advance(hours=3)
    await room.look()

    assert early == ()
    assert await room.rows("a.md")
