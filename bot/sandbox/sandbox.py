"""One local Slack, joined together: state, methods, people, deliveries, faults.

Serves nothing itself; `bot.sandbox.server` does.
"""

from dataclasses import dataclass, field
from random import Random

from bot.sandbox import wire
from bot.sandbox.admin import Admin
from bot.sandbox.call import Site
from bot.sandbox.control import Control
from bot.sandbox.dispatch import Dispatcher
from bot.sandbox.faults import Faults
from bot.sandbox.grants import Grant, Grants, Triggers
from bot.sandbox.journal import Traffic
from bot.sandbox.pace import Pace
from bot.sandbox.responses import Responses
from bot.sandbox.seed import App
from bot.sandbox.sight import Sight
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import Workspace, dumped, loaded
from bot.sandbox.transports import Http


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one run."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)


class Sandbox:
    """A running local Slack.

    Attributes:
        url: "http://127.0.0.1:PORT".
        workspace: its people, channels and messages.
        app: what the app may do and is told of; may be changed while it runs.
        control: act as a person. admin: act as a moderator. sight: what people see.
        faults, pace, traffic: what goes wrong, how fast, and what went over the wire.
        dispatcher, sockets: deliveries to the bot.
    """

    def __init__(
        self, url: str, keys: Keys, http: Http, workspace: Workspace, random: Random
    ) -> None:
        self.url = url
        self.workspace = workspace
        self.app = App()
        self.faults = Faults(random)
        self.pace = Pace()
        self.traffic = Traffic(workspace.notices)
        self.sockets = Sockets(self.app.id, url.removeprefix("http://"), self.faults)
        self._keys = keys
        self._http = http
        self._first = dumped(workspace.world)
        self._grants = _grants(keys, self.app)
        self._site = Site(
            workspace, self.app, Triggers(), url, self.sockets.ticket, self._grants
        )
        self.intake = intake = wire.Intake(self._site, self.faults, self.traffic)
        self.web_api = wire.WebApi(intake, self.pace)
        self.responses = Responses(intake)
        self.dispatcher = Dispatcher(self._site, http, self.sockets, self.faults, self.traffic)
        workspace.listeners.append(self.dispatcher.happened)
        self.control = Control(self._site, self.dispatcher, self.responses)
        self.admin = Admin(self._site)
        self.sight = Sight(self._site)

    @property
    def api_url(self) -> str:
        """The base URL for API clients, with its slash."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's bot token, xoxb-..."""
        return self._keys.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode, xapp-..."""
        return self._keys.app_token

    @property
    def signing_secret(self) -> str:
        """What requests to the bot are signed with."""
        return self._keys.signing_secret

    @property
    def request_url(self) -> str:
        """Where the bot takes commands, interactions and events; "" = Socket Mode only."""
        return self._http.url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self._http.url = url

    def knows(self, token: str) -> bool:
        """Whether this workspace has issued a token, good or not."""
        return token in self._grants.issued

    def issue(self, token: str, *, scopes: frozenset[str]) -> Grant:
        """Give the app another bot token."""
        self._grants.issued[token] = Grant("bot", scopes)
        return self._grants.issued[token]

    def uninstall(self) -> None:
        """Take the app out: no token is good any more, and Slack tells it in two events."""
        self._grants.spoil("account_inactive")
        bot = self.workspace.world.bot
        self.workspace.happen("tokens_revoked", tokens={"oauth": [], "bot": [bot]})
        self.workspace.happen("app_uninstalled")

    def grant_scopes(self, scopes: frozenset[str]) -> None:
        """Give the bot token other scopes, as a reinstallation would."""
        self._grants.issued[self.bot_token].scopes = scopes

    def snapshot(self) -> str:
        """The world as JSON."""
        return dumped(self.workspace.world)

    def restore(self, snapshot: str) -> None:
        """Put a world back; addresses and triggers that were handed out are void."""
        latest = self.workspace.world.last_tick
        self.workspace.world = loaded(snapshot)
        self.workspace.world.last_tick = max(latest, self.workspace.world.last_tick)
        self._site.triggers.clear()
        self.responses.clear()
        self.pace.clear()
        self.workspace.notices.tell("reset")

    def reset(self) -> None:
        """Begin anew: the first world, no faults, an empty log, valid tokens."""
        self.faults.clear()
        self.traffic.clear()
        self._grants.spoil("")
        self.grant_scopes(self.app.scopes)
        self.restore(self._first)

    async def close(self) -> None:
        """Stop deliveries and wake whoever follows changes."""
        self.workspace.notices.close()
        await self.dispatcher.close()
        await self.sockets.close()
        await self._http.close()


def _grants(keys: Keys, app: App) -> Grants:
    return Grants(
        {
            keys.bot_token: Grant("bot", app.scopes),
            keys.app_token: Grant("app", frozenset({"connections:write"})),
        }
    )
