"""Sources under watch: turns, and being broken off."""

import asyncio

import pytest
from typing_extensions import override

from bot.model.posts import Scan
from bot.watch import Watched
from tests.fakes import FakeSource


class SlowSource(FakeSource):
    """A source that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__(files={"a.md": "A"})
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    @override
    async def scan(self) -> Scan:
        """Wait, then look."""
        self.asked.set()
        await self.may_answer.wait()
        return await super().scan()


async def looked(watched: Watched, order: list[str], name: str) -> None:
    """Take a turn and scan."""
    async with watched.turn():
        order.append(f"{name} begins")
        await watched.scan()
        order.append(f"{name} ends")


async def test_looks_at_one_source_take_turns():
    """And whoever asks while one waits already can spare itself the asking."""
    source, order = SlowSource(), list[str]()
    watched = Watched(source)
    first = asyncio.create_task(looked(watched, order, "first"))
    await source.asked.wait()
    expected = [watched.expected]  # not: what comes now may be news to the one under way

    second = asyncio.create_task(looked(watched, order, "second"))
    await asyncio.sleep(0)
    expected.append(watched.expected)
    source.may_answer.set()
    await asyncio.gather(first, second)

    assert order == ["first begins", "first ends", "second begins", "second ends"]
    assert [*expected, watched.expected] == [False, True, False]


async def test_a_look_at_a_slow_source_can_be_broken_off():
    """Whoever waits for it is told so, and none begins after that."""
    source = SlowSource()
    watched = Watched(source)
    look = asyncio.create_task(watched.scan())
    await source.asked.wait()

    watched.break_off()

    with pytest.raises(asyncio.CancelledError):
        await look
    source.asked.clear()
    with pytest.raises(asyncio.CancelledError):
        await watched.scan()
    assert not source.asked.is_set()


async def test_a_look_that_is_given_up_leaves_nothing_running():
    """As when the beat around it is cancelled."""
    source = SlowSource()
    watched = Watched(source)
    look = asyncio.create_task(watched.scan())
    await source.asked.wait()

    look.cancel()
    await asyncio.gather(look, return_exceptions=True)
    source.may_answer.set()
    await asyncio.sleep(0)

    assert len(asyncio.all_tasks()) == 1


async def test_what_was_told_can_be_forgotten():
    """As the source behind it has it."""
    watched = Watched(FakeSource(files={"a.md": "A"}))
    await watched.scan()

    watched.forget()

    assert [one.path for one in (await watched.scan()).found] == ["a.md"]
    watched.break_off()
    assert watched.id == "weekly"
