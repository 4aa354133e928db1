"""The bot's connection to its workspace: who it is there, where it may speak, how it sends."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.model import UserId
from bot.ports import Chat, Clock
from bot.slack import clients
from bot.slack.channels import enter
from bot.slack.chat import SlackChat
from bot.slack.desk import Ways
from bot.slack.identity import Identity, identity
from bot.slack.people import Maintainers, Manners, People
from bot.slack.replies import Replies
from bot.slack.skew import Skew, watching
from config.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slack:
    """The bot's way to its workspace. `barred` says what to do about channels it is not in."""

    identity: Identity
    barred: Mapping[str, str]
    chat: Chat
    ways: Ways


@asynccontextmanager
async def connected(settings: Settings, clock: Clock) -> AsyncIterator[Slack]:
    """Slack, after it has accepted the token.

    Raises:
        SlackRefusedError: it has not; its words say what to do.
    """
    token = settings.slack.bot_token.get_secret_value()
    skew = Skew()
    async with clients.http_session(watching(skew, clock)) as session:
        posting = clients.posting_client(token, settings.slack.api_url, session)
        reading = clients.reading_client(token, settings.slack.api_url, session)
        me = await identity(posting)
        logger.info("slack.connected team=%s bot=%s", me.team_id, me.user_id)
        for words in me.lacking():
            logger.warning("slack.scope_missing reason=%s", words)
        ours = settings.maintainers.channel
        wanted = [*(channel.id for channel in settings.channels), *([ours] if ours else [])]
        barred = await enter(reading, list(dict.fromkeys(wanted)))
        for channel, words in barred.items():
            logger.warning("channel.barred channel=%s reason=%s", channel, words)
        maintainers = Maintainers(
            frozenset(UserId(user) for user in settings.maintainers.users),
            settings.maintainers.usergroup,
        )
        manners = Manners(settings.site.language, settings.site.timezone)
        people = People(reading, maintainers, manners, clock)
        yield Slack(
            me,
            barred,
            SlackChat(posting, reading, skew),
            Ways(posting, Replies(session), people),
        )
