"""Pure work beside the loop, one after the other."""

import asyncio
import sys
import threading

import pytest

from bot.aside import SWITCH, one_by_one


async def test_works_are_done_in_order_by_one_thread_that_is_not_the_loops():
    """Two that compute would take turns, and the loop wait for both."""
    with one_by_one() as aside:
        names = await asyncio.gather(*(aside(threading.get_ident) for _ in range(5)))

    assert len(set(names)) == 1
    assert names[0] != threading.get_ident()


async def test_an_error_comes_with_the_awaiting():
    """As if the work had been done here."""
    with one_by_one() as aside, pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 // 0)


async def test_the_loop_gets_its_turn_soon_and_others_find_things_as_they_were():
    """The time that a computing thread may keep is short, and as before afterwards."""
    before = sys.getswitchinterval()

    with one_by_one():
        assert sys.getswitchinterval() == pytest.approx(SWITCH.total_seconds())

    assert sys.getswitchinterval() == before
