"""The agenda's promises, on every database that it can live in."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typing_extensions import override

from bot.agenda import Correction, Gathering, GatheringState, Interest, Unjoined
from bot.archive import Archive, migrate, open_archive
from bot.archive.agenda import ArchiveAgenda
from bot.model.ids import HOME, PostId, UserId, WorkspaceId
from bot.model.posts import Decision, Meetup, PostState, Role
from bot.plan import GONE
from bot.publish import gather
from tests.fakes import NOON, FixedClock, an_entry

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 21, 19, 0, tzinfo=SHANGHAI)
ANN, BOB = UserId("U1"), UserId("U2")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    """An empty archive of each kind."""
    url = f"sqlite:///{tmp_path}/digest.db"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    await migrate(url)
    archive = await open_archive(url, zone=SHANGHAI)
    yield archive
    await archive.close()


def a_meetup(title: str = "Night dive", **told: object) -> Meetup:
    """A meetup tomorrow evening in Shanghai."""
    meetup = Meetup(
        post=PostId("weekly:a.md"),
        title=title,
        start=EVENING,
        end=None,
        all_day=False,
        place="杭州",
        online=False,
        kind="meetup",
        register_url="https://lanternfish.example/join",
        url="https://lanternfish.example/a",
        live_url="https://lanternfish.example/live",
        replay_url="https://lanternfish.example/replay",
        speakers="Ann, 小明",
        phrase="周六晚 7 点",
        image="https://lanternfish.example/a.png",
    )
    return replace(meetup, **told)  # type: ignore[arg-type]


def a_correction(uid: str, *fields: str, **told: object) -> Correction:
    """What Bob says, at noon."""
    said = {name: told.pop(name) for name in fields}
    meetup = replace(a_meetup(), **said)  # type: ignore[arg-type]
    correction = Correction(uid, meetup, frozenset(fields), BOB, NOON)
    return replace(correction, **told)  # type: ignore[arg-type]


async def announce(
    archive: Archive, *meetups: Meetup, path: str = "a.md", now: datetime = NOON, **post: object
) -> int:
    """Save a post that announces meetups, and join what is announced."""
    entry = an_entry(path, **post)
    told = [replace(one, post=entry.id) for one in meetups]
    await archive.register.save("weekly", [(entry, told)])
    return await gather(archive.agenda, clock=FixedClock(now))


async def upcoming(archive: Archive, now: datetime = NOON) -> Sequence[Gathering]:
    """What is on."""
    return await archive.agenda.upcoming(now, limit=99)


async def titles(archive: Archive) -> list[str]:
    """What is on, by title."""
    return [one.meetup.title for one in await upcoming(archive)]


async def test_a_gathering_is_recorded_with_all_that_is_known(archive):
    """What a post announces comes back whole, in its own zone, numbered from 0."""
    await announce(archive, a_meetup())

    (found,) = await upcoming(archive)
    assert found.meetup == a_meetup()
    assert found.meetup.start
    assert found.meetup.start.tzinfo == SHANGHAI
    assert (found.sources, found.sequence, found.changed_at, found.state) == (
        (PostId("weekly:a.md"),),
        0,
        NOON,
        GatheringState.ON,
    )
    assert await archive.agenda.gatherings([found.uid, "other"]) == (found,)


async def test_told_again_it_is_the_same_one(archive):
    """A second issue, and the page of its own, add what they know and change no number."""
    await announce(archive, a_meetup(register_url="", place=""))
    later = NOON + timedelta(minutes=1)
    await announce(archive, a_meetup("Night dive!"), path="e/x.md", now=later, role=Role.EVENTS)

    (found,) = await upcoming(archive)
    assert (found.sources, found.meetup.place) == (("weekly:a.md", "weekly:e/x.md"), "杭州")
    assert found.changed_at == later


async def test_moved_it_keeps_its_name_and_says_so(archive):
    """Its page is edited: the number grows by one, and what was told before is known."""
    await announce(archive, a_meetup())
    (before,) = await upcoming(archive)
    week = timedelta(days=7)
    await announce(archive, a_meetup(start=EVENING + week), now=NOON + timedelta(hours=1))

    (after,) = await upcoming(archive)
    assert (after.uid, after.sequence, after.moved_from) == (before.uid, 1, EVENING)
    assert after.meetup.start == EVENING + week
    assert after.moved_from
    assert after.moved_from.tzinfo == SHANGHAI


async def test_what_nobody_changed_is_not_joined_again_at_once(archive):
    """Nothing to do; after a while it is looked at for what time alone has changed."""
    await announce(archive, a_meetup())

    assert await archive.agenda.unjoined(NOON + timedelta(minutes=9)) is None
    again = NOON + timedelta(minutes=10)
    assert await archive.agenda.unjoined(again)
    assert await gather(archive.agenda, clock=FixedClock(again)) == 0


async def test_an_issue_of_tomorrow_tells_nothing_today(archive):
    """Its meetups come with it, though nothing is written in between."""
    tomorrow = NOON + timedelta(hours=20)
    await announce(archive, a_meetup(), date=tomorrow)
    assert await titles(archive) == []

    await gather(archive.agenda, clock=FixedClock(tomorrow))
    assert await titles(archive) == ["Night dive"]


async def test_cancelled_or_taken_out_it_is_on_no_more(archive):
    """A calendar is told of both for a while."""
    told = [a_meetup(), a_meetup("Kelp walk", start=EVENING + timedelta(days=1))]
    await announce(archive, *told)
    later = NOON + timedelta(hours=1)
    await announce(archive, replace(told[0], cancelled=True), now=later)

    assert await titles(archive) == []
    found = await archive.agenda.changed(NOON, NOON)
    assert [(one.state, one.sequence, one.changed_at) for one in found] == [
        (GatheringState.CANCELLED, 1, later),
        (GatheringState.WITHDRAWN, 1, later),
    ]
    assert await archive.agenda.changed(NOON, later) == ()


async def test_a_post_that_is_gone_takes_its_meetups_along(archive):
    """They are back when it is."""
    await announce(archive, a_meetup())
    decision = Decision(PostId("weekly:a.md"), PostState.UNDECIDED, "gone")
    await archive.register.gone([decision], NOON, GONE)
    await gather(archive.agenda, clock=FixedClock())
    assert await titles(archive) == []

    await archive.register.back([decision], GONE)
    await gather(archive.agenda, clock=FixedClock())
    (found,) = await upcoming(archive)
    assert found.sequence == 2


async def test_past_ones_come_latest_first(archive):
    """What was never on is not among them."""
    days = [
        a_meetup(title, start=EVENING - timedelta(days=day), cancelled=day == 9)
        for title, day in (("Kelp walk", 30), ("Reef tour", 3), ("Off", 9))
    ]
    await announce(archive, *days, a_meetup())

    found = await archive.agenda.past(NOON, limit=5)
    assert [one.meetup.title for one in found] == ["Reef tour", "Kelp walk"]
    assert len(await archive.agenda.past(NOON, limit=1)) == 1


async def test_what_has_no_date_is_kept_apart(archive):
    """With its picture; only recent ones are worth telling."""
    await announce(archive, a_meetup(), a_meetup("Somewhen", start=None), date=NOON)

    (found,) = await archive.agenda.undated(NOON - timedelta(days=1), limit=5)
    assert (found.meetup.title, found.meetup.image) == (
        "Somewhen",
        "https://lanternfish.example/a.png",
    )
    assert await archive.agenda.undated(NOON, limit=5) == ()
    assert await titles(archive) == ["Night dive"]


async def test_a_correction_stays_when_the_post_changes(archive):
    """A wrong hour is put right once; what was not corrected still follows the post."""
    await announce(archive, a_meetup())
    (found,) = await upcoming(archive)
    right = EVENING + timedelta(hours=1)
    correction = a_correction(found.uid, "start", start=right)
    await archive.agenda.correct(correction)
    await gather(archive.agenda, clock=FixedClock())
    await announce(archive, a_meetup("Night dive II", place="上海"))

    (after,) = await upcoming(archive)
    assert (after.uid, after.meetup.start, after.meetup.place) == (found.uid, right, "上海")
    assert after.meetup.title == "Night dive II"
    assert await archive.agenda.correction(found.uid) == correction
    assert await archive.agenda.correction("other") is None


async def test_the_last_correction_counts(archive):
    """It takes the place of the one before; cancelled is cancelled."""
    await announce(archive, a_meetup())
    (found,) = await upcoming(archive)
    await archive.agenda.correct(a_correction(found.uid, "place", place="上海"))
    await archive.agenda.correct(a_correction(found.uid, cancelled=True))
    await gather(archive.agenda, clock=FixedClock())

    (after,) = await archive.agenda.gatherings([found.uid])
    assert (after.state, after.meetup.place) == (GatheringState.CANCELLED, "杭州")


async def test_one_added_by_hand_becomes_one_with_its_announcement(archive):
    """It keeps the name under which members know it."""
    by_hand = a_meetup(post=PostId(""), place="")
    await archive.agenda.correct(
        Correction("hand", by_hand, frozenset(), ANN, NOON, added=True)
    )
    await gather(archive.agenda, clock=FixedClock())
    (found,) = await upcoming(archive)
    assert (found.uid, found.by_hand, found.sources) == ("hand", True, ())

    await announce(archive, a_meetup())
    (found,) = await upcoming(archive)
    assert (found.uid, found.by_hand, found.sources) == ("hand", False, ("weekly:a.md",))


async def test_what_was_joined_from_an_older_state_is_not_written(archive):
    """Somebody wrote in between: it has to be joined anew."""
    await announce(archive, a_meetup())
    await archive.agenda.correct(a_correction("x"))
    stale = await archive.agenda.unjoined(NOON)
    await archive.agenda.correct(a_correction("y"))

    assert stale
    assert not await archive.agenda.record(stale, stale.recorded, NOON)


class Disturbed(ArchiveAgenda):
    """An agenda in which somebody writes just before something is recorded, some times."""

    times = 0

    @override
    async def record(
        self, unjoined: Unjoined, gathered: Sequence[Gathering], now: datetime
    ) -> bool:
        if self.times:
            self.times -= 1
            await self.correct(a_correction("x"))
        return await super().record(unjoined, gathered, now)


@pytest.mark.parametrize(("times", "written"), [(2, 1), (3, 0)])
async def test_joined_anew_at_once_but_not_for_ever(archive, times: int, written: int):
    """Where others go on writing, a later look finds the rest."""
    await archive.register.save("weekly", [(an_entry(), [a_meetup()])])
    agenda = Disturbed(archive._store)
    agenda.times = times

    assert await gather(agenda, clock=FixedClock()) == written


async def test_interests_are_noted_once_and_forgotten(archive):
    """Of each member and gathering one; whether to remind may change."""
    ann, bob = Interest(HOME, ANN, "g"), Interest(WorkspaceId("T2"), BOB, "g", remind=False)
    await archive.agenda.interest(bob, NOON)
    await archive.agenda.interest(ann, NOON + timedelta(minutes=1))
    await archive.agenda.interest(replace(bob, remind=True), NOON + timedelta(minutes=2))
    await archive.agenda.interest(replace(ann, uid="h"), NOON)

    assert await archive.agenda.interests(["g"]) == (replace(bob, remind=True), ann)
    await archive.agenda.forget(bob)
    assert await archive.agenda.interests(["g", "x"]) == (ann,)


async def test_only_the_window_is_read_of_a_long_history(archive):
    """Years of announcements are joined once; after that a look reads what is near."""
    day = datetime(2016, 1, 1, 18, tzinfo=UTC)
    told = [a_meetup(f"Call {n}", start=day + timedelta(days=n)) for n in range(3_000)]
    assert await announce(archive, *told, a_meetup()) == 3_001

    unjoined = await archive.agenda.unjoined(NOON + timedelta(hours=1))
    assert unjoined
    assert len(unjoined.announcements) == 1
