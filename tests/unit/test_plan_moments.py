"""When a channel wants its posts."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot import plan
from bot.model.ids import HOME, ChannelId, WorkspaceId
from config.settings import ChannelSettings, QuietHours, SendSettings

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def channel(*, send=None, quiet=None) -> ChannelSettings:
    """A channel with a weekday and time, and quiet hours."""
    moment = None if send is None else SendSettings(weekday=send[0], at=send[1])
    hours = None if quiet is None else QuietHours(start=quiet[0], end=quiet[1])
    return ChannelSettings(id="C1", send=moment, quiet=hours)


def utc(*parts: int) -> datetime:
    """A moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_immediately_means_now():
    """No moment, no quiet hours."""
    now = utc(2026, 11, 20, 12)

    assert plan.due(channel(), now=now, zone=SHANGHAI) == now


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (utc(2026, 11, 16, 0), utc(2026, 11, 20, 9)),
        (utc(2026, 11, 20, 8, 59), utc(2026, 11, 20, 9)),
        (utc(2026, 11, 20, 9), utc(2026, 11, 20, 9)),
        (utc(2026, 11, 20, 9, 1), utc(2026, 11, 27, 9)),
        (utc(2026, 11, 19, 16, 30), utc(2026, 11, 20, 9)),  # already Friday in Shanghai
    ],
    ids=str,
)
def test_a_weekly_channel_waits_for_its_next_moment(now, expected):
    """Friday 17:00 in Shanghai is 09:00 UTC."""
    friday = channel(send=("fri", time(17)))

    assert plan.due(friday, now=now, zone=SHANGHAI) == expected


def test_a_time_without_a_weekday_is_daily():
    """The next 17:00."""
    daily = channel(send=(None, time(17)))

    assert plan.due(daily, now=utc(2026, 11, 20, 10), zone=UTC) == utc(2026, 11, 20, 17)
    assert plan.due(daily, now=utc(2026, 11, 20, 18), zone=UTC) == utc(2026, 11, 21, 17)


def test_a_weekly_moment_keeps_its_wall_time_across_clock_changes():
    """Sunday 17:00 in Berlin is 16:00 UTC in winter and 15:00 in summer."""
    sunday = channel(send=("sun", time(17)))

    assert plan.due(sunday, now=utc(2026, 3, 23), zone=BERLIN) == utc(2026, 3, 29, 15)
    assert plan.due(sunday, now=utc(2026, 3, 16), zone=BERLIN) == utc(2026, 3, 22, 16)


def test_a_wall_time_that_does_not_exist_moves_on_and_one_that_comes_twice_is_taken_once():
    """02:30 is skipped in March and repeated in October."""
    sunday = channel(send=("sun", time(2, 30)))

    assert plan.due(sunday, now=utc(2026, 3, 28), zone=BERLIN) == utc(2026, 3, 29, 1, 30)
    first = utc(2026, 10, 25, 0, 30)
    assert plan.due(sunday, now=utc(2026, 10, 24), zone=BERLIN) == first
    after = plan.due(sunday, now=utc(2026, 10, 25, 0, 31), zone=BERLIN)
    assert after == utc(2026, 11, 1, 1, 30)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (utc(2026, 11, 20, 21, 59), utc(2026, 11, 20, 21, 59)),
        (utc(2026, 11, 20, 22, 0), utc(2026, 11, 21, 8)),
        (utc(2026, 11, 21, 3, 0), utc(2026, 11, 21, 8)),
        (utc(2026, 11, 21, 8, 0), utc(2026, 11, 21, 8, 0)),
    ],
    ids=str,
)
def test_quiet_hours_over_midnight_end_in_the_morning(now, expected):
    """22:00 to 08:00."""
    assert plan.due(channel(quiet=(time(22), time(8))), now=now, zone=UTC) == expected


def test_quiet_hours_within_a_day_end_on_the_same_day():
    """A siesta."""
    siesta = channel(quiet=(time(13), time(15)))

    assert plan.due(siesta, now=utc(2026, 11, 20, 14), zone=UTC) == utc(2026, 11, 20, 15)
    assert plan.due(siesta, now=utc(2026, 11, 20, 12), zone=UTC) == utc(2026, 11, 20, 12)


def test_a_moment_inside_the_quiet_hours_waits_for_their_end():
    """Both wishes are kept."""
    both = channel(send=("fri", time(23)), quiet=(time(22), time(8)))

    assert plan.due(both, now=utc(2026, 11, 20, 12), zone=UTC) == utc(2026, 11, 21, 8)


def test_quiet_hours_that_end_in_a_repeated_hour_end_within_it():
    """02:15 comes twice; seen from the second one, 02:30 is a quarter of an hour away."""
    night = channel(quiet=(time(22), time(2, 30)))
    second = utc(2026, 10, 25, 1, 15)

    assert plan.due(night, now=second, zone=BERLIN) == utc(2026, 10, 25, 1, 30)


@pytest.mark.parametrize(
    ("night", "now", "expected"),
    [
        # In March 02:00 is followed by 03:00, which is 01:00 UTC.
        ((time(22), time(8)), utc(2026, 3, 28, 22), utc(2026, 3, 29, 6)),
        ((time(22), time(2, 30)), utc(2026, 3, 29, 0, 59), utc(2026, 3, 29, 1, 30)),
        ((time(22), time(2, 30)), utc(2026, 3, 29, 1, 10), utc(2026, 3, 29, 1, 30)),
        ((time(2, 30), time(8)), utc(2026, 3, 29, 1), utc(2026, 3, 29, 6)),
        # In October 03:00 is followed by 02:00, which is 01:00 UTC.
        ((time(22), time(8)), utc(2026, 10, 24, 22), utc(2026, 10, 25, 7)),
        ((time(22), time(2, 30)), utc(2026, 10, 25, 0, 15), utc(2026, 10, 25, 1, 30)),
        ((time(22), time(2, 30)), utc(2026, 10, 25, 0, 45), utc(2026, 10, 25, 1, 30)),
        ((time(2, 30), time(8)), utc(2026, 10, 25, 1, 15), utc(2026, 10, 25, 7)),
    ],
    ids=str,
)
def test_a_night_in_which_the_clock_is_changed_is_one_night(night, now, expected):
    """Its end is where the wall clock says so for the last time, and there is no gap in it."""
    assert plan.due(channel(quiet=night), now=now, zone=BERLIN) == expected


def test_the_quiet_hours_of_a_channel_are_found_by_workspace_and_id():
    """Two workspaces may have a channel of the same id."""
    night = QuietHours(start=time(22), end=time(8))
    ours = ChannelSettings(id="C1", quiet=night), ChannelSettings(id="C2")
    quiet = plan.Quiet.of((*ours, ChannelSettings(id="C3", workspace="T1", quiet=night)), UTC)
    now = utc(2026, 11, 20, 23)

    found = [
        quiet.until(WorkspaceId(workspace), ChannelId(name), now)
        for workspace, name in (("", "C1"), ("", "C2"), ("T1", "C3"), ("", "C3"))
    ]

    assert found == [utc(2026, 11, 21, 8), None, utc(2026, 11, 21, 8), None]
    assert quiet.until(HOME, ChannelId("C1"), utc(2026, 11, 20, 12)) is None
