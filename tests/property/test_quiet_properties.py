"""Quiet hours on any day of a year, in zones that change their clocks by an hour, by half, or never."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import plan
from config.settings import ChannelSettings, QuietHours

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Chatham",  # changes at a quarter to three
    "America/Santiago",  # changes at midnight
    "Asia/Shanghai",
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES).map(ZoneInfo)
walls = st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 15, 30, 45]))
nights = st.tuples(walls, walls).filter(lambda pair: pair[0] != pair[1])
examples = settings(max_examples=400, deadline=None, derandomize=True)


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """A minute of the year, as often as not of a day on which the clock is changed."""
    days = [YEAR + DAY * n for n in range(365)]
    changed = [day for day in days if offset(day, zone) != offset(day + DAY, zone)]
    day = draw(st.sampled_from(changed or days) | st.sampled_from(days))
    return day + MINUTE * draw(st.integers(-600, 1440))


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    """How far a zone's wall clock is ahead of UTC."""
    return moment.astimezone(zone).utcoffset()


def is_quiet(night: tuple[time, time], moment: datetime, zone: ZoneInfo) -> bool:
    """What somebody says who looks at the clock on the wall and knows no more."""
    start, end = night
    wall = moment.astimezone(zone).time()
    return start <= wall < end if start < end else (wall >= start or wall < end)


def due(night: tuple[time, time], moment: datetime, zone: ZoneInfo) -> datetime:
    """When a post of a moment may go."""
    quiet = QuietHours(start=night[0], end=night[1])
    return plan.due(ChannelSettings(id="C1", quiet=quiet), now=moment, zone=zone)


@examples
@given(st.data(), zones, nights)
def test_nothing_is_due_while_the_wall_clock_says_quiet(data, zone, night):
    """Whatever is done to the clock in that night; and what is due then is due for good."""
    moment = data.draw(moments(zone))
    found = due(night, moment, zone)

    assert moment <= found <= moment + 2 * DAY + timedelta(hours=2)
    assert not is_quiet(night, found, zone)
    assert due(night, found, zone) == found


@examples
@given(st.data(), zones, nights)
def test_what_comes_later_is_never_due_earlier(data, zone, night):
    """So nothing overtakes what waits for the end of the night."""
    moment = data.draw(moments(zone))
    later = moment + MINUTE * data.draw(st.integers(0, 2000))

    assert due(night, moment, zone) <= due(night, later, zone)


@examples
@given(st.data(), zones, nights)
def test_away_from_clock_changes_a_post_waits_no_minute_longer_than_the_wall_says(
    data, zone, night
):
    """To the minute at which the quiet hours end."""
    moment = data.draw(moments(zone))
    around = (moment + timedelta(hours=hours) for hours in range(-26, 28))
    if len({offset(one, zone) for one in around}) > 1:
        return
    first = moment
    while is_quiet(night, first, zone):
        first += MINUTE

    assert due(night, moment, zone) == first
