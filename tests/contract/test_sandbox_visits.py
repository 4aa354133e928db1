"""What visitors find behind the links of posts, and what they leave behind when they go."""

import asyncio

import aiohttp
import pytest

from bot.sandbox.server import running

POST = "---\ntitle: <b>47</b>\n---\n\n灯笼鱼 & friends\n"


@pytest.fixture
async def sandbox(tmp_path):
    """A local Slack beside a site with one post and one picture."""
    folder = tmp_path / "weekly" / "issue-47"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(POST, encoding="utf-8")
    (folder / "cover.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.md").write_text("not for readers", encoding="utf-8")
    async with running(pace=False, folders={"weekly": tmp_path / "weekly"}) as started:
        yield started


@pytest.fixture
def get(sandbox):
    """Follow a link; answers status, type and text."""

    async def ask(path):
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{sandbox.url}{path}") as answer,
        ):
            return answer.status, answer.content_type, await answer.text("utf-8", "replace")

    return ask


async def test_a_post_is_shown_as_its_source(get):
    """Under its permalink, escaped, with a word why it looks like that."""
    status, kind, html = await get("/weekly/issue-47/")
    assert (status, kind) == (200, "text/html")
    assert "&lt;b&gt;47&lt;/b&gt;" in html
    assert "灯笼鱼 &amp; friends" in html
    assert "the text it is made from" in html
    assert "<b>" not in html


async def test_a_picture_is_a_picture(get):
    """Cards show it."""
    assert (await get("/weekly/issue-47/cover.png"))[:2] == (200, "image/png")


@pytest.mark.parametrize("path", ["/blog/one-year/", "/docs/tour", "/weekly/", "/weekly/gone/"])
async def test_a_page_that_does_not_exist_says_so_kindly(get, path):
    """In both languages: the community of the examples is invented."""
    status, kind, html = await get(path)
    assert (status, kind) == (404, "text/html")
    assert "is invented" in html
    assert '<p lang="zh-CN">' in html


@pytest.mark.parametrize("path", ["/weekly/..%2fsecret", "/weekly/%00", "/weekly/x%00.png"])
async def test_nothing_beside_the_folders_can_be_read(get, path):
    """However the address is written."""
    status, _, text = await get(path)
    assert status == 404
    assert "not for readers" not in text


@pytest.mark.parametrize(
    "path", ["/sandbox/api/nothing", "/api/", "/sandbox/static/nothing.js"]
)
async def test_programs_get_no_kind_words(get, path):
    """An address of the sandbox itself that does not exist stays a plain error."""
    assert "is invented" not in (await get(path))[2]


async def test_a_closed_page_leaves_no_trace_in_the_log(sandbox, caplog):
    """Whoever closes a tab sees no error in the terminal."""
    async with aiohttp.ClientSession() as session:
        page = await session.get(f"{sandbox.url}/sandbox/api/events")
        assert await page.content.readline() == b": hello\n"
        page.close()
    for _ in range(50):
        sandbox.workspace.notices.tell("log")
        await asyncio.sleep(0.002)

    assert [record.getMessage() for record in caplog.records] == []
