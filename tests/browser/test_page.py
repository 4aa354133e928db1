"""The sandbox's page in a real browser: what is seen, typed and clicked."""

import asyncio
import json

import pytest
from aiohttp import web
from playwright.async_api import expect
from slack_sdk.errors import SlackApiError

from tests.sandbox_ear import ADA, LIN, MEI, NOOR, WEEKLY, a_button, a_modal, a_section, rich

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAIN = {"type": "plain_text"}


async def heard(ear, kind=""):
    """Wait for the bot to be called; `kind` is the payload's type, "" for a command."""
    for _ in range(200):
        for request in ear.heard:
            payload = request.payload
            if payload.get("event", payload).get("type", "") == kind:
                return request
        await asyncio.sleep(0.02)
    raise AssertionError(f"the bot heard {[request.payload for request in ear.heard]}")


async def test_each_person_sees_their_own_channels(stage):
    """A private channel is only there for its members, and marked."""
    page = await stage.open(ADA)
    await expect(page.locator("#side")).to_contain_text("general")
    await expect(page.locator("#side")).not_to_contain_text("maintainers")

    page = await stage.open(MEI)
    await expect(page.get_by_role("link", name="maintainers 私有")).to_be_visible()


async def test_blocks_are_visible_and_emphasis_is_real(stage):
    """Headers, lists and pictures come as such, not as their source."""
    run = {"type": "text", "text": "粗体", "style": {"bold": True}}
    listed = {
        "type": "rich_text_list",
        "style": "ordered",
        "offset": 2,
        "elements": [{"type": "rich_text_section", "elements": [run]}],
    }
    blocks = [
        {"type": "header", "text": {**PLAIN, "text": "灯笼鱼周报 :tada:"}},
        {"type": "rich_text", "elements": [listed]},
        a_section("*b* and <https://example.org|a link>"),
    ]
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=blocks)
    page = await stage.open()

    await expect(page.get_by_role("heading", name="灯笼鱼周报 🎉")).to_be_visible()
    await expect(page.locator("#timeline ol[start='3'] li strong")).to_have_text("粗体")
    await expect(page.get_by_role("link", name="a link")).to_have_attribute(
        "href", "https://example.org"
    )


async def test_a_new_message_appears_without_a_reload(stage):
    """And the reader who is at the bottom stays there."""
    page = await stage.open()
    for number in range(30):
        await stage.client.chat_postMessage(channel=WEEKLY, text=f"message {number}")

    await expect(page.get_by_text("message 29", exact=True)).to_be_in_viewport()


async def test_a_reader_who_has_scrolled_up_is_left_in_peace(stage):
    """A new message offers a way down, it does not pull."""
    for number in range(40):
        await stage.client.chat_postMessage(channel=WEEKLY, text=f"message {number}")
    page = await stage.open()
    await page.locator("#scroll").hover()
    await page.mouse.wheel(0, -600)
    await page.wait_for_timeout(150)
    before = await page.evaluate("document.getElementById('scroll').scrollTop")
    await stage.client.chat_postMessage(channel=WEEKLY, text="the newest")

    await expect(page.locator("#jump")).to_be_visible()
    assert await page.evaluate("document.getElementById('scroll').scrollTop") == before
    await page.locator("#jump").click()
    await expect(page.get_by_text("the newest", exact=True)).to_be_in_viewport()
    await expect(page.locator("#jump")).to_be_hidden()


async def test_a_thread_opens_at_the_side_and_takes_replies(stage):
    """Parent, replies, composer; the summary line counts on."""
    parent = await stage.client.chat_postMessage(channel=WEEKLY, text="card")
    await stage.client.chat_postMessage(
        channel=WEEKLY, text="the whole issue", thread_ts=parent["ts"]
    )
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("the whole issue")
    await page.locator("#reply-words").fill("thanks")
    await page.locator("#reply-words").press("Enter")

    await expect(thread).to_contain_text("thanks")
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()


async def test_commands_in_threads_are_refused_as_slack_does(stage):
    """What was typed is kept, and the reason is told."""
    parent = await stage.client.chat_postMessage(channel=WEEKLY, text="card")
    await stage.client.chat_postMessage(channel=WEEKLY, text="r", thread_ts=parent["ts"])
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="1 reply").click()
    await page.locator("#reply-words").fill("/digest latest")
    await page.locator("#reply-words").press("Enter")

    await expect(page.get_by_text("no slash commands in threads")).to_be_visible()
    await expect(page.locator("#reply-words")).to_have_value("/digest latest")


async def test_an_ephemeral_message_is_marked_and_private(stage):
    """Only its reader sees it, with a line that says so."""
    await stage.client.chat_postEphemeral(channel=WEEKLY, user=NOOR, text="for you alone")
    page = await stage.open(NOOR)
    await expect(page.locator(".ephemeral")).to_contain_text("Only visible to you")

    page = await stage.open(ADA)
    await expect(page.locator("#timeline")).not_to_contain_text("for you alone")


async def test_a_button_reaches_the_bot_signed(stage):
    """With action, block, value and who clicked."""
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=[a_button()])
    page = await stage.open(LIN)
    await page.get_by_role("button", name="More", exact=True).click()

    request = await heard(stage.ear, "block_actions")
    assert request.genuine
    assert request.payload["user"]["id"] == LIN
    action = request.payload["actions"][0]
    assert (action["action_id"], action["value"]) == ("digest.list.page", "list 2")


async def test_a_confirm_dialog_stands_before_the_click(stage):
    """No means that nothing is sent."""
    confirm = {
        "title": {**PLAIN, "text": "Post again?"},
        "text": {**PLAIN, "text": "It goes out once more."},
        "confirm": {**PLAIN, "text": "Yes"},
        "deny": {**PLAIN, "text": "No"},
    }
    button = {
        "type": "button",
        "action_id": "digest.repost.do",
        "text": {**PLAIN, "text": "More"},
        "confirm": confirm,
    }
    block = {"type": "actions", "elements": [button]}
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=[block])
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="More", exact=True).click()
    await expect(page.locator("#ask")).to_contain_text("It goes out once more.")
    await page.get_by_role("button", name="No", exact=True).click()
    await expect(page.locator("#ask")).to_be_hidden()
    assert stage.ear.heard == []

    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("button", name="Yes", exact=True).click()
    await heard(stage.ear, "block_actions")


async def test_a_choice_in_a_menu_reaches_the_bot(stage):
    """A select and an overflow menu send the option that was picked."""
    option = {"text": {**PLAIN, "text": "Issue 46"}, "value": "46"}
    other = {"text": {**PLAIN, "text": "Mute"}, "value": "mute"}
    select = {
        "type": "static_select",
        "action_id": "pick",
        "options": [option],
        "placeholder": {**PLAIN, "text": "Which"},
    }
    overflow = {"type": "overflow", "action_id": "more", "options": [other, option]}
    block = {"type": "actions", "block_id": "b", "elements": [select, overflow]}
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=[block])
    page = await stage.open(NOOR)
    await page.get_by_label("Which").select_option("Issue 46")
    request = await heard(stage.ear, "block_actions")
    assert request.payload["actions"][0]["selected_option"]["value"] == "46"

    stage.ear.heard.clear()
    await page.get_by_label("More actions").click()
    await page.get_by_role("menuitem", name="Mute").click()
    request = await heard(stage.ear, "block_actions")
    assert request.payload["actions"][0]["selected_option"]["value"] == "mute"


async def test_a_command_is_suggested_typed_and_answered(stage):
    """Arrow, Tab and Enter; the answer comes as an ephemeral message."""
    stage.ear.answers.append(web.json_response({"text": "Issue 47 is the newest"}))
    page = await stage.open(NOOR)
    await page.locator("#words").press_sequentially("/digest la")
    await expect(page.locator("#suggestions li")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.locator("#words")).to_have_value("/digest latest ")
    await page.keyboard.press("Enter")

    request = await heard(stage.ear)
    assert (request.payload["command"], request.payload["text"]) == ("/digest", "latest")
    await expect(page.locator(".ephemeral")).to_contain_text("Issue 47 is the newest")
    await expect(page.locator("#words")).to_have_value("")


async def test_an_unknown_command_is_told_and_kept(stage):
    """A refusal says why; what was typed is not lost."""
    page = await stage.open(NOOR)
    await page.locator("#words").fill("/nope now")
    await page.keyboard.press("Enter")

    await expect(page.locator("#toasts")).to_contain_text("/nope is not a valid command")
    await expect(page.locator("#words")).to_have_value("/nope now")


async def test_enter_picks_a_word_while_an_input_method_composes(stage):
    """Chinese input: Enter inside a composition must not send."""
    page = await stage.open(LIN)
    await page.locator("#words").fill("周")
    await page.evaluate(
        """document.getElementById("words").dispatchEvent(new KeyboardEvent("keydown",
             {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    await expect(page.locator("#words")).to_have_value("周")


async def test_switching_person_switches_language_and_rights(stage):
    """From an English member to a Chinese maintainer."""
    page = await stage.open(ADA)
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.get_by_label("Acting as").select_option(MEI)

    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    await expect(page.locator("#side")).to_contain_text("maintainers")
    await expect(page.locator("#words")).to_have_attribute("placeholder", "发消息到 #weekly")


async def test_the_json_of_a_message_can_be_read(stage):
    """Metadata included, as an app with every right would get it."""
    metadata = {"event_type": "digest_delivery", "event_payload": {"post": "weekly:47"}}
    await stage.client.chat_postMessage(channel=WEEKLY, text="周报", metadata=metadata)
    page = await stage.open(NOOR)
    await page.locator(".message").hover()
    await page.get_by_role("button", name="Show JSON").click()

    shown = json.loads(await page.locator("#json-text").inner_text())
    assert shown["text"] == "周报"
    assert shown["metadata"]["event_payload"] == {"post": "weekly:47"}
    await page.keyboard.press("Escape")
    await expect(page.locator("#json")).to_be_hidden()


async def test_a_modal_opens_takes_words_and_shows_errors(stage):
    """views.open, a required input, response_action errors, then success."""
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=[a_button()])
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="More", exact=True).click()
    request = await heard(stage.ear, "block_actions")
    await stage.client.views_open(trigger_id=request.payload["trigger_id"], view=a_modal())
    dialog = page.get_by_role("dialog", name="Find")
    await dialog.get_by_role("button", name="Go").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please fill this in.")

    problem = {"response_action": "errors", "errors": {"words": "Nothing found"}}
    stage.ear.answers.append(web.json_response(problem))
    await dialog.get_by_role("textbox").fill("深渊")
    await dialog.get_by_role("button", name="Go").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Nothing found")
    submission = await heard(stage.ear, "view_submission")
    values = submission.payload["view"]["state"]["values"]
    assert values["words"]["typed"]["value"] == "深渊"

    await dialog.get_by_role("button", name="Go").click()
    await expect(dialog).to_be_hidden()


async def test_the_home_tab_is_asked_for_and_shown(stage):
    """Opening it tells the app; what the app publishes appears."""
    page = await stage.open(NOOR)
    await page.locator("#side").get_by_role("link", name="digestbot", exact=True).click()
    await heard(stage.ear, "app_home_opened")
    await expect(page.locator("#timeline")).to_contain_text("has not published a Home")
    view = {"type": "home", "blocks": [a_section("Welcome home"), a_button()]}
    await stage.client.views_publish(user_id=NOOR, view=view)

    await expect(page.locator("#timeline")).to_contain_text("Welcome home")
    await page.get_by_role("button", name="More", exact=True).click()
    request = await heard(stage.ear, "block_actions")
    assert request.payload["container"]["type"] == "view"


async def test_unread_messages_are_counted_until_read(stage):
    """A badge on the channel that is not shown."""
    page = await stage.open(NOOR, "C0GENERAL")
    await stage.client.chat_postMessage(channel=WEEKLY, text="one")
    await stage.client.chat_postMessage(channel=WEEKLY, text="two")
    weekly = page.locator(f"#side [data-channel='{WEEKLY}']")
    await expect(weekly.get_by_label("2 unread")).to_be_visible()

    await weekly.click()
    await expect(page.get_by_text("two", exact=True)).to_be_visible()
    await expect(weekly.locator(".badge")).to_have_count(0)


async def test_a_refused_post_is_shown_where_it_should_have_been(stage):
    """Slack's words on what is wrong stand in the timeline and in the traffic."""
    page = await stage.open(NOOR)
    with pytest.raises(SlackApiError):
        await stage.client.chat_postMessage(
            channel=WEEKLY, text="x", blocks=[{"type": "sparkle"}]
        )
    await expect(page.locator("#timeline")).to_contain_text("refused a message: invalid_blocks")
    await expect(page.locator("#timeline")).to_contain_text("/blocks/0")

    await page.get_by_role("button", name="Traffic").click()
    await expect(page.locator(".entry").first).to_contain_text("invalid_blocks")


async def test_a_fault_can_be_added_by_form_and_strikes(stage):
    """One 429, then Slack behaves; the badge counts rules."""
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_label("What happens").select_option("429, wait 5 seconds")
    await page.get_by_label("Method").select_option("chat.*")
    await page.get_by_role("button", name="Add").click()
    await expect(page.locator("[data-fault]")).to_contain_text("ratelimited chat.*")
    with pytest.raises(SlackApiError) as caught:
        await stage.client.chat_postMessage(channel=WEEKLY, text="x")
    assert caught.value.response.headers["Retry-After"] == "5"
    await stage.client.chat_postMessage(channel=WEEKLY, text="x")

    await expect(page.locator("[data-fault]")).to_contain_text("struck 1×")
    await page.get_by_role("button", name="Remove all").click()
    await expect(page.locator("#panel-body")).to_contain_text("Slack behaves.")


async def test_a_reset_forgets_every_message(stage):
    """After a question."""
    await stage.client.chat_postMessage(channel=WEEKLY, text="soon gone")
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="Reset").click()
    await page.locator("#ask").get_by_role("button", name="Reset").click()

    await expect(page.locator("#timeline")).to_contain_text("Nothing here yet.")


async def test_focus_survives_what_changes_around_it(stage):
    """A redraw of the list does not take the keyboard away."""
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=[a_button()])
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="More", exact=True).focus()
    await stage.client.chat_postMessage(channel=WEEKLY, text="another", blocks=[rich()])
    await expect(page.locator(".message")).to_have_count(2)

    focused = await page.evaluate("document.activeElement.dataset.action")
    assert focused == "digest.list.page"


async def test_earlier_messages_come_on_demand(stage):
    """A long channel is drawn from its end."""
    for number in range(65):
        await stage.client.chat_postMessage(channel=WEEKLY, text=f"message {number}")
    page = await stage.open(NOOR)
    await expect(page.locator(".message")).to_have_count(60)
    await page.get_by_role("button", name="Show earlier messages").click()

    await expect(page.locator(".message")).to_have_count(65)
