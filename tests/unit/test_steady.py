"""Time that goes on evenly, whatever is done to the machine's clock."""

import logging
from datetime import timedelta

import pytest

from bot.steady import SteadyClock, ToldClock
from tests.fakes import NOON

HOUR = timedelta(hours=1)


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.wall = NOON
        self.ticks = 100.0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.ticks)

    def run(self, seconds: float) -> None:
        """Let time pass, with a glance at the clock now and then."""
        for _ in range(10):
            self.ticks += seconds / 10
            self.wall += timedelta(seconds=seconds / 10)
            self.clock.now()


@pytest.fixture
def machine() -> Machine:
    """One that was just switched on."""
    return Machine()


def test_it_tells_the_machines_time(machine):
    """As long as that goes on evenly."""
    machine.run(500)

    assert machine.clock.now() == machine.wall


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_step_is_not_seen_by_what_is_under_way_and_is_said_once(machine, step, caplog):
    """For two minutes time goes on as if nothing had happened."""
    caplog.set_level(logging.WARNING)
    machine.wall += step
    machine.run(100)

    assert machine.clock.now() == NOON + timedelta(seconds=100)
    assert [record.message for record in caplog.records] == [
        f"clock.stepped by_s={int(step.total_seconds())}"
    ]


def test_a_clock_that_was_wrong_for_a_moment_leaves_no_trace(machine):
    """Set an hour ahead and back again."""
    machine.wall += HOUR
    machine.run(60)
    machine.wall -= HOUR
    machine.run(300)

    assert machine.clock.now() == machine.wall


def test_a_step_forward_that_lasts_is_followed(machine):
    """After two minutes."""
    machine.wall += HOUR
    machine.run(100)
    machine.run(30)

    assert machine.clock.now() == machine.wall


def test_a_step_back_that_lasts_is_followed_without_going_back(machine):
    """At half speed: an hour takes two."""
    machine.wall -= HOUR
    machine.run(100)
    before = machine.clock.now()
    machine.run(3600)
    during = machine.clock.now()
    machine.run(2 * 3600)

    assert before < during < machine.wall + HOUR
    assert abs(machine.clock.now() - machine.wall) < timedelta(seconds=1)


def test_small_corrections_are_taken_over_at_once(machine):
    """Forward; and back no faster than time passes."""
    machine.wall += timedelta(seconds=1)
    assert machine.clock.now() == machine.wall
    machine.wall -= timedelta(seconds=1)
    assert machine.clock.now() == machine.wall + timedelta(seconds=1)
    machine.run(10)

    assert machine.clock.now() == machine.wall


def test_a_clock_that_is_told_the_time_counts_on_by_itself(machine):
    """What the machine's own clock says is of no account; between asking and hearing it splits."""
    told = ToldClock(lambda: machine.ticks)
    machine.run(4)
    told.tell(NOON + HOUR, asked_at=100.0)
    machine.wall -= 3 * HOUR

    machine.run(58)

    assert told.now() == NOON + HOUR + timedelta(seconds=60)
