"""What was announced and changes afterwards, and channels that pause, on every database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import plan
from bot.archive import Archive, migrate, open_archive
from bot.model.deliveries import Act, DeliveryState, Draft, Edit, Pause, Roundup, Settlement
from bot.model.ids import HOME, ChannelId, PostId, UserId
from bot.model.posts import Decision, PostState
from bot.plan import fingerprint
from bot.reasons import reason
from tests.fakes import LEASE, NOON, Unhurried, a_draft, a_message, an_entry, claim, drafts

POST = PostId("weekly:a.md")
C1 = ChannelId("C1")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    """An archive with one announced post of two parts for C1."""
    url = f"sqlite:///{tmp_path}/digest.db"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    await migrate(url)
    archive = await open_archive(url)
    await archive.register.save("weekly", [(an_entry(), ())])
    await archive.register.add(drafts(parts=2))
    yield archive
    await archive.close()


async def sent(archive: Archive, ts: str = "1.0"):
    """Send the next row; answers it."""
    begun = await archive.outbox.begin(await claim(archive.outbox, NOON), NOON)
    assert begun is not None
    await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, NOON, "", ts=ts))
    return begun


def an_edit(target, text="new", kind=Act.UPDATE) -> Edit:
    """What the message of a delivery is to become."""
    return Edit(
        target=target.id,
        post=target.post,
        workspace=target.workspace,
        kind=kind,
        revision="r2",
        message=a_message(f"{text}, corrected"),
        bare=a_message(text),
        due_at=NOON,
        reason="changed",
    )


async def test_a_message_that_was_sent_is_changed_where_it_stands(archive):
    """After the posts that wait, with the ts of the message; what stands is known at once."""
    card = await sent(archive)
    await archive.changes.change([an_edit(card)], ())
    pace = Unhurried()

    claimed = await archive.outbox.claim(NOON, LEASE, limit=9, pace=pace)

    part, edit = claimed
    assert (part.kind, part.part) == (Act.POST, 1)
    assert (edit.kind, edit.id, edit.ts, edit.part) == (Act.UPDATE, card.id, "1.0", 0)
    assert edit.message == a_message("new, corrected")
    there, _ = await archive.changes.standing(POST)
    assert (there.fingerprint, there.edits, there.gone) == (
        fingerprint(a_message("new")),
        1,
        False,
    )
    assert there.delivery.message == a_message("new, corrected")


async def test_an_edit_goes_through_its_states_like_any_row(archive):
    """Begun, tried again later, done; the message it changes stays as it was sent."""
    card = await sent(archive)
    await archive.changes.change([an_edit(card)], ())
    _, edit = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
    begun = await archive.outbox.begin(edit, NOON)
    later = NOON + timedelta(seconds=9)

    assert (begun.state, begun.attempts) == (DeliveryState.SENDING, 1)
    await archive.outbox.settle(begun, Settlement(DeliveryState.PLANNED, later, "busy"))
    assert await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried()) == ()
    assert await archive.outbox.next_due() == later
    (again,) = await archive.outbox.claim(later, LEASE, limit=9, pace=Unhurried())
    begun = await archive.outbox.begin(again, later)
    await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, later, ""))

    assert (again.attempts, begun.attempts) == (1, 2)
    (row, _) = await archive.desk.deliveries(POST)
    assert (row.state, row.ts) == (DeliveryState.SENT, "1.0")
    assert await archive.outbox.claim(later, LEASE, limit=9, pace=Unhurried()) == ()


async def test_the_changes_of_a_post_are_told_with_where_they_stand(archive):
    """Of each message the last one; none of what was changed in place before it was sent."""
    card = await sent(archive)
    part = await sent(archive, ts="2.0")
    assert await archive.desk.edits(POST) == ()
    edits = [an_edit(part, kind=Act.DELETE), an_edit(card), an_edit(card, "newer")]
    await archive.changes.change(edits, ())

    first, second = await archive.desk.edits(POST)

    assert [(one.kind, one.part) for one in (first, second)] == [
        (Act.UPDATE, 0),
        (Act.DELETE, 1),
    ]
    assert (first.state, first.reason, first.ts) == (DeliveryState.PLANNED, "changed", "1.0")
    assert first.message.text == "newer, corrected"
    assert await archive.desk.edits(PostId("weekly:b.md")) == ()


async def test_a_worker_that_died_while_editing_leaves_an_edit_that_is_made_again(archive):
    """Made twice it ends the same, so nothing is looked for."""
    card = await sent(archive)
    await archive.changes.change([an_edit(card)], ())
    _, edit = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
    await archive.outbox.begin(edit, NOON)

    assert await archive.outbox.take_back() == 2
    claimed = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())

    assert [one.state for one in claimed] == [DeliveryState.CLAIMED] * 2


async def test_a_row_that_was_never_sent_is_changed_in_place(archive):
    """Nobody sees the old one first; and what was recalled never goes out."""
    card, part = [one.delivery for one in await archive.changes.standing(POST)]

    await archive.changes.change([an_edit(card)], ())
    await archive.changes.change([replace(an_edit(part, kind=Act.DELETE), reason="no")], ())

    row, held = await archive.desk.deliveries(POST)
    assert (row.state, row.message) == (DeliveryState.PLANNED, a_message("new"))
    assert row.fingerprint == fingerprint(a_message("new"))
    assert (held.state, held.reason) == (DeliveryState.HELD, "no")


async def test_what_is_on_its_way_is_changed_once_it_has_arrived(archive):
    """An edit waits for its message."""
    begun = await archive.outbox.begin(await claim(archive.outbox, NOON), NOON)
    await archive.changes.change([an_edit(begun)], ())
    assert await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried()) == ()

    await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, NOON, "", ts="1.0"))

    claimed = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
    assert [one.kind for one in claimed] == [Act.POST, Act.UPDATE]


async def test_a_later_edit_takes_the_place_of_an_earlier_one(archive):
    """One that is under way is not overtaken by it, and its end is not the end."""
    card = await sent(archive)
    await archive.changes.change([an_edit(card, "first")], ())
    _, first = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
    first = await archive.outbox.begin(first, NOON)

    await archive.changes.change([an_edit(card, "second")], ())
    assert await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried()) == ()
    await archive.outbox.settle(first, Settlement(DeliveryState.SENT, NOON, ""))
    _, second = await archive.outbox.claim(NOON + LEASE, LEASE, limit=9, pace=Unhurried())

    assert second.message.text == "second, corrected"
    there, _ = await archive.changes.standing(POST)
    assert there.edits == 2


async def test_what_somebody_deleted_is_gone_and_what_was_refused_may_be_tried_anew(archive):
    """The first for good; the second with the next change."""
    card = await sent(archive)
    await archive.changes.change([an_edit(card)], ())
    _, edit = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
    edit = await archive.outbox.begin(edit, NOON)
    refused = Settlement(DeliveryState.REFUSED, NOON, "archived")
    gone = replace(refused, reason=reason("left-alone", code="message_not_found"))

    await archive.outbox.settle(edit, refused)
    before, _ = await archive.changes.standing(POST)
    await archive.changes.change([an_edit(card)], ())
    edit = (await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried()))[-1]
    await archive.outbox.settle(await archive.outbox.begin(edit, NOON), gone)
    after, _ = await archive.changes.standing(POST)

    assert (before.gone, before.fingerprint) == (False, "")
    assert after.gone


async def test_a_deletion_may_become_a_change_unless_a_later_one_has_its_place(archive):
    """With another message; it is claimed as what it has become."""
    card = await sent(archive)
    instead = Settlement(
        DeliveryState.PLANNED, NOON, "instead", message=a_message("struck"), kind=Act.UPDATE
    )
    for overtaken in (False, True):
        await archive.changes.change([an_edit(card, kind=Act.DELETE)], ())
        found = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
        deletion = await archive.outbox.begin(found[-1], NOON)
        assert deletion.kind is Act.DELETE
        if overtaken:
            await archive.changes.change([an_edit(card, kind=Act.DELETE)], ())
        await archive.outbox.settle(deletion, instead)

        (edit,) = await archive.desk.edits(POST)
        there, _ = await archive.changes.standing(POST)
        assert edit.kind is (Act.DELETE if overtaken else Act.UPDATE)
        assert (edit.reason == "instead", there.gone) == (not overtaken, overtaken)
        if not overtaken:
            assert edit.message == a_message("struck")
            assert edit.fingerprint == fingerprint(a_message("struck"))


async def test_a_deleted_message_is_gone_by_our_hand(archive):
    """So that a part may come again."""
    card = await sent(archive)
    await archive.changes.change([an_edit(card, kind=Act.DELETE)], ())

    there, part = await archive.changes.standing(POST)

    assert (there.gone, there.ours) == (True, True)
    assert (part.gone, part.ours) == (False, False)


async def test_new_parts_are_written_with_the_edits(archive):
    """In one transaction."""
    await archive.changes.change((), [a_draft(part=2)])

    assert [one.delivery.part for one in await archive.changes.standing(POST)] == [0, 1, 2]


async def test_a_paused_channel_says_so_on_each_of_its_rows(archive):
    """The plan decides what that means; the first reason stays."""
    pause = Pause(HOME, C1, "too loud", NOON, dead=False)

    assert await archive.changes.pause(pause)
    assert not await archive.changes.pause(replace(pause, reason="another"))

    assert await archive.changes.pauses() == (pause,)
    assert (await claim(archive.outbox, NOON)).pause == "too loud"


async def test_a_channel_that_is_gone_pauses_itself_and_gets_what_is_chosen_when_it_is_back(
    archive,
):
    """The rows that were kept back are shown; the chosen ones are due at once."""
    card = await archive.outbox.begin(await claim(archive.outbox, NOON), NOON)
    dead = Settlement(DeliveryState.REFUSED, NOON, "is_archived", dead=True)
    await archive.outbox.settle(card, dead)
    await archive.register.save("weekly", [(an_entry("b.md"), ())])
    await archive.register.add([a_draft("weekly:b.md", channel=ChannelId("C2"))])
    later = NOON + timedelta(days=1)
    shown: list[tuple[str, str]] = []

    def choose(pause, rows):
        shown.extend((pause.reason, row.id) for row in rows)
        return [card.id]

    ended = await archive.changes.resume(HOME, C1, later, choose)

    assert ended == Pause(HOME, C1, "is_archived", NOON, dead=True)
    assert shown == [("is_archived", card.id)]
    assert await archive.changes.pauses() == ()
    row, _ = await archive.desk.deliveries(POST)
    assert (row.state, row.due_at, row.attempts) == (DeliveryState.PLANNED, later, 0)
    assert await archive.changes.resume(HOME, C1, later, choose) is None


def a_roundup(*rows, name="one") -> Roundup:
    """One message in the place of rows."""
    return Roundup(frozenset(row.id for row in rows), "in one", (a_draft(f":{name}"),))


async def test_one_message_comes_in_the_place_of_rows_or_none_of_it_is_written(archive):
    """Nothing, once one of them is on its way; and a second time nothing."""
    await archive.register.add(drafts("weekly:b.md") + drafts("weekly:c.md", channels=("C2",)))
    rows = await archive.desk.waiting(9)
    mine = [row for row in rows if row.channel == "C1" and row.part == 0]
    (other,) = [row for row in rows if row.channel == "C2"]
    await sent(archive)

    done = await archive.changes.gather([a_roundup(*mine), a_roundup(other, name="two")])

    assert done == 1
    assert await archive.desk.deliveries(PostId(":one")) == ()
    (row,) = await archive.desk.deliveries(other.post)
    assert (row.state, row.reason) == (DeliveryState.HELD, "in one")
    assert len(await archive.desk.deliveries(PostId(":two"))) == 1
    assert await archive.changes.gather([a_roundup(other, name="two")]) == 0


async def test_two_processes_that_start_at_once_write_one_message(archive):
    """Each of them saw the same rows, or one more."""
    await archive.register.add(drafts("weekly:b.md"))
    rows = await archive.desk.waiting(9)

    done = await asyncio.gather(
        *(
            archive.changes.gather([a_roundup(*rows[:seen], name=str(seen))])
            for seen in (2, 3, 3, 2)
        )
    )

    assert sum(done) == 1
    found = [await archive.desk.deliveries(PostId(f":{seen}")) for seen in (2, 3)]
    assert sum(map(len, found)) == 1


async def test_edits_that_a_dead_channel_refused_are_made_when_it_is_back(archive):
    """What stands there is what was before them."""
    card = await sent(archive)
    await archive.changes.change([an_edit(card)], ())
    _, edit = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
    begun = await archive.outbox.begin(edit, NOON)
    dead = Settlement(DeliveryState.REFUSED, NOON, "is_archived", dead=True)
    await archive.outbox.settle(begun, dead)
    assert await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried()) == ()

    await archive.changes.resume(HOME, C1, NOON, lambda _, __: ())

    (again,) = await archive.outbox.claim(NOON, LEASE, limit=9, pace=Unhurried())
    assert (again.id, again.kind, again.attempts) == (card.id, Act.UPDATE, 0)


# ------------------------------------------------------------------ approval

CAREFUL = ChannelId("C2")
APPROVED = plan.verdict(approved=True, who=UserId("UMEI"), now=NOON)
DECLINED = plan.verdict(approved=False, who=UserId("UNOOR"), now=NOON)
QUESTION = plan.question(
    POST,
    (a_message("may it go out?"), a_message("preview")),
    to=(HOME, ChannelId("C9")),
    now=NOON,
)


async def waiting_for_approval(archive: Archive, *more: Draft) -> None:
    """Two parts of the post wait for a word in C2; one is due tomorrow."""
    rows = drafts(channels=[CAREFUL], parts=2)
    held = [replace(one, state=DeliveryState.HELD, reason=reason("approval")) for one in rows]
    held[1] = replace(held[1], due_at=NOON + timedelta(days=1))
    await archive.register.add([*held, *more])


def an_answer(words: str) -> Edit:
    """What the question becomes."""
    return plan.answered(POST, a_message(words), workspace=HOME, now=NOON, why="decided")


async def test_what_waits_for_approval_goes_out_when_it_is_due(archive):
    """Not what other channels have; and not before its own day."""
    await waiting_for_approval(archive)
    assert await archive.changes.awaiting(POST) == ((HOME, CAREFUL),)

    assert await archive.changes.judge(POST, APPROVED, channels=[C1]) is False
    assert await archive.changes.judge(POST, replace(APPROVED, now=NOON + timedelta(hours=1)))

    rows = [row for row in await archive.desk.deliveries(POST) if row.channel == CAREFUL]
    assert {row.state for row in rows} == {DeliveryState.PLANNED}
    assert [row.due_at - NOON for row in rows] == [timedelta(hours=1), timedelta(days=1)]
    assert await archive.changes.awaiting(POST) == ()


async def test_of_many_who_decide_at_once_one_does(archive):
    """The question becomes what that one said."""
    await waiting_for_approval(archive, *QUESTION)

    done = await asyncio.gather(
        archive.changes.judge(POST, DECLINED, [an_answer("no")]),
        *(archive.changes.judge(POST, APPROVED, [an_answer("yes")]) for _ in range(4)),
    )

    assert sorted(done) == [False] * 4 + [True]
    rows = [row for row in await archive.desk.deliveries(POST) if row.channel == CAREFUL]
    by = DECLINED if done[0] else APPROVED
    assert {(row.state, row.reason) for row in rows} == {(by.state, by.reason)}
    question, _ = await archive.desk.deliveries(plan.question_about(POST))
    assert question.message == a_message("no" if done[0] else "yes")


async def test_what_was_decided_against_does_not_wait(archive):
    """And cannot be decided once more."""
    await waiting_for_approval(archive)
    await archive.changes.judge(POST, DECLINED)

    assert {row.channel for row in await archive.desk.waiting(9)} == {C1}
    assert await archive.changes.judge(POST, APPROVED) is False


async def test_what_one_message_names_does_not_wait(archive):
    """The message does: else a month away would fill what a maintainer sees of what waits."""
    rows = await archive.desk.deliveries(POST)
    kept_back = reason("in-roundup", count=1, about=":one")

    await archive.changes.gather([replace(a_roundup(*rows), reason=kept_back)])

    assert [row.post for row in await archive.desk.waiting(9)] == [":one"]


async def test_rows_of_announced_posts_are_found_by_the_reason_they_are_held_for(archive):
    """Not those of a post that was recalled since, nor others'."""
    await archive.changes.gather([a_roundup(*await archive.desk.deliveries(POST))])
    assert await archive.changes.kept_back(["in one"]) == ()  # nobody has announced it

    await archive.register.decide(Decision(POST, PostState.ANNOUNCED, "new"), ())

    found = await archive.changes.kept_back(["in one", "in another"])
    assert [(row.post, row.part, row.title) for row in found] == [
        (POST, 0, "Issue a.md"),
        (POST, 1, "Issue a.md"),
    ]
    assert await archive.changes.kept_back(["in another"]) == ()


async def test_a_question_that_was_never_asked_is_not_answered(archive):
    """Where there is no channel of maintainers: no edit waits for a message for ever."""
    await waiting_for_approval(archive)

    assert await archive.changes.judge(POST, APPROVED, [an_answer("yes")])

    await archive.register.add(QUESTION)
    question, _ = await archive.changes.standing(plan.question_about(POST))
    assert question.edits == 0


async def test_what_is_overdue_can_be_asked_for_by_its_occasion(archive):
    """A minute's look at reminders does not read ten thousand posts that are just going out."""
    reminder = replace(drafts(channels=["D1"])[0], occasion="reminder day")
    await archive.register.add([reminder])
    later = NOON + timedelta(minutes=1)

    assert [one.id for one in await archive.changes.overdue(later, "reminder")] == [reminder.id]
    assert len(await archive.changes.overdue(later)) == 3
    assert await archive.changes.overdue(later, "remind%") == ()
