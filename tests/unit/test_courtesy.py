"""Who asks goes first; what is sent waits a little, and never for long."""

import asyncio

from bot.courtesy import Courtesy, Doorway


async def opened(door: Doorway, log: list[str]) -> None:
    """Go through, and say so."""
    async with door:
        log.append("in")


async def test_what_is_sent_waits_until_nobody_is_being_answered():
    """Two people: it goes when the second one has their answer."""
    courtesy = Courtesy()
    log: list[str] = []
    with courtesy:
        with courtesy:
            going = asyncio.create_task(opened(Doorway(1, courtesy), log))
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert log == []

    await going
    assert log == ["in"]


async def test_a_flood_of_questions_slows_a_fan_out_and_does_not_stop_it():
    """After its patience it goes all the same."""
    courtesy = Courtesy()
    log: list[str] = []

    with courtesy:
        await opened(Doorway(1, courtesy), log)

    assert log == ["in"]


async def test_no_more_are_inside_than_the_door_lets_in():
    """The next one comes when one has left."""
    door = Doorway(1, Courtesy())
    log: list[str] = []

    async with door:
        going = asyncio.create_task(opened(door, log))
        await asyncio.sleep(0)
        assert log == []

    await going
    assert log == ["in"]


async def test_who_gives_up_while_waiting_leaves_the_door_free():
    """A stopping bot lets nobody keep a place."""
    courtesy = Courtesy()
    log: list[str] = []
    door = Doorway(1, courtesy)
    with courtesy:
        going = asyncio.create_task(opened(door, log))
        await asyncio.sleep(0)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)

    await opened(door, log)
    assert log == ["in"]
