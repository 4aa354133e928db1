"""Whether Slack can be reached at all: said once when it cannot, once when it can again."""

import logging
import socket

import aiohttp
import pytest

from bot.slack.clients import http_session
from bot.slack.contact import Contact, following
from tests.sandbox_ear import listening


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/api/"


async def test_an_outage_is_said_once_and_its_end_too(nobody, caplog):
    """However many calls fail in it."""
    caplog.set_level(logging.INFO)
    async with http_session(following(Contact())) as session, listening() as ear:
        for _ in range(2):
            for _ in range(3):
                with pytest.raises(aiohttp.ClientConnectorError):
                    await session.post(nobody)
            for _ in range(3):
                assert (await session.get(ear.url)).status == 405

    said = [record.getMessage().partition(" ")[0] for record in caplog.records]
    assert said == ["slack.unreachable", "slack.reached_again"] * 2
    assert nobody.split("/")[2].replace(":", ":") in caplog.text


async def test_a_line_that_breaks_later_is_no_outage(caplog):
    """It was made: what became of the call is told where it is known."""
    caplog.set_level(logging.INFO)
    contact = Contact()
    trace = following(contact)
    async with http_session(trace) as session, listening() as ear:
        patience = aiohttp.ClientTimeout(total=1e-9)
        with pytest.raises(TimeoutError):
            await session.get(ear.url, timeout=patience)

    assert caplog.messages == []
