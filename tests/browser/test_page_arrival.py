"""What somebody sees first, and where answers appear, in a real browser."""

import pytest
from playwright.async_api import expect

from tests.sandbox_ear import NOOR, WEEKLY, a_section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def a_tall_issue(stage):
    """Post something that is taller than the window."""
    blocks = [a_section("the very first line"), *(a_section(f"line {n}") for n in range(45))]
    await stage.client.chat_postMessage(channel=WEEKLY, text="older")
    await stage.client.chat_postMessage(channel=WEEKLY, text="issue", blocks=blocks)


async def test_a_tall_issue_is_read_from_its_beginning(stage):
    """Whoever opens the channel sees title and cover, not the last buttons."""
    await a_tall_issue(stage)
    page = await stage.open(NOOR)

    await expect(page.get_by_text("the very first line")).to_be_in_viewport()
    await expect(page.get_by_text("line 44", exact=True)).not_to_be_in_viewport()


async def test_an_answer_is_seen_by_whoever_asked(stage):
    """Also by a reader who was at the beginning of a long message."""
    await a_tall_issue(stage)
    page = await stage.open(NOOR)
    await page.locator("#words").fill("/digest help")
    await page.locator("#words").press("Enter")
    await expect(page.get_by_text("line 44", exact=True)).to_be_in_viewport()
    await stage.client.chat_postMessage(channel=WEEKLY, text="the answer")

    await expect(page.get_by_text("the answer", exact=True)).to_be_in_viewport()


async def test_a_fault_strikes_where_it_is_meant_to(stage):
    """Posts by default; what is handed to the app, if that is what the fault is about."""
    page = await stage.open(NOOR)
    await page.get_by_role("button", name="Faults").click()
    method = page.get_by_label("Method")
    await expect(method).to_have_value("chat.postMessage")
    await page.get_by_label("What happens").select_option("lose")
    await expect(method).to_have_value("deliver.*")
    await page.get_by_label("What happens").select_option("reset_after")
    await expect(method).to_have_value("chat.postMessage")
    await page.get_by_role("button", name="Add").click()
    await expect(page.locator("[data-fault]")).to_contain_text("reset chat.postMessage")
