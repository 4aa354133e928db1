"""The listeners: signed requests in, acknowledged at once, answered beside the request."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from typing_extensions import override

from bot.courtesy import AT_THE_DOOR, Precedence
from bot.model.ids import ChannelId, UserId
from bot.model.posts import Entry
from bot.slack.clients import http_session, posting_client, reading_client
from bot.slack.desk import FrontDesk, Seen, Ways, reference_of
from bot.slack.identity import Identity
from bot.slack.listeners import EmptySecretError, build_app
from bot.slack.people import Maintainers, Manners, People
from bot.slack.replies import Replies
from bot.slack.tasks import Tasks
from tests.answer_fakes import FakeClock, FakeLibrary, a_gathering, an_issue, tools
from tests.slack_wire import FakeSlack, hangs_up, mumbles, says

SECRET = "made-up-secret"
TOKEN = "xoxb-made-up"
ME = Identity("T1", "Lanternfish", "https://x.example/", UserId("UBOT"), "B1", frozenset())
PATIENCE = timedelta(seconds=10)


class Bench:
    """A Bolt app on a fake Slack, with everything an answer needs."""

    def __init__(self, slack, session) -> None:
        self.slack = slack
        self.woken = 0
        self.tasks = Tasks()
        self.tools = tools(issues=[an_issue(41), an_issue(40)], coming=[a_gathering()])
        posting = posting_client(TOKEN, slack.api_url, session)
        people = People(
            reading_client(TOKEN, slack.api_url, session),
            Maintainers(frozenset({UserId("UNOOR")})),
            Manners("en", "UTC"),
            FakeClock(),
        )
        self._ways = Ways(posting, Replies(session), people)
        self._posting = posting
        self.precedence = Precedence()
        self.back: list[ChannelId] = []
        self.start()

    def start(self) -> None:
        """Build the app, anew after `tools` was changed."""
        front = FrontDesk(
            self.tools,
            self._ways,
            self.tasks,
            self._wake,
            back=self._back,
            precedence=self.precedence,
        )
        self.app = build_app(
            client=self._posting, identity=ME, signing_secret=SECRET, front=front
        )

    def _wake(self) -> None:
        self.woken += 1

    async def _back(self, channels: Collection[ChannelId]) -> bool:
        self.back += channels
        return "C1" in channels

    async def hears(self, body: str, *, secret: str = SECRET, age: int = 0):
        """Dispatch a signed request and wait until all is answered."""
        response = await self.app.async_dispatch(request(body, secret=secret, age=age))
        await asyncio.sleep(0)
        assert await self.tasks.drain(PATIENCE)
        return response

    async def command(self, text: str, user: str = "UADA"):
        """Type a slash command."""
        form = {
            "command": "/digest",
            "text": text,
            "user_id": user,
            "team_id": "T1",
            "channel_id": "C1",
            "trigger_id": "t.1",
            "response_url": self.slack.url("/respond"),
        }
        return await self.hears(urlencode(form))

    async def click(self, action_id: str, value: str = "", user: str = "UADA", **more: object):
        """Click a button of a message."""
        return await self.hears(
            interaction(
                type="block_actions",
                user={"id": user},
                team={"id": "T1"},
                channel={"id": "C1"},
                container={"type": "message", "message_ts": "5.1"},
                actions=[
                    {
                        "action_id": action_id,
                        "block_id": "b1",
                        "value": value,
                        "type": "button",
                    }
                ],
                **{"response_url": self.slack.url("/respond"), **more},
            )
        )

    def answers(self):
        """What was sent to response_url."""
        return self.slack.calls("respond")


def request(body: str, *, secret: str = SECRET, age: int = 0) -> AsyncBoltRequest:
    """A request as Slack signs it."""
    timestamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    kind = "json" if body.startswith("{") else "x-www-form-urlencoded"
    headers: dict[str, str | list[str]] = {
        "content-type": f"application/{kind}",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest.hexdigest()}",
    }
    return AsyncBoltRequest(body=body, headers=headers)  # type: ignore[arg-type]  # invariance


def interaction(**payload: object) -> str:
    """The body of an interaction."""
    return urlencode({"payload": json.dumps(payload)})


def event(kind: str, *, event_id: str = "E1", **fields: object) -> str:
    """The body of an event."""
    return json.dumps(
        {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": event_id,
            "event": {"type": kind, **fields},
        }
    )


@pytest.fixture
async def bench():
    async with FakeSlack.running() as slack, http_session() as session:
        slack.will("users.info", says(ok=True, user={"locale": "en-US", "tz": "UTC"}))
        slack.will("respond", mumbles("ok", content_type="text/plain"))
        slack.will("views.publish", says(ok=True))
        slack.will("chat.postEphemeral", says(ok=True))
        yield Bench(slack, session)


# ------------------------------------------------------------------ commands


async def test_an_answer_waits_for_requests_that_are_being_acknowledged(bench):
    """But not for ever: in a flood answers are given, too, one after the other."""
    with bench.precedence.requests:
        typing = asyncio.create_task(bench.command("help"))
        await asyncio.sleep(AT_THE_DOOR.total_seconds() / 5)
        assert not bench.answers()
        await typing
    assert bench.answers()


async def test_a_command_is_acknowledged_empty_and_answered_for_the_asker_only(bench):
    """The HTTP answer says nothing; the words come through the response_url, as ephemerals."""
    response = await bench.command("latest")
    assert (response.status, response.body) == (200, "")
    answers = bench.answers()
    assert len(answers) == 2
    assert "Lanternfish Weekly #41" in str(answers[0]["text"])
    assert {answer["response_type"] for answer in answers} == {"ephemeral"}
    assert {answer["replace_original"] for answer in answers} == {False}


async def test_the_acknowledgement_does_not_wait_for_the_answer(bench):
    """However slow the archive is, Slack hears from us at once."""
    slow = asyncio.Event()

    class SlowLibrary(FakeLibrary):
        @override
        async def latest(self, now: datetime) -> Entry | None:
            await slow.wait()
            return await super().latest(now)

    bench.tools = replace(bench.tools, library=SlowLibrary([an_issue(41)]))
    bench.start()
    body = urlencode({"command": "/digest", "text": "latest", "user_id": "U1"})
    response = await bench.app.async_dispatch(request(body))
    assert response.status == 200
    assert len(bench.tasks) == 1
    slow.set()
    assert await bench.tasks.drain(PATIENCE)


async def test_a_chinese_member_is_answered_in_chinese(bench):
    """By the locale of the person, not of the site."""
    bench.slack.will_only("users.info", says(ok=True, user={"locale": "zh-CN", "tz": "UTC"}))
    await bench.command("help")
    assert "您" in str(bench.answers()[0]["text"])


@pytest.mark.parametrize(("secret", "age"), [("wrong", 0), (SECRET, 600)])
async def test_a_wrong_or_old_signature_is_refused(bench, secret, age):
    """401, and nobody is asked anything."""
    body = urlencode({"command": "/digest", "text": "latest", "user_id": "U1"})
    response = await bench.hears(body, secret=secret, age=age)
    assert response.status == 401
    assert bench.slack.requests == []


def test_an_empty_secret_is_refused_at_start(bench):
    """Bolt would notice at the first request only."""
    with pytest.raises(EmptySecretError, match="SLACK_SIGNING_SECRET"):
        build_app(client=bench._posting, identity=ME, signing_secret=" ", front=None)  # type: ignore[arg-type]  # never used


async def test_a_failing_answer_is_an_apology_with_a_reference(bench, caplog):
    """The person reads a short word, the log has the place; no stack trace is shown."""

    class BrokenLibrary(FakeLibrary):
        @override
        async def latest(self, now: datetime) -> Entry | None:
            raise RuntimeError("disk on fire")

    bench.tools = replace(bench.tools, library=BrokenLibrary())
    bench.start()
    await bench.command("latest")
    (answer,) = bench.answers()
    reference = reference_of("t.1")
    assert reference in str(answer["text"])
    assert "fire" not in str(answer)
    failed = next(r for r in caplog.records if "command.failed" in r.getMessage())
    assert failed.levelname == "ERROR"
    assert reference in failed.getMessage()


async def test_an_answer_that_slack_refuses_ends_in_an_apology(bench, caplog):
    """No silence, and no address in the log."""
    bench.slack.will_only("respond", mumbles("invalid_blocks", status=400), mumbles("ok"))
    await bench.command("help")
    assert len(bench.answers()) == 2
    assert "reference" in str(bench.answers()[1]["text"])
    assert "/respond" not in caplog.text


async def test_an_answer_is_never_sent_twice_by_itself(bench):
    """A line cut after the request was read ends the answer there."""
    bench.slack.will_only("respond", hangs_up)
    await bench.command("latest")
    assert len(bench.answers()) <= 2


# ------------------------------------------------------------------ clicks


async def test_a_click_is_answered(bench):
    """The button's verb and value are the command."""
    response = await bench.click("digest.issue.0", "40")
    assert response.status == 200
    assert "Lanternfish Weekly #40" in str(bench.answers()[0]["text"])


async def test_a_click_in_a_channel_never_replaces_the_post(bench):
    """`list_turn` replaces, but only what its person alone can see."""
    await bench.click("digest.list_turn.older", "1")
    assert bench.answers()[0]["replace_original"] is False


async def test_an_ephemeral_list_turns_in_place(bench):
    """The page before goes away."""
    body = interaction(
        type="block_actions",
        user={"id": "UADA"},
        team={"id": "T1"},
        channel={"id": "C1"},
        container={"type": "message", "message_ts": "5.1", "is_ephemeral": True},
        response_url=bench.slack.url("/respond"),
        actions=[{"action_id": "digest.list_turn.older", "block_id": "b", "value": "1"}],
    )
    await bench.hears(body)
    assert bench.answers()[0]["replace_original"] is True


async def test_a_link_button_is_only_acknowledged(bench):
    """Slack shows a warning sign otherwise."""
    response = await bench.click("digest.url.read")
    assert response.status == 200
    assert bench.answers() == []


async def test_a_confirmed_repost_wakes_the_courier(bench):
    """Rows that were written go out now."""
    value = "n1\nweekly:weekly-41/index.md\nC1"
    await bench.click("digest.repost_confirm.yes", value, user="UNOOR")
    assert bench.woken == 1
    await bench.click("digest.repost_confirm.yes", value, user="UADA")
    assert bench.woken == 1


async def test_a_search_at_home_is_answered_at_home(bench):
    """The Home tab has no response_url; its view is published anew."""
    body = interaction(
        type="block_actions",
        user={"id": "UADA"},
        team={"id": "T1"},
        container={"type": "view"},
        view={"type": "home"},
        actions=[
            {
                "action_id": "digest.search.home",
                "block_id": "b",
                "type": "plain_text_input",
                "value": "Abyss",
            }
        ],
    )
    await bench.hears(body)
    (published,) = bench.slack.calls("views.publish")
    assert published["user_id"] == "UADA"
    assert "… Abyss …" in str(published["view"])


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "view_submission", "view": {"callback_id": "x", "type": "modal"}},
        {"type": "view_closed", "view": {"callback_id": "x", "type": "modal"}},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "message_action", "callback_id": "x"},
        {"type": "block_suggestion", "action_id": "x", "block_id": "b"},
    ],
)
async def test_whatever_else_comes_is_acknowledged(bench, payload):
    """Nothing shows an error or is sent again for want of an acknowledgement."""
    body = interaction(user={"id": "U1"}, team={"id": "T1"}, **payload)
    assert (await bench.hears(body)).status == 200


# ------------------------------------------------------------------ events


async def test_an_opened_home_is_published_once(bench):
    """The same view is not sent again at the next opening."""
    await bench.hears(event("app_home_opened", user="UADA", tab="home"))
    (published,) = bench.slack.calls("views.publish")
    view = published["view"]
    assert isinstance(view, dict)
    assert "Lanternfish Weekly #41" in str(view["blocks"])

    await bench.hears(event("app_home_opened", user="UADA", tab="home", view=view))
    assert len(bench.slack.calls("views.publish")) == 1


async def test_an_opened_messages_tab_publishes_nothing(bench):
    """The event comes for both tabs."""
    await bench.hears(event("app_home_opened", user="UADA", tab="messages"))
    assert bench.slack.calls("views.publish") == []


async def test_a_home_that_slack_does_not_take_is_logged(bench, caplog):
    """`not_enabled` and the like do not end the bot."""
    bench.slack.will_only("views.publish", says(ok=False, error="not_enabled"))
    await bench.hears(event("app_home_opened", user="UADA", tab="home"))
    assert "answer.lost method=views.publish code=not_enabled" in caplog.text


async def test_a_mention_gets_help_once_and_only_for_who_mentioned(bench):
    """In the thread where it was said; a repeated event is not answered again."""
    mention = event("app_mention", user="UADA", channel="C1", thread_ts="5.1", ts="5.2")
    await bench.hears(mention)
    await bench.hears(mention)
    (answer,) = bench.slack.calls("chat.postEphemeral")
    assert (answer["user"], answer["channel"], answer["thread_ts"]) == ("UADA", "C1", "5.1")


def test_old_events_are_forgotten():
    """The memory of events has an end."""
    seen = Seen(2)
    assert [seen.is_new(i) for i in ("E1", "E2", "E1", "E3", "E1")] == [
        True,
        True,
        False,
        True,
        True,
    ]


async def test_events_of_no_interest_are_acknowledged(bench):
    """Also the bot's own joining of a channel."""
    assert (await bench.hears(event("channel_archive", channel="C1"))).status == 200


async def test_nothing_is_read_from_the_environment(bench, monkeypatch):
    """Bolt would let SLACK_CLIENT_ID turn OAuth on."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "2")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-other")
    bench.start()
    await bench.command("help")
    assert len(bench.answers()) == 1
    assert all(TOKEN in str(c["token"]) for c in bench.slack.calls("users.info"))


async def test_a_channel_that_is_there_again_is_told_to_the_bot(bench):
    """Unarchived, or the bot was invited; other people's comings do not matter."""
    await bench.hears(event("channel_unarchive", channel="C1", user="UADA"))
    assert bench.woken == 1
    await bench.hears(event("group_unarchive", channel="C2", user="UADA"))
    await bench.hears(event("member_joined_channel", channel="C3", user=ME.user_id))
    await bench.hears(event("member_joined_channel", channel="C4", user="UADA"))

    assert bench.back == ["C1", "C2", "C3"]
    assert bench.woken == 1
