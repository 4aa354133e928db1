"""The lines to workspaces: one for each that installed the bot, with its own token.

What one workspace answers never touches another: tokens, clients and memories are apart.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.model.deliveries import CannotLook, Delivery, Look, Outcome, WorkspaceRefused
from bot.model.ids import UserId, WorkspaceId
from bot.model.people import Person
from bot.ports.outside import Chat, Clock
from bot.slack.desk import Ways
from bot.workspaces import Installation, Installations, LockedError

logger = logging.getLogger(__name__)

KEPT = timedelta(seconds=5)
"""How long an installation is not looked up again: another process may have renewed its token."""
MOST_KEPT = 5_000
LOOK_AGAIN = timedelta(minutes=5)
NOT_INSTALLED = "not_installed"
LOCKED = "token_locked"
OVER = frozenset({"account_inactive", "token_revoked"})
"""What Slack answers once the bot was uninstalled, also where its event was missed
(`/reference/events/app_uninstalled`, docs.slack.dev, read 2026-08-20)."""


@dataclass(frozen=True, slots=True)
class Line:
    """The bot's way to one workspace. `reading` may repeat its calls."""

    workspace: WorkspaceId
    team: str
    bot_id: str
    bot_user: UserId
    chat: Chat
    reading: AsyncWebClient
    ways: Ways


@dataclass(frozen=True, slots=True)
class _Known:
    until: datetime
    token: str
    line: Line | None
    why: str = ""


class Lines:
    """Finds the line to a workspace.

    Args:
        installations: with their tokens; None where there is one workspace only.
        connect: makes a line of an installation that has keys.
        home: the workspace of the bot token, if there is one.
        clock: the time.
    """

    def __init__(
        self,
        installations: Installations | None,
        connect: Callable[[Installation], Line],
        *,
        home: Line | None,
        clock: Clock,
    ) -> None:
        self._installations = installations
        self._connect = connect
        self.home = home
        self._clock = clock
        self._known: OrderedDict[WorkspaceId, _Known] = OrderedDict()

    async def of(self, workspace: WorkspaceId) -> Line | None:
        """The line to a workspace, None if the bot cannot speak there."""
        return (await self._found(workspace)).line

    async def why_not(self, workspace: WorkspaceId) -> str:
        """Why the bot cannot speak there, as a code; "" if it can."""
        return (await self._found(workspace)).why

    async def of_request(self, enterprise: str, team: str) -> Line | None:
        """The line to the workspace from which a request came.

        An organisation may have installed the bot for all of its workspaces.
        """
        if self.home is not None and team == self.home.team:
            return self.home
        if self._installations is None:
            return self.home
        for name in filter(None, (team, enterprise)):
            line = await self.of(WorkspaceId(name))
            if line is not None:
                return line
        return None

    def forget(self, workspace: WorkspaceId) -> None:
        """Look the workspace up anew the next time."""
        self._known.pop(workspace, None)

    async def over(self, workspace: WorkspaceId, reason: str, at: datetime) -> bool:
        """The workspace has uninstalled the bot: whether that was news."""
        if self._installations is None:
            return False
        ended = await self._installations.end(workspace, reason, at)
        self.forget(workspace)
        if ended:
            logger.warning("workspace.ended workspace=%s reason=%s", workspace, reason)
        return ended

    async def _found(self, workspace: WorkspaceId) -> _Known:
        now = self._clock.now()
        if self.home is not None and workspace in {self.home.workspace, self.home.team}:
            return _Known(now, "", self.home)
        known = self._known.get(workspace)
        if known is None or known.until <= now:
            known = await self._looked_up(workspace, known, now + KEPT)
            self._known[workspace] = known
            self._known.move_to_end(workspace)
            if len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return known

    async def _looked_up(
        self, workspace: WorkspaceId, known: _Known | None, until: datetime
    ) -> _Known:
        try:
            found = await self._installations.find(workspace) if self._installations else None
        except LockedError:
            logger.exception("workspace.locked workspace=%s", workspace)
            return _Known(until, "", None, LOCKED)
        if found is None or found.keys is None:
            return _Known(until, "", None, (found and found.ended) or NOT_INSTALLED)
        token = found.keys.bot
        if known is not None and known.token == token:  # its memory of people stays
            return _Known(until, token, known.line)
        return _Known(until, token, self._connect(found))


class ChatOfMany:
    """The port `Chat` over many workspaces: each delivery goes to its own."""

    def __init__(self, lines: Lines, clock: Clock) -> None:
        self._lines = lines
        self._clock = clock

    async def post(self, delivery: Delivery) -> Outcome:
        """Send one delivery, once; see `bot.ports.outside.Chat`."""
        asked_at, line = self._clock.now(), await self._lines.of(delivery.workspace)
        if line is None:
            return await self._refused(delivery)
        return await self._heard(delivery, await line.chat.post(delivery), asked_at)

    async def change(self, delivery: Delivery) -> Outcome:
        """Update or delete a message; see `bot.ports.outside.Chat`."""
        asked_at, line = self._clock.now(), await self._lines.of(delivery.workspace)
        if line is None:
            return await self._refused(delivery)
        return await self._heard(delivery, await line.chat.change(delivery), asked_at)

    async def look(self, delivery: Delivery) -> Look:
        """Search for the delivery's metadata; see `bot.ports.outside.Chat`."""
        line = await self._lines.of(delivery.workspace)
        if line is None:
            return CannotLook(await self._lines.why_not(delivery.workspace), LOOK_AGAIN)
        return await line.chat.look(delivery)

    async def _refused(self, delivery: Delivery) -> Outcome:
        return WorkspaceRefused(await self._lines.why_not(delivery.workspace))

    async def _heard(self, delivery: Delivery, outcome: Outcome, asked_at: datetime) -> Outcome:
        """Learn from a refusal: the token may be another one by now, or the bot is not wanted."""
        if isinstance(outcome, WorkspaceRefused):
            self._lines.forget(delivery.workspace)
            if outcome.code in OVER:
                await self._lines.over(delivery.workspace, outcome.code, asked_at)
        return outcome


class PeopleOfMany:
    """The port `People` over many workspaces.

    Args:
        lines: to the workspaces.
        stranger: whoever cannot be looked up: the site's language and zone.
    """

    def __init__(self, lines: Lines, stranger: Person) -> None:
        self._lines = lines
        self._stranger = stranger

    async def person(self, workspace: WorkspaceId, user: UserId) -> Person:
        """One person, as of now; see `bot.ports.outside.People`."""
        line = await self._lines.of(workspace)
        if line is None:
            return replace(self._stranger, id=user)
        return await line.ways.people.person(user)
