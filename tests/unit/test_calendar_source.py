"""The source of kind ics before a server that does everything a server can do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import publish
from bot.archive import migrate, open_archive
from bot.model.posts import Role, Scan
from bot.sources.addresses import Rules
from bot.sources.calendar import CalendarPlace, window_at
from bot.sources.choose import source_of
from bot.sources.fetch import Fetch
from bot.sources.pace import Pace
from bot.sources.remote import RemoteSource
from config.settings import IcsSettings, Settings
from formatters.document import Site
from tests.contract.test_agenda import a_meetup, announce
from tests.fakes import FixedClock
from tests.far_side import Page, serving
from tests.unit.test_ical_read import event

SOON = "TZID=Asia/Shanghai:20261205T190000"


def a_calendar(*events: str) -> bytes:
    """A calendar as its server sends it."""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


class Reader:
    """A source over one calendar."""

    def __init__(self, url: str) -> None:
        self.clock = FixedClock()
        row = {"id": "luma", "kind": "ics", "url": f"{url}/secret-key/basic.ics"}
        place = CalendarPlace(
            IcsSettings.model_validate(row),
            zone="Asia/Shanghai",
            fetch=Fetch(Rules(["127.0.0.1"])),
            clock=self.clock,
        )
        self.source = RemoteSource("luma", place, Pace(self.clock, chance=lambda: 0.0))

    async def look(self, **later: float) -> Scan:
        """Look, after some time."""
        self.clock.advance(**later)
        return await self.source.scan()


async def test_an_unchanged_calendar_costs_one_conditional_request():
    """304: nothing is read again; all events are still there."""
    page = Page(a_calendar(event(start=SOON)))
    async with serving(page) as url:
        reader = Reader(url)
        first = await reader.look()
        second = await reader.look(minutes=30)

    assert (len(first.found), len(second.found)) == (1, 0)
    assert first.paths == second.paths
    assert (len(page.asked), page.full) == (2, 1)


async def test_a_new_month_is_read_from_the_same_calendar():
    """Weekly meetings go on, though the server says that nothing changed."""
    page = Page(a_calendar(event("RRULE:FREQ=WEEKLY", start=SOON)))
    async with serving(page) as url:
        reader = Reader(url)
        await reader.look()
        later = await reader.look(days=31)

    assert (len(later.found), page.full) == (1, 1)


async def test_a_stamp_that_is_new_at_every_look_is_no_change():
    """Google stamps all events whenever it is asked."""
    page = Page(a_calendar(event("DTSTAMP:20260101T000000Z", start=SOON)))
    async with serving(page) as url:
        reader = Reader(url)
        await reader.look()
        page.body = a_calendar(event("DTSTAMP:20260102T000000Z", start=SOON))
        second = await reader.look(minutes=30)

    assert (second.found, page.full) == ((), 2)


@pytest.mark.parametrize("status", [404, 500])
async def test_what_the_server_refuses_is_said_without_the_key(status: int):
    """The path of a private calendar is a secret."""
    page = Page()
    page.status(status)
    async with serving(page) as url:
        (problem,) = (await Reader(url).look()).problems

    assert str(status) in problem.words
    assert "secret-key" not in problem.words


async def test_a_page_of_html_is_no_calendar():
    """As a login is."""
    async with serving(Page(b"<html>Sign in</html>")) as url:
        (problem,) = (await Reader(url).look()).problems

    assert "no calendar" in problem.words
    assert "secret-key" not in problem.words


async def test_an_event_that_cannot_be_read_is_a_problem_of_its_own():
    """The others are there."""
    broken = event("RRULE:FREQ=SECONDLY", uid="b@x", start=SOON)
    async with serving(Page(a_calendar(event(start=SOON), broken))) as url:
        scan = await Reader(url).look()

    (problem,) = scan.problems
    assert (len(scan.found), bool(problem.path)) == (1, True)
    assert "Kelp talk" in problem.words


def test_the_settings_make_one(tmp_path: Path):
    """Of a few lines, its role is clear."""
    row = {"id": "luma", "kind": "ics", "url": "https://x.example/a.ics"}
    settings = Settings.model_validate({"sources": [row], "data": str(tmp_path)})
    (chosen,) = settings.sources

    assert source_of(chosen, settings, FixedClock(), {}).id == "luma"
    assert chosen.role == "events"


def test_the_window_moves_once_a_month():
    """So that texts of series last."""
    first, last = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)

    assert window_at(first) == window_at(last) != window_at(last + timedelta(days=1))


async def test_an_event_that_an_issue_announces_too_is_one(tmp_path: Path):
    """The calendar knows the hour, the issue the day; members see one."""
    await migrate(f"sqlite:///{tmp_path}/x.db")
    archive = await open_archive(f"sqlite:///{tmp_path}/x.db")
    day = datetime(2026, 12, 5, tzinfo=UTC)
    await announce(archive, a_meetup("An evening: Kelp talk", start=day, all_day=True))
    async with serving(Page(a_calendar(event("LOCATION:Kelp House", start=SOON)))) as url:
        reader = Reader(url)
        await publish.discover(
            reader.source, role=Role.EVENTS, site=Site(), register=archive.register,
            clock=reader.clock, settings=Settings(),
        )  # fmt: skip
    await publish.gather(archive.agenda, clock=reader.clock)
    (one,) = await archive.agenda.upcoming(reader.clock.now(), limit=9)
    await archive.close()

    assert (one.meetup.title, one.meetup.place, len(one.sources)) == (
        "Kelp talk",
        "Kelp House",
        2,
    )


async def test_events_come_go_and_move_on_the_agenda(tmp_path: Path):
    """From the calendar to what members see: found, moved, taken out, over and kept."""
    await migrate(f"sqlite:///{tmp_path}/x.db")
    archive = await open_archive(f"sqlite:///{tmp_path}/x.db")
    page = Page(a_calendar(event(start=SOON), event(uid="b@x", start=SOON[:-6] + "200000")))

    async def look(**later: float) -> list[str]:
        reader.clock.advance(**later)
        found = await publish.discover(
            reader.source, role=Role.EVENTS, site=Site(), register=archive.register,
            clock=reader.clock, settings=Settings(),
        )  # fmt: skip
        assert found.problems == ()
        await publish.gather(archive.agenda, clock=reader.clock)
        coming = await archive.agenda.upcoming(reader.clock.now(), limit=9)
        return [f"{one.meetup.start:%d %H} {one.sequence}" for one in coming]

    async with serving(page) as url:
        reader = Reader(url)
        assert await look() == ["05 19 0", "05 20 0"]
        page.body = a_calendar(event("SEQUENCE:1", start=SOON.replace("1205", "1206")))
        assert await look(minutes=30) == ["06 19 1"]
        page.body = a_calendar()
        assert await look(days=20) == []
        past = await archive.agenda.past(reader.clock.now(), limit=9)
    await archive.close()

    assert [f"{one.meetup.start:%d %H}" for one in past] == ["06 19"]
