"""Sources that are far away, in the running bot: rung for, slow, out of order."""

import asyncio
import hmac
import json
import logging
from datetime import timedelta
from pathlib import Path

import httpx

from bot import core
from tests.far_side import FakeGithub, Page, never, rss, rss_item, serving
from tests.stage import ISSUE, WEEKLY, staged, until

NEAR = {"allow": ["127.0.0.1"]}
HOUR = timedelta(hours=1)
SECRET = "made-up-secret"


def an_issue(name: str) -> bytes:
    """A post of today."""
    return ISSUE.format(title=f"Weekly {name}", date="2026-11-20").encode()


def a_push() -> tuple[bytes, dict[str, str]]:
    """A signed push to `example/site`."""
    repository = {"full_name": "example/site", "default_branch": "main"}
    body = json.dumps({"ref": "refs/heads/main", "repository": repository}).encode()
    mac = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    return body, {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={mac}"}


def a_feed(url: str, **more: object) -> dict[str, object]:
    """The settings of a feed."""
    return {"id": "news", "kind": "feed", "url": f"{url}/feed.xml", "every": HOUR, **more}


async def looked_at(bot: core.Bot) -> None:
    """Wait for the first look, which the start does not wait for on a busy machine."""
    async with asyncio.timeout(30):
        while not await bot.archive.desk.health():
            await asyncio.sleep(0.02)


async def test_a_push_brings_a_post_at_once(tmp_path: Path):
    """Long before the next look is due; ringing three times brings it once."""
    github = FakeGithub(files={"README": b"empty"})
    async with serving(github) as api:
        source = {"id": "weekly", "kind": "github", "repository": "example/site", "api": api}
        async with (
            staged(
                tmp_path,
                sources=[{**source, "every": HOUR}],
                fetch=NEAR,
                github={"webhook_secret": SECRET},
            ) as stage,
            stage.serving() as bot,
        ):
            await looked_at(bot)
            github.files["weekly-1.md"] = an_issue("1")
            body, headers = a_push()
            async with httpx.AsyncClient() as client:
                url = f"http://127.0.0.1:{bot.port}/hooks/github"
                answers = [await client.post(url, content=body, headers=headers) for _ in "123"]
            await until(lambda: stage.titles(WEEKLY) == ["Weekly 1"])

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len(stage.digests(WEEKLY)) == 1


async def test_a_slow_source_and_a_broken_one_keep_no_other_waiting(tmp_path: Path):
    """A server that never answers, one that fails: the folder's post comes all the same."""
    slow, broken = Page(answer=never), Page()
    broken.status(500)
    posts = tmp_path / "posts"
    async with serving(slow) as slow_url, serving(broken) as broken_url:
        sources = [
            a_feed(slow_url),
            a_feed(broken_url, id="broken"),
            {"id": "weekly", "path": posts, "every": timedelta(milliseconds=100)},
        ]
        async with staged(tmp_path, sources=sources, fetch=NEAR) as stage:
            async with stage.bot() as bot:
                folder = bot.feeds[2]
                await bot.discover(folder)
                stage.write("weekly-1")
                await bot.discover(folder)
            async with stage.serving() as bot:
                await until(lambda: stage.titles(WEEKLY) == ["Weekly weekly-1"])
                health = {one.source: one for one in await bot.archive.desk.health()}

    assert len(slow.asked) == 1
    assert "news" not in health
    assert health["broken"].failures == 1
    assert "HTTP 500" in health["broken"].problems[0].words
    assert health["weekly"].problems == ()


async def test_a_bot_stops_in_the_middle_of_a_look(tmp_path: Path, caplog):
    """At once and without an error, whoever asked for the look: here the metronome."""
    page = Page(body=rss(rss_item("one")))
    async with serving(page) as url:
        source = a_feed(url, every=timedelta(milliseconds=100))
        async with staged(tmp_path, sources=[source], fetch=NEAR) as stage, stage.serving():
            page.answer = never
            page.asked.clear()
            await until(lambda: len(page.asked) > 0)

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_an_item_of_a_feed_is_posted_as_its_html_says(tmp_path: Path):
    """With bold words and links; its title on the card, its address as the post's."""
    body = '<h2>News</h2><p>Hello <b>world</b>, <a href="/more">read *more*</a></p>'
    page = Page(body=rss(rss_item("old")))
    async with serving(page) as url:
        async with (
            staged(tmp_path, sources=[a_feed(url)], fetch=NEAR) as stage,
            stage.bot() as bot,
        ):
            await stage.round(bot, times=1)
            date = "Fri, 20 Nov 2026 08:00:00 GMT"
            page.body = rss(rss_item("weekly-7", body, pubDate=date), rss_item("old"))
            await stage.round(bot, times=1)

        (card,) = stage.digests(WEEKLY)
        text = json.dumps([card["blocks"], *(m["blocks"] for m in stage.thread(WEEKLY))])

    assert str(card["text"]).startswith("weekly-7")
    assert '"text": "world", "style": {"bold": true}' in text
    assert "https://news.example/more" in text
    assert "read *more*" in text
    assert "https://news.example/weekly-7/" in text


async def test_a_source_that_cannot_be_read_is_told_once_and_its_end_too(
    tmp_path: Path, caplog
):
    """Not at every look: an outage of an hour would fill the log."""
    caplog.set_level(logging.INFO)
    gone = tmp_path / "gone"
    source = {"id": "weekly", "path": gone}
    async with staged(tmp_path, sources=[source]) as stage, stage.bot() as bot:
        for _ in range(2):
            for _ in range(3):
                await bot.discover_all()
            gone.mkdir()
            for _ in range(3):
                await bot.discover_all()
            gone.rmdir()

    said = [words.partition(" ")[0] for words in caplog.messages if "source." in words]
    assert said == ["source.not_read", "source.read_again"] * 2
