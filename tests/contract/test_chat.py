"""The promises of the port `Chat`, kept by `SlackChat` over a wire that misbehaves."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.model.deliveries import (
    Absent,
    Busy,
    CannotLook,
    ChannelRefused,
    Delivery,
    DeliveryState,
    PayloadRefused,
    Sent,
    Unknown,
)
from bot.model.ids import ChannelId, DeliveryId, PostId
from bot.slack.chat import SKEW, SlackChat
from bot.slack.clients import http_session, posting_client, reading_client
from formatters.message import Message
from tests.slack_wire import FakeSlack, hangs_up, holds, mumbles, says

ATTEMPT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TOKEN = "xoxb-made-up"


def a_delivery(*, part: int = 0, thread_ts: str | None = None) -> Delivery:
    """A row that was just marked as being sent."""
    return Delivery(
        id=DeliveryId(f"d{part}"),
        seq=1,
        post=PostId("weekly:41/index.md"),
        revision="r1",
        channel=ChannelId("C1"),
        part=part,
        occasion="publish",
        message=Message("Weekly 41", ({"type": "divider"},)),
        state=DeliveryState.SENDING,
        attempts=1,
        due_at=ATTEMPT,
        attempted_at=ATTEMPT,
        ts=None,
        thread_ts=thread_ts,
        parent_state=DeliveryState.SENT if thread_ts else None,
        reason="",
    )


@pytest.fixture
async def slack():
    async with FakeSlack.running() as server:
        yield server


@pytest.fixture
async def chat(slack):
    async with http_session() as session:
        yield SlackChat(
            posting_client(TOKEN, slack.api_url, session),
            reading_client(TOKEN, slack.api_url, session),
        )


def with_metadata(delivery: str, ts: str) -> dict[str, object]:
    """A message of a channel's history."""
    payload = {"delivery": delivery, "post": "p", "part": 0, "revision": "r1"}
    return {"ts": ts, "metadata": {"event_type": "digest_delivery", "event_payload": payload}}


# ------------------------------------------------------------------ posting


async def test_a_post_carries_its_metadata_and_unfurls_nothing(slack, chat):
    """What is needed to find the message again goes out with it."""
    slack.will("chat.postMessage", says(ok=True, channel="C9", ts="1.2"))

    assert await chat.post(a_delivery()) == Sent(ChannelId("C9"), "1.2")

    (sent,) = slack.calls("chat.postMessage")
    assert sent["metadata"] == {
        "event_type": "digest_delivery",
        "event_payload": {
            "delivery": "d0",
            "post": "weekly:41/index.md",
            "part": 0,
            "revision": "r1",
        },
    }
    assert sent["unfurl_links"] is False
    assert sent["unfurl_media"] is False
    assert sent["text"] == "Weekly 41"
    assert "thread_ts" not in sent


async def test_a_part_goes_into_its_thread(slack, chat):
    """Parts above 0 are replies."""
    slack.will("chat.postMessage", says(ok=True, channel="C1", ts="1.3"))
    await chat.post(a_delivery(part=1, thread_ts="1.2"))
    assert slack.calls("chat.postMessage")[0]["thread_ts"] == "1.2"


async def test_a_second_attempt_has_the_same_client_id(slack, chat):
    """Should Slack recognise doubles by it, ours are recognised."""
    slack.will("chat.postMessage", says(ok=True, channel="C1", ts="1.3", is_duplicate=True))
    await chat.post(a_delivery())
    await chat.post(a_delivery())
    await chat.post(a_delivery(part=1))
    first, second, other = (c["client_msg_id"] for c in slack.calls("chat.postMessage"))
    assert first == second != other


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (
            says(429, {"Retry-After": "7"}, ok=False, error="ratelimited"),
            Busy("ratelimited", timedelta(seconds=7)),
        ),
        (says(429, ok=False, error="ratelimited"), Busy("ratelimited", timedelta(seconds=30))),
        (mumbles("slow down", status=429), Busy("ratelimited", timedelta(seconds=30))),
        (says(ok=False, error="channel_not_found"), ChannelRefused("channel_not_found")),
        (
            says(ok=False, error="invalid_blocks", errors=["bad [json-pointer:/blocks/0]"]),
            PayloadRefused("invalid_blocks", "bad [json-pointer:/blocks/0]"),
        ),
        (says(ok=False, error="internal_error"), Unknown("internal_error", over=True)),
        (says(500, ok=False, error="fatal_error"), Unknown("http_500", over=True)),
        (mumbles("<h1>oops</h1>", status=502), Unknown("http_502")),
        (mumbles("<h1>login</h1>"), Unknown("http_200")),
        (mumbles('{"ok": tru', content_type="application/json"), Unknown("http_200")),
        (mumbles("busy", status=503, content_type="text/plain"), Unknown("http_503")),
        (mumbles("fine", content_type="text/plain"), Unknown("unreadable_answer")),
        (mumbles('["ok"]', content_type="application/json"), Unknown("unreadable_answer")),
        (mumbles("", content_type="application/json"), Unknown("http_200")),
        (says(ok=True, channel="C1"), Unknown("no_ts", over=True)),
        (hangs_up, Unknown("ServerDisconnectedError")),
    ],
)
async def test_whatever_slack_does_becomes_an_outcome_after_one_request(
    slack, chat, answer, outcome
):
    """No answer raises, and none makes the client send a second time."""
    slack.will("chat.postMessage", answer)

    assert await chat.post(a_delivery()) == outcome
    assert len(slack.calls("chat.postMessage")) == 1


async def test_an_answer_that_never_comes_is_unknown(slack):
    """A time-out after the request went out may hide a posted message."""
    forever = asyncio.Event()
    slack.will("chat.postMessage", holds(forever.wait))
    timeout = aiohttp.ClientTimeout(total=0.2)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = posting_client(TOKEN, slack.api_url, session)
        assert await SlackChat(client, client).post(a_delivery()) == Unknown("timeout")
    forever.set()


async def test_a_slack_that_cannot_be_reached_has_not_posted(unused_tcp_port):
    """Where nobody listens, the same call may go out again."""
    async with http_session() as session:
        client = posting_client(TOKEN, f"http://127.0.0.1:{unused_tcp_port}/api/", session)
        outcome = await SlackChat(client, client).post(a_delivery())
    assert outcome == Busy("unreachable", timedelta(seconds=30))


async def test_an_answer_without_a_channel_keeps_the_one_we_named(slack, chat):
    """The canonical id is Slack's; without one, ours stands."""
    slack.will("chat.postMessage", says(ok=True, ts="1.2"))
    assert await chat.post(a_delivery()) == Sent(ChannelId("C1"), "1.2")


async def test_a_row_that_was_never_tried_is_looked_for_everywhere(slack, chat):
    """Without a moment of sending there is no oldest message."""
    slack.will("conversations.history", says(ok=True, messages=[]))
    await chat.look(replace(a_delivery(), attempted_at=None))
    assert "oldest" not in slack.calls("conversations.history")[0]


async def test_nothing_is_logged_of_bodies_and_tokens(slack, chat, caplog):
    """Even with every logger at DEBUG, neither token nor text appear."""
    caplog.set_level("DEBUG")
    slack.will("chat.postMessage", says(ok=False, error="invalid_blocks"))
    await chat.post(a_delivery())
    assert TOKEN not in caplog.text
    assert "Weekly 41" not in caplog.text


# ------------------------------------------------------------------ looking


async def test_a_look_finds_the_message_by_its_metadata(slack, chat):
    """Other messages, other metadata and other deliveries are passed over."""
    strange = [{"ts": "5.0"}, {"ts": "5.1", "metadata": {"event_type": "other"}}, "x"]
    slack.will(
        "conversations.history",
        says(
            ok=True,
            messages=[*strange, with_metadata("d7", "5.2"), with_metadata("d0", "5.3")],
        ),
    )

    assert await chat.look(a_delivery()) == Sent(ChannelId("C1"), "5.3")

    (asked,) = slack.calls("conversations.history")
    assert asked["oldest"] == f"{(ATTEMPT - SKEW).timestamp():.6f}"
    assert asked["include_all_metadata"] in {"1", "true"}


async def test_a_reply_is_looked_for_in_its_thread(slack, chat):
    """Thread replies are not in a channel's history."""
    slack.will("conversations.replies", says(ok=True, messages=[with_metadata("d1", "6.0")]))
    found = await chat.look(a_delivery(part=1, thread_ts="5.3"))
    assert found == Sent(ChannelId("C1"), "6.0")
    assert slack.calls("conversations.replies")[0]["ts"] == "5.3"


async def test_absent_means_every_page_was_read(slack, chat):
    """Short and empty pages with a cursor are not the end."""
    more = {"next_cursor": "c2"}
    slack.will(
        "conversations.history",
        says(ok=True, messages=[], response_metadata=more),
        says(ok=True, messages=[{"ts": "1"}], response_metadata={"next_cursor": ""}),
    )
    assert await chat.look(a_delivery()) == Absent()
    assert [c.get("cursor") for c in slack.calls("conversations.history")] == [None, "c2"]


async def test_an_interrupted_look_goes_on_where_it_stopped(slack, chat):
    """With 15 messages a minute, starting over would never reach the end."""
    slack.will(
        "conversations.history",
        says(ok=True, messages=[], response_metadata={"next_cursor": "c2"}),
        says(429, {"Retry-After": "60"}, ok=False, error="ratelimited"),
        says(ok=True, messages=[with_metadata("d0", "5.3")]),
    )
    assert await chat.look(a_delivery()) == CannotLook("ratelimited", timedelta(seconds=60))
    assert await chat.look(a_delivery()) == Sent(ChannelId("C1"), "5.3")
    cursors = [c.get("cursor") for c in slack.calls("conversations.history")]
    assert cursors == [None, "c2", "c2"]


async def test_a_stale_cursor_starts_the_look_over(slack, chat):
    """A cursor that Slack has forgotten is not asked for again."""
    slack.will(
        "conversations.history",
        says(ok=True, messages=[], response_metadata={"next_cursor": "c2"}),
        says(ok=False, error="invalid_cursor"),
        says(ok=True, messages=[]),
    )
    assert await chat.look(a_delivery()) == CannotLook("invalid_cursor", timedelta(seconds=30))
    assert await chat.look(a_delivery()) == Absent()
    assert slack.calls("conversations.history")[-1].get("cursor") is None


async def test_a_look_without_rights_says_so_for_good(slack, chat):
    """Waiting does not make the bot a member."""
    slack.will("conversations.history", says(ok=False, error="not_in_channel"))
    assert await chat.look(a_delivery()) == CannotLook("not_in_channel")


async def test_a_strange_page_is_not_taken_for_an_empty_channel(slack, chat):
    """HTML in place of history proves nothing."""
    slack.will("conversations.history", mumbles("<h1>proxy</h1>"))
    assert await chat.look(a_delivery()) == CannotLook("http_200", timedelta(seconds=30))


async def test_history_without_messages_is_not_an_empty_channel(slack, chat):
    """An `ok` that lists nothing at all is no complete look."""
    slack.will("conversations.history", says(ok=True))
    look = await chat.look(a_delivery())
    assert look == CannotLook("unreadable_answer", timedelta(seconds=30))


# ------------------------------------------------------------------ direct messages


async def test_a_person_is_written_to_by_id_and_looked_for_in_the_direct_messages(slack, chat):
    """History knows no people, so the conversation is opened first; once for all pages."""
    slack.will("chat.postMessage", says(ok=True, channel="D1", ts="1.3"))
    slack.will("conversations.open", says(ok=True, channel={"id": "D1"}))
    pages = (
        says(ok=True, messages=[], response_metadata={"next_cursor": "c"}),
        says(ok=True, messages=[with_metadata("d0", "1.3")]),
    )
    slack.will("conversations.history", *pages)
    delivery = replace(a_delivery(), channel=ChannelId("U1"))

    await chat.post(delivery)
    found = await chat.look(delivery)

    assert slack.calls("chat.postMessage")[0]["channel"] == "U1"
    (opened,) = slack.calls("conversations.open")
    assert opened["users"] == "U1"
    assert {call["channel"] for call in slack.calls("conversations.history")} == {"D1"}
    assert isinstance(found, Sent)


@pytest.mark.parametrize(
    "answer",
    [says(ok=False, error="user_not_found"), says(ok=True), says(ok=True, channel={})],
    ids=["refused", "empty", "nameless"],
)
async def test_direct_messages_that_cannot_be_opened_prove_nothing(slack, chat, answer):
    """Nothing is sent again on that account."""
    slack.will("conversations.open", answer)
    delivery = replace(a_delivery(), channel=ChannelId("U1"))
    assert isinstance(await chat.look(delivery), CannotLook)
