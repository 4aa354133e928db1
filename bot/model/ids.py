"""What things are called by, across the rooms of the bot."""

from typing import NewType, TypeAlias

PostId = NewType("PostId", str)
"""`<source id>:<path at which it was first found>`: no date, host, permalink or later move disturbs
it. `<source id>:` alone stands for the source itself, `<post>?` for the question whether it may go out."""
ChannelId = NewType("ChannelId", str)
UserId = NewType("UserId", str)
DeliveryId = NewType("DeliveryId", str)
WorkspaceId = NewType("WorkspaceId", str)
HOME = WorkspaceId("")
"""The workspace of a bot that works in one only."""
Place: TypeAlias = tuple[WorkspaceId, ChannelId]
"""A channel, and the workspace it is in."""
