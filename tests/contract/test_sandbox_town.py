"""Slack's consent page and `oauth.v2.access`, as strict as the real ones."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from bot.sandbox import server
from bot.sandbox.shapes import Obj
from tests.fakes import NOON, FixedClock

BACK = "http://127.0.0.1:9/slack/oauth_redirect"
PERSON, TEAM = "U0PAT0001", "T0NEXT0001"


class Visitor:
    """A browser and an app beside a town."""

    def __init__(
        self, town: server.Town, clock: FixedClock, session: aiohttp.ClientSession
    ) -> None:
        self.town = town
        self.clock = clock
        self.session = session

    def page(self, **changes: str) -> str:
        """The address of the consent page."""
        asked = {
            "client_id": self.town.client.id,
            "scope": "chat:write,commands",
            "redirect_uri": BACK,
            "state": "s",
        }
        return f"{self.town.home.url}/oauth/v2/authorize?{urlencode(asked | changes)}"

    async def agrees(self) -> str:
        """Let the app in; answers the code."""
        form = {"team": TEAM, "answer": "allow"}
        async with self.session.post(self.page(), data=form, allow_redirects=False) as given:
            back = urlsplit(given.headers["Location"])
        assert parse_qs(back.query)["state"] == ["s"]
        return parse_qs(back.query)["code"][0]

    async def calls(self, method: str, token: str = "", **form: str) -> Obj:
        """Call a method; `oauth.v2.access` with the app's own credentials."""
        own = {"client_id": self.town.client.id, "client_secret": self.town.client.secret}
        data = own | form if method == "oauth.v2.access" else form
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.town.home.api_url}{method}"
        async with self.session.post(url, data=data, headers=headers) as answer:
            said: Obj = await answer.json()
            return said


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A town with one neighbour, whose app comes back to one address."""
    clock = FixedClock(NOON)
    async with (
        server.running_town(neighbours=1, clock=clock.now, pace=False) as town,
        aiohttp.ClientSession() as session,
    ):
        town.client = server.Client(redirects=(BACK,))
        yield Visitor(town, clock, session)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{BACK}.evil.example"}, "bad_redirect_uri"),
        ({"scope": ""}, "no_scopes"),
    ],
)
async def test_a_bad_request_for_consent_sends_nobody_anywhere(visitor, changes, error):
    """It is shown, and refused when it is answered all the same."""
    url = visitor.page(**changes)
    async with visitor.session.get(url) as page:
        assert (page.status, error in await page.text()) == (400, True)
    async with visitor.session.post(url, data={"answer": "allow"}) as given:
        assert given.status == 400


async def test_a_code_gives_a_token_of_its_workspace_once(visitor):
    """The token speaks there and nowhere else; the log has neither code nor token."""
    code = await visitor.agrees()
    granted = await visitor.calls("oauth.v2.access", code=code, redirect_uri=BACK)
    again = await visitor.calls("oauth.v2.access", code=code, redirect_uri=BACK)

    assert (granted["ok"], granted["team"]["id"]) == (True, TEAM)
    assert again["error"] == "code_already_used"
    who = await visitor.calls("auth.test", granted["access_token"])
    assert (who["team_id"], who["user_id"]) == (TEAM, "U0BOT0001")
    log = repr(visitor.town.home.traffic.calls("oauth.v2.access"))
    for secret in (code, granted["access_token"], visitor.town.client.secret):
        assert secret not in log


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"code": "none", "redirect_uri": BACK}, "invalid_code"),
        ({"redirect_uri": f"{BACK}/other"}, "bad_redirect_uri"),
        ({"client_id": "other"}, "invalid_client_id"),
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_refresh_token"),
    ],
)
async def test_what_does_not_fit_is_refused_by_slacks_words(visitor, form, error):
    """And the code stays good."""
    code = await visitor.agrees()
    given = {"code": code, "redirect_uri": BACK}

    assert (await visitor.calls("oauth.v2.access", **(given | form)))["error"] == error
    assert (await visitor.calls("oauth.v2.access", **given))["ok"] is True


async def test_a_code_lives_ten_minutes(visitor):
    """Then somebody has to agree again."""
    code = await visitor.agrees()
    visitor.clock.advance(minutes=10)

    said = await visitor.calls("oauth.v2.access", code=code, redirect_uri=BACK)

    assert said["error"] == "invalid_code"


async def test_the_app_may_say_who_it_is_in_a_header(visitor):
    """As HTTP's own Basic."""
    code = await visitor.agrees()
    client = visitor.town.client
    who = b64encode(f"{client.id}:{client.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {who}"}
    url = f"{visitor.town.home.api_url}oauth.v2.access"
    form = {"code": code, "redirect_uri": BACK}
    async with visitor.session.post(url, data=form, headers=headers) as answer:
        assert (await answer.json())["ok"] is True


async def test_tokens_that_rotate_expire_and_are_refreshed_once(visitor):
    """The old one goes on until its time; a refresh token is used up."""
    visitor.town.rotates = True
    code = await visitor.agrees()
    first = await visitor.calls("oauth.v2.access", code=code, redirect_uri=BACK)
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    visitor.clock.advance(hours=11)
    second = await visitor.calls("oauth.v2.access", **form)
    assert (await visitor.calls("oauth.v2.access", **form))["error"] == "invalid_refresh_token"
    assert (await visitor.calls("auth.test", first["access_token"]))["ok"] is True

    visitor.clock.advance(hours=1)

    old = await visitor.calls("auth.test", first["access_token"])
    new = await visitor.calls("auth.test", second["access_token"])
    assert (old["error"], new["ok"]) == ("token_expired", True)
    assert second["expires_in"] == timedelta(hours=12).total_seconds()


async def test_an_app_that_is_taken_out_is_silent_there_alone(visitor):
    """The other workspace goes on."""
    code = await visitor.agrees()
    granted = await visitor.calls("oauth.v2.access", code=code, redirect_uri=BACK)

    visitor.town.of(TEAM).uninstall()

    gone = await visitor.calls("auth.test", granted["access_token"])
    there = await visitor.calls("auth.test", visitor.town.home.bot_token)
    assert (gone["error"], there["ok"]) == ("account_inactive", True)
