"""Which posts are announced, which wait, which stay out."""

from datetime import timedelta

import pytest

from bot import plan
from bot.model.ids import PostId
from bot.model.posts import Decision, Known, PostState, Role
from bot.reasons import said
from config.settings import PublishSettings
from tests.fakes import NOON, an_entry

DAY = timedelta(days=1)
PUBLISH = PublishSettings()
LATEST = PublishSettings(baseline="latest")


def decide(*entries, newest=None, publish=PUBLISH, now=NOON) -> tuple[Decision, ...]:
    """Decide with the defaults."""
    return plan.decide(entries, newest=newest, publish=publish, now=now)


def states(*entries, **choices) -> list[PostState]:
    """The states alone."""
    return [decision.state for decision in decide(*entries, **choices)]


def at_first_look(path="a.md", **changes):
    """A post that was there when its source was looked at for the first time, just now."""
    return an_entry(
        path, **{"first_run": True, "first_seen": NOON, "changed_at": NOON} | changes
    )


def test_a_new_settled_post_is_announced():
    """The plain case."""
    (decision,) = decide(an_entry())

    assert (decision.post, decision.state) == ("weekly:a.md", PostState.ANNOUNCED)
    assert decision.was is PostState.UNDECIDED


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({"role": Role.EVENTS}, PostState.SKIPPED, "event"),
        ({"expires": NOON}, PostState.SKIPPED, "expired on 2026-11-20 12:00 UTC"),
        ({"draft": True}, PostState.UNDECIDED, "draft"),
        ({"date": NOON + DAY}, PostState.UNDECIDED, "waits for its date 2026-11-21"),
        ({"changed_at": NOON}, PostState.UNDECIDED, "corrections until 2026-11-20 12:10 UTC"),
        ({"first_seen": NOON}, PostState.UNDECIDED, "corrections"),
        ({"changed_at": NOON - timedelta(minutes=10)}, PostState.ANNOUNCED, "new"),
        ({"expires": NOON + DAY}, PostState.ANNOUNCED, "new"),
        ({"date": NOON}, PostState.ANNOUNCED, "new"),
        ({"date": None}, PostState.ANNOUNCED, "new"),
    ],
    ids=str,
)
def test_each_post_says_what_it_waits_for_or_why_it_stays_out(changes, state, words):
    """A reason names the moment, so that it does not change from round to round."""
    (decision,) = decide(an_entry(**changes))

    assert decision.state is state
    assert words in said(decision.reason, "en")


def test_a_reason_stays_the_same_while_nothing_changes():
    """Else every round would write every waiting post."""
    entry = an_entry(first_seen=NOON)

    assert decide(entry) == decide(entry, now=NOON + timedelta(minutes=5))


def test_a_stored_decision_says_no_more():
    """What the archive knows already is not written again."""
    entry = an_entry(draft=True)
    (decision,) = decide(entry)

    assert plan.says_more(decision, entry)
    known = an_entry(draft=True, reason=decision.reason)
    assert not plan.says_more(decision, known)


def test_the_first_look_is_silent_by_default():
    """Connecting a source with a hundred old issues posts none of them."""
    many = [at_first_look(f"{n}.md") for n in range(100)]

    assert set(states(*many)) == {PostState.SKIPPED}


def test_the_first_look_may_announce_the_newest_however_old_it_is():
    """Exactly one, at once, and the breaker does not mind."""
    old = [at_first_look(f"{n}.md", date=NOON - (n + 30) * DAY) for n in range(9)]
    undated = at_first_look("z.md", date=None)

    found = states(*old, undated, publish=LATEST)

    assert found == [PostState.ANNOUNCED, *[PostState.SKIPPED] * 9]
    assert states(undated, publish=LATEST) == [PostState.ANNOUNCED]


def test_the_latest_of_the_first_look_is_offered_to_the_maintainers():
    """With how many there are; they are told of no other."""
    found = decide(*(at_first_look(f"{n}.md", date=NOON - n * DAY) for n in range(5)))

    assert [decision.ask for decision in found] == [True, False, False, False, False]
    assert "latest of 5" in said(found[0].reason, "en")


def test_history_that_comes_to_light_later_is_neither_announced_nor_offered():
    """Such as what only a newer version of the bot can read."""
    (found,) = decide(at_first_look(), newest=NOON - DAY, publish=LATEST)

    assert (found.state, found.ask) == (PostState.SKIPPED, False)


def test_what_is_held_is_asked_about_and_nothing_else():
    """One question for each post that needs a person."""
    held = decide(*(an_entry(f"{n}.md") for n in range(4)))

    assert all(decision.ask for decision in held)
    assert not any(
        decision.ask for decision in decide(an_entry(), an_entry("b.md", draft=True))
    )


@pytest.mark.parametrize(
    ("state", "becomes", "ask"),
    [
        (PostState.UNDECIDED, PostState.HELD, True),
        (PostState.HELD, PostState.HELD, True),
        (PostState.ANNOUNCED, PostState.ANNOUNCED, True),
        (PostState.SKIPPED, PostState.SKIPPED, False),
    ],
)
def test_what_is_gone_waits_and_what_stayed_out_needs_no_word(state, becomes, ask):
    """Nobody has to be told of history that is tidied up."""
    known = Known(PostId("w:a.md"), "a.md", "r1", state, "because")

    decision = plan.gone(known)

    assert (decision.state, decision.was, decision.ask) == (becomes, state, ask)
    assert (decision.reason == "because") == (becomes is not PostState.HELD)


def test_what_is_back_is_looked_at_anew_if_it_waited_for_that():
    """A post that was held for another reason stays held."""
    gone = Known(PostId("w:a.md"), "a.md", "r1", PostState.HELD, plan.GONE)
    late = Known(PostId("w:a.md"), "a.md", "r1", PostState.ANNOUNCED, "new")

    assert plan.back(gone).state is PostState.UNDECIDED
    assert (plan.back(late).state, plan.back(late).reason) == (PostState.ANNOUNCED, "new")


def test_a_draft_of_the_first_look_is_news_once_it_is_published():
    """Being there early as a draft does not make it history."""
    later = NOON + DAY
    published = at_first_look(changed_at=later, date=later)

    assert states(at_first_look(draft=True)) == [PostState.UNDECIDED]
    assert states(published, now=later + timedelta(minutes=10)) == [PostState.ANNOUNCED]


def test_a_future_post_of_the_first_look_is_news_on_its_day():
    """Its date comes after the first look."""
    entry = at_first_look(date=NOON + DAY)

    assert states(entry) == [PostState.UNDECIDED]
    assert states(entry, now=NOON + DAY) == [PostState.ANNOUNCED]


def test_too_many_at_once_are_all_held_and_named():
    """A merge of 47 back-issues asks a maintainer instead of flooding the channels."""
    three = [an_entry(f"{n}.md") for n in range(3)]
    many = [an_entry(f"{n:02}.md") for n in range(12)]

    assert states(*three) == [PostState.ANNOUNCED] * 3
    held = decide(*many)
    assert {decision.state for decision in held} == {PostState.HELD}
    assert "12 posts at once" in said(held[0].reason, "en")
    assert "00.md" in said(held[0].reason, "en")
    assert "and 2 more" in said(held[0].reason, "en")


def test_those_that_wait_do_not_count_for_the_breaker():
    """Drafts and future posts are no flood."""
    waiting = [an_entry(f"{n}.md", draft=True) for n in range(9)]

    assert states(an_entry("x.md"), *waiting)[0] is PostState.ANNOUNCED


def test_a_late_post_is_announced_if_it_is_the_newest_and_else_held():
    """Late arrivals are normal; only an old one that others have overtaken is asked about."""
    late = an_entry(date=NOON - 8 * DAY)
    later = an_entry("b.md", date=NOON - 9 * DAY)

    assert states(late, newest=NOON - 20 * DAY) == [PostState.ANNOUNCED]
    assert states(late) == [PostState.ANNOUNCED]
    assert states(late, newest=NOON - DAY) == [PostState.HELD]
    assert states(later, late) == [PostState.HELD, PostState.ANNOUNCED]
    assert "late" in said(decide(late, newest=NOON)[0].reason, "en")


def test_without_a_limit_no_post_is_late():
    """`late_after: never`."""
    never = PublishSettings(late_after=None)

    assert states(an_entry(date=NOON - 900 * DAY), newest=NOON, publish=never) == [
        PostState.ANNOUNCED
    ]


def test_a_post_that_cannot_be_composed_is_held():
    """With the error's name, for a maintainer."""
    decision = plan.not_composed(an_entry(), "KeyError")

    assert decision.state is PostState.HELD
    assert "KeyError" in said(decision.reason, "en")
