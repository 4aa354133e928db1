"""Operators' verbs for the keys that workspaces' tokens are encrypted with: `key`, `rotate`."""

import click

from bot import app
from bot.archive import new_key
from bot.cli.serve import go, settings_of
from bot.cli.words import Misused, say
from config.settings import Settings


@click.command()
def key() -> None:
    """Print a new key for DIGESTBOT_ENCRYPTION_KEY.

    Put it before the key that there is, with a comma between them, restart the bot, then `rotate`.
    """
    click.echo(new_key())


@click.command()
def rotate() -> None:
    """Encrypt the workspaces' tokens with the first key; after that the others can go."""
    settings = settings_of()
    if not settings.encryption_key.get_secret_value():
        raise Misused("DIGESTBOT_ENCRYPTION_KEY is not set: nothing is encrypted with it.")
    count = go(rotated(settings))
    say(
        f"{count} workspace{'s have their tokens' if count != 1 else ' has its token'}"
        " encrypted with the first key."
    )


async def rotated(settings: Settings) -> int:
    """Encrypt anew; answers how many installations."""
    async with app.archived(settings) as archive:
        return await archive.installations.rotate()
