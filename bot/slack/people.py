"""Who asks: language, time zone and rights of a Slack user.

Answers always come in time: where Slack is slow or silent, the site's language and zone stand in.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from slack_sdk.web.async_client import AsyncWebClient

from bot.model.ids import UserId
from bot.model.people import Person
from bot.ports.outside import Clock
from bot.slack.outcomes import FAR_SIDE, failure_of, strings

logger = logging.getLogger(__name__)

PERSON_KEPT = timedelta(hours=1)
GROUP_KEPT = timedelta(minutes=5)
RETRY_AFTER_FAILURE = timedelta(seconds=30)
PATIENCE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Manners:
    """How a person is spoken to. `zone` is an IANA name."""

    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Maintainers:
    """Who may do a maintainer's work: single users and the members of a user group."""

    users: frozenset[UserId]
    usergroup: str = ""


class People:
    """Looks persons up, with a memory.

    Args:
        client: a reading one, with the scopes users:read and, for a group, usergroups:read.
        maintainers: from the settings.
        manners: the site's own, for who cannot be looked up.
        clock: the time.
        most_kept: how many people are remembered; whoever was looked up first goes first.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        maintainers: Maintainers,
        manners: Manners,
        clock: Clock,
        *,
        most_kept: int = 5_000,
    ) -> None:
        self._client = client
        self._maintainers = maintainers
        self._manners = manners
        self._clock = clock
        self._most_kept = most_kept
        self._known: dict[UserId, tuple[datetime, Manners]] = {}
        self._group: tuple[datetime, frozenset[str]] | None = None

    async def person(self, user: UserId) -> Person:
        """One person, as of now. Rights are looked at each time, at most five minutes old."""
        manners, maintainer = await asyncio.gather(
            self._manners_of(user), self._maintains(user)
        )
        return Person(user, manners.language, manners.zone, maintainer)

    async def _manners_of(self, user: UserId) -> Manners:
        now = self._clock.now()
        kept = self._known.get(user)
        if kept is not None and now < kept[0]:
            return kept[1]
        manners = await self._ask(user)
        until = now + (PERSON_KEPT if manners else RETRY_AFTER_FAILURE)
        self._known.pop(user, None)
        if len(self._known) >= self._most_kept:
            self._known.pop(next(iter(self._known)))
        self._known[user] = (until, manners or self._manners)
        return manners or self._manners

    async def _ask(self, user: UserId) -> Manners | None:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                answer = await self._client.users_info(user=user, include_locale=True)
        except FAR_SIDE as error:
            logger.warning("person.unknown user=%s code=%s", user, failure_of(error).code)
            return None
        return manners_in(answer.get("user"), self._manners)

    async def _maintains(self, user: UserId) -> bool:
        if user in self._maintainers.users:
            return True
        return bool(self._maintainers.usergroup) and user in await self._members()

    async def _members(self) -> frozenset[str]:
        now = self._clock.now()
        if self._group is None or now >= self._group[0]:
            members = await self._ask_group()
            until = now + (RETRY_AFTER_FAILURE if members is None else GROUP_KEPT)
            self._group = (until, members or frozenset())
        return self._group[1]

    async def _ask_group(self) -> frozenset[str] | None:
        """None if it cannot be read; then nobody is a maintainer by the group."""
        group = self._maintainers.usergroup
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                answer = await self._client.usergroups_users_list(usergroup=group)
        except FAR_SIDE as error:
            logger.warning("group.unknown usergroup=%s code=%s", group, failure_of(error).code)
            return None
        return frozenset(strings(answer.get("users")))


def manners_in(user: object, site: Manners) -> Manners:
    """Read the user object of users.info; `locale` is an IETF tag such as `zh-CN`."""
    if not isinstance(user, Mapping):
        return site
    locale, zone = user.get("locale"), user.get("tz")
    language = language_of(locale) if isinstance(locale, str) and locale else site.language
    known = isinstance(zone, str) and zone in ZONES
    return Manners(language, str(zone) if known else site.zone)


def language_of(locale: str) -> str:
    """Chinese for any Chinese locale, English for all others: these two we speak."""
    return "zh" if locale.lower().startswith("zh") else "en"


ZONES = frozenset(available_timezones())
