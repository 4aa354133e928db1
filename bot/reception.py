"""Attends the workspaces: a front desk for each, the door for new ones, fresh tokens.

Wires; decides nothing.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from slack_bolt.async_app import AsyncApp

from bot.answer.tools import Tools
from bot.courtesy import Precedence
from bot.model.ids import HOME, WorkspaceId
from bot.ports.outside import Clock
from bot.publish import Upkeep
from bot.roster import Roster, Subscribing
from bot.slack.channels import enter
from bot.slack.clients import posting_client
from bot.slack.connection import Slack, wanted
from bot.slack.desk import FrontDesk
from bot.slack.grants import Credentials
from bot.slack.lines import Line, Lines
from bot.slack.listeners import build_app, build_app_of_many
from bot.slack.manifest import SCOPES
from bot.slack.oauth import REDIRECT, Door, consent_page
from bot.slack.renewal import Renewal
from bot.slack.tasks import Tasks
from bot.workspaces import Installation, Installations
from config.settings import Settings

logger = logging.getLogger(__name__)

MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Office:
    """What every front desk works with. `upkeep` is that of the home workspace."""

    tools: Callable[[Line, Subscribing, Upkeep], Tools]
    upkeep: Upkeep
    roster: Roster
    tasks: Tasks
    wake: Callable[[], None]
    precedence: Precedence

    def front(self, line: Line) -> FrontDesk:
        """The front desk of one workspace: what is done there concerns its own channels."""
        upkeep = replace(self.upkeep, workspace=line.workspace)
        tools = self.tools(line, Subscribing(self.roster, line), upkeep)
        return FrontDesk(
            tools,
            line.ways,
            self.tasks,
            self.wake,
            back=upkeep.back,
            precedence=self.precedence,
        )


class Reception:
    """Front desks by workspace; see `bot.slack.listeners.Reception`."""

    def __init__(self, lines: Lines, office: Office) -> None:
        self._lines = lines
        self._office = office
        self._fronts: OrderedDict[WorkspaceId, tuple[Line, FrontDesk]] = OrderedDict()

    async def attend(self, enterprise: str, team: str) -> tuple[Line, FrontDesk] | None:
        """The line to a workspace and its front desk; None if the bot is not installed there."""
        line = await self._lines.of_request(enterprise, team)
        if line is None:
            return None
        known = self._fronts.get(line.workspace)
        if known is None or known[0] is not line:
            known = (line, self._office.front(line))
            self._fronts[line.workspace] = known
            if len(self._fronts) > MOST_KEPT:
                self._fronts.popitem(last=False)
        return known

    async def over(self, team: str, enterprise: str, reason: str, at: datetime) -> None:
        """A workspace uninstalled the bot, or an organisation for all of its own (team "")."""
        await self._lines.over(WorkspaceId(team or enterprise), reason, at)


def app_of(slack: Slack, settings: Settings, office: Office, signing_secret: str) -> AsyncApp:
    """The Bolt app: of the one workspace, or of all that install it."""
    home = slack.lines.home
    if not settings.many and home is not None and slack.identity is not None:
        return build_app(
            client=home.ways.client,
            identity=slack.identity,
            signing_secret=signing_secret,
            front=office.front(home),
        )
    return build_app_of_many(
        client=posting_client("", settings.slack.api_url, slack.session),
        signing_secret=signing_secret,
        reception=Reception(slack.lines, office),
    )


def credentials_of(settings: Settings) -> Credentials:
    """What the app proves with who it is."""
    return Credentials(
        settings.slack.client_id,
        settings.slack.client_secret.get_secret_value(),
        f"{settings.address}{REDIRECT}",
    )


def door_of(
    slack: Slack, settings: Settings, installations: Installations, clock: Clock
) -> Door:
    """What lets workspaces in."""

    async def admit(installation: Installation) -> str:
        home = slack.lines.home
        if home is not None and installation.workspace == home.team:
            return "served"
        await installations.save(installation)
        slack.lines.forget(installation.workspace)
        logger.info(
            "workspace.installed workspace=%s by=%s",
            installation.workspace,
            installation.installed_by,
        )
        return "done"

    return Door(
        credentials=credentials_of(settings),
        authorize=consent_page(settings.slack.api_url),
        scopes=",".join(SCOPES),
        client=posting_client("", settings.slack.api_url, slack.session),
        installations=installations,
        clock=clock,
        admit=admit,
        command=settings.command,
    )


def renewal_of(
    slack: Slack, settings: Settings, installations: Installations, clock: Clock
) -> Renewal:
    """What keeps tokens fresh."""
    client = posting_client("", settings.slack.api_url, slack.session)
    return Renewal(installations, slack.lines, credentials_of(settings), client, clock=clock)


async def visit(slack: Slack, settings: Settings) -> None:
    """Go into the channels that the settings name in workspaces other than the bot token's."""
    named = {WorkspaceId(channel.workspace) for channel in settings.channels}
    named |= {WorkspaceId(settings.maintainers.workspace)}
    for workspace in sorted(named - {HOME}):
        line = await slack.lines.of(workspace)
        if line is None:
            logger.warning("workspace.not_installed workspace=%s", workspace)
            continue
        for channel, words in (await enter(line.reading, wanted(settings, workspace))).items():
            logger.warning("channel.barred channel=%s reason=%s", channel, words)
