"""Operators' and maintainers' verbs beside a running Slack, with a real database."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, update

from bot.archive import EMPTY, form, open_archive
from bot.archive.tables import deliveries, sources
from bot.model.ids import UserId, WorkspaceId
from bot.workspaces import Installation, Keys
from tests.fakes import NOON
from tests.far_side import FakeGithub, Page, rss, rss_item, serving
from tests.repository import a_repository
from tests.shell import Office, office
from tests.stage import MEI, WEEKLY

POST = "weekly:weekly-2/index.md"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    """An operator's desk with complete settings."""
    async with office(tmp_path) as made:
        yield made


@pytest.fixture
async def desk_of_both(tmp_path: Path, database: str) -> AsyncIterator[Office]:
    """The same, once for each kind of database."""
    async with office(tmp_path, database=database) as made:
        yield made


async def published(desk: Office) -> None:
    """A community whose first look is over, and which has published one post since."""
    await desk.call("once")
    desk.publish("weekly-2")
    done = await desk.call("once")
    assert done.exit_code == 0, done.stderr
    assert desk.cards() == ["Weekly weekly-2"]


def rows(desk: Office) -> object:
    """All that the database holds, byte for byte or row for row."""
    url = desk.env.get("DATABASE_URL", "")
    if not url:
        return {file.name: file.read_bytes() for file in sorted(desk.data.iterdir())}
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        tables = connection.execute(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1').fetchall()  # noqa: S608
            for (name,) in tables
        }


def database_url(desk: Office) -> str:
    """Where the archive is."""
    return desk.env.get("DATABASE_URL") or f"sqlite:///{desk.data / 'digestbot.db'}"


async def test_once_sends_what_is_new_and_nothing_twice(desk_of_both: Office):
    """A round in a cron job: the second one after a post has nothing left to do."""
    desk = desk_of_both
    await published(desk)

    again = await desk.call("once")

    assert (again.exit_code, again.stdout) == (0, "")
    assert desk.cards() == ["Weekly weekly-2"]


async def test_once_fails_in_words_if_a_source_cannot_be_read(desk: Office):
    """A folder that is gone is no quiet evening: exit 1 and its name, the other source is read."""
    desk.settings["sources"] = [
        {"id": "gone", "path": "nowhere"},
        {"id": "weekly", "path": "posts"},
    ]
    await desk.call("once")
    desk.publish("weekly-2")

    done = await desk.call("once")

    assert done.exit_code == 1
    assert "gone: the folder" in done.stderr
    assert "source.not_read source=gone" in done.stderr
    assert desk.cards() == ["Weekly weekly-2"]


async def test_once_forgets_a_source_that_left_the_settings(desk: Office):
    """The fault of a source that nobody names any more fails nothing."""
    desk.settings["sources"] = [{"id": "gone", "path": "nowhere"}]
    assert (await desk.call("once")).exit_code == 1
    desk.settings["sources"] = [{"id": "weekly", "path": "posts"}]

    assert (await desk.call("once")).exit_code == 0


async def test_plan_shows_what_comes_and_changes_nothing(desk_of_both: Office):
    """Post, channel, moment; the archive is afterwards what it was, and Slack got nothing."""
    desk = desk_of_both
    await published(desk)
    desk.publish("weekly-3")
    (desk.folder / "posts" / "broken.md").write_text("---\ntitle: [\n---\n", "utf-8")
    before = rows(desk)

    done = await desk.call("plan")

    assert done.exit_code == 0
    assert rows(desk) == before
    assert "announced  weekly:weekly-3/index.md" in done.stdout
    assert f"send       weekly:weekly-3/index.md to {WEEKLY} from 20" in done.stdout
    assert POST not in done.stdout
    assert "broken.md" in done.stderr
    assert desk.cards() == ["Weekly weekly-2"]


async def test_what_was_planned_is_what_is_done(desk: Office):
    """The rows that `plan` shows are those that `once` sends."""
    await published(desk)
    desk.publish("weekly-3")
    planned = await desk.call("plan")

    await desk.call("once")

    assert "send       weekly:weekly-3/index.md" in planned.stdout
    assert desk.cards() == ["Weekly weekly-2", "Weekly weekly-3"]


async def test_plan_before_the_first_start_makes_nothing(desk_of_both: Office):
    """An operator who looks before the start sees the first look, and finds no database made."""
    desk = desk_of_both
    desk.publish("weekly-2")

    done = await desk.call("plan")

    assert done.exit_code == 0, done.stderr
    assert "skipped    weekly:weekly-2/index.md" in done.stdout
    assert not desk.data.exists()
    assert await form(database_url(desk)) == EMPTY


async def test_plan_shows_what_waits_already(desk: Office):
    """A row that has not gone out yet is part of what comes."""
    await published(desk)
    await desk.call("repost", POST, "--channel", WEEKLY)

    done = await desk.call("plan")

    assert f"planned    {POST} to {WEEKLY} part 0" in done.stdout


async def test_plan_and_why_tell_of_the_message_that_names_what_was_missed(
    desk_of_both: Office,
):
    """Before the next start and after it."""
    desk = desk_of_both
    desk.settings["publish"] = {"settle": "0s", "catch_up": "digest"}
    later = datetime.now(UTC) + timedelta(hours=2)
    await desk.call("once")
    desk.settings["channels"] = [{"id": WEEKLY, "send": {"at": f"{later:%H:%M}"}}]
    desk.publish("weekly-2")
    desk.publish("weekly-3")
    await desk.call("once")
    await days_pass(desk)

    planned = await desk.call("plan")
    await desk.call("once")
    told = await desk.call("why", POST, WEEKLY)

    assert planned.stdout.count("held       ") == 4
    assert f"to {WEEKLY} from 20" in planned.stdout
    assert "one message for 2 missed posts: Weekly weekly-2, Weekly weekly-3" in planned.stdout
    assert desk.cards() == ["2 issues you missed"]
    card, part, instead = told.stdout.splitlines()[1:]
    assert card.startswith(f"held       {POST} to {WEEKLY} part 0")
    assert "names the 2 posts it missed" in part
    assert instead.startswith("sent       :roundup ")


async def test_plan_tells_what_a_start_makes_of_what_came_out_meanwhile(desk_of_both: Office):
    """Posts that the bot has not seen yet: they stay back, and one message names them."""
    desk = desk_of_both
    desk.settings["publish"] = {"settle": "0s", "catch_up": "digest"}
    await desk.call("once")
    await days_pass(desk)
    for number in range(1, 6):
        desk.publish(f"weekly-{number}", hours_ago=number)

    planned = await desk.call("plan")

    assert planned.stdout.count("announced  ") == 5
    assert planned.stdout.count(f"to {WEEKLY} from 20") == 6
    assert "one message for 5 missed posts" in planned.stdout


async def days_pass(desk: Office) -> None:
    """What waits has waited for two days, in which nobody looked."""
    archive = await open_archive(database_url(desk))
    async with archive._store.writing() as connection:
        rows = (await connection.execute(select(deliveries))).mappings().all()
        for row in rows:
            earlier = row["due_at"] - timedelta(days=2)
            await connection.execute(
                update(deliveries).where(deliveries.c.seq == row["seq"]).values(due_at=earlier)
            )
        looked = datetime.now(UTC) - timedelta(days=2)
        await connection.execute(update(sources).values(last_ok=looked))
    await archive.close()


async def test_plan_fails_if_nobody_can_tell(desk: Office):
    """A source that cannot be read has no plan: exit 1, with the reason."""
    desk.settings["sources"] = [{"id": "gone", "path": "nowhere"}]

    done = await desk.call("plan")

    assert done.exit_code == 1
    assert "gone: the folder" in done.stderr
    assert "not read: gone" in done.stderr


@pytest.mark.parametrize(
    "words", [["status"], ["why", "47"], ["repost", "47", "--channel", WEEKLY]], ids=" ".join
)
async def test_looking_before_the_first_start_makes_nothing(desk: Office, words: list[str]):
    """A wrong DATABASE_URL shows itself, instead of a new, empty database."""
    done = await desk.call(*words)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "there is no archive yet" in done.stderr
    assert not desk.data.exists()
    assert await form(database_url(desk)) == EMPTY


async def test_status_counts_what_was_sent_and_names_what_waits(desk: Office):
    """Counts by state, the waiting rows with their reasons, sources and bad posts."""
    await published(desk)
    (desk.folder / "posts" / "broken.md").write_text("---\ntitle: [\n---\n", "utf-8")
    await desk.call("once")
    await desk.call("repost", POST, "--channel", WEEKLY)

    done = await desk.call("status")

    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "sent       1" in lines
    assert "planned    1" in lines
    assert f"planned    {POST} to {WEEKLY} part 0" in done.stdout
    assert "source     weekly: read 20" in done.stdout
    assert "problem    broken.md:" in done.stdout


@pytest.mark.parametrize("words", [[POST], ["weekly-2"], [POST, WEEKLY]], ids=" ".join)
async def test_why_tells_a_posts_state_and_its_deliveries(desk: Office, words: list[str]):
    """By id or slug, in one channel or in all."""
    await published(desk)

    done = await desk.call("why", *words)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"announced  {POST}")
    assert f"sent       {POST} to {WEEKLY} part 0 at 20" in done.stdout


async def test_why_tells_where_a_post_stands_now_and_what_it_was(desk: Office):
    """Its texts, that it moved, and that it is gone."""
    desk.publish("other")
    await published(desk)
    path = desk.publish("weekly-2", text="Hello again.")
    await desk.call("once")
    path.parent.rename(path.parent.parent / "weekly-two")
    await desk.call("once")
    moved = await desk.call("why", POST)
    (path.parent.parent / "weekly-two" / "index.md").unlink()
    await desk.call("once")
    gone = await desk.call("why", POST)

    assert moved.stdout.count("text       ") == 2
    assert "moved      to weekly-two/index.md" in moved.stdout
    assert "gone       since 20" in gone.stdout
    assert "gone" not in moved.stdout
    assert desk.cards() == ["Weekly weekly-2"]


async def test_why_tells_what_became_of_changes(desk: Office):
    """Of each message that stands: that it was changed or taken away, and what for."""
    await published(desk)
    desk.publish("weekly-2", text="Hello again.")
    await desk.call("once")
    changed = await desk.call("why", POST, WEEKLY)
    await desk.call("recall", POST)
    waiting = await desk.call("why", POST, WEEKLY)
    other = await desk.call("why", POST, "C0GENERAL")
    await desk.call("once")
    recalled = await desk.call("why", POST, WEEKLY)

    assert f"sent       change of {POST} in {WEEKLY} part 0 at 20" in changed.stdout
    assert "the post was changed" in changed.stdout
    assert f"planned    deletion of {POST} in {WEEKLY} part 0 at 20" in waiting.stdout
    assert "deletion of" not in other.stdout
    assert f"sent       deletion of {POST} in {WEEKLY} part 0 at 20" in recalled.stdout
    assert "recalled by a maintainer" in recalled.stdout


async def test_why_says_that_nothing_was_ever_planned(desk: Office):
    """An old issue has its reason; another channel has no rows."""
    desk.publish("weekly-1", hours_ago=200)
    await published(desk)

    old = await desk.call("why", "weekly:weekly-1/index.md")
    other = await desk.call("why", POST, "C0GENERAL")
    unknown = await desk.call("why", "nonsense")

    assert old.stdout.startswith("skipped    weekly:weekly-1/index.md  ")
    assert "no delivery was ever planned" in old.stdout
    assert "no delivery to C0GENERAL was ever planned" in other.stdout
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "no post 'nonsense'" in unknown.stderr


async def test_why_says_that_a_channel_wants_none_of_a_posts_sections(desk: Office):
    """No message is no secret: a filter that leaves nothing over is told as the reason."""
    desk.settings["channels"] = [
        {"id": WEEKLY},
        {"id": "C0GENERAL", "sections": {"only": ["招聘"]}},
    ]
    await published(desk)

    every = await desk.call("why", POST)
    one = await desk.call("why", POST, "C0GENERAL")

    words = f"nothing    {POST} to C0GENERAL  its sections leave nothing of this post"
    assert words in every.stdout
    assert f"to {WEEKLY}  its sections" not in every.stdout
    assert one.stdout.splitlines()[1:] == [words]


async def test_a_repost_is_planned_and_the_next_round_sends_it(desk_of_both: Office):
    """The words say who sends it; it stands in the channel once more, after `once`."""
    desk = desk_of_both
    await published(desk)

    done = await desk.call("repost", "weekly-2", "--channel", WEEKLY)
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"Planned: Weekly weekly-2 to {WEEKLY}." in done.stderr
    assert desk.cards() == ["Weekly weekly-2"]
    await desk.call("once")

    assert desk.cards() == ["Weekly weekly-2", "Weekly weekly-2"]


async def test_an_old_issue_is_sent_when_a_maintainer_says_so(desk: Office):
    """What the first look skipped goes out by `repost`."""
    desk.publish("weekly-1", hours_ago=200)
    await desk.call("once")

    await desk.call("repost", "latest", "--channel", WEEKLY)
    await desk.call("once")

    assert desk.cards() == ["Weekly weekly-1"]


async def test_a_repost_to_a_strange_channel_is_wrong_usage(desk: Office):
    """Only channels of the settings are posted to; they are named."""
    done = await desk.call("repost", "weekly-2", "--channel", "C0GENERAL")

    assert done.exit_code == 2
    assert f"There is: {WEEKLY}" in done.stderr


async def test_a_repost_of_nothing_fails_in_words(desk: Office):
    """No such post, or one whose source is gone: exit 1, nothing is planned."""
    await published(desk)
    nothing = await desk.call("repost", "nonsense", "--channel", WEEKLY)
    desk.settings["sources"] = [{"id": "other", "path": "posts"}]
    gone = await desk.call("repost", POST, "--channel", WEEKLY)

    assert (nothing.exit_code, gone.exit_code) == (1, 1)
    assert "no post 'nonsense'" in nothing.stderr
    assert "no source 'weekly' any more" in gone.stderr


@pytest.mark.parametrize("strike", [False, True])
async def test_a_recalled_post_is_taken_out_by_the_next_round(desk: Office, strike):
    """Or struck through; it is not announced again."""
    await published(desk)

    said = await desk.call("recall", POST, *(["--strike"] if strike else []))
    assert (said.exit_code, said.stdout) == (0, "")
    await desk.call("once")

    blocks = str([message["blocks"] for message in desk.slack.sight.timeline(MEI, WEEKLY)])
    assert ("'strike': True" in blocks) is strike
    assert len(desk.cards()) == int(strike)
    assert "recalled" in (await desk.call("why", POST)).stdout
    counts = dict(line.split() for line in (await desk.call("status")).stdout.splitlines()[:8])
    assert (counts["sent"], counts["recalled"]) == ("0", "1")


async def test_a_paused_channel_is_named_and_gets_what_comes_after_it_is_resumed(desk: Office):
    """Twice is refused in words."""
    await desk.call("once")
    assert (await desk.call("pause", WEEKLY)).exit_code == 0
    assert (await desk.call("pause", WEEKLY)).exit_code == 1
    desk.publish("weekly-2")
    await desk.call("once")

    assert desk.cards() == []
    for words in (("status",), ("why", POST), ("why", POST, WEEKLY)):
        assert f"paused     {WEEKLY}" in (await desk.call(*words)).stdout

    assert (await desk.call("resume", WEEKLY)).exit_code == 0
    assert (await desk.call("resume", WEEKLY)).exit_code == 1
    desk.publish("weekly-3")
    await desk.call("once")
    assert desk.cards() == ["Weekly weekly-3"]


async def test_migrate_makes_the_database_and_says_so(desk_of_both: Office):
    """From nothing to the newest form; a second time nothing is to do."""
    desk = desk_of_both
    first = await desk.call("migrate")
    second = await desk.call("migrate")

    assert (first.exit_code, first.stdout, second.exit_code) == (0, "", 0)
    assert first.stderr.startswith("From form empty to ")
    assert second.stderr.startswith("The database has form ")
    assert await form(database_url(desk)) != EMPTY


async def test_check_is_content_and_leaves_no_trace(desk_of_both: Office):
    """Database, source, site and Slack: a line for each; before the first start none is made."""
    desk = desk_of_both
    desk.publish("weekly-2")

    before = await desk.call("check")
    assert not desk.data.exists()
    await desk.call("once")
    after = await desk.call("check")

    assert (before.exit_code, after.exit_code) == (0, 0), before.stdout + before.stderr
    assert "ok   database: empty, the first start prepares it" in before.stdout
    assert "ok   database\n" in after.stdout
    assert "ok   source weekly (folder): 1 post\n" in after.stdout
    assert f"ok   site {desk.slack.url}: HTTP 200" in after.stdout
    assert "ok   slack: " in after.stdout


async def test_check_finds_every_fault_and_goes_on(desk: Office):
    """A wrong token, a folder and a site that are not there: each is told, in one run; exit 1."""
    desk.env["SLACK_BOT_TOKEN"] = "xoxb-wrong-0123456789"
    desk.settings["site"] = {"url": "http://127.0.0.1:9"}
    desk.settings["sources"] = [{"id": "weekly", "path": "nowhere"}]

    done = await desk.call("check")

    assert done.exit_code == 1
    assert "BAD  source weekly (folder): the folder" in done.stdout
    assert "BAD  site http://127.0.0.1:9: ConnectError; check site.url" in done.stdout
    assert "BAD  slack: Slack at http" in done.stdout
    assert "invalid_auth" in done.stdout
    assert "3 to mend." in done.stderr
    assert "xoxb-wrong" not in done.stdout + done.stderr


async def test_check_reaches_sources_of_every_kind(desk: Office, tmp_path: Path):
    """What each has, which posts are at fault, and what keeps one from being read."""
    site = a_repository(tmp_path / "site", {"a.md": "A", "b.md": "B"})
    site.commit({f"bad{number}.md": b"\xff" for number in range(7)})
    page = Page(rss(rss_item("one")))
    async with serving(page) as url, serving(FakeGithub()) as api:
        desk.settings["sources"] = [
            {"id": "site", "kind": "git", "url": site.url},
            {"id": "news", "kind": "feed", "url": f"{url}/feed.xml"},
            {"id": "none", "kind": "git", "url": site.url, "include": ["*.txt"]},
            {"id": "hub", "kind": "github", "repository": "example/site", "api": api},
        ]
        desk.settings["fetch"] = {"allow": ["127.0.0.1"]}
        done = await desk.call("check")

    assert "BAD  source site (git): 2 posts; bad0.md: line 1 is not UTF-8" in done.stdout
    assert "and 2 more\n" in done.stdout
    assert "ok   source news (feed): 1 post\n" in done.stdout
    assert "ok   source none (git): no posts: does `include` fit?" in done.stdout
    assert "BAD  source hub (github): example/site has no commits yet" in done.stdout


async def test_check_names_a_channel_that_the_bot_is_not_in(desk: Office):
    """A wrong channel id is found before the first post is due."""
    desk.settings["channels"] = [{"id": "C0NOWHERE"}]

    done = await desk.call("check")

    assert done.exit_code == 1
    assert "channel C0NOWHERE: there is no such channel" in done.stdout


async def test_check_names_scopes_that_are_missing(desk: Office):
    """What cannot work for want of a scope is told."""
    desk.slack.grant_scopes(frozenset({"chat:write", "commands", "channels:read"}))

    done = await desk.call("check")

    assert done.exit_code == 1
    assert "users:read" in done.stdout


async def test_check_tells_of_a_site_that_is_out_of_order(desk: Office):
    """The site answers, but not well: its status is told."""
    desk.settings["site"] = {"url": f"{desk.slack.url}/sandbox/nothing"}

    done = await desk.call("check")

    assert done.exit_code == 1
    assert "BAD  site" in done.stdout
    assert "HTTP 404" in done.stdout


async def test_check_tells_of_a_database_that_cannot_be_made(tmp_path: Path):
    """Its folder would lie below a file: told with the way out, and nothing else is kept back."""
    async with office(tmp_path) as desk:
        desk.settings["data"] = "digestbot.yaml/data"

        done = await desk.call("check")

    assert done.exit_code == 1
    assert "BAD  database: " in done.stdout
    assert "choose another DATABASE_URL" in done.stdout
    assert "ok   slack: " in done.stdout


async def test_a_database_of_another_form_is_left_alone(tmp_path: Path):
    """One that a newer version wrote is told, by every verb that opens it, and not touched."""
    async with office(tmp_path) as desk:
        await desk.call("migrate")
        with sqlite3.connect(desk.data / "digestbot.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        done = [
            await desk.call(verb) for verb in ("plan", "status", "check", "once", "migrate")
        ]

    assert [one.exit_code for one in done] == [1, 1, 1, 1, 1]
    assert all("9999" in one.stdout + one.stderr for one in done)
    assert not any("Traceback" in one.stderr for one in done)


async def test_the_key_of_tokens_is_changed_by_two_verbs(desk_of_both: Office):
    """`key` makes one, `rotate` uses it; no token is shown, and without keys it says so."""
    desk = desk_of_both
    refused = await desk.call("rotate")
    assert (refused.exit_code, "DIGESTBOT_ENCRYPTION_KEY" in refused.stderr) == (2, True)
    old, new = [(await desk.call("key")).stdout.strip() for _ in range(2)]
    await desk.call("migrate")
    archive = await open_archive(database_url(desk), keys=[old])
    await archive.installations.save(
        Installation(
            WorkspaceId("T1"),
            "One",
            "",
            "B1",
            UserId("U1"),
            "",
            UserId(MEI),
            NOON,
            Keys("xoxb-one"),
        )
    )
    await archive.close()

    desk.env["DIGESTBOT_ENCRYPTION_KEY"] = f"{new},{old}"
    done = await desk.call("rotate")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "1 workspace has its token encrypted" in done.stderr
    archive = await open_archive(database_url(desk), keys=[new])
    found = await archive.installations.find(WorkspaceId("T1"))
    assert found is not None
    assert found.keys == Keys("xoxb-one")
    await archive.close()
