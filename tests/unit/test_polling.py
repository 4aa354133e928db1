"""Whose turn it is to look, and what becomes of looks that are another's."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.feeds import Feed
from bot.model.posts import Role
from bot.polling import Polling
from bot.watch import Watched
from formatters.document import Site
from tests.fakes import FakeSource


@dataclass
class Company:
    """Fellows who are told whose turn it is."""

    polls: bool
    told: list[str] = field(default_factory=list)

    async def pass_on(self, sources: Sequence[str]) -> None:
        """Write it down."""
        self.told += sources


class Room:
    """Two sources, and a list of the looks at them."""

    def __init__(self, *, polls: bool) -> None:
        self.company = Company(polls)
        self.looks: list[str] = []
        self.feeds = [
            Feed(Watched(FakeSource(name)), Role.ISSUES, Site(), timedelta(minutes=5))
            for name in ("weekly", "events")
        ]
        self.running: set[asyncio.Task[None]] = set()
        self.polling = Polling(self.feeds, self.look, self.company, self.start)

    async def look(self, feed: Feed) -> None:
        """Write it down."""
        self.looks.append(feed.source.id)

    def start(self, work) -> None:
        """Run it beside."""
        self.running.add(asyncio.create_task(work))

    async def settle(self) -> None:
        """Let all that was begun end."""
        await asyncio.gather(*self.running)


async def test_a_beat_looks_only_in_turn():
    """Whoever does not poll does nothing."""
    room = Room(polls=False)
    beat = room.polling.beat(room.feeds[0])
    await beat()
    room.company.polls = True
    await beat()

    assert room.looks == ["weekly"]


async def test_a_ring_is_passed_on_or_answered():
    """A hook may come to any process; the sources it names are looked at once."""
    room = Room(polls=False)
    room.polling.ring(["events"])
    room.polling.ring([])
    await room.settle()
    assert (room.company.told, room.looks) == (["events"], [])

    room.company.polls = True
    room.polling.ring(["events"])
    await room.settle()
    assert (room.company.told, room.looks) == (["events"], ["events"])


async def test_a_look_that_is_expected_already_is_not_asked_for_again():
    """It will see what there is."""
    room = Room(polls=True)
    source = room.feeds[0].source
    async with source.turn():
        waiting = asyncio.ensure_future(source.turn().__aenter__())
        await asyncio.sleep(0)
        room.polling.ring(["weekly"])
        await room.settle()
        waiting.cancel()

    assert room.looks == []


async def test_who_is_elected_looks_at_everything_once_it_has_begun():
    """What the last one saw nobody knows; before the start, the first looks do it."""
    room = Room(polls=True)
    room.polling.elected()
    assert room.running == set()
    assert room.polling.begin()
    room.polling.elected()
    await room.settle()

    assert room.looks == ["weekly", "events"]
