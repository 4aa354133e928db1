"""Decisions: posts, deliveries, settings and now -> what is to be done, with reasons in words.

Pure: no clock, no database, no chat. `bot.publish` carries out what is decided here.
"""

from bot.plan.attempts import LEASE, after, after_look, overslept, ready
from bot.plan.drafts import (
    PUBLISH,
    addressed,
    composition_of,
    delivery_id,
    drafts,
    post_of,
    reposted,
    skipped,
    subscribers,
    wording,
)
from bot.plan.edits import corrections, recalled, recalls
from bot.plan.identity import COMPARED, LATELY, Face, moves
from bot.plan.joining import joined
from bot.plan.moments import due
from bot.plan.notices import MOVES_WITHIN, lasts, notices
from bot.plan.pacing import Pacer
from bot.plan.pausing import LATE, MISSED, missed, paused, resumed
from bot.plan.payloads import fingerprint
from bot.plan.posts import GONE, back, decide, gone, not_composed, says_more

__all__ = [
    "COMPARED",
    "GONE",
    "LATE",
    "LATELY",
    "LEASE",
    "MISSED",
    "MOVES_WITHIN",
    "PUBLISH",
    "Face",
    "Pacer",
    "addressed",
    "after",
    "after_look",
    "back",
    "composition_of",
    "corrections",
    "decide",
    "delivery_id",
    "drafts",
    "due",
    "fingerprint",
    "gone",
    "joined",
    "lasts",
    "missed",
    "moves",
    "not_composed",
    "notices",
    "overslept",
    "paused",
    "post_of",
    "ready",
    "recalled",
    "recalls",
    "reposted",
    "resumed",
    "says_more",
    "skipped",
    "subscribers",
    "wording",
]
