"""Posts that wait for approval: maintainers are asked, through the outbox, and their word is done.

Calls ports in order; who may decide is known to whoever calls, what is said to the wording.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot import plan
from bot.model.deliveries import Draft, Edit
from bot.model.ids import ChannelId, Place, PostId, UserId, WorkspaceId
from bot.model.posts import Entry
from bot.ports.outside import Clock
from bot.ports.writing import Changes
from config.settings import MaintainerSettings
from formatters.message import Message

logger = logging.getLogger(__name__)


class Wording(Protocol):
    """Puts the question and its answers into messages."""

    def question(self, entry: Entry, places: Sequence[Place]) -> Message:
        """Ask whether a post may go to some channels."""

    def judged(
        self, entry: Entry, places: Sequence[Place], *, approved: bool, who: UserId
    ) -> Message:
        """What the question becomes once somebody has decided."""

    def overtaken(self, entry: Entry) -> Message:
        """What it becomes where nothing is left to be decided."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Asks maintainers, and does what they decide. What is decided twice is done once.

    `maintainers` names the channel in which they are asked, or none; then a repost approves.
    """

    changes: Changes
    clock: Clock
    wording: Wording
    maintainers: MaintainerSettings

    def asked(self, entry: Entry, rows: Sequence[Draft], now: datetime) -> tuple[Draft, ...]:
        """The rows of the question about a post, the post itself in their thread.

        Args:
            entry: the post.
            rows: its own, among them those that wait for approval.
            now: aware, UTC.
        """
        waiting = plan.wait_for_approval(rows)
        if not waiting or not self.maintainers.channel:
            return ()
        question = self.wording.question(
            entry, [(row.workspace, row.channel) for row in waiting]
        )
        to = (WorkspaceId(self.maintainers.workspace), ChannelId(self.maintainers.channel))
        logger.info("maintainers.asked post=%s channels=%d", entry.id, len(waiting))
        return plan.question(entry.id, (question, waiting[0].message), to=to, now=now)

    async def judge(self, entry: Entry, *, approved: bool, who: UserId) -> bool:
        """Let a post go, or leave it out, wherever it waits; the question says who decided.

        Returns:
            False if nothing waits any more; the question says so then.
        """
        now = self.clock.now()
        places = await self.changes.awaiting(entry.id)
        verdict = plan.verdict(approved=approved, who=who, now=now)
        told = self.wording.judged(entry, places, approved=approved, who=who)
        edit = self._answered(entry.id, told, verdict.reason)
        done = await self.changes.judge(entry.id, verdict, (edit,))
        logger.info(
            "post.judged post=%s approved=%s by=%s done=%s", entry.id, approved, who, done
        )
        if not done and await self.decided(entry) is None:
            nothing = self._answered(entry.id, self.wording.overtaken(entry), verdict.reason)
            await self.changes.change((nothing,), ())
        return done

    async def decided(self, entry: Entry) -> Message | None:
        """What the question has become, None while it is open or if it was never asked."""
        standing = await self.changes.standing(plan.question_about(entry.id))
        answered = (one.delivery.message for one in standing if one.edits)
        return next(answered, None)

    async def overtaken(self, entry: Entry, channels: Collection[ChannelId]) -> None:
        """A post is about to be reposted to channels: there it waits for nobody any more."""
        places = await self.changes.awaiting(entry.id)
        left = [channel for _, channel in places if channel not in channels]
        verdict = plan.overtaken(self.clock.now())
        edit = self._answered(entry.id, self.wording.overtaken(entry), verdict.reason)
        edits = () if left else (edit,)
        await self.changes.judge(entry.id, verdict, edits, channels=channels)

    def _answered(self, post: PostId, message: Message, why: str) -> Edit:
        workspace = WorkspaceId(self.maintainers.workspace)
        return plan.answered(post, message, workspace=workspace, now=self.clock.now(), why=why)
