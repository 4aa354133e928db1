"""A folder of posts on disk: a checked-out repository, a mounted volume.

Reads; never writes, and never reads outside its root. What a post means is not known here.
"""

import asyncio
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.model.posts import Found, Problem, Scan
from bot.sources.content import LARGEST, UnfitError, check_size, decoded
from bot.sources.globs import enters, takes

DEEPEST = 60
"""Folders in each other that are still entered: a site has ten."""
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""Never waits for a pipe's other end, and never follows a link that came after the look."""

Stamp: TypeAlias = tuple[int, int, int]
"""mtime in ns, size, inode: as long as it stays, the file is taken as unchanged."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """How a file looked last. `told` = it has been read and reported like this."""

    stamp: Stamp
    told: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file that the patterns take. `place` is where it really is."""

    path: str
    place: Path
    stamp: Stamp


class FolderSource:
    """The port `Source` over a folder; see `bot.ports.outside.Source`.

    Args:
        id: the source's id.
        root: the folder.
        include: patterns below it; hidden files and folders are never taken.
    """

    def __init__(self, id: str, root: Path, include: tuple[str, ...]) -> None:  # noqa: A002 - as in the settings
        self._id = id
        self._root = root
        self._include = include
        self._seen: dict[str, _Seen] | None = None

    @property
    def id(self) -> str:
        """The source's id from the settings."""
        return self._id

    async def scan(self) -> Scan:
        """Look once.

        On the first look everything is found. Later a file that is new or changed is found once
        two looks in a row see it alike, so that none is taken half-written. An unchanged file is
        not opened.
        """
        return await asyncio.to_thread(self._look)

    def forget(self) -> None:
        """Find everything again at the next look."""
        seen = self._seen or {}
        self._seen = {path: _Seen(one.stamp, told=False) for path, one in seen.items()} or None

    def _look(self) -> Scan:
        try:
            root = self._root.resolve(strict=True)
            os.scandir(root).close()
        except OSError as error:
            words = f"the folder {self._root} cannot be read: {reason_of(error)}"
            return Scan((), frozenset(), (self._problem("", words),))
        walk = _Walk(root, self._include)
        files = sorted(walk.files(""), key=lambda file: file.path)
        problems = [self._problem(path, words) for path, words in walk.problems]
        found: list[Found] = []
        seen: dict[str, _Seen] = {}
        for file in files:
            told = self._told(file)
            if self._ready(file) and not told:
                told = self._read_into(file, found, problems)
            seen[file.path] = _Seen(file.stamp, told)
        if not files and not problems and len(self._seen or ()) > 1:
            return self._emptied(len(self._seen or ()))
        self._seen = seen
        paths = frozenset({file.path for file in files} | {path for path, _ in walk.problems})
        return Scan(tuple(found), paths, tuple(problems), complete=walk.complete)

    def _emptied(self, before: int) -> Scan:
        """A folder that lost all at once is one that is not mounted, until it shows something."""
        words = (
            f"the folder {self._root} shows none of its {before} posts any more: look whether it"
            " is mounted; if they were removed on purpose, restart the bot"
        )
        return Scan((), frozenset(), (self._problem("", words),), complete=False)

    def _told(self, file: _Candidate) -> bool:
        before = (self._seen or {}).get(file.path)
        return before is not None and before.told and before.stamp == file.stamp

    def _ready(self, file: _Candidate) -> bool:
        if self._seen is None:
            return True
        before = self._seen.get(file.path)
        return before is not None and before.stamp == file.stamp

    def _read_into(self, file: _Candidate, found: list[Found], problems: list[Problem]) -> bool:
        """Read one file. One that cannot be read is tried again at every look."""
        try:
            text = text_of(file)
        except UnfitError as unfit:
            problems.append(self._problem(file.path, str(unfit)))
            return False
        if text is not None:
            found.append(Found(self._id, file.path, text))
        return text is not None

    def _problem(self, path: str, words: str) -> Problem:
        return Problem(self._id, path, words)


class _Walk:
    """One walk through a folder. Only folders that a pattern can reach are entered."""

    def __init__(self, root: Path, include: tuple[str, ...]) -> None:
        self._root = root
        self._include = include
        self.problems: list[tuple[str, str]] = []
        self.complete = True
        """Whether every folder could be looked into."""

    def files(self, folder: str) -> Iterator[_Candidate]:
        """Every file below a folder (its path below the root, "" = root) that is taken."""
        if folder.count("/") >= DEEPEST:
            self._closed(folder, f"more than {DEEPEST} folders stand in each other")
            return
        try:
            with os.scandir(self._root / folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self._closed(folder, f"the folder cannot be read: {reason_of(error)}")
            return
        for entry in entries:
            if not entry.name.startswith("."):
                path = f"{folder}/{entry.name}" if folder else entry.name
                yield from self._below(path)

    def _closed(self, folder: str, words: str) -> None:
        """What stands in there may still be there."""
        self.complete = False
        self.problems.append((printable(folder), words))

    def _below(self, path: str) -> Iterator[_Candidate]:
        # Path, not DirEntry: it answers "no" where a link leads nowhere or in a circle.
        place = self._root / path
        if not place.is_dir():
            if any(takes(pattern, path) for pattern in self._include):
                yield from self._candidate(path)
        elif any(enters(pattern, path) for pattern in self._include):
            if place.is_symlink():
                self._linked_folder(path)
            else:
                yield from self.files(path)

    def _linked_folder(self, path: str) -> None:
        """Links to folders are not followed: what they show is found at its own place, if any."""
        if not (self._root / path).resolve().is_relative_to(self._root):
            words = "it is a link that leaves the folder: make its target a source of its own"
            self.problems.append((printable(path), words))

    def _candidate(self, path: str) -> Iterator[_Candidate]:
        """A file, or nothing and a problem."""
        try:
            yield candidate(self._root, path)
        except UnfitError as unfit:
            if os.path.lexists(self._root / path):  # else it went away just now
                self.problems.append((printable(path), str(unfit)))


def candidate(root: Path, path: str) -> _Candidate:
    """Look at one file without opening it.

    Raises:
        UnfitError: it is not ours to read, or no file.
    """
    if printable(path) != path:
        raise UnfitError("its name is not UTF-8", "rename the file")
    try:
        place = (root / path).resolve(strict=True)
        look = place.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before 3.13
        raise UnfitError(f"it cannot be read: {reason_of(error)}") from error
    if not place.is_relative_to(root):
        raise UnfitError("it is a link that leaves the folder", "put the file itself there")
    if not stat.S_ISREG(look.st_mode):
        raise UnfitError("it is not a plain file")
    return _Candidate(path, place, stamp_of(look))


def text_of(file: _Candidate) -> str | None:
    """The text of a file; None if it changed while it was read.

    Raises:
        UnfitError: it is no text, too large, or may not be read.
    """
    check_size(file.stamp[1])
    content, after = content_of(file.place)
    return decoded(content) if after == file.stamp else None


def content_of(place: Path) -> tuple[bytes, Stamp]:
    """What a file holds, and how it looked after it was read.

    Args:
        place: where it really is, no link.

    Raises:
        UnfitError: it is no plain file, too large, or may not be read.
    """
    try:
        with open(os.open(place, _READ), "rb") as stream:  # noqa: PTH123  Path.open knows no flags
            look = os.fstat(stream.fileno())
            if not stat.S_ISREG(look.st_mode):
                raise UnfitError("it is not a plain file", "put a file of text there")
            check_size(look.st_size)
            return stream.read(LARGEST + 1), stamp_of(os.fstat(stream.fileno()))
    except OSError as error:
        raise UnfitError(f"it cannot be read: {reason_of(error)}") from error


def stamp_of(look: os.stat_result) -> Stamp:
    """What tells that a file has changed."""
    return (look.st_mtime_ns, look.st_size, look.st_ino)


def printable(path: str) -> str:
    """A path with bytes that are not UTF-8 replaced, fit for a log and a database."""
    return os.fsencode(path).decode("utf-8", "replace")


def reason_of(error: Exception) -> str:
    """An error of the system in words, without the path that the caller names anyway."""
    return getattr(error, "strerror", None) or str(error)
