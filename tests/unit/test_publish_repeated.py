"""What stands in every issue, from the source to the channels and to the search index."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot import plan
from bot.archive.tables import chunks
from bot.model.posts import Passage, Role
from bot.publish.text import passages, plain_text, weighed
from config.settings import ChannelSettings, SectionFilter
from formatters.document import Site
from formatters.prints import lines_of
from formatters.read import read_post
from formatters.slack.spoken import spoken
from tests.fakes import FakeSource, FixedClock
from tests.prepared import an_archive
from tests.room import Room, a_post, settings

GREETING = "All that happened around the lantern project, put together by its friends."


def an_issue(day: int, news: str) -> str:
    """An issue of November with a greeting, a heading and one thing that is new."""
    return a_post(f"Issue {day}", day=day, body=f"{GREETING}\n\n## Reading list\n\n- {news}")


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room whose source has been looked at once, while it was empty."""
    async with an_archive() as archive:
        room = Room(archive, FakeSource(), FixedClock(), settings())
        await room.look()
        yield room


async def cards(room: Room, path: str) -> list[str]:
    rows = await room.rows(path)
    return [spoken(row.message.blocks) for row in rows if row.channel == "C1"]


async def test_a_card_is_without_what_issues_before_said_and_the_thread_has_it(room):
    """Older issues are remembered by their traces; nothing of them is read again."""
    room.source.files["1.md"] = an_issue(17, "The broker is faster")
    await room.settled_look()
    room.source.files["2.md"] = an_issue(18, "The scheduler is fairer")
    await room.settled_look()

    (first, *_), (card, thread) = await cards(room, "1.md"), await cards(room, "2.md")

    assert GREETING in first
    assert "scheduler is fairer" in card
    assert GREETING not in card
    assert GREETING in thread
    assert (await room.entry("2.md")).standing.split("\n") == [GREETING, "Reading list"]


async def test_many_issues_at_once_are_told_apart_in_order_of_their_dates(room):
    """Whatever their files are called: the oldest has nothing that stands."""
    files = {
        "z.md": an_issue(10, "Oldest"),
        "a.md": an_issue(12, "Newest"),
        "k.md": an_issue(11, "Middle"),
    }
    room.source.files |= files

    await room.look()

    found = [(await room.entry(path)).standing != "" for path in ("z.md", "k.md", "a.md")]
    assert found == [False, True, True]


async def test_an_edit_of_an_older_issue_changes_no_younger_one(room):
    """And that of a younger one sees only what is older."""
    room.source.files |= {"1.md": an_issue(17, "One"), "2.md": an_issue(18, "Two")}
    await room.look()
    before = await room.entry("2.md")
    room.source.files["1.md"] = a_post("Issue 17", day=17, body="All is different now")
    await room.look()

    assert (await room.entry("2.md")).prints == before.prints
    assert (await room.entry("1.md")).standing == ""

    room.source.files["2.md"] = an_issue(18, "Two, corrected")
    await room.look()
    assert (await room.entry("2.md")).standing == ""


async def test_drafts_and_posts_without_a_date_are_no_issues_before():
    """Nobody has read a draft; of an undated post nobody knows when."""
    async with an_archive() as archive:
        undated = f"---\ntitle: Undated\n---\n\n{GREETING}\n"
        draft = an_issue(10, "Draft").replace("---\n", "---\ndraft: true\n", 1)
        files = {"draft.md": draft, "undated.md": undated, "1.md": an_issue(12, "One")}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings())
        await room.look()

        room.source.files["2.md"] = an_issue(11, "Older than the other")
        await room.look()

        assert {p: (await room.entry(p)).standing for p in room.source.files} == dict.fromkeys(
            room.source.files, ""
        )
        assert (await room.entry("undated.md")).prints == ""


async def test_pages_of_events_have_no_standing_text():
    """They are listed, not announced; nobody reads them one after the other."""
    async with an_archive() as archive:
        files = {"1.md": an_issue(11, "One"), "2.md": an_issue(12, "Two")}
        room = Room(archive, FakeSource(files=files), FixedClock(), settings())

        await room.look(role=Role.EVENTS)

        assert (await room.entry("2.md")).standing == ""


async def test_a_channel_may_leave_standing_text_out_of_the_complete_issue(room):
    """The setting `sections: {standing: false}`; what was left out is told."""
    room.source.files |= {"1.md": an_issue(17, "One"), "2.md": an_issue(18, "Two is here")}
    await room.look()
    post = plan.post_of(await room.entry("2.md"), Site())
    channel = ChannelSettings(id="C1", style="full", sections=SectionFilter(standing=False))

    kept = plan.composition_of(post, ChannelSettings(id="C1", style="full"), language="en")
    left = plan.composition_of(post, channel, language="en")

    assert GREETING in spoken(kept.messages[0].blocks)
    assert GREETING not in spoken(left.messages[0].blocks)
    assert "Two is here" in spoken(left.messages[0].blocks)
    assert GREETING in left.omitted


async def test_standing_text_weighs_nothing_in_the_search_index(room):
    """It can still be found, but brings no issue to the top."""
    room.source.files |= {"1.md": an_issue(17, "One"), "2.md": an_issue(18, "Two is here")}
    await room.look()
    query = select(chunks.c.words, chunks.c.weight).where(chunks.c.post == "weekly:2.md")
    async with room.archive._store.reading() as connection:
        weights = {one.words: one.weight for one in await connection.execute(query)}

    assert {weight for words, weight in weights.items() if "lantern" in words} == {0.0}
    assert all(weight > 0 for words, weight in weights.items() if "two" in words)


def test_passages_are_parted_line_by_line():
    """Empty ones are left out; nothing is lost."""
    told = (Passage("old\nnew", 2.0), Passage("old", 0.5), Passage("young", 1.0))

    assert weighed(told, "old") == (
        Passage("new", 2.0),
        Passage("old", 0.0),
        Passage("old", 0.0),
        Passage("young", 1.0),
    )
    assert weighed(told, "") == told


def test_lines_are_those_of_plain_text():
    """What stands is found again in the text that search reads."""
    text = (
        "Intro [link](https://a.b) ![alt](https://a.b/c.png)<br>second\n\n# Title `code`\n\n- item\n  - deeper\n\n"
        "> quote\n\n```\ntwo\nlines\n```\n\n| a | b |\n|---|---|\n| 1 | **2** |\n\n---\n"
    )
    post = read_post(text, path="a.md", site=Site())

    told = "\n".join(line.text for line in lines_of(post)).split("\n")
    assert [line for line in told if line] == plain_text(post).split("\n")
    assert passages(post) != ()
