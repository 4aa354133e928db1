"""What Slack tells us: commands, clicks, openings of the Home tab, mentions.

Acknowledges at once, then answers beside the request: Slack waits 3 s and no longer
(`/interactivity/implementing-slash-commands`, docs.slack.dev, read 2026-08-20).
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.desk import FrontDesk
from bot.slack.identity import Identity
from bot.slack.inbox import clicked, part_of, submitted, text_of, typed
from bot.slack.lines import Line
from bot.slack.windows import Acknowledgement

EVERYTHING = re.compile(r".*", re.DOTALL)
HOME_EVENT = "app_home_opened"

bolt = logging.getLogger("bot.slack.bolt")
bolt.setLevel(logging.ERROR)
"""Bolt warns of the variables it finds in the environment; we hand it everything ourselves."""


FRONT = "digestbot_front"
"""Where a request's context has the front desk of its workspace."""
Authorize: TypeAlias = Callable[
    [AsyncBoltContext, str | None, str | None], Awaitable[AuthorizeResult]
]
"""What Bolt asks who speaks: by a request's context, `enterprise_id` and `team_id`, so named."""
NOT_INSTALLED = (
    "Digestbot is not installed in this workspace any more: please install it again."
    " 本工作区已不再安装 Digestbot，请重新安装。"
)


class EmptySecretError(ValueError):
    """Without a signing secret anybody could speak as Slack."""


class Reception(Protocol):
    """Knows the workspaces from which requests come."""

    async def attend(self, enterprise: str, team: str) -> tuple[Line, FrontDesk] | None:
        """The line to a workspace and its front desk; None if the bot is not installed there."""

    async def over(self, team: str, enterprise: str, reason: str, at: datetime) -> None:
        """A workspace uninstalled the bot, or an organisation for all of its own (team "")."""


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
    app = built(client, signing_secret, authorizer(identity, client.token or "", front))
    register_the_rest(app)
    return app


def build_app_of_many(
    *, client: AsyncWebClient, signing_secret: str, reception: Reception
) -> AsyncApp:
    """The Bolt app of every workspace that installs it.

    Args:
        client: for Bolt's own use; without a token.
        signing_secret: of the Slack app.
        reception: knows the workspaces.

    Raises:
        EmptySecretError: as `build_app`.
    """
    app = built(client, signing_secret, authorizer_of_many(reception))
    register_endings(app, reception)
    register_the_rest(app)
    return app


def built(
    client: AsyncWebClient,
    signing_secret: str,
    authorize: Authorize,
) -> AsyncApp:
    """An app with all listeners that answer.

    Raises:
        EmptySecretError: as `build_app`.
    """
    if not signing_secret.strip():
        raise EmptySecretError(
            "SLACK_SIGNING_SECRET is empty: copy it from 'Basic Information' of the Slack app"
        )
    app = AsyncApp(
        client=client,
        signing_secret=signing_secret,
        # Given one, Bolt leaves SLACK_BOT_TOKEN and SLACK_CLIENT_ID of the environment alone.
        authorize=authorize,
        user_facing_authorize_error_message=NOT_INSTALLED,
        logger=bolt,
        name="digestbot",
    )
    register_questions(app)
    register_returns(app)
    return app


def front_of(context: AsyncBoltContext) -> FrontDesk:
    """The front desk that the authorizer found."""
    front = context[FRONT]
    assert isinstance(front, FrontDesk)  # noqa: S101 - ours, in Bolt's untyped context
    return front


def register_questions(app: AsyncApp) -> None:
    """What gets an answer."""

    async def on_command(
        ack: AsyncAck, body: Mapping[str, object], context: AsyncBoltContext
    ) -> None:
        await ack()
        front_of(context).take(typed(body))

    async def on_action(
        ack: AsyncAck,
        body: Mapping[str, object],
        action: Mapping[str, object],
        context: AsyncBoltContext,
    ) -> None:
        await ack()
        click = clicked(body, action)
        if click is not None:
            front_of(context).take(click)

    async def on_form(
        ack: AsyncAck, body: Mapping[str, object], context: AsyncBoltContext
    ) -> None:
        # The only thing that is answered before it is acknowledged: errors stand in the answer.
        click = submitted(body)
        said = await front_of(context).submit(click) if click else Acknowledgement()
        await ack(response_action=said.response_action, errors=said.errors, view=said.view)

    async def on_home(event: Mapping[str, object], context: AsyncBoltContext) -> None:
        if text_of(event, "tab") == "home":
            front_of(context).open_home(text_of(event, "user"), part_of(event, "view"))

    async def on_mention(
        body: Mapping[str, object], event: Mapping[str, object], context: AsyncBoltContext
    ) -> None:
        front_of(context).mentioned(text_of(body, "event_id"), event)

    # Slack sends an app its own commands only, whatever they are called in the manifest.
    app.command(EVERYTHING)(on_command)
    app.action(EVERYTHING)(on_action)
    app.view(EVERYTHING)(on_form)
    app.event(HOME_EVENT)(on_home)
    app.event("app_mention")(on_mention)


def register_returns(app: AsyncApp) -> None:
    """Channels that are there again: unarchived, or the bot was invited."""

    async def on_return(event: Mapping[str, object], context: AsyncBoltContext) -> None:
        front_of(context).channel_back(text_of(event, "channel"))

    async def on_join(event: Mapping[str, object], context: AsyncBoltContext) -> None:
        if text_of(event, "user") == context.bot_user_id:
            front_of(context).invited(text_of(event, "channel"), text_of(event, "inviter"))

    app.event("member_joined_channel")(on_join)
    for event in ("channel_unarchive", "group_unarchive"):
        app.event(event)(on_return)


def register_the_rest(app: AsyncApp) -> None:
    """Acknowledge what nobody answers: otherwise Slack shows an error or sends it again."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.view_closed(EVERYTHING)(acknowledge)
    app.shortcut(EVERYTHING)(acknowledge)
    app.options(EVERYTHING)(acknowledge)
    app.event(EVERYTHING)(acknowledge)


def register_endings(app: AsyncApp, reception: Reception) -> None:
    """The bot was uninstalled: Slack tells it in two events, in any order, and more than once."""

    async def on_ending(body: Mapping[str, object], event: Mapping[str, object]) -> None:
        kind = text_of(event, "type")
        if kind == "tokens_revoked" and not part_of(event, "tokens").get("bot"):
            return  # of people only, whom the bot never speaks for
        told_at = body.get("event_time")
        at = datetime.fromtimestamp(told_at, UTC) if isinstance(told_at, int) else None
        if at is not None:
            await reception.over(
                text_of(body, "team_id"), text_of(body, "enterprise_id"), kind, at
            )

    for event in ("app_uninstalled", "tokens_revoked"):
        app.event(event)(on_ending)


def authorizer(identity: Identity, token: str, front: FrontDesk) -> Authorize:
    """What Bolt asks for at each request: always this one workspace's bot."""

    async def authorize(
        context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult:
        del team_id  # there is one only
        context[FRONT] = front
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=identity.team_id,
            bot_id=identity.bot_id,
            bot_user_id=identity.user_id,
            bot_token=token,
        )

    return authorize


def authorizer_of_many(
    reception: Reception,
) -> Authorize:
    """The same for the workspace from which the request comes; None if it has not installed us.

    No call of Slack's: a token that is not good any more shows when it is used.
    """

    async def authorize(
        context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult:
        found = await reception.attend(enterprise_id or "", team_id or "")
        if found is None:
            return None  # type: ignore[return-value]  # Bolt's word for it, in its code alone
        line, front = found
        context[FRONT] = front
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=line.bot_id,
            bot_user_id=line.bot_user,
            bot_token=line.ways.client.token,
        )

    return authorize
