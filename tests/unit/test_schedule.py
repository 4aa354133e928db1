"""The metronome: beats, and survives what it calls."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.schedule import Metronome


async def test_a_failing_beat_does_not_stop_the_next_one(caplog):
    """An exception is logged and the beat comes again."""
    beats: list[int] = []
    twice = asyncio.Event()

    async def beat() -> None:
        beats.append(len(beats))
        if len(beats) > 1:
            twice.set()
        raise RuntimeError("no")

    metronome = Metronome()
    metronome.every(timedelta(milliseconds=20), "test", beat)
    metronome.start()
    await asyncio.wait_for(twice.wait(), 5)
    await metronome.stop()

    assert "beat.failed name=test" in caplog.text


async def test_a_slow_beat_never_runs_twice_at_the_same_time():
    """A beat that outlasts its interval is not started again meanwhile."""
    running, most, rounds = 0, 0, asyncio.Event()
    done: list[int] = []

    async def beat() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        done.append(1)
        if len(done) > 2:
            rounds.set()

    metronome = Metronome()
    metronome.every(timedelta(milliseconds=10), "slow", beat)
    metronome.start()
    await asyncio.wait_for(rounds.wait(), 5)
    await metronome.stop()

    assert most == 1


async def test_stopping_waits_for_the_beat_that_runs():
    """A look at a source that is under way comes to its end before the process goes on to close."""
    begun, ended = asyncio.Event(), []

    async def beat() -> None:
        begun.set()
        await asyncio.sleep(0.05)
        ended.append("whole")

    metronome = Metronome()
    metronome.every(timedelta(milliseconds=10), "look", beat)
    metronome.start()
    await asyncio.wait_for(begun.wait(), 5)
    await metronome.stop()

    assert ended


async def test_stopping_waits_for_the_beat_that_was_about_to_begin():
    """A beat that is handed out in the very moment of stopping is not cut off in mid-work."""
    ended: list[str] = []

    async def beat() -> None:
        await asyncio.sleep(0.05)
        ended.append("whole")

    metronome = Metronome()
    metronome.every(timedelta(hours=1), "look", beat)
    metronome.start()
    metronome._scheduler.modify_job("look", next_run_time=datetime.now(UTC))
    metronome._scheduler._process_jobs()
    await metronome.stop()

    assert ended == ["whole"]
