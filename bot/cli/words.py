"""How the command line talks: data on stdout, words on stderr, progress only on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

import click

T = TypeVar("T")


class Failed(click.ClickException):
    """The job failed: exit 1, the words on stderr."""

    exit_code = 1


class Misused(click.ClickException):
    """Wrong usage or configuration: exit 2, the words on stderr."""

    exit_code = 2


def say(words: str) -> None:
    """A line for a person, on stderr."""
    click.echo(words, err=True)


def plain(text: str) -> str:
    """The text without what would end a line or colour it: paths and titles are a stranger's."""
    return "".join(c if c.isprintable() else " " for c in text)


def progress(items: Sequence[T], label: str) -> Iterator[T]:
    """The items, with a bar on a terminal and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield from bar
