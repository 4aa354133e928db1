"""Members are reminded, and channels told of their week, once: on a real archive."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.agenda import CORRECTABLE, Correction, Interest
from bot.answer.bulletins import Bulletins
from bot.archive import Archive
from bot.model.deliveries import Delivery, DeliveryState
from bot.model.ids import HOME, PostId, UserId, WorkspaceId
from bot.model.people import Person
from bot.plan import OUTDATED, about, about_week
from bot.publish import Herald, gather
from config.model import ChannelSettings, Settings
from tests.answer_fakes import START, a_gathering, a_meetup, settings
from tests.fakes import FixedClock
from tests.prepared import an_archive

ANN, BOB = UserId("UANN"), UserId("UBOB")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEEK = ChannelSettings.model_validate(
    {"id": "C1", "meetups": {"weekday": "mon", "at": "09:00"}}
)
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Everybody:
    """The port `People`: all speak English and live in London."""

    async def person(self, workspace: WorkspaceId, user: UserId) -> Person:
        """One of them, wherever they are."""
        assert workspace == HOME
        return Person(user, "en", "Europe/London", maintainer=False)


@dataclass
class Hall:
    """An archive, a clock, and who looks whether somebody is to be told something."""

    archive: Archive
    clock: FixedClock
    settings: Settings

    @property
    def herald(self) -> Herald:
        """As a process would have it that starts now."""
        return Herald(
            self.archive.agenda,
            self.archive.register,
            self.archive.changes,
            self.archive.desk,
            Everybody(),
            self.clock,
            Bulletins(self.settings),
            self.settings.site.timezone,
        )

    async def know(
        self, uid: str = "dive", *, cancelled: bool = False, **changes: object
    ) -> None:
        """A maintainer says what is true of a gathering."""
        meetup = a_meetup(**{"end": None, **changes})  # type: ignore[arg-type]
        said = Correction(
            uid,
            replace(meetup, post=PostId("")),
            frozenset(CORRECTABLE),
            BOB,
            self.clock.now(),
            added=True,
        )
        await self.archive.agenda.correct(replace(said, cancelled=cancelled))
        await gather(self.archive.agenda, clock=self.clock)

    async def ask(self, *users: UserId, uid: str = "dive") -> None:
        """Members want to be reminded."""
        for user in users:
            await self.archive.agenda.interest(Interest(HOME, user, uid), self.clock.now())

    async def at(self, moment: datetime) -> int:
        """Look at some time; answers how many messages are new."""
        self.clock.set(moment.astimezone(UTC))
        return await self.herald.remind()

    async def rows(self, uid: str = "dive") -> Sequence[Delivery]:
        """What was written of a gathering."""
        return await self.archive.desk.deliveries(about(a_gathering(uid=uid)))

    async def occasions(self, uid: str = "dive") -> list[str]:
        """The same in short, each with who gets it."""
        return [f"{row.occasion.split()[1]} {row.channel}" for row in await self.rows(uid)]


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    """Nobody knows anything yet; three weeks before the dive."""
    async with an_archive() as archive:
        chosen = settings(channels=(WEEK, ChannelSettings(id="C2")))
        yield Hall(archive, FixedClock((START - 21 * DAY).astimezone(UTC)), chosen)


async def test_each_is_told_a_day_and_an_hour_before_however_often_it_is_looked(hall: Hall):
    """By direct message, in words."""
    await hall.know()
    await hall.ask(ANN, BOB)
    looks = [
        START - DAY - MINUTE,
        START - DAY,
        START - DAY + MINUTE,
        START - HOUR,
        START - MINUTE,
        START,
        START + DAY,
    ]
    assert [await hall.at(moment) for moment in looks] == [0, 2, 0, 2, 0, 0, 0]
    assert Counter(await hall.occasions()) == dict.fromkeys(
        ("day UANN", "day UBOB", "hour UANN", "hour UBOB"), 1
    )
    (row, *_) = await hall.rows()
    assert "Night dive" in row.message.text
    assert "Europe/London" in row.message.text


async def test_nobody_who_does_not_want_it_any_more_is_told(hall: Hall):
    """Nor who asks when the moment has passed."""
    await hall.know()
    await hall.ask(ANN)
    await hall.archive.agenda.forget(Interest(HOME, ANN, "dive"))
    hall.clock.set((START - 5 * HOUR).astimezone(UTC))
    await hall.ask(BOB)
    assert await hall.at(START - 4 * HOUR) == 0
    assert await hall.at(START - HOUR) == 1
    assert await hall.occasions() == ["hour UBOB"]


async def test_a_gathering_that_is_moved_moves_its_reminders(hall: Hall):
    """Whoever was told the old time is told the new one, too."""
    await hall.know()
    await hall.ask(ANN)
    assert await hall.at(START - DAY) == 1
    await hall.know(start=START + 7 * DAY)
    assert await hall.at(START - HOUR) == 0
    assert await hall.at(START + 6 * DAY) == 1
    assert await hall.at(START + 7 * DAY - HOUR) == 1
    assert await hall.occasions() == ["day UANN", "day UANN", "hour UANN"]


async def test_one_that_is_called_off_is_told_at_once_and_once(hall: Hall):
    """And nobody is reminded of it."""
    await hall.know()
    await hall.ask(ANN)
    await hall.know(cancelled=True)
    assert await hall.at(START - 20 * DAY) == 1
    for moment in (START - 19 * DAY, START - DAY, START - HOUR, START):
        assert await hall.at(moment) == 0
    assert await hall.occasions() == ["cancelled UANN"]


async def test_what_was_written_and_not_sent_in_time_is_kept_back(hall: Hall):
    """The bot was off: the day's reminder is replaced by the hour's, and that is not told late."""
    await hall.know()
    await hall.ask(ANN)
    await hall.at(START - DAY)
    await hall.at(START - HOUR + MINUTE)
    states = {row.occasion: row.state for row in await hall.rows()}
    assert states == {
        "reminder day": DeliveryState.HELD,
        "reminder hour": DeliveryState.PLANNED,
    }
    await hall.at(START + MINUTE)
    assert {(row.state, row.reason) for row in await hall.rows()} == {
        (DeliveryState.HELD, OUTDATED)
    }


async def test_over_a_year_each_reminder_is_written_once_and_in_its_minute(hall: Hall):
    """A meetup a week, past both changes of the clocks."""
    first = datetime(2026, 12, 3, 19, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    starts = [first + timedelta(weeks=n) for n in range(52)]  # by the clock on the wall
    for number, start in enumerate(starts):
        await hall.know(f"dive{number}", start=start, title=f"Dive {number}")
        await hall.ask(ANN, uid=f"dive{number}")
    dues = {
        start: ((start - DAY).astimezone(UTC), start.astimezone(UTC) - HOUR) for start in starts
    }
    for start in starts:
        for due in dues[start]:
            assert await hall.at(due - MINUTE) == 0
            assert await hall.at(due) == 1
            assert await hall.at(due) == 0
    for number, start in enumerate(starts):
        rows = await hall.rows(f"dive{number}")
        assert [(row.occasion, row.due_at) for row in rows] == [
            ("reminder day", dues[start][0]),
            ("reminder hour", dues[start][1]),
        ]


# ------------------------------------------------------------------ the week


async def weekly(hall: Hall, moment: datetime) -> Sequence[Delivery]:
    """The rows of one week's message."""
    return await hall.archive.desk.deliveries(about_week(moment))


async def test_a_channel_is_told_of_its_week_once(hall: Hall):
    """Only the channel that wants it; others of the same week are none of it."""
    await hall.know()
    await hall.know("later", title="Later dive", start=START + 7 * DAY)
    told = []
    for now in (MONDAY - MINUTE, MONDAY, MONDAY + MINUTE, MONDAY + 5 * HOUR):
        hall.clock.set(now.astimezone(UTC))
        told.append(await hall.herald.tell_week(hall.settings.channels))
    assert told == [0, 1, 0, 0]
    (row,) = await weekly(hall, MONDAY)
    assert row.channel == "C1"
    assert "Night dive" in row.message.text
    assert "Later dive" not in row.message.text


async def test_a_week_without_meetups_is_not_told(hall: Hall):
    """Silence is the answer."""
    await hall.know(start=START + 30 * DAY)
    hall.clock.set(MONDAY.astimezone(UTC))
    assert await hall.herald.tell_week(hall.settings.channels) == 0
    assert await weekly(hall, MONDAY) == ()


async def test_each_channel_is_told_by_itself(hall: Hall):
    """One that was added today gets this week's, too."""
    await hall.know()
    hall.clock.set(MONDAY.astimezone(UTC))
    assert await hall.herald.tell_week(hall.settings.channels) == 1
    both = settings(channels=(WEEK, WEEK.model_copy(update={"id": "C3"})))
    assert await hall.herald.tell_week(both.channels) == 1
    assert {row.channel for row in await weekly(hall, MONDAY)} == {"C1", "C3"}
