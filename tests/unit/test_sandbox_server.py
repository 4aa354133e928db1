"""The sandbox as a server: loopback only, guarded, restorable; sockets and live changes."""

import asyncio
import json

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.control_http import is_loopback
from bot.sandbox.journal import Notices
from bot.sandbox.server import running, written
from tests.sandbox_ear import ADA, LIN, WEEKLY, StandingClock


@pytest.fixture
async def sandbox():
    """A local Slack without a request URL: Socket Mode only."""
    async with running(clock=StandingClock(), pace=False) as started:
        yield started


@pytest.fixture
async def http():
    """A browser's requests."""
    async with aiohttp.ClientSession() as session:
        yield session


# ------------------------------------------------------------------ who gets in


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])  # noqa: S104 -- to be refused
async def test_only_loopback_is_served(host):
    """Anything else is refused before a socket is opened."""
    with pytest.raises(ValueError, match="loopback only"):
        async with running(host=host):
            pass


def test_loopback_is_known_without_a_resolver():
    """Names that could be made to mean anything are not loopback."""
    assert all(map(is_loopback, ["127.0.0.1", "127.8.8.8", "::1", "localhost"]))
    assert not any(map(is_loopback, ["localhost.example.org", "127.0.0.1.nip.io", "10.0.0.1"]))
    assert (written("::1"), written("127.0.0.1")) == ("[::1]", "127.0.0.1")


async def test_secrets_differ_from_run_to_run_unless_seeded():
    """Random by default, the same under one seed, and in no repr."""
    keys = []
    for seed in (0, 0, 5, 5):
        async with running(seed=seed) as one:
            keys.append((one.bot_token, one.app_token, one.signing_secret))

    assert keys[0] != keys[1]
    assert keys[2] == keys[3]
    assert keys[0][0].startswith("xoxb-")
    assert keys[0][1].startswith("xapp-")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=["rebinding", "lookalike", "foreign", "opaque", "cross-site"],
)
async def test_no_web_page_reaches_in(sandbox, http, headers):
    """DNS rebinding and cross-site requests end at the door."""
    url = f"{sandbox.url}/sandbox/api/state?user={ADA}"
    async with http.get(url, headers=headers) as response:
        assert response.status == 403
    async with http.get(url, headers={"Origin": sandbox.url}) as response:
        assert response.status == 200


# ------------------------------------------------------------------ control over HTTP


async def call(http, sandbox, name, **body):
    """Use the control API; tells status and answer."""
    async with http.post(f"{sandbox.url}/sandbox/api/{name}", json=body) as response:
        return response.status, await response.json()


async def test_a_person_acts_over_http(sandbox, http):
    """Say something and read it back, with who is unread."""
    status, said = await call(http, sandbox, "say", user=ADA, channel=WEEKLY, text="hello")
    async with http.get(f"{sandbox.url}/sandbox/api/state?user={LIN}") as response:
        before = await response.json()
    url = f"{sandbox.url}/sandbox/api/timeline?user={LIN}&channel={WEEKLY}"
    async with http.get(url) as response:
        timeline = await response.json()
    async with http.get(f"{sandbox.url}/sandbox/api/state?user={LIN}") as response:
        after = await response.json()

    assert status == 200
    assert timeline["messages"][0]["ts"] == said["ts"]
    assert [s["channels"][0]["unread_count"] for s in (before, after)] == [1, 0]
    assert before["commands"][0]["name"] == "/digest"
    assert "xoxb" not in json.dumps(after)


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        (
            "say",
            {"user": ADA, "channel": WEEKLY, "text": "x", "thraed": "1"},
            "unknown field 'thraed'",
        ),
        ("say", {"user": ADA, "channel": WEEKLY}, "missing field 'text'"),
        ("slash", {"user": ADA, "channel": "nowhere", "text": "/digest"}, "sees no channel"),
        ("click", {"user": ADA, "action_id": "a", "view_id": "V1"}, "no open view"),
        ("faults", {"kind": "boom"}, "is none of"),
        ("reset", {"hard": True}, "known: none"),
    ],
    ids=["unknown", "missing", "channel", "view", "fault", "reset"],
)
async def test_wrong_requests_are_told_why(sandbox, http, name, body, words):
    """400 and a sentence."""
    status, answer = await call(http, sandbox, name, **body)

    assert status == 400
    assert words in answer["error"]


async def test_only_json_is_taken(sandbox, http):
    """A form, which any page could send, is refused; so is broken JSON."""
    url = f"{sandbox.url}/sandbox/api/say"
    json_type = {"Content-Type": "application/json"}
    for data, headers in (({"user": ADA}, {}), ("{", json_type), ("[]", json_type)):
        async with http.post(url, data=data, headers=headers) as response:
            assert response.status == 400


async def test_faults_come_and_go_over_http(sandbox, http):
    """Add, list, remove one, remove all."""
    _, first = await call(http, sandbox, "faults", kind="reset", method="chat.*")
    await call(http, sandbox, "faults", kind="delay", delay_ms=10)
    url = f"{sandbox.url}/sandbox/api/faults"
    async with http.delete(url, params={"id": first["id"]}), http.get(url) as response:
        left = (await response.json())["faults"]
    async with http.delete(url) as response:
        assert response.status == 200

    assert [rule["kind"] for rule in left] == ["delay"]
    assert sandbox.faults.listed() == []


async def test_the_other_windows_answer(sandbox, http):
    """Home, modals and the log, each as JSON."""
    await call(http, sandbox, "open_home", user=ADA)
    answers: dict[str, object] = {}
    for name in ("home", "views", "log"):
        async with http.get(f"{sandbox.url}/sandbox/api/{name}?user={ADA}") as response:
            answers |= await response.json()

    assert answers["view"] is None
    assert answers["views"] == []
    assert isinstance(answers["log"], list)


async def test_changes_are_pushed_to_the_page(sandbox, http):
    """One event a change; a page that reconnects goes on where it was."""
    url = f"{sandbox.url}/sandbox/api/events"
    async with http.get(url) as live:
        await live.content.readuntil(b"hello\n\n")
        await sandbox.control.say(ADA, WEEKLY, "one")
        event = (await live.content.readuntil(b"\n\n")).decode()
    number, data = event.strip().split("\n")
    await sandbox.control.say(ADA, WEEKLY, "two")
    async with http.get(url, headers={"Last-Event-ID": number[4:]}) as again:
        await again.content.readuntil(b"hello\n\n")
        assert b'"kind": "message"' in await again.content.readuntil(b"\n\n")

    assert json.loads(data[6:])["channel"] == WEEKLY


async def test_a_follower_that_fell_behind_is_told_to_look_again():
    """Changes are kept for a while, not for ever."""
    notices = Notices()
    for _ in range(1500):
        notices.tell("message")
    follower = notices.follow(after=1)

    assert (await anext(follower)).kind == "reset"
    notices.tell("home")
    assert (await anext(follower)).kind == "home"


# ------------------------------------------------------------------ sockets


async def connected(sandbox, count=1):
    """Wait until so many sockets are open."""
    while sandbox.sockets.connections < count:
        await asyncio.sleep(0.01)


async def socket(sandbox, http):
    """Open one socket by hand, past its greeting."""
    app = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url)
    opened = await app.apps_connections_open(app_token=sandbox.app_token)
    web_socket = await http.ws_connect(opened["url"])
    assert (await web_socket.receive_json())["type"] == "hello"
    return web_socket


async def test_slacks_own_socket_client_takes_commands(sandbox):
    """Hello, envelope, acknowledgement with a payload."""
    web = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    client = SocketModeClient(app_token=sandbox.app_token, web_client=web)

    async def answer(_client, request):
        response = SocketModeResponse(request.envelope_id, {"text": "by socket"})
        await client.send_socket_mode_response(response)

    client.socket_mode_request_listeners.append(answer)
    await client.connect()
    await connected(sandbox)
    ack = await sandbox.control.slash(ADA, WEEKLY, "/digest latest")
    await client.close()

    assert ack.body == {"text": "by socket"}
    assert sandbox.sight.timeline(ADA, WEEKLY)[0]["text"] == "by socket"


async def test_each_envelope_has_one_receiver(sandbox, http):
    """Two sockets share the deliveries by turns."""
    sockets = [await socket(sandbox, http), await socket(sandbox, http)]
    received = []

    async def serve(web_socket):
        envelope = await web_socket.receive_json()
        received.append(envelope["envelope_id"])
        await web_socket.send_json({"envelope_id": envelope["envelope_id"]})

    servers = [asyncio.create_task(serve(web_socket)) for web_socket in sockets]
    for _ in range(2):
        assert (await sandbox.control.slash(ADA, WEEKLY, "/digest list")).code == ""
    await asyncio.gather(*servers)

    assert len(set(received)) == 2


async def test_a_socket_that_does_not_acknowledge_is_late(sandbox, http):
    """Three seconds, here shortened; nonsense and foreign envelopes are no acknowledgement."""
    sandbox.dispatcher.ack_seconds = 0.05
    web_socket = await socket(sandbox, http)
    await web_socket.send_str("nonsense")
    await web_socket.send_json({"envelope_id": "another"})

    assert (await sandbox.control.slash(ADA, WEEKLY, "/digest list")).code == "timeout"


async def test_a_retried_event_says_so_in_its_envelope(sandbox, http):
    """The second try carries its number and reason."""
    sandbox.dispatcher.ack_seconds = 0.05
    sandbox.dispatcher.retry_pauses = (0,)
    web_socket = await socket(sandbox, http)
    await sandbox.control.open_home(ADA)
    first, second = await web_socket.receive_json(), await web_socket.receive_json()

    assert (first["type"], first["retry_attempt"]) == ("events_api", 0)
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")


async def test_nobody_at_the_sockets_is_a_failed_command(sandbox):
    """No connection, no delivery."""
    assert (await sandbox.control.slash(ADA, WEEKLY, "/digest")).code == "connection_failed"


async def test_sockets_are_asked_to_leave(sandbox, http):
    """A warning leaves the line open, a refresh ends it."""
    web_socket = await socket(sandbox, http)
    await sandbox.sockets.disconnect("warning")
    await sandbox.sockets.disconnect()
    reasons = [(await web_socket.receive_json())["reason"] for _ in range(2)]

    assert reasons == ["warning", "refresh_requested"]
    assert sandbox.sockets.connections == 0


async def test_ten_sockets_and_no_more_each_by_its_own_ticket(sandbox, http):
    """The eleventh is sent away; a ticket opens one socket."""
    ten = [await socket(sandbox, http) for _ in range(10)]
    eleventh = await http.ws_connect(sandbox.sockets.ticket())

    assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
    assert sandbox.sockets.connections == len(ten)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(f"ws://{sandbox.url[7:]}/link/?ticket=guess")


# ------------------------------------------------------------------ the world as a whole


async def test_a_snapshot_brings_everything_back(sandbox):
    """Messages, threads, views and read marks; ts go on rising."""
    parent = await sandbox.control.say(ADA, WEEKLY, "parent")
    await sandbox.control.say(LIN, WEEKLY, "reply", parent)
    kept, before = sandbox.snapshot(), sandbox.sight.timeline(LIN, WEEKLY, parent)
    later = await sandbox.control.say(ADA, WEEKLY, "later")
    sandbox.restore(kept)

    assert sandbox.sight.timeline(LIN, WEEKLY, parent) == before
    assert await sandbox.control.say(ADA, WEEKLY, "again") > later


async def test_a_reset_is_a_new_beginning(sandbox, http):
    """The first world, valid tokens, no faults, an empty log."""
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    await client.chat_postMessage(channel=WEEKLY, text="gone")
    await client.auth_revoke()
    await call(http, sandbox, "faults", kind="delay")
    await call(http, sandbox, "reset")

    assert (await client.auth_test())["ok"]
    assert sandbox.sight.timeline(ADA, WEEKLY) == []
    assert sandbox.faults.listed() == []
    assert [exchange.method for exchange in sandbox.traffic.calls()] == ["auth.test"]


async def test_a_permalink_opens_the_page_at_its_thread(sandbox, http):
    """The address that chat.getPermalink tells leads somewhere."""
    parent = await sandbox.control.say(ADA, WEEKLY, "parent")
    reply = await sandbox.control.say(LIN, WEEKLY, "reply", parent)
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    places = []
    for ts in (parent, reply):
        link = (await client.chat_getPermalink(channel=WEEKLY, message_ts=ts))["permalink"]
        async with http.get(link, allow_redirects=False) as response:
            places.append(response.headers["Location"])

    assert places == [f"/?channel={WEEKLY}", f"/?channel={WEEKLY}&thread={parent}"]


async def test_ids_and_stamps_are_the_same_in_every_run():
    """Two runs under one clock and one seed tell the same story."""

    async def story() -> str:
        async with running(clock=StandingClock(), seed=3) as one:
            client = AsyncWebClient(one.bot_token, base_url=one.api_url)
            await client.chat_postMessage(channel=WEEKLY, text="你好")
            return one.snapshot()

    assert await story() == await story()
