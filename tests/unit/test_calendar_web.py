"""The calendars that members subscribe to, over a real socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import icalendar
import pytest

from bot.answer.calendar import Calendars
from bot.archive import Archive, migrate, open_archive
from bot.aside import at_once
from bot.publish import gather
from bot.slack.calendars import routes
from bot.slack.web import serving, web_app
from config.model import SiteSettings
from tests.contract.test_agenda import EVENING, a_correction, a_meetup, announce, upcoming
from tests.fakes import NOON, FixedClock

SITE = SiteSettings(name="Lanternfish", language="en", timezone="Asia/Shanghai")


@dataclass
class Place:
    """A served calendar and what it is made of."""

    archive: Archive
    clock: FixedClock
    http: aiohttp.ClientSession
    url: str

    async def get(self, path: str = "/calendar.ics", **headers: str) -> aiohttp.ClientResponse:
        """Ask for a calendar."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.get(f"{self.url}{path}", headers=names)

    async def titles(self, query: str = "") -> list[str]:
        """What stands in it."""
        answer = await self.get(f"/calendar.ics{query}")
        assert answer.status == 200
        found = icalendar.Calendar.from_ical(await answer.read()).events
        return [str(one["summary"]) for one in found]


async def nothing() -> list[str]:
    """Nothing keeps it from working."""
    return []


async def no_figures() -> str:
    """None are asked for."""
    return ""


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Two issues in two languages, and what they announce."""
    url = f"sqlite:///{tmp_path}/digest.db"
    await migrate(url)
    archive = await open_archive(url)
    clock = FixedClock()
    calendars = Calendars(archive.agenda, clock, SITE, at_once)
    app = web_app(bolt=None, ready=nothing, metrics=no_figures, more=routes(calendars))
    await announce(archive, a_meetup(), a_meetup("Somewhen", start=None), language="zh-CN")
    talk = a_meetup(
        "Kelp talk", start=EVENING + timedelta(days=2), online=True, kind="livestream"
    )
    await announce(archive, talk, path="b.md", language="en")
    async with (
        serving(app, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession() as http,
    ):
        yield Place(archive, clock, http, f"http://127.0.0.1:{port}")
    await archive.close()


async def test_a_calendar_has_every_gathering_with_a_date(place: Place):
    """As text/calendar, to be kept for a while."""
    answer = await place.get()

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "max-age=" in answer.headers["Cache-Control"]
    assert answer.headers["Last-Modified"] == "Fri, 20 Nov 2026 12:00:00 GMT"
    assert await place.titles() == ["Night dive", "Kelp talk"]
    assert "X-WR-CALNAME:Lanternfish meetups" in await answer.text()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?kind=meetup", ["Night dive"]),
        ("?kind=Livestream,workshop", ["Kelp talk"]),
        ("?lang=zh", ["Night dive"]),
        ("?lang=en-GB", ["Kelp talk"]),
        ("?online=yes", ["Kelp talk"]),
        ("?online=0", ["Night dive"]),
        ("?source=weekly", ["Night dive", "Kelp talk"]),
        ("?source=other", []),
        ("?online=", ["Night dive", "Kelp talk"]),
    ],
)
async def test_a_calendar_may_be_a_part_of_all(place: Place, query: str, titles: list[str]):
    """By kind, language, source, and whether one can take part from anywhere."""
    assert await place.titles(query) == titles


async def test_one_added_by_hand_speaks_the_language_of_the_site(place: Place):
    """No post tells another."""
    uid = "hand"
    correction = replace(
        await a_correction_of(place),
        uid=uid,
        meetup=a_meetup("By hand", start=EVENING + timedelta(days=5)),
        added=True,
    )
    await place.archive.agenda.correct(correction)
    await gather(place.archive.agenda, clock=place.clock)

    assert await place.titles("?lang=en") == ["Kelp talk", "By hand"]


async def a_correction_of(place: Place):
    """Some maintainer's word about the first gathering."""
    return a_correction((await upcoming(place.archive))[0].uid)


@pytest.mark.parametrize("query", ["?town=Hangzhou", "?online=maybe"])
async def test_a_filter_that_is_not_there_is_an_error_in_words(place: Place, query: str):
    """A calendar that silently shows everything, or nothing, would not be noticed."""
    answer = await place.get(f"/calendar.ics{query}")

    assert answer.status == 400
    assert "online" in await answer.text()


async def test_an_unchanged_calendar_is_not_sent_again(place: Place):
    """By its tag, or by its date where nobody sends a tag; a change brings all of it."""
    first = await place.get()
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]

    for known in ({"If_None_Match": f'"x", {tag}'}, {"If_Modified_Since": date}):
        answer = await place.get(**known)
        assert (answer.status, await answer.read()) == (304, b"")
    other = await place.get(If_None_Match='"x"', If_Modified_Since=date)
    assert other.status == 200
    later = NOON + timedelta(hours=1)
    await announce(place.archive, a_meetup(place="上海"), now=later, language="zh-CN")
    for known in ({"If_None_Match": tag}, {"If_Modified_Since": date}):
        assert (await place.get(**known)).status == 200


async def test_a_cancellation_is_told_for_a_while(place: Place):
    """A month later nobody needs to hear of it any more."""
    await announce(place.archive, language="zh-CN")
    assert await place.titles() == ["Cancelled: Night dive", "Kelp talk"]

    place.clock.advance(days=31)
    assert await place.titles() == ["Kelp talk"]


async def test_every_event_has_a_file_of_its_own(place: Place):
    """To be opened by any calendar program; what has no date, or is not there, has none."""
    (dive, _) = await upcoming(place.archive)
    answer = await place.get(f"/calendar/{dive.uid}.ics")

    (event,) = icalendar.Calendar.from_ical(await answer.read()).events
    assert event["uid"] == f"{dive.uid}@digestbot"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{dive.uid}.ics"'
    (undated,) = await place.archive.agenda.undated(NOON - timedelta(days=90), limit=5)
    for uid in (undated.uid, "other"):
        assert (await place.get(f"/calendar/{uid}.ics")).status == 404


async def test_calendars_that_are_kept_are_few(place: Place):
    """Whoever asks for many different ones gets them all, from little memory."""
    for number in range(10, 50):
        uid = f"hand-{number}"
        correction = replace(await a_correction_of(place), uid=uid, added=True)
        told = a_meetup(f"Tour {number}", start=EVENING + timedelta(days=number))
        await place.archive.agenda.correct(replace(correction, meetup=told))
    await gather(place.archive.agenda, clock=place.clock)

    for number in range(10, 50):
        answer = await place.get(f"/calendar/hand-{number}.ics")
        assert f"Tour {number}" in await answer.text()


async def test_a_calendar_may_be_empty(place: Place):
    """It has no date then."""
    answer = await place.get("/calendar.ics?kind=none")

    assert "Last-Modified" not in answer.headers
    assert (
        await place.get(
            "/calendar.ics?kind=none", If_Modified_Since="Fri, 20 Nov 2026 12:00:00 GMT"
        )
    ).status == 200
