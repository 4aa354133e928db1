"""What Slack tells us: commands, clicks, openings of the Home tab, mentions.

Acknowledges at once, then answers beside the request: Slack waits 3 s and no longer
(`/interactivity/implementing-slash-commands`, docs.slack.dev, read 2026-08-20).
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.desk import FrontDesk
from bot.slack.identity import Identity
from bot.slack.inbox import clicked, part_of, text_of, typed

EVERYTHING = re.compile(r".*", re.DOTALL)
HOME_EVENT = "app_home_opened"

bolt = logging.getLogger("bot.slack.bolt")
bolt.setLevel(logging.ERROR)
"""Bolt warns of the variables it finds in the environment; we hand it everything ourselves."""


class EmptySecretError(ValueError):
    """Without a signing secret anybody could speak as Slack."""


def build_app(
    *, client: AsyncWebClient, identity: Identity, signing_secret: str, front: FrontDesk
) -> AsyncApp:
    """The Bolt app of one workspace.

    Args:
        client: for Bolt's own use.
        identity: from the start-up check; saves an `auth.test` within the 3 s.
        signing_secret: of the Slack app; in Socket Mode, which needs none, any unguessable text.
        front: answers.

    Raises:
        EmptySecretError: Bolt itself would notice an empty secret only at the first request.
    """
    if not signing_secret.strip():
        raise EmptySecretError(
            "SLACK_SIGNING_SECRET is empty: copy it from 'Basic Information' of the Slack app"
        )
    app = AsyncApp(
        client=client,
        signing_secret=signing_secret,
        # Given one, Bolt leaves SLACK_BOT_TOKEN and SLACK_CLIENT_ID of the environment alone.
        authorize=authorizer(identity, client.token or ""),
        logger=bolt,
        name="digestbot",
    )
    register_questions(app, front)
    register_returns(app, front)
    register_the_rest(app)
    return app


def register_questions(app: AsyncApp, front: FrontDesk) -> None:
    """What gets an answer."""

    async def on_command(ack: AsyncAck, body: Mapping[str, object]) -> None:
        await ack()
        front.take(typed(body))

    async def on_action(
        ack: AsyncAck, body: Mapping[str, object], action: Mapping[str, object]
    ) -> None:
        await ack()
        click = clicked(body, action)
        if click is not None:
            front.take(click)

    async def on_home(event: Mapping[str, object]) -> None:
        if text_of(event, "tab") == "home":
            front.open_home(text_of(event, "user"), part_of(event, "view"))

    async def on_mention(body: Mapping[str, object], event: Mapping[str, object]) -> None:
        front.mentioned(text_of(body, "event_id"), event)

    # Slack sends an app its own commands only, whatever they are called in the manifest.
    app.command(EVERYTHING)(on_command)
    app.action(EVERYTHING)(on_action)
    app.event(HOME_EVENT)(on_home)
    app.event("app_mention")(on_mention)


def register_returns(app: AsyncApp, front: FrontDesk) -> None:
    """Channels that are there again: unarchived, or the bot was invited."""

    async def on_return(event: Mapping[str, object]) -> None:
        front.channel_back(text_of(event, "channel"))

    async def on_join(event: Mapping[str, object], context: AsyncBoltContext) -> None:
        if text_of(event, "user") == context.bot_user_id:
            front.channel_back(text_of(event, "channel"))

    app.event("member_joined_channel")(on_join)
    for event in ("channel_unarchive", "group_unarchive"):
        app.event(event)(on_return)


def register_the_rest(app: AsyncApp) -> None:
    """Acknowledge what nobody answers: otherwise Slack shows an error or sends it again."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.view(EVERYTHING)(acknowledge)
    app.view_closed(EVERYTHING)(acknowledge)
    app.shortcut(EVERYTHING)(acknowledge)
    app.options(EVERYTHING)(acknowledge)
    app.event(EVERYTHING)(acknowledge)


def authorizer(
    identity: Identity, token: str
) -> Callable[[str | None], Awaitable[AuthorizeResult]]:
    """What Bolt asks for at each request: always this one workspace's bot."""

    async def authorize(enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=identity.team_id,
            bot_id=identity.bot_id,
            bot_user_id=identity.user_id,
            bot_token=token,
        )

    return authorize
