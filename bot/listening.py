"""What listens while the bot runs: HTTP or Socket Mode, health, metrics, and many workspaces.

Starts and stops; decides nothing.
"""

import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from bot import metrics
from bot.archive import (
    ArchiveError,
)
from bot.core import Bot
from bot.polling import Polling
from bot.reception import Office, app_of, door_of, renewal_of, visit
from bot.schedule import Metronome
from bot.slack import calendars, hooks, web
from bot.slack.connection import Slack
from bot.slack.oauth import Door
from bot.slack.renewal import Renewal
from bot.slack.socket import SocketMode

logger = logging.getLogger(__name__)

SOCKET_CHECK = timedelta(minutes=1)
RENEWAL = timedelta(minutes=5)


@asynccontextmanager
async def listening(
    bot: Bot, slack: Slack, office: Office, metronome: Metronome, polling: Polling
) -> AsyncIterator[int]:
    """Slack's requests and the operator's, over HTTP and, with an app token, Socket Mode."""
    settings = bot.settings
    app_token = settings.slack.app_token.get_secret_value()
    signing_secret = settings.slack.signing_secret.get_secret_value()
    hook_secret = settings.github.webhook_secret.get_secret_value()
    if app_token:  # nothing signed comes then, and nothing can be signed with a random secret
        signing_secret = secrets.token_hex(32)
    bolt = app_of(slack, settings, office, signing_secret)
    home = slack.lines.home
    socket = SocketMode(bolt, app_token, home.ways.client) if app_token and home else None
    door = many(bot, slack, office, metronome) if settings.many else None
    pages = web.web_app(
        bolt=None if socket else bolt,
        ready=partial(obstacles, bot, socket),
        metrics=partial(figures, bot),
        requests=office.precedence.requests,
        hook=hooks.github_hook(hook_secret, partial(bot.ring, polling))
        if hook_secret
        else None,
        more=[
            *calendars.routes(bot.calendars),
            *(door.routes() if door else ()),
        ],
    )
    async with web.serving(pages, host=settings.host, port=settings.port) as port:
        if socket is None:
            yield port
            return
        await socket.start()
        metronome.every(SOCKET_CHECK, "socket", partial(mended, socket))
        try:
            yield port
        finally:
            await socket.stop()


def many(bot: Bot, slack: Slack, office: Office, metronome: Metronome) -> Door:
    """What many workspaces need: a door, fresh tokens, the bot in the channels that are named."""
    installations = bot.archive.installations
    renewal = renewal_of(slack, bot.settings, installations, bot.clock)
    metronome.every(RENEWAL, "tokens", partial(renewed, renewal))
    office.tasks.start(visit(slack, bot.settings))
    return door_of(slack, bot.settings, installations, bot.clock)


async def renewed(renewal: Renewal) -> None:
    """Renew tokens that expire soon; a failing archive is logged."""
    try:
        await renewal.renew()
    except ArchiveError:
        logger.exception("token.not_renewed")


async def figures(bot: Bot) -> str:
    """The text of `/metrics`."""
    replicas = await bot.archive.replicas()
    return await metrics.exposition(bot.archive.desk, bot.clock.now(), replicas)


async def mended(socket: SocketMode) -> None:
    """Connect anew where the connection stayed away."""
    await socket.mend()


async def obstacles(bot: Bot, socket: SocketMode | None) -> Sequence[str]:
    """What keeps the bot from working now, in words; () if nothing does."""
    found = []
    try:
        await bot.archive.ping()
    except ArchiveError as error:
        found.append(f"database: {error}")
    if socket is not None and not await socket.connected():
        found.append("slack: the Socket Mode connection is down")
    return found
