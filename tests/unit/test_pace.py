"""When a source may be asked again."""

from datetime import timedelta

import pytest

from bot.sources.pace import LONGEST_PAUSE, LONGEST_WAIT, Pace, fresh_for, retry_after
from tests.fakes import NOON, FixedClock

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def rest_of(pace: Pace, clock: FixedClock) -> timedelta:
    """How long it rests, to the second; the clock stands at the end of it then."""
    start = clock.now()
    while pace.resting():
        clock.advance(seconds=1)
    return clock.now() - start


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta()),
        ("Fri, 20 Nov 2026 12:02:00 GMT", timedelta(minutes=2)),
        ("Fri, 20 Nov 2026 12:02:00 -0000", timedelta(minutes=2)),
        ("Fri, 20 Nov 2026 11:00:00 GMT", timedelta()),
        ("Friday, 20-Nov-26 12:02:00 GMT", timedelta(minutes=2)),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 40, None),
        ("", None),
    ],
)
def test_retry_after_is_understood_in_both_forms(written, expected):
    """Seconds or a date; what is neither says nothing."""
    assert retry_after({"retry-after": written}, NOON) == expected


def test_retry_after_may_be_missing():
    """Then the pause is ours to choose."""
    assert retry_after({}, NOON) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'Public, Max-Age = "600", must-revalidate', "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "max-age=600", "age": "x"}, 600),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "no-store,max-age=600"}, 0),
        ({"cache-control": "max-age=soon"}, 0),
        ({}, 0),
    ],
)
def test_the_age_of_caches_is_heeded(headers, seconds):
    """What a cache may still give out is no news."""
    assert fresh_for(headers) == timedelta(seconds=seconds)


def test_pauses_grow_with_failures_and_end_with_success():
    """One minute, two, four, up to an hour; then from the beginning."""
    clock = FixedClock()
    pace = Pace(clock, chance=lambda: 0.0)
    assert not pace.resting()

    pauses = []
    for _ in range(8):
        pace.failed()
        pauses.append(rest_of(pace, clock))
    pace.went_well()

    assert [pause // timedelta(minutes=1) for pause in pauses] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert not pace.resting()
    pace.failed()
    assert rest_of(pace, clock) == timedelta(minutes=1)


def test_pauses_are_spread_but_never_shorter_than_asked_for():
    """Many bots that were sent away together do not come back together."""
    clock = FixedClock()
    pace = Pace(clock, chance=lambda: 0.5)

    pace.failed(timedelta(seconds=100))

    assert rest_of(pace, clock) == timedelta(seconds=110)


def test_a_slip_of_the_far_side_does_not_silence_us():
    """A year of max-age is an hour, a year of Retry-After a day."""
    clock = FixedClock()
    pace = Pace(clock, chance=lambda: 0.0)

    pace.went_well(timedelta(days=365))
    fresh = rest_of(pace, clock)
    pace.failed(timedelta(days=365))
    wait = rest_of(pace, clock)

    assert (fresh, wait) == (LONGEST_PAUSE, LONGEST_WAIT)
