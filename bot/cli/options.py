"""Options that several verbs have, checked before any work begins."""

from collections.abc import Callable

import click

from config import values


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
