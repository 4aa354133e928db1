"""Two halves around the outbox: discover writes rows, deliver carries them out.

Calls ports in order and decides nothing: decisions are in `bot.plan`.
"""

from bot.publish.deliver import Round, deliver_next
from bot.publish.discover import Discovery, discover
from bot.publish.rows import repost, skip
from bot.publish.telling import tell

__all__ = ["Discovery", "Round", "deliver_next", "discover", "repost", "skip", "tell"]
