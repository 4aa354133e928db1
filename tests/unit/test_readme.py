"""What the README says is true: its settings, its commands, its links."""

import re
from pathlib import Path

import pytest

from bot.answer.verbs import KNOWN
from bot.cli.verbs import VERBS
from config.settings import load

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = sorted(set(re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|<img src=\"([^\":]+)\"", README)))


def rows(heading: str) -> list[str]:
    """The first cells of the tables under a heading, without their marks."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `(?:digestbot|/digest) ([^`]+)` \|", section, re.MULTILINE)


def test_the_settings_it_shows_are_valid(tmp_path: Path) -> None:
    """A newcomer can paste the small configuration, with tokens in the environment."""
    shown = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert shown
    file = tmp_path / "digestbot.yaml"
    file.write_text(shown[1], encoding="utf-8")
    tokens = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "s",
    }
    settings = load(file, tokens)
    assert [source.id for source in settings.sources] == ["weekly", "meetups"]


def test_its_command_line_is_the_one_there_is() -> None:
    """Every verb of the command line is explained, and none that does not exist."""
    assert {row.split()[0] for row in rows("Command line")} == set(VERBS)


@pytest.mark.parametrize("page", ["README.md", "deploy/runbook.md", "deploy/digestbot.service"])
def test_every_command_line_of_our_pages_exists(page: str) -> None:
    """Nobody is told to type a verb that is not there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    typed = set(re.findall(r"(?:`|/bin/|\bbot )digestbot ([a-z]+)", text))
    assert typed
    assert typed <= set(VERBS)


def test_its_slash_commands_are_understood() -> None:
    """Every word it tells people to type after /digest means something, Chinese ones too."""
    typed = re.findall(r"`/digest ([^ `]+)", README)
    assert typed
    assert set(typed) <= set(KNOWN)


@pytest.mark.parametrize("link", ["".join(either) for either in LINKS])
def test_its_links_and_pictures_are_there(link: str) -> None:
    """What it points to is in the repository."""
    assert (ROOT / link).is_file()


def test_its_first_screen_shows_the_picture_and_both_commands() -> None:
    """A reader knows what it is, how it looks and how to try it without scrolling far."""
    first = README.split("\n## What you see\n", 1)[0]
    assert (
        first.index("<img") < first.index("deploy/dev.py sandbox") < first.index("dev.py test")
    )
    assert len(first.splitlines()) <= 35


def test_its_picture_is_small() -> None:
    """A clone is not made heavy by it: 300 kB at most."""
    assert (ROOT / "deploy" / "sandbox.png").stat().st_size <= 300_000
