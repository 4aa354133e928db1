"""The table of methods: what is in it is offered, what is not answers `unknown_method`.

Only the table; the handlers live beside it.
"""

from collections.abc import Mapping

from bot.sandbox import methods_chat, methods_conversations, methods_people, methods_views
from bot.sandbox.call import Method

_ROOMS = (methods_chat, methods_conversations, methods_people, methods_views)
METHODS: Mapping[str, Method] = {
    method.name: method for room in _ROOMS for method in room.METHODS
}

GAPS: Mapping[str, str] = {
    "chat.scheduleMessage": "never used: with metadata Slack loses the message silently",
    "chat.scheduledMessages.list": "belongs to scheduling",
    "chat.deleteScheduledMessage": "belongs to scheduling",
    "bookmarks.add": "bookmarks are not part of a digest",
    "bookmarks.edit": "bookmarks are not part of a digest",
    "bookmarks.list": "bookmarks are not part of a digest",
    "bookmarks.remove": "bookmarks are not part of a digest",
    "files.getUploadURLExternal": "pictures are sent by address, never uploaded",
    "files.completeUploadExternal": "pictures are sent by address, never uploaded",
}
"""What a digest bot might call and this sandbox does not offer, with the reason."""
