"""The bot's connection to Slack: who it is, where it may speak, how it sends."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp

from bot.model.ids import HOME, UserId, WorkspaceId
from bot.ports.outside import Chat, Clock
from bot.slack import clients
from bot.slack.channels import enter
from bot.slack.chat import SlackChat
from bot.slack.contact import Contact, following
from bot.slack.desk import Ways
from bot.slack.identity import Identity, identity
from bot.slack.lines import ChatOfMany, Line, Lines
from bot.slack.people import Maintainers, Manners, People
from bot.slack.replies import Replies
from bot.slack.skew import Skew, watching
from bot.workspaces import Installation, Installations
from config.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slack:
    """The bot's ways to its workspaces.

    `identity` is that of the bot token, None without one. `barred` says what to do about channels
    of its workspace that the bot is not in.
    """

    identity: Identity | None
    barred: Mapping[str, str]
    chat: Chat
    lines: Lines
    session: aiohttp.ClientSession


@dataclass(frozen=True, slots=True)
class Connector:
    """Makes lines: all over one session, each with a token of its own."""

    settings: Settings
    clock: Clock
    session: aiohttp.ClientSession
    skew: Skew

    def home(self, token: str, me: Identity) -> Line:
        """The line to the workspace of the bot token."""
        return self._line(HOME, token, me.team_id, me.bot_id, bot_user=me.user_id)

    def installed(self, one: Installation) -> Line:
        """The line to a workspace that installed the bot."""
        token = one.keys.bot if one.keys else ""
        return self._line(
            one.workspace, token, one.workspace, one.bot_id, bot_user=one.bot_user
        )

    def _line(
        self, workspace: WorkspaceId, token: str, team: str, bot_id: str, *, bot_user: UserId
    ) -> Line:
        url = self.settings.slack.api_url
        posting = clients.posting_client(token, url, self.session)
        reading = clients.reading_client(token, url, self.session)
        site = self.settings.site
        people = People(
            reading,
            self._maintainers(workspace),
            Manners(site.language, site.timezone),
            self.clock,
        )
        return Line(
            workspace,
            team,
            bot_id,
            bot_user,
            SlackChat(posting, reading, self.skew),
            reading,
            Ways(posting, Replies(self.session), people),
        )

    def _maintainers(self, workspace: WorkspaceId) -> Maintainers:
        """Ids of people mean something in their own workspace only."""
        chosen = self.settings.maintainers
        if workspace != chosen.workspace:
            return Maintainers(frozenset())
        return Maintainers(frozenset(UserId(user) for user in chosen.users), chosen.usergroup)


@asynccontextmanager
async def connected(
    settings: Settings, clock: Clock, installations: Installations | None = None
) -> AsyncIterator[Slack]:
    """Slack, after it has accepted the bot token, where there is one.

    Args:
        settings: the operator's.
        clock: the time.
        installations: other workspaces; None where there is one only.

    Raises:
        SlackRefusedError: it has not; its words say what to do.
    """
    skew = Skew()
    traces = watching(skew, clock), following(Contact())
    async with clients.http_session(*traces) as session:
        connector = Connector(settings, clock, session, skew)
        joined = partial(
            Lines, installations if settings.many else None, connector.installed, clock=clock
        )
        token = settings.slack.bot_token.get_secret_value()
        if not token and settings.many:
            lines = joined(home=None)
            yield Slack(None, {}, ChatOfMany(lines, clock), lines, session)
            return
        me = await identity(clients.posting_client(token, settings.slack.api_url, session))
        logger.info("slack.connected team=%s bot=%s", me.team_id, me.user_id)
        for words in me.lacking():
            logger.warning("slack.scope_missing reason=%s", words)
        home = connector.home(token, me)
        lines = joined(home=home)
        barred = await enter(home.reading, wanted(settings, HOME))
        for channel, words in barred.items():
            logger.warning("channel.barred channel=%s reason=%s", channel, words)
        chat = ChatOfMany(lines, clock) if settings.many else home.chat
        yield Slack(me, barred, chat, lines, session)


def wanted(settings: Settings, workspace: WorkspaceId) -> list[str]:
    """The channels of a workspace in which the bot has to be, each once."""
    asked = settings.maintainers
    ours = [asked.channel] if asked.channel and asked.workspace == workspace else []
    named = (one.id for one in settings.channels if one.workspace == workspace)
    return list(dict.fromkeys([*named, *ours]))
