"""What Slack's answers grant: installations and keys, or nothing."""

from datetime import timedelta

import pytest

from bot.slack.clients import http_session, posting_client
from bot.slack.grants import (
    Credentials,
    NotGrantedError,
    exchanged,
    installation_in,
    keys_in,
    refreshed,
)
from bot.workspaces import Keys
from tests.fakes import NOON
from tests.slack_wire import FakeSlack, mumbles, says

APP = Credentials("1.2", "hush", "https://bot.example.org/slack/oauth_redirect")
TEAM = {
    "access_token": "xoxb-1",
    "token_type": "bot",
    "scope": "chat:write",
    "bot_user_id": "UBOT",
    "team": {"id": "T1", "name": "Red"},
    "enterprise": {"id": "E1", "name": "Org"},
    "authed_user": {"id": "U1"},
}


@pytest.fixture
async def slack():
    async with FakeSlack.running() as slack:
        yield slack


@pytest.fixture
async def client(slack):
    async with http_session() as session:
        yield posting_client("", slack.api_url, session)


def test_an_installation_is_of_its_team_or_of_the_whole_organisation():
    """The token of an organisation is none of one of its teams."""
    team = installation_in(TEAM, NOON)
    org = installation_in(TEAM | {"is_enterprise_install": True, "team": None}, NOON)

    assert team is not None
    assert org is not None
    assert (team.workspace, team.name, team.enterprise) == ("T1", "Red", "E1")
    assert (org.workspace, org.name, org.enterprise) == ("E1", "Org", "E1")
    assert "xoxb" not in repr(team)


@pytest.mark.parametrize(
    "lacking",
    [{"token_type": "user"}, {"access_token": ""}, {"team": None}, {"team": {"id": 7}}],
)
def test_without_a_bots_token_or_a_place_there_is_no_installation(lacking):
    """A person's token is not taken for the bot's."""
    assert installation_in(TEAM | lacking, NOON) is None


def test_keys_expire_where_slack_says_so():
    """Numbers that are none mean a token that lasts."""
    rotating = {"refresh_token": "xoxe-1", "expires_in": 43_200}
    assert keys_in(TEAM | rotating, NOON) == Keys(
        "xoxb-1", "xoxe-1", NOON + timedelta(hours=12)
    )
    assert keys_in(TEAM | {"expires_in": "soon"}, NOON) == Keys("xoxb-1")
    assert keys_in(TEAM | {"expires_in": 0}, NOON) == Keys("xoxb-1")


async def test_a_code_is_exchanged_with_the_apps_credentials(slack, client):
    """In the body; never in an address, which logs would keep."""
    slack.will("oauth.v2.access", says(ok=True, **TEAM))  # type: ignore[arg-type]

    installation = await exchanged("a-code", APP, client, NOON)

    assert installation.workspace == "T1"
    (call,) = slack.calls("oauth.v2.access")
    assert (call["code"], call["client_secret"]) == ("a-code", "hush")
    assert call["redirect_uri"] == APP.redirect_uri


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(ok=False, error="invalid_code"), "invalid_code"),
        (says(ok=True), "no_bot_token"),
        (mumbles("<html>", status=502), "http_502"),
    ],
)
async def test_what_is_not_granted_is_told_by_its_code(slack, client, answer, code):
    """Neither the code of the person nor the secret is in the words."""
    slack.will("oauth.v2.access", answer)

    with pytest.raises(NotGrantedError, match=code) as exchanging:
        await exchanged("a-code", APP, client, NOON)
    with pytest.raises(NotGrantedError, match=code) as refreshing:
        await refreshed(Keys("xoxb-1", "xoxe-1"), APP, client, NOON)

    for words in (str(exchanging.value), str(refreshing.value)):
        assert not any(secret in words for secret in ("a-code", "hush", "xoxe"))
