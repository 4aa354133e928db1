"""Verbs that keep the bot at work: `run` and `once`."""

import asyncio
import errno
import sys
from collections.abc import Coroutine
from functools import partial
from typing import TypeVar

import click

from bot import app, log, plan
from bot.archive import ArchiveError
from bot.cli.missing import remedy
from bot.cli.options import usable
from bot.cli.stop import Stop, until_told
from bot.cli.words import Failed, Misused, say
from bot.collector import settle_in
from bot.slack.identity import SlackRefusedError
from config.environment import CONFIG, process_environment
from config.settings import Settings, SettingsError, load, missing_to_run
from formatters.document import PostError

T = TypeVar("T")
NO_FILE = (
    f"name your settings file in {CONFIG}: config/digestbot.example.yaml is one to begin with"
)


@click.command()
def run() -> None:
    """Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""
    settings = ready_settings()
    go(until_told(partial(serve, settings)))


@click.command()
def once() -> None:
    """One round: look at every source, send what is due, then exit."""
    settings = ready_settings()
    go(one_round(settings))


def settings_of() -> Settings:
    """The settings that the environment and DIGESTBOT_CONFIG give.

    Raises:
        Misused: they are wrong; every fault on a line of its own.
    """
    try:
        settings = load(None, process_environment())
    except SettingsError as error:
        raise Misused(f"The settings are wrong:\n{error}") from error
    usable(partial(plan.wording, settings))
    return settings


def ready_settings() -> Settings:
    """The settings, with everything that a real workspace needs.

    Raises:
        Misused: something is missing.
    """
    settings = settings_of()
    missing = missing_to_run(settings)
    if missing and not process_environment().get(CONFIG):
        missing = (NO_FILE, *missing)
    if missing:
        raise Misused(
            "The settings are not complete:\n" + "\n".join(f"- {words}" for words in missing)
        )
    return settings


def start_log(settings: Settings) -> None:
    """Send log lines to stderr, with the settings' secrets kept out."""
    slack = settings.slack
    hidden = [slack.bot_token, slack.app_token, slack.signing_secret, settings.database_url]
    hidden += [slack.client_secret, settings.encryption_key]
    hidden += [settings.github.webhook_secret, *settings.tokens.values()]
    secrets = [s.get_secret_value() for s in hidden] + [*settings.encryption_keys]
    log.set_up(sys.stderr, style=settings.log, secrets=secrets)


def go(work: Coroutine[object, object, T]) -> T:
    """Run it to its end; what an operator can mend becomes words instead of a traceback."""
    try:
        return asyncio.run(work)
    except BrokenPipeError:
        raise  # nobody reads what we print: see `bot.cli.verbs.Verbs`
    except (ArchiveError, SlackRefusedError, PostError) as error:
        raise Failed(str(error)) from error
    except ModuleNotFoundError as error:  # drivers of databases are loaded by name
        words = remedy(error, sys.argv[1:])
        if words is None:
            raise
        raise Misused(words) from error
    except OSError as error:
        way_out = (
            "; set another PORT or DIGESTBOT_HOST"
            if error.errno in {errno.EADDRINUSE, errno.EADDRNOTAVAIL}
            else ""
        )
        raise Failed(f"the bot cannot go on: {error}{way_out}") from error


async def serve(settings: Settings, stop: Stop) -> None:
    """Serve until a signal comes."""
    start_log(settings)
    async with app.serving(settings):
        settle_in()
        await stop.wait()
        say("Stopping: what is under way is finished first.")


async def one_round(settings: Settings) -> None:
    """Discover and deliver once.

    Raises:
        Failed: a source could not be read.
    """
    start_log(settings)
    async with app.working(settings) as (bot, _):
        await bot.once()
        unread = await bot.unread()
    if unread:
        raise Failed("\n".join(f"{one.source}: {one.words}" for one in unread))
