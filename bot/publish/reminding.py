"""Tell members of gatherings that are near, and channels of their week: through the outbox.

Calls ports in order; who is told what and when is said by `bot.plan`, how by the wording.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot import plan
from bot.agenda import Agenda, Gathering
from bot.model.deliveries import Draft
from bot.model.ids import DeliveryId
from bot.model.people import Person
from bot.plan import Reminder
from bot.ports.outside import Clock, People
from bot.ports.reading import Desk
from bot.ports.writing import Changes, Register
from config.settings import ChannelSettings
from formatters.message import Message

logger = logging.getLogger(__name__)

MOST = 500
"""Gatherings that are looked at for a week."""


class Wording(Protocol):
    """Puts into messages what members are told of gatherings."""

    def reminder(self, reminder: Reminder, person: Person) -> Message:
        """Remind one member, or tell that it does not take place."""

    def week(
        self, gatherings: Sequence[Gathering], channel: ChannelSettings
    ) -> tuple[Message, ...]:
        """Tell a channel of its week; one gathering at least."""


@dataclass(frozen=True, slots=True)
class Herald:
    """Looks, whenever it is called, whether somebody is to be told something.

    `zone` is the site's, in which channels name their moments.
    """

    agenda: Agenda
    register: Register
    changes: Changes
    desk: Desk
    people: People
    clock: Clock
    wording: Wording
    zone: str

    async def remind(self) -> int:
        """Write the direct messages that are due; keeps back those that are not true any more.

        Returns:
            How many are new.
        """
        now = self.clock.now()
        found = plan.near(await self.agenda.changed(now, now - plan.CALLED_OFF), now)
        interests = await self.agenda.interests([one.uid for one in found])
        due = plan.reminders(found, interests, now)
        stale = plan.outdated(await self.changes.overdue(now, plan.ABOUT), due)
        if stale:
            await self.changes.hold(stale, plan.OUTDATED)
            logger.info("reminders.outdated rows=%d", len(stale))
        known = await self._known({one.gathering.uid: one.gathering for one in due})
        drafts = [await self._draft(one, now) for one in due if one.id not in known]
        if drafts:
            await self.register.add(drafts)
            logger.info("reminders.written rows=%d", len(drafts))
        return len(drafts)

    async def tell_week(self, channels: Sequence[ChannelSettings]) -> int:
        """Write each channel's message of the week, once its moment has come.

        Returns:
            How many channels get one now.
        """
        now, told = self.clock.now(), 0
        zone = ZoneInfo(self.zone)
        for channel in channels:
            moment = plan.weekly_moment(channel, now, zone)
            if moment is not None and await self._tell(channel, moment, now):
                told += 1
        return told

    async def _tell(self, channel: ChannelSettings, moment: datetime, now: datetime) -> bool:
        rows = await self.desk.deliveries(plan.about_week(moment))
        if any(row.channel == channel.id for row in rows):
            return False
        ahead = await self.agenda.upcoming(now - timedelta(days=1), limit=MOST)
        wanted = plan.of_the_week(ahead, moment, now)
        if not wanted:
            return False
        messages = self.wording.week(wanted, channel)
        drafts = plan.weekly_drafts(channel, messages, moment=moment, now=now)
        await self.register.add(drafts)
        logger.info("week.told channel=%s gatherings=%d", channel.id, len(wanted))
        return True

    async def _known(self, found: Mapping[str, Gathering]) -> frozenset[DeliveryId]:
        """Ids of what was written for some gatherings before."""
        rows = [await self.desk.deliveries(plan.about(one)) for one in found.values()]
        return frozenset(row.id for of_one in rows for row in of_one)

    async def _draft(self, reminder: Reminder, now: datetime) -> Draft:
        person = await self.people.person(reminder.interest.workspace, reminder.interest.user)
        return plan.draft_of(reminder, self.wording.reminder(reminder, person), now)
