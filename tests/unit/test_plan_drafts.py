"""The rows that a post becomes."""

from datetime import UTC, time, timedelta

import pytest

from bot import plan
from bot.model.deliveries import DeliveryState
from bot.model.posts import PostState
from bot.reasons import said
from config.settings import ChannelSettings, PublishSettings, SendSettings
from formatters.message import Composition
from tests.fakes import NOON, a_message, an_entry

CHANNEL = ChannelSettings(id="C1")
TWO = Composition((a_message("card"), a_message("rest")))


def rows(channel=CHANNEL, composition=TWO, occasion=plan.PUBLISH, entry=None):
    """The rows of a post for a channel, made at noon."""
    return plan.drafts(
        entry or an_entry(), composition, channel, occasion=occasion, now=NOON, zone=UTC
    )


def test_each_message_becomes_a_row_in_order():
    """Part 0 is the card; all parts carry their payload."""
    card, rest = rows()

    assert (card.part, rest.part) == (0, 1)
    assert (card.message, rest.message) == TWO.messages
    assert (card.channel, card.post, card.due_at) == ("C1", "weekly:a.md", NOON)
    assert card.state is DeliveryState.PLANNED
    assert rows(composition=Composition(())) == ()


def test_the_same_row_always_has_the_same_id_and_any_other_one_another():
    """Ids are made of post, revision, channel, part and occasion, and of nothing else."""
    variants = [
        rows()[0],
        rows()[1],
        rows(ChannelSettings(id="C2"))[0],
        rows(occasion="repost-1")[0],
        rows(entry=an_entry(revision="r2"))[0],
        rows(entry=an_entry("b.md"))[0],
    ]

    assert rows()[0].id == rows(ChannelSettings(id="C1", approval=True))[0].id
    assert len({row.id for row in variants}) == len(variants)
    assert rows()[0].id == plan.delivery_id(an_entry(), "C1", 0, "publish")


def test_ids_never_change_between_versions():
    """An upgrade that computed them anew would post everything again."""
    entry = an_entry(revision="0" * 32)

    assert plan.delivery_id(entry, "C1", 0, "publish") == "52fdcbce13f15f6d9aa2a007e3c65256"


def test_a_channel_with_approval_gets_held_rows_that_say_so():
    """Nothing goes out before a maintainer has said yes; a repost is that yes."""
    careful = ChannelSettings(id="C1", approval=True)

    held = rows(careful)

    assert {row.state for row in held} == {DeliveryState.HELD}
    assert "approved" in said(held[0].reason, "en")
    assert rows(careful, occasion="repost-1")[0].state is DeliveryState.PLANNED


def test_a_repost_does_not_wait_for_friday():
    """A maintainer's word is about now."""
    weekly = ChannelSettings(id="C1", send=SendSettings(weekday="sat", at=time(9)))

    assert rows(weekly)[0].due_at == NOON + timedelta(hours=21)
    assert rows(weekly, occasion="repost-1")[0].due_at == NOON


def test_a_channel_without_sources_takes_all():
    """One that names sources takes only those."""
    everything, some = ChannelSettings(id="C1"), ChannelSettings(id="C2", sources=("weekly",))

    assert plan.subscribers([everything, some], source="weekly") == (everything, some)
    assert plan.subscribers([everything, some], source="blog") == (everything,)


def test_a_post_that_nobody_takes_is_skipped():
    """So that a channel subscribed next week is not flooded with old news."""
    (new,) = plan.decide([an_entry()], newest=None, publish=PublishSettings(), now=NOON)
    (draft,) = plan.decide(
        [an_entry(draft=True)], newest=None, publish=PublishSettings(), now=NOON
    )

    assert plan.addressed(new, []).state is PostState.SKIPPED
    assert plan.addressed(new, [CHANNEL]) == new
    assert plan.addressed(draft, []) == draft


@pytest.mark.parametrize("state", [PostState.HELD, PostState.SKIPPED])
def test_a_repost_announces_what_stayed_out(state):
    """From then on it is kept up to date like any other."""
    decision = plan.reposted(an_entry(state=state, reason="too many"))

    assert decision is not None
    assert (decision.state, decision.was) == (PostState.ANNOUNCED, state)


@pytest.mark.parametrize("state", [PostState.UNDECIDED, PostState.ANNOUNCED])
def test_a_repost_leaves_what_goes_out_by_itself(state):
    """A post that waits still goes to the other channels at its time."""
    assert plan.reposted(an_entry(state=state)) is None
