"""Decisions: posts, deliveries, settings and now -> what is to be done, with reasons in words.

Pure: no clock, no database, no chat. `bot.publish` carries out what is decided here.
"""

from bot.plan.absences import TOGETHER, absence
from bot.plan.approving import (
    answered,
    overtaken,
    question,
    question_about,
    verdict,
    wait_for_approval,
)
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
from bot.plan.gatherings import hashed, over_at
from bot.plan.identity import COMPARED, LATELY, Face, moves
from bot.plan.joining import joined
from bot.plan.moments import Quiet, due
from bot.plan.notices import MOVES_WITHIN, lasts, notices
from bot.plan.pacing import Pacer
from bot.plan.pausing import LATE, MISSED, left_for_one, missed, paused, resumed
from bot.plan.payloads import fingerprint
from bot.plan.posts import GONE, back, decide, gone, not_composed, says_more
from bot.plan.reminders import (
    ABOUT,
    CALLED_OFF,
    OUTDATED,
    Mark,
    Reminder,
    about,
    draft_of,
    near,
    outdated,
    reminders,
)
from bot.plan.roundups import Missed, caught_up, named_by, naming, renamed, roundups, together
from bot.plan.weekly import about_week, of_the_week, weekly_drafts, weekly_moment

__all__ = [
    "ABOUT",
    "CALLED_OFF",
    "COMPARED",
    "GONE",
    "LATE",
    "LATELY",
    "LEASE",
    "MISSED",
    "MOVES_WITHIN",
    "OUTDATED",
    "PUBLISH",
    "TOGETHER",
    "Face",
    "Mark",
    "Missed",
    "Pacer",
    "Quiet",
    "Reminder",
    "about",
    "about_week",
    "absence",
    "addressed",
    "after",
    "after_look",
    "answered",
    "back",
    "caught_up",
    "composition_of",
    "corrections",
    "decide",
    "delivery_id",
    "draft_of",
    "drafts",
    "due",
    "fingerprint",
    "gone",
    "hashed",
    "joined",
    "lasts",
    "left_for_one",
    "missed",
    "moves",
    "named_by",
    "naming",
    "near",
    "not_composed",
    "notices",
    "of_the_week",
    "outdated",
    "over_at",
    "overslept",
    "overtaken",
    "paused",
    "post_of",
    "question",
    "question_about",
    "ready",
    "recalled",
    "recalls",
    "reminders",
    "renamed",
    "reposted",
    "resumed",
    "roundups",
    "says_more",
    "skipped",
    "subscribers",
    "together",
    "verdict",
    "wait_for_approval",
    "weekly_drafts",
    "weekly_moment",
    "wording",
]
