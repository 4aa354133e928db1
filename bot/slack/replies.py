"""Sends answers back through a response_url.

A response_url may be used 5 times within 30 minutes (`/interactivity/handling-user-interaction`,
docs.slack.dev, read 2026-08-20).
"""

import logging
from collections.abc import Sequence

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.clients import wire
from bot.slack.outcomes import FAR_SIDE, failure_of
from formatters.message import Message

logger = logging.getLogger(__name__)

MOST_USES = 5


class Replies:
    """Ephemeral answers.

    Not Bolt's `respond`: its client sends a message again when the line is cut.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, url: str, messages: Sequence[Message], *, replace: bool) -> bool:
        """Send in order; the first may take the place of the clicked message.

        Returns:
            Whether all were taken. What Slack refuses is logged, without address and text.
        """
        for index, message in enumerate(messages[:MOST_USES]):
            if not await self._send(url, message, replace=replace and index == 0):
                return False
        return True

    async def _send(self, url: str, message: Message, *, replace: bool) -> bool:
        client = AsyncWebhookClient(url, session=self._session, retry_handlers=[], logger=wire)
        body = {
            "text": message.text,
            "blocks": list(message.blocks),
            "response_type": "ephemeral",
            "replace_original": replace,
        }
        try:
            answer = await client.send_dict(body)
        except FAR_SIDE as error:
            logger.warning("answer.lost code=%s", failure_of(error).code)
            return False
        if answer.status_code != 200:  # noqa: PLR2004 (OK)
            logger.error("answer.refused status=%d", answer.status_code)
            return False
        return True
