"""The numbered points of real processes, and the one at which a process kills itself.

Points are before each statement that writes, before each commit and after it, before each request
leaves, right after its bytes did, and when its answer is there.
"""

import asyncio
import fcntl
import mmap
import os
import signal
import struct
from pathlib import Path

import aiohttp
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry, Pool

NUMBERS = struct.Struct("qq")
WRITES = ("INSERT", "UPDATE", "DELETE")
WROTE = "wrote"


class Points:
    """A file in which all processes of a run count the points that they pass."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("r+b")
        self._numbers = mmap.mmap(self._file.fileno(), NUMBERS.size)

    @classmethod
    def made(cls, file: Path, end: int) -> "Points":
        """A new file; the process that comes to number `end` dies."""
        file.write_bytes(NUMBERS.pack(0, end))
        return cls(file)

    @property
    def passed(self) -> int:
        """How many were passed."""
        return int(NUMBERS.unpack_from(self._numbers)[0])

    def point(self) -> None:
        """Pass one, or die at it."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        passed, end = NUMBERS.unpack_from(self._numbers)
        NUMBERS.pack_into(self._numbers, 0, passed + 1, end)
        fcntl.flock(self._file, fcntl.LOCK_UN)
        if passed + 1 == end:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_databases(self) -> None:
        """Have points at all that this process writes."""

        def executes(connection: Connection, _: object, statement: str, *__: object) -> None:
            if statement.lstrip().startswith(WRITES):
                connection.info[WROTE] = True
                self.point()

        def commits(connection: Connection) -> None:
            if connection.info.get(WROTE):
                self.point()

        def committed(_: object, entry: ConnectionPoolEntry) -> None:
            if entry.info.pop(WROTE, False):
                self.point()

        event.listen(Engine, "before_cursor_execute", executes)
        event.listen(Engine, "commit", commits)
        event.listen(Pool, "checkin", committed)

    def watch_requests(self, session: aiohttp.ClientSession) -> None:
        """Have points at all that a session sends."""

        async def leaves(*_: object) -> None:
            self.point()
            # The bytes leave in the same breath: what is called next finds them gone.
            asyncio.get_running_loop().call_soon(self.point)

        async def answered(*_: object) -> None:
            self.point()

        trace = aiohttp.TraceConfig()
        trace.on_request_chunk_sent.append(leaves)
        trace.on_request_end.append(answered)
        trace.freeze()
        session.trace_configs.append(trace)
