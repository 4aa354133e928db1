"""Gatherings as they are recorded: named once, corrected for good, numbered when they change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.agenda import Announcement, Correction, Gathering, GatheringState, Unjoined
from bot.model.ids import UserId
from bot.model.posts import Meetup
from bot.plan import joined
from tests.unit.test_plan_gatherings import START, a_meetup

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SINCE = NOW - timedelta(days=1)


def told(*meetups: Meetup) -> tuple[Announcement, ...]:
    """Announced by one post."""
    return tuple(Announcement(one, NOW) for one in meetups)


def joins(
    *announced: Announcement,
    recorded: tuple[Gathering, ...] = (),
    corrections: tuple[Correction, ...] = (),
    since: datetime = SINCE,
) -> tuple[Gathering, ...]:
    """What is to be written."""
    return joined(Unjoined(1, since, announced, recorded, corrections), LATER)


def says(uid: str, *fields: str, meetup: Meetup | None = None, **more: bool) -> Correction:
    """A maintainer's word."""
    return Correction(uid, meetup or a_meetup(), frozenset(fields), UserId("U1"), NOW, **more)


def test_what_is_recorded_and_unchanged_is_not_written():
    """Done twice it is done."""
    recorded = joins(*told(a_meetup(), a_meetup("Talk", start=None)))

    assert len(recorded) == 2
    assert joins(*told(a_meetup(), a_meetup("Talk", start=None)), recorded=recorded) == ()


@pytest.mark.parametrize(
    ("changes", "sequence"),
    [
        ({"title": "Lanternfish Meetup Hangzhou II"}, 1),
        ({"title": "Something else"}, 1),
        ({"start": START + timedelta(days=3)}, 1),
        ({"place": "Ghent"}, 1),
        ({"end": START + timedelta(hours=2)}, 1),
        ({"cancelled": True}, 1),
        ({"speakers": "Ann"}, 0),
    ],
)
def test_a_change_is_dated_and_numbered_where_a_calendar_shows_it(
    changes: dict[str, object], sequence: int
):
    """The name stays."""
    (before,) = joins(*told(a_meetup()))

    (after,) = joins(*told(replace(a_meetup(), **changes)), recorded=(before,))  # type: ignore[arg-type]

    assert (after.uid, after.sequence, after.changed_at) == (before.uid, sequence, LATER)


def test_only_told_of_again_it_has_not_changed():
    """That it is still announced is noted."""
    (before,) = joins(*told(a_meetup()))
    before = replace(before, changed_at=NOW)
    again = (Announcement(a_meetup(), LATER),)

    (after,) = joins(*again, recorded=(before,))

    assert (after.posted, after.changed_at, after.sequence) == (LATER, NOW, 0)


def test_where_it_was_moved_from_is_not_forgotten():
    """A later change of something else leaves it."""
    (first,) = joins(*told(a_meetup()))
    (moved,) = joins(*told(a_meetup(start=START + timedelta(days=1))), recorded=(first,))
    renamed = a_meetup(start=START + timedelta(days=1), place="Ghent")

    (after,) = joins(*told(renamed), recorded=(moved,))

    assert (after.moved_from, after.sequence) == (START, 2)


def test_neighbours_of_one_title_are_not_mixed_up():
    """The first of a series is over and edited out: the others keep their names."""
    series = [a_meetup("Open call", start=START + timedelta(days=7 * n)) for n in range(3)]
    recorded = joins(*told(*series))
    names = {one.meetup.start: one.uid for one in recorded}

    (gone,) = joins(*told(*series[1:]), recorded=recorded)

    assert (gone.uid, gone.state) == (names[START], GatheringState.WITHDRAWN)


def test_a_new_one_takes_no_name_of_another():
    """A series that grew at its front, while all of it was moved."""
    first = joins(*told(a_meetup("Open call", start=START + timedelta(days=1))))
    two = [a_meetup("Open call", start=START + timedelta(days=n)) for n in range(2)]

    (new,) = joins(*told(*two), recorded=first)

    assert new.meetup.start == START
    assert new.uid != first[0].uid


def test_withdrawn_it_is_told_once_and_may_come_back():
    """Each turn is a change of its own."""
    recorded = joins(*told(a_meetup()))
    (gone,) = joins(recorded=recorded)
    assert joins(recorded=(gone,)) == ()

    (back,) = joins(*told(a_meetup()), recorded=(gone,))

    assert (gone.state, back.state, back.sequence) == ("withdrawn", "on", 2)


def test_what_is_over_before_the_window_is_left_alone():
    """It was only read to know a moved one again."""
    assert joins(*told(a_meetup()), since=START + timedelta(days=1)) == ()


def test_what_a_maintainer_corrected_is_not_withdrawn():
    """Its date was wrong by a year: its announcement is far outside the window."""
    (recorded,) = joins(*told(a_meetup()))

    assert joins(recorded=(recorded,), corrections=(says(recorded.uid, "place"),)) == ()


def test_a_correction_of_what_is_not_there_is_no_gathering():
    """Nobody announces it, nobody added it."""
    assert joins(corrections=(says("lost", "place"),)) == ()


def test_one_added_without_a_date_joins_nothing():
    """What has no start cannot be compared."""
    by_hand = says("hand", meetup=a_meetup(start=None), added=True)

    found = joins(*told(a_meetup()), corrections=(by_hand,))

    assert [one.by_hand for one in found] == [False, True]


def test_one_added_by_hand_that_was_announced_before_gives_up_its_own_name():
    """Members know it by the first one."""
    (recorded,) = joins(*told(a_meetup()))
    by_hand = says("hand", meetup=a_meetup(place="Ghent"), added=True)

    (found,) = joins(*told(a_meetup()), recorded=(recorded,), corrections=(by_hand,))

    assert (found.uid, found.meetup.place) == (recorded.uid, "Ghent")
