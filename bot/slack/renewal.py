"""Renews tokens before they expire, where the app rotates them.

Bolt does that only while a request comes in; a bot that publishes cannot wait for one. A refresh
token is good once, so of many processes one at a time renews.
"""

import logging
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.model.ids import WorkspaceId
from bot.ports.outside import Clock
from bot.slack.grants import Credentials, NotGrantedError, refreshed
from bot.slack.lines import Lines
from bot.workspaces import Installations, LockedError

logger = logging.getLogger(__name__)

AHEAD = timedelta(hours=2)
"""A token lives 12 hours (`/authentication/using-token-rotation`, docs.slack.dev, 2026-08-20): so
much is left to try again."""
RESERVED = timedelta(minutes=2)
"""Longer than a call may last: whoever dies over it gives way to another one then."""


class Renewal:
    """Renews what expires soon; to be called every few minutes.

    Args:
        installations: with their tokens.
        lines: that use them.
        credentials: of the app.
        client: without retry handlers.
        clock: the time.
    """

    def __init__(
        self,
        installations: Installations,
        lines: Lines,
        credentials: Credentials,
        client: AsyncWebClient,
        *,
        clock: Clock,
    ) -> None:
        self._installations = installations
        self._lines = lines
        self._credentials = credentials
        self._client = client
        self._clock = clock

    async def renew(self) -> int:
        """Renew every token that expires soon; answers how many."""
        due = await self._installations.due(self._clock.now() + AHEAD)
        return sum([await self._renewed(workspace) for workspace in due])

    async def _renewed(self, workspace: WorkspaceId) -> bool:
        now = self._clock.now()
        if not await self._installations.reserve(workspace, now, now + RESERVED):
            return False
        try:
            found = await self._installations.find(workspace)
            if found is None or found.keys is None or not found.keys.refresh:
                return False
            new = await refreshed(found.keys, self._credentials, self._client, now)
        except (NotGrantedError, LockedError) as error:
            # A person must act: once the token has expired, the bot is silent there.
            logger.error("token.not_renewed workspace=%s reason=%s", workspace, error)  # noqa: TRY400
            return False
        done = await self._installations.renew(workspace, found.keys, new)
        self._lines.forget(workspace)
        logger.info("token.renewed workspace=%s until=%s", workspace, new.expires_at)
        return done
