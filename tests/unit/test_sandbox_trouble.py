"""Trouble with the sandbox: bodies, pages, sockets and doors that go wrong on order."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.errors import ControlError
from bot.sandbox.faults import Rule
from bot.sandbox.server import running_town
from tests.sandbox_ear import ADA, GENERAL, MEI, WEEKLY, StandingClock, listening

HISTORY = "conversations.history"


@pytest.fixture
async def town():
    """A local Slack without rate limits."""
    async with running_town(clock=StandingClock(), seed=7, pace=False) as started:
        yield started


@pytest.fixture
def sandbox(town):
    """Its first workspace."""
    return town.home


@pytest.fixture
async def ear(sandbox):
    """The bot's request URL."""
    async with listening() as heard:
        heard.secret, sandbox.request_url = sandbox.signing_secret, heard.url
        yield heard


@pytest.fixture
def client(sandbox):
    """A client that never tries again."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
async def http():
    """A client of the control API."""
    async with aiohttp.ClientSession() as session:
        yield session


async def order(http, sandbox, deed, /, **body):
    """Use the control API; answers status and words."""
    async with http.post(f"{sandbox.url}/sandbox/api/{deed}", json=body) as response:
        return response.status, (await response.json()).get("error", "")


def stored(sandbox, channel=WEEKLY):
    """What stands in a channel."""
    return [str(message["text"]) for message in sandbox.sight.timeline(ADA, channel)]


# ------------------------------------------------------------------ bodies


@pytest.mark.parametrize("body", ["[]", "null", '"ok"', "{", "\x00\x01", '{"ok": true}'])
async def test_an_answer_can_be_any_garbage(sandbox, http, body):
    """As it was ordered, called JSON, behind a message that was stored."""
    fault = Rule("garbage", "chat.*", status=200, body=body, when="after")
    sandbox.faults.add(fault)
    form = {"channel": WEEKLY, "text": "hello", "token": sandbox.bot_token}
    async with http.post(f"{sandbox.api_url}chat.postMessage", data=form) as response:
        told = await response.text()

    assert (response.status, response.content_type, told) == (200, "application/json", body)
    assert stored(sandbox) == ["hello"]


async def test_a_slow_body_is_right_in_the_end(sandbox, client):
    """Its second half comes late, and is the right one."""
    sandbox.faults.add(Rule("slow", "chat.*", delay_ms=150))
    loop = asyncio.get_running_loop()
    began = loop.time()
    answer = await client.chat_postMessage(channel=WEEKLY, text="hello")

    assert answer["message"]["text"] == "hello"
    assert loop.time() - began > 0.14


async def test_who_gives_up_on_a_slow_body_finds_its_message(sandbox, http):
    """The head came in time, the rest did not; the message is there all the same."""
    sandbox.faults.add(Rule("slow", "chat.*", delay_ms=400))
    form = {"channel": WEEKLY, "text": "hello", "token": sandbox.bot_token}
    patience = aiohttp.ClientTimeout(total=0.1)
    url = f"{sandbox.api_url}chat.postMessage"
    async with http.post(url, data=form, timeout=patience) as response:
        assert response.status == 200
        with pytest.raises(TimeoutError):
            await response.read()

    assert stored(sandbox) == ["hello"]


async def test_what_goes_wrong_by_chance_goes_wrong_alike_under_one_seed():
    """Which calls meet which fault depends on the seed and on nothing else."""

    async def struck(seed):
        async with running_town(clock=StandingClock(), seed=seed, pace=False) as town:
            sandbox = town.home
            web_client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
            sandbox.faults.add(Rule("short_page", HISTORY, probability=0.4))
            sandbox.faults.add(Rule("slow", HISTORY, probability=0.5))
            for _ in range(20):
                await web_client.conversations_history(channel=WEEKLY)
            return [exchange.fault for exchange in sandbox.traffic.calls(HISTORY)]

    first, again, other = [await struck(seed) for seed in (7, 7, 8)]
    assert first == again
    assert first != other
    assert set(first) == {"", "slow", "short_page"}


# ------------------------------------------------------------------ pages


async def walked(client, **more):
    """Every page of a history: its texts."""
    pages: list[list[str]] = []
    cursor = ""
    while cursor or not pages:
        answer = await client.conversations_history(
            channel=WEEKLY, limit=4, cursor=cursor, **more
        )
        pages.append([str(message["text"]) for message in answer["messages"]])
        cursor = answer["response_metadata"]["next_cursor"]
    return pages


async def with_messages(client, count=6):
    """Fill the channel; answers the texts, newest first."""
    texts = [f"m{number}" for number in range(count)]
    for text in texts:
        await client.chat_postMessage(channel=WEEKLY, text=text)
    return texts[::-1]


async def test_a_page_can_be_shorter_than_was_asked_for(sandbox, client):
    """Nothing is lost by it: the cursor goes on where the page ended."""
    texts = await with_messages(client)
    sandbox.faults.add(Rule("short_page", HISTORY, times=1))

    assert await walked(client) == [texts[:2], texts[2:]]


async def test_a_page_can_be_empty_and_yet_not_the_last(sandbox, client):
    """Whoever takes it for the end misses everything behind it."""
    texts = await with_messages(client)
    sandbox.faults.add(Rule("empty_page", HISTORY, times=2))

    assert await walked(client) == [[], [], texts[:4], texts[4:]]


async def test_a_cursor_can_expire_in_mid_walk(sandbox, client):
    """The second page is refused, the first was right."""
    await with_messages(client)
    sandbox.faults.add(Rule("error", HISTORY, nth=2, error="invalid_cursor"))
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        await walked(client)


async def test_a_list_can_change_between_two_pages(client):
    """A message that comes meanwhile pushes one over the edge: seen twice."""
    texts = await with_messages(client)
    first = await client.conversations_history(channel=WEEKLY, limit=4)
    await client.chat_postMessage(channel=WEEKLY, text="late")
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=WEEKLY, limit=4, cursor=cursor)

    assert [message["text"] for message in second["messages"]] == texts[3:]


# ------------------------------------------------------------------ the door


async def test_a_door_that_is_shut_refuses_and_cuts(town, sandbox, client, http):
    """No connection is made, none survives; then all is as before, at the same address."""
    async with http.get(sandbox.url) as page:
        assert page.status == 200
    await town.door.shut()
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.api_test()
    with pytest.raises(ControlError, match="refused already"):
        await town.door.shut()
    await town.door.open()
    await town.door.open()

    assert (await client.api_test())["ok"]


async def test_a_door_can_be_shut_for_a_while_over_http(sandbox, client, http):
    """The order is answered, then nobody is; it opens by itself."""

    async def refused():
        try:
            await client.api_test()
        except aiohttp.ClientError:
            return True
        return False

    assert await order(http, sandbox, "refuse", ms=800) == (200, "")
    assert (await order(http, sandbox, "refuse", ms=1))[0] == 400
    async with asyncio.timeout(10):
        while not await refused():
            await asyncio.sleep(0.01)
        while await refused():
            await asyncio.sleep(0.01)

    for ms in (-1, "1", True):
        assert "whole number" in (await order(http, sandbox, "refuse", ms=ms))[1]


# ------------------------------------------------------------------ deliveries


async def test_a_request_can_be_signed_in_the_future(sandbox, ear):
    """A receiver that checks must refuse it, as one that is too old."""
    sandbox.faults.add(Rule("future", "deliver.*"))
    await sandbox.control.slash(ADA, WEEKLY, "/digest latest")

    assert ear.heard[0].genuine is False


async def test_a_retry_can_come_while_the_first_still_runs(sandbox, ear):
    """Both are under way at once; the second says that it is one."""
    sandbox.faults.add(Rule("retry", "deliver.*", times=1))
    ear.answers = [web.Response(), web.Response()]
    await sandbox.control.open_home(ADA)
    await sandbox.dispatcher.settled()

    told = sorted(heard.headers.get("x-slack-retry-num", "") for heard in ear.heard)
    assert told == ["", "1"]
    assert len({str(heard.payload["event_id"]) for heard in ear.heard}) == 1


async def test_events_can_overtake_each_other(sandbox, ear):
    """The first is held up, the second is not."""
    sandbox.faults.add(Rule("delay", "deliver.events_api", nth=1, delay_ms=100))
    await sandbox.control.open_home(ADA)
    await sandbox.control.open_home(MEI)
    await sandbox.dispatcher.settled()

    assert [heard.payload["event"]["user"] for heard in ear.heard] == [MEI, ADA]


# ------------------------------------------------------------------ sockets


async def socket(sandbox, http):
    """Open one socket by hand."""
    return await http.ws_connect(sandbox.sockets.ticket())


async def test_an_envelope_can_come_twice(sandbox, http):
    """The same one, by its id."""
    sandbox.faults.add(Rule("duplicate", "deliver.*"))
    line = await socket(sandbox, http)
    await line.receive_json()
    typing = asyncio.create_task(sandbox.control.slash(ADA, WEEKLY, "/digest list"))
    first, second = await line.receive_json(), await line.receive_json()
    await line.send_json({"envelope_id": first["envelope_id"]})

    assert first == second
    assert (await typing).code == ""


async def test_a_socket_can_end_in_mid_envelope(sandbox, http):
    """The envelope came, its acknowledgement cannot go."""
    sandbox.faults.add(Rule("cut", "deliver.*"))
    line = await socket(sandbox, http)
    await line.receive_json()
    ack = await sandbox.control.slash(ADA, WEEKLY, "/digest list")

    assert ack.code == "connection_failed"
    assert (await line.receive_json())["type"] == "slash_commands"
    assert (await line.receive()).type is aiohttp.WSMsgType.CLOSE
    assert sandbox.sockets.connections == 0


async def test_a_socket_can_be_silent_or_one_too_many(sandbox, http):
    """No hello although it is open; or sent away although there is room."""
    sandbox.faults.add(Rule("lose", "socket.hello", nth=1))
    sandbox.faults.add(Rule("full", "socket.hello", nth=2))
    silent, refused = await socket(sandbox, http), await socket(sandbox, http)

    assert (await refused.receive_json())["reason"] == "too_many_websockets"
    with pytest.raises(TimeoutError):
        await silent.receive_json(timeout=0.05)
    assert sandbox.sockets.connections == 1


# ------------------------------------------------------------------ from above


async def test_moderators_can_be_played_over_http(sandbox, http, client):
    """What the bot meets then: Slack's codes for each."""
    codes = []

    async def refused(text):
        try:
            await client.chat_postMessage(channel=GENERAL, text=text)
        except SlackApiError as error:
            codes.append(str(error.response["error"]))

    for name, body in (
        ("kick", {}),
        ("invite", {}),
        ("archive", {}),
        ("unarchive", {}),
        ("rename", {"name": "talk"}),
        ("make_private", {}),
        ("kick", {}),
        ("delete_channel", {}),
    ):
        assert await order(http, sandbox, name, channel=GENERAL, **body) == (200, "")
        await refused(name)

    assert codes == ["not_in_channel", "is_archived", "channel_not_found", "channel_not_found"]


async def test_messages_people_and_tokens_change_over_http(sandbox, http, client):
    """Edited, deleted, deactivated, narrowed, revoked."""
    first, second = [
        (await client.chat_postMessage(channel=WEEKLY, text=text))["ts"] for text in "ab"
    ]
    await order(http, sandbox, "edit", channel=WEEKLY, ts=first, text="c")
    await order(http, sandbox, "delete", channel=WEEKLY, ts=second)
    await order(http, sandbox, "deactivate", user=MEI)
    await order(http, sandbox, "grant", scopes=["channels:read"])
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.chat_postMessage(channel=WEEKLY, text="d")
    await order(http, sandbox, "spoil_token", state="token_revoked")
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.chat_postMessage(channel=WEEKLY, text="d")

    assert stored(sandbox) == ["c"]
    assert sandbox.workspace.user(MEI).deleted
    status, words = await order(http, sandbox, "deactivate", user="U0")
    assert (status, words) == (400, "there is nobody with the id 'U0'")


def test_a_body_that_is_ordered_is_words(town):
    """Faults are JSON themselves: they are listed as they were ordered."""
    town.home.faults.add(Rule("garbage", body="[1"))

    assert json.loads(json.dumps(town.home.faults.listed()))[0]["body"] == "[1"
