"""People in front of the sandbox, and the bot that hears of them by signed requests."""

import json

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.errors import ControlError
from bot.sandbox.faults import Rule
from bot.sandbox.server import running
from tests.sandbox_ear import (
    ADA,
    BOT,
    GENERAL,
    LIN,
    MAINTAINERS,
    MEI,
    OLD,
    WEEKLY,
    StandingClock,
    a_button,
    a_modal,
    a_section,
    listening,
)


@pytest.fixture
def clock():
    """The sandbox's time."""
    return StandingClock()


@pytest.fixture
async def ear():
    """The bot's request URL."""
    async with listening() as started:
        yield started


@pytest.fixture
async def sandbox(clock, ear):
    """A local Slack whose app has a request URL."""
    async with running(clock=clock, pace=False, request_url=ear.url) as started:
        ear.secret = started.signing_secret
        started.dispatcher.retry_pauses = (0, 0, 0)
        yield started


@pytest.fixture
def client(sandbox):
    """The bot's client."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def seen(sandbox, user=ADA, channel=WEEKLY) -> list[str]:
    """The words a person sees in a channel."""
    return [str(message["text"]) for message in sandbox.sight.timeline(user, channel)]


async def respond(url, **body) -> int:
    """Answer through a response_url; tells the status."""
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status


# ------------------------------------------------------------------ commands


async def test_a_command_arrives_signed_and_complete(sandbox, ear):
    """Every field of the form that Slack documents; names become ids."""
    await sandbox.control.slash(LIN, "weekly", "/digest repost 41 #general @ada #maintainers")
    heard = ear.heard[0]

    assert heard.genuine
    assert heard.payload["command"] == "/digest"
    text = f"repost 41 <#{GENERAL}|general> <@{ADA}|ada> <#{MAINTAINERS}|>"
    assert heard.payload["text"] == text
    assert (heard.payload["user_id"], heard.payload["channel_id"]) == (LIN, WEEKLY)
    assert {"response_url", "trigger_id", "team_id", "api_app_id"} <= heard.payload.keys()


async def test_the_acknowledgement_may_be_the_answer(sandbox, ear):
    """Plain words are for the asker alone; in_channel shows the command to everybody."""
    ear.answers = [
        web.Response(text="only for you"),
        web.json_response({"response_type": "in_channel", "text": "for all"}),
    ]
    await sandbox.control.slash(LIN, WEEKLY, "/digest help")
    await sandbox.control.slash(LIN, WEEKLY, "/digest latest")

    assert seen(sandbox, LIN) == ["only for you", "/digest latest", "for all"]
    assert seen(sandbox, ADA) == ["/digest latest", "for all"]


async def test_a_late_or_failed_command_is_told_to_the_person(sandbox, ear):
    """What Slack's own bot says when an app does not answer."""
    sandbox.faults.add(Rule("lose", "deliver.slash_commands", nth=1))
    ear.answers = [web.Response(status=500)]
    late = await sandbox.control.slash(ADA, WEEKLY, "/digest latest")
    failed = await sandbox.control.slash(ADA, WEEKLY, "/digest latest")

    assert (late.code, failed.code) == ("http_timeout", "http_error")
    assert "operation_timeout" in seen(sandbox)[0]
    assert "dispatch_failed" in seen(sandbox)[1]
    assert seen(sandbox, LIN) == []


async def test_a_wrong_answer_is_told_to_the_person(sandbox, ear):
    """Blocks that Slack would refuse are refused here too."""
    ear.answers = [web.json_response({"blocks": [{"type": "no"}]})]
    await sandbox.control.slash(ADA, WEEKLY, "/digest latest")

    assert seen(sandbox) == ["The answer was refused: invalid_blocks"]


@pytest.mark.parametrize(
    ("user", "channel", "text", "words"),
    [
        ("U0NOBODY", WEEKLY, "/digest", "nobody can act"),
        (BOT, WEEKLY, "/digest", "nobody can act"),
        (ADA, MAINTAINERS, "/digest", "sees no channel"),
        (ADA, OLD, "/digest", "is archived"),
        (ADA, WEEKLY, "/dijest", "not a valid command"),
    ],
    ids=["nobody", "a bot", "private", "archived", "unknown"],
)
async def test_what_a_person_could_not_do_is_refused_in_words(
    sandbox, user, channel, text, words
):
    """The same limits as in a client; nothing reaches the bot."""
    with pytest.raises(ControlError, match=words):
        await sandbox.control.slash(user, channel, text)


# ------------------------------------------------------------------ response_url


async def test_a_response_url_works_five_times(sandbox, ear):
    """Ephemeral by default; the sixth use is refused."""
    await sandbox.control.slash(LIN, WEEKLY, "/digest search 消息")
    url = ear.heard[0].payload["response_url"]
    statuses = [await respond(url, text=str(number)) for number in range(6)]

    assert statuses == [200] * 5 + [404]
    assert seen(sandbox, LIN) == list("01234")
    assert seen(sandbox, ADA) == []


async def test_a_response_url_ends_after_half_an_hour(sandbox, ear, clock):
    """Later answers are refused."""
    await sandbox.control.slash(LIN, WEEKLY, "/digest latest")
    url = ear.heard[0].payload["response_url"]
    clock.advance(minutes=31)

    assert await respond(url, text="late") == 404
    assert await respond(f"{sandbox.url}/response/guess", text="x") == 404


async def test_a_clicked_message_is_replaced_or_deleted(sandbox, ear):
    """The source of a click can be changed, ephemeral or not."""
    ear.answers = [web.json_response({"text": "page 1", "blocks": [a_button()]})]
    await sandbox.control.slash(LIN, WEEKLY, "/digest list")
    ts = sandbox.sight.timeline(LIN, WEEKLY)[0]["ts"]
    await sandbox.control.click(LIN, WEEKLY, ts, "digest.list.page")
    click = ear.heard[1].payload

    assert click["container"]["is_ephemeral"] is True
    assert "message" not in click
    await respond(click["response_url"], replace_original=True, text="page 2")
    assert seen(sandbox, LIN) == ["page 2"]
    await respond(click["response_url"], delete_original=True)
    assert seen(sandbox, LIN) == []
    assert await respond(click["response_url"]) == 400


async def test_an_answer_can_be_cut_after_it_was_stored(sandbox, ear):
    """Faults strike response_urls too."""
    await sandbox.control.slash(LIN, WEEKLY, "/digest latest")
    sandbox.faults.add(Rule("reset", "response_url", when="after"))
    with pytest.raises(aiohttp.ClientError):
        await respond(ear.heard[0].payload["response_url"], text="stored")

    assert seen(sandbox, LIN) == ["stored"]


# ------------------------------------------------------------------ clicks, Home, modals


async def test_a_click_brings_message_and_action(sandbox, ear, client):
    """What listeners need: action, message with its metadata, channel, user."""
    sent = await client.chat_postMessage(channel=WEEKLY, text="card", blocks=[a_button()])
    ack = await sandbox.control.click(ADA, WEEKLY, sent["ts"], "digest.list.page")
    payload = ear.heard[0].payload

    assert ack.code == ""
    assert payload["type"] == "block_actions"
    assert payload["actions"][0]["value"] == "list 2"
    assert payload["actions"][0]["block_id"] == "more"
    assert payload["message"]["ts"] == sent["ts"]
    assert payload["user"]["id"] == ADA


async def test_a_choice_comes_with_its_option(sandbox, ear, client):
    """A menu's option is found by its value, or given as Slack names it."""
    option = {"text": {"type": "plain_text", "text": "B"}, "value": "b"}
    menu = {"type": "overflow", "action_id": "menu", "options": [option]}
    blocks = [{**a_section(), "accessory": menu}]
    sent = await client.chat_postMessage(channel=WEEKLY, text="x", blocks=blocks)
    await sandbox.control.click(ADA, WEEKLY, sent["ts"], "menu", value="b")
    await sandbox.control.click(
        ADA, WEEKLY, sent["ts"], "menu", value={"selected_option": option}
    )

    chosen = [heard.payload["actions"][0]["selected_option"] for heard in ear.heard]
    assert chosen == [option, option]
    with pytest.raises(ControlError, match="no option"):
        await sandbox.control.click(ADA, WEEKLY, sent["ts"], "menu", value="z")
    with pytest.raises(ControlError, match="no element"):
        await sandbox.control.click(ADA, WEEKLY, sent["ts"], "nothing")
    with pytest.raises(ControlError, match="sees no message"):
        await sandbox.control.click(ADA, WEEKLY, "1.1", "menu")


async def test_home_is_published_when_it_is_opened(sandbox, ear, client):
    """The event comes at every opening; a stale hash is refused; its buttons work."""
    await sandbox.control.open_home(LIN)
    await sandbox.dispatcher.settled()
    view = {"type": "home", "blocks": [a_button("digest.home")]}
    first = await client.views_publish(user_id=LIN, view=view)
    await client.views_publish(user_id=LIN, view=view, hash=first["view"]["hash"])
    home = sandbox.sight.home(LIN)
    await sandbox.control.click_view(LIN, str(home["id"]), "digest.home")

    assert ear.heard[0].payload["event"]["type"] == "app_home_opened"
    assert ear.heard[1].payload["container"] == {"type": "view", "view_id": home["id"]}
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=LIN, view=view, hash=first["view"]["hash"])
    assert sandbox.sight.home(ADA) is None


async def open_modal(sandbox, ear, client, **more):
    """Open a modal for Ada, as an answer to a command."""
    await sandbox.control.slash(ADA, WEEKLY, "/digest search")
    trigger = ear.heard[-1].payload["trigger_id"]
    return (await client.views_open(trigger_id=trigger, view=a_modal(**more)))["view"]


async def test_a_modal_is_submitted_with_its_state(sandbox, ear, client):
    """What was typed arrives under block and action ids; an empty answer closes the modal."""
    view = await open_modal(sandbox, ear, client)
    answer = await sandbox.control.submit_view(
        ADA, view["id"], {"words": {"typed": "flow control"}}
    )
    state = ear.heard[-1].payload["view"]["state"]["values"]

    assert state == {"words": {"typed": {"type": "plain_text_input", "value": "flow control"}}}
    assert answer == {}
    assert sandbox.sight.views(ADA) == []


async def test_a_submission_can_be_answered_in_four_ways(sandbox, ear, client):
    """Errors keep it open, update changes it, push stacks, clear closes all."""
    view = await open_modal(sandbox, ear, client)
    ear.answers = [
        web.json_response({"response_action": "errors", "errors": {"words": "too short"}}),
        web.json_response({"response_action": "update", "view": a_modal(callback_id="again")}),
        web.json_response({"response_action": "push", "view": a_modal(callback_id="above")}),
        web.json_response({"response_action": "clear"}),
    ]
    submit = sandbox.control.submit_view
    errors = await submit(ADA, view["id"], {"words": {"typed": "a"}})
    await submit(ADA, view["id"], {})
    updated = [v["callback_id"] for v in sandbox.sight.views(ADA)]
    await submit(ADA, view["id"], {})
    stacked = [v["callback_id"] for v in sandbox.sight.views(ADA)]
    await submit(ADA, view["id"], {})

    assert errors == {"errors": {"words": "too short"}}
    assert (updated, stacked) == (["again"], ["again", "above"])
    assert sandbox.sight.views(ADA) == []


async def test_a_trigger_opens_one_modal_within_three_seconds(sandbox, ear, client, clock):
    """Used, late and invented triggers have their own codes."""
    await sandbox.control.slash(ADA, WEEKLY, "/digest search")
    trigger = ear.heard[0].payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=a_modal())
    await sandbox.control.slash(ADA, WEEKLY, "/digest search")
    late = ear.heard[1].payload["trigger_id"]
    clock.advance(seconds=4)

    for key, expected in ((trigger, "exchanged"), (late, "expired"), ("made up", "invalid")):
        with pytest.raises(SlackApiError, match=f"{expected}_trigger_id"):
            await client.views_open(trigger_id=key, view=a_modal())


async def test_a_view_keeps_the_rules_of_views(sandbox, ear, client):
    """Titles are short, inputs need a submit button, some blocks stay in messages."""
    await sandbox.control.slash(ADA, WEEKLY, "/digest search")
    trigger = ear.heard[0].payload["trigger_id"]
    long = {"type": "plain_text", "text": "x" * 25}
    bad = a_modal(title=long, submit=None, private_metadata="x" * 3001)
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id=trigger, view=bad)

    said = " ".join(caught.value.response["response_metadata"]["messages"])
    assert all(word in said for word in ("/view/title", "submit", "/view/private_metadata"))


async def test_a_modal_is_updated_pushed_and_closed(sandbox, ear, client):
    """By id or external id, guarded by its hash; closing tells who asked for it."""
    view = await open_modal(sandbox, ear, client, external_id="find-1", notify_on_close=True)
    await client.views_update(external_id="find-1", view=a_modal(notify_on_close=True))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], view=a_modal(), hash=view["hash"])
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id="V0", view=a_modal())
    await sandbox.control.close_view(ADA, view["id"])

    assert ear.heard[-1].payload["type"] == "view_closed"
    assert sandbox.sight.views(ADA) == []
    with pytest.raises(ControlError, match="no open view"):
        await sandbox.control.close_view(ADA, view["id"])


async def test_only_three_modals_stand_on_each_other(sandbox, ear, client):
    """A button inside a modal may push, up to three."""
    blocks = [a_button("more")]
    view = await open_modal(sandbox, ear, client, blocks=blocks)
    top, roots = view["id"], set()
    for _ in range(2):
        await sandbox.control.click_view(ADA, top, "more")
        trigger = ear.heard[-1].payload["trigger_id"]
        pushed = await client.views_push(trigger_id=trigger, view=a_modal(blocks=blocks))
        top = pushed["view"]["id"]
        roots.add(pushed["view"]["root_view_id"])
    await sandbox.control.click_view(ADA, top, "more")

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(
            trigger_id=ear.heard[-1].payload["trigger_id"], view=a_modal(blocks=blocks)
        )
    assert roots == {view["id"]}


# ------------------------------------------------------------------ events


async def test_a_mention_is_an_event_where_the_bot_is(sandbox, ear):
    """Envelope, signature and channel; nothing from channels without the bot."""
    sandbox.app.events |= {"channel_left"}
    await sandbox.control.say(ADA, WEEKLY, f"<@{BOT}> help")
    await sandbox.dispatcher.settled()
    sandbox.admin.kick(GENERAL)
    await sandbox.control.say(ADA, GENERAL, f"<@{BOT}> help")
    await sandbox.dispatcher.settled()
    mention, left = ear.heard

    assert mention.genuine
    assert mention.payload["type"] == "event_callback"
    assert mention.payload["event"]["type"] == "app_mention"
    assert mention.payload["authorizations"][0]["user_id"] == BOT
    assert left.payload["event"]["type"] == "channel_left"


async def test_an_event_is_tried_four_times_with_one_id(sandbox, ear):
    """Three retries say their number and reason; the id stays, for whoever drops doubles."""
    ear.answers = [web.Response(status=500) for _ in range(9)]
    await sandbox.control.open_home(ADA)
    await sandbox.dispatcher.settled()

    numbers = [heard.headers.get("x-slack-retry-num", "") for heard in ear.heard]
    assert numbers == ["", "1", "2", "3"]
    assert ear.heard[1].headers["x-slack-retry-reason"] == "http_error"
    assert len({str(heard.payload["event_id"]) for heard in ear.heard}) == 1


async def test_an_app_can_refuse_retries(sandbox, ear):
    """x-slack-no-retry ends them."""
    ear.answers = [web.Response(status=500, headers={"x-slack-no-retry": "1"})]
    await sandbox.control.open_home(ADA)
    await sandbox.dispatcher.settled()

    assert len(ear.heard) == 1


async def test_unsubscribed_events_stay_home(sandbox, ear):
    """Messages in channels are not sent unless the manifest asks for them."""
    await sandbox.control.say(ADA, WEEKLY, "hello")
    sandbox.app.events |= {"message.channels"}
    await sandbox.control.say(ADA, WEEKLY, "hello again")
    await sandbox.dispatcher.settled()

    assert [heard.payload["event"]["text"] for heard in ear.heard] == ["hello again"]


async def test_a_request_url_is_verified_by_its_challenge(sandbox, ear):
    """Who does not echo is not verified."""
    assert await sandbox.dispatcher.verify() is False
    assert ear.heard[0].payload["type"] == "url_verification"


@pytest.mark.parametrize("kind", ["forge", "stale"])
async def test_a_bad_signature_can_be_ordered(sandbox, ear, kind):
    """A receiver that checks must refuse it."""
    sandbox.faults.add(Rule(kind, "deliver.*"))
    await sandbox.control.slash(ADA, WEEKLY, "/digest latest")

    assert ear.heard[0].genuine is False


async def test_a_delivery_can_come_twice(sandbox, ear):
    """A double click, or a retry while the first still runs."""
    sandbox.faults.add(Rule("duplicate", "deliver.slash_commands"))
    await sandbox.control.slash(ADA, WEEKLY, "/digest latest")

    assert len({json.dumps(heard.payload) for heard in ear.heard}) == 1
    assert len(ear.heard) == 2


async def test_nobody_listens(sandbox):
    """A request URL that is down is a failed command, not a crash."""
    sandbox.request_url = "http://127.0.0.1:9/slack/events"
    ack = await sandbox.control.slash(ADA, WEEKLY, "/digest latest")

    assert ack.code == "connection_failed"


async def test_moderators_change_the_world(sandbox, ear):
    """Invite, archive, rename, edit, deactivate; the app hears what it subscribed to."""
    sandbox.app.events |= {
        "channel_archive",
        "channel_left",
        "channel_unarchive",
        "member_joined_channel",
    }
    ts = await sandbox.control.say(ADA, WEEKLY, "typo")
    sandbox.admin.edit(WEEKLY, ts, "fixed")
    sandbox.admin.rename(GENERAL, "talk")
    sandbox.admin.archive(GENERAL)
    sandbox.admin.archive(GENERAL, undo=True)
    sandbox.admin.kick(WEEKLY)
    sandbox.admin.invite(WEEKLY)
    sandbox.admin.deactivate(MEI)
    await sandbox.dispatcher.settled()

    kinds = sorted(str(heard.payload["event"]["type"]) for heard in ear.heard)
    assert kinds == [
        "channel_archive",
        "channel_left",
        "channel_unarchive",
        "member_joined_channel",
    ]
    assert sandbox.sight.timeline(ADA, WEEKLY)[0]["edited"]["user"] == ADA
    with pytest.raises(ControlError, match="nobody can act"):
        await sandbox.control.say(MEI, WEEKLY, "still here?")


async def test_moderators_are_told_what_cannot_be(sandbox):
    """Channels, members and messages that are not as the order supposes."""
    for order, words in (
        (lambda: sandbox.admin.invite(WEEKLY), "member of #weekly already"),
        (lambda: sandbox.admin.kick(OLD), "no member of #old"),
        (lambda: sandbox.admin.archive("nowhere"), "no channel"),
        (lambda: sandbox.admin.delete(WEEKLY, "1.1"), "no message"),
    ):
        with pytest.raises(ControlError, match=words):
            order()


async def test_a_person_writes_in_threads_and_direct_messages(sandbox, ear):
    """Threads need their parent; the app's own tab must be switched on."""
    sandbox.app.events |= {"message.channels", "message.im"}
    parent = await sandbox.control.say(ADA, WEEKLY, "question")
    await sandbox.control.say(LIN, WEEKLY, "answer", parent)
    direct = sandbox.workspace.direct(ADA).id
    sandbox.app.messages_enabled = False
    with pytest.raises(ControlError, match="turned off"):
        await sandbox.control.say(ADA, direct, "hello")
    sandbox.app.messages_enabled = True
    await sandbox.control.say(ADA, direct, "hello")
    await sandbox.dispatcher.settled()

    events = [heard.payload["event"] for heard in ear.heard]
    assert sorted(str(event["channel_type"]) for event in events) == [
        "channel",
        "channel",
        "im",
    ]
    assert [event["thread_ts"] for event in events if "thread_ts" in event] == [parent]
    with pytest.raises(ControlError, match="no message"):
        await sandbox.control.say(ADA, WEEKLY, "lost", "1.1")
    with pytest.raises(ControlError, match="nothing to say"):
        await sandbox.control.say(ADA, WEEKLY, " ")
    sandbox.admin.kick("zh", ADA)
    with pytest.raises(ControlError, match="not a member"):
        await sandbox.control.say(ADA, "zh", "let me in")
