"""One message that names several issues, and the rows whose place it takes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import plan
from bot.model.deliveries import Act, DeliveryState, Pause, Standing
from bot.model.ids import HOME, ChannelId
from bot.reasons import key_of, said, value_of
from config.settings import ChannelSettings
from formatters.roundup import Issue, roundup
from formatters.slack.limits import message_faults
from formatters.slack.spoken import spoken
from formatters.wording import wording_of
from tests import room
from tests.fakes import NOON, a_delivery

HOUR = timedelta(hours=1)
LATE = {"state": DeliveryState.PLANNED, "due_at": NOON - 2 * HOUR}
ISSUES = (Issue("Weekly 1", "https://site.example/1"), Issue("Weekly 2", ""))


def missed_rows(channel="C1"):
    """Two posts, one with a thread, and a notice, all of them late."""
    mine = {"channel": ChannelId(channel), **LATE}
    return [
        a_delivery(
            id=f"a0{channel}", post="a", title="Weekly A", url="https://s.example/a", **mine
        ),
        a_delivery(id=f"a1{channel}", post="a", part=1, title="Weekly A", **mine),
        a_delivery(id=f"n0{channel}", post="weekly:", occasion="notice", **mine),
        a_delivery(id=f"b0{channel}", post="b", title="Weekly B", **mine),
    ]


def settings(policy="digest"):
    """Two channels, one of which speaks Chinese."""
    channels = (
        ChannelSettings(id="C1", language="en"),
        ChannelSettings(id="C2"),
    )  # and C3, unnamed
    return room.settings(*channels, catch_up=policy)


# ------------------------------------------------------------------ the message


@pytest.mark.parametrize(
    ("language", "said"), [("en", "2 issues you missed"), ("zh", "错过的 2 期")]
)
def test_each_issue_is_named_with_its_link(language, said):
    """Under a title that counts them; one without a page is named all the same."""
    (message,) = roundup(ISSUES, language=language)

    assert message.text.splitlines()[0] == said
    assert spoken(message.blocks).count("Weekly") == 2
    assert str(message.blocks).count("'url': 'https://site.example/1'") == 1
    assert message_faults(message.text, message.blocks) == ()


def test_what_does_not_fit_goes_on_in_the_thread():
    """None is left out, and a title that says nothing does not count as none."""
    many = [Issue(f"Weekly {n} " + "x" * 150, f"https://s.example/{n}") for n in range(120)]
    card, *thread = roundup((*many, Issue(" ", "")), language="en")

    whole = " ".join(spoken(one.blocks) for one in (card, *thread))
    assert thread
    assert all(f"Weekly {n} " in whole for n in range(120))
    assert "A new post" in whole
    assert all(not message_faults(one.text, one.blocks) for one in (card, *thread))


def test_a_community_may_say_it_in_its_own_words():
    """As every other sentence of a digest."""
    ours = wording_of((("words.yaml", "card:\n  missed: '{{ count }} tides went by'"),))

    (message,) = roundup(ISSUES, language="en", wording=ours)

    assert message.text.startswith("2 tides went by")


# ------------------------------------------------------------------ the rows


def test_one_message_takes_the_place_of_all_posts_that_a_channel_missed():
    """With their threads; a notice is no post and goes out by itself."""
    missed = plan.caught_up(missed_rows(), settings=settings(), now=NOON)

    assert [row.id for row in missed.rows] == ["a0C1", "a1C1", "b0C1"]
    (one,) = missed.roundups
    assert one.rows == {"a0C1", "a1C1", "b0C1"}
    (draft,) = one.drafts
    assert (draft.channel, draft.part, draft.due_at, draft.urgent) == ("C1", 0, NOON, False)
    assert value_of(one.reason, "about") == draft.post
    assert "the 2 posts it missed" in said(one.reason, "en")
    assert said(draft.reason, "zh") == "用一条消息列出错过的 2 篇：Weekly A, Weekly B"


def test_the_same_rows_always_make_the_same_message_and_others_another():
    """Two processes that start at once write one row, and each channel has its own."""
    rows = [*missed_rows("C1"), *missed_rows("C2"), *missed_rows("C3")]
    first, again = (
        plan.caught_up(found, settings=settings(), now=NOON + number * HOUR)
        for number, found in enumerate((rows, rows))
    )

    ids = [draft.id for draft in first.drafts]
    assert len(set(ids)) == 3
    assert [draft.id for draft in again.drafts] == ids
    assert [draft.message.text[:4] for draft in first.drafts] == ["2 is", "错过的 ", "错过的 "]


def test_a_single_missed_post_is_simply_late():
    """One message that names one issue would be worse than the issue."""
    missed = plan.caught_up(missed_rows()[:3], settings=settings(), now=NOON)

    assert missed == plan.Missed(())


def test_what_the_next_start_would_make_of_a_row_can_be_told():
    """For those who ask before."""
    rows = missed_rows()
    one = plan.caught_up(rows, settings=settings(), now=NOON)
    latest = plan.caught_up(rows, settings=settings("latest"), now=NOON)

    assert key_of(one.as_kept(rows[0]).reason) == "in-roundup"
    assert one.as_kept(rows[2]) == rows[2]
    assert (latest.as_kept(rows[0]).state, latest.drafts) == (DeliveryState.HELD, ())
    assert latest.as_kept(rows[0]).reason == plan.MISSED


def as_it_stands(count=2, **changes):
    """A message that names so many posts, as it was sent to C1, and why their rows stay back."""
    rows = missed_rows()[::3] + [
        a_delivery(id=f"m{n}", post=f"m{n}", title=f"More {n}. " + 20 * "tales ", **LATE)
        for n in range(count - 2)
    ]
    one, *_ = plan.roundups(rows, settings=settings(), now=NOON)
    there = [
        Standing(
            a_delivery(id=draft.id, part=draft.part, message=draft.message, ts="1.0"),
            plan.fingerprint(draft.message),
            **changes,
        )
        for draft in one.drafts
    ]
    return one.reason, rows, there


def edits(why, rows, there):
    """What it becomes."""
    return plan.renamed(why, rows, there, settings=settings(), now=NOON)


def test_a_message_that_names_what_is_there_stays_as_it_is():
    """Nothing is written without need."""
    assert edits(*as_it_stands()) == ()


def test_a_message_follows_the_posts_that_it_names():
    """In its language; without any it goes."""
    why, rows, there = as_it_stands()

    (changed,) = edits(why, rows[1:], there)
    (taken_away,) = edits(why, [], there)

    assert (changed.kind, changed.target) == (Act.UPDATE, there[0].delivery.id)
    assert spoken(changed.message.blocks).startswith("1 issue you missed")
    assert "Weekly A" not in spoken(changed.message.blocks)
    assert (taken_away.kind, taken_away.target) == (Act.DELETE, there[0].delivery.id)


def test_a_message_that_somebody_deleted_is_left_alone():
    """They had their reasons."""
    why, rows, there = as_it_stands(gone=True)

    assert edits(why, rows[1:], there) == ()


def test_what_is_named_in_a_thread_follows_too():
    """Its parts go when there is nothing left for them, and nothing is pressed into those left."""
    why, rows, there = as_it_stands(count=150)
    ours = replace(there[-1], gone=True, ours=True)

    changed = edits(why, rows[:5], there)
    again = edits(why, rows[:4], [there[0], ours])

    assert len(there) > 1
    assert [one.kind for one in changed] == [Act.UPDATE] + [Act.DELETE] * (len(there) - 1)
    assert [one.target for one in again] == [there[0].delivery.id]
    assert edits(why, rows, there[:1]) == ()


def test_only_rows_that_others_are_named_with_tell_of_a_message():
    """Each channel has its own."""
    why, *_ = as_it_stands()
    held = {"state": DeliveryState.HELD}
    standing = [
        Standing(a_delivery(reason=why, **held), ""),
        Standing(a_delivery(reason=why, part=1, **held), ""),
        Standing(a_delivery(reason=plan.MISSED, **held), ""),
        Standing(a_delivery(reason=why), ""),
    ]

    assert plan.naming(standing) == (why,)
    assert plan.named_by(why) == value_of(why, "about")


def test_a_channel_that_is_back_gets_one_message_for_all_it_missed():
    """Whatever is no post, or was begun, goes out as it is."""
    gone = Pause(HOME, ChannelId("C1"), "is_archived", NOON, dead=True)
    held = {"state": DeliveryState.HELD, "reason": "is_archived", "due_at": NOON}
    rows = [
        a_delivery(id="a0", post="a", title="A", **held),
        a_delivery(id="b0", post="b", title="B", **held),
        a_delivery(id="b1", post="b", part=1, title="B", **held | {"reason": "its card"}),
        a_delivery(id="n0", post="weekly:", **held),
        a_delivery(id="c0", post="c", title="C", **held | {"reason": "approval"}),
    ]

    assert [row.id for row in plan.left_for_one(gone, rows)] == ["a0", "b0", "b1"]
    assert plan.resumed(gone, rows, policy="digest") == {"n0"}
    assert plan.left_for_one(gone, rows[:1]) == ()
    assert plan.resumed(gone, rows[:1], policy="digest") == {"a0"}
    asked = Pause(HOME, ChannelId("C1"), "is_archived", NOON, dead=False)
    assert plan.left_for_one(asked, rows) == ()
