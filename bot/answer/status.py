"""How things stand, for maintainers: `status`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.answer.dates import moment_in
from bot.answer.layout import Voice, authored, coded, heading, reply, voice_for, with_members
from bot.answer.tools import Tools
from bot.model.deliveries import Delivery, DeliveryState, Pause
from bot.model.people import Person, Reply
from bot.model.posts import SourceHealth
from bot.reasons import said
from formatters.document import Span
from formatters.slack.pieces import Bullet, Piece, Text

WAITING = 10
PROBLEMS = 5


async def status(_: str, person: Person, tools: Tools) -> Reply:
    """Counts, what waits and why, the sources, the latest issue."""
    voice = voice_for(person)
    counts, recalled = await tools.desk.counts(), await tools.desk.recalled()
    waiting = await tools.desk.waiting(WAITING)
    pauses = await tools.upkeep.pauses()
    health = await tools.desk.health()
    pieces: list[Piece] = [
        heading(voice.plain("status.title")),
        voice.line("status.counts", counts=counted(counts, recalled, voice)),
        *waiting_lines(waiting, person, voice),
        *(paused_line(pause, person, voice) for pause in pauses),
        *(piece for one in health for piece in source_lines(one, person, voice)),
        *await latest_lines(person, voice, tools),
    ]
    return reply(pieces)


def counted(
    counts: Mapping[DeliveryState, int], recalled: Mapping[DeliveryState, int], voice: Voice
) -> str:
    """`sent 12 · held 1 · recalled 2`, or that there is nothing; the last ones are no others'."""
    there = Counter(counts) - Counter(recalled)
    said = [(f"state.{state.value}", there[state]) for state in DeliveryState]
    said.append(("state.recalled", sum(recalled.values())))
    words = [f"{voice.plain(key)} {count}" for key, count in said if count]
    return " · ".join(words) or voice.plain("status.no_deliveries")


def waiting_lines(waiting: Sequence[Delivery], person: Person, voice: Voice) -> Iterator[Piece]:
    """Rows that are not sent, each with its reason."""
    if not waiting:
        yield voice.line("status.nothing_waits")
        return
    yield voice.line("status.waiting")
    for row in waiting:
        said = with_members(voice.markup("status.row", **row_words(row, person, voice)))
        yield authored(f"<#{row.channel}> {said}")


def paused_line(pause: Pause, person: Person, voice: Voice) -> Piece:
    """A channel that gets nothing now, since when, and why if it was nobody's wish."""
    reason = why_said(pause.reason, person) if pause.dead else ""
    since = moment_in(pause.since, person.zone, voice)
    words = voice.markup("status.paused", since=since, reason=reason)
    return authored(f"<#{pause.channel}> {words}")


def row_words(row: Delivery, person: Person, voice: Voice) -> dict[str, object]:
    """What to say of a row."""
    return {
        "post": row.post,
        "part": row.part + 1,
        "state": voice.plain(f"state.{row.state.value}"),
        "reason": why_said(row.reason, person) or voice.plain("status.its_turn"),
    }


def why_said(kept: str, person: Person) -> str:
    """A reason in the words and the zone of a person."""
    return said(kept, person.language, zone=ZoneInfo(person.zone))


def source_lines(health: SourceHealth, person: Person, voice: Voice) -> Iterator[Piece]:
    """A source: when it was last read, and what is wrong there."""
    never = voice.plain("status.never")
    last = moment_in(health.last_ok, person.zone, voice) if health.last_ok else never
    key = "status.source_failing" if health.failures else "status.source"
    yield voice.line(key, source=health.source, last=last, failures=health.failures)
    for problem in health.problems[:PROBLEMS]:
        where = f"{problem.path}: " if problem.path else ""
        yield Bullet((Span(f"{where}{problem.words}"),), 1)
    if (more := len(health.problems) - PROBLEMS) > 0:
        yield Bullet((voice.span("status.more_problems", count=more),), 1)


async def latest_lines(person: Person, voice: Voice, tools: Tools) -> tuple[Piece, ...]:
    """Where the latest issue went, or that it was recalled."""
    entries, _ = await tools.library.page(tools.clock.now(), offset=0, limit=1, recalled=True)
    if not entries:
        return ()
    entry = entries[0]
    states = Counter(row.state for row in await tools.desk.deliveries(entry.id))
    recalled = await tools.desk.recalled(entry.id)
    line = voice.plain(
        "status.latest",
        title=entry.title,
        counts=counted(states, recalled, voice),
        why=why_said(entry.reason, person) or entry.state.value,
    )
    return (Text(coded(line)),)
