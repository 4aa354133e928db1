"""The wire, seen by Slack's own client: only the base URL differs from the real thing."""

import json
import re
from pathlib import Path

import aiohttp
import pytest
import yaml
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import town
from bot.sandbox.methods import GAPS, METHODS
from bot.sandbox.seed import App
from bot.sandbox.server import running
from tests.sandbox_ear import (
    ADA,
    BOT,
    GENERAL,
    LIN,
    MAINTAINERS,
    OLD,
    WEEKLY,
    StandingClock,
    a_section,
    rich,
)

MANIFEST = Path(__file__).parents[2] / "deploy" / "manifest.yaml"
FACTS = Path(__file__).parents[3] / "shared" / "sandbox.md"


@pytest.fixture
def clock():
    """The sandbox's time."""
    return StandingClock()


@pytest.fixture
async def sandbox(clock):
    """A local Slack without rate limits."""
    async with running(clock=clock, pace=False) as started:
        yield started


@pytest.fixture
def client(sandbox):
    """Slack's client as the bot uses it."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


async def refusal(call) -> SlackApiError:
    """The error that a call ends with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value


async def code(call) -> str:
    """The code of the error that a call ends with."""
    return str((await refusal(call)).response["error"])


# ------------------------------------------------------------------ coverage


def test_the_app_is_what_its_manifest_asks_for():
    """A scope or an event that the manifest forgets is missed in the sandbox too."""
    asked = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    home, app = asked["features"]["app_home"], App()

    assert app.scopes == set(asked["oauth_config"]["scopes"]["bot"])
    assert app.events == set(asked["settings"]["event_subscriptions"]["bot_events"])
    assert app.home_enabled is home["home_tab_enabled"]
    assert app.messages_enabled is home["messages_tab_enabled"]
    assert {c.name for c in app.commands} == {
        c["command"] for c in asked["features"]["slash_commands"]
    }


def methods_in(text: str) -> set[str]:
    """The methods that a list in prose names: "chat.postMessage, update; pins.add, list"."""
    named = set()
    for clause in re.split(r"[;\n]", re.sub(r"\([^)]*\)", "", text)):
        words = re.findall(r"\b[a-zA-Z]+(?:\.[a-zA-Z0-9]+)*(?:\.\*)?", clause)
        family = words[0].partition(".")[0] if words and "." in words[0] else ""
        for word in words if family else ():
            if word != "and":
                whole = f"{family}.{word}"
                known = whole in METHODS or whole in GAPS or "." not in word
                named.add(whole if known else word)
    return named


@pytest.mark.skipif(not FACTS.exists(), reason="the facts are not here")
def test_every_method_of_the_facts_is_offered_or_excused():
    """The method table is the coverage table: what is missing is named with its reason."""
    text = FACTS.read_text(encoding="utf-8").split("## 2 ")[1].split("## 3 ")[0]
    wanted = methods_in(text.partition("\n")[2])
    offered = {*METHODS, *GAPS, town.ACCESS}
    families = {f"{name.rpartition('.')[0]}.*" for name in offered}

    assert len(wanted) > 40
    assert wanted <= offered | families


def test_no_method_is_both_offered_and_excused():
    """The two tables do not contradict each other."""
    assert set(METHODS).isdisjoint(GAPS)


async def test_a_method_outside_the_table_is_unknown(client):
    """Nothing pretends to work."""
    error = await refusal(client.api_call("chat.scheduleMessage"))

    assert error.response["error"] == "unknown_method"
    assert error.response.status_code == 200


@pytest.mark.parametrize("method", [m for m in METHODS if METHODS[m].caller != "none"])
async def test_every_method_refuses_a_stranger(sandbox, method):
    """A token that was not issued here opens nothing; neither does none."""
    stranger = AsyncWebClient("xoxb-real-looking", base_url=sandbox.api_url)
    nobody = AsyncWebClient(base_url=sandbox.api_url)

    assert await code(stranger.api_call(method)) == "invalid_auth"
    assert await code(nobody.api_call(method)) == "not_authed"


# ------------------------------------------------------------------ transport


async def test_every_encoding_says_the_same(sandbox, client):
    """GET, form, JSON and multipart bodies, query and body mixed."""
    url = f"{sandbox.api_url}chat.postMessage"
    auth = {"Authorization": f"Bearer {sandbox.bot_token}"}
    blocks = [a_section()]
    encoded = {"channel": WEEKLY, "blocks": json.dumps(blocks), "text": "one"}
    multipart = aiohttp.MultipartWriter("form-data")
    for key, value in encoded.items():
        part = multipart.append(value)
        part.set_content_disposition("form-data", name=key)
    async with aiohttp.ClientSession() as web:
        answers = [
            await (await web.get(url, params=encoded, headers=auth)).json(),
            await (await web.post(url, data={**encoded, "token": sandbox.bot_token})).json(),
            await (
                await web.post(url, json={**encoded, "blocks": blocks}, headers=auth)
            ).json(),
            await (await web.post(url, data=multipart, headers=auth)).json(),
            await (
                await web.post(f"{url}?channel={WEEKLY}", data={"text": "one"}, headers=auth)
            ).json(),
        ]
        in_body = await web.post(url, json={**encoded, "token": sandbox.bot_token})
        broken = await web.post(
            url, data="{", headers={**auth, "Content-Type": "application/json"}
        )

        assert [answer["ok"] for answer in answers] == [True] * 5
        assert (await in_body.json())["error"] == "not_authed"
        assert (await broken.json())["error"] == "invalid_json"


async def test_answers_list_the_granted_scopes(client):
    """The header that tells an app what it may do."""
    answer = await client.auth_test()

    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_a_missing_scope_is_named(client):
    """The answer says what is needed and what is there."""
    error = await refusal(client.reactions_add(channel=WEEKLY, timestamp="1.1", name="eyes"))

    assert error.response["error"] == "missing_scope"
    assert error.response["needed"] == "reactions:write"
    assert "chat:write" in error.response["provided"]


async def test_each_token_has_its_methods(sandbox, client):
    """An app-level token posts nothing; a bot token opens no socket."""
    other = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url)

    assert (
        await code(other.chat_postMessage(channel=WEEKLY, text="x")) == "not_allowed_token_type"
    )
    assert await code(client.api_call("apps.connections.open")) == "not_allowed_token_type"


@pytest.mark.parametrize("state", ["token_revoked", "token_expired", "account_inactive"])
async def test_a_spoilt_token_says_how(sandbox, client, state):
    """Every state of a token has its code, and it can be healed."""
    sandbox.admin.spoil_token(state)
    assert await code(client.auth_test()) == state

    sandbox.admin.spoil_token("")
    assert (await client.auth_test())["user_id"] == BOT


# ------------------------------------------------------------------ posting


async def test_a_message_is_stored_with_its_metadata(client):
    """History tells the payload only to those who ask for all of it."""
    metadata = {"event_type": "digest_delivery", "event_payload": {"delivery": "d1", "part": 0}}
    sent = await client.chat_postMessage(channel="#weekly", text="hello", metadata=metadata)
    with_all = await client.conversations_history(channel=WEEKLY, include_all_metadata=True)
    without = await client.conversations_history(channel=WEEKLY)

    assert sent["channel"] == WEEKLY
    assert with_all["messages"][0]["metadata"] == metadata
    assert without["messages"][0]["metadata"] == {"event_type": "digest_delivery"}
    assert with_all["messages"][0]["ts"] == sent["ts"]


async def test_timestamps_rise_while_the_clock_stands(client):
    """No two messages share a ts."""
    stamps = [(await client.chat_postMessage(channel=WEEKLY, text="x"))["ts"] for _ in range(5)]

    assert stamps == sorted(set(stamps))


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "an unknown channel": ({"channel": "C0NOWHERE"}, "channel_not_found"),
    "an archived channel": ({"channel": OLD}, "is_archived"),
    "nothing to say": ({"text": ""}, "no_text"),
    "a lost parent": ({"thread_ts": "1.000001"}, "thread_not_found"),
    "odd metadata": ({"metadata": {"event_type": 1}}, "invalid_metadata_format"),
    "deep metadata": (
        {"metadata": {"event_type": "e", "event_payload": {"a": {"b": {"c": 1}}}}},
        "invalid_metadata_schema",
    ),
    "two texts": ({"markdown_text": "y"}, "markdown_text_conflict"),
    "another name": ({"username": "Somebody"}, "missing_scope"),
    "another author": ({"as_user": True}, "as_user_not_supported"),
    "attachments": ({"attachments": [{}] * 101}, "too_many_attachments"),
    "blocks that are no JSON": ({"blocks": "no JSON"}, "invalid_blocks_format"),
    "blocks that are no list": ({"blocks": "{}"}, "invalid_blocks_format"),
    "too much": ({"blocks": [rich("字" * 2900) for _ in range(6)]}, "msg_blocks_too_long"),
}


@pytest.mark.parametrize("fault", REFUSED)
async def test_a_post_that_breaks_a_rule_is_refused(client, fault):
    """Each rule has its code, and nothing is stored."""
    args, expected = REFUSED[fault]
    body = {"channel": WEEKLY, "text": "x"} | dict(args)

    assert await code(client.api_call("chat.postMessage", json=body)) == expected
    assert (await client.conversations_history(channel=WEEKLY))["messages"] == []


async def test_bad_blocks_are_pointed_at(client):
    """The answer names the place of each fault, twice, as Slack does."""
    blocks = [
        a_section(),
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
    ]
    error = await refusal(client.chat_postMessage(channel=WEEKLY, text="x", blocks=blocks))

    assert error.response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/1/text" in error.response["errors"][0]
    assert error.response["response_metadata"]["messages"][0].startswith("[ERROR] ")


async def test_slack_takes_a_mention_in_blocks(client):
    """Our own posts call nobody, but Slack would let them."""
    sent = await client.chat_postMessage(
        channel=WEEKLY, text="x", blocks=[a_section(f"<@{ADA}>")]
    )

    assert sent["ok"]


async def test_private_channels_are_invisible_from_outside(sandbox, client):
    """After a kick, a private channel is not found and a public one needs membership to read."""
    sandbox.admin.kick(MAINTAINERS)
    sandbox.admin.kick(GENERAL)
    sandbox.grant_scopes(sandbox.app.scopes | {"chat:write.public"})

    assert (
        await code(client.chat_postMessage(channel=MAINTAINERS, text="x"))
        == "channel_not_found"
    )
    assert await code(client.conversations_info(channel=MAINTAINERS)) == "channel_not_found"
    assert await code(client.conversations_history(channel=GENERAL)) == "not_in_channel"
    assert (await client.chat_postMessage(channel=GENERAL, text="public"))["ok"]


async def test_posting_from_outside_needs_its_scope(sandbox, client):
    """Without chat:write.public only members post."""
    sandbox.admin.kick(GENERAL)

    assert await code(client.chat_postMessage(channel=GENERAL, text="x")) == "not_in_channel"
    assert (await client.conversations_join(channel=GENERAL))["channel"]["is_member"]
    assert (await client.chat_postMessage(channel=GENERAL, text="x"))["ok"]


async def test_a_long_text_is_cut_with_a_warning(client):
    """Beyond 40,000 characters the answer is ok and says what was done."""
    sent = await client.chat_postMessage(channel=WEEKLY, text="x" * 40_001)

    assert sent["warning"] == "message_truncated"
    assert len(sent["message"]["text"]) == 40_000


async def test_a_users_id_opens_the_direct_message(sandbox, client):
    """The answer holds the D... id that updates need; the tab must be switched on."""
    sandbox.app.messages_enabled = False
    assert await code(client.chat_postMessage(channel=ADA, text="x")) == "messages_tab_disabled"
    sandbox.app.messages_enabled = True
    sandbox.grant_scopes(sandbox.app.scopes | {"im:write"})
    sent = await client.chat_postMessage(channel=ADA, text="hello")
    again = await client.conversations_open(users=ADA)

    assert sent["channel"].startswith("D")
    assert again["channel"]["id"] == sent["channel"]
    assert await code(client.conversations_open(users=f"{ADA},{LIN}")) == "too_many_users"
    assert await code(client.conversations_open(users="U0NOBODY")) == "user_not_found"


async def test_an_ephemeral_message_is_seen_once_and_stored_nowhere(sandbox, client):
    """Only its reader sees it; it cannot be found, updated or read from history."""
    sent = await client.chat_postEphemeral(channel=WEEKLY, user=LIN, text="psst")

    assert [m["text"] for m in sandbox.sight.timeline(LIN, WEEKLY)] == ["psst"]
    assert sandbox.sight.timeline(ADA, WEEKLY) == []
    assert (await client.conversations_history(channel=WEEKLY))["messages"] == []
    update = client.chat_update(channel=WEEKLY, ts=sent["message_ts"], text="x")
    assert await code(update) == "message_not_found"
    outside = client.chat_postEphemeral(channel=MAINTAINERS, user=ADA, text="psst")
    assert await code(outside) == "user_not_in_channel"


# ------------------------------------------------------------------ threads and history


async def test_a_thread_fills_its_parents_fields(client):
    """Replies count at the parent, stay out of history, and a reply's ts means its parent."""
    parent = await client.chat_postMessage(channel=WEEKLY, text="card")
    first = await client.chat_postMessage(channel=WEEKLY, text="1", thread_ts=parent["ts"])
    second = await client.chat_postMessage(channel=WEEKLY, text="2", thread_ts=first["ts"])
    history = await client.conversations_history(channel=WEEKLY)
    replies = await client.conversations_replies(channel=WEEKLY, ts=parent["ts"])

    assert [m["text"] for m in history["messages"]] == ["card"]
    assert history["messages"][0]["reply_count"] == 2
    assert history["messages"][0]["latest_reply"] == second["ts"]
    assert [m["text"] for m in replies["messages"]] == ["card", "1", "2"]
    assert replies["messages"][1]["parent_user_id"] == BOT


async def test_a_broadcast_reply_stands_in_the_channel_too(client):
    """`reply_broadcast` puts a reply into history."""
    parent = await client.chat_postMessage(channel=WEEKLY, text="card")
    await client.chat_postMessage(
        channel=WEEKLY, text="news", thread_ts=parent["ts"], reply_broadcast=True
    )
    history = await client.conversations_history(channel=WEEKLY)

    assert [m["text"] for m in history["messages"]] == ["news", "card"]
    assert history["messages"][0]["subtype"] == "thread_broadcast"


async def test_history_keeps_its_bounds(client, clock):
    """Bounds are open, unless `inclusive` closes them; both to the last digit."""
    stamps = []
    for text in "abc":
        stamps.append((await client.chat_postMessage(channel=WEEKLY, text=text))["ts"])
        clock.advance(seconds=1)

    async def seen(**bounds) -> str:
        answer = await client.conversations_history(channel=WEEKLY, **bounds)
        return "".join(m["text"] for m in answer["messages"])

    assert await seen() == "cba"
    assert await seen(oldest=stamps[0]) == "cb"
    assert await seen(oldest=stamps[0], inclusive=True) == "cba"
    assert await seen(latest=stamps[2]) == "ba"
    assert await seen(oldest=stamps[1], latest=stamps[1], inclusive=True) == "b"
    assert await seen(oldest="0", latest="now") == "cba"


async def test_history_is_walked_page_by_page(client):
    """Cursors lead through everything once; the client's own iteration works."""
    for number in range(7):
        await client.chat_postMessage(channel=WEEKLY, text=str(number))
    first = await client.conversations_history(channel=WEEKLY, limit=3)
    more = first["has_more"]
    pages = [[m["text"] for m in page["messages"]] async for page in first]

    assert more is True
    assert pages == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


async def test_the_parent_leads_every_page_of_replies(client):
    """A thread's pages each begin with their parent."""
    parent = await client.chat_postMessage(channel=WEEKLY, text="p")
    for number in range(3):
        await client.chat_postMessage(channel=WEEKLY, text=str(number), thread_ts=parent["ts"])
    first = await client.conversations_replies(channel=WEEKLY, ts=parent["ts"], limit=2)
    pages = [[m["text"] for m in page["messages"]] async for page in first]

    assert pages == [["p", "0", "1"], ["p", "2"]]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"latest": "1e9"}, "invalid_ts_latest"),
        ({"limit": "many"}, "invalid_arguments"),
    ],
    ids=["cursor", "oldest", "latest", "limit"],
)
async def test_history_refuses_what_it_cannot_read(client, args, expected):
    """Bad bounds are errors, never an empty page that looks like absence."""
    assert await code(client.conversations_history(channel=WEEKLY, **args)) == expected


async def test_a_thread_that_is_not_there_is_an_error(client):
    """An absent parent is no empty thread."""
    lost = client.conversations_replies(channel=WEEKLY, ts="1700000000.000001")
    assert await code(lost) == "thread_not_found"


# ------------------------------------------------------------------ editing


async def test_text_alone_removes_blocks_and_marks_the_edit(client):
    """What was omitted stays, but for the blocks that a text replaces."""
    metadata = {"event_type": "d", "event_payload": {"k": "v"}}
    sent = await client.chat_postMessage(
        channel=WEEKLY, text="old", blocks=[a_section()], metadata=metadata
    )
    await client.chat_update(channel=WEEKLY, ts=sent["ts"], text="new")
    page = await client.conversations_history(channel=WEEKLY, include_all_metadata=True)
    message = page["messages"][0]

    assert message["text"] == "new"
    assert "blocks" not in message
    assert message["edited"]["user"] == BOT
    assert message["metadata"] == metadata


async def test_blocks_replace_blocks_without_a_mark(client):
    """New blocks leave no "(edited)"; empty metadata takes the metadata away."""
    metadata = {"event_type": "d", "event_payload": {}}
    sent = await client.chat_postMessage(
        channel=WEEKLY, text="t", blocks=[rich("old")], metadata=metadata
    )
    await client.chat_update(
        channel=WEEKLY, ts=sent["ts"], text="t", blocks=[rich("new")], metadata={}
    )
    message = (await client.conversations_history(channel=WEEKLY))["messages"][0]

    assert message["blocks"][0]["elements"] == rich("new")["elements"]
    assert "edited" not in message
    assert "metadata" not in message


async def test_an_edit_keeps_its_limits(sandbox, client):
    """Length in bytes, kind of blocks, whose message it is, and whether it is there."""
    sent = await client.chat_postMessage(channel=WEEKLY, text="t", blocks=[rich()])
    at = {"channel": WEEKLY, "ts": sent["ts"]}
    theirs = await sandbox.control.say(ADA, WEEKLY, "mine")

    assert await code(client.chat_update(**at, text="字" * 1334)) == "msg_too_long"
    assert (
        await code(client.chat_update(**at, text="t", blocks=[a_section()])) == "block_mismatch"
    )
    assert await code(client.api_call("chat.update", json=at)) == "no_text"
    foreign = client.chat_update(channel=WEEKLY, ts=theirs, text="x")
    assert await code(foreign) == "cant_update_message"
    assert await code(client.chat_delete(channel=WEEKLY, ts=theirs)) == "cant_delete_message"
    sandbox.admin.delete(WEEKLY, sent["ts"])
    assert await code(client.chat_update(**at, text="x")) == "message_not_found"


async def test_a_deleted_parent_leaves_a_tombstone(client):
    """Its replies are still there to be found."""
    parent = await client.chat_postMessage(channel=WEEKLY, text="p")
    await client.chat_postMessage(channel=WEEKLY, text="r", thread_ts=parent["ts"])
    await client.chat_delete(channel=WEEKLY, ts=parent["ts"])
    page = await client.conversations_history(channel=WEEKLY)

    assert page["messages"][0]["subtype"] == "tombstone"
    gone = client.chat_update(channel=WEEKLY, ts=parent["ts"], text="x")
    assert await code(gone) == "message_not_found"


async def test_a_permalink_names_channel_message_and_thread(client):
    """It opens the sandbox's page."""
    parent = await client.chat_postMessage(channel=WEEKLY, text="p")
    reply = await client.chat_postMessage(channel=WEEKLY, text="r", thread_ts=parent["ts"])
    link = await client.chat_getPermalink(channel=WEEKLY, message_ts=reply["ts"])

    assert f"/archives/{WEEKLY}/p{reply['ts'].replace('.', '')}" in link["permalink"]
    assert f"thread_ts={parent['ts']}" in link["permalink"]


async def test_an_unfurl_takes_no_rich_text(sandbox, client):
    """Previews hang below the message, one for each address."""
    sandbox.grant_scopes(sandbox.app.scopes | {"links:write"})
    sent = await client.chat_postMessage(channel=WEEKLY, text="see")
    at = {"channel": WEEKLY, "ts": sent["ts"]}
    await client.chat_unfurl(**at, unfurls={"https://e.org/1": {"blocks": [a_section()]}})
    message = (await client.conversations_history(channel=WEEKLY))["messages"][0]

    assert message["attachments"][0]["from_url"] == "https://e.org/1"
    bad = client.chat_unfurl(**at, unfurls={"https://e.org/1": {"blocks": [rich()]}})
    assert await code(bad) == "invalid_blocks"


# ------------------------------------------------------------------ who and where


async def test_channels_are_listed_as_the_bot_sees_them(client):
    """Filters come after paging; membership and privacy decide what is there."""
    public = await client.conversations_list()
    everything = await client.conversations_list(types="public_channel,private_channel")
    alive = await client.conversations_list(exclude_archived=True)
    mine = await client.users_conversations(types="public_channel,private_channel")

    assert [c["name"] for c in public["channels"]] == ["weekly", "general", "zh", "old"]
    assert "maintainers" in [c["name"] for c in everything["channels"]]
    assert "old" not in [c["name"] for c in alive["channels"]]
    assert [c["name"] for c in mine["channels"]] == ["weekly", "general", "zh", "maintainers"]
    assert await code(client.conversations_list(types="rooms")) == "invalid_types"


async def test_a_page_can_be_empty_and_go_on(client):
    """A cursor after an empty page must be followed."""
    first = await client.conversations_list(types="private_channel", limit=1)
    names = [c["name"] async for page in first for c in page["channels"]]

    assert first["channels"] == []
    assert names == ["maintainers"]


async def test_joining_is_for_public_channels(sandbox, client):
    """Twice is a warning; private and archived channels refuse."""
    again = await client.conversations_join(channel=WEEKLY)
    members = await client.conversations_members(channel=WEEKLY)

    assert again["warning"] == "already_in_channel"
    assert BOT in members["members"]
    assert await code(client.conversations_join(channel=OLD)) == "is_archived"
    private = client.conversations_join(channel=MAINTAINERS)
    assert await code(private) == "method_not_supported_for_channel_type"


async def test_the_workspace_introduces_itself(sandbox, client):
    """Team, bot, people, emoji: as far as a bot asks for them."""
    sandbox.grant_scopes(sandbox.app.scopes | {"team:read", "emoji:read", "users:read.email"})
    everybody = await client.users_list()
    found = await client.users_lookupByEmail(email="lin@example.org")

    assert (await client.team_info())["team"]["domain"] == "lanternfish"
    assert (await client.bots_info())["bot"]["user_id"] == BOT
    assert (await client.emoji_list())["emoji"] == {}
    assert {ADA, LIN, BOT} <= {member["id"] for member in everybody["members"]}
    assert found["user"]["id"] == LIN
    assert await code(client.users_lookupByEmail(email="x@y.z")) == "users_not_found"
    assert await code(client.bots_info(bot="B0")) == "bot_not_found"
    assert await code(client.api_test(error="my_error")) == "my_error"


async def test_people_have_zone_and_language(client):
    """The locale comes when asked for, the offset fits the season."""
    lin = await client.users_info(user=LIN, include_locale=True)
    ada = await client.users_info(user=ADA)

    assert (lin["user"]["tz"], lin["user"]["locale"]) == ("Asia/Shanghai", "zh-CN")
    assert lin["user"]["tz_offset"] == 8 * 3600
    assert "locale" not in ada["user"]
    assert await code(client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_groups_tell_their_members(client):
    """Maintainers by user group."""
    groups = await client.usergroups_list()
    members = await client.usergroups_users_list(usergroup=groups["usergroups"][0]["id"])

    assert len(members["users"]) == 2
    assert await code(client.usergroups_users_list(usergroup="S0")) == "no_such_subteam"


async def test_blocks_are_validated_without_a_token(sandbox):
    """The published validator, for blocks, messages and views."""
    nobody = AsyncWebClient(base_url=sandbox.api_url)
    good = await nobody.api_call("blocks.validate", params={"blocks": json.dumps([rich()])})
    bad = nobody.api_call("blocks.validate", params={"message": '{"blocks":[{"type":"no"}]}'})
    error = await refusal(bad)

    assert good["ok"]
    assert error.response["error"] == "invalid_message"
    assert error.response["errors"][0]["pointer"].startswith("/blocks/0")
    assert await code(nobody.api_call("blocks.validate")) == "invalid_arguments"


async def test_a_required_argument_is_named(client):
    """What is missing is told, not guessed."""
    error = await refusal(client.api_call("chat.update", json={"channel": WEEKLY}))

    assert error.response["error"] == "invalid_arguments"
    assert error.response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: ts"
    ]


async def test_marks_are_kept_at_the_message(sandbox, client):
    """Reactions and pins, once each."""
    sandbox.grant_scopes(
        sandbox.app.scopes | {"reactions:write", "reactions:read", "pins:write", "pins:read"}
    )
    sent = await client.chat_postMessage(channel=WEEKLY, text="x")
    at = {"channel": WEEKLY, "timestamp": sent["ts"]}
    await client.reactions_add(**at, name="eyes")
    await client.pins_add(**at)

    assert (await client.reactions_get(**at))["message"]["reactions"][0]["count"] == 1
    assert (await client.pins_list(channel=WEEKLY))["items"][0]["message"]["ts"] == sent["ts"]
    assert await code(client.reactions_add(**at, name="eyes")) == "already_reacted"
    assert await code(client.pins_add(**at)) == "already_pinned"
    await client.reactions_remove(**at, name="eyes")
    await client.pins_remove(**at)
    assert await code(client.reactions_remove(**at, name="eyes")) == "no_reaction"
    assert await code(client.pins_remove(**at)) == "no_pin"


async def test_a_revoked_token_stays_revoked(client):
    """auth.revoke ends what a token may do."""
    assert (await client.auth_revoke(test=True))["revoked"] is False
    assert (await client.auth_revoke())["revoked"] is True
    assert await code(client.auth_test()) == "token_revoked"
