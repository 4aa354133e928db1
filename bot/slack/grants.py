"""What Slack grants: calls of `oauth.v2.access`, and what its answers say.

`/authentication/installing-with-oauth`, `/authentication/using-token-rotation` (docs.slack.dev, read
2026-08-20). The answers hold tokens: they are read here and go nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.model.ids import UserId, WorkspaceId
from bot.slack.inbox import part_of, text_of
from bot.slack.outcomes import FAR_SIDE, failure_of
from bot.workspaces import Installation, Keys

NOT_A_BOT = "no_bot_token"


class NotGrantedError(Exception):
    """Slack granted nothing; its text is Slack's code, or a word of ours for what the line did."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the app proves with who it is, and where people come back to."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


async def exchanged(
    code: str, credentials: Credentials, client: AsyncWebClient, now: datetime
) -> Installation:
    """An installation for the code of somebody who agreed.

    Args:
        code: good once, for ten minutes.
        credentials: of the app.
        client: without retry handlers, and without a token.
        now: aware, UTC.

    Raises:
        NotGrantedError: Slack does not take the code, or gives no bot token for it.
    """
    answer = await _asked(
        client, credentials, {"code": code, "redirect_uri": credentials.redirect_uri}
    )
    installation = installation_in(answer, now)
    if installation is None:
        raise NotGrantedError(NOT_A_BOT)
    return installation


async def refreshed(
    keys: Keys, credentials: Credentials, client: AsyncWebClient, now: datetime
) -> Keys:
    """New keys for old ones, whose refresh token is used up by that.

    Raises:
        NotGrantedError: Slack does not take it.
    """
    wanted = {"grant_type": "refresh_token", "refresh_token": keys.refresh}
    new = keys_in(await _asked(client, credentials, wanted), now)
    if new is None:
        raise NotGrantedError(NOT_A_BOT)
    return new


async def _asked(
    client: AsyncWebClient, credentials: Credentials, wanted: Mapping[str, str]
) -> Mapping[str, object]:
    body = {
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        **wanted,
    }
    try:
        answer = await client.api_call("oauth.v2.access", data=body)
        data: object = answer.data
    except FAR_SIDE as error:
        failure = failure_of(error)
        raise NotGrantedError(failure.code or f"http_{failure.status}") from None
    return data if isinstance(data, Mapping) else {}


def installation_in(answer: Mapping[str, object], now: datetime) -> Installation | None:
    """What an answer grants; None if it has no workspace or no token of a bot."""
    keys = keys_in(answer, now)
    team, enterprise = part_of(answer, "team"), part_of(answer, "enterprise")
    place = enterprise if answer.get("is_enterprise_install") is True else team
    workspace = WorkspaceId(text_of(place, "id"))
    if keys is None or not workspace:
        return None
    return Installation(
        workspace=workspace,
        name=text_of(place, "name"),
        enterprise=text_of(enterprise, "id"),
        bot_id=text_of(answer, "bot_id"),
        bot_user=UserId(text_of(answer, "bot_user_id")),
        scopes=text_of(answer, "scope"),
        installed_by=UserId(text_of(part_of(answer, "authed_user"), "id")),
        installed_at=now,
        keys=keys,
    )


def keys_in(answer: Mapping[str, object], now: datetime) -> Keys | None:
    """The bot's keys in an answer, None if there are none."""
    token, lasts = text_of(answer, "access_token"), answer.get("expires_in")
    if not token or text_of(answer, "token_type") != "bot":
        return None
    expires = now + timedelta(seconds=lasts) if isinstance(lasts, int) and lasts > 0 else None
    return Keys(token, text_of(answer, "refresh_token"), expires)
