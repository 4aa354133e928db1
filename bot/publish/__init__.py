"""Two halves around the outbox: discover writes rows, deliver carries them out.

Calls ports in order and decides nothing: decisions are in `bot.plan`.
"""

from bot.publish.approving import Approval
from bot.publish.correct import correct, recall
from bot.publish.deliver import Round, deliver_next
from bot.publish.discover import Discovery, discover
from bot.publish.gathering import gather
from bot.publish.reminding import Herald
from bot.publish.renew import renew
from bot.publish.rows import repost, skip
from bot.publish.telling import tell
from bot.publish.upkeep import Upkeep

__all__ = [
    "Approval",
    "Discovery",
    "Herald",
    "Round",
    "Upkeep",
    "correct",
    "deliver_next",
    "discover",
    "gather",
    "recall",
    "renew",
    "repost",
    "skip",
    "tell",
]
