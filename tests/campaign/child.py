"""A real process of the bot, told over a line what to do and at which moment.

`python -m tests.campaign.child` says at which port it listens, and makes a process for whoever calls
there, which is ready at once: it has all modules loaded. Of every process that ends it says how.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot import app, core
from config.settings import load
from tests.campaign.points import Points
from tests.fakes import FixedClock


def main() -> None:
    """Wait for callers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        signal.signal(signal.SIGCHLD, lambda *_: tell_of_the_ended())
        say(str(listening.getsockname()[1]))
        while True:
            line, _ = listening.accept()
            if not os.fork():
                listening.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                asyncio.run(live(line))
                os._exit(0)
            line.close()


def tell_of_the_ended() -> None:
    """Say of each process that ended by which signal, 0 for none."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
        say(f"{pid} {ended}")


def say(words: str) -> None:
    """One line to whoever started us."""
    os.write(sys.stdout.fileno(), f"{words}\n".encode())


async def live(line: socket.socket) -> None:
    """Be a bot until told to leave, or until its point is reached."""
    reader, writer = await asyncio.open_connection(sock=line)

    async def answer(**facts: object) -> None:
        writer.write(json.dumps(facts).encode() + b"\n")
        await writer.drain()

    begin = json.loads(await reader.readline())
    environ: Mapping[str, str] = begin["environ"]
    points = Points(Path(begin["points"]))
    points.watch_databases()
    clock = FixedClock(datetime.fromisoformat(begin["now"]))
    await answer(pid=os.getpid())
    async with app.working(load(None, environ), clock=clock) as (bot, slack):
        points.watch_requests(slack.session)
        await answer(alive=True)
        while order := await reader.readline():
            told = json.loads(order)
            clock.set(datetime.fromisoformat(told["now"]))
            if told["do"] == "leave":
                break
            due = await done(bot, told["do"])
            await answer(due=due.isoformat() if due else "")
    await answer(left=True)


async def done(bot: core.Bot, what: str) -> datetime | None:
    """Do one thing; answers when there is more to do."""
    if what == "look":
        await bot.discover_all()
    elif what == "deliver":
        await bot.courier.drain()
    return await bot.courier.next_due()


if __name__ == "__main__":
    main()
