"""A lock beside a SQLite file: one process works on it, a second one is refused in words.

The lock belongs to the process and ends with it, however it ended. Verbs that only look or plan
take no lock.
"""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy.engine import URL

from bot.archive.engine import ArchiveError, driver_url, make_folder
from bot.model.deliveries import Replica

if sys.platform != "win32":  # which has none: there SQLite's own locks have to do
    import fcntl


@contextmanager
def sole(address: str) -> Iterator[None]:
    """Be the only process that works on a SQLite database; PostgreSQL takes any number.

    Raises:
        ArchiveError: another one does.
    """
    file = lock_file(driver_url(address))
    if file is None or sys.platform == "win32":
        yield
        return
    make_folder(file)
    with opened(file) as lock:
        if not taken(lock):
            who = lock.read().strip() or "another process"
            raise ArchiveError(
                f"{who} works on the database {str(file).removesuffix('.lock')} already: stop it "
                "first. Only on PostgreSQL do several processes share the work"
            )
        lock.truncate(0)
        lock.write(f"{socket.gethostname()}:{os.getpid()}\n")
        lock.flush()
        yield


def at_work(url: URL) -> tuple[Replica, ...]:
    """The process that works on a SQLite database now, if there is one."""
    file = lock_file(url)
    if file is None or sys.platform == "win32" or not file.exists():
        return ()
    with opened(file) as lock:
        return () if taken(lock) else (Replica(lock.read().strip(), polls=True),)


def lock_file(url: URL) -> Path | None:
    """Where the lock of a database is; None for one that takes any number of processes."""
    if url.get_backend_name() != "sqlite":
        return None
    return Path(f"{url.database}.lock")


@contextmanager
def opened(file: Path) -> Iterator[IO[str]]:
    """The file, to be read and written."""
    try:
        lock = file.open("a+", encoding="utf-8")
    except OSError as error:
        raise ArchiveError(f"{file} cannot be written: {error.strerror}") from error
    with lock:
        lock.seek(0)
        yield lock


def taken(lock: IO[str]) -> bool:
    """Take a lock if it is free; it is given back when the file is closed."""
    if sys.platform != "win32":
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
