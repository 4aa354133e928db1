"""What was published while nobody looked at a source."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import plan
from bot.model.deliveries import DeliveryState
from bot.model.ids import ChannelId
from bot.model.posts import Absence, PostState, Shelf
from bot.reasons import said
from config.settings import ChannelSettings, PublishSettings
from formatters.slack.spoken import spoken
from tests import room
from tests.fakes import NOON, a_draft, an_entry

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AWAY = Absence(NOON - 30 * DAY, NOON - HOUR)


def weeks(count, **changes):
    """As many posts, a week apart, that were all found when somebody looked again."""
    return [
        an_entry(
            f"{number}.md",
            title=f"Weekly {number}",
            **{
                "date": NOON - (count - number) * 7 * DAY,
                "first_seen": AWAY.until,
                "changed_at": AWAY.until,
            }
            | changes,
        )
        for number in range(count)
    ]


def states(entries, *, away=AWAY, **choices):
    """What becomes of them."""
    publish = PublishSettings(**choices)
    decided = plan.decide(entries, newest=None, publish=publish, now=NOON, away=away)
    return [one.state for one in decided]


# ------------------------------------------------------------------ the absence


@pytest.mark.parametrize(
    ("gap", "every", "is_one"),
    [
        (59 * MINUTE, 5 * MINUTE, False),
        (61 * MINUTE, 5 * MINUTE, True),
        (53 * HOUR, DAY, False),
        (67 * HOUR, DAY, True),
        (-DAY, 5 * MINUTE, False),
    ],
    ids=str,
)
def test_a_long_time_without_a_look_is_an_absence(gap, every, is_one):
    """Longer than an hour, and than the source's own rhythm. A clock set back makes none.

    One look that fails makes none either, though beats come up to a tenth early or late.
    """
    found = plan.absence(Shelf(0, (), NOON - gap), every=every, now=NOON)

    assert found == (Absence(NOON - gap, NOON) if is_one else None)


def test_the_last_absence_is_remembered_while_posts_of_it_may_still_wait():
    """They rest for ten minutes, that is, until a later look."""
    shelf = Shelf(0, (), NOON - 5 * MINUTE, AWAY)

    assert plan.absence(shelf, every=5 * MINUTE, now=NOON) == AWAY


def test_a_start_that_was_broken_off_ends_no_absence():
    """What it found was not decided on yet, as a rule; with what came since it was missed."""
    shelf = Shelf(
        0, (), NOON - 3 * HOUR, Absence(NOON - 30 * DAY, NOON - 3 * HOUR - 5 * MINUTE)
    )

    assert plan.absence(shelf, every=5 * MINUTE, now=NOON) == Absence(NOON - 30 * DAY, NOON)


def test_days_of_work_end_an_absence():
    """The next one is another."""
    shelf = Shelf(0, (), NOON - 3 * HOUR, Absence(NOON - 30 * DAY, NOON - 3 * DAY))

    assert plan.absence(shelf, every=5 * MINUTE, now=NOON) == Absence(NOON - 3 * HOUR, NOON)


def test_an_absence_that_ends_in_the_future_is_none():
    """A clock was ahead by months: until then everything would count as missed."""
    shelf = Shelf(0, (), NOON - 5 * MINUTE, Absence(NOON - DAY, NOON + 60 * DAY))

    assert plan.absence(shelf, every=5 * MINUTE, now=NOON) is None


@pytest.mark.parametrize("shelf", [None, Shelf(0, ())])
def test_before_the_first_look_nobody_can_have_been_away(shelf):
    """What it finds is history."""
    assert plan.absence(shelf, every=5 * MINUTE, now=NOON) is None


def test_rounds_that_are_called_for_by_hand_have_no_rhythm():
    """`digestbot once` may be called once a week."""
    assert plan.absence(Shelf(0, (), NOON - 7 * DAY), every=None, now=NOON) is None


# ------------------------------------------------------------------ what becomes of the posts

HELD, OUT = PostState.HELD, PostState.ANNOUNCED


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("latest", [HELD] * 3 + [OUT]),
        ("all", [OUT] * 4),
        ("none", [HELD] * 4),
        ("digest", [OUT] * 4),
    ],
)
def test_the_operator_chooses_what_of_it_goes_out(policy, expected):
    """Neither their number nor their age is held against them: readers of the site saw them come."""
    assert states(weeks(4), catch_up=policy) == expected


@pytest.mark.parametrize(
    ("policy", "expected"), [("latest", OUT), ("all", OUT), ("none", HELD), ("digest", OUT)]
)
def test_one_alone_comes_as_itself(policy, expected):
    """Also in place of a digest."""
    (entry,) = weeks(1)
    publish = PublishSettings(catch_up=policy)
    (decision,) = plan.decide([entry], newest=None, publish=publish, now=NOON, away=AWAY)

    assert decision.state is expected
    assert decision.reason != plan.TOGETHER


@pytest.mark.parametrize(
    "changes",
    [
        {"date": AWAY.since - 2 * DAY},
        {"date": None},
        {"date": NOON - 2 * MINUTE, "first_seen": NOON, "changed_at": NOON},
    ],
    ids=["old", "undated", "found later"],
)
def test_what_did_not_come_out_meanwhile_is_a_flood_as_ever(changes):
    """A hundred old files that are merged on the day of the return, for instance."""
    entries = weeks(4, **changes)

    assert states(entries, catch_up="all", settle=timedelta()) == [HELD] * 4


@pytest.mark.parametrize(
    "changes",
    [
        {"first_seen": AWAY.since - DAY, "changed_at": AWAY.since - DAY},
        {"first_seen": AWAY.since - DAY, "date": AWAY.since - HOUR},
        {"first_seen": AWAY.since, "changed_at": AWAY.since, "date": AWAY.since - HOUR},
    ],
    ids=[
        "dated ahead",
        "published from a draft, on the day of the last look",
        "found by the last look, not at rest then",
    ],
)
def test_a_post_need_not_be_new_to_have_come_out_meanwhile(changes):
    """Its day may have come, or its file may have changed."""
    assert states(weeks(4, **changes), catch_up="latest") == [HELD] * 3 + [OUT]


LONG_AGO = Absence(NOON - 30 * DAY, NOON - 3 * DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"date": NOON - 4 * DAY, "first_seen": NOON - HOUR, "changed_at": NOON - HOUR},
        {"date": NOON - HOUR, "first_seen": LONG_AGO.until, "changed_at": LONG_AGO.until},
        {"date": NOON - 4 * DAY, "first_seen": LONG_AGO.until, "changed_at": NOON - HOUR},
    ],
    ids=["landed days after its date", "dated ahead when it was found", "a draft until now"],
)
def test_what_comes_out_days_after_the_return_was_not_missed(changes):
    """Somebody was at work by then."""
    assert states(weeks(1, **changes), away=LONG_AGO, catch_up="none") == [OUT]


JUST_BACK = Absence(NOON - 30 * DAY, NOON - 10 * MINUTE)


@pytest.mark.parametrize("policy", ["latest", "all", "none", "digest"])
def test_what_was_missed_waits_until_all_of_it_is_at_rest(policy):
    """One was changed right after the return: else it would come by itself, and out of order."""
    found = {"first_seen": JUST_BACK.until, "changed_at": JUST_BACK.until}
    first, changed, last = weeks(3, **found)
    changed = replace(changed, changed_at=NOON - 4 * MINUTE)
    publish = PublishSettings(catch_up=policy)

    decided = plan.decide(
        [first, changed, last], newest=None, publish=publish, now=NOON, away=JUST_BACK
    )

    assert [one.state for one in decided] == [PostState.UNDECIDED] * 3
    assert len({one.reason for one in decided}) == 1
    assert "2026-11-20 12:06" in said(decided[0].reason, "en")


def test_what_was_missed_does_not_wait_for_what_is_dated_ahead():
    """That was not missed."""
    found = {"first_seen": JUST_BACK.until, "changed_at": JUST_BACK.until}
    ahead = an_entry("ahead.md", date=NOON + DAY, **found)

    decided = states([*weeks(2, **found), ahead], away=JUST_BACK, catch_up="latest")

    assert decided == [HELD, OUT, PostState.UNDECIDED]


def test_what_is_found_as_ever_is_not_counted_with_what_was_missed():
    """Each has its own rule."""
    lately = NOON - 11 * MINUTE
    found = an_entry("new.md", date=lately, first_seen=lately, changed_at=lately)

    assert states([*weeks(4), found], catch_up="none") == [HELD] * 4 + [OUT]


def test_what_stays_back_is_asked_about():
    """A maintainer can still send it."""
    publish = PublishSettings(catch_up="latest")
    decided = plan.decide(weeks(2), newest=None, publish=publish, now=NOON, away=AWAY)

    assert [one.ask for one in decided] == [True, False]
    assert "missed while nobody was at work" in said(decided[0].reason, "en")


# ------------------------------------------------------------------ one message for all


def decided_for(*channels, **changes):
    """Two posts with their rows: a card and a thread each."""
    return [
        (
            entry,
            [
                a_draft(entry.id, part, channel=ChannelId(channel), **changes)
                for channel in channels
                for part in (0, 1)
            ],
        )
        for entry in weeks(2)
    ]


def together(decided):
    """The messages in their place."""
    settings = room.settings(ChannelSettings(id="C1"), ChannelSettings(id="C2"))
    return plan.together(decided, settings=settings, now=NOON)


def test_one_message_takes_the_place_of_what_was_missed_in_each_channel():
    """It names them, oldest first; their threads stay back as well."""
    found = together(decided_for("C1", "C2"))

    assert [one.drafts[0].channel for one in found] == ["C1", "C2"]
    assert [len(one.rows) for one in found] == [4, 4]
    words = spoken(found[0].drafts[0].message.blocks)
    assert words.index("Weekly 0") < words.index("Weekly 1")
    assert "names the 2 posts it missed" in said(found[0].reason, "en")


def test_it_comes_at_the_channels_own_moment():
    """Where posts come on Fridays, this does, too."""
    friday = NOON + 2 * DAY

    (one,) = together(decided_for("C1", due_at=friday))

    assert one.drafts[0].due_at == friday


def test_what_waits_for_approval_is_not_named_without_it():
    """It is asked of each post by itself."""
    assert together(decided_for("C1", state=DeliveryState.HELD)) == ()


def test_a_channel_that_missed_one_post_gets_that_post():
    """Another one may have had nothing for its sections."""
    first, (entry, _) = decided_for("C1")

    assert together([first, (entry, [])]) == ()
