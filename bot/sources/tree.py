"""A repository's files, as git's trees list them: which are posts, and what is wrong with others.

Pure; the same for a clone and for GitHub's API.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.sources.content import UnfitError, check_size
from bot.sources.globs import ANY_DEPTH, takes

LINK = "120000"
MODULE = "160000"
NOT_FOLLOWED = "it is a link to nothing that this source can read: put the file itself there"


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry of a tree that is no folder: its path below the source, mode, object id, bytes."""

    path: str
    mode: str
    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Posts:
    """Of a tree, what the patterns take: files and links as path -> object id; and problems."""

    files: Mapping[str, str]
    links: Mapping[str, str]
    problems: Mapping[str, str]


def posts_in(leaves: Iterable[Leaf], include: tuple[str, ...]) -> Posts:
    """Sort out the entries that the patterns take; hidden ones are never taken."""
    files: dict[str, str] = {}
    links: dict[str, str] = {}
    problems: dict[str, str] = {}
    for leaf in leaves:
        if not _taken(leaf, include):
            continue
        try:
            check(leaf)
        except UnfitError as unfit:
            problems[printable(leaf.path)] = str(unfit)
        else:
            (links if leaf.mode == LINK else files)[leaf.path] = leaf.id
    return Posts(files, links, problems)


def check(leaf: Leaf) -> None:
    """Refuse an entry that cannot be a post.

    Raises:
        UnfitError: it cannot.
    """
    if printable(leaf.path) != leaf.path:
        raise UnfitError("its name is not UTF-8: rename the file")
    if leaf.mode == MODULE:
        raise UnfitError("it is a submodule: make its repository a source of its own")
    check_size(leaf.size)


def _taken(leaf: Leaf, include: tuple[str, ...]) -> bool:
    if any(part.startswith(".") for part in leaf.path.split("/")):
        return False
    if leaf.mode == MODULE:
        return any(_names(pattern, leaf.path) for pattern in include)
    return any(takes(pattern, leaf.path) for pattern in include)


def followed(path: str, target: str, ids: Mapping[str, str]) -> str | None:
    """The object that a link leads to, None if that is no file of the source.

    Args:
        path: the link's own path.
        target: what it says.
        ids: path -> object id of all plain files of the source.
    """
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target.strip()))
    return ids.get(place)


def printable(path: str) -> str:
    """A path fit for a log and a database."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _names(pattern: str, folder: str) -> bool:
    """Whether a pattern leads into a folder by name, not just anywhere.

    Sites keep their themes as submodules: nobody looks for posts there.
    """
    steps, parts = pattern.split("/"), folder.split("/")
    leading = steps[: len(parts)]
    return (
        ANY_DEPTH not in leading
        and len(leading) == len(parts)
        and takes("/".join(leading), folder)
    )
