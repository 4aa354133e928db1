"""How far Slack's clock is behind ours."""

from datetime import timedelta

import pytest

from bot.slack.skew import Skew
from tests.fakes import NOON


def test_the_most_that_was_ever_seen_counts():
    """Our own clock may step back between a call and the look for it."""
    skew = Skew()
    skew.learn("Fri, 20 Nov 2026 11:00:00 GMT", NOON)
    skew.learn("Fri, 20 Nov 2026 12:00:00 GMT", NOON)

    assert skew.behind == timedelta(hours=1)


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 20 Nov 2026 13:00:00 GMT",
        "Fri, 20 Nov 2026 11:59:45 GMT",
        "",
        "yesterday",
        "Fri, 99 Nov 2026 11:00:00 GMT",
    ],
    ids=["ahead", "on its way", "none", "words", "no day"],
)
def test_nothing_else_teaches_anything(date):
    """A clock that is ahead hides no message; an answer may take its time."""
    skew = Skew()
    skew.learn(date, NOON)
    assert skew.behind == timedelta()


def test_a_date_without_a_zone_is_in_utc():
    """As old servers wrote it."""
    skew = Skew()
    skew.learn("Fri, 20 Nov 2026 09:00:00 -0000", NOON)
    assert skew.behind == timedelta(hours=3)
