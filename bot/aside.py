"""Pure work that may take seconds, done beside everything else.

Slack wants an answer within three seconds, also while a post of 400,000 characters is composed.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Aside(Protocol):
    """Does work beside the caller, such as `asyncio.to_thread`, and answers what it answers."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Start the work; errors come with the awaiting."""


async def at_once(work: Callable[[], T], /) -> T:
    """Do it here and now: for the command line and for tests."""
    return work()
