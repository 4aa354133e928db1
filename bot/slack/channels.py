"""Into the channels of the settings: public ones are joined, private ones need an invitation.

Only a member can read a channel's history, which is how a post is found whose line was cut
(`/reference/methods/conversations.history`, docs.slack.dev, read 2026-08-20).
"""

from collections.abc import AsyncIterator, Iterable, Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.chat import next_cursor
from bot.slack.outcomes import FAR_SIDE, failure_of

PAGE = 999
REMEDIES: Mapping[str, str] = {
    "channel_not_found": "there is no such channel, or it is private: type /invite @digestbot in it",
    "method_not_supported_for_channel_type": "it is private: type /invite @digestbot in it",
    "is_archived": "it is archived: unarchive it, or take it out of the settings",
    "missing_scope": "type /invite @digestbot in it, or give the app the scope channels:join",
}
OTHERWISE = "type /invite @digestbot in it"


async def enter(client: AsyncWebClient, channels: Iterable[str]) -> Mapping[str, str]:
    """Become a member of channels.

    Args:
        client: of the bot.
        channels: ids.

    Returns:
        What a person must do, in words, by channel that the bot is not in; {} if all is well.
        Also {} if Slack does not say where the bot is: then sending shows it.
    """
    try:
        inside = {channel async for channel in memberships(client)}
    except FAR_SIDE:
        return {}
    barred = {}
    for channel in channels:
        if channel not in inside and (words := await join(client, channel)):
            barred[channel] = words
    return barred


async def memberships(client: AsyncWebClient) -> AsyncIterator[str]:
    """Ids of the channels that the bot is in."""
    cursor = ""
    while True:
        page = await client.users_conversations(
            types="public_channel,private_channel",
            exclude_archived=True,
            limit=PAGE,
            cursor=cursor,
        )
        listed: object = page.get("channels")
        for channel in listed if isinstance(listed, list) else ():
            yield str(channel.get("id")) if isinstance(channel, Mapping) else ""
        cursor = next_cursor(page.data)
        if not cursor:
            return


async def is_inside(client: AsyncWebClient, channel: str) -> bool:
    """Whether the bot is a member of a channel; False where Slack does not say."""
    try:
        answer = await client.conversations_info(channel=channel)
    except FAR_SIDE:
        return False
    found: object = answer.get("channel")
    return isinstance(found, Mapping) and found.get("is_member") is True


async def join(client: AsyncWebClient, channel: str) -> str:
    """Join one public channel; answers what a person must do if that fails, "" if it worked."""
    try:
        await client.conversations_join(channel=channel)
    except FAR_SIDE as error:
        code = failure_of(error).code
        return f"{REMEDIES.get(code, OTHERWISE)} ({code or 'no answer'})"
    return ""
