"""Issues of an invented newsletter, and what authors do to them afterwards."""

from dataclasses import dataclass, replace
from random import Random

WORDS = [
    "lantern",
    "broker",
    "queue",
    "replica",
    "ledger",
    "window",
    "reader",
    "topic",
    "shard",
    "commit",
    "archive",
    "signal",
    "harbor",
    "current",
    "anchor",
    "beacon",
    "cable",
    "tide",
    "vessel",
    "chart",
    "灯笼鱼",
    "消息",
    "分片",
    "副本",
    "社区",
    "版本",
    "发布",
    "同步",
    "集群",
    "缓存",
]
SECTIONS = ("News", "Releases", "Recommended reading", "社区活动", "每周问答", "Contributors")


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as its author has it. `header` are further lines of the front matter."""

    title: str
    date: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    header: str = ""

    def text(self) -> str:
        """The file."""
        head = f'---\ntitle: "{self.title}"\ndate: {self.date}\n{self.header}---\n'
        parts = (f"\n## {name}\n\n" + "\n".join(items) for name, items in self.sections)
        return head + "\n".join(parts) + "\n"


def an_issue(dice: Random, title: str, date: str, *, header: str = "") -> Issue:
    """One of two to six sections; every eighth is longer than one message."""
    most = 40 if dice.random() < 0.12 else 7
    names = dice.sample(SECTIONS, dice.randint(2, len(SECTIONS)))
    sections = tuple((name, some_items(dice, dice.randint(2, most))) for name in names)
    return Issue(title, date, sections, header)


def some_items(dice: Random, count: int) -> tuple[str, ...]:
    """List items with bold words and links, none like another."""
    return tuple(_item(dice) for _ in range(count))


def _item(dice: Random) -> str:
    lead, *rest = dice.choices(WORDS, k=dice.randint(6, 30))
    link = f"[{dice.choice(WORDS)}](https://site.example/{dice.randrange(10**9)})"
    return f"- **{lead}** {' '.join(rest)} {link}"


def edited(dice: Random, issue: Issue) -> Issue:
    """The issue after one of the things that authors do."""
    change = dice.choice((_mended, _mended, _longer, _much_longer, _shorter, _retitled))
    return change(dice, issue)


def _mended(dice: Random, issue: Issue) -> Issue:
    (name, items), *rest = issue.sections
    return replace(issue, sections=((name, (*some_items(dice, 1), *items[1:])), *rest))


def _longer(dice: Random, issue: Issue) -> Issue:
    (name, items), *rest = issue.sections
    return replace(issue, sections=((name, (*items, *some_items(dice, 2))), *rest))


def _much_longer(dice: Random, issue: Issue) -> Issue:
    (name, items), *rest = issue.sections
    return replace(issue, sections=((name, (*items, *some_items(dice, 40))), *rest))


def _shorter(dice: Random, issue: Issue) -> Issue:
    sections = tuple((name, items[: max(2, len(items) // 3)]) for name, items in issue.sections)
    return replace(issue, sections=sections[: max(1, len(sections) - 1)])


def _retitled(dice: Random, issue: Issue) -> Issue:
    return replace(issue, title=f"{issue.title}: {dice.choice(WORDS)}")
