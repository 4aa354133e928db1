"""A browser in front of a running sandbox, with an ear where the bot would be."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox, running
from tests import needs
from tests.sandbox_ear import MEI, WEEKLY, Ear, listening

# Nothing but what the page asks for; the sandbox of Chromium needs rights that CI has not.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@dataclass
class Stage:
    """A page, the sandbox behind it, the bot's client and its ear."""

    sandbox: Sandbox
    client: AsyncWebClient
    ear: Ear
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    async def open(self, user=MEI, channel=WEEKLY, **context) -> Page:
        """Open the page as somebody; waits until it is live."""
        opened = await self.browser.new_context(**context)
        page = await opened.new_page()
        page.set_default_timeout(8_000)
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        await page.goto(f"{self.sandbox.url}/?user={user}&channel={channel}")
        await page.wait_for_selector("body[data-live]")
        self.pages.append(page)
        return page

    def _note(self, kind: str, words: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(words)

    async def close(self) -> None:
        """Close every page."""
        for page in self.pages:
            await page.context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests; every page has a context of its own."""
    found = needs.chromium()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=str(found), args=list(ARGUMENTS)
        )
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """A fresh sandbox without rate limits."""
    async with listening() as ear, running(pace=False, request_url=ear.url) as sandbox:
        ear.secret = sandbox.signing_secret
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        stage = Stage(sandbox, client, ear, browser)
        yield stage
        await stage.close()
