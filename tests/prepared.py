"""Prepared SQLite archives, made by copying: migrating one for every example would be slow."""

import asyncio
import functools
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.archive import Archive, migrate, open_archive

MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one: each commit waits for the disk
"""Linux's folder in memory."""


@functools.cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "digest.db"
        asyncio.run(migrate(f"sqlite:///{file}"))
        return file.read_bytes()


@asynccontextmanager
async def an_archive() -> AsyncIterator[Archive]:
    """Open an archive of its own in a temporary folder."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    try:
        file = folder / "digest.db"
        file.write_bytes(await asyncio.to_thread(_template))
        archive = await open_archive(f"sqlite:///{file}")
        try:
            yield archive
        finally:
            await archive.close()
    finally:
        shutil.rmtree(folder)
