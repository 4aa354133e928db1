"""Posts that maintainers took back: whom they are still shown to, and as what they count."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.archive import Archive, migrate, open_archive
from bot.model.deliveries import DeliveryState, Settlement
from bot.model.posts import Decision, PostState
from bot.plan import joined, recalled, recalls, reposted
from bot.reasons import reason
from tests.answer_fakes import a_meetup
from tests.fakes import LEASE, NOON, Unhurried, an_entry, claim, drafts

OLD = an_entry("old.md", title="Old", date=NOON - timedelta(days=7), number=1, plain="mesh")
NEW = an_entry("new.md", title="New", date=NOON - timedelta(days=1), number=2, plain="mesh")
ANNOUNCED = Decision(NEW.id, PostState.ANNOUNCED, reason("new"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    """An archive with two announced issues; the newer one has a row sent and one that waits."""
    url = f"sqlite:///{tmp_path}/digest.db"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    await migrate(url)
    archive = await open_archive(url)
    await archive.register.save("weekly", [(OLD, ()), (NEW, ())])
    await archive.register.decide(replace(ANNOUNCED, post=OLD.id), ())
    await archive.register.decide(ANNOUNCED, drafts("weekly:new.md", parts=2))
    begun = await archive.outbox.begin(await claim(archive.outbox, NOON), NOON)
    assert begun is not None
    await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, NOON, "", ts="1.0"))
    yield archive
    await archive.close()


async def take_back(archive: Archive, *, strike: bool) -> None:
    """Recall the newer issue, as `bot.publish` does."""
    entry = await archive.desk.post(NEW.id)
    assert entry is not None
    edits = recalls(await archive.changes.standing(NEW.id), strike=strike, now=NOON)
    await archive.changes.change(edits, ())
    await archive.register.decide(recalled(entry), ())


STRIKE = pytest.mark.parametrize("strike", [False, True], ids=["delete", "strike"])


@STRIKE
async def test_members_are_shown_no_recalled_issue(archive, strike):
    """Neither as the latest, nor in the list, nor by a search; by name it is found."""
    await take_back(archive, strike=strike)
    library = archive.library

    page, total = await library.page(NOON, offset=0, limit=9)
    whole, all_of_them = await library.page(NOON, offset=0, limit=9, recalled=True)

    assert ([one.path for one in page], total) == (["old.md"], 1)
    assert ([one.path for one in whole], all_of_them) == (["new.md", "old.md"], 2)
    assert (await library.latest(NOON)).path == "old.md"
    assert [hit.entry.path for hit in await library.search("mesh", NOON, limit=9)] == ["old.md"]
    assert (await library.find("2", NOON)).path == "new.md"


async def test_of_two_that_fit_the_one_that_was_not_recalled_is_meant(archive):
    """An issue that came out again, corrected, has the number and the day of the first one."""
    again = an_entry("again.md", title="New", date=NEW.date, number=2)
    await archive.register.save("weekly", [(again, ())])
    await take_back(archive, strike=False)

    for words in ("2", f"{NEW.date:%Y-%m-%d}", "new"):
        found = await archive.library.find(words, NOON)
        assert found.path == ("new.md" if words == "new" else "again.md"), words


async def test_a_recalled_issue_that_is_reposted_is_shown_again(archive):
    """Its old messages stay recalled."""
    await take_back(archive, strike=False)
    await archive.register.decide(reposted(await archive.desk.post(NEW.id)), ())

    assert (await archive.library.latest(NOON)).path == "new.md"
    assert (await archive.desk.recalled())[DeliveryState.SENT] == 1


@STRIKE
async def test_what_was_recalled_counts_as_that(archive, strike):
    """Sent or not, before and after Slack was told; other posts do not."""
    nothing = await archive.desk.recalled()
    await take_back(archive, strike=strike)
    at_once = await archive.desk.recalled()
    for edit in await archive.outbox.claim(
        NOON + timedelta(minutes=1), LEASE, limit=9, pace=Unhurried()
    ):
        begun = await archive.outbox.begin(edit, NOON)
        if begun is not None:
            await archive.outbox.settle(begun, Settlement(DeliveryState.SENT, NOON, ""))

    assert set(nothing) == set(DeliveryState)
    assert sum(nothing.values()) == 0
    assert at_once[DeliveryState.SENT] == 1
    assert sum((await archive.desk.recalled()).values()) == 2
    assert await archive.desk.recalled(NEW.id) == await archive.desk.recalled()
    assert sum((await archive.desk.recalled(OLD.id)).values()) == 0
    assert sum((await archive.desk.counts()).values()) == 2


async def test_meetups_of_a_recalled_issue_are_told_no_more(archive):
    """Those of others are; once it is reposted its own are told again, and nobody waits for that."""

    async def told() -> set[str]:
        unjoined = await archive.agenda.unjoined(NOON)
        assert unjoined is not None, "gatherings are to be joined anew at once"
        await archive.agenda.record(unjoined, joined(unjoined, NOON), NOON)
        return {one.meetup.title for one in await archive.agenda.upcoming(NOON, limit=9)}

    for days, entry, title in ((9, OLD, "Night dive"), (12, NEW, "Winter hackathon")):
        start = NOON + timedelta(days=days)
        meetup = a_meetup(title, post=entry.id, start=start, end=start + timedelta(hours=2))
        await archive.register.save("weekly", [(entry, (meetup,))])
    assert await told() == {"Night dive", "Winter hackathon"}
    assert await archive.agenda.unjoined(NOON) is None

    await take_back(archive, strike=False)
    assert await told() == {"Night dive"}

    await archive.register.decide(reposted(await archive.desk.post(NEW.id)), ())
    assert await told() == {"Night dive", "Winter hackathon"}


async def test_what_was_recalled_does_not_wait(archive):
    """Else it would stand among what is not sent for ever."""
    assert len(await archive.desk.waiting(9)) == 1
    await take_back(archive, strike=False)
    assert await archive.desk.waiting(9) == ()
