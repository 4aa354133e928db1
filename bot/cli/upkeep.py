"""Maintainers' verbs for what was announced: `recall`, `pause`, `resume`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import click

from bot import app, publish
from bot.archive import Archive
from bot.cli.maintain import current, entry_of, with_archive
from bot.cli.serve import go, settings_of
from bot.cli.words import Failed, say
from bot.model.ids import ChannelId
from config.settings import Settings

RUNNING = "A running bot does it within a minute; otherwise run `digestbot once`."


@click.command()
@click.argument("post")
@click.option("--strike", is_flag=True, help="Strike it through instead of deleting it.")
def recall(post: str, *, strike: bool) -> None:
    """Take a post out of every channel, or strike it through.

    POST is its number, date, slug or id, or `latest`. What was not sent yet is held.
    """
    settings = settings_of()
    go(with_archive(settings, partial(recalled, settings, post=post, strike=strike)))


@click.command()
@click.argument("channel")
def pause(channel: str) -> None:
    """Let a channel have nothing until it is resumed.

    CHANNEL is its id. What comes meanwhile is held.
    """
    settings = settings_of()
    go(with_archive(settings, partial(paused, settings, channel=ChannelId(channel))))


@click.command()
@click.argument("channel")
def resume(channel: str) -> None:
    """Let a paused channel have what comes from now on.

    CHANNEL is its id. What came meanwhile can be reposted.
    """
    settings = settings_of()
    go(with_archive(settings, partial(resumed, settings, channel=ChannelId(channel))))


@asynccontextmanager
async def upkeep_of(settings: Settings, archive: Archive) -> AsyncIterator[publish.Upkeep]:
    """The same acts as in Slack, by the clock that all processes on the database go by."""
    async with app.kept_time(archive) as clock:
        there = await current(settings, archive)
        yield publish.Upkeep(archive.changes, archive.register, clock, there)


async def recalled(settings: Settings, archive: Archive, *, post: str, strike: bool) -> None:
    """Plan what takes a post out of the channels."""
    entry = await entry_of(archive, post)
    async with upkeep_of(settings, archive) as upkeep:
        count = await upkeep.recall(entry, strike=strike)
    say(f"Being recalled: {entry.title}, {count} messages.")
    if not strike:
        say(
            "One that Slack does not let be deleted is struck through; `digestbot why` names it."
        )
    say(RUNNING)


async def paused(settings: Settings, archive: Archive, *, channel: ChannelId) -> None:
    """Pause a channel."""
    async with upkeep_of(settings, archive) as upkeep:
        if not await upkeep.pause(channel, "an operator"):
            raise Failed(f"{channel} is paused already")
    say(f"{channel} gets nothing until `digestbot resume {channel}`.")


async def resumed(settings: Settings, archive: Archive, *, channel: ChannelId) -> None:
    """Resume a channel."""
    async with upkeep_of(settings, archive) as upkeep:
        if await upkeep.resume(channel) is None:
            raise Failed(f"{channel} is not paused")
    say(f"{channel} gets what comes from now on.")
    say(RUNNING)
