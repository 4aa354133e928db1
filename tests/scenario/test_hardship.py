"""The bot in bad company: broken posts, broken databases, broken lines, and killed in mid-work."""

import asyncio
from collections.abc import Awaitable

import pytest

from bot.model.ids import PostId
from tests.stage import WEEKLY, Stage

UNFIT = {
    "a zero byte": 'title: "a\\0b"\ndate: 2026-11-20',
    "half a character": 'title: "a\\ud800b"\nlang: "\\udfff"\ndate: 2026-11-20',
    "the first day": "title: x\ndate: 0001-01-01",
    "the last day": "title: x\nexpires: 9999-12-31T23:59:59-12:00\ndate: 9999-12-31T23:59:59-12:00",
}


@pytest.mark.parametrize("header", UNFIT.values(), ids=UNFIT)
async def test_a_broken_header_stops_no_other_post(stage: Stage, header):
    """What no database takes is mended or reported; the post beside it arrives."""
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write(
            "a", text=f"---\n{header}\n---\n\n## Events\n\n- Meetup 12-31 23:00-26:00\n"
        )
        stage.write("b", title="Weekly b")
        await stage.round(bot)

        assert "Weekly b" in stage.titles(WEEKLY)
        assert await bot.archive.desk.post(PostId("weekly:a/index.md"))


async def beats_during(work: Awaitable[object]) -> int:
    """How often something else could run while some work was done."""
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    heart = asyncio.create_task(beat())
    try:
        await work
    finally:
        heart.cancel()
    return beats


async def test_the_longest_post_keeps_nobody_waiting(stage: Stage):
    """Slack takes an answer within three seconds; reading such a post may take longer."""
    items = "- [a](https://a.example/b) **b** `c`\n" * 2_400
    async with stage.bot() as bot:
        await stage.round(bot)
        stage.write("huge", text=f"---\ntitle: Huge\ndate: 2026-11-20\n---\n\n{items}")
        await bot.discover_all()
        beats = await beats_during(bot.discover_all())

        rows = await bot.archive.desk.deliveries(PostId("weekly:huge/index.md"))
    assert len(rows) > 20
    assert beats > 10
