"""The archive's promises, on every database that it can live in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typing_extensions import override

from bot.archive import Archive, ArchiveError, migrate, open_archive
from bot.archive.shelving import MOST_REVISIONS
from bot.model.deliveries import DeliveryState, Draft, Roundup, Settlement
from bot.model.ids import ChannelId, DeliveryId, PostId, WorkspaceId
from bot.model.posts import (
    Absence,
    Decision,
    Meetup,
    Passage,
    PostState,
    Problem,
    Role,
    Shelf,
)
from bot.plan.payloads import fingerprint
from bot.publish import gather
from formatters.message import Block
from tests.fakes import NOON, FixedClock, Unhurried, a_draft, a_message, an_entry, claim, drafts

LEASE = timedelta(seconds=60)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/new folder/digest.db"


@pytest.fixture
async def archive(url: str) -> AsyncIterator[Archive]:
    """An archive on it."""
    await migrate(url)
    archive = await open_archive(url, zone=SHANGHAI)
    yield archive
    await archive.close()


async def announced(archive: Archive, *posts: str, channels=("C1",), parts=1):
    """Archive posts and write their rows."""
    for post in posts:
        await archive.register.save("weekly", [(an_entry(post), ())])
        rows = drafts(f"weekly:{post}", channels=channels, parts=parts)
        decision = Decision(PostId(f"weekly:{post}"), PostState.ANNOUNCED, "new")
        await archive.register.decide(decision, rows)


async def send(archive: Archive, now: datetime = NOON, ts: str = "1.0"):
    """Carry the next row through to sent; answers it as it was claimed."""
    claimed = await claim(archive.outbox, now)
    if claimed is not None:
        begun = await archive.outbox.begin(claimed, now)
        assert begun is not None
        await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, now, "", ts=ts))
    return claimed


# ------------------------------------------------------------------ opening


async def test_an_archive_that_was_not_prepared_says_what_to_run(url):
    """Opening an empty database names the command that prepares it."""
    with pytest.raises(ArchiveError, match="digestbot migrate"):
        await open_archive(url)


async def test_several_processes_may_prepare_a_database_at_once(url):
    """Migrations run once, whoever comes first, and the other runs change nothing."""
    runs = await asyncio.gather(*(migrate(url) for _ in range(6)))

    assert sorted(before for before, _ in runs) == [*["0009"] * 5, "empty"]
    assert {after for _, after in runs} == {"0009"}


async def test_a_database_of_a_newer_version_is_left_alone(archive, url):
    """Code that is older than the database refuses to touch it, and says so."""
    async with archive._store.writing() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    for act in (migrate, open_archive):
        with pytest.raises(ArchiveError, match="newer"):
            await act(url)


async def test_an_open_archive_gives_a_sign_of_life(archive):
    """A ping reaches the database."""
    await archive.ping()


# ------------------------------------------------------------------ register


async def test_what_stands_is_remembered_of_older_posts_latest_first(archive):
    """Those dated before a moment; no drafts, none that are gone, none of those set apart."""
    every: list[dict[str, object]] = [{}, {}, {}, {"draft": True}, {}, {"source": "other"}]
    for number, changes in enumerate(every):
        entry = an_entry(
            f"{number}.md",
            date=NOON - timedelta(days=10 - number),
            prints=f"p{number}",
            standing=f"s{number}",
            **changes,
        )
        await archive.register.save(entry.source, [(entry, ())])
    gone = Decision(PostId("weekly:1.md"), PostState.UNDECIDED, "gone")
    await archive.register.gone([gone], NOON, "gone")

    older = archive.register.older
    before, apart = NOON - timedelta(days=6), [PostId("weekly:0.md")]

    assert await older("weekly", before, limit=8, apart=[]) == (
        (NOON - timedelta(days=8), "p2", "s2"),
        (NOON - timedelta(days=10), "p0", "s0"),
    )
    assert [row[1] for row in await older("weekly", NOON, limit=1, apart=[])] == ["p4"]
    assert [row[1] for row in await older("weekly", before, limit=8, apart=apart)] == ["p2"]


async def test_a_source_has_no_revisions_before_its_first_look(archive):
    """None means never looked at; an empty source that was looked at has an empty mapping."""
    assert await archive.register.shelf("weekly") is None
    await archive.register.report("weekly", (), NOON)
    assert await archive.register.shelf("weekly") is None

    await archive.register.save("weekly", ())

    assert await archive.register.shelf("weekly") == Shelf(0, (), NOON)


async def test_an_entry_comes_back_as_it_was_saved(archive):
    """Every field survives, Chinese and emoji included, times to the microsecond in UTC."""
    entry = an_entry(
        "2026/第 1 期 🎉 [x].md",
        title="灯笼鱼",
        number=7,
        date=datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=SHANGHAI),
        expires=NOON,
        draft=True,
        first_run=True,
    )

    await archive.register.save("weekly", [(entry, ())])

    found = await archive.desk.post(entry.id)
    assert found == entry
    assert found.date.tzinfo is UTC
    assert found.date.isoformat() == "2026-11-20T00:00:00.123456+00:00"
    (known,) = (await archive.register.shelf("weekly")).posts
    assert (known.id, known.path, known.revision) == (entry.id, entry.path, entry.revision)
    assert await archive.register.posts([entry.id]) == (entry,)


async def test_a_time_without_a_zone_is_refused(archive):
    """A naive datetime is a fault of ours and never stored."""
    entry = an_entry(date=datetime(2026, 1, 1))  # noqa: DTZ001

    with pytest.raises((ArchiveError, ValueError)):
        await archive.register.save("weekly", [(entry, ())])


async def test_a_changed_post_keeps_its_past(archive):
    """State, reason and the moment of the first sight outlive a new revision."""
    first = an_entry(first_run=True)
    await archive.register.save("weekly", [(first, ())])
    await archive.register.decide(Decision(first.id, PostState.SKIPPED, "old"), ())

    changed = replace(
        first, revision="r2", title="New", first_run=False, first_seen=NOON, changed_at=NOON
    )
    await archive.register.save("weekly", [(changed, ())])

    found = await archive.desk.post(first.id)
    assert (found.revision, found.title, found.changed_at) == ("r2", "New", NOON)
    assert (found.state, found.reason) == (PostState.SKIPPED, "old")
    assert (found.first_run, found.first_seen) == (True, first.first_seen)


async def test_every_text_of_a_post_is_kept_up_to_a_number(archive):
    """The oldest make room; the same text again, read anew, is none more."""
    for number in range(MOST_REVISIONS + 2):
        at = NOON + timedelta(minutes=number)
        entry = an_entry(revision=f"r{number}", text=f"text {number}", changed_at=at)
        await archive.register.save("weekly", [(entry, ()), (an_entry("b.md"), ())])
        await archive.register.save("weekly", [(entry, ())])

    texts = await archive.desk.revisions(PostId("weekly:a.md"))

    assert [text.revision for text in texts] == [f"r{n}" for n in range(2, MOST_REVISIONS + 2)]
    assert (texts[0].text, texts[0].found_at) == ("text 2", NOON + timedelta(minutes=2))
    assert len(await archive.desk.revisions(PostId("weekly:b.md"))) == 1
    assert await archive.desk.revisions(PostId("weekly:zz.md")) == ()


async def test_an_announced_post_that_changes_or_moves_is_outdated_until_it_is_told(archive):
    """Once, whoever tells it; one that nobody was told of, or that is gone, is not."""
    await announced(archive, "a.md", "b.md", "c.md")
    assert await archive.register.outdated("weekly", NOON) == ()
    earlier = NOON - timedelta(hours=1)
    changed = an_entry("a.md", revision="r2", changed_at=earlier)
    moved = replace(an_entry("b.md", changed_at=NOON), path="x/b.md")
    waiting = an_entry("d.md", revision="r2")
    gone = an_entry("c.md", revision="r2", changed_at=earlier)
    await archive.register.save(
        "weekly", [(one, ()) for one in (moved, changed, waiting, gone)]
    )
    decision = Decision(gone.id, PostState.ANNOUNCED, "new", was=PostState.ANNOUNCED)
    await archive.register.gone([decision], NOON, "gone")

    found = await archive.register.outdated("weekly", NOON)

    was = an_entry("a.md").revision
    assert [(one.id, one.told) for one in found] == [("weekly:a.md", was), ("weekly:b.md", "")]
    assert len(await archive.register.outdated("weekly", earlier)) == 1
    news = a_draft(revision="r2")
    assert await archive.register.told(found[0], [news])
    assert not await archive.register.told(found[0], [a_draft(revision="r3")])
    assert [one.id for one in await archive.register.outdated("weekly", NOON)] == [moved.id]
    rows = await archive.desk.deliveries(found[0].id)
    assert [row.revision for row in rows] == ["r1", "r2"]


async def test_undecided_posts_come_oldest_first_and_undated_last(archive):
    """The order in which posts are decided is the order of their dates."""
    old, new = an_entry("z.md", date=NOON - timedelta(days=2)), an_entry("b.md", date=NOON)
    undated, other = (
        an_entry("a.md", date=None),
        an_entry("c.md", date=NOON - timedelta(days=1)),
    )
    await archive.register.save("weekly", [(one, ()) for one in (undated, new, other, old)])
    await archive.register.decide(Decision(other.id, PostState.HELD, "late"), ())

    found = await archive.register.undecided("weekly")

    assert [one.path for one in found] == ["z.md", "b.md", "a.md"]
    assert await archive.register.undecided("elsewhere") == ()


async def test_the_newest_is_the_latest_decided_date_up_to_now(archive):
    """Undecided and future-dated posts do not count."""
    assert await archive.register.newest("weekly", NOON) is None
    yesterday = NOON - timedelta(days=1)
    for path, date in (("a.md", yesterday), ("b.md", NOON + timedelta(days=1)), ("c.md", None)):
        await archive.register.save("weekly", [(an_entry(path, date=date), ())])
        await archive.register.decide(
            Decision(PostId(f"weekly:{path}"), PostState.SKIPPED, ""), ()
        )
    await archive.register.save("weekly", [(an_entry("d.md", date=NOON), ())])

    assert await archive.register.newest("weekly", NOON) == yesterday


async def test_a_decision_and_its_rows_are_written_once(archive):
    """A decision on a post that was decided meanwhile writes nothing at all."""
    await announced(archive, "a.md")

    late = Decision(PostId("weekly:a.md"), PostState.ANNOUNCED, "again")
    await archive.register.decide(late, [a_draft(revision="r2")])
    await archive.register.add(drafts())

    assert len(await archive.desk.deliveries(PostId("weekly:a.md"))) == 1
    assert (await archive.desk.post(PostId("weekly:a.md"))).reason == "new"


async def missed(archive) -> tuple[list[tuple[Decision, tuple[Draft, ...]]], Roundup]:
    """Two posts that are announced by one message."""
    decided = []
    for path in ("a.md", "b.md"):
        await archive.register.save("weekly", [(an_entry(path), ())])
        post = PostId(f"weekly:{path}")
        decided.append((Decision(post, PostState.ANNOUNCED, "together"), drafts(post, parts=2)))
    rows = frozenset(row.id for _, those in decided for row in those)
    one = a_draft(":roundup 1", occasion="roundup")
    return decided, Roundup(rows, "in one", (one,))


async def test_posts_that_come_in_one_message_are_decided_together(archive):
    """Their own rows stay back, and say why."""
    decided, roundup = await missed(archive)

    await archive.register.round_up(decided, [roundup])

    rows = await archive.desk.deliveries(PostId("weekly:a.md"))
    assert {(row.state, row.reason) for row in rows} == {(DeliveryState.HELD, "in one")}
    assert await archive.register.undecided("weekly") == ()
    assert (await claim(archive.outbox, NOON)).post == ":roundup 1"
    assert await claim(archive.outbox, NOON) is None


async def test_nothing_is_rounded_up_once_somebody_has_decided_on_a_part_of_it(archive):
    """Else that part would be told twice; the rest is decided anew."""
    decided, roundup = await missed(archive)
    await archive.register.decide(
        Decision(decided[1][0].post, PostState.SKIPPED, "by hand"), ()
    )

    await archive.register.round_up(decided, [roundup])

    assert [one.id for one in await archive.register.undecided("weekly")] == ["weekly:a.md"]
    assert await archive.desk.deliveries(PostId("weekly:a.md")) == ()
    assert await claim(archive.outbox, NOON) is None


async def test_a_source_knows_when_it_was_looked_at_and_when_nobody_did(archive):
    """A look that failed is none."""
    away = Absence(NOON - timedelta(days=3), NOON)
    await archive.register.save("weekly", ())
    await archive.register.report("weekly", (), NOON, away)
    later = NOON + timedelta(hours=1)
    await archive.register.report("weekly", (Problem("weekly", "", "gone"),), later)

    shelf = await archive.register.shelf("weekly")

    assert (shelf.looked_at, shelf.absence) == (NOON, away)


async def test_two_processes_that_decide_at_once_write_one_set_of_rows(archive):
    """Even if they saw different revisions of the post."""
    await archive.register.save("weekly", [(an_entry(), ())])
    decision = Decision(PostId("weekly:a.md"), PostState.ANNOUNCED, "new")

    await asyncio.gather(
        *(archive.register.decide(decision, [a_draft(revision=f"r{n}")]) for n in range(4))
    )

    assert len(await archive.desk.deliveries(PostId("weekly:a.md"))) == 1


async def test_the_health_of_a_source_counts_failures_in_a_row(archive):
    """A problem of one file is no failure of the source; one of the whole source is."""
    gone, broken = Problem("weekly", "", "gone"), Problem("weekly", "a.md", "no title")
    await archive.register.report("weekly", (broken,), NOON)
    later = NOON + timedelta(minutes=5)
    await archive.register.report("weekly", (gone,), later)
    await archive.register.report("weekly", (gone, broken), later)

    (health,) = await archive.desk.health()

    assert (health.source, health.last_ok, health.failures) == ("weekly", NOON, 2)
    assert health.problems == (gone, broken) == await archive.register.problems("weekly")
    await archive.register.report("weekly", (), later)
    (health,) = await archive.desk.health()
    assert (health.last_ok, health.failures, health.problems) == (later, 0, ())
    assert await archive.register.problems("elsewhere") == ()


# ------------------------------------------------------------------ outbox


async def test_rows_go_out_in_order_and_parts_under_their_first(archive):
    """Part 0 is claimed first; the others know its ts once it is sent."""
    await announced(archive, "a.md", "b.md", parts=2)

    claimed = [await send(archive, ts=f"{n}.0") for n in range(5)]

    assert [(one.post, one.part) for one in claimed[:4]] == [
        ("weekly:a.md", 0),
        ("weekly:a.md", 1),
        ("weekly:b.md", 0),
        ("weekly:b.md", 1),
    ]
    assert claimed[4] is None
    assert [one.thread_ts for one in claimed[:4]] == [None, "0.0", None, "2.0"]
    assert [one.parent_state for one in claimed[:2]] == [None, DeliveryState.SENT]


async def test_a_row_in_flight_holds_back_only_its_own_channel(archive):
    """Channels are independent of each other."""
    await announced(archive, "a.md", channels=("C1", "C2"), parts=2)

    one, two = [await claim(archive.outbox, NOON) for _ in range(2)]

    assert {one.channel, two.channel} == {"C1", "C2"}
    assert await claim(archive.outbox, NOON) is None


async def test_many_workers_never_claim_one_row_twice(archive):
    """Claims at the same moment answer different rows."""
    await announced(archive, "a.md", channels=[f"C{n}" for n in range(12)])

    claims = await asyncio.gather(*(claim(archive.outbox, NOON) for _ in range(16)))

    taken = [one.id for one in claims if one is not None]
    assert len(taken) == len(set(taken))
    rest = [await claim(archive.outbox, NOON) for _ in range(12)]
    assert len(taken) + sum(one is not None for one in rest) == 12


async def test_a_row_is_not_claimed_before_it_is_due(archive):
    """`next_due` says when to ask again."""
    await announced(archive, "a.md")
    early = NOON - timedelta(microseconds=1)

    assert await claim(archive.outbox, early) is None
    assert await archive.outbox.next_due() == NOON
    assert await claim(archive.outbox, NOON) is not None
    assert await archive.outbox.next_due() == NOON + LEASE


async def test_nothing_waits_in_an_empty_outbox(archive):
    """Without rows there is no next moment."""
    assert await archive.outbox.next_due() is None


async def test_a_channel_rests_after_a_message(archive):
    """The due time of a sent row is when its channel takes the next one."""
    await announced(archive, "a.md", channels=("C1", "C2"), parts=2)
    claimed = await claim(archive.outbox, NOON)
    begun = await archive.outbox.begin(claimed, NOON)
    later = NOON + timedelta(seconds=1)
    await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, later, "", ts="1.0"))

    other = await claim(archive.outbox, NOON)

    assert other.channel != claimed.channel
    assert await claim(archive.outbox, NOON) is None
    assert await archive.outbox.next_due() == later
    assert (await claim(archive.outbox, later)).channel == claimed.channel


async def test_a_claim_whose_lease_ran_out_is_claimed_again_and_the_first_one_is_void(archive):
    """A worker that woke too late must not send what another one has taken over."""
    await announced(archive, "a.md")
    slow = await claim(archive.outbox, NOON)
    quick = await claim(archive.outbox, NOON + LEASE)

    assert quick.id == slow.id
    assert quick.state is DeliveryState.CLAIMED
    assert await archive.outbox.begin(slow, NOON + LEASE) is None
    assert await archive.outbox.begin(quick, NOON + LEASE) is not None
    assert await archive.outbox.begin(quick, NOON + LEASE) is None


async def test_a_claim_that_is_too_old_cannot_begin(archive):
    """Even while nobody else has claimed the row."""
    await announced(archive, "a.md")
    slow = await claim(archive.outbox, NOON)

    assert await archive.outbox.begin(slow, NOON + LEASE) is None


async def test_a_row_that_was_being_sent_when_its_lease_ran_out_is_unknown(archive):
    """A crash between call and answer leads to a look, never to a second call."""
    await announced(archive, "a.md")
    begun = await archive.outbox.begin(await claim(archive.outbox, NOON), NOON)
    assert (begun.state, begun.attempts, begun.attempted_at) == (DeliveryState.SENDING, 1, NOON)

    found = await claim(archive.outbox, NOON + LEASE)

    assert (found.id, found.state) == (begun.id, DeliveryState.UNKNOWN)
    assert found.attempted_at == NOON
    assert await claim(archive.outbox, NOON + LEASE) is None


async def test_calls_that_nobody_knows_the_end_of_are_counted_apart_from_those_turned_away(
    archive,
):
    """Of four calls Slack turned two away; the worker of one died, the line of one broke."""
    await announced(archive, "a.md")
    turned_away = Settlement(DeliveryState.PLANNED, NOON, "busy", answered=True)
    lost = Settlement(DeliveryState.PLANNED, NOON, "not there")
    now, counted = NOON, []
    for settlement in (turned_away, None, lost, turned_away):
        found = await claim(archive.outbox, now)
        if (
            found.state is DeliveryState.UNKNOWN
        ):  # a look, of which we say that it found nothing
            await archive.outbox.settle(found, lost)
            found = await claim(archive.outbox, now)
        begun = await archive.outbox.begin(found, now)
        counted.append((begun.attempts, begun.unsure))
        if settlement is not None:
            await archive.outbox.settle(begun, settlement)
        now += LEASE

    assert counted == [(1, 1), (2, 1), (3, 2), (4, 3)]
    (row,) = await archive.desk.deliveries(PostId("weekly:a.md"))
    assert (row.attempts, row.unsure) == (4, 2)


async def test_a_late_word_that_it_is_sent_is_believed_and_any_other_is_not(archive):
    """The first claim's worker may still report success; its other reports are void."""
    await announced(archive, "a.md")
    begun = await archive.outbox.begin(await claim(archive.outbox, NOON), NOON)
    later = NOON + LEASE
    await claim(archive.outbox, later)

    await archive.outbox.settle(begun, Settlement(DeliveryState.PLANNED, later, "again"))
    assert (await archive.desk.counts())[DeliveryState.UNKNOWN] == 1

    await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, later, "", ts="7.0"))
    (row,) = await archive.desk.deliveries(PostId("weekly:a.md"))
    assert (row.state, row.ts) == (DeliveryState.SENT, "7.0")


async def test_an_unknown_row_is_looked_at_when_it_is_due(archive):
    """And blocks its channel until it is settled."""
    await announced(archive, "a.md", "b.md")
    begun = await archive.outbox.begin(await claim(archive.outbox, NOON), NOON)
    later = NOON + timedelta(seconds=5)
    await archive.outbox.settle(begun, Settlement(DeliveryState.UNKNOWN, later, "timeout"))

    assert await claim(archive.outbox, NOON) is None
    assert await archive.outbox.next_due() == later
    found = await claim(archive.outbox, later)
    assert (found.id, found.state, found.reason) == (begun.id, DeliveryState.UNKNOWN, "timeout")
    assert await archive.outbox.next_due() == later + LEASE


async def test_a_payload_at_fault_is_held_wherever_it_is_the_same(archive):
    """In every channel and at every occasion; not the same part in another style."""
    await announced(archive, "a.md", channels=("C1", "C2", "C3"), parts=2)
    await announced(archive, "b.md")
    same = a_draft(occasion="repost")
    other = replace(a_draft(occasion="other style"), message=a_message("another"))
    await archive.register.add([same, other])
    claimed = await claim(archive.outbox, NOON)
    begun = await archive.outbox.begin(claimed, NOON)

    fault = Settlement(DeliveryState.HELD, NOON, "invalid_blocks", halt=True)
    await archive.outbox.settle(begun, fault)

    rows = await archive.desk.waiting(20)
    held = {(row.occasion, row.channel, row.part) for row in rows if "invalid" in row.reason}
    assert held == {
        *(("publish", channel, 0) for channel in ("C1", "C2", "C3")),
        ("repost", "C1", 0),
    }
    assert (await archive.desk.counts())[DeliveryState.PLANNED] == 5


async def test_a_payload_that_was_mended_is_mended_everywhere(archive):
    """Also where it was claimed already: it is begun with the message as it is now."""
    await announced(archive, "a.md", channels=("C1", "C2", "C3"))
    first, second = [await claim(archive.outbox, NOON) for _ in range(2)]
    begun = await archive.outbox.begin(first, NOON)
    mended = Settlement(
        DeliveryState.PLANNED, NOON, "simpler", halt=True, message=a_message("plain"), rung=9
    )

    await archive.outbox.settle(begun, mended)

    rows = await archive.desk.waiting(20)
    assert {(row.message.text, row.rung) for row in rows} == {("plain", 9)}
    assert (await archive.outbox.begin(second, NOON)).message.text == "plain"


async def test_a_row_whose_day_has_not_come_holds_nothing_back(archive):
    """Neither a repost nor the next post; one that was tried does."""
    await archive.register.save("weekly", [(an_entry(), ()), (an_entry("b.md"), ())])
    friday = a_draft(due_at=NOON + timedelta(days=3))
    await archive.register.add([friday, a_draft("weekly:b.md")])

    now = await claim(archive.outbox, NOON)
    assert now.post == "weekly:b.md"
    begun = await archive.outbox.begin(now, NOON)
    later = NOON + timedelta(minutes=5)
    await archive.outbox.settle(begun, Settlement(DeliveryState.PLANNED, later, "busy"))
    await archive.register.add([a_draft("weekly:b.md", occasion="again")])

    assert await claim(archive.outbox, NOON) is None
    assert await archive.outbox.next_due() == later


async def test_an_urgent_row_goes_before_the_others_of_its_channel(archive):
    """A maintainer's repost does not wait for a bulk, only for what is in flight."""
    await announced(archive, "a.md", "b.md")
    await archive.register.add([a_draft("weekly:b.md", occasion="repost", urgent=True)])

    first = await claim(archive.outbox, NOON)

    assert (first.occasion, first.urgent) == ("repost", True)
    assert await claim(archive.outbox, NOON) is None


async def test_the_same_channel_of_two_workspaces_is_two(archive):
    """A shared channel has one id in both; each bot has its own order and its own pace."""
    await archive.register.save("weekly", [(an_entry(), ())])
    there = replace(a_draft(occasion="there"), workspace=WorkspaceId("T2"))
    await archive.register.add([a_draft(), there])

    rows = [await claim(archive.outbox, NOON) for _ in range(2)]

    assert [row.workspace for row in rows] == ["", "T2"]


async def test_a_process_takes_back_what_it_held_when_it_died(archive):
    """SQLite has one process: nobody waits for a lease to run out, and nothing is sent blindly.

    What may be there is looked for before anything else is sent.
    """
    await announced(archive, "a.md", channels=("C1", "C2"))
    claimed, other = [await claim(archive.outbox, NOON) for _ in range(2)]
    await archive.outbox.begin(other, NOON)

    assert await archive.outbox.take_back() == 2

    rows = [await claim(archive.outbox, NOON) for _ in range(2)]
    assert [row.state for row in rows] == [DeliveryState.UNKNOWN, DeliveryState.CLAIMED]
    assert await archive.outbox.begin(claimed, NOON) is None


async def test_a_repost_goes_first_whatever_workspace_has_its_turn(archive):
    """A maintainer waits for it, while the bulk of a hundred workspaces goes out."""
    await archive.register.save("weekly", [(an_entry(), ())])
    bulk = [
        replace(a_draft(channel=ChannelId(f"C{n}")), workspace=WorkspaceId(f"T{n:03}"))
        for n in range(100)
    ]
    await archive.register.add(bulk)
    first = await archive.outbox.claim(NOON, LEASE, limit=5, pace=Unhurried())
    asked = replace(bulk[0], channel=ChannelId("D1"), id=DeliveryId("asked"), urgent=True)
    beside = replace(bulk[0], channel=ChannelId("D2"), id=DeliveryId("beside"))
    await archive.register.add([asked, beside])

    rest = await archive.outbox.claim(NOON, LEASE, limit=200, pace=Unhurried())

    assert [one.workspace for one in first] == [f"T00{n}" for n in range(5)]
    assert rest[0].id == "asked"
    assert {"beside"} < {one.id for one in rest}
    others = [one for one in rest[1:] if one.id != "beside"]
    assert sorted(one.workspace for one in others) == [f"T{n:03}" for n in range(5, 100)]


async def test_more_rows_than_are_looked_at_at_once_all_have_their_turn(archive):
    """Workspaces that were not reached in one look are in the next one."""
    await archive.register.save("weekly", [(an_entry(), ())])
    drafts = [
        replace(a_draft(channel=ChannelId(f"C{n}-{m}")), workspace=WorkspaceId(f"T{n}"))
        for n in range(4)
        for m in range(30)
    ]
    await archive.register.add(drafts)
    claimed = []
    while found := await archive.outbox.claim(NOON, LEASE, limit=7, pace=Unhurried()):
        claimed += found

    assert {one.workspace for one in claimed[:28]} == {"T0", "T1", "T2", "T3"}
    assert sorted(one.id for one in claimed) == sorted(one.id for one in drafts)


async def test_many_are_claimed_begun_and_settled_at_once(archive):
    """Each gets its own answer, although all are written together."""
    await announced(archive, "a.md", channels=[f"C{n}" for n in range(40)])
    pace = Unhurried()
    claimed = await archive.outbox.claim(NOON, LEASE, limit=30, pace=pace)

    begun = await asyncio.gather(*(archive.outbox.begin(one, NOON) for one in claimed))
    await asyncio.gather(
        *(
            archive.outbox.settle(one, Settlement(DeliveryState.SENT, NOON, "", ts=f"{n}.0"))
            for n, one in enumerate(begun)
        )
    )

    assert [one.id for one in begun] == [one.id for one in claimed]
    rows = await archive.desk.deliveries(PostId("weekly:a.md"))
    sent = [row for row in rows if row.state is DeliveryState.SENT]
    assert [row.ts for row in sent] == [f"{n}.0" for n in range(30)]


class OneEach(Unhurried):
    """A pace that lets in one call of each workspace."""

    def __init__(self) -> None:
        super().__init__()
        self.let_in: set[str] = set()

    @override
    def closed(self, act, now):
        """Who was let in."""
        return frozenset(self.let_in)

    @override
    def take(self, turn, now):
        """Once."""
        again = turn.workspace in self.let_in
        self.let_in.add(turn.workspace)
        return not again


async def test_a_bulk_of_one_workspace_leaves_room_for_the_others(archive):
    """Its turn is over when its rate says so; the next look passes it by."""
    await archive.register.save("weekly", [(an_entry(), ())])
    bulk = [a_draft(channel=ChannelId(f"C{n}")) for n in range(20)]
    other = replace(a_draft(channel=ChannelId("D1")), workspace=WorkspaceId("T2"))
    await archive.register.add([*bulk, other])

    claimed = await archive.outbox.claim(NOON, LEASE, limit=5, pace=OneEach())

    assert [one.workspace for one in claimed] == ["", "T2"]


NEW = a_message("Never sent before")


class OnTrial(Unhurried):
    """A pace that waits to hear whether Slack takes one payload."""

    @override
    def on_trial(self):
        """It, as it was composed."""
        return frozenset({f"{fingerprint(NEW)}/0"})

    @override
    def take(self, turn, now):
        """Everything else."""
        return turn.payload not in self.on_trial()


async def test_what_is_on_trial_hides_nothing_behind_it(archive):
    """However many rows wait for their first one, others of the workspace are found at once."""
    await archive.register.save("weekly", [(an_entry(), ())])
    bulk = [a_draft(channel=ChannelId(f"C{n}"), message=NEW) for n in range(20)]
    await archive.register.add([*bulk, a_draft(channel=ChannelId("D1"))])

    claimed = await archive.outbox.claim(NOON, LEASE, limit=5, pace=OnTrial())

    assert [one.channel for one in claimed] == ["D1"]


# ------------------------------------------------------------------ desk


async def test_the_desk_counts_and_lists_what_waits(archive):
    """Sent rows are counted and no longer listed; every state has a number."""
    await announced(archive, "a.md", "b.md")
    await send(archive)

    counts = await archive.desk.counts()

    assert set(counts) == set(DeliveryState)
    assert (counts[DeliveryState.SENT], counts[DeliveryState.PLANNED]) == (1, 1)
    assert [row.post for row in await archive.desk.waiting(5)] == ["weekly:b.md"]
    assert await archive.desk.waiting(0) == ()
    assert await archive.desk.post(PostId("weekly:zz.md")) is None


async def test_a_message_comes_back_as_it_was_written(archive):
    """Blocks keep their order of keys and every character: they are compared and edited later."""
    await archive.register.save("weekly", [(an_entry(), ())])
    draft = a_draft()
    blocks: tuple[Block, ...] = (
        {"type": "rich_text", "elements": [{"z": 1, "a": "灯笼鱼 \u0000 🎉 'q' %s"}]},
    )
    draft = replace(draft, message=replace(draft.message, blocks=blocks))
    await archive.register.add([draft])

    (row,) = await archive.desk.deliveries(PostId("weekly:a.md"))

    assert row.message == draft.message
    assert list(row.message.blocks[0]["elements"][0]) == ["z", "a"]


# ------------------------------------------------------------------ library


async def issues(archive: Archive, **titles: str):
    """Archive issues a day apart, oldest first, named by path."""
    for age, (path, title) in enumerate(reversed(titles.items())):
        entry = an_entry(f"{path}.md", title=title, date=NOON - timedelta(days=age))
        await archive.register.save("weekly", [(replace(entry, plain=title), ())])


async def test_members_see_what_readers_of_the_site_see(archive):
    """No drafts, expired or future-dated posts, no pages of events; held ones are public."""
    seen, held = an_entry("a.md", date=NOON), an_entry("b.md", date=None)
    hidden = (
        an_entry("c.md", draft=True),
        an_entry("d.md", expires=NOON),
        an_entry("e.md", date=NOON + timedelta(microseconds=1)),
        an_entry("f.md", role=Role.EVENTS),
        an_entry("g.md", gone_at=NOON),
    )
    await archive.register.save("weekly", [(one, ()) for one in (held, *hidden, seen)])
    await archive.register.decide(Decision(held.id, PostState.HELD, "too many"), ())

    page, total = await archive.library.page(NOON, offset=0, limit=10)

    assert ([one.path for one in page], total) == (["a.md", "b.md"], 2)
    assert (await archive.library.latest(NOON)).path == "a.md"
    assert await archive.library.latest(NOON - timedelta(days=400)) is not None  # the undated
    page, total = await archive.library.page(NOON, offset=1, limit=1)
    assert ([one.path for one in page], total) == (["b.md"], 2)


async def test_an_empty_library_has_no_latest(archive):
    """Nothing is an answer."""
    assert await archive.library.latest(NOON) is None
    assert await archive.library.find("1", NOON) is None
    assert await archive.library.search("x", NOON, limit=5) == ()
    assert await archive.library.meetups(NOON, limit=5) == ()


async def test_an_issue_is_found_by_its_day_in_the_sites_zone(archive):
    """Midnight in Shanghai is still the day before in UTC."""
    entry = an_entry("x.md", date=datetime(2026, 6, 5, tzinfo=SHANGHAI))
    await archive.register.save("weekly", [(entry, ())])

    assert (await archive.library.find("2026-06-05", NOON)).path == "x.md"
    assert await archive.library.find("2026-06-04", NOON) is None


async def test_search_finds_chinese_words_of_two_characters_inside_a_sentence(archive):
    """Most Chinese words have two characters and no spaces around them."""
    await issues(archive, a="我们聊聊分布式事务的实现", b="云原生周报", c="分布在各地的成员")

    async def paths(words: str) -> list[str]:
        hits = await archive.library.search(words, NOON, limit=9)
        return sorted(hit.entry.path for hit in hits)

    assert await paths("事务") == ["a.md"]
    assert await paths("分布") == ["a.md", "c.md"]
    assert await paths("分布式") == ["a.md"]
    assert await paths("布的") == []
    assert await paths("云") == ["b.md"]
    assert await paths("的") == ["a.md", "c.md"]
    assert await paths("分布 成员") == ["c.md"]
    assert await paths("分布 云") == []
    assert await paths("%") == await paths("_") == await paths("'\"*") == []


async def test_search_finds_words_by_their_beginning_in_any_case(archive):
    """Latin words match from their start; full-width letters are the same letters."""
    await issues(archive, a="SOFAStack 架构 v1.2", b="Kubernetes and café", c="ＲＰＣ 框架")

    async def paths(words: str) -> list[str]:
        hits = await archive.library.search(words, NOON, limit=9)
        return sorted(hit.entry.path for hit in hits)

    assert await paths("sofastack架构") == ["a.md"]
    assert await paths("kube") == ["b.md"]
    assert await paths("rnetes") == []
    assert await paths("CAFÉ and") == ["b.md"]
    assert await paths("rpc") == ["c.md"]
    assert await paths("v1.2") == ["a.md"]
    assert await paths("   ") == []


async def test_search_ranks_by_section_and_age(archive):
    """A title weighs most, standing text nothing; and a year makes half of it."""
    ages = {"title": 300, "news": 10, "jobs": 0, "standing": 0, "old": 1000}
    weights = {"news": 2.0, "jobs": 0.5, "standing": 0.0, "old": 2.0}
    for path, age in ages.items():
        entry = an_entry(
            f"{path}.md",
            title="All about mesh" if path == "title" else path,
            date=NOON - timedelta(days=age),
            plain="a mesh here",
            passages=(Passage("a mesh here", weights.get(path, 1.0)),),
        )
        await archive.register.save("weekly", [(entry, ())])

    hits = await archive.library.search("MESH", NOON, limit=9)

    ranked = [hit.entry.path for hit in hits]
    assert ranked == ["title.md", "news.md", "old.md", "jobs.md", "standing.md"]
    assert {(hit.snippet, hit.marks) for hit in hits} == {("a mesh here", ((2, 6),))}
    assert len(await archive.library.search("mesh", NOON, limit=2)) == 2


async def test_of_equals_the_newest_comes_first(archive):
    """On every database in the same order, by name where even the dates are equal."""
    paths = ["b", "a", "c"]
    for path in paths:
        entry = an_entry(f"{path}.md", title="x", date=None, plain="mesh")
        await archive.register.save("weekly", [(entry, ())])

    hits = await archive.library.search("mesh", NOON, limit=9)

    assert [hit.entry.path for hit in hits] == ["c.md", "b.md", "a.md"]


async def test_search_finds_words_in_other_characters_and_inside_others(archive):
    """Traditional for simplified and back, the end of a word that programmers wrote together."""
    await issues(archive, a="聊聊開源軟體", b="开源软件", c="ServiceMesh 架构v2")

    async def paths(words: str) -> list[str]:
        hits = await archive.library.search(words, NOON, limit=9)
        return sorted(hit.entry.path for hit in hits)

    assert await paths("开源") == await paths("開源") == ["a.md", "b.md"]
    assert await paths("軟體") == ["a.md"]
    assert await paths("mesh") == ["c.md"]
    assert await paths("架构v2") == ["c.md"]
    assert await paths("架") == ["c.md"]


async def test_a_phrase_is_found_anywhere_in_a_very_long_issue(archive):
    """Also beyond the positions that PostgreSQL keeps, and across the borders of chunks."""
    text = " ".join(f"word{n}" for n in range(30_000))
    await archive.register.save("weekly", [(an_entry(plain=text), ())])

    for n in (0, 1959, 1960, 1999, 2000, 3920, 16_400, 29_998):
        pair = await archive.library.search(f"word{n} word{n + 1}", NOON, limit=1)
        assert pair, n


async def test_hostile_words_do_no_harm(archive):
    """A word of 3,000 letters and syntax of the index are only text."""
    long = "x" * 3000
    await archive.register.save("weekly", [(an_entry(plain=f"{long} a' OR \\ \"b"), ())])

    assert await archive.library.search(long, NOON, limit=1)
    for words in ("' OR 1=1", 'a" OR "b', "NEAR(a b)", "a:*", "\\", "words:x", "!a & b"):
        await archive.library.search(words, NOON, limit=1)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit", ["a ", "ab{} ", "a-", "字", "消{}息", "\U00020bb7 ", "*{} ", "' "]
)
async def test_a_question_of_thousands_of_letters_is_answered_at_once(archive, unit):
    """Slack takes 4,000 of them; no member may keep the database busy."""
    await archive.register.save("weekly", [(an_entry(plain="a ab0 ab1 字字字 a-a"), ())])
    words = "".join(unit.format(n) for n in range(4000))[:4000]

    async with asyncio.timeout(5):
        await archive.library.search(words, NOON, limit=1)
        await archive.library.find(words, NOON)


async def test_a_changed_post_is_found_by_its_new_words_only(archive):
    """The index follows the text."""
    await archive.register.save("weekly", [(an_entry(plain="apple 苹果"), ())])
    await archive.register.save("weekly", [(an_entry(plain="pear 梨子"), ())])

    assert await archive.library.search("apple", NOON, limit=1) == ()
    assert await archive.library.search("苹果", NOON, limit=1) == ()
    assert len(await archive.library.search("梨子", NOON, limit=1)) == 1


def a_meetup(title: str = "Meetup", **changes: object) -> Meetup:
    """A meetup tomorrow evening in Shanghai."""
    meetup = Meetup(
        post=PostId("weekly:a.md"),
        title=title,
        start=datetime(2026, 11, 21, 19, 0, tzinfo=SHANGHAI),
        end=None,
        all_day=False,
        place="杭州",
        online=False,
        kind="meetup",
        register_url="",
        url="",
    )
    return replace(meetup, **changes)  # type: ignore[arg-type]


async def test_meetups_come_soonest_first_in_their_own_zone(archive):
    """Past and undated ones are left out; a zone by name or by offset comes back."""
    offset = timezone(timedelta(hours=-3, minutes=-30))
    told = [
        a_meetup("later", start=datetime(2026, 12, 1, 9, 0, tzinfo=offset)),
        a_meetup("sooner"),
        a_meetup("past", start=datetime(2026, 11, 1, 9, 0, tzinfo=UTC)),
        a_meetup("undated", start=None),
        a_meetup("today", start=datetime(2026, 11, 20, tzinfo=SHANGHAI), all_day=True),
        a_meetup("running", start=NOON - timedelta(hours=5), end=NOON + timedelta(hours=1)),
        a_meetup("just over", start=NOON - timedelta(hours=5), end=NOON),
    ]
    await archive.register.save("weekly", [(an_entry(), told)])
    await gather(archive.agenda, clock=FixedClock())

    found = await archive.library.meetups(NOON, limit=10)

    assert [one.title for one in found] == ["today", "running", "sooner", "later"]
    assert found[2] == told[1]
    assert (found[2].start.tzinfo, found[3].start.utcoffset()) == (
        SHANGHAI,
        timedelta(hours=-3, minutes=-30),
    )
    assert len(await archive.library.meetups(NOON, limit=1)) == 1


async def test_a_meetup_told_twice_is_one(archive):
    """The page of the event speaks, not the issues that announce it; drafts are silent."""
    page = an_entry("events/x.md", role=Role.EVENTS, date=NOON + timedelta(days=3))
    draft = an_entry("events/y.md", role=Role.EVENTS, draft=True)
    await archive.register.save("weekly", [(an_entry(), [a_meetup("灯笼鱼 Meetup #3")])])
    own = [a_meetup("Meetup #3", post=page.id, place="西湖"), a_meetup("Other", post=page.id)]
    await archive.register.save(
        "weekly", [(page, own), (draft, [a_meetup("Z", post=draft.id)])]
    )
    await gather(archive.agenda, clock=FixedClock())

    found = await archive.library.meetups(NOON, limit=10)

    assert {(one.title, one.place) for one in found} == {
        ("Meetup #3", "西湖"),
        ("Other", "杭州"),
    }


async def test_a_saved_post_replaces_its_meetups(archive):
    """An event that was taken out of a post is gone."""
    await archive.register.save("weekly", [(an_entry(), [a_meetup("A"), a_meetup("B")])])
    await gather(archive.agenda, clock=FixedClock())
    await archive.register.save("weekly", [(an_entry(), [a_meetup("B")])])
    await gather(archive.agenda, clock=FixedClock())

    assert [one.title for one in await archive.library.meetups(NOON, limit=9)] == ["B"]


async def test_a_text_that_is_saved_again_has_not_changed(archive):
    """Two processes that start at once both save what they find; to neither is it news."""
    seen = an_entry("a.md", first_run=True)
    await archive.register.save("weekly", [(seen, ())])
    later = NOON + timedelta(seconds=2)
    again = replace(seen, first_seen=later, changed_at=later)

    await archive.register.save("weekly", [(again, ())])

    assert await archive.desk.post(seen.id) == seen
