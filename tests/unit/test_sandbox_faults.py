"""The sandbox's faults and limits: what goes wrong does so on order, and only then."""

import asyncio
from datetime import timedelta
from random import Random

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.errors import ControlError
from bot.sandbox.faults import Faults, Rule, rule_from
from bot.sandbox.pace import TIERS, Pace
from bot.sandbox.server import running
from tests.sandbox_ear import ADA, GENERAL, WEEKLY, StandingClock


@pytest.fixture
def clock():
    """The sandbox's time."""
    return StandingClock()


@pytest.fixture
async def sandbox(clock):
    """A local Slack with its rate limits."""
    async with running(clock=clock) as started:
        yield started


@pytest.fixture
def client(sandbox):
    """A client that never tries again."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


async def post(sandbox, text="hello", channel=WEEKLY) -> aiohttp.ClientResponse:
    """Post raw, to see what the line carries. The body is read."""
    body = {"channel": channel, "text": text, "token": sandbox.bot_token}
    async with aiohttp.ClientSession() as web:
        response = await web.post(f"{sandbox.api_url}chat.postMessage", data=body)
        await response.read()
        return response


def stored(sandbox, channel=WEEKLY) -> list[str]:
    """What stands in a channel."""
    return [str(message["text"]) for message in sandbox.sight.timeline(ADA, channel)]


# ------------------------------------------------------------------ rules


def faults_of(seed: int) -> Faults:
    """An empty list of rules."""
    return Faults(Random(seed))  # noqa: S311 -- chance, not secrecy


def test_a_rule_names_methods_by_prefix_and_one_channel():
    """A star stands for the rest; a channel excludes the others."""
    rule = Rule("reset", "chat.*", WEEKLY)

    assert rule.fits("chat.update", WEEKLY)
    assert not rule.fits("chat.update", GENERAL)
    assert not rule.fits("views.open", WEEKLY)
    assert Rule("reset").fits("views.open", "")


def test_a_rule_strikes_the_nth_call_or_so_many_times():
    """`nth` and `times` count matching calls only."""
    faults = faults_of(0)
    faults.add(Rule("reset", "chat.update", nth=2))
    faults.add(Rule("empty", "chat.delete", times=2))
    updates = [faults.strike("chat.update", "") for _ in range(3)]
    deletes = [faults.strike("chat.delete", "") for _ in range(3)]

    assert [rule is not None for rule in updates] == [False, True, False]
    assert [rule is not None for rule in deletes] == [True, True, False]
    assert [(r["matched"], r["struck"]) for r in faults.listed()] == [(3, 1), (3, 2)]


def test_chance_is_the_same_under_the_same_seed():
    """A rule with a probability strikes where it struck last time."""

    def strikes() -> list[bool]:
        faults = faults_of(7)
        faults.add(Rule("reset", probability=0.3))
        return [faults.strike("chat.postMessage", "") is not None for _ in range(50)]

    assert strikes() == strikes()
    assert 5 < sum(strikes()) < 25


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "needs a kind"),
        ({"kind": "explode"}, "is none of"),
        ({"kind": "reset", "when": "later"}, "is none of"),
        ({"kind": "reset", "probability": 2}, "not from 0 to 1"),
        ({"kind": "reset", "chanel": WEEKLY}, "unknown field 'chanel'"),
        ({"kind": "reset", "nth": "first"}, "nth must be int"),
    ],
    ids=["empty", "kind", "when", "probability", "unknown", "type"],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(data, words):
    """Whoever orders a fault learns what is wrong with the order."""
    with pytest.raises(ControlError, match=words):
        rule_from(data)


def test_a_fault_that_is_not_there_cannot_be_removed():
    """Removing says what it did not find."""
    faults = faults_of(0)
    with pytest.raises(ControlError, match="F9"):
        faults.remove("F9")


# ------------------------------------------------------------------ on the wire


async def test_a_cut_line_before_the_post_leaves_nothing(sandbox):
    """The caller sees a broken line and the channel stays empty."""
    sandbox.faults.add(Rule("reset", "chat.postMessage", times=1))
    with pytest.raises(aiohttp.ClientError):
        await post(sandbox)

    assert stored(sandbox) == []


async def test_a_cut_line_after_the_post_leaves_the_message(sandbox):
    """The case that posts twice if a bot merely tries again."""
    sandbox.faults.add(Rule("reset", "chat.postMessage", times=1, when="after"))
    with pytest.raises(aiohttp.ClientError):
        await post(sandbox)

    assert stored(sandbox) == ["hello"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_error_page_can_hide_a_stored_message(sandbox, when):
    """Status and page as ordered; the effect depends on `when`."""
    sandbox.faults.add(Rule("html", "chat.*", status=502, when=when))
    response = await post(sandbox)

    assert (response.status, response.content_type) == (502, "text/html")
    assert stored(sandbox) == (["hello"] if when == "after" else [])


async def test_half_an_answer_and_no_answer(sandbox):
    """Truncated JSON and an empty body come with HTTP 200."""
    sandbox.faults.add(Rule("truncated", nth=1))
    sandbox.faults.add(Rule("empty", nth=2))
    half, none = await post(sandbox), await post(sandbox)

    assert (await half.text()).startswith("{")
    assert not (await half.text()).endswith("}")
    assert (none.status, await none.text()) == (200, "")


@pytest.mark.parametrize("header", ["1", "30", "soon", ""])
async def test_too_many_requests_say_when_as_ordered(sandbox, header):
    """Retry-After may be a number, nonsense or absent."""
    sandbox.faults.add(Rule("ratelimited", "chat.postMessage", GENERAL, retry_after=header))
    busy, calm = await post(sandbox, channel=GENERAL), await post(sandbox)

    assert (busy.status, calm.status) == (429, 200)
    assert busy.headers.get("Retry-After", "") == header


async def test_any_error_can_be_ordered_with_its_fields(sandbox, client):
    """Slack's own words, such as a picture that could not be fetched."""
    words = ["downloading image failed [json-pointer:/blocks/3/image_url]"]
    sandbox.faults.add(Rule("error", error="invalid_blocks", fields={"errors": words}))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=WEEKLY, text="x")

    assert caught.value.response["errors"] == words


async def test_a_late_answer_is_right(sandbox):
    """A delay changes nothing but the time; a caller that gave up finds its message."""
    sandbox.faults.add(Rule("delay", "chat.postMessage", delay_ms=100))
    changes = sandbox.workspace.notices.follow()
    impatient = asyncio.create_task(post(sandbox, "gave up"))
    while not sandbox.faults.listed()[0]["struck"]:
        await asyncio.sleep(0.005)
    impatient.cancel()
    async for change in changes:
        if change.kind == "message":
            break

    assert stored(sandbox) == ["gave up"]


async def test_the_log_tells_the_fault_and_no_secret(sandbox):
    """Every call is written down, its token never."""
    sandbox.faults.add(Rule("http", nth=1, status=503))
    await post(sandbox)
    await post(sandbox)
    first, second = sandbox.traffic.calls("chat.postMessage", WEEKLY)

    assert (first.fault, second.fault) == ("http", "")
    assert second.answer["ok"] is True
    assert sandbox.bot_token not in str(sandbox.traffic.as_json())
    assert sandbox.bot_token not in repr(sandbox.__dict__)


# ------------------------------------------------------------------ pace


def test_a_tier_lets_its_number_pass_each_minute(clock):
    """One call more is told how long to wait, and passes then."""
    pace = Pace()
    passed = [pace.wait("chat.update", "3", "", clock()) for _ in range(TIERS["3"])]
    wait = pace.wait("chat.update", "3", "", clock())
    clock.advance(seconds=wait)

    assert set(passed) == {0}
    assert wait == 60
    assert pace.wait("chat.update", "3", "", clock()) == 0


def test_other_methods_are_not_held_up(clock):
    """Each method has its own budget."""
    pace = Pace()
    for _ in range(TIERS["2"] + 1):
        pace.wait("conversations.list", "2", "", clock())

    assert pace.wait("users.list", "2", "", clock()) == 0


def test_a_channel_takes_a_short_burst_then_one_a_second(clock):
    """Posting is paced per channel; the other channels go on."""
    pace = Pace()
    waits = [pace.wait("chat.postMessage", "post", WEEKLY, clock()) for _ in range(5)]
    other = pace.wait("chat.postMessage", "post", GENERAL, clock())
    clock.advance(seconds=1)

    assert waits == [0, 0, 0, 0, 1]
    assert other == 0
    assert pace.wait("chat.postMessage", "post", WEEKLY, clock()) == 0


def test_history_can_be_limited_as_for_distributed_apps(clock):
    """Once a minute, fifteen messages."""
    pace = Pace(history_limited=True)
    first = pace.wait("conversations.history", "3", "", clock())
    second = pace.wait("conversations.history", "3", "", clock() + timedelta(seconds=20))

    assert (first, second) == (0, 40)
    assert pace.page_limit == 15


def test_limits_can_be_switched_off(clock):
    """Nothing waits then."""
    pace = Pace(on=False)

    assert {pace.wait("chat.postMessage", "post", WEEKLY, clock()) for _ in range(99)} == {0}


async def test_a_busy_channel_answers_429_with_its_pause(sandbox, client):
    """The client sees Slack's answer: status, header, code; nothing is stored."""
    for _ in range(4):
        await client.chat_postMessage(channel=WEEKLY, text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="#weekly", text="too fast")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert caught.value.response["error"] == "ratelimited"
    assert "too fast" not in stored(sandbox)
