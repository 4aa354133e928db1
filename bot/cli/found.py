"""The posts that paths on the command line name."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.cli.words import plain, say
from bot.sources.content import UnfitError, decoded
from bot.sources.folder import content_of, printable
from formatters.document import Post, PostError, Site
from formatters.identity import no_post
from formatters.read import read_post


@dataclass(frozen=True, slots=True)
class File:
    """A Markdown file and its path below the folder that was named, POSIX."""

    where: Path
    name: str

    @property
    def id(self) -> str:
        """What its JSON file is called."""
        return self.name.removesuffix(".md").replace("/", "__")

    @property
    def place(self) -> Path:
        """Where it really is; of links in a circle one of them."""
        return Path(os.path.realpath(self.where))  # `resolve` raises there, before Python 3.13

    def read(self, site: Site) -> Post:
        """The post in it.

        Raises:
            PostError: it cannot be read or understood.
        """
        return read_post(self.text(), path=self.name, site=site)

    def text(self) -> str:
        """Its text.

        Raises:
            PostError: it cannot be read.
        """
        if printable(self.name) != self.name:
            raise self.fault("its name is not UTF-8", "Rename it")
        try:
            return decoded(content_of(self.place)[0])
        except UnfitError as unfit:
            remedy = unfit.remedy or "Look at its rights and where it leads"
            raise self.fault(unfit.problem, remedy[0].upper() + remedy[1:]) from unfit

    def fault(self, words: str, remedy: str) -> PostError:
        """What is wrong with the file as a whole."""
        return PostError(self.name, 0, words, remedy)


def files(paths: Iterable[Path], *, posts: bool) -> list[File]:
    """Every *.md at or below the paths, in order of name, each once.

    Args:
        paths: files, which are always taken, and folders. What is hidden in them is left alone.
        posts: whether files of folders that are no posts are left out, with words.
    """
    found = [file for path in paths for file in below(path, posts=posts)]
    if not found:
        say("There is no *.md file there.")
    return list({(file.place, file.name): file for file in found}.values())


def below(path: Path, *, posts: bool) -> Iterator[File]:
    """The file itself, or those of a folder."""
    if not path.is_dir():
        yield File(path, path.name)
        return
    for found in sorted(walked(path)):
        file = File(found, found.relative_to(path).as_posix())
        why = no_post(file.name)
        if why:
            left = "left out" if posts else "the bot would not post it"
            say(f"{plain(printable(file.name))}: {why}; {left}.")
        if not (why and posts):
            yield file


def walked(root: Path) -> Iterator[Path]:
    """The *.md files of a folder, links to folders not followed, what is closed told."""
    for folder, folders, names in os.walk(root, onerror=closed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name) for name in names if is_markdown(name))


def is_markdown(name: str) -> bool:
    """Whether a file is one for us, by its name."""
    return name.endswith(".md") and not name.startswith(".")


def closed(error: OSError) -> None:
    """Say that a folder cannot be looked into; the others can."""
    folder = plain(printable(str(error.filename)))
    say(f"{folder}: the folder cannot be read ({error.strerror}). Look at its rights.")
