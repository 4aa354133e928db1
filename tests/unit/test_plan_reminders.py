"""Who is reminded of a gathering, when, and who is told that it is off."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.agenda import Gathering, GatheringState, Interest
from bot.model.deliveries import DeliveryState
from bot.model.ids import HOME, UserId
from bot.plan import Mark, draft_of, near, outdated, reminders
from formatters.message import Message
from tests.answer_fakes import a_gathering, a_row

ANN = Interest(HOME, UserId("UANN"), "dive")
BERLIN, YORK, SHANGHAI = map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Asia/Shanghai"))
START = datetime(2026, 12, 5, 14, 0, tzinfo=SHANGHAI)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def a_dive(start: datetime | None = START, **changes: object) -> Gathering:
    """A gathering at some time."""
    return a_gathering("Night dive", uid="dive", start=start, end=None, **changes)


def marks(gathering: Gathering, now: datetime, interest: Interest = ANN) -> list[Mark]:
    """What is due now."""
    return [one.mark for one in reminders([gathering], [interest], now)]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (DAY + MINUTE, []),
        (DAY, [Mark.DAY]),
        (HOUR + MINUTE, [Mark.DAY]),
        (HOUR, [Mark.HOUR]),
        (MINUTE, [Mark.HOUR]),
        (0 * MINUTE, []),
        (-HOUR, []),
    ],
)
def test_a_day_and_an_hour_before_and_never_after_the_start(before, expected):
    """Late is told until it begins; of two that are late only the later one."""
    assert marks(a_dive(), START - before) == expected


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # the clocks of Berlin go forward on 28 March 2027 at 2:00, back on 25 October 2026 at 3:00
        (datetime(2027, 3, 28, 19, tzinfo=BERLIN), datetime(2027, 3, 27, 18, tzinfo=UTC)),
        (datetime(2027, 3, 29, 2, 30, tzinfo=BERLIN), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 19, tzinfo=BERLIN), datetime(2026, 10, 24, 17, tzinfo=UTC)),
        (
            datetime(2026, 10, 26, 2, 30, tzinfo=BERLIN),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
    ],
    ids=["spring", "hour-that-is-not", "autumn", "hour-that-comes-twice"],
)
def test_the_day_before_is_meant_by_the_clock_on_the_wall(start, due):
    """At 19:00 on the day before, whatever happens to the clocks at night."""
    assert marks(a_dive(start), due - MINUTE) == []
    assert marks(a_dive(start), due) == [Mark.DAY]


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_is_sixty_minutes_also_at_night(fold):
    """Before each of the two that are called 2:30."""
    start = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=BERLIN)
    due = start.astimezone(UTC) - HOUR
    assert marks(a_dive(start), due - MINUTE) == [Mark.DAY]
    assert marks(a_dive(start), due) == [Mark.HOUR]


def test_of_a_whole_day_one_is_told_on_the_morning_before():
    """No hour was told, so none can be an hour away."""
    one = a_dive(datetime(2026, 12, 5, tzinfo=SHANGHAI), all_day=True)
    morning = datetime(2026, 12, 4, 9, tzinfo=SHANGHAI)
    assert marks(one, morning - MINUTE) == []
    assert marks(one, morning) == [Mark.DAY]
    assert marks(one, morning + 14 * HOUR) == [Mark.DAY]
    assert marks(one, morning + 15 * HOUR) == []


def test_who_asks_late_is_told_only_what_comes_then():
    """Nobody gets a message about what they have just read."""
    asked = replace(ANN, since=START - 5 * HOUR)
    assert marks(a_dive(), START - 4 * HOUR, asked) == []
    assert marks(a_dive(), START - HOUR, asked) == [Mark.HOUR]
    assert marks(a_dive(), START - MINUTE, replace(ANN, since=START - 30 * MINUTE)) == []


def test_nobody_is_told_of_what_they_did_not_ask_for():
    """Of another gathering, of one without a date, or without wanting a reminder."""
    assert marks(a_dive(), START - HOUR, replace(ANN, uid="other")) == []
    assert marks(a_dive(), START - HOUR, replace(ANN, remind=False)) == []
    assert marks(a_dive(None), START - HOUR) == []


def test_one_that_is_called_off_is_told_at_once_and_reminded_of_no_more():
    """However far ahead it is; not once it would have begun."""
    off = replace(a_dive(), state=GatheringState.CANCELLED)
    assert marks(off, START - 40 * DAY) == [Mark.CANCELLED]
    assert marks(off, START - MINUTE) == [Mark.CANCELLED]
    assert marks(off, START) == []


def test_one_that_nobody_announces_any_more_is_passed_over():
    """Nothing is known of it that one could tell."""
    gone = replace(a_dive(), state=GatheringState.WITHDRAWN)
    assert marks(gone, START - HOUR) == []


def test_a_reminder_has_one_id_until_the_gathering_is_moved():
    """Made again, in another zone or by another process, it is the same row."""
    (one,) = reminders([a_dive()], [ANN], START - HOUR)
    (again,) = reminders([a_dive(START.astimezone(BERLIN))], [ANN], START - MINUTE)
    (later,) = reminders([a_dive(START + DAY)], [ANN], START + DAY - HOUR)
    (day,) = reminders([a_dive()], [ANN], START - DAY)
    assert one.id == again.id
    assert len({one.id, later.id, day.id}) == 3


def test_the_row_goes_to_the_members_own_messages():
    """To the member, at once, before what is not urgent."""
    now = START - HOUR
    (one,) = reminders([a_dive()], [ANN], now)
    draft = draft_of(one, Message("soon", ()), now)
    assert (draft.id, draft.channel, draft.due_at, draft.part) == (one.id, "UANN", now, 0)
    assert draft.urgent
    assert draft.state is DeliveryState.PLANNED


def test_what_is_near_is_looked_at_and_what_is_called_off():
    """Nothing else can be due."""
    soon, far, undated = a_dive(), a_dive(START + 30 * DAY), a_dive(None)
    off = replace(far, state=GatheringState.CANCELLED)
    assert near([soon, far, undated, off], START - DAY) == (soon, off)


def test_what_was_written_and_is_not_true_any_more_is_held():
    """Rows of other kinds are left alone; those that are due stay."""
    now = START - HOUR
    (due,) = reminders([a_dive()], [ANN], now)
    rows = [
        replace(a_row(1), id=due.id, occasion="reminder hour"),
        replace(a_row(2), occasion="reminder day"),
        replace(a_row(3), occasion="publish"),
    ]
    assert outdated(rows, [due]) == {rows[1].id}


@pytest.mark.parametrize("zone", [BERLIN, YORK, SHANGHAI], ids=str)
def test_over_a_year_each_is_told_twice_at_the_right_minute(zone):
    """A gathering every night, both changes of the clocks among them; not a minute earlier."""
    first = datetime(2026, 10, 1, 2, 30, tzinfo=zone)
    all_of_them = [
        replace(a_dive(first + n * DAY), uid=f"dive{n}")  # by the clock on the wall
        for n in range(366)
    ]
    interests = [replace(ANN, uid=one.uid) for one in all_of_them]
    moments = {
        due
        for one in all_of_them
        if one.meetup.start
        for due in (
            (one.meetup.start - DAY).astimezone(UTC),
            one.meetup.start.astimezone(UTC) - HOUR,
        )
    }
    steps = sorted(moments | {due - MINUTE for due in moments})
    told: Counter[str] = Counter()
    late = []
    for before, now in pairwise([steps[0] - HOUR, *steps]):
        ahead = near([one for one in all_of_them if one.meetup.start > before], now)  # type: ignore[operator]
        for one in reminders(ahead, interests, now):
            told[one.id] += 1
            if told[one.id] == 1 and one.due != now:
                late.append(one)
    assert len(told) == 2 * 366
    assert not late
