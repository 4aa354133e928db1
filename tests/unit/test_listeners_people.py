"""Who asks: looked up, remembered, and never a reason to answer late."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.ids import UserId
from bot.slack.clients import http_session, reading_client
from bot.slack.identity import SlackRefusedError, identity
from bot.slack.people import GROUP_KEPT, PERSON_KEPT, Maintainers, Manners, People
from bot.slack.tasks import Tasks
from tests.answer_fakes import NOW, FakeClock
from tests.slack_wire import FakeSlack, holds, mumbles, says

TOKEN = "xoxb-made-up"
ADA = UserId("UADA")


@pytest.fixture
async def slack():
    async with FakeSlack.running() as server:
        yield server


@pytest.fixture
async def client(slack):
    async with http_session() as session:
        yield reading_client(TOKEN, slack.api_url, session)


def people(client, clock=None, maintainers=None) -> People:
    """People of a Chinese site."""
    return People(
        client,
        maintainers or Maintainers(frozenset()),
        Manners("zh", "Asia/Shanghai"),
        clock or FakeClock(),
    )


# ------------------------------------------------------------------ manners


@pytest.mark.parametrize(
    ("user", "language", "zone"),
    [
        ({"locale": "zh-CN", "tz": "Asia/Shanghai"}, "zh", "Asia/Shanghai"),
        ({"locale": "zh-TW", "tz": "Asia/Taipei"}, "zh", "Asia/Taipei"),
        ({"locale": "en-GB", "tz": "Europe/London"}, "en", "Europe/London"),
        ({"locale": "de-DE", "tz": "Moon/Crater"}, "en", "Asia/Shanghai"),
        ({"locale": "", "tz": None}, "zh", "Asia/Shanghai"),
        ({}, "zh", "Asia/Shanghai"),
        ("strange", "zh", "Asia/Shanghai"),
    ],
)
async def test_a_person_has_a_language_and_a_zone(slack, client, user, language, zone):
    """What Slack does not tell, the site lends."""
    slack.will("users.info", says(ok=True, user=user))
    person = await people(client).person(ADA)
    assert (person.language, person.zone) == (language, zone)
    assert slack.calls("users.info")[0]["include_locale"] in {"1", "true"}


async def test_a_person_is_remembered_for_an_hour(slack, client):
    """And then asked for again: people move and change their language."""
    clock = FakeClock()
    slack.will("users.info", says(ok=True, user={"locale": "en-US"}))
    known = people(client, clock)
    await known.person(ADA)
    clock.at = NOW + PERSON_KEPT - timedelta(seconds=1)
    await known.person(ADA)
    assert len(slack.calls("users.info")) == 1
    clock.at = NOW + PERSON_KEPT
    await known.person(ADA)
    assert len(slack.calls("users.info")) == 2


@pytest.mark.parametrize(
    "answer",
    [
        says(ok=False, error="user_not_found"),
        says(429, ok=False, error="ratelimited"),
        mumbles("<h1>no</h1>"),
    ],
    ids=["gone", "busy", "html"],
)
async def test_a_person_who_cannot_be_looked_up_is_spoken_to_as_the_site_speaks(
    slack, client, answer
):
    """And is looked up again half a minute later."""
    clock = FakeClock()
    slack.will("users.info", answer, says(ok=True, user={"locale": "en-US"}))
    known = people(client, clock)
    assert (await known.person(ADA)).language == "zh"
    clock.at = NOW + timedelta(seconds=31)
    assert (await known.person(ADA)).language == "en"


async def test_a_slow_slack_does_not_hold_up_an_answer(slack, client):
    """After two seconds the site's manners stand in."""
    never = asyncio.Event()
    slack.will("users.info", holds(never.wait))
    person = await people(client).person(ADA)
    never.set()
    assert person.language == "zh"


async def test_the_memory_of_people_has_an_end(slack, client):
    """A large workspace does not fill the machine."""
    slack.will("users.info", says(ok=True, user={"locale": "en-US"}))
    known = People(
        client, Maintainers(frozenset()), Manners("zh", "UTC"), FakeClock(), most_kept=1
    )
    for user in ("U1", "U2", "U1"):
        await known.person(UserId(user))
    assert len(slack.calls("users.info")) == 3


# ------------------------------------------------------------------ rights


async def test_a_named_user_is_a_maintainer(slack, client):
    """Without asking Slack for any group."""
    slack.will("users.info", says(ok=True, user={}))
    known = people(client, maintainers=Maintainers(frozenset({ADA}), "S1"))
    assert (await known.person(ADA)).maintainer
    assert slack.calls("usergroups.users.list") == []


async def test_rights_are_read_again_after_five_minutes(slack, client):
    """Who left the group is no maintainer any more."""
    clock = FakeClock()
    slack.will("users.info", says(ok=True, user={}))
    slack.will("usergroups.users.list", says(ok=True, users=["UADA"]), says(ok=True, users=[]))
    known = people(client, clock, Maintainers(frozenset(), "S1"))
    assert (await known.person(ADA)).maintainer
    clock.at = NOW + GROUP_KEPT - timedelta(seconds=1)
    assert (await known.person(ADA)).maintainer
    clock.at = NOW + GROUP_KEPT
    assert not (await known.person(ADA)).maintainer


async def test_a_group_that_cannot_be_read_makes_nobody_a_maintainer(slack, client):
    """Rights are not guessed."""
    slack.will("users.info", says(ok=True, user={}))
    slack.will("usergroups.users.list", says(ok=False, error="missing_scope"))
    known = people(client, maintainers=Maintainers(frozenset(), "S1"))
    assert not (await known.person(ADA)).maintainer


async def test_without_a_group_nobody_else_is_a_maintainer(slack, client):
    """An empty setting gives no rights."""
    slack.will("users.info", says(ok=True, user={}))
    assert not (await people(client).person(ADA)).maintainer


# ------------------------------------------------------------------ the bot itself


async def test_the_bot_knows_itself_and_what_it_lacks(slack, client):
    """Missing scopes are told with what they are for."""
    slack.will(
        "auth.test",
        says(
            headers={
                "x-oauth-scopes": "chat:write, commands,users:read,channels:history,im:write,im:history"
            },
            ok=True,
            team="Lanternfish",
            team_id="T1",
            url="https://x.example/",
            user_id="UBOT",
            bot_id="B1",
        ),
    )
    me = await identity(client)
    assert (me.team_id, me.user_id, me.bot_id) == ("T1", "UBOT", "B1")
    (lacking,) = me.lacking()
    assert "groups:history" in lacking
    assert replace(me, scopes=frozenset()).lacking() == ()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says(ok=False, error="invalid_auth"), "invalid_auth.*OAuth & Permissions"),
        (says(ok=False, error="account_inactive"), "install it again"),
        (says(ok=False, error="novelty"), "docs.slack.dev"),
        (mumbles("<h1>proxy</h1>", status=407), "HTTP 407"),
    ],
)
async def test_a_refused_token_is_explained(slack, client, answer, words):
    """The operator reads what to do; the token is not among the words."""
    slack.will("auth.test", answer)
    with pytest.raises(SlackRefusedError, match=words) as caught:
        await identity(client)
    assert TOKEN not in str(caught.value)


# ------------------------------------------------------------------ tasks


async def test_tasks_are_waited_for():
    """What runs is brought to its end."""
    tasks, done = Tasks(), []

    async def work() -> None:
        done.append("done")

    tasks.start(work())
    assert await tasks.drain(timedelta(seconds=5))
    assert done == ["done"]
    assert await tasks.drain(timedelta(seconds=5))


async def test_a_task_that_takes_too_long_is_cut_off():
    """A stopping bot stops."""
    tasks, never = Tasks(), asyncio.Event()

    async def work() -> None:
        await never.wait()

    tasks.start(work())
    assert not await tasks.drain(timedelta(seconds=0.01))
    assert len(tasks) == 0


async def test_a_failing_task_is_logged(caplog):
    """No failure is lost because nobody waited for it."""
    tasks = Tasks()

    async def work() -> None:
        raise RuntimeError("oops")

    tasks.start(work())
    assert await tasks.drain(timedelta(seconds=5))
    assert "listener.failed" in caplog.text
