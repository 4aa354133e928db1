"""Entering channels, against the local Slack."""

import pytest

from bot.sandbox import server
from bot.sandbox.faults import Rule
from bot.slack.channels import enter
from bot.slack.clients import http_session, reading_client
from tests.sandbox_ear import BOT, GENERAL, MAINTAINERS, OLD, WEEKLY


@pytest.fixture
async def slack():
    """A local Slack."""
    async with server.running(pace=False) as running:
        yield running


@pytest.fixture
async def client(slack):
    """The bot's client in it."""
    async with http_session() as session:
        yield reading_client(slack.bot_token, slack.api_url, session)


async def test_a_public_channel_is_joined(slack, client):
    """The bot becomes a member by itself; where it is one already, nothing happens."""
    slack.admin.kick(GENERAL)

    assert await enter(client, [GENERAL, WEEKLY]) == {}
    assert BOT in slack.workspace.world.channels[GENERAL].members
    assert len(slack.traffic.calls("conversations.join")) == 1


async def test_a_private_channel_needs_an_invitation_and_an_archived_one_a_decision(
    slack, client
):
    """Each is named with its way out; a private one that the bot is in is fine."""
    assert await enter(client, [MAINTAINERS]) == {}
    slack.admin.kick(MAINTAINERS)

    barred = await enter(client, [MAINTAINERS, OLD, "C0UNKNOWN"])

    assert "invite" in barred[MAINTAINERS]
    assert "archived" in barred[OLD]
    assert "no such channel" in barred["C0UNKNOWN"]


async def test_a_silent_slack_is_no_reason_to_stop(slack, client):
    """If nobody says where the bot is, sending will show it."""
    slack.faults.add(Rule("error", method="users.conversations", error="ratelimited"))

    assert await enter(client, [GENERAL]) == {}
