"""What maintainers are told, when, and as which rows of the outbox.

Pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid5

from bot.model.deliveries import Draft
from bot.model.ids import HOME, ChannelId, DeliveryId, PostId, WorkspaceId
from bot.plan.drafts import NAMESPACE
from formatters.message import Message

FAILURES = 3
"""Looks that fail in a row before maintainers hear of it: most troubles of a network pass."""
MOVES_WITHIN = timedelta(minutes=30)
"""How long a file may be away before its post counts as gone: pushes that move a file in two
steps come within minutes. Ours."""


def lasts(failures: int) -> bool:
    """Whether so many failed looks in a row are worth a word."""
    return failures >= FAILURES


def notices(
    about: PostId,
    messages: Sequence[Message],
    *,
    channel: ChannelId,
    now: datetime,
    workspace: WorkspaceId = HOME,
) -> tuple[Draft, ...]:
    """The rows of one notice: a message in the channel, what does not fit in its thread.

    Args:
        about: the source that it is about. Not its posts: what is corrected or recalled of
            these is theirs alone.
        messages: in order.
        channel: the maintainers'.
        now: aware; tells two notices with the same words apart.
        workspace: the channel's.
    """
    occasion = f"notice {now.isoformat()}"
    words = "".join(message.text for message in messages)
    return tuple(
        Draft(
            id=DeliveryId(uuid5(NAMESPACE, f"{about}|{channel}|{part}|{occasion}|{words}").hex),
            post=about,
            revision="",
            channel=channel,
            part=part,
            occasion=occasion,
            message=message,
            due_at=now,
            workspace=workspace,
        )
        for part, message in enumerate(messages)
    )
