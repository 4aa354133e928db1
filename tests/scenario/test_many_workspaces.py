"""Many workspaces: let in by OAuth, subscribed in Slack, none of them slowing another."""

import os
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from pydantic import SecretStr

from bot.archive import new_key, open_archive
from bot.cli import upkeep
from bot.cli.setup import slack, workspaces
from bot.model.deliveries import DeliveryState
from bot.model.ids import HOME, ChannelId, PostId, WorkspaceId
from bot.reception import renewal_of
from bot.sandbox import server
from bot.sandbox.faults import Rule
from bot.sandbox.sandbox import Sandbox
from bot.slack.connection import connected
from config.settings import ChannelSettings, Settings
from tests.fakes import NOON, FixedClock
from tests.stage import WEEKLY, Stage, until

HOUR = timedelta(hours=1)


@dataclass
class Street(Stage):
    """A stage with neighbours, and browsers in front of it."""

    town: server.Town = field(kw_only=True)

    def neighbour(self, number: int) -> Sandbox:
        """One of them, counted from 1."""
        return self.town.homes[number]

    @property
    def address(self) -> str:
        """The bot's own."""
        return self.settings.address

    def news(self, number: int) -> str:
        """The id of a neighbour's channel."""
        return f"C0NEWS{number:04}"

    def seen(self, number: int, channel: str = "") -> list[str]:
        """First lines of what stands in a neighbour's channel from the bot."""
        person = f"U0PAT{number:04}"
        shown = self.neighbour(number).sight.timeline(person, channel or self.news(number))
        return [str(m["text"]).splitlines()[0] for m in shown if not m["ephemeral"]]

    def whispered(self, number: int, channel: str = "") -> str:
        """The last thing that only the person in a neighbour's channel sees."""
        person = f"U0PAT{number:04}"
        shown = self.neighbour(number).sight.timeline(person, channel or self.news(number))
        return next((str(m["text"]) for m in reversed(shown) if m["ephemeral"]), "")

    async def types(self, number: int, text: str, channel: str = "") -> str:
        """Type a command in a neighbour's channel; answers what comes of it."""
        before = self.whispered(number, channel)
        person, where = f"U0PAT{number:04}", channel or self.news(number)
        await self.neighbour(number).control.slash(person, where, text)
        await until(lambda: self.whispered(number, channel) not in {"", before})
        return self.whispered(number, channel)

    async def archive(self, *keys: str):
        """The archive, beside the bot."""
        url = self.settings.database_url.get_secret_value()
        return await open_archive(url, keys=keys or self.settings.encryption_keys)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """Three neighbours beside the bot's own workspace."""
    async with street_of(tmp_path) as made:
        yield made


def quiet_port() -> int:
    """A free port below those that the system hands out, so that it is still free when it is used.

    Others who test at the same time begin elsewhere: their process has another number.
    """
    first = os.getpid() * 7 % 8000
    for number in range(8000):
        with (
            suppress(OSError),
            socket.create_server(("127.0.0.1", 20_000 + (first + number) % 8000)) as free,
        ):
            return int(free.getsockname()[1])
    pytest.fail("no free port")


@asynccontextmanager
async def street_of(tmp_path: Path, *, home: bool = True) -> AsyncIterator[Street]:
    """The same, on wish without a workspace of the bot's own."""
    clock, posts = FixedClock(NOON), tmp_path / "posts"
    posts.mkdir()
    port = quiet_port()
    async with server.running_town(neighbours=3, clock=clock.now, pace=False, seed=7) as town:
        address = f"http://127.0.0.1:{port}"
        town.client = server.Client(redirects=(f"{address}/slack/oauth_redirect",))
        way = {
            "api_url": town.home.api_url,
            "signing_secret": town.home.signing_secret,
            "client_id": town.client.id,
            "client_secret": town.client.secret,
        }
        own = {"bot_token": town.home.bot_token} if home else {}
        settings = Settings.model_validate(
            {
                "site": {"name": "Lanternfish", "url": "https://site.example"},
                "sources": [{"id": "weekly", "path": posts, "every": HOUR}],
                "publish": {"settle": "0s"},
                "channels": [{"id": WEEKLY}] if home else [],
                "data": tmp_path / "data",
                "address": address,
                "port": port,
                "encryption_key": new_key(),
                "slack": way | own,
            }
        )
        yield Street(town.home, settings, clock, posts, town=town)


@dataclass
class Browser:
    """A person's browser: keeps cookies, follows no redirect by itself."""

    session: aiohttp.ClientSession
    street: Street

    async def sets_out(self) -> str:
        """Open the page for installing; answers where it leads."""
        url = f"{self.street.address}/slack/install"
        async with self.session.get(url, allow_redirects=False) as answer:
            assert answer.status == 302
            return answer.headers["Location"]

    async def answers(self, consent: str, number: int, answer: str = "allow") -> str:
        """Answer Slack's question for a neighbour; answers where it leads."""
        async with self.session.get(consent) as page:
            assert page.status == 200, await page.text()
        form = {"team": f"T0NEXT{number:04}", "answer": answer}
        async with self.session.post(consent, data=form, allow_redirects=False) as given:
            assert given.status == 302
            return given.headers["Location"]

    async def opens(self, url: str, language: str = "en") -> tuple[int, str]:
        """Open a page; answers status and words."""
        headers = {"Accept-Language": language}
        async with self.session.get(url, headers=headers) as answer:
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status, await answer.text()

    async def installs(self, number: int) -> tuple[int, str]:
        """All three steps."""
        return await self.opens(await self.answers(await self.sets_out(), number))


@asynccontextmanager
async def browsing(street: Street) -> AsyncIterator[Browser]:
    """Open a browser."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(session, street)


async def settled(street: Street, *numbers: int) -> None:
    """Install in some neighbours, and subscribe their channels."""
    async with street.serving(), browsing(street) as browser:
        for number in numbers:
            status, _ = await browser.installs(number)
            assert status == 200
            said = await street.types(number, "/digest subscribe card")
            assert "new posts from now on" in said


async def test_a_workspace_installs_subscribes_and_gets_what_comes(street: Street):
    """Beside the channels of the settings, in its own style; its name is on the page."""
    street.write("weekly-1")
    async with street.bot() as bot:
        await street.round(bot)
    async with street.serving(), browsing(street) as browser:
        status, page = await browser.installs(1)
        assert (status, "Digestbot is in Neighbour 1 now" in page) == (200, True)
        assert "gets no posts by itself" in await street.types(1, "/digest settings")
        assert "new posts from now on" in await street.types(1, "/digest subscribe card")
        assert "Style: card" in await street.types(1, "/digest settings")

    street.write("weekly-2")
    async with street.bot() as bot:
        await street.round(bot)

    assert street.seen(1) == ["Weekly weekly-2"]
    assert street.titles(WEEKLY) == ["Weekly weekly-2"]
    archive = await street.archive()
    rows = await archive.desk.deliveries(PostId("weekly:weekly-2/index.md"))
    assert {row.workspace for row in rows} == {HOME, WorkspaceId("T0NEXT0001")}
    await archive.close()


async def test_an_operator_pauses_a_channel_that_subscribed_in_another_workspace(
    street: Street,
):
    """By its id alone; and resumes it."""
    await settled(street, 1)
    archive, channel = await street.archive(), ChannelId(street.news(1))

    await upkeep.paused(street.settings, archive, channel=channel)
    (pause,) = await archive.changes.pauses()
    await upkeep.resumed(street.settings, archive, channel=channel)

    assert (pause.workspace, pause.channel) == ("T0NEXT0001", channel)
    assert await archive.changes.pauses() == ()
    await archive.close()


async def test_one_that_is_revoked_and_one_that_is_limited_slow_no_third(street: Street):
    """The third has the post in the same round; nothing is lost, nothing comes twice.

    The limited one has it after its wait, the revoked one once it has installed the bot again.
    """
    await settled(street, 1, 2, 3)
    street.write("weekly-1")
    async with street.bot() as bot:
        await street.round(bot)
        assert [street.seen(number) for number in (1, 2, 3)] == [["Weekly weekly-1"]] * 3

    street.write("weekly-2")
    revoked, limited = street.neighbour(1), street.neighbour(2)
    revoked.app.events = frozenset()  # Slack's word of it is lost, too
    revoked.uninstall()
    limited.faults.add(Rule("ratelimited", channel=street.news(2), retry_after="600", times=1))
    async with street.bot() as bot:
        began = street.clock.now()
        await street.round(bot)
        assert street.clock.now() - began < timedelta(minutes=1)
        assert street.seen(3) == ["Weekly weekly-1", "Weekly weekly-2"]
        assert street.titles(WEEKLY)[-1] == "Weekly weekly-2"
        assert street.seen(1) == street.seen(2) == ["Weekly weekly-1"]

        street.clock.advance(minutes=11)
        await street.round(bot)
        assert street.seen(2) == ["Weekly weekly-1", "Weekly weekly-2"]
    calls = len(revoked.traffic.calls("chat.postMessage"))

    async with street.serving(), browsing(street) as browser:
        street.clock.advance(minutes=30)
        assert len(revoked.traffic.calls("chat.postMessage")) == calls
        await browser.installs(1)
    async with street.bot() as bot:
        street.clock.advance(minutes=31)
        await street.round(bot)
    for number in (1, 2, 3):
        assert street.seen(number) == ["Weekly weekly-1", "Weekly weekly-2"]


async def test_slacks_word_of_an_uninstalling_ends_it(
    street: Street, caplog: pytest.LogCaptureFixture
):
    """The tokens are forgotten, the subscription waits for a return, and commands are told."""
    await settled(street, 1)
    async with street.serving():
        street.neighbour(1).uninstall()
        await until(lambda: "workspace.ended" in caplog.text)
        person, where = "U0PAT0001", street.news(1)
        await street.neighbour(1).control.slash(person, where, "/digest help")
        assert "install it again" in street.whispered(1)

    archive = await street.archive()
    found = await archive.installations.find(WorkspaceId("T0NEXT0001"))
    assert found is not None
    assert (found.keys, found.ended in {"app_uninstalled", "tokens_revoked"}) == (None, True)
    assert len(await archive.subscriptions.all()) == 1
    await archive.close()

    street.write("weekly-1")
    async with street.bot() as bot:
        await street.round(bot)
    archive = await street.archive()
    rows = await archive.desk.deliveries(PostId("weekly:weekly-1/index.md"))
    assert {row.workspace for row in rows} == {HOME}
    await archive.close()


async def test_who_says_no_installs_nothing(street: Street):
    """In the language of the browser."""
    async with street.serving(), browsing(street) as browser:
        back = await browser.answers(await browser.sets_out(), 1, "deny")
        assert "error=access_denied" in back
        status, page = await browser.opens(back, "zh-CN,zh;q=0.9")

    assert (status, "没有安装" in page) == (200, True)
    archive = await street.archive()
    assert await archive.installations.all() == ()
    await archive.close()


async def test_a_way_back_is_good_once_and_in_the_browser_that_set_out(street: Street):
    """Not twice, not elsewhere, not with a made-up state or none, not after ten minutes."""
    async with street.serving(), browsing(street) as browser, browsing(street) as other:
        back = await browser.answers(await browser.sets_out(), 1)
        assert (await other.opens(back))[0] == 400
        assert (await browser.opens(back))[0] == 200
        assert (await browser.opens(back))[0] == 400

        plain = back.partition("?")[0]
        for query in ("", "?code=1", "?code=1&state=", "?code=1&state=%ff", "?state=a.b.c"):
            assert (await browser.opens(plain + query))[0] == 400

        late = await browser.answers(await browser.sets_out(), 2)
        street.clock.advance(minutes=10)
        assert (await browser.opens(late))[0] == 400
    archive = await street.archive()
    assert [one.workspace for one in await archive.installations.all()] == ["T0NEXT0001"]
    await archive.close()


async def test_a_state_that_we_did_not_sign_is_refused(street: Street):
    """Also when the cookie says the same: whoever can set cookies cannot sign."""
    async with street.serving(), browsing(street) as browser:
        back = await browser.answers(await browser.sets_out(), 1)
        query = parse_qs(urlsplit(back).query)
        forged = re.sub(r"[0-9a-f]$", lambda m: "0" if m[0] != "0" else "1", query["state"][0])
        url = f"{street.address}/slack/oauth_redirect?code={query['code'][0]}&state={forged}"
        cookie = {"Cookie": f"digestbot_install={forged}"}
        async with aiohttp.ClientSession() as bare, bare.get(url, headers=cookie) as answer:
            assert answer.status == 400


async def test_what_slack_refuses_is_said_plainly_and_without_secrets(
    street: Street, caplog: pytest.LogCaptureFixture
):
    """A used code, a wrong address, another client: the log has Slack's word, the page none."""
    async with street.serving(), browsing(street) as browser:
        for code in ("invalid_code", "bad_redirect_uri", "bad_client_secret"):
            street.slack.faults.add(Rule("error", "oauth.v2.access", error=code, times=1))
            status, page = await browser.installs(1)
            assert (status, code in page) == (400, False)
            assert f"reason={code}" in caplog.text
    assert street.town.client.secret not in caplog.text
    assert "xoxb-" not in caplog.text


async def test_the_way_out_names_our_own_address_only(street: Street):
    """Neither a Host header nor a query changes where people are sent."""
    async with street.serving(), browsing(street) as browser:
        url = f"{street.address}/slack/install?redirect_uri=https://evil.example"
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        async with browser.session.get(url, headers=headers, allow_redirects=False) as answer:
            where = urlsplit(answer.headers["Location"])
            cookie = answer.headers["Set-Cookie"]

    asked = parse_qs(where.query)
    assert where.netloc == urlsplit(street.slack.url).netloc
    assert asked["redirect_uri"] == [f"{street.address}/slack/oauth_redirect"]
    assert "chat:write" in asked["scope"][0].split(",")
    for word in ("HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/slack/oauth_redirect"):
        assert word in cookie


async def test_the_bots_own_workspace_cannot_be_taken_over(street: Street):
    """It has its token from the operator: a second one is turned away."""
    async with street.serving(), browsing(street) as browser:
        consent = await browser.sets_out()
        form = {"team": "T0LANTERN", "answer": "allow"}
        async with browser.session.post(consent, data=form, allow_redirects=False) as given:
            back = given.headers["Location"]
        status, page = await browser.opens(back)

    assert (status, "already" in page) == (409, True)


async def test_an_invitation_is_answered_with_how_to_subscribe(street: Street):
    """For who invites alone; in a private channel it is what lets the bot subscribe."""
    shut = "C0SHUT0001"
    async with street.serving(), browsing(street) as browser:
        await browser.installs(1)
        assert "/invite @digestbot" in await street.types(1, "/digest subscribe", shut)
        street.neighbour(1).admin.invite(shut, by="U0PAT0001")
        await until(lambda: "/digest subscribe changes that" in street.whispered(1, shut))
        assert "from now on" in await street.types(1, "/digest subscribe", shut)
        assert "no new posts any more" in await street.types(1, "/digest unsubscribe", shut)


async def test_neighbours_are_no_maintainers(street: Street):
    """Whoever has the same id elsewhere, or is an admin there, has no say over the digest."""
    settings = street.settings.model_copy(
        update={
            "maintainers": street.settings.maintainers.model_copy(
                update={"users": ("U0PAT0001",)}
            )
        }
    )
    street.settings = settings
    async with street.serving(), browsing(street) as browser:
        await browser.installs(1)
        assert "Only maintainers" in await street.types(1, "/digest status")


async def test_tokens_that_expire_are_renewed_ahead(tmp_path: Path):
    """Before they are too old; the bot goes on speaking, and a refresh token is used once."""
    async with street_of(tmp_path, home=False) as street:
        street.town.rotates = True
        await settled(street, 1)
        for _ in range(3):
            street.clock.advance(hours=11)
            street.write("weekly-1", title=f"Weekly {street.clock.now():%d%H}")
            async with street.bot() as bot:
                await street.round(bot)
        assert len(street.seen(1)) == 1

        archive = await street.archive()
        line = connected(street.settings, street.clock, archive.installations)
        async with line as ways:
            renewal = renewal_of(ways, street.settings, archive.installations, street.clock)
            assert await renewal.renew() == 0
            street.clock.advance(hours=11)
            street.slack.faults.add(
                Rule("error", "oauth.v2.access", error="invalid_refresh_token", times=1)
            )
            assert await renewal.renew() == 0
            street.clock.advance(minutes=3)
            assert await renewal.renew() == 1
        await archive.close()


async def test_a_lost_key_silences_its_workspace_alone(street: Street):
    """The others get the post; nothing of the locked one is lost."""
    await settled(street, 1)
    street.settings = street.settings.model_copy(
        update={"encryption_key": SecretStr(new_key())}
    )
    await settled(street, 2)
    street.write("weekly-1")

    async with street.bot() as bot:
        await street.round(bot)

    assert (street.seen(1), street.seen(2)) == ([], ["Weekly weekly-1"])
    archive = await street.archive()
    rows = await archive.desk.deliveries(PostId("weekly:weekly-1/index.md"))
    left = [row for row in rows if row.workspace == "T0NEXT0001"]
    assert {row.state for row in left} == {DeliveryState.PLANNED}
    await archive.close()


async def test_a_channel_of_the_settings_may_be_in_another_workspace(street: Street):
    """The bot goes there by itself; in Slack nobody can change what it gets."""
    named = ChannelSettings(id=street.news(1), workspace="T0NEXT0001", style="card")
    street.settings = street.settings.model_copy(
        update={"channels": (*street.settings.channels, named)}
    )
    async with street.serving(), browsing(street) as browser:
        await browser.installs(1)
    async with street.serving():
        channel = street.neighbour(1).workspace.world.channels[street.news(1)]
        await until(lambda: "U0BOT0001" in channel.members)
        assert "settings of the operator" in await street.types(1, "/digest subscribe")

    street.write("weekly-1")
    async with street.bot() as bot:
        await street.round(bot)

    assert street.seen(1) == ["Weekly weekly-1"]


async def test_tokens_of_people_are_none_of_the_bots(street: Street):
    """Slack tells of them in the same event; the bot goes on."""
    await settled(street, 1)
    async with street.serving():
        revoked = {"oauth": ["U0PAT0001"], "bot": []}
        street.neighbour(1).workspace.happen("tokens_revoked", tokens=revoked)
        await street.neighbour(1).dispatcher.settled()
        assert "Sources: all" in await street.types(1, "/digest settings")

    archive = await street.archive()
    assert [one.ended for one in await archive.installations.all()] == [""]
    await archive.close()


async def test_check_tells_of_the_workspaces_and_of_a_missing_key(street: Street):
    """How many there are, and what to do where their tokens cannot be read."""
    assert await workspaces(street.settings) == (True, "workspaces: none yet")
    await settled(street, 1)
    assert await slack(street.settings) == (True, "slack: Lanternfish 灯笼鱼 as U0DIGESTB")
    good, words = await workspaces(street.settings)
    assert (good, words) == (True, "workspaces: 1 installed, 0 not any more")

    other = SecretStr(new_key())
    good, words = await workspaces(street.settings.model_copy(update={"encryption_key": other}))

    assert (good, "old key" in words) == (False, True)


async def test_two_workspaces_that_share_a_channel_get_a_post_once(street: Street):
    """With Slack Connect it is one channel: who subscribed first has it."""
    await settled(street, 1, 2)
    archive = await street.archive()
    first, second = await archive.subscriptions.all()
    await archive.subscriptions.save(replace(second, channel=first.channel))
    await archive.close()

    street.write("weekly-1")
    async with street.bot() as bot:
        await street.round(bot)

    assert street.seen(1) == ["Weekly weekly-1"]
    archive = await street.archive()
    rows = await archive.desk.deliveries(PostId("weekly:weekly-1/index.md"))
    assert [row.workspace for row in rows if row.channel == first.channel] == ["T0NEXT0001"]
    await archive.close()
