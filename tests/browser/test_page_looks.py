"""The sandbox's page in a real browser: widths, colours, safety, pictures."""

import pytest
from playwright.async_api import expect

from tests.sandbox_ear import ADA, LIN, NOOR, WEEKLY, a_button, a_section, rich

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# The lowest contrast of visible text to what lies behind it, and where: WCAG 2.2, 1.4.3.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const back = rgb(getComputedStyle(node).backgroundColor);
      if (back[3] === 255) return back;
    }
    return [255, 255, 255];
  };
  let worst = [21, ""];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !node.checkVisibility({opacityProperty: true})) continue;
    if (node.closest("option, .hidden, .emoji")) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.outerHTML.slice(0, 120)];
  }
  return worst;
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def fill(stage) -> None:
    """Post one of most things."""
    wide = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x" * 200}]}
    cells = [{"type": "raw_text", "text": f"column {n}"} for n in range(12)]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "灯笼鱼周报" * 10}},
        a_section("`code` *bold* <https://example.org/" + "a" * 150 + ">\n> quote"),
        {"type": "rich_text", "elements": [wide]},
        {"type": "table", "rows": [cells, cells]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]},
        a_button(),
    ]
    card = await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=blocks)
    await stage.client.chat_postMessage(
        channel=WEEKLY, text="reply", blocks=[rich("long " * 80)], thread_ts=card["ts"]
    )
    await stage.client.chat_postEphemeral(channel=WEEKLY, user=NOOR, text="ephemeral")


async def test_a_phone_shows_everything_without_sideways_scrolling(stage):
    """At 360 pixels: the drawer, the timeline, a thread over the whole screen."""
    await fill(stage)
    page = await stage.open(NOOR, **PHONE)
    assert await page.evaluate(OVERFLOW) <= 0
    await expect(page.locator("#side a").first).not_to_be_visible()
    await page.get_by_role("button", name="Open the list of channels").click()
    await expect(page.get_by_role("link", name="general")).to_be_visible()
    await page.get_by_role("link", name="weekly").click()
    await expect(page.get_by_role("link", name="general")).not_to_be_visible()

    await page.get_by_role("button", name="1 reply").click()
    box = await page.locator("#thread").bounding_box()
    assert box is not None
    assert box["width"] == 360
    assert await page.evaluate(OVERFLOW) <= 0


async def test_nothing_in_a_message_sticks_out_of_a_phone(stage):
    """Wide tables scroll by themselves; long addresses break."""
    await fill(stage)
    page = await stage.open(NOOR, **PHONE)
    out = await page.evaluate(
        """() => [...document.querySelectorAll("#timeline *")]
            .filter((node) => !node.closest(".table") || node.matches(".table"))
            .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
            .map((node) => node.outerHTML.slice(0, 100))"""
    )
    assert out == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("user", [ADA, NOOR])
async def test_text_stands_out_from_what_lies_behind(stage, scheme, user):
    """Contrast of at least 4.5 to 1 everywhere, panels open."""
    await fill(stage)
    page = await stage.open(user, color_scheme=scheme)
    await expect(page.locator(".message").first).to_be_visible()
    worst, where = await page.evaluate(CONTRAST)
    assert worst >= 4.5, where
    await page.get_by_role("button", name="Traffic").click()
    await expect(page.locator(".entry").first).to_be_visible()
    worst, where = await page.evaluate(CONTRAST)
    assert worst >= 4.5, where


async def test_the_switch_turns_light_into_dark_and_remembers(stage):
    """Whatever the system prefers."""
    page = await stage.open(NOOR, color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = await page.evaluate(paper)
    await page.get_by_role("button", name="Light or dark").click()
    dark = await page.evaluate(paper)
    assert dark != before

    await page.reload()
    await page.wait_for_selector("body[data-live]")
    assert await page.evaluate(paper) == dark


async def test_the_page_asks_nobody_but_the_sandbox(stage):
    """No font, script or style from elsewhere, and nothing the policy has to stop."""
    await fill(stage)
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="Faults").click()
    await expect(page.get_by_label("What happens")).to_be_visible()

    assert {url.split("/")[2] for url in stage.requests} == {stage.sandbox.url.split("/")[2]}
    assert stage.complaints == []


async def test_hostile_words_do_nothing(stage):
    """In text, names of channels, answers: no dialog, no script, no handler."""
    poison = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    escaped = poison.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    blocks = [rich(poison), a_section(escaped), {"type": "markdown", "text": poison}]
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=blocks)
    await stage.sandbox.control.say(ADA, WEEKLY, poison)
    stage.sandbox.admin.rename("C0GENERAL", "a<b>&amp;")
    page = await stage.open(LIN)
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    await page.get_by_role("button", name="请求记录").click()
    await expect(page.locator(".entry").first).to_be_visible()

    await expect(page.locator("#timeline img")).to_have_count(0)
    await expect(page.locator("#side")).to_contain_text("a<b>&amp;")
    assert alarms == []


async def test_a_picture_that_cannot_load_shows_its_words(stage):
    """Offline, a reader still learns what would be there."""
    picture = {
        "type": "image",
        "image_url": f"{stage.sandbox.url}/no/such.png",
        "alt_text": "A chart of lag",
    }
    await stage.client.chat_postMessage(channel=WEEKLY, text="x", blocks=[picture])
    page = await stage.open(NOOR)

    await expect(page.locator(".placeholder")).to_contain_text("A chart of lag")
    await expect(page.locator("#timeline img")).to_be_hidden()


async def test_every_control_has_a_name_and_can_be_reached(stage):
    """Buttons, fields and links tell a screen reader what they are."""
    await fill(stage)
    page = await stage.open(NOOR)
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, a, select, textarea, input")]
            .filter((node) => !(node.textContent.trim() || node.getAttribute("aria-label")
                || node.labels?.length))
            .map((node) => node.outerHTML.slice(0, 100))"""
    )
    assert nameless == []
    for _ in range(3):
        await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement !== document.body")
