"""The courier: many deliveries in flight, waits between, an end in order."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from bot.courier import AHEAD, LONGEST_WAIT, SHORTEST_WAIT, Courier
from bot.model.deliveries import Delivery
from tests.fakes import NOON, FixedClock, a_delivery


class Rows:
    """Work of as many rows as a test puts in."""

    def __init__(self, due: int = 0) -> None:
        self.due = due
        self.done = 0
        self.at_once = 0
        self.most = 0
        self.next: datetime | None = None
        self.asked = 0
        self.failing: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.busy = asyncio.Event()

    async def claim(self, limit: int) -> list[Delivery]:
        """As many as are wanted, if there are so many."""
        if self.failing:
            raise self.failing.pop()
        claimed = min(limit, self.due)
        self.due -= claimed
        return [a_delivery() for _ in range(claimed)]

    async def carry(self, claimed: Delivery) -> None:
        """Carry one row through, as slowly as the gate opens."""
        del claimed
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.busy.set()
        await self.gate.wait()
        await asyncio.sleep(0)
        self.at_once -= 1
        self.done += 1

    async def next_due(self) -> datetime | None:
        """What the test says."""
        self.asked += 1
        return self.next


def courier_of(rows: Rows, *, in_flight: int = 3, clock: FixedClock | None = None) -> Courier:
    """A courier over rows."""
    return Courier(rows, rows.next_due, clock or FixedClock(), in_flight=in_flight)


async def until(true: Callable[[], bool]) -> None:
    """Let others work until something is so."""
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0)


async def test_everything_that_is_due_is_delivered_with_no_more_in_hand_than_allowed():
    """No row is left over, and what is in hand stays within some times the calls in flight."""
    rows = Rows(due=50)

    await courier_of(rows).drain()

    assert (rows.done, rows.most) == (50, 3 * AHEAD)


async def test_a_failing_claim_is_raised_once_all_in_flight_has_ended():
    """A failing database leaves no delivery running on its own behind our back."""
    rows = Rows(due=1)
    rows.gate.clear()
    draining = asyncio.create_task(courier_of(rows).drain())
    await rows.busy.wait()
    rows.failing = [RuntimeError("database")]
    await until(lambda: not rows.failing)
    early = draining.done()

    rows.gate.set()
    with pytest.raises(RuntimeError, match="database"):
        await draining

    assert not early
    assert (rows.done, rows.at_once) == (1, 0)


class Failing(Rows):
    """Work whose every delivery fails."""

    @override
    async def carry(self, claimed: Delivery) -> None:
        """Fail."""
        await super().carry(claimed)
        raise RuntimeError("settling")


async def test_a_failing_delivery_is_raised_and_nothing_more_is_claimed():
    """What it could not write is written by whoever claims the row next."""
    rows = Failing(due=50)

    with pytest.raises(RuntimeError, match="settling"):
        await courier_of(rows).drain()

    assert rows.due == 50 - 3 * AHEAD


async def test_more_is_claimed_while_a_slow_call_is_still_under_way():
    """One channel that hangs keeps nobody waiting."""
    rows = Rows(due=1)
    rows.gate.clear()
    draining = asyncio.create_task(courier_of(rows).drain())
    await rows.busy.wait()

    rows.due = 1
    await until(lambda: rows.at_once == 2)
    rows.gate.set()
    await draining

    assert rows.done == 2


async def test_finishing_waits_for_what_is_due_shortly_and_for_nothing_else():
    """`once` sends the second part of a post a second later, but not next week's."""
    clock = FixedClock()
    rows = Rows(due=1)
    rows.next = NOON + timedelta(milliseconds=1)
    courier = courier_of(rows, clock=clock)
    finishing = asyncio.create_task(courier.finish(timedelta(seconds=30)))
    await until(lambda: rows.asked == 1)

    rows.due, rows.next = 1, NOON + timedelta(days=7)
    await finishing

    assert rows.done == 2


async def test_finishing_ends_when_nothing_waits_or_when_told():
    """No row, no wait; and whoever is told to stop looks at no further row."""
    rows = Rows()
    await courier_of(rows).finish(timedelta(hours=1))

    rows.next = NOON + timedelta(minutes=1)
    courier = courier_of(rows)
    courier.stop()
    await courier.finish(timedelta(hours=1))

    assert rows.done == 0


async def test_a_wake_up_delivers_at_once():
    """A row written now does not wait for the longest pause."""
    rows = Rows()
    courier = courier_of(rows)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0)

    rows.due = 1
    courier.wake()
    await until(lambda: rows.done == 1)
    courier.stop()
    await running

    assert rows.done == 1


async def test_a_row_that_becomes_due_is_delivered_without_a_wake_up():
    """The pause ends when the next row is due, and is never so short that it spins."""
    rows = Rows()
    rows.next = NOON
    courier = courier_of(rows)
    running = asyncio.create_task(courier.run())
    started = asyncio.get_running_loop().time()
    await asyncio.sleep(0.01)
    rows.due = 1

    await asyncio.wait_for(rows.busy.wait(), 5)
    took = asyncio.get_running_loop().time() - started
    courier.stop()
    await running

    assert took >= SHORTEST_WAIT.total_seconds() * 0.9


async def test_the_end_waits_for_what_is_in_flight_and_begins_nothing():
    """A stop in the middle of a call: it comes to its end, the next row stays where it is."""
    rows = Rows(due=9)
    rows.gate.clear()
    courier = courier_of(rows, in_flight=1)
    running = asyncio.create_task(courier.run())
    await rows.busy.wait()

    courier.stop()
    rows.gate.set()
    await running

    assert (rows.done, rows.due) == (AHEAD, 9 - AHEAD)


async def test_a_failing_database_is_logged_and_waited_for(caplog):
    """The courier goes on when it is back; it does not end, and does not spin."""
    rows = Rows()
    rows.failing = [RuntimeError("gone")]
    courier = courier_of(rows)
    running = asyncio.create_task(courier.run())
    await until(lambda: "delivery.interrupted" in caplog.text)

    rows.due = 1
    courier.wake()
    await until(lambda: rows.done == 1)
    courier.stop()
    await running

    assert caplog.text.count("delivery.interrupted") == 1


@pytest.mark.parametrize(
    ("due", "wait"),
    [
        (None, LONGEST_WAIT),
        (NOON - timedelta(hours=1), SHORTEST_WAIT),
        (NOON + timedelta(seconds=3), timedelta(seconds=3)),
        (NOON + timedelta(days=3), LONGEST_WAIT),
    ],
    ids=["nothing", "overdue", "soon", "far"],
)
async def test_pauses_are_as_long_as_they_may_be(due, wait):
    """Until the next row, but neither spinning nor deaf for long."""
    rows = Rows()
    rows.next = due

    assert await courier_of(rows)._wait() == wait
