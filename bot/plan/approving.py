"""Posts that wait for a maintainer's approval: what is asked, and what becomes of the question.

Pure. A post is asked about once, whatever is corrected in it later.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid5

from bot.model.deliveries import Act, DeliveryState, Draft, Edit, Verdict
from bot.model.ids import ChannelId, DeliveryId, Place, PostId, UserId, WorkspaceId
from bot.plan.drafts import APPROVAL, NAMESPACE
from bot.reasons import reason
from formatters.message import Message

OCCASION = "approval"


def question_about(post: PostId) -> PostId:
    """What the rows of a question belong to: no row of the post, which is corrected and recalled."""
    return PostId(f"{post}?")


def wait_for_approval(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Of rows to be written the first one of each channel that wants to be asked."""
    return tuple(row for row in drafts if row.part == 0 and row.reason == APPROVAL)


def question(
    post: PostId, messages: Sequence[Message], *, to: Place, now: datetime
) -> tuple[Draft, ...]:
    """The rows of a question to the maintainers, the same whoever makes them.

    Args:
        post: that waits.
        messages: the question, then what stands in its thread.
        to: the maintainers' channel.
        now: aware, UTC.
    """
    workspace, channel = to
    return tuple(
        Draft(
            id=_id_of(post, part),
            post=question_about(post),
            revision="",
            channel=ChannelId(channel),
            part=part,
            occasion=OCCASION,
            message=message,
            due_at=now,
            workspace=workspace,
        )
        for part, message in enumerate(messages)
    )


def answered(
    post: PostId, message: Message, *, workspace: WorkspaceId, now: datetime, why: str
) -> Edit:
    """What the question becomes once it is answered, for the reason `why`."""
    return Edit(
        target=_id_of(post, 0),
        post=question_about(post),
        workspace=workspace,
        kind=Act.UPDATE,
        revision="",
        message=message,
        bare=message,
        due_at=now,
        reason=why,
    )


def verdict(*, approved: bool, who: UserId, now: datetime) -> Verdict:
    """What a maintainer decides: it goes out when it is due, or stays out."""
    if approved:
        return Verdict(DeliveryState.PLANNED, reason("approved", who=who, moment=now), now)
    return Verdict(DeliveryState.HELD, reason("declined", who=who, moment=now), now)


def overtaken(now: datetime) -> Verdict:
    """What a repost to the same channel decides: nothing is left to be asked."""
    return Verdict(DeliveryState.HELD, reason("overtaken"), now)


def _id_of(post: PostId, part: int) -> DeliveryId:
    return DeliveryId(uuid5(NAMESPACE, f"{OCCASION}|{post}|{part}").hex)
