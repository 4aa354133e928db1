"""What happens to a community in some months, by chance that a seed fixes.

Pure.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.simulation.texts import Issue, an_issue, edited
from tests.simulation.troubles import CHANCES, TROUBLES
from tests.simulation.writing import WEEK, Script, What, Writing, wall

MOVES = timedelta(hours=6)


def a_script(start: date, months: int, seed: int, channels: tuple[str, ...]) -> Script:
    """Write down all that happens.

    Args:
        start: a Monday.
        months: of about four weeks and a third.
        seed: of the chance.
        channels: that exist from the first day, by id.
    """
    # Chance decides what happens, never a secret.
    writing = Writing(Random(seed), channels)  # noqa: S311
    weeks = round(months * 52 / 12)
    for number in range(3):
        _history(writing, start, number)
    for week in range(weeks):
        monday = start + week * WEEK
        _week(writing, monday, week)
        writing.add(wall(monday + timedelta(days=3), 12), What.IDLE)
    begin, end = wall(start, 0).astimezone(UTC), wall(start + (weeks + 2) * WEEK, 0)
    rows = sorted(writing.rows, key=lambda row: row.at)
    return Script(begin, end.astimezone(UTC), tuple(rows), writing.fates)


def _history(writing: Writing, start: date, number: int) -> None:
    day = start - timedelta(days=30 - number)
    name = f"old-{number}/index.md"
    writing.add(wall(start, 0), What.WRITE, name, _issue(writing, f"Old {number}", day).text())
    writing.fates[name] = frozenset({"offered" if number == 2 else "before-first"})


def _issue(writing: Writing, title: str, day: date, clock: str = "") -> Issue:
    return an_issue(writing.dice, title, f"{day.isoformat()}{clock}")


def _week(writing: Writing, monday: date, week: int) -> None:
    """An issue on most Fridays, edits, and one kind of trouble in most weeks."""
    dice, friday = writing.dice, monday + timedelta(days=4)
    name = f"weekly-{week:03}/index.md"
    if dice.random() > 0.04:
        landed, issue = _landing(writing, friday, name, week)
        writing.fates[name] = frozenset({"new"})
        _edits(writing, landed, name, issue)
        trouble = dice.choices(TROUBLES, weights=[weight for _, weight in CHANCES])[0]
        trouble(writing, landed)
    if week % 9 == 5:
        _event_page(writing, monday, week)
    for at, rare in RARE.items():
        if week % 60 == at:
            rare(writing, monday, week)


def _landing(writing: Writing, friday: date, name: str, week: int) -> tuple[datetime, Issue]:
    """Publish an issue in one of the ways it is done; answers from when on it is to be seen."""
    dice, title = writing.dice, f"Weekly {week}"
    issue = _issue(writing, title, friday)
    at = wall(friday, dice.randint(6, 20), dice.randrange(60))
    way = dice.random()
    if way < 0.1:  # written ahead
        issue = replace(issue, date=f"{friday.isoformat()} 09:00:00 {wall(friday, 9):%z}")
        writing.add(wall(friday - timedelta(days=2), 15), What.WRITE, name, issue.text())
        return wall(friday, 9), issue
    if way < 0.2:  # a draft first
        draft = replace(issue, header="draft: true\n")
        writing.add(at - timedelta(days=2), What.WRITE, name, draft.text())
    elif way < 0.3:  # merged late
        at += timedelta(days=dice.randint(1, 3))
    writing.add(at, What.WRITE, name, issue.text())
    return at, issue


def _edits(writing: Writing, landed: datetime, name: str, issue: Issue) -> None:
    """Corrections soon after, some within the settle window, and now and then a move."""
    at = landed
    for _ in range(writing.dice.choice((0, 0, 1, 1, 2, 3))):
        at += (
            writing.between(0.05, 0.15)
            if writing.dice.random() < 0.3
            else writing.between(1, 50)
        )
        issue = edited(writing.dice, issue)
        writing.add(at, What.WRITE, name, issue.text())
    if writing.dice.random() < 0.06:
        moved = name.replace("weekly", "issues/weekly")
        writing.add(at + MOVES, What.MOVE, name, moved)
        writing.fates[moved] = writing.fates[name]
        # Changed beyond recognition while it waited, it may be taken for another one; told it is once.
        writing.fates[name] = frozenset({"", "gone"})


# ------------------------------------------------------------------ rare things


def _event_page(writing: Writing, monday: date, week: int) -> None:
    """A page that is listed, not announced."""
    at = wall(monday + timedelta(days=1), 10)
    text = _issue(writing, f"Meetup {week}", at.date()).text()
    writing.add(at, What.WRITE, f"events/meetup-{week:03}.md", text)
    writing.fates[f"events/meetup-{week:03}.md"] = frozenset({"event-page"})


def _back_issues(writing: Writing, monday: date, week: int) -> None:
    """Many old issues are merged at once."""
    at = wall(monday + timedelta(days=1), 11)
    for number in range(12):
        name = f"archive-{week}/{number:02}.md"
        day = monday - timedelta(weeks=200 + number)
        writing.add(at, What.WRITE, name, _issue(writing, f"Back {week}-{number}", day).text())
        writing.fates[name] = frozenset({"breaker"})


def _late_one(writing: Writing, monday: date, week: int) -> None:
    """An old issue comes alone, and a maintainer has it sent all the same."""
    at, name = wall(monday + timedelta(days=1), 9), f"late-{week:03}/index.md"
    day = monday - timedelta(weeks=150)
    writing.add(at, What.WRITE, name, _issue(writing, f"Late {week}", day).text())
    writing.add(at + timedelta(hours=3), What.REPOST, name)
    writing.fates[name] = frozenset({"reposted"})


def _removed(writing: Writing, monday: date, week: int) -> None:
    """An issue is taken from the site before it is announced."""
    at, name = wall(monday + timedelta(days=2), 9), f"hasty-{week:03}/index.md"
    writing.add(at, What.WRITE, name, _issue(writing, f"Hasty {week}", at.date()).text())
    writing.add(at + timedelta(minutes=5), What.REMOVE, name)
    writing.fates[name] = frozenset({"", "gone"})


def _recalled(writing: Writing, monday: date, week: int) -> None:
    """An issue that ought not to have been sent."""
    at, name = wall(monday + timedelta(days=2), 9), f"wrong-{week:03}/index.md"
    writing.add(at, What.WRITE, name, _issue(writing, f"Wrong {week}", at.date()).text())
    writing.add(at + timedelta(days=4), What.RECALL, name)
    writing.fates[name] = frozenset({"recalled"})


def _never_ready(writing: Writing, monday: date, week: int) -> None:
    """A draft that stays one."""
    at, name = wall(monday, 9), f"draft-{week:03}/index.md"
    draft = replace(_issue(writing, f"Draft {week}", at.date()), header="draft: true\n")
    writing.add(at, What.WRITE, name, draft.text())
    writing.fates[name] = frozenset({"draft"})


def _subscribed(writing: Writing, monday: date, week: int) -> None:
    writing.add(wall(monday, 8), What.SUBSCRIBE)


def _unsubscribed(writing: Writing, monday: date, week: int) -> None:
    writing.add(wall(monday, 8), What.UNSUBSCRIBE)


RARE = {
    2: _late_one,
    3: _removed,
    4: _back_issues,
    6: _recalled,
    7: _never_ready,
    5: _subscribed,
    40: _unsubscribed,
    17: _late_one,
    25: _removed,
    33: _recalled,
}
"""By the week in which it happens; each again after sixty weeks."""
