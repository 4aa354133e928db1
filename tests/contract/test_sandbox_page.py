"""The page's routes as a browser asks for them: shell, files, fragments, refusals in words."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.faults import rule_from
from bot.sandbox.page import FAULTS, FILES
from bot.sandbox.server import running
from tests.sandbox_ear import ADA, MEI, NOOR, WEEKLY, a_section


@pytest.fixture
async def sandbox():
    """A local Slack without rate limits."""
    async with running(pace=False) as started:
        yield started


@pytest.fixture
def client(sandbox):
    """Slack's client as the bot uses it."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
def get(sandbox):
    """Ask for a path; answers status, headers and text."""

    async def ask(path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(sandbox.url + path, headers=headers) as response,
        ):
            return response.status, dict(response.headers), await response.text()

    return ask


async def test_the_shell_allows_nothing_inline_and_nobody_else(get):
    """Its policy names only the sandbox; scripts and styles come as files."""
    status, headers, html = await get("/")
    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert " style=" not in html
    assert "onclick" not in html


async def test_the_shell_speaks_the_language_of_whoever_acts(get):
    """Chinese for mei, English for noor."""
    assert '<html lang="zh-CN">' in (await get(f"/?user={MEI}"))[2]
    assert '<html lang="en">' in (await get(f"/?user={NOOR}"))[2]


@pytest.mark.parametrize("name", FILES)
async def test_every_file_of_the_page_is_served(get, name):
    """With its type and without guessing."""
    status, headers, text = await get(f"/sandbox/static/{name}")
    assert status == 200
    assert headers["Content-Type"].startswith(FILES[name])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert text


@pytest.mark.parametrize(
    "path",
    [
        "/sandbox/static/secret.txt",
        "/sandbox/static/..%2Fserver.py",
        "/?user=U0NOBODY",
        "/sandbox/page/side?user=U0DIGESTB",
        f"/sandbox/page/timeline?user={ADA}&channel=C0MAINTAI",
        f"/sandbox/page/thread?user={ADA}&channel=C0NOWHERE&thread_ts=1.0",
    ],
)
async def test_what_is_not_there_or_not_theirs_is_not_found(get, path):
    """Files outside the list, strangers, the bot itself, private channels of others."""
    assert (await get(path))[0] == 404


async def test_a_foreign_host_sees_nothing(get):
    """A name that was rebound to this machine gets no fragment."""
    status, _, _ = await get(f"/sandbox/page/side?user={ADA}", Host="evil.example")
    assert status == 403


async def test_a_timeline_is_cut_to_its_end_and_says_so(client, get):
    """The last ones asked for, with a way to the earlier ones."""
    for number in range(3):
        await client.chat_postMessage(channel=WEEKLY, text=f"message {number}")
    path = f"/sandbox/page/timeline?user={ADA}&channel={WEEKLY}"
    html = (await get(f"{path}&count=2"))[2]
    assert "message 0" not in html
    assert 'data-do="earlier"' in html
    assert "message 0" in (await get(f"{path}&count=many"))[2]


async def test_a_thread_holds_parent_and_replies(client, get):
    """In order, and nothing else."""
    parent = await client.chat_postMessage(channel=WEEKLY, text="parent")
    await client.chat_postMessage(channel=WEEKLY, text="child", thread_ts=parent["ts"])
    await client.chat_postMessage(channel=WEEKLY, text="stranger")
    html = (
        await get(f"/sandbox/page/thread?user={ADA}&channel={WEEKLY}&thread_ts={parent['ts']}")
    )[2]
    assert html.index("parent") < html.index("child")
    assert "stranger" not in html


async def test_a_refused_post_stands_in_the_timeline_and_a_late_one_does_not(
    sandbox, client, get
):
    """Slack's words for what is wrong; waiting its turn is no refusal."""
    sandbox.faults.add(rule_from({"kind": "ratelimited", "times": 1}))
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel=WEEKLY, text="x", blocks=[{"type": "no"}])
    html = (await get(f"/sandbox/page/timeline?user={NOOR}&channel={WEEKLY}"))[2]
    assert html.count('class="refusal"') == 1
    assert "invalid_blocks" in html


async def test_home_modal_and_panels_are_drawn(sandbox, client, get):
    """Each fragment tells what is there, and that nothing is there."""
    assert (await get(f"/sandbox/page/modal?user={ADA}"))[2] == ""
    assert "not published" in (await get(f"/sandbox/page/home?user={ADA}"))[2]
    assert "No requests yet" in (await get(f"/sandbox/page/traffic?user={ADA}"))[2]

    await client.views_publish(
        user_id=ADA, view={"type": "home", "blocks": [a_section("welcome")]}
    )
    sandbox.faults.add(rule_from({"kind": "reset", "channel": WEEKLY, "when": "after"}))
    assert "welcome" in (await get(f"/sandbox/page/home?user={ADA}"))[2]
    assert "views.publish" in (await get(f"/sandbox/page/traffic?user={ADA}"))[2]
    assert "reset * #weekly after" in (await get(f"/sandbox/page/faults?user={ADA}"))[2]


async def test_direct_messages_have_a_place_of_their_own(sandbox, get):
    """Beside the app's Home, under the app's name."""
    await sandbox.control.open_home(ADA)
    html = (await get(f"/sandbox/page/side?user={ADA}"))[2]
    assert "Messages with digestbot" in html


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_of_the_form_is_a_rule_that_the_sandbox_takes(name):
    """No option of the form ends in an error."""
    assert rule_from(FAULTS[name]).kind in str(FAULTS[name])
