"""Pure work that may take seconds, done beside everything else.

Slack wants an answer within three seconds, also while a post of 400,000 characters is composed.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, TypeVar

T = TypeVar("T")

SWITCH = timedelta(milliseconds=0.5)
"""How long a thread that computes keeps the others waiting. With Python's own 5 ms the loop, which
lets go at each system call, would wait that long a few times for every request."""


class Aside(Protocol):
    """Does work beside the caller, such as `asyncio.to_thread`, and answers what it answers."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Start the work; errors come with the awaiting."""


async def at_once(work: Callable[[], T], /) -> T:
    """Do it here and now: for the command line and for tests."""
    return work()


@contextmanager
def one_by_one() -> Iterator[Aside]:
    """A thread that does one work after the other, with all that was begun done at the end.

    Several would take turns with each other, and the loop wait for all of them.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH.total_seconds())
    with ThreadPoolExecutor(1, thread_name_prefix="aside") as pool:

        async def aside(work: Callable[[], T], /) -> T:
            return await asyncio.get_running_loop().run_in_executor(pool, work)

        try:
            yield aside
        finally:
            sys.setswitchinterval(before)
