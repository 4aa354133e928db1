"""Search over real posts: what reading everything would find, found by the index, on both databases."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.archive import Archive, migrate, open_archive
from bot.archive.words import folded
from bot.model.posts import Entry, Found, Role
from bot.publish.reading import Reader
from formatters.document import Site
from tests import needs
from tests.fakes import NOON

CHINESE = [
    "架构",
    "事务",
    "分布",
    "消息",
    "注册",
    "服务",
    "云原",
    "网格",
    "集群",
    "性能",
    "日志",
    "配置",
    "社区",
    "开源",
    "活动",
    "直播",
    "源码",
    "测试",
    "容器",
    "调度",
]
ENGLISH = [
    "rust",
    "cargo",
    "mesh",
    "seata",
    "release",
    "kubernetes",
    "async",
    "compiler",
    "nix",
    "linux",
    "security",
    "memory",
    "webassembly",
    "raft",
    "test",
    "github",
    "iterator",
    "macro",
    "jraft",
    "scheduler",
]
SITE = Site(zone="Asia/Shanghai", language="zh")


async def the_posts() -> list[Entry]:
    """Every post of the corpus that can be read."""
    root = needs.corpus()
    assert root is not None
    paths = sorted(root.rglob("*.md"), key=str)
    found = [Found("all", str(path.relative_to(root)), text_of(path)) for path in paths]
    reading = await Reader(SITE, Role.ISSUES, NOON, first_run=True).read(found)
    return [read.entry for read in reading.posts]


def text_of(path: Path) -> str:
    """A file's text."""
    return path.read_text("utf-8", "replace").replace("\0", "")


def by_hand(word: str, entries: Sequence[Entry]) -> set[str]:
    """The posts that have a word: Chinese anywhere, Latin where a word begins."""
    start = r"(?<![^\W_])" if word.isascii() else ""
    pattern = re.compile(start + re.escape(folded(word)))
    return {e.id for e in entries if pattern.search(folded(f"{e.title}\n{e.plain}"))}


async def by_index(archive: Archive, word: str) -> list[str]:
    """The posts that search finds, best first."""
    hits = await archive.library.search(word, NOON, limit=100_000)
    return [hit.entry.id for hit in hits]


async def filled(url: str, entries: Sequence[Entry]) -> Archive:
    """An archive with the posts in it."""
    await migrate(url)
    archive = await open_archive(url)
    await archive.register.save("all", [(entry, ()) for entry in entries])
    return archive


@pytest.mark.corpus
@pytest.mark.postgres
@pytest.mark.timeout(600)
async def test_search_finds_what_reading_everything_finds(tmp_path: Path, postgres_url: str):
    """At least 99 % of it for 20 Chinese and 20 English words; both databases the same, in order."""
    entries = await the_posts()
    assert len(entries) > 150
    readable = [e for e in entries if not e.draft and (e.date is None or e.date <= NOON)]
    sqlite = await filled(f"sqlite:///{tmp_path}/all.db", entries)
    postgres = await filled(postgres_url, entries)
    expected = found = 0
    for word in (*CHINESE, *ENGLISH):
        truth = by_hand(word, readable)
        one = await by_index(sqlite, word)
        assert one == await by_index(postgres, word), word
        assert truth, f"nothing has {word}: choose another word"
        assert len(truth & set(one)) >= 0.99 * len(truth), word
        expected, found = expected + len(truth), found + len(truth & set(one))
    await sqlite.close()
    await postgres.close()
    assert found >= 0.99 * expected, f"{found} of {expected} in {len(readable)} posts"
