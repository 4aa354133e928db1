"""Socket Mode: Slack's requests over a connection that we open.

slack_sdk reconnects by itself, but tries a dead address or a revoked token for ever; so the token
is checked first, and `mend` starts anew where the connection stays away.
"""

import asyncio
import logging
from datetime import timedelta

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.clients import wire
from bot.slack.identity import SlackRefusedError
from bot.slack.outcomes import FAR_SIDE, failure_of

logger = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=30)
REMEDY = (
    "create an app-level token with the scope connections:write on the app's page"
    " 'Basic Information', copy it into SLACK_APP_TOKEN, and switch Socket Mode on"
)


class SocketMode:
    """One connection of the app.

    Args:
        app: gets the requests.
        app_token: `xapp-...`.
        client: a posting one (no retries: at most one new connection a minute is allowed).
    """

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._handler: AsyncSocketModeHandler | None = None

    async def start(self) -> None:
        """Connect.

        Raises:
            SlackRefusedError: Slack does not take the app token, or cannot be reached.
        """
        url = await self._address()
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, logger=wire, web_client=self._client
        )
        self._handler = handler
        handler.client.wss_uri = url
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await handler.connect_async()  # type: ignore[no-untyped-call]  # of Bolt
        except TimeoutError:
            await self.stop()
            raise SlackRefusedError(
                "Slack's Socket Mode address cannot be reached: check that web sockets pass"
                " your proxy"
            ) from None
        logger.info("socket.connected")

    async def stop(self) -> None:
        """Close the connection; what was acknowledged goes on."""
        if self._handler is not None:
            handler, self._handler = self._handler, None
            await handler.close_async()  # type: ignore[no-untyped-call]  # of Bolt

    async def connected(self) -> bool:
        """Whether requests can arrive now."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def mend(self) -> bool:
        """Connect anew unless connected; to be called about once a minute.

        Returns:
            Whether there is a connection now.
        """
        if await self.connected():
            return True
        await self.stop()
        try:
            await self.start()
        except SlackRefusedError as error:
            logger.error("socket.lost reason=%s", error)  # noqa: TRY400 (the words say it all)
            return False
        return True

    async def _address(self) -> str:
        try:
            answer = await self._client.apps_connections_open(app_token=self._app_token)
        except FAR_SIDE as error:
            code = failure_of(error).code or "no answer"
            raise SlackRefusedError(
                f"Slack at {self._client.base_url} opens no connection ({code}): {REMEDY}"
            ) from None
        return str(answer.get("url"))
