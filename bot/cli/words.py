"""How the command line talks: data on stdout, words on stderr, progress only on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

import click

from config.environment import process_environment
from config.settings import Settings, SettingsError, load

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


def progress(items: Sequence[T], label: str) -> Iterator[T]:
    """The items, with a bar on a terminal and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield from bar


def settings_of() -> Settings:
    """The settings that the environment and DIGESTBOT_CONFIG give.

    Raises:
        Misused: they are wrong; every fault on a line of its own.
    """
    try:
        return load(None, process_environment())
    except SettingsError as error:
        raise Misused(f"The settings are wrong:\n{error}") from error
