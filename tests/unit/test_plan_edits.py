"""What becomes of messages when their post changes."""

from dataclasses import replace
from datetime import timedelta

from bot import plan
from bot.model.deliveries import Act, DeliveryState, Standing
from bot.model.ids import ChannelId
from bot.model.posts import PostState
from bot.reasons import key_of
from formatters.message import Block, Message
from formatters.slack.limits import message_faults
from tests.fakes import NOON, a_delivery, a_message, an_entry

C1 = ChannelId("C1")
ENTRY = an_entry(revision="r2", state=PostState.ANNOUNCED)


def standing(part: int = 0, text: str = "old", **changes: object) -> Standing:
    """A part of `a.md` that stands in C1 since its first revision."""
    message = a_message(text)
    delivery = a_delivery(
        id=f"d{part}", seq=part, part=part, message=message, state=DeliveryState.SENT, ts="1.0"
    )
    one = Standing(delivery, plan.fingerprint(message))
    return replace(one, **changes)  # type: ignore[arg-type]


def corrected(there, wanted, *, most=20, language="en"):
    """What has to change."""
    return plan.corrections(
        ENTRY, there, {C1: wanted}, most=most, now=NOON, language={C1: language}
    )


def test_only_what_changed_is_edited():
    """The other parts keep their ts, their place and their budget of calls."""
    wanted = [a_message("old"), a_message("new")]

    edits, drafts = corrected([standing(0, "old"), standing(1, "old")], wanted)

    (edit,) = edits
    assert (edit.target, edit.kind, edit.revision) == ("d1", Act.UPDATE, "r2")
    assert edit.bare == wanted[1]
    assert drafts == ()


def test_a_corrected_message_says_so_in_small_print_in_the_channels_language():
    """Not in a second post."""
    (edit,), _ = corrected([standing()], [a_message("new")])
    (there,), _ = corrected([standing()], [a_message("new")], language="zh")

    assert edit.message.blocks[-1]["type"] == "context"
    assert "Corrected on 20 Nov 2026" in str(edit.message.blocks[-1])
    assert "更正于 2026 年 11 月 20 日" in str(there.message.blocks[-1])
    assert message_faults(edit.message.text, edit.message.blocks) == ()


def test_a_full_message_is_corrected_without_a_word():
    """Slack takes fifty blocks; the fifty-first would cost the whole edit."""
    divider: Block = {"type": "divider"}
    full = Message("full", (divider,) * 50)

    (edit,), _ = corrected([standing()], [full])

    assert edit.message == full


def test_a_new_part_is_appended_to_the_thread_and_one_that_is_gone_is_taken_away():
    """Under the card as it was first posted, whatever its revision is by now."""
    _, (draft,) = corrected([standing()], [a_message("old"), a_message("more")])
    (edit,), drafts = corrected([standing(), standing(1)], [a_message("old")])

    assert (draft.part, draft.revision, draft.occasion) == (1, "r1", "publish")
    assert (edit.target, edit.kind, key_of(edit.reason)) == ("d1", Act.DELETE, "part-gone")
    assert drafts == ()


def test_what_somebody_deleted_stays_deleted():
    """A part, or with the card the whole issue in that channel."""
    wanted = [a_message("new"), a_message("new")]

    edits, drafts = corrected([standing(), standing(1, gone=True)], wanted)
    nothing = corrected([standing(gone=True), standing(1)], wanted)

    assert ([edit.target for edit in edits], drafts) == (["d0"], ())
    assert nothing == ((), ())


def test_a_part_that_we_took_away_may_come_again():
    """An author who takes a section out and puts it back has it back in the channel."""
    there = [standing(), standing(1, gone=True, ours=True)]

    edits, (draft,) = corrected(there, [a_message("old"), a_message("again")])

    assert (edits, draft.part) == ((), 1)


def test_a_message_is_not_edited_for_ever():
    """An author who saves every minute meets the cap."""
    assert corrected([standing(edits=20)], [a_message("new")]) == ((), ())


def test_channels_that_are_not_ours_any_more_and_empty_issues_are_left_alone():
    """Nothing is deleted because a filter leaves nothing over."""
    elsewhere = replace(standing().delivery, channel=ChannelId("C9"))

    assert corrected([Standing(elsewhere, "x")], [a_message("new")]) == ((), ())
    assert corrected([standing()], []) == ((), ())
    assert corrected([standing(1)], [a_message("new")]) == ((), ())


def test_a_recalled_post_is_deleted_thread_first():
    """A card that still has replies would leave a tombstone."""
    card, part = plan.recalls([standing(), standing(1)], strike=False, now=NOON)

    assert (card.kind, part.kind) == (Act.DELETE, Act.DELETE)
    assert card.due_at > part.due_at
    assert plan.recalls([standing(gone=True)], strike=False, now=NOON) == ()
    assert plan.recalled(ENTRY).state is PostState.SKIPPED


def test_a_recalled_post_may_be_struck_through_instead():
    """As rich text, since that is what an edit may turn anything into."""
    card = standing(text="Fish &amp; chips")

    (edit,) = plan.recalls([card], strike=True, now=NOON)

    assert edit.kind is Act.UPDATE
    (block,) = edit.message.blocks
    assert block["type"] == "rich_text"
    assert "'text': 'Fish & chips', 'style': {'strike': True}" in str(block)
    assert edit.due_at - NOON == timedelta()
