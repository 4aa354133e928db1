"""A calendar (ICS) of Luma, Google, Meetup or anything else: its events as pages of events.

An unchanged calendar costs one conditional request. An event that is not in it any more is off.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from bot.ical.files import path_of, text_of
from bot.ical.read import NoCalendarError, Series, Window, series_in
from bot.ports.outside import Clock
from bot.sources.content import UnfitError
from bot.sources.feed import validators_of
from bot.sources.fetch import Answer, Fetch, Limits
from bot.sources.pace import fresh_for, retry_after
from bot.sources.remote import Seen
from bot.sources.trouble import TroubleError
from config.sources import IcsSettings
from formatters.events.facts import kind_of
from formatters.events.words import ONLINE

LIMITS = Limits(size=10_000_000, seconds=60)
ACCEPT = "text/calendar, */*;q=0.1"
ITSELF = "calendar"
"""Stands for the calendar among its paths: one without events is not one that is not there."""
BACK, AHEAD = timedelta(days=31), timedelta(days=240)
"""How far repeated events are read: ours. Both ends move once a month, so that texts last."""


class CalendarPlace:
    """The place behind a source of kind ics.

    Args:
        settings: the source's.
        zone: the site's, in which times are meant that name none.
        fetch: what may be dialled.
        clock: the time.
    """

    def __init__(self, settings: IcsSettings, *, zone: str, fetch: Fetch, clock: Clock) -> None:
        self._settings = settings
        self._zone = zone
        self._fetch = fetch
        self._clock = clock
        self._last: Answer | None = None
        self._window: Window | None = None
        self._seen: Seen | None = None
        self._texts: Mapping[str, str] = {}

    async def look(self) -> Seen:
        """One request, conditional from the second on."""
        validators = validators_of(self._last.headers) if self._last else {}
        async with self._fetch.session() as session:
            answer = await session.get(
                self._settings.url, {"Accept": ACCEPT, **validators}, LIMITS
            )
        window = window_at(self._clock.now())
        fresh = fresh_for(answer.headers)
        if answer.status == HTTPStatus.NOT_MODIFIED and self._last and self._seen:
            if window == self._window:
                return replace(self._seen, fresh=fresh)
            answer = self._last
        seen = await self._seen_in(self._fit(answer), window)
        self._last, self._window, self._seen = answer, window, seen
        return replace(seen, fresh=fresh)

    async def read(self, wanted: Mapping[str, str]) -> Mapping[str, str | UnfitError]:
        """The texts that came with the calendar."""
        return {path: self._texts[path] for path in wanted if path != ITSELF}

    def _fit(self, answer: Answer) -> Answer:
        """A good answer.

        Raises:
            TroubleError: it is none.
        """
        if answer.status == HTTPStatus.OK:
            return answer
        wait = retry_after(answer.headers, self._clock.now())
        raise TroubleError(f"{self._place} answers HTTP {answer.status}", wait=wait)

    @property
    def _place(self) -> str:
        """The host alone: in the path of a private calendar there is its key."""
        return f"the calendar at {urlsplit(self._settings.url).hostname}"

    async def _seen_in(self, answer: Answer, window: Window) -> Seen:
        read = partial(series_in, answer.body, zone=self._zone, window=window)
        try:
            found = await asyncio.to_thread(read)
        except NoCalendarError as error:
            raise TroubleError(f"{self._place}: {error}") from error
        self._texts = {
            path_of(one.uid): text_of(one, kind_of=kind_of, online=is_online)
            for one in found
            if not one.problem
        }
        versions = {path: marked(text) for path, text in self._texts.items()}
        problems = {path_of(one.uid): words_of(one) for one in found if one.problem}
        return Seen({ITSELF: "", **versions}, problems)


def words_of(series: Series) -> str:
    """Why an event is none, with its name."""
    return f"the event {series.title[:80]!r}: {series.problem}"


def is_online(text: str) -> bool:
    """Whether a place or a title says that one can take part from anywhere."""
    return bool(ONLINE.search(text))


def window_at(now: datetime) -> Window:
    """What of repeated events is read at a moment; the same for all of a month."""
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Window(month - BACK, month + AHEAD)


def marked(text: str) -> str:
    """The version of a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
