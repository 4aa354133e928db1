"""What becomes of messages that stand in channels when their post changes, or is recalled.

Pure. A message that somebody deleted stays deleted; kinds of blocks stay as the composer makes them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.model.deliveries import Act, Delivery, DeliveryState, Draft, Edit, Standing
from bot.model.ids import ChannelId
from bot.model.posts import Decision, Entry, PostState
from bot.plan.drafts import APPROVAL, delivery_id
from bot.plan.payloads import fingerprint, struck
from bot.reasons import reason
from formatters.message import Message
from formatters.phrases import words
from formatters.slack.blocks import context
from formatters.slack.limits import message_faults

THREAD_FIRST = timedelta(seconds=2)
"""A card is deleted after its thread: one with replies leaves a tombstone in the channel."""


def corrections(
    entry: Entry,
    standing: Sequence[Standing],
    composed: Mapping[ChannelId, Sequence[Message]],
    *,
    most: int,
    now: datetime,
    language: Mapping[ChannelId, str],
) -> tuple[tuple[Edit, ...], tuple[Draft, ...]]:
    """What has to change so that channels show a post as it is now.

    Args:
        entry: the post as it is now.
        standing: its messages as they are.
        composed: its messages as they ought to be, for each channel that is kept up to date.
        most: edits of one message, after which it stays as it is.
        now: aware, UTC.
        language: of the small print, for each of those channels.

    Returns:
        Edits of what is there, and rows for parts that are new; both empty if nothing differs.
    """
    edits: list[Edit] = []
    drafts: list[Draft] = []
    for there in _issues(standing):
        card = there[0].delivery
        wanted = composed.get(card.channel, ())
        if not wanted or there[0].gone:
            continue
        small = _small_print(now, language[card.channel])
        parts = {one.delivery.part: one for one in there if not one.ours}
        edits += [
            _update(one, wanted[part], small, entry, now)
            for part, one in parts.items()
            if part < len(wanted) and _differs(one, wanted[part], most)
        ]
        edits += [
            _delete(one, entry.revision, now, reason("part-gone"))
            for part, one in parts.items()
            if part >= len(wanted) and not one.gone
        ]
        drafts += [
            _appended(card, part, message, entry, now)
            for part, message in enumerate(wanted)
            if part not in parts
        ]
    return tuple(edits), tuple(drafts)


def recalls(standing: Sequence[Standing], *, strike: bool, now: datetime) -> tuple[Edit, ...]:
    """Take a post out of all channels, or strike it through where it stands."""
    words = reason("recalled")
    there = [one for one in standing if not one.gone]
    if strike:
        return tuple(_struck(one, now, words) for one in there)
    return tuple(_delete(one, one.delivery.revision, now, words) for one in there)


def recalled(entry: Entry) -> Decision:
    """The decision that a recalled post stays out."""
    return Decision(entry.id, PostState.SKIPPED, reason("recalled"), was=entry.state)


def _issues(standing: Sequence[Standing]) -> list[list[Standing]]:
    """Messages by the issue in a channel that they belong to, each with its card first."""
    issues: dict[tuple[str, ...], list[Standing]] = {}
    for one in standing:
        row = one.delivery
        key = (row.workspace, row.channel, row.occasion, row.revision)
        issues.setdefault(key, []).append(one)
    ordered = [sorted(parts, key=lambda one: one.delivery.part) for parts in issues.values()]
    return [parts for parts in ordered if parts[0].delivery.part == 0]


def _differs(one: Standing, wanted: Message, most: int) -> bool:
    return not one.gone and one.edits < most and one.fingerprint != fingerprint(wanted)


def _update(one: Standing, message: Message, small: str, entry: Entry, now: datetime) -> Edit:
    return Edit(
        target=one.delivery.id,
        post=one.delivery.post,
        workspace=one.delivery.workspace,
        kind=Act.UPDATE,
        revision=entry.revision,
        message=_noted(message, small),
        bare=message,
        due_at=now,
        reason=reason("corrected"),
    )


def _small_print(now: datetime, language: str) -> str:
    month = words(language, f"month.{now.month}")
    date = words(language, "card.small_date", year=now.year, month=month, day=now.day)
    return words(language, "corrected", date=date)


def _noted(message: Message, small: str) -> Message:
    """A message that says in small print that it was corrected, if there is room for that."""
    blocks = (*message.blocks, context(small, plain=True))
    return Message(
        message.text, blocks if not message_faults(message.text, blocks) else message.blocks
    )


def _delete(one: Standing, revision: str, now: datetime, words: str) -> Edit:
    card = one.delivery.part == 0
    return Edit(
        target=one.delivery.id,
        post=one.delivery.post,
        workspace=one.delivery.workspace,
        kind=Act.DELETE,
        revision=revision,
        message=one.delivery.message,
        bare=one.delivery.message,
        due_at=now + THREAD_FIRST if card else now,
        reason=words,
    )


def _struck(one: Standing, now: datetime, words: str) -> Edit:
    return updated(one.delivery, struck(one.delivery.message), now, words)


def updated(row: Delivery, message: Message, now: datetime, words: str) -> Edit:
    """The edit that makes a message another one, without small print, for a reason."""
    return Edit(
        target=row.id,
        post=row.post,
        workspace=row.workspace,
        kind=Act.UPDATE,
        revision=row.revision,
        message=message,
        bare=message,
        due_at=now,
        reason=words,
    )


def _appended(
    card: Delivery, part: int, message: Message, entry: Entry, now: datetime
) -> Draft:
    """A part that is new: it belongs under the same card, whatever the revision of that."""
    waits = card.state is DeliveryState.HELD and card.reason == APPROVAL
    return Draft(
        id=delivery_id(entry, card.channel, part, card.occasion),
        post=card.post,
        revision=card.revision,
        channel=card.channel,
        part=part,
        occasion=card.occasion,
        message=message,
        due_at=max(now, card.due_at),
        state=DeliveryState.HELD if waits else DeliveryState.PLANNED,
        reason=APPROVAL if waits else "",
        workspace=card.workspace,
        urgent=card.urgent,
    )
