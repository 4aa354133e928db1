"""Meetups and broadcasts that a post announces, as events.

Pure and careful. Events stand under labels (`时间：`), in rows of a list of events, in tables,
or in sentences that look ahead to a gathering; any other date is none.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from formatters.document import Post, SectionKind, Site
from formatters.events.ahead import is_none, looks_ahead
from formatters.events.ends import complete, lend_hours
from formatters.events.facts import Event, Facts, Viewpoint, address, event
from formatters.events.lines import Place, cleaned, places
from formatters.events.names import called
from formatters.events.told import told
from formatters.events.venues import place_in
from formatters.events.words import (
    GATHERING,
    LABELS,
    PAST,
    PREVIEW,
    REVIEW,
    SHARED,
    TAKES_PART,
    UNDATED,
    UPCOMING,
    WEEKLY,
)
from formatters.events.written import AsWritten
from formatters.moments import When
from formatters.moments.order import is_day_first

__all__ = ["PAST", "UNDATED", "UPCOMING", "Event", "find_events"]

_MOST_ALIKE = 50  # events of one day that are compared
_MOST_LASTING = timedelta(days=7)


def find_events(post: Post, *, site: Site) -> tuple[Event, ...]:
    """The events that a post announces, in its order, each once.

    A post without a date announces nothing: its years could only be guessed.
    """
    if post.header.date is None:
        return ()
    zone = ZoneInfo(site.zone)
    stands = tuple(places(post))
    view = _view(post, post.header.date.astimezone(zone), zone, stands)
    by_place = [(place, told(place, view)) for place in stands]
    dated = {title for place, facts in by_place if facts for title in place.titles}
    found = list(_each_day_once(facts for _, of_place in by_place for facts in of_place))
    found = found or list(_of_header(post, view)) or list(_of_pictures(stands, view))
    if len({facts.when.start for facts in found if facts.when}) == 1:
        if not found[0].said.get("live"):
            found[0].learn("register", _register_of(stands))
        complete(found, stands, cleaned(post.header.description), zone)
    lend_hours(found)
    _share(found, stands)
    as_written = AsWritten(post, stands)
    events = _once([as_written.event(event(facts, view)) for facts in found])
    return (*events, *map(as_written.event, _undated(stands, view, events, dated)))


_OPENS = ("register", "live")


def _share(found: Sequence[Facts], stands: Sequence[Place]) -> None:
    """Let a line that speaks of all events tell where to register for each."""
    lines = (line for place in stands for line in place.lines if SHARED.search(line.text))
    asks = (line for line in lines if any(LABELS[n].search(line.text) for n in _OPENS))
    url = next((url for line in asks if (url := address(line))), "")
    for facts in found:
        facts.learn("register", url)


def _each_day_once(told_facts: Iterable[Facts]) -> Iterator[Facts]:
    """Without the sentences that only mention a day again."""
    days: set[date] = set()
    dated = [(facts, facts.when) for facts in told_facts if facts.when]
    spans = tuple(_stretches(dated))
    for facts, when in dated:
        day = when.start.date()
        is_part = facts.source == "line" or (facts.source == "day" and not when.end)
        own = (day, (when.end or when.start).date())
        in_spans = is_part and any(a <= day <= b for a, b in spans if (a, b) != own)
        if not in_spans and (facts.source != "sentence" or day not in days):
            yield facts
        days.add(day)


def _stretches(dated: Sequence[tuple[Facts, When]]) -> Iterator[tuple[date, date]]:
    """The days of what takes several: lines that name one of them are its programme."""
    for facts, when in dated:
        first, last = when.start.date(), (when.end or when.start).date()
        if facts.source != "line" and first < last <= first + _MOST_LASTING:
            yield first, last


def _view(post: Post, posted: datetime, zone: ZoneInfo, stands: Sequence[Place]) -> Viewpoint:
    header = post.header
    title = cleaned(header.title)
    topics = " ".join((title, *header.categories, *header.tags))
    about_one = bool(GATHERING.search(topics)) and not WEEKLY.search(topics)
    return Viewpoint(
        posted,
        zone,
        title,
        topics,
        looks_back=bool(REVIEW.search(title)),
        is_about_one=about_one,
        day_first=is_day_first(line.text for place in stands for line in place.lines),
    )


def _of_header(post: Post, view: Viewpoint) -> Iterator[Facts]:
    """What the description or the title of a page about one event says of its day."""
    if not GATHERING.search(view.topics):
        return
    for text in (cleaned(post.header.description), view.title):
        when = view.when(text)
        told = when and (not when.all_day or view.is_about_one or PREVIEW.search(text))
        if when and told and not when.loose and not is_none(text, when, when.at):
            place = Place(SectionKind.INTRO, (), looks_back=False, looks_ahead=False, lines=())
            yield Facts(place, when, {"title": view.title}, text, "header")
            return


def _of_pictures(stands: Sequence[Place], view: Viewpoint) -> Iterator[Facts]:
    """What the words that stand for a poster say, on a page that says it nowhere else."""
    for place in stands:
        for number, line in enumerate(place.lines):
            when = view.when(line.alt) if line.alt and not place.looks_back else None
            if when and GATHERING.search(line.alt) and looks_ahead(line.alt, when, when.at):
                where = place_in(line.alt[: when.at], line.alt[when.until :])
                said = called(line.alt, line, when) | {"where": where}
                yield Facts(place, when, said, line.alt, "picture", number, text=line.alt)
                return


def _register_of(stands: Sequence[Place]) -> str:
    """The first address under a heading, or in a line, that asks to register."""
    for place in stands:
        asks = LABELS["register"].search(place.title)
        for line in place.lines:
            if (asks or LABELS["register"].search(line.text)) and (url := address(line)):
                return url
    lines = (line for place in stands for line in place.lines if TAKES_PART.search(line.text))
    return next((url for line in lines if (url := address(line))), "")


# ------------------------------------------------------------------ each event once


def _once(events: Sequence[Event]) -> tuple[Event, ...]:
    """Each event once: told a second time it only fills what was left open."""
    kept: list[Event] = []
    of_day: dict[date | None, list[int]] = {}
    for one in events:
        day = of_day.setdefault(one.start.date() if one.start else None, [])
        number = next((n for n in day[-_MOST_ALIKE:] if _is_same(one, kept[n])), None)
        if number is None:
            day.append(len(kept))
            kept.append(one)
        else:
            kept[number] = _merged(kept[number], one)
    return tuple(kept)


def _is_same(one: Event, other: Event) -> bool:
    """Whether two events of one day are one."""
    if one.all_day != other.all_day:
        return not (_is_long(one) or _is_long(other)) or one.end == other.end
    if one.all_day:
        alike = (one.title, one.place) == (other.title, other.place)
        return alike and (one.register_url == other.register_url or not other.register_url)
    return one.start == other.start and (
        one.place == other.place or not (one.place and other.place)
    )


def _merged(one: Event, other: Event) -> Event:
    first, second = (other, one) if one.all_day and not other.all_day else (one, other)
    blank = {
        name: getattr(second, name)
        for name in ("end", "place", "register_url", "live_url", "replay_url", "speakers")
        if not getattr(first, name)
    }
    return replace(first, **blank)


def _is_long(one: Event) -> bool:
    return bool(one.end and one.start and one.end > one.start)


# ------------------------------------------------------------------ what has no date


def _undated(
    stands: Sequence[Place], view: Viewpoint, events: Sequence[Event], dated: Set[str]
) -> Iterator[Event]:
    """Sections and titles that announce a gathering and do not say when.

    `dated` holds the titles below which days are told.
    """
    for place in stands:
        ahead = place.kind is SectionKind.EVENTS and place.looks_ahead and place.lines
        if (
            ahead
            and not dated & set(place.titles[-1:])
            and (not events or GATHERING.search(place.title))
        ):
            yield _without_date(place, view)
            return
    if not events and PREVIEW.search(view.title) and GATHERING.search(view.title):
        lines = stands[0].lines if stands else ()
        yield _without_date(
            Place(SectionKind.INTRO, (), looks_back=False, looks_ahead=True, lines=lines), view
        )


def _without_date(place: Place, view: Viewpoint) -> Event:
    facts = Facts(place)
    facts.learn("register", next((url for line in place.lines if (url := address(line))), ""))
    facts.learn("image", next((line.image for line in place.lines if line.image), ""))
    facts.hints = " ".join(line.text for line in place.lines)[:200]
    return event(facts, view)
