"""Settings: what is read, and what is said about each fault."""

from datetime import time, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import available_timezones

import pytest
from pydantic import ValidationError

from config import communities
from config.model import SectionName
from config.settings import (
    ChannelSettings,
    FeedSettings,
    FolderSettings,
    GithubSettings,
    GitSettings,
    PublishSettings,
    QuietHours,
    Settings,
    SettingsError,
    load,
    missing_to_run,
    profile,
)
from config.yaml import read_yaml
from formatters.document import Profile, SectionKind
from formatters.sections import kind_named

SOFA = """\
site: {name: SOFAStack, url: https://www.sofastack.tech/, timezone: Asia/Shanghai, language: zh, profile: sofastack}
sources:
  - {id: weekly, kind: folder, path: content/zh/blog, include: ["*weekly*/index.md"], permalink: "/blog/{slug}/", every: 5m}
  - {id: activities, kind: folder, path: content/zh/activities, role: events, permalink: "/activities/{slug}/"}
publish: {settle: 10m, baseline: silent, breaker: 3, late_after: 7d, edits: in-place}
channels:
  - {id: C0123456789, sources: [weekly], style: thread, language: zh, send: immediately, approval: false}
  - {id: C0987654321, sources: [weekly], sections: {only: [events]}, send: {weekday: fri, at: 17:00}, quiet: 22:00-08:00}
maintainers: {users: [U0123], usergroup: S0123, channel: C0555}
"""


@pytest.fixture
def write(tmp_path: Path):
    """Write a settings file and answer its path."""

    def write(text: str | bytes) -> Path:
        path = tmp_path / "digestbot.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def faults(write):
    """Load a file that must be refused; answer (line, key, words) of each problem."""

    def faults(text: str | bytes, **environ: str) -> list[tuple[int, str, str]]:
        with pytest.raises(SettingsError) as refused:
            load(write(text), environ)
        assert str(refused.value) == "\n".join(map(str, refused.value.problems))
        return [(found.line, found.key, found.words) for found in refused.value.problems]

    return faults


def source(**keys: str) -> str:
    """Write a file with one source; keys are as in YAML."""
    given = {"id": "weekly", "path": "posts"} | keys
    return "sources:\n" + "  -" + "".join(f"\n    {key}: {word}" for key, word in given.items())


def remote(kind: str, url: str, **keys: str) -> str:
    """Write a file with one source that has an address."""
    given = {"id": "a", "kind": kind, "url": url} | keys
    return "sources:\n  -" + "".join(f"\n    {key}: {word}" for key, word in given.items())


def channel(**keys: str) -> str:
    """Write a file with one channel; keys are as in YAML."""
    return "channels:\n  -" + "".join(
        f"\n    {key}: {word}" for key, word in ({"id": "C0123"} | keys).items()
    )


# ------------------------------------------------------------------ what is read


def test_each_kind_of_source_has_settings_of_its_own(write):
    """And the defaults that are good for it."""
    text = """\
sources:
  - {id: a, kind: git, url: "git@example.org:site.git", branch: main, path: /content/blog/}
  - {id: b, kind: github, repository: example/site}
  - {id: c, kind: feed, url: "https://example.org/feed?format=rss"}
fetch: {allow: [Git.LAN, 10.0.0.0/8, "fd00::/8"], proxy: "http://proxy.lan:3128/"}
"""

    settings = load(write(text), {})
    git, github, feed = settings.sources

    assert isinstance(git, GitSettings)
    assert (git.path, git.branch, git.token) == ("content/blog", "main", "")
    assert isinstance(github, GithubSettings)
    assert (github.api, github.token) == ("https://api.github.com", "GITHUB_TOKEN")
    assert isinstance(feed, FeedSettings)
    assert feed.url == "https://example.org/feed?format=rss"
    assert settings.fetch.allow == ("git.lan", "10.0.0.0/8", "fd00::/8")
    assert settings.fetch.proxy == "http://proxy.lan:3128"


def test_a_source_takes_its_token_from_the_variable_that_it_names(write, tmp_path):
    """Or from a file; an empty token of GitHub's is none."""
    (tmp_path / "token").write_text("hush-2\n")
    text = remote("git", "https://example.org/a", token="A_TOKEN")
    environ = {"A_TOKEN": "hush-1", "GITHUB_TOKEN": "", "GITHUB_WEBHOOK_SECRET": "hush-3"}

    settings = load(write(text), environ)
    from_file = load(write(text), {"A_TOKEN_FILE": str(tmp_path / "token")})

    assert settings.tokens["A_TOKEN"].get_secret_value() == "hush-1"
    assert settings.tokens["GITHUB_TOKEN"].get_secret_value() == ""
    assert settings.github.webhook_secret.get_secret_value() == "hush-3"
    assert from_file.tokens["A_TOKEN"].get_secret_value() == "hush-2"
    assert "hush" not in repr(settings)


def test_the_example_of_the_design_is_read_with_its_types(write):
    """Every key of the first day's configuration arrives typed."""
    path = write(SOFA)

    settings = load(path, {})

    weekly, activities = settings.sources
    first, second = settings.channels
    assert settings.site.url == "https://www.sofastack.tech"
    assert isinstance(weekly, FolderSettings)
    assert weekly.path == path.parent / "content/zh/blog"
    assert (weekly.every, activities.role) == (timedelta(minutes=5), "events")
    assert settings.publish.late_after == timedelta(days=7)
    assert (first.send, first.quiet, first.approval) == (None, None, False)
    assert second.sections.only == ("events",)
    assert second.send is not None
    assert (second.send.weekday, second.send.at) == ("fri", time(17))
    assert second.quiet == QuietHours(start=time(22), end=time(8))
    assert settings.maintainers.users == ("U0123",)


def test_without_file_and_environment_there_are_defaults():
    """Nothing has to be configured to get settings; the database is SQLite below `data`."""
    settings = load(None, {})

    assert settings == Settings()
    assert (settings.port, settings.host, settings.command) == (3000, "127.0.0.1", "/digest")
    assert (
        settings.database_url.get_secret_value()
        == "sqlite+aiosqlite:///.digestbot/digestbot.db"
    )


def test_the_database_stays_beside_the_file_wherever_the_bot_is_started(write):
    """Another working directory must not mean another, empty database."""
    path = write("data: state")

    settings = load(path, {})

    assert settings.data == path.parent / "state"
    assert settings.database_url.get_secret_value() == (
        f"sqlite+aiosqlite:///{path.parent.as_posix()}/state/digestbot.db"
    )


def test_an_absolute_source_path_stays_as_it_is(write, tmp_path):
    """Only relative paths are read from the file's folder."""
    posts = tmp_path / "elsewhere"

    (folder,) = load(write(source(path=str(posts))), {}).sources

    assert isinstance(folder, FolderSettings)
    assert folder.path == posts


@pytest.mark.parametrize("text", ["", "# only words\n", "site:\nchannels:\n", "﻿port: 3000\n"])
def test_an_empty_file_or_section_means_defaults(write, text):
    """A section whose lines are all commented out is no fault, a byte order mark neither."""
    settings = load(write(text), {})

    assert (settings.site, settings.channels) == (Settings().site, ())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("7d", timedelta(days=7)),
        ("1w", timedelta(weeks=1)),
        ("1h30m", timedelta(minutes=90)),
        ("0s", timedelta()),
    ],
)
def test_durations_are_numbers_with_units(write, word, expected):
    """Seconds, minutes, hours, days and weeks, also one after the other."""
    assert load(write(f"publish: {{settle: {word}}}"), {}).publish.settle == expected


@pytest.mark.parametrize("word", ["never", "null"])
def test_a_post_may_be_late_without_limit(write, word):
    """`never` is no limit."""
    assert load(write(f"publish: {{late_after: {word}}}"), {}).publish.late_after is None


@pytest.mark.parametrize("word", ["off", "'off'", '"off"'])
def test_off_is_a_word_whether_quoted_or_not(write, word):
    """YAML 1.1 would have read `off` as false."""
    assert load(write(f"publish: {{edits: {word}}}"), {}).publish.edits == "off"


@pytest.mark.parametrize("word", ["17:00", '"17:00"', "'17:00'"])
def test_a_time_of_day_needs_no_quotes(write, word):
    """YAML 1.1 would have read 17:00 as the number 1020."""
    send = load(write(channel(send=f"{{at: {word}}}")), {}).channels[0].send

    assert send is not None
    assert (send.weekday, send.at) == (None, time(17))


def test_settings_can_be_built_in_code_from_typed_values():
    """What the file says in words, code says in values."""
    channel = ChannelSettings(id="C1", quiet=QuietHours(start=time(22), end=time(8)))
    publish = PublishSettings(settle=timedelta(), late_after=None)

    settings = Settings(channels=(channel,), publish=publish)

    assert settings.channels[0].quiet == channel.quiet
    assert (settings.publish.settle, settings.publish.late_after) == (timedelta(), None)


def test_settings_cannot_be_changed():
    """They are read once and passed on."""
    with pytest.raises(ValidationError):
        Settings().site.name = "other"


# ------------------------------------------------------------------ what is refused


def test_all_faults_are_told_at_once_in_order_of_their_lines(faults):
    """Typing errors, contradictions and misspelt keys come together, one line each."""
    found = faults(
        """\
sites: {}
site:
  timezone: Asia/Shangai
  profile: sofastak
sources:
  - {id: weekly, path: a, every: 5}
  - {id: weekly, path: b}
channels:
  - {id: C1, sources: [weakly], style: thred}
""",
        PORT="web",
    )

    assert [(line, key) for line, key, _ in found] == [
        (1, "sites"),
        (3, "site.timezone"),
        (4, "site.profile"),
        (6, "sources[0].every"),
        (7, "sources[1].id"),
        (9, "channels[0].sources[0]"),
        (9, "channels[0].style"),
        (0, "PORT"),
    ]
    words = " ".join(words for _, _, words in found)
    for meant in ("'site'", "'Asia/Shanghai'", "'sofastack'", "'weekly'", "sources[0]"):
        assert meant in words


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("prot: 1", "prot", "did you mean 'port'?"),
        ("site: {naem: x}", "site.naem", "did you mean 'name'?"),
        ("site: {qqqq: x}", "site.qqqq", "known: language, name, profile, timezone, url"),
        (remote("git", "/a", brnch="b"), "sources[0].brnch", "did you mean 'branch'?"),
        (remote("feed", "https://a.example", path="b"), "sources[0].path", "known: content"),
        (source(urll="b"), "sources[0].urll", "known: every"),
        (channel(stile="card"), "channels[0].stile", "did you mean 'style'?"),
        (channel(sections="{onyl: []}"), "channels[0].sections.onyl", "did you mean 'only'?"),
        (channel(send="{at: 17:00, on: fri}"), "channels[0].send.on", "known: at, weekday"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(faults, text, key, words):
    """At every depth."""
    (found,) = faults(text)

    assert found[1] == key
    assert words in found[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port: yes", "whole number"),
        ("port: 65536", "at most 65535"),
        ("port: true", "whole number"),
        ("site: x", "keys and values"),
        ("sources: weekly", "a list"),
        ("site: {url: www.example.org}", "https://"),
        ("site: {name: 2026}", "quotes"),
        ("site: {timezone: ../etc/passwd}", "no time zone"),
        ("site: {timezone: qqq}", "Europe/Berlin"),
        ("site: {language: fr}", "'en' or 'zh'"),
        ("command: digest", "a slash"),
        ("publish: {breaker: 0}", "at least 1"),
        ("publish: {breaker: true}", "whole number"),
        ("publish: {settle: 10}", "a unit"),
        ("publish: {settle: -5m}", "a unit"),
        ("publish: {settle: 10 minutes}", "a unit"),
        (source(every="0s"), "more than"),
        (source(id="a:b"), "letters"),
        (source(include='["/abs/*.md"]'), "pattern below"),
        (source(include='["../*.md"]'), "pattern below"),
        (source(include='["a**/*.md"]'), "whole step"),
        (source(include='["[ab.md"]'), "without its ]"),
        (source(include="[]"), "not be empty"),
        (source(permalink="blog/"), "begin with /"),
        (source(permalink='"/{slgu}/"'), "did you mean 'slug'?"),
        (source(permalink='"/{slug/"'), "partner"),
        (source(permalink="/:yaer/:title/"), "did you mean 'year'?"),
        (source(kind="gti"), "did you mean 'git'?"),
        (source(kind="[rsync]"), "known: feed, folder, git, github"),
        (remote("git", "ftp://a.example/b"), "git@example.org"),
        (remote("git", "https://u:pw@a.example/b"), "password"),
        (remote("git", "https://a.example/b", branch="-x"), "a branch"),
        (remote("git", "https://a.example/b", branch="a..b"), "a branch"),
        (remote("git", "https://a.example/b", path="../x"), "folder in the repository"),
        (remote("git", "https://a.example/b", token="a-b"), "SITE_TOKEN"),
        (remote("git", "https://a.example/b", token="SITE_TOKEN"), "is not set"),
        (remote("feed", "feed.xml"), "feed.xml"),
        (remote("feed", "https://u:pw@a.example/b"), "password"),
        ("sources: [{id: a, kind: github, repository: site}]", "owner/name"),
        ("sources: [{id: a, kind: github}]", "is required"),
        ("fetch: {allow: [10.0.0.1/8]}", "10.0.0.0/8"),
        ("github: {webhook_secret: a}", "GITHUB_WEBHOOK_SECRET"),
        ("tokens: {A: a}", "environment only"),
        ("sources: [{id: weekly}]", "is required"),
        ("sources: [weekly]", "keys and values"),
        ("sources: [{id: 7, path: a}]", "quotes"),
        (channel(sources="weekly"), "a list"),
        (channel(id='"#general"'), "C0123456789"),
        (channel(send="later"), "immediately"),
        (channel(send="{weekday: fri}"), "is required"),
        (channel(send="{weekday: friday, at: 17:00}"), "'fri'"),
        (channel(send="{at: 25:00}"), "time of day"),
        (channel(send="{at: 17}"), "time of day"),
        (channel(quiet="22:00"), "two times"),
        (channel(quiet="22:00-9"), "time of day"),
        (channel(quiet="09:00-09:00"), "begins when it ends"),
        (channel(sections="{only: [evnts]}"), "'events'"),
        (channel(sections="{only: [events], without: [jobs]}"), "not both"),
        (channel(sources="[weekly]"), "none under 'sources'"),
        ("maintainers: {users: [ada]}", "members' ids"),
        ("maintainers: {usergroup: admins}", "user group's id"),
        ("maintainers: {channel: general}", "channel's id"),
        ("log: xml", "'text' or 'json'"),
    ],
)
def test_a_wrong_value_is_told_in_words_that_lead_on(faults, text, words):
    """One fault, one line, and the way out in it."""
    (found,) = faults(text)

    assert words in found[2]
    assert found[0] > 0


def test_a_channel_cannot_have_the_pages_of_meetups(faults):
    """Pages of role events are never posted, so asking for them is a mistake."""
    (found,) = faults(
        source(id="activities", role="events") + "\n" + channel(sources="[activities]")
    )

    assert found[1] == "channels[0].sources[0]"
    assert "role events" in found[2]


def test_an_id_stands_for_one_channel(faults):
    """A channel that is named twice would get everything twice."""
    (found,) = faults("channels:\n  - {id: C1}\n  - {id: C2}\n  - {id: C1}\n")

    assert found == (4, "channels[2].id", "'C1' is the id of channels[0] already; each id once")


@pytest.mark.parametrize(
    ("settings", "lacking"),
    [
        (Settings(), ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "'sources'", "'channels'"]),
        (
            load(None, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}),
            ["'sources'", "'channels'"],
        ),
    ],
    ids=["nothing", "tokens"],
)
def test_what_a_real_slack_still_needs_is_told(settings, lacking):
    """Valid settings may not be enough to run."""
    words = missing_to_run(settings)

    assert len(words) == len(lacking)
    assert all(name in word for name, word in zip(lacking, words, strict=True))


# ------------------------------------------------------------------ profiles


@pytest.mark.parametrize("name", ["default", "sofastack", "twir", "lwkd"])
def test_a_profile_has_words_for_kinds_that_exist(name):
    """Every key of the file is a kind of section, and no word stands for two of them."""
    file = Path(communities.__file__).with_name(f"{name}.yaml")
    words = [word.lower() for given in profile(name).values() for word in given]

    assert set(read_yaml(file).values) <= {str(kind) for kind in SectionKind}
    assert set(read_yaml(file).values) == set(profile(name))
    assert len(words) == len(set(words))
    assert all(word.strip() == word != "" for word in words)


def test_the_names_of_sections_are_those_of_the_documents():
    """Settings know no document, so the two lists are kept alike here."""
    assert get_args(SectionName) == tuple(str(kind) for kind in SectionKind)


@pytest.mark.parametrize(
    ("community", "heading", "kind"),
    [
        ("sofastack", "### SOFAStack&MOSN:新手任务计划", SectionKind.TASKS),
        ("sofastack", "SOFA WEEKLY | 每周精选，筛选每周精华问答", SectionKind.INTRO),
        ("sofastack", "SOFA 项目进展", SectionKind.RELEASES),
        ("sofastack", "社区会议预告", SectionKind.EVENTS),
        ("twir", "CFP - Projects", SectionKind.TASKS),
        ("twir", "News & Blog Posts", SectionKind.READING),
        ("twir", "Updates from Rust Core", SectionKind.RELEASES),
        ("lwkd", "Other Merges", SectionKind.RELEASES),
        ("lwkd", "Version Updates", SectionKind.RELEASES),
        ("lwkd", "Shoutouts", SectionKind.CONTRIBUTORS),
    ],
)
def test_a_communitys_headings_are_understood(community, heading, kind):
    """Its own words and those of newsletters in general work together."""
    words = {SectionKind(name): given for name, given in profile(community).items()}

    assert kind_named(heading, Profile(community, words)) is kind


def test_an_unknown_profile_is_an_error():
    """Settings check the name before; code that asks for another one is wrong."""
    with pytest.raises(KeyError):
        profile("nobody")


def test_zones_come_with_the_project():
    """Systems without time zones have those of tzdata."""
    assert "Asia/Shanghai" in available_timezones()


def test_a_folder_of_templates_is_read_as_texts(write, tmp_path):
    """Markdown and YAML right in it, by name; notes and hidden files are left alone."""
    folder = tmp_path / "words"
    folder.mkdir()
    for name in ("header.md", "footer.zh.md", "words.yaml", "README.md", ".a.md", "x.txt"):
        (folder / name).write_text(f"\ufeff{name}", "utf-8")

    settings = load(write("templates: words"), {})

    assert settings.templates == tuple(
        ((folder / name).as_posix(), name)
        for name in ("footer.zh.md", "header.md", "words.yaml")
    )


def test_a_folder_of_templates_that_cannot_be_read_is_a_fault(faults, tmp_path):
    """At its line, in words."""
    folder = tmp_path / "words"
    folder.mkdir()
    assert "cannot be read: No such file" in faults("templates: nowhere")[0][2]
    assert "must be the path of a folder" in faults("templates: [header.md]")[0][2]
    (folder / "a.md").write_bytes(b"\xff")
    assert "a.md is not UTF-8" in faults("templates: words")[0][2]
    (folder / "a.md").write_bytes(b"x" * 100_001)
    assert "a.md has more than 100,000 bytes" in faults("templates: words")[0][2]
    for number in range(20):
        (folder / f"b{number}.md").touch()
    assert "has 21 files, 20 are the most" in faults("templates: words")[0][2]


OF_MANY = {"client_id": "1.2", "client_secret": "s", "signing_secret": "s"}
MANY = {
    "slack": OF_MANY,
    "encryption_key": "k",
    "address": "https://bot.example.org",
    "sources": [{"id": "weekly", "path": "posts"}],
}


def many(**other: object) -> Settings:
    """Settings of a bot that workspaces install."""
    return Settings.model_validate(MANY | other)


def test_a_bot_that_workspaces_install_needs_no_token_and_no_channel():
    """Both come with the workspaces."""
    assert missing_to_run(many()) == ()
    assert missing_to_run(many(channels=[{"id": "C1", "workspace": "T1"}])) == ()


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (many(slack={"client_id": "1.2", "signing_secret": "s"}), "SLACK_CLIENT_SECRET"),
        (many(encryption_key=""), "DIGESTBOT_ENCRYPTION_KEY"),
        (many(slack={"client_id": "1.2", "client_secret": "s"}), "SLACK_SIGNING_SECRET"),
        (many(slack={**OF_MANY, "app_token": "xapp-1"}), "SLACK_APP_TOKEN"),
        (many(address=""), "'address'"),
        (many(channels=[{"id": "C1"}]), "'channels'"),
        (many(maintainers={"users": ["U1"]}), "'maintainers'"),
    ],
)
def test_what_many_workspaces_still_need_is_told(settings, name):
    """Each by its name, nothing else."""
    (words,) = missing_to_run(settings)

    assert name in words


@pytest.mark.parametrize(
    "other",
    [
        {"slack": {"bot_token": "b", "signing_secret": "s", "client_secret": "s"}},
        {"channels": [{"id": "C1", "workspace": "T1"}]},
        {"maintainers": {"workspace": "T1"}},
    ],
)
def test_what_means_many_workspaces_is_not_left_half_done(other):
    """A secret without its id, or a workspace that nobody can install, is told."""
    one = {
        "slack": {"bot_token": "b", "signing_secret": "s"},
        "sources": MANY["sources"],
        "channels": [{"id": "C1"}],
    }

    (words,) = missing_to_run(Settings.model_validate(one | other))

    assert "SLACK_CLIENT_ID" in words
