"""The calendar that members subscribe to, and one file for each event."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.agenda import Agenda, Gathering, Teller
from bot.aside import Aside
from bot.ical.write import About, calendar
from bot.model.ids import PostId
from bot.ports.outside import Clock
from config.model import SiteSettings
from formatters.phrases import words

BACK = timedelta(days=60)
"""How long a gathering that is over stays in the calendar: ours."""
OFF = timedelta(days=30)
"""How long one that is cancelled does, so that every program hears of it: ours."""
KEPT = 32
"""Calendars that are kept as they were written: ours."""
FILTERS = ("kind", "lang", "online", "source")
ANSWERS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which gatherings a calendar is to have; () and None = all."""

    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    online: bool | None = None


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar as it is sent. `modified` is when something in it changed last, None if empty."""

    name: str
    body: bytes
    tag: str
    modified: datetime | None


def wanted(query: Mapping[str, str]) -> Wanted:
    """Read filters: `kind`, `lang`, `source` with commas between words, `online` = yes or no.

    Raises:
        ValueError: it asks for what there is not; the words say what there is.
    """
    unknown = sorted(set(query) - set(FILTERS))
    if unknown:
        raise ValueError(f"there is no filter {unknown[0]!r}: use {', '.join(FILTERS)}")
    online = query.get("online", "").casefold()
    if online and online not in ANSWERS:
        raise ValueError("online is yes or no")
    return Wanted(
        kinds=_words(query.get("kind", "")),
        languages=frozenset(map(_primary, _words(query.get("lang", "")))),
        sources=_words(query.get("source", "")),
        online=ANSWERS.get(online),
    )


@dataclass(frozen=True, slots=True)
class Calendars:
    """Makes calendars of what is recorded. `aside` is where they are written."""

    agenda: Agenda
    clock: Clock
    site: SiteSettings
    aside: Aside
    _made: dict[object, CalendarFile] = field(default_factory=dict, compare=False)

    async def feed(self, which: Wanted) -> CalendarFile:
        """The calendar to subscribe to."""
        now = self.clock.now()
        found = await self.agenda.changed(now - BACK, now - OFF)
        tellers = await self._tellers(found)
        fit = [one for one in found if self._fits(one, which, tellers)]
        return await self._file("meetups.ics", fit, tellers)

    async def one(self, uid: str) -> CalendarFile | None:
        """The calendar of one event, None if it is unknown or has no date."""
        found = await self.agenda.gatherings([uid])
        if not found or found[0].meetup.start is None:
            return None
        return await self._file(f"{uid}.ics", found, await self._tellers(found))

    async def _tellers(self, found: Sequence[Gathering]) -> Mapping[PostId, Teller]:
        return await self.agenda.tellers({post for one in found for post in one.sources})

    def _fits(self, one: Gathering, which: Wanted, tellers: Mapping[PostId, Teller]) -> bool:
        told = [tellers[post].language for post in one.sources if post in tellers]
        languages = map(_primary, told or [self.site.language])
        return (
            _is_among([one.meetup.kind], which.kinds)
            and _is_among(languages, which.languages)
            and _is_among((post.partition(":")[0] for post in one.sources), which.sources)
            and which.online in {None, one.meetup.online}
        )

    async def _file(
        self, name: str, found: Sequence[Gathering], tellers: Mapping[PostId, Teller]
    ) -> CalendarFile:
        """A calendar, written once as long as nothing of it changes: programs ask often."""
        key = (name, tuple(found), frozenset(tellers.values()))
        known = self._made.get(key)
        if known is not None:
            return known
        made = await self._written(name, found, tellers)
        if len(self._made) >= KEPT:
            self._made.clear()
        self._made[key] = made
        return made

    async def _written(
        self, name: str, found: Sequence[Gathering], tellers: Mapping[PostId, Teller]
    ) -> CalendarFile:
        site = self.site
        title = words(site.language, "calendar.name", site=site.name).strip()
        about = About(title, site.language, site.timezone, tellers)
        body = await self.aside(lambda: calendar(found, about))
        changes = [one.changed_at for one in found if one.changed_at]
        tag = hashlib.sha256(body).hexdigest()[:32]
        return CalendarFile(name, body, f'"{tag}"', max(changes, default=None))


def _words(written: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in written.split(",") if word.strip())


def _primary(language: str) -> str:
    """The language of a tag, without country and script."""
    return language.replace("_", "-").partition("-")[0].casefold()


def _is_among(has: Iterable[str], asked: frozenset[str]) -> bool:
    return not asked or any(one.casefold() in asked for one in has)
