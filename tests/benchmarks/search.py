"""How long members wait for a search, beside the number of posts in the archive.

    python -m tests.benchmarks.search                               # 200 and 10,000 posts, SQLite
    python -m tests.benchmarks.search --database postgresql://...   # an empty database

Posts are made of words drawn by Zipf's law, half of them Chinese. Prints one JSON object a size:
posts, queries, the 50th and 99th percentile and the longest wait in milliseconds, and the 99th
percentile of this process's own work (with SQLite all of it), which others on the machine leave alone.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import accumulate

from bot.archive import Archive, migrate, open_archive
from bot.model.posts import Entry, Passage
from tests.fakes import NOON, an_entry

SEED = 7
WORDS = 20_000
PER_POST = 600
QUERIES = 400
BATCH = 500


class Language:
    """Words with the frequencies that languages have."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        latin = ["".join(chance.choices("etaoinshrdlu", k=k)) for k in self._lengths(3, 9)]
        han = [
            "".join(map(chr, chance.choices(range(0x4E00, 0x5200), k=k)))
            for k in self._lengths(2, 4)
        ]
        self.words = [word for pair in zip(latin, han, strict=True) for word in pair]
        self._weights = tuple(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def _lengths(self, least: int, most: int) -> list[int]:
        return [self._chance.randint(least, most) for _ in range(WORDS // 2)]

    def some(self, count: int) -> list[str]:
        """Words as texts have them: few often, most seldom."""
        return self._chance.choices(self.words, cum_weights=self._weights, k=count)


def posts(language: Language, count: int) -> Iterator[Entry]:
    """Weekly posts, the newest first."""
    for number in range(count):
        lines = [" ".join(language.some(20)) for _ in range(PER_POST // 20)]
        plain = "\n".join(lines)
        parts = (Passage("\n".join(lines[:20]), 2), Passage("\n".join(lines[20:]), 0.5))
        yield an_entry(
            f"{number}.md",
            title=" ".join(language.some(4)),
            date=NOON - timedelta(hours=number),
            plain=plain,
            text=plain,
            passages=parts,
        )


async def fill(archive: Archive, entries: Iterator[Entry]) -> None:
    """Archive posts, some at a time."""
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            await archive.register.save("weekly", [(one, ()) for one in batch])
            batch = []
    await archive.register.save("weekly", [(one, ()) for one in batch])


async def waits(
    archive: Archive, queries: Sequence[str]
) -> tuple[Sequence[float], Sequence[float]]:
    """Milliseconds that each search takes, and those that this process works for it; sorted."""
    took: list[float] = []
    worked: list[float] = []
    for words in queries:
        began, before = time.perf_counter(), time.process_time()
        await archive.library.search(words, NOON, limit=9)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - before) * 1000)
    return sorted(took), sorted(worked)


async def measured(url: str, count: int) -> dict[str, object]:
    """Fill an archive up to so many posts, and search in it."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    language = Language(chance)
    await migrate(url)
    archive = await open_archive(url)
    await fill(archive, posts(language, count))
    queries = [" ".join(language.some(chance.choice((1, 1, 2)))) for _ in range(QUERIES)]
    took, worked = await waits(archive, queries)
    await archive.close()
    return {
        "posts": count,
        "queries": len(queries),
        "p50_ms": round(took[len(took) // 2], 1),
        "p99_ms": round(took[len(took) * 99 // 100], 1),
        "max_ms": round(took[-1], 1),
        "p99_cpu_ms": round(worked[len(worked) * 99 // 100], 1),
    }


def main() -> None:
    """Measure each size on its own archive; with --database the sizes grow in one."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", default="")
    asked.add_argument("--posts", type=int, nargs="+", default=[200, 10_000])
    given = asked.parse_args()
    for count in given.posts:
        with tempfile.TemporaryDirectory() as folder:
            url = given.database or f"sqlite:///{folder}/search.db"
            print(json.dumps(asyncio.run(measured(url, count))), flush=True)


if __name__ == "__main__":
    main()
