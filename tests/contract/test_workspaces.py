"""Installations and subscriptions, on every database that they can live in."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.archive import Archive, ArchiveError, migrate, new_key, open_archive
from bot.model.ids import ChannelId, UserId, WorkspaceId
from bot.workspaces import Installation, Keys, Subscription
from tests.fakes import NOON

FIRST, SECOND = new_key(), new_key()
RED, BLUE = WorkspaceId("T0RED"), WorkspaceId("T0BLUE")
HOUR = timedelta(hours=1)
RED_KEYS = Keys("xoxe.xoxb-red", "xoxe-1-red", NOON + 12 * HOUR)


def an_installation(workspace: WorkspaceId = RED, keys: Keys | None = RED_KEYS) -> Installation:
    """A workspace that installed the bot at noon."""
    return Installation(
        workspace, "Red", "E1", "B1", UserId("UBOT"), "chat:write", UserId("U1"), NOON, keys
    )


def a_subscription(channel: str = "C1", **wishes: object) -> Subscription:
    """A channel of Red that takes everything since noon."""
    subscription = Subscription(
        RED, ChannelId(channel), (), "thread", "", (), UserId("U1"), NOON
    )
    return replace(subscription, **wishes)  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    url = f"sqlite:///{tmp_path}/digest.db"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    await migrate(url)
    return url


@pytest.fixture
async def archive(url: str) -> AsyncIterator[Archive]:
    """The archive over it, with one key."""
    archive = await open_archive(url, keys=[FIRST])
    yield archive
    await archive.close()


async def test_what_was_installed_is_found_again(archive: Archive):
    """With its keys by its workspace, without them in the list."""
    await archive.installations.save(an_installation())

    assert await archive.installations.find(RED) == an_installation()
    assert await archive.installations.find(BLUE) is None
    assert await archive.installations.all() == (an_installation(keys=None),)


async def test_installing_again_replaces_the_keys(archive: Archive):
    """There is one installation of a workspace; the newest one counts, ended ones come back."""
    await archive.installations.save(an_installation())
    await archive.installations.end(RED, "app_uninstalled", NOON)
    again = replace(an_installation(), keys=Keys("xoxb-new"), installed_at=NOON + HOUR)

    await archive.installations.save(again)

    assert await archive.installations.find(RED) == again


async def test_an_end_forgets_the_tokens_once(archive: Archive):
    """Told twice or of a stranger, it says that nothing was done."""
    await archive.installations.save(an_installation())

    assert await archive.installations.end(RED, "tokens_revoked", NOON + HOUR)
    assert not await archive.installations.end(RED, "app_uninstalled", NOON + HOUR)
    assert not await archive.installations.end(BLUE, "app_uninstalled", NOON + HOUR)

    ended = replace(an_installation(keys=None), ended="tokens_revoked")
    assert await archive.installations.find(RED) == ended
    assert await archive.installations.due(NOON + 24 * HOUR) == ()


async def test_news_of_an_older_end_is_no_end(archive: Archive):
    """Slack may tell an uninstalling after the workspace has installed the bot again."""
    await archive.installations.save(an_installation())

    assert not await archive.installations.end(RED, "app_uninstalled", NOON - HOUR)

    assert await archive.installations.find(RED) == an_installation()


async def test_a_token_is_renewed_by_one_at_a_time(archive: Archive):
    """Whoever died over it gives way to another after a while."""
    await archive.installations.save(an_installation())
    assert await archive.installations.due(NOON + 12 * HOUR) == ()
    assert await archive.installations.due(NOON + 13 * HOUR) == (RED,)

    assert await archive.installations.reserve(RED, NOON, NOON + HOUR)
    assert not await archive.installations.reserve(RED, NOON, NOON + HOUR)
    assert await archive.installations.reserve(RED, NOON + HOUR, NOON + 2 * HOUR)

    new = Keys("xoxe.xoxb-2", "xoxe-2", NOON + 24 * HOUR)
    assert await archive.installations.renew(RED, RED_KEYS, new)
    assert not await archive.installations.renew(RED, RED_KEYS, new)
    found = await archive.installations.find(RED)
    assert found is not None
    assert found.keys == new
    assert await archive.installations.reserve(RED, NOON, NOON + HOUR)


async def test_a_renewal_of_nothing_is_refused(archive: Archive):
    """The workspace may have uninstalled the bot meanwhile."""
    assert not await archive.installations.renew(BLUE, RED_KEYS, Keys("xoxb-2"))
    assert not await archive.installations.reserve(BLUE, NOON, NOON + HOUR)


async def test_keys_can_be_changed_without_losing_a_workspace(url: str):
    """Old tokens are read with the old key until `rotate`; after that the new one is enough."""
    for keys in ([FIRST], [SECOND, FIRST]):
        archive = await open_archive(url, keys=keys)
        if keys == [FIRST]:
            await archive.installations.save(an_installation())
            await archive.installations.save(an_installation(BLUE, Keys("xoxb-blue")))
        else:
            assert await archive.installations.rotate() == 2
        await archive.close()

    archive = await open_archive(url, keys=[SECOND])
    assert await archive.installations.find(RED) == an_installation()
    assert await archive.installations.find(BLUE) == an_installation(BLUE, Keys("xoxb-blue"))
    await archive.close()


@pytest.mark.parametrize(("keys", "words"), [([SECOND], "old key"), ([], "is not set")])
async def test_without_the_right_key_it_is_said_so(url: str, keys, words):
    """Never a token of noise, and never the token in the words."""
    archive = await open_archive(url, keys=[FIRST])
    await archive.installations.save(an_installation())
    await archive.close()

    archive = await open_archive(url, keys=keys)
    with pytest.raises(ArchiveError, match=words) as caught:
        await archive.installations.find(RED)
    assert "red" not in str(caught.value)
    await archive.close()


async def test_no_token_and_no_state_lies_open_in_the_file(tmp_path: Path):
    """Whoever gets hold of a backup has nothing to speak with; nor does a repr show it."""
    file = tmp_path / "digest.db"
    await migrate(f"sqlite:///{file}")
    archive = await open_archive(f"sqlite:///{file}", keys=[FIRST])
    await archive.installations.save(an_installation())
    await archive.installations.once("a-state", NOON + HOUR, NOON)
    await archive.close()

    with closing(sqlite3.connect(file)) as database:
        dump = "\n".join(database.iterdump())

    assert "T0RED" in dump
    for secret in ("xoxb-red", "xoxe-1-red", "a-state"):
        assert secret not in dump
        assert secret not in repr(an_installation())


async def test_a_state_is_good_once(archive: Archive):
    """A second use is refused as long as the state may be valid; then it is forgotten."""
    assert await archive.installations.once("one", NOON + HOUR, NOON)
    assert await archive.installations.once("two", NOON + HOUR, NOON)
    assert not await archive.installations.once("one", NOON + HOUR, NOON)
    assert await archive.installations.once("one", NOON + 2 * HOUR, NOON + HOUR)


async def test_a_subscription_is_kept_changed_and_ended(archive: Archive):
    """Each channel has one; when it began stays."""
    later = NOON + HOUR
    assert await archive.subscriptions.save(a_subscription("C2", since=later))
    assert await archive.subscriptions.save(a_subscription())
    changed = a_subscription(style="card", language="zh", sources=("weekly",), only=("events",))
    assert not await archive.subscriptions.save(replace(changed, since=later))

    assert await archive.subscriptions.all() == (changed, a_subscription("C2", since=later))

    assert await archive.subscriptions.remove(RED, ChannelId("C1"))
    assert not await archive.subscriptions.remove(RED, ChannelId("C1"))
    assert [one.channel for one in await archive.subscriptions.all()] == ["C2"]
