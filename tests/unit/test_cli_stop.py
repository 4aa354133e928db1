"""Being told to stop, at any moment of a piece of work."""

import asyncio
import signal
import sys

import pytest

from bot.cli.stop import Stop, until_told

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_the_wait(number):
    """Work that waits for its end goes on to stop in order."""
    seen = []

    async def work(stop: Stop) -> None:
        seen.append("started")
        asyncio.get_running_loop().call_soon(signal.raise_signal, number)
        await stop.wait()
        seen.append("stopped")

    await until_told(work)

    assert seen == ["started", "stopped"]


async def test_a_signal_during_the_start_undoes_it_in_order(capsys):
    """Work that still starts is cancelled, comes to its own end, and that is told."""
    seen = []

    async def work(stop: Stop) -> None:
        try:
            asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGTERM)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # undoing may take its time
            seen.append("undone")

    await until_told(work)

    assert seen == ["undone"]
    assert "Stopped before it had started." in capsys.readouterr().err


async def test_a_start_that_swallows_the_signal_still_stops():
    """Even if something between catches the cancellation, the wait is over at once."""
    seen = []

    async def work(stop: Stop) -> None:
        stop.tell()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("swallowed")
        await stop.wait()
        seen.append("stopped")

    await until_told(work)

    assert seen == ["swallowed", "stopped"]


async def test_the_second_signal_does_what_it_does_by_itself():
    """After the first one our handlers are gone, for both signals."""
    before = signal.getsignal(signal.SIGTERM)

    async def work(stop: Stop) -> None:
        asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
        await stop.wait()
        assert signal.getsignal(signal.SIGTERM) in {signal.SIG_DFL, before}
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    await until_told(work)


async def test_a_cancellation_that_is_no_signal_goes_on():
    """Whoever cancels the work from outside is not told that all is well."""

    async def work(stop: Stop) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await until_told(work)
