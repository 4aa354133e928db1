"""Options that several verbs have, checked before any work begins."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from bot.cli.words import Misused
from config import values
from config.folder import texts_in
from formatters.wording import Wording, WordingError, wording_of


def checked(
    check: Callable[[str], str],
) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Make a callback of an option from a check of the settings.

    Args:
        check: answers the value as it is used, or raises a ValueError that goes on from the
            value in words ("is no time zone").
    """

    def callback(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
        try:
            return None if value is None else check(value)
        except ValueError as error:
            raise click.BadParameter(f"'{value}' {error}") from error

    return callback


def usable(wording: Callable[[], Wording]) -> Wording:
    """The templates, if there is nothing wrong with them.

    Raises:
        Misused: every fault with its file and line.
    """
    try:
        return wording()
    except WordingError as error:
        raise Misused(f"The templates are wrong:\n{error}") from error


def folder_of_templates(_: click.Context, __: click.Parameter, value: Path | None) -> Wording:
    """The templates in a folder, if they can be used."""
    try:
        texts = texts_in(value) if value else ()
    except ValueError as error:
        raise click.BadParameter(f"'{value}' {error}") from error
    return usable(partial(wording_of, texts))


zone_name = checked(values.zone)
address = checked(values.web_address)

SITE = click.option(
    "--site",
    callback=address,
    default="",
    metavar="URL",
    help="Address of the site, for links that are relative to it.",
)
ZONE = click.option(
    "--zone",
    callback=zone_name,
    default="UTC",
    show_default=True,
    metavar="ZONE",
    help="The site's time zone, as Asia/Shanghai.",
)
POSTS_LANGUAGE = click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    help="Language of our own words. Default: the one that each post is written in.",
)
LANGUAGE = click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of our own words.",
)
TEMPLATES = click.option(
    "--templates",
    callback=folder_of_templates,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Folder of header.md, footer.md and words.yaml: words of your own.",
)
