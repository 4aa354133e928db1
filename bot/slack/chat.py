"""Sends deliveries to Slack and looks whether they arrived.

Decides nothing: what an answer means is in `bot.slack.outcomes`, what follows in `bot.plan`.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.model.deliveries import Absent, Act, CannotLook, Delivery, Look, Outcome, Sent
from bot.model.ids import ChannelId, DeliveryId
from bot.slack.outcomes import (
    FAR_SIDE,
    STALE_CURSOR,
    Failure,
    blindness_of,
    change_outcome_of,
    failure_of,
    outcome_of,
)
from bot.slack.skew import Skew

logger = logging.getLogger(__name__)

EVENT_TYPE = "digest_delivery"
ONCE = UUID("6f0f7d0e-4a0b-5d8b-9c1d-2f6f5e1b7a31")
"""Namespace of our client_msg_ids."""
SKEW = timedelta(hours=1)
"""How far Slack's clock may be behind what we know of it before a look misses a message. Wide, since
a miss means to post twice, and a few pages more are all that it costs."""
PAGE = 200
"""Advised for conversations.history (`/reference/methods/conversations.history`, 2026-08-20)."""
REMEMBERED = 1000
PERSON = ("U", "W")
"""What the ids of people begin with. `chat.postMessage` takes them, history does not."""


class SlackChat:
    """The port `Chat` over Slack's Web API.

    Args:
        posting: without retry handlers, see `bot.slack.clients`.
        reading: for `look`.
        skew: how far Slack's clock is behind ours.
    """

    def __init__(
        self, posting: AsyncWebClient, reading: AsyncWebClient, skew: Skew | None = None
    ) -> None:
        self._posting = posting
        self._reading = reading
        self._cursors: dict[DeliveryId, str] = {}
        self._skew = skew or Skew()

    async def post(self, delivery: Delivery) -> Outcome:
        """Send one delivery, once; see `bot.ports.outside.Chat`."""
        try:
            answer = await self._posting.api_call("chat.postMessage", json=payload_of(delivery))
        except FAR_SIDE as error:
            outcome = outcome_of(failure_of(error), attempts=delivery.attempts)
        else:
            outcome = sent_in(answer, delivery)
        return outcome

    async def change(self, delivery: Delivery) -> Outcome:
        """Update or delete a message; see `bot.ports.outside.Chat`."""
        deletes = delivery.kind is Act.DELETE
        method = "chat.delete" if deletes else "chat.update"
        try:
            await self._posting.api_call(method, json=change_of(delivery))
        except FAR_SIDE as error:
            return change_outcome_of(
                failure_of(error), attempts=delivery.attempts, deletes=deletes
            ) or Sent(delivery.channel, delivery.ts or "")
        return Sent(delivery.channel, delivery.ts or "")

    async def look(self, delivery: Delivery) -> Look:
        """Search for the delivery's metadata; see `bot.ports.outside.Chat`.

        An interrupted look goes on where it stopped when it is asked for again: where history
        gives 15 messages a minute, starting over would never come to an end.
        """
        cursor, channel = self._cursors.pop(delivery.id, ""), ChannelId("")
        while True:
            try:
                channel = channel or await self._channel(delivery.channel)
                page = await self._page(replace(delivery, channel=channel), cursor)
                ts = ts_in(page.get("messages"), delivery.id)
            except FAR_SIDE as error:
                return self._interrupted(delivery, cursor, failure_of(error))
            if ts:
                return Sent(delivery.channel, ts)
            cursor = next_cursor(page.data)
            if not cursor:
                return Absent()

    async def _channel(self, channel: ChannelId) -> ChannelId:
        """The channel itself; of a person, who is written to by id, the direct messages."""
        if not channel.startswith(PERSON):
            return channel
        answer = await self._reading.conversations_open(users=channel)
        opened: object = answer.get("channel")
        direct = opened.get("id") if isinstance(opened, Mapping) else None
        if not isinstance(direct, str):
            raise TypeError("no direct messages in the answer")
        return ChannelId(direct)

    async def _page(self, delivery: Delivery, cursor: str) -> AsyncSlackResponse:
        method = "conversations.replies" if delivery.thread_ts else "conversations.history"
        window = window_of(delivery, cursor, behind=self._skew.behind)
        return await self._reading.api_call(method, params=window)

    def _interrupted(self, delivery: Delivery, cursor: str, failure: Failure) -> CannotLook:
        blindness = blindness_of(failure)
        resumable = blindness.wait is not None and failure.code != STALE_CURSOR
        if cursor and resumable and len(self._cursors) < REMEMBERED:
            self._cursors[delivery.id] = cursor
        return blindness


def payload_of(delivery: Delivery) -> dict[str, object]:
    """The body of chat.postMessage.

    `client_msg_id` is no documented argument, but Slack's error codes speak of it as a guard
    against doubles (`/reference/methods/chat.postMessage`, read 2026-08-20): a second belt.
    """
    payload: dict[str, object] = {
        "channel": delivery.channel,
        "text": delivery.message.text,
        "blocks": list(delivery.message.blocks),
        "metadata": metadata_of(delivery),
        "unfurl_links": False,
        "unfurl_media": False,
        "client_msg_id": str(uuid5(ONCE, delivery.id)),
    }
    if delivery.thread_ts is not None:
        payload["thread_ts"] = delivery.thread_ts
    return payload


def metadata_of(delivery: Delivery) -> dict[str, object]:
    """What marks a message as ours."""
    payload = {
        "delivery": delivery.id,
        "post": delivery.post,
        "part": delivery.part,
        "revision": delivery.revision,
    }
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def change_of(delivery: Delivery) -> dict[str, object]:
    """The body of chat.update or chat.delete.

    `text` and `blocks` go together: text alone takes the blocks away. `parse` is said since an
    update's default would make links of words (`/reference/methods/chat.update`, 2026-08-20).
    """
    where: dict[str, object] = {"channel": delivery.channel, "ts": delivery.ts}
    if delivery.kind is Act.DELETE:
        return where
    return where | {
        "text": delivery.message.text,
        "blocks": list(delivery.message.blocks),
        "metadata": metadata_of(delivery),
        "parse": "none",
    }


def sent_in(answer: AsyncSlackResponse, delivery: Delivery) -> Outcome:
    """Read an answer that says ok."""
    ts: object = answer.get("ts")
    channel: object = answer.get("channel")
    if not isinstance(ts, str) or not ts:
        return outcome_of(Failure(answer.status_code, "no_ts"), attempts=delivery.attempts)
    if answer.get("is_duplicate"):
        logger.warning("chat.recognised_double delivery=%s ts=%s", delivery.id, ts)
    return Sent(ChannelId(channel) if isinstance(channel, str) else delivery.channel, ts)


def window_of(delivery: Delivery, cursor: str, *, behind: timedelta) -> dict[str, object]:
    """Arguments of a look: the channel or thread since shortly before the attempt.

    `behind` is how much Slack's clock was seen to be behind ours.

    Without `include_all_metadata` only the event type comes back.
    """
    window: dict[str, object] = {
        "channel": delivery.channel,
        "include_all_metadata": True,
        "inclusive": True,
        "limit": PAGE,
    }
    if delivery.attempted_at is not None:
        window["oldest"] = f"{(delivery.attempted_at - behind - SKEW).timestamp():.6f}"
    if delivery.thread_ts:
        window["ts"] = delivery.thread_ts
    if cursor:
        window["cursor"] = cursor
    return window


def ts_in(messages: object, delivery: DeliveryId) -> str:
    """The ts of the message that carries a delivery's metadata, "" if none does.

    Raises:
        TypeError: this is no list of messages, so it proves nothing.
    """
    if not isinstance(messages, Sequence) or isinstance(messages, str):
        raise TypeError("history without messages")
    for message in messages:
        ts = message.get("ts") if carries(message, delivery) else None
        if isinstance(ts, str):
            return ts
    return ""


def carries(message: object, delivery: DeliveryId) -> bool:
    """Whether a message is this delivery."""
    metadata = message.get("metadata") if isinstance(message, Mapping) else None
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT_TYPE:
        return False
    payload = metadata.get("event_payload")
    return isinstance(payload, Mapping) and payload.get("delivery") == delivery


def next_cursor(page: object) -> str:
    """Where the next page starts, "" at the end."""
    metadata = page.get("response_metadata") if isinstance(page, Mapping) else None
    cursor = metadata.get("next_cursor") if isinstance(metadata, Mapping) else None
    return cursor if isinstance(cursor, str) else ""
