"""Who the bot is: one call at start-up that finds a bad token or a missing scope, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.model.ids import UserId
from bot.slack.outcomes import FAR_SIDE, Failure, failure_of, headers_of

NEEDED: Mapping[str, str] = {
    "chat:write": "posting",
    "commands": "the slash command",
    "users:read": "answers in a member's language and time zone",
    "channels:history": "finding out whether a post arrived after the line broke",
    "groups:history": "the same in private channels",
    "im:write": "reminding members of meetups",
    "im:history": "finding out whether a reminder arrived",
}
"""Scope -> what it is for. `/reference/scopes`, read 2026-08-20."""

REMEDIES: Mapping[str, str] = {
    "not_authed": "set SLACK_BOT_TOKEN",
    "invalid_auth": "copy the 'Bot User OAuth Token' from the app's page 'OAuth & Permissions'"
    " into SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and copy its new bot token into SLACK_BOT_TOKEN",
    "token_expired": "install the app again and copy its new bot token into SLACK_BOT_TOKEN",
    "account_inactive": "the app was removed from the workspace: install it again",
    "unreachable": "check the network, a proxy in between and SLACK_API_URL",
    "timeout": "check the network, a proxy in between and SLACK_API_URL",
}
OTHERWISE = "look the code up at docs.slack.dev/reference/methods/auth.test"


class SlackRefusedError(RuntimeError):
    """Slack does not let the bot in. Its text names the problem and the way out, no token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot in its workspace. `scopes` is empty where Slack did not tell them."""

    team_id: str
    team: str
    url: str
    user_id: UserId
    bot_id: str
    scopes: frozenset[str]

    def lacking(self) -> tuple[str, ...]:
        """What cannot work, one line for each missing scope."""
        if not self.scopes:
            return ()
        return tuple(
            f"the scope {scope} is missing (for {why}): add it under 'OAuth & Permissions'"
            " and install the app again"
            for scope, why in NEEDED.items()
            if scope not in self.scopes
        )


async def identity(client: AsyncWebClient) -> Identity:
    """Ask Slack who we are (`auth.test`).

    Raises:
        SlackRefusedError: with words for the operator.
    """
    try:
        answer = await client.auth_test()
    except FAR_SIDE as error:
        raise SlackRefusedError(words_for(failure_of(error), client.base_url)) from None
    granted = headers_of(answer).get("x-oauth-scopes", "")
    return Identity(
        team_id=str(answer.get("team_id") or ""),
        team=str(answer.get("team") or ""),
        url=str(answer.get("url") or ""),
        user_id=UserId(str(answer.get("user_id") or "")),
        bot_id=str(answer.get("bot_id") or ""),
        scopes=frozenset(scope.strip() for scope in granted.split(",") if scope.strip()),
    )


def words_for(failure: Failure, base_url: str) -> str:
    """What to tell the operator."""
    code = failure.code or f"HTTP {failure.status}"
    return f"Slack at {base_url} refuses the bot ({code}): {REMEDIES.get(code, OTHERWISE)}"
