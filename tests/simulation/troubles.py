"""What goes wrong in a week, by chance.

Pure.
"""

from datetime import UTC, datetime, timedelta
from random import Random

from bot.sandbox.faults import Rule
from tests.simulation.writing import Happening, What, Writing


def _none(writing: Writing, landed: datetime) -> None:
    """A week without any."""


def _down(writing: Writing, landed: datetime) -> None:
    """The bot's machine is away for hours or days, often when a post lands."""
    begin = landed - writing.between(-12, 30)
    writing.add(begin, What.DOWN)
    writing.add(begin + writing.between(1, 90), What.UP)


def _slack_out(writing: Writing, landed: datetime) -> None:
    """Slack answers with errors only, for less than an hour, from when a fan-out begins."""
    dice, begin = writing.dice, landed + timedelta(minutes=9)
    # Not 500, 503 or a cut line: the reading client tries those again after a second of real time.
    kind = dice.choice(("http", "html", "truncated", "empty"))
    rules = (Rule(kind, status=502),)
    if dice.random() < 0.5:
        rules = (Rule(kind, status=502, method="chat.*", when="after"),)
    _faulty(writing, begin, writing.between(0.05, 0.7), rules)


def _faulty(
    writing: Writing, begin: datetime, lasts: timedelta, rules: tuple[Rule, ...]
) -> None:
    writing.rows.append(Happening(begin.astimezone(UTC), What.FAULTS, rules=rules))
    writing.add(begin + lasts, What.MENDED)


def _single_faults(writing: Writing, landed: datetime) -> None:
    """Some calls go wrong, one of each kind in each of some channels."""
    dice = writing.dice
    rules = tuple(
        _single(dice, kind, channel)
        for channel in dice.sample(writing.channels, 2)
        for kind in dice.sample(("reset", "http", "truncated", "ratelimited", "error"), 3)
    )
    _faulty(writing, landed - timedelta(minutes=1), timedelta(hours=40), rules)


def _single(dice: Random, kind: str, channel: str) -> Rule:
    stored = dice.choice(("before", "after"))
    return Rule(
        kind,
        method=dice.choice(("chat.postMessage", "chat.update")),
        channel=channel,
        times=1,
        when="before" if kind in ("ratelimited", "error") else stored,
        retry_after=dice.choice(("1", "30", "")),
        status=dice.choice((500, 502, 504)),
        error=dice.choice(("internal_error", "fatal_error", "service_unavailable")),
    )


def _kill(writing: Writing, landed: datetime) -> None:
    """The process is killed after some calls of the fan-out."""
    at = (landed + timedelta(minutes=9)).astimezone(UTC)
    writing.rows.append(Happening(at, What.KILL, number=writing.dice.randint(1, 8)))


def _restart(writing: Writing, landed: datetime) -> None:
    """An upgrade: every other one reads all posts anew."""
    what = What.RESTART if writing.dice.random() < 0.5 else What.REREAD
    writing.add(landed + writing.between(-2, 30), what)


def _token(writing: Writing, landed: datetime) -> None:
    """The token is refused for some hours."""
    begin = landed + writing.between(0, 2)
    writing.add(begin, What.TOKEN, "token_revoked")
    writing.add(begin + writing.between(1, 20), What.TOKEN, "")


def _archived(writing: Writing, landed: datetime) -> None:
    """A channel is archived for days."""
    _away(writing, landed, What.ARCHIVE, What.UNARCHIVE)


def _kicked(writing: Writing, landed: datetime) -> None:
    """The bot is thrown out of a channel and invited again."""
    _away(writing, landed, What.KICK, What.INVITE)


def _paused(writing: Writing, landed: datetime) -> None:
    """A maintainer pauses a channel."""
    _away(writing, landed, What.PAUSE, What.RESUME)


def _away(writing: Writing, landed: datetime, what: What, undone: What) -> None:
    channel, begin = writing.dice.choice(writing.channels), landed - writing.between(1, 40)
    writing.add(begin, what, channel)
    writing.add(begin + writing.between(4, 100), undone, channel)


def _deleted(writing: Writing, landed: datetime) -> None:
    """Somebody takes a digest away."""
    channel = writing.dice.choice(writing.channels)
    writing.add(landed + writing.between(1, 60), What.DELETE, channel)


CHANCES = (
    (_none, 8),
    (_down, 5),
    (_slack_out, 5),
    (_single_faults, 5),
    (_kill, 4),
    (_restart, 3),
    (_token, 2),
    (_archived, 2),
    (_kicked, 2),
    (_paused, 2),
    (_deleted, 2),
)
TROUBLES = [trouble for trouble, _ in CHANCES]
