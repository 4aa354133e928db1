"""A year of a community's repository: what is announced, once, when, and what waits and why."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model.posts import PostState
from tests.replay.history import Remote, Step, steps_of
from tests.replay.living import Report, Told, a_replay
from tests.repository import Repository, a_repository

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: str, hour: str = "10:00") -> datetime:
    """A moment of 2026 in Shanghai."""
    return datetime.fromisoformat(f"2026-{day} {hour}").replace(tzinfo=SHANGHAI)


def issue(title: str, date: str, body: str = "", *, header: str = "") -> str:
    """A post with a text of its own."""
    stories = "\n".join(f"- {title}: story {n} of its own about {title * 2}" for n in range(12))
    return f"---\ntitle: {title}\ndate: {date}\n{header}---\n\n## News\n\n{body or stories}\n"


@dataclass
class Year:
    """A repository with its steps as they are made."""

    repository: Repository
    steps: list[Step] = field(default_factory=list)

    def push(self, moment: datetime, files: Mapping[str, str | None]) -> None:
        """Commit, and have the branch stand there from a moment on."""
        commit = self.repository.commit(files)
        self.steps.append(Step(commit, moment))

    def back(self) -> None:
        """Leave the last commit, as before a push by force."""
        self.repository.git("reset", "--hard", "--quiet", "HEAD~1")


def a_year(root: Path) -> Year:
    """All that happens to repositories, each thing once."""
    year = Year(a_repository(root))
    year.push(
        at("01-05"),
        {f"old-{n}/index.md": issue(f"Old {n}", f"2025-12-0{n}") for n in range(1, 4)},
    )
    # Edited within the settle window, and after it.
    year.push(at("01-09"), {"w-1/index.md": issue("W1", "2026-01-09")})
    year.push(at("01-09", "10:03"), {"w-1/index.md": issue("W1", "2026-01-09", "Mended.")})
    year.push(at("01-10"), {"w-1/index.md": issue("W1", "2026-01-09", "Mended twice.")})
    # Merged early.
    year.push(at("01-16"), {"w-2/index.md": issue("W2", "2026-01-17 09:00:00")})
    # Renamed, once as it is and once with a correction; dated anew on the way.
    year.push(
        at("01-18"),
        {"w-2/index.md": None, "2026/w-2/index.md": issue("W2", "2026-01-17 09:00:00")},
    )
    year.push(
        at("01-19"),
        {"w-1/index.md": None, "2026/w-1.md": issue("W1", "2026-01-08", "Mended twice, too.")},
    )
    # Forty-seven back issues at once.
    year.push(
        at("01-20"),
        {
            f"back-{n:02}/index.md": issue(f"Back {n}", f"2025-{n % 11 + 1:02}-03")
            for n in range(47)
        },
    )
    # A new one with a late one.
    year.push(
        at("01-23"),
        {
            "w-3/index.md": issue("W3", "2026-01-23"),
            "late/index.md": issue("Late", "2025-06-01"),
        },
    )
    # Deleted after it was announced.
    year.push(at("01-25"), {"w-3/index.md": None})
    # Pushed, and replaced by force five minutes later.
    year.push(at("01-30"), {"w-4/index.md": issue("W4", "2026-01-30", "Too early.")})
    year.back()
    year.push(at("01-30", "10:05"), {"w-4/index.md": issue("W4", "2026-01-30", "As meant.")})
    # A draft, published two days later.
    draft = issue("W5", "2026-02-06", header="draft: true\n")
    year.push(at("02-06"), {"w-5/index.md": draft})
    year.push(at("02-08"), {"w-5/index.md": issue("W5", "2026-02-06")})
    # Deleted before it was announced.
    year.push(at("02-13"), {"w-6/index.md": issue("W6", "2026-02-13")})
    year.push(at("02-13", "10:05"), {"w-6/index.md": None})
    # Expired when it comes.
    expired = issue("W7", "2026-02-20", header="expiryDate: 2026-02-19\n")
    year.push(at("02-20"), {"w-7/index.md": expired})
    # Deleted with one push, back under another name with the next.
    year.push(at("02-27"), {"w-8/index.md": issue("W8", "2026-02-27")})
    year.push(at("02-28"), {"w-8/index.md": None})
    year.push(at("02-28", "10:02"), {"w-eight/index.md": issue("W8", "2026-02-27")})
    return year


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year's repository, made once."""
    return a_year(tmp_path_factory.mktemp("year") / "site")


async def lived(year: Year, folder: Path) -> Report:
    """Live through the year, and a day more."""
    remote = Remote.of(year.repository.root, folder / "remote.git")
    async with a_replay(remote, folder, year.steps[0].at) as replay:
        await replay.live(year.steps, until=year.steps[-1].at + timedelta(days=1))
        return await replay.report()


def line(told: Told) -> str:
    """What became of a post, in one line."""
    when = " and ".join(f"{m.astimezone(SHANGHAI):%m-%d %H:%M}" for m in told.announced)
    gone = ", gone" if told.gone else ""
    edits = f", edited {told.edited}" if told.edited else ""
    return f"{told.post}: {told.state.value} {when or told.why}{edits}{gone}"


EXPECTED = """
weekly:late/index.md: held late
weekly:old-1/index.md: skipped before-first
weekly:old-2/index.md: skipped before-first
weekly:old-3/index.md: skipped offered
weekly:w-1/index.md: announced 01-09 10:13, edited 2
weekly:w-2/index.md: announced 01-17 09:00
weekly:w-3/index.md: announced 01-23 10:10, gone
weekly:w-4/index.md: announced 01-30 10:15
weekly:w-5/index.md: announced 02-08 10:10
weekly:w-6/index.md: held gone, gone
weekly:w-7/index.md: skipped expired
weekly:w-8/index.md: announced 02-27 10:10, edited 1
"""


@pytest.mark.timeout(300)
async def test_a_year_of_a_repository_is_told_once_in_time_and_with_reasons(
    made, tmp_path: Path
):
    """No post twice, none lost, no flood; every one that stays away says why."""
    report = await lived(made, tmp_path)

    told = {post.post: post for post in report.posts}
    back = [post for name, post in told.items() if "back-" in name]
    assert [line(p) for p in report.posts if p not in back] == EXPECTED.split("\n")[1:-1]
    assert len(back) == 47
    assert {(post.state, post.why) for post in back} == {(PostState.HELD, "breaker")}
    assert told["weekly:w-1/index.md"].path == "2026/w-1.md"
    assert told["weekly:w-2/index.md"].path == "2026/w-2/index.md"
    assert told["weekly:w-8/index.md"].path == "w-eight/index.md"
    assert (report.doubles, report.lost, report.unexplained) == ((), (), ())
    assert report.most_in_an_hour == 1
    subjects = [notice.splitlines()[0] for notice in report.notices]
    ask, inform = "weekly: what shall I do?", "weekly: for your information"
    assert subjects == [ask, ask, ask, inform, ask]
    assert [word in notice for word, notice in zip(NOTICED, report.notices, strict=True)] == [
        True
    ] * 5


NOTICED = ("Old 3", "47 posts at once", "Late", "W3", "W6")
"""What the maintainers are asked or told of, in order."""


async def test_the_steps_of_a_history_are_those_that_change_its_folder(tmp_path: Path):
    """In the order and at the times of their commits, which never run backwards."""
    repository = a_repository(tmp_path / "site", {"posts/a.md": "a"})
    repository.commit({"README.md": "elsewhere"})
    repository.commit({"posts/b.md": "b"})

    steps = steps_of(repository.root, path="posts")

    commits = repository.git("log", "--reverse", "--format=%H").split()
    assert [step.commit for step in steps] == [commits[0], commits[2]]
    assert steps[0].at <= steps[1].at
    assert len(steps_of(repository.root)) == 3


@pytest.mark.skipif("DIGESTBOT_TEST_HISTORY" not in os.environ, reason="names no repository")
@pytest.mark.timeout(3600)
async def test_a_real_history_has_no_double_no_loss_and_no_flood(tmp_path: Path):
    """DIGESTBOT_TEST_HISTORY=repository[:path], whatever its authors did."""
    repository, _, path = os.environ["DIGESTBOT_TEST_HISTORY"].partition(":")
    steps = steps_of(Path(repository), path=path)
    remote = Remote.of(Path(repository), tmp_path / "r.git", path)
    async with a_replay(remote, tmp_path, steps[0].at, path=path) as replay:
        await replay.live(steps, until=steps[-1].at + timedelta(days=1))
        report = await replay.report()

    assert (report.doubles, report.lost, report.unexplained) == ((), (), ())
    assert report.most_in_an_hour <= 3
