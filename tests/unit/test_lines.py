"""Lines to workspaces: looked up, remembered for a moment, given up when Slack says so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.model.deliveries import CannotLook, Delivery, DeliveryState, Sent, WorkspaceRefused
from bot.model.ids import HOME, ChannelId, DeliveryId, PostId, UserId, WorkspaceId
from bot.slack.clients import http_session, posting_client
from bot.slack.desk import Ways
from bot.slack.lines import KEPT, MOST_KEPT, ChatOfMany, Line, Lines
from bot.slack.people import Maintainers, Manners, People
from bot.slack.replies import Replies
from bot.workspaces import Installation, Keys, LockedError
from formatters.message import Message
from tests.fakes import NOON, FixedClock

RED, BLUE = WorkspaceId("T0RED"), WorkspaceId("T0BLUE")
SENT = Sent(ChannelId("C1"), "1.1")


class Book:
    """Installations in memory; counts how often it is asked."""

    def __init__(self, *installed: Installation) -> None:
        self.kept = {one.workspace: one for one in installed}
        self.locked: set[WorkspaceId] = set()
        self.asked = 0

    async def find(self, workspace: WorkspaceId) -> Installation | None:
        """The installation of a workspace."""
        self.asked += 1
        if workspace in self.locked:
            raise LockedError
        return self.kept.get(workspace)

    async def end(self, workspace: WorkspaceId, reason: str, at: datetime) -> bool:
        """Forget its tokens."""
        known = self.kept[workspace]
        if known.ended or known.installed_at > at:
            return False
        self.kept[workspace] = replace(known, keys=None, ended=reason)
        return True


class Mouth:
    """The chat of one workspace: gives the answer that it is told."""

    def __init__(self, answer=SENT) -> None:
        self.answer = answer

    async def post(self, _: Delivery):
        """Send."""
        return self.answer

    change = look = post


def installed(workspace: WorkspaceId = RED, token: str = "xoxb-1") -> Installation:
    """A workspace that installed the bot an hour ago."""
    return Installation(
        workspace,
        "",
        "",
        "B1",
        UserId("U1"),
        "",
        UserId("U2"),
        NOON - timedelta(hours=1),
        Keys(token),
    )


def a_row(workspace: WorkspaceId = RED) -> Delivery:
    """A row that is being sent."""
    return Delivery(
        DeliveryId("d"),
        1,
        PostId("weekly:a.md"),
        "r",
        ChannelId("C1"),
        0,
        "publish",
        Message("hello", ()),
        DeliveryState.SENDING,
        1,
        NOON,
        NOON,
        None,
        None,
        None,
        "",
        workspace=workspace,
    )


class Bench:
    """Lines over a book, with mouths that can be told what to say."""

    def __init__(self, session, *known: Installation, home: bool = False) -> None:
        self.session = session
        self.book = Book(*known)
        self.clock = FixedClock(NOON)
        self.mouth = Mouth()
        self.lines = Lines(
            self.book,  # type: ignore[arg-type]  # as much of it as lines need
            self.connect,
            home=self.line(HOME, "T0HOME", "xoxb-home") if home else None,
            clock=self.clock,
        )
        self.chat = ChatOfMany(self.lines, self.clock)

    def connect(self, one: Installation) -> Line:
        """A line of an installation."""
        assert one.keys
        return self.line(one.workspace, one.workspace, one.keys.bot)

    def line(self, workspace: WorkspaceId, team: str, token: str) -> Line:
        """A line with our mouth."""
        client = posting_client(token, "http://127.0.0.1:9/api/", self.session)
        people = People(client, Maintainers(frozenset()), Manners("en", "UTC"), self.clock)
        ways = Ways(client, Replies(self.session), people)
        return Line(workspace, team, "B1", UserId("U1"), self.mouth, client, ways)


@pytest.fixture
async def session():
    async with http_session() as session:
        yield session


async def test_an_installation_is_looked_up_once_in_a_while(session):
    """As long as its token stays, so does the line with its memory of people."""
    bench = Bench(session, installed())

    first = await bench.lines.of(RED)
    assert await bench.lines.of(RED) is first
    assert bench.book.asked == 1
    bench.clock.advance(seconds=KEPT.total_seconds())
    assert await bench.lines.of(RED) is first
    assert bench.book.asked == 2

    bench.book.kept[RED] = installed(token="xoxb-2")
    bench.clock.advance(seconds=KEPT.total_seconds())
    renewed = await bench.lines.of(RED)
    assert renewed is not None
    assert renewed.ways.client.token == "xoxb-2"


async def test_requests_find_their_workspace(session):
    """The bot's own by its team, others by theirs, those of an organisation by that."""
    bench = Bench(session, installed(), installed(WorkspaceId("E0ORG")), home=True)

    home = await bench.lines.of_request("", "T0HOME")
    assert home is bench.lines.home
    assert await bench.lines.of(WorkspaceId("T0HOME")) is home
    assert await bench.lines.of(HOME) is home
    red = await bench.lines.of_request("E0ORG", "T0RED")
    assert red is not None
    assert red.workspace == RED
    other = await bench.lines.of_request("E0ORG", "T0OTHER")
    assert other is not None
    assert other.workspace == "E0ORG"
    assert await bench.lines.of_request("", "T0BLUE") is None


async def test_a_bot_of_one_workspace_asks_nobody(session):
    """There is one line, whatever a request says."""
    bench = Bench(session)
    home = bench.line(HOME, "T0HOME", "xoxb-home")
    lines = Lines(None, bench.connect, home=home, clock=bench.clock)

    assert await lines.of_request("E1", "T0OTHER") is home
    assert await lines.of(RED) is None
    assert not await lines.over(RED, "app_uninstalled", NOON)


async def test_each_delivery_goes_to_its_own_workspace(session):
    """What is not installed is refused in place, without a call; a look waits."""
    bench = Bench(session, installed())

    assert await bench.chat.post(a_row()) == SENT
    assert await bench.chat.change(a_row()) == SENT
    assert await bench.chat.look(a_row()) == SENT
    refused = WorkspaceRefused("not_installed")
    assert await bench.chat.post(a_row(BLUE)) == refused
    assert await bench.chat.change(a_row(BLUE)) == refused
    look = await bench.chat.look(a_row(BLUE))
    assert isinstance(look, CannotLook)
    assert (look.code, look.wait is not None) == ("not_installed", True)


async def test_a_token_that_cannot_be_read_silences_its_workspace_alone(session):
    """The key may come back: nothing is forgotten."""
    bench = Bench(session, installed(), installed(BLUE))
    bench.book.locked.add(RED)

    assert await bench.chat.post(a_row()) == WorkspaceRefused("token_locked")
    assert await bench.chat.post(a_row(BLUE)) == SENT

    bench.book.locked.clear()
    bench.clock.advance(seconds=KEPT.total_seconds())
    assert await bench.chat.post(a_row()) == SENT


@pytest.mark.parametrize("code", ["account_inactive", "token_revoked"])
async def test_what_slack_gives_up_ends_without_its_event(session, code):
    """From then on no call is made; installing again is a new beginning."""
    bench = Bench(session, installed())
    bench.mouth.answer = WorkspaceRefused(code)

    assert await bench.chat.post(a_row()) == WorkspaceRefused(code)
    bench.mouth.answer = SENT
    assert await bench.chat.post(a_row()) == WorkspaceRefused(code)
    assert bench.book.kept[RED].ended == code

    bench.book.kept[RED] = installed(token="xoxb-2")
    bench.clock.advance(seconds=KEPT.total_seconds())
    assert await bench.chat.post(a_row()) == SENT


async def test_another_refusal_only_has_the_token_looked_up_anew(session):
    """It may have been renewed elsewhere; a missing scope is no end."""
    bench = Bench(session, installed())
    bench.mouth.answer = WorkspaceRefused("token_expired")

    await bench.chat.post(a_row())
    bench.book.kept[RED] = installed(token="xoxb-2")
    line = await bench.lines.of(RED)

    assert line is not None
    assert line.ways.client.token == "xoxb-2"


async def test_the_memory_of_lines_has_an_end(session):
    """Names that strangers make up fill nothing."""
    bench = Bench(session)
    for number in range(MOST_KEPT + 10):
        await bench.lines.of(WorkspaceId(f"T{number}"))

    assert len(bench.lines._known) == MOST_KEPT
