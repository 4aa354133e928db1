"""The rooms that speak with Slack, against the local Slack: over HTTP and over Socket Mode."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.answer import Tools
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
    WorkspaceRefused,
)
from bot.model.ids import ChannelId, DeliveryId, PostId, UserId
from bot.sandbox.faults import Rule
from bot.sandbox.server import Sandbox, running
from bot.slack.chat import SlackChat
from bot.slack.clients import http_session, posting_client, reading_client
from bot.slack.desk import FrontDesk, Ways
from bot.slack.identity import SlackRefusedError, identity
from bot.slack.listeners import build_app
from bot.slack.people import Maintainers, Manners, People
from bot.slack.replies import Replies
from bot.slack.socket import SocketMode
from bot.slack.tasks import Tasks
from bot.slack.web import serving, web_app
from formatters.message import Message
from formatters.slack.blocks import text_section
from tests.answer_fakes import CHANNELS, FakeClock, FakeRepost, a_gathering, an_issue, tools

WEEKLY = ChannelId("C00WEEKLY")
PATIENCE = timedelta(seconds=10)
ADA, LIN, MEI, NOOR = "U00000ADA", "U00000LIN", "U00000MEI", "U0000NOOR"


@pytest.fixture
async def sandbox():
    async with running(pace=False) as local:
        yield local


def a_delivery(**changes: object) -> Delivery:
    """A row that was just marked as being sent."""
    delivery = Delivery(
        id=DeliveryId("d0"),
        seq=1,
        post=PostId("weekly:41/index.md"),
        revision="r1",
        channel=WEEKLY,
        part=0,
        occasion="publish",
        message=Message("Weekly 41", (text_section("Weekly 41"),)),
        state=DeliveryState.SENDING,
        attempts=1,
        due_at=datetime.now(UTC),
        attempted_at=datetime.now(UTC),
        ts=None,
        thread_ts=None,
        parent_state=None,
        reason="",
    )
    return replace(delivery, **changes)  # type: ignore[arg-type]  # builders take any field


# ------------------------------------------------------------------ sending


@pytest.fixture
async def chat(sandbox):
    async with http_session() as session:
        yield SlackChat(
            posting_client(sandbox.bot_token, sandbox.api_url, session),
            reading_client(sandbox.bot_token, sandbox.api_url, session),
        )


async def test_what_was_sent_is_found(chat):
    """A post and its reply, each by its own metadata, whatever else is there."""
    assert await chat.look(a_delivery()) == Absent()
    sent = await chat.post(a_delivery())
    assert isinstance(sent, Sent)
    reply = a_delivery(id=DeliveryId("d1"), part=1, thread_ts=sent.ts)
    replied = await chat.post(reply)
    assert isinstance(replied, Sent)

    assert await chat.look(a_delivery()) == sent
    assert await chat.look(reply) == replied
    assert await chat.look(replace(reply, id=DeliveryId("d2"))) == Absent()


@pytest.mark.parametrize("kind", ["reset", "html", "truncated", "empty", "error"])
async def test_a_message_that_was_stored_behind_a_broken_answer_is_found(sandbox, chat, kind):
    """Unknown first, then Sent by looking: nothing is posted twice."""
    rule = Rule(kind, "chat.postMessage", when="after", error="fatal_error", times=1)
    sandbox.faults.add(rule)
    assert isinstance(await chat.post(a_delivery()), Unknown)
    assert isinstance(await chat.look(a_delivery()), Sent)
    assert len(sandbox.sight.timeline(ADA, "weekly")) == 1


@pytest.mark.parametrize("kind", ["reset", "html", "truncated", "empty", "error"])
async def test_a_message_that_was_not_stored_is_absent(sandbox, chat, kind):
    """Only a whole look allows a second attempt."""
    sandbox.faults.add(Rule(kind, "chat.postMessage", error="fatal_error", times=1))
    assert isinstance(await chat.post(a_delivery()), Unknown)
    assert await chat.look(a_delivery()) == Absent()


async def test_refusals_have_their_class(sandbox, chat):
    """Channel, payload, workspace, and the wait that Slack asks for."""
    assert await chat.post(a_delivery(channel="C00000OLD")) == ChannelRefused("is_archived")
    assert await chat.post(a_delivery(channel="CNOWHERE")) == ChannelRefused(
        "channel_not_found"
    )
    assert await chat.look(a_delivery(channel="CNOWHERE")) == CannotLook("channel_not_found")
    broken = Message("text", ({"type": "section"},))
    refused = await chat.post(a_delivery(message=broken))
    assert isinstance(refused, PayloadRefused)
    assert "/blocks/0" in refused.detail

    sandbox.faults.add(Rule("ratelimited", "chat.postMessage", retry_after="7", times=1))
    assert await chat.post(a_delivery()) == Busy("ratelimited", timedelta(seconds=7))
    sandbox.grant_scopes(frozenset())
    assert await chat.post(a_delivery()) == WorkspaceRefused("missing_scope")


async def test_a_foreign_token_is_explained(sandbox):
    """The start-up check tells the operator what to do."""
    async with http_session() as session:
        client = posting_client("xoxb-foreign", sandbox.api_url, session)
        with pytest.raises(SlackRefusedError, match="invalid_auth"):
            await identity(client)


# ------------------------------------------------------------------ answering


@dataclass
class Bot:
    """A bot that answers in the sandbox."""

    sandbox: Sandbox
    tasks: Tasks
    repost: FakeRepost

    async def answers(self, user: str, channel: str = "weekly") -> list[Mapping[str, object]]:
        """What a person alone sees, once everything is answered."""
        await self.settled()
        timeline = self.sandbox.sight.timeline(user, channel)
        return [message for message in timeline if message["ephemeral"]]

    async def settled(self) -> None:
        """Wait until all that was acknowledged is answered."""
        assert await self.tasks.drain(PATIENCE)

    async def until(self, probe: Callable[[], object]) -> None:
        """Wait for what follows from an event; those are told beside everything else."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            while not probe():
                await asyncio.sleep(0.005)
                await self.settled()


async def nobody_is_back(channels):
    """No channel was away."""
    del channels
    return False


@pytest.fixture(params=["http", "socket"])
async def bot(request, sandbox):
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(http_session())
        posting = posting_client(sandbox.bot_token, sandbox.api_url, session)
        reading = reading_client(sandbox.bot_token, sandbox.api_url, session)
        maintainers = Maintainers(frozenset({UserId(NOOR)}), "S0MAINTAI")
        people = People(reading, maintainers, Manners("en", "UTC"), FakeClock())
        tasks, repost = Tasks(), FakeRepost()
        front = FrontDesk(
            tools_of_the_sandbox(repost),
            Ways(posting, Replies(session), people),
            tasks,
            lambda: None,
            back=nobody_is_back,
        )
        bolt = build_app(
            client=posting,
            identity=await identity(posting),
            signing_secret=sandbox.signing_secret,
            front=front,
        )
        if request.param == "http":
            pages = web_app(bolt=bolt, ready=nothing_wrong, metrics=no_figures)
            port = await stack.enter_async_context(serving(pages, host="127.0.0.1", port=0))
            sandbox.request_url = f"http://127.0.0.1:{port}/slack/events"
        else:
            await stack.enter_async_context(
                over_socket(SocketMode(bolt, sandbox.app_token, posting))
            )
        yield Bot(sandbox, tasks, repost)


@contextlib.asynccontextmanager
async def over_socket(socket: SocketMode) -> AsyncIterator[SocketMode]:
    """A connection for the length of a block."""
    await socket.start()
    assert await socket.connected()
    try:
        yield socket
    finally:
        await socket.stop()
        assert not await socket.connected()


def tools_of_the_sandbox(repost: FakeRepost) -> Tools:
    """Two issues, a meetup; posts go to #weekly."""
    channels = (CHANNELS[0].model_copy(update={"id": WEEKLY}),)
    return tools(
        issues=[an_issue(41), an_issue(40)],
        coming=[a_gathering()],
        repost=repost,
        channels=channels,
    )


async def nothing_wrong() -> list[str]:
    """Always ready."""
    return []


async def no_figures() -> str:
    """No figures."""
    return ""


async def test_a_typed_command_is_answered_to_its_asker(bot):
    """Ada reads the issue; Lin, in the same channel, sees nothing."""
    ack = await bot.sandbox.control.slash(ADA, "weekly", "/digest latest")
    assert not ack.code
    answers = await bot.answers(ADA)
    assert "Lanternfish Weekly #41" in str(answers[0]["text"])
    assert await bot.answers(LIN) == []
    assert [answer["faults"] for answer in answers] == [[]] * len(answers)


@pytest.mark.parametrize(
    "line", ["", "list", "search payload", "meetups", "help", "latets", "41"]
)
async def test_every_answer_is_one_that_slack_takes(bot, line):
    """In both languages, nothing is refused."""
    for user in (ADA, LIN, NOOR):
        await bot.sandbox.control.slash(user, "weekly", f"/digest {line}".strip())
        answers = await bot.answers(user)
        assert answers
        assert not [answer for answer in answers if answer["faults"]]
        assert "reference" not in str(answers[0]["text"])


async def test_a_member_is_told_who_maintains(bot):
    """And nothing is posted."""
    await bot.sandbox.control.slash(ADA, "weekly", "/digest repost 41 #weekly")
    (answer,) = await bot.answers(ADA)
    assert "<@UMEI>" in str(answer["text"])


async def test_a_maintainer_of_the_group_reposts_by_button(bot):
    """Mei is one by the user group; clicking twice is one repost."""
    control = bot.sandbox.control
    await control.slash(MEI, "weekly", "/digest repost 41 #weekly")
    question = (await bot.answers(MEI))[-1]
    click = partial(control.click, MEI, "weekly", str(question["ts"]))
    await asyncio.gather(*(click("digest.repost_confirm.yes") for _ in range(2)))
    await bot.settled()
    assert list(bot.repost.done.values()) == [(an_issue(41).id, (WEEKLY,))]
    last = (await bot.answers(MEI))[-1]
    assert "repost_confirm" not in str(last["blocks"])


async def test_the_home_tab_is_there_and_searches(bot):
    """Opened, searched, led back."""
    control = bot.sandbox.control
    await control.open_home(LIN)
    await bot.until(lambda: bot.sandbox.sight.home(LIN))
    home = bot.sandbox.sight.home(LIN)
    assert home is not None
    assert "Lanternfish Weekly #41" in str(home["blocks"])

    await control.click_view(LIN, str(home["id"]), "digest.search.home", value="Abyss")
    await bot.settled()
    found = bot.sandbox.sight.home(LIN)
    assert found is not None
    assert "… Abyss …" in str(found["blocks"])

    await control.click_view(LIN, str(found["id"]), "digest.home.home")
    await bot.settled()
    back = bot.sandbox.sight.home(LIN)
    assert back is not None
    assert "… Abyss …" not in str(back["blocks"])


async def test_a_mention_is_answered_with_help(bot):
    """Only for who called."""
    await bot.sandbox.control.say(ADA, "weekly", "<@U0DIGESTB> hello?")
    await bot.until(lambda: len(bot.sandbox.sight.timeline(ADA, "weekly")) > 1)
    (answer,) = await bot.answers(ADA)
    assert "/digest" in str(answer["text"])


# ------------------------------------------------------------------ Socket Mode


@pytest.fixture
async def client(sandbox):
    async with http_session() as session:
        yield posting_client(sandbox.bot_token, sandbox.api_url, session)


async def an_app(client):
    """A Bolt app that nobody asks anything."""
    return build_app(
        client=client,
        identity=await identity(client),
        signing_secret="x",
        front=None,  # type: ignore[arg-type]  # never used
    )


async def test_a_wrong_app_token_is_explained(client):
    """slack_sdk alone would try for ever."""
    socket = SocketMode(await an_app(client), "xapp-wrong", client)
    with pytest.raises(SlackRefusedError, match="SLACK_APP_TOKEN"):
        await socket.start()
    assert not await socket.connected()


async def test_a_lost_connection_is_mended(sandbox, client):
    """And a failed mending is told, not raised."""
    socket = SocketMode(await an_app(client), sandbox.app_token, client)
    assert await socket.mend()
    assert await socket.mend()
    await socket.stop()
    sandbox.faults.add(Rule("error", "apps.connections.open", times=1))
    assert not await socket.mend()
    assert await socket.mend()
    await socket.stop()
