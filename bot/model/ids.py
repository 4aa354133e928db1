"""What things are called by, across the rooms of the bot."""

from typing import NewType

PostId = NewType("PostId", str)
"""`<source id>:<path at which it was first found>`: no date, host, permalink or later move disturbs
it. `<source id>:` alone stands for the source itself."""
ChannelId = NewType("ChannelId", str)
UserId = NewType("UserId", str)
DeliveryId = NewType("DeliveryId", str)
WorkspaceId = NewType("WorkspaceId", str)
HOME = WorkspaceId("")
"""The workspace of a bot that works in one only."""
