"""How fast posts become messages, beside two other converters, and whether long ones cost more.

    python -m tests.benchmarks.conversion                     # both tables
    python -m tests.benchmarks.conversion --posts FOLDER      # other posts than SOFA Weekly
    python -m tests.benchmarks.conversion --peers FOLDER      # the two others are installed there

The others are installed outside the project's own environment:

    python3 -m venv FOLDER && FOLDER/bin/pip install markdown-to-slack-blocks
    npm install --prefix FOLDER @tryfabric/mack

Each converter has a process of its own and the same posts; they take turns, and of each the best
round counts. Nothing is asserted here, for a machine's seconds are no promise.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from formatters.document import PostError
from tests.benchmarks.rounds import ours
from tests.needs import ROOT, corpus

HERE = Path(__file__).parent
TURNS, ROUNDS = 3, 4
SIZES = (1_000, 10_000, 100_000, 1_000_000)
MIXED = """## A heading of some words

The quick brown fox jumps over the **lazy** dog, reads [a page](https://a.example/b) and `code`.

- An item with a [link](https://a.example/c) in it
- Another one, _with emphasis_, of the usual length

> A quotation of some words, as authors write them.

"""
SHAPES: Mapping[str, str] = {
    "an issue": MIXED,
    "paragraphs": "The quick brown fox jumps over the **lazy** dog and sees [it](https://a.example/b).\n\n",
    "Chinese": "中文的一段文字，有**重点**，也有标点。下一句话稍微长一点，带[链接](https://a.example/b)。\n\n",
    "a list": "- An item with some words and a [link](https://a.example/x)\n",
    "nested lists": "- a word\n  - a word below\n    - a word below that\n",
    "nested quotes": "> one level\n> > two levels\n> > > three levels\n\n",
    "table rows": "| 2026-03-04 | some words | [more](https://a.example) |\n",
    "links in a line": "[a](https://a.example/b) ",
    "words in a line": "word ",
    "Chinese in a line": "中文的一段文字，有标点。",
    "**": "**a** b ",
    "*": "*",
    "[": "[",
    "<div>": "<div>",
    "pictures": "![a picture](https://a.example/b.png)\n\n",
    "headings": "## A heading of some words\n\nand a line\n\n",
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="How fast posts become messages.")
    parser.add_argument("--posts", type=Path, default=corpus("sofastack.tech/content/zh/blog"))
    parser.add_argument("--peers", type=Path, default=ROOT.parent / "peers")
    parser.add_argument("--only", choices=("speed", "length"))
    given = parser.parse_args()
    if given.only != "length":
        speed(posts(given.posts), given.peers)
    if given.only != "speed":
        length()


# ------------------------------------------------------------------ beside others


def posts(folder: Path | None) -> list[str]:
    """The weekly issues below a folder, or all its posts where none is called weekly."""
    if folder is None:
        print("No posts: name their folder with --posts, or put the shared ones beside this.")
        return []
    paths = sorted(folder.rglob("*.md"))
    weekly = [path for path in paths if "weekly" in path.as_posix().casefold()]
    return [path.read_text("utf-8", "replace") for path in weekly or paths]


def speed(texts: Sequence[str], peers: Path) -> None:
    """Posts a second of each converter, taking turns, as ratios to the first peer."""
    if not texts:
        return
    there = dict(_commands(peers))
    best: dict[str, dict[str, float]] = {}
    for _ in range(TURNS):
        for name, command in there.items():
            made = _round(command, texts)
            if name not in best or made["seconds"] < best[name]["seconds"]:
                best[name] = made
    print(f"\n{len(texts)} posts, {sum(map(len, texts)) // len(texts):,} characters each\n")
    print("| converter | posts/s | times rich_text | peak MB | above the first post |")
    print("|---|--:|--:|--:|--:|")
    base = best.get("markdown-to-slack-blocks, rich_text")
    for name, made in best.items():
        times = f"{base['seconds'] / made['seconds']:.1f}" if base else ""
        rate = len(texts) / made["seconds"]
        memory = f"{made['all']:.0f} | {made['megabytes']:.0f}"
        print(f"| {name} | {rate:,.0f} | {times} | {memory} |")


def _commands(peers: Path) -> Iterator[tuple[str, list[str]]]:
    rounds = str(HERE / "rounds.py")
    for name in ("full", "thread", "read"):
        yield f"digestbot, {name}", [sys.executable, rounds, name]
    python = peers / "bin" / "python"
    if python.exists():
        yield "markdown-to-slack-blocks, rich_text", [str(python), rounds, "rich_text"]
    else:
        print(f"python3 -m venv {peers} && {peers}/bin/pip install markdown-to-slack-blocks")
    if (peers / "node_modules" / "@tryfabric" / "mack").exists():
        yield "@tryfabric/mack (Node)", ["node", str(HERE / "mack.cjs"), str(peers)]
    else:
        print(f"npm install --prefix {peers} @tryfabric/mack")


def _round(command: Sequence[str], texts: Sequence[str]) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603  commands of our own
        [*command, str(ROUNDS)],
        input=json.dumps(texts),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


# ------------------------------------------------------------------ long posts


def length() -> None:
    """Nanoseconds a character from a kilobyte to a megabyte, read and composed in full."""
    print(
        f"\n| shape, ns a character | {' | '.join(f'{size:,}' for size in SIZES)} | worst/best |"
    )
    print("|---|" + "--:|" * (len(SIZES) + 1))
    for name, unit in SHAPES.items():
        costs = [_cost(unit, size) for size in SIZES]
        told = [cost for cost in costs if cost]
        ratio = max(told) / min(told)
        row = " | ".join(f"{cost:,.0f}" if cost else "turned away" for cost in costs)
        print(f"| {name} | {row} | {ratio:.1f} |", flush=True)


def _cost(unit: str, size: int) -> float:
    """Nanoseconds a character, 0 where the post is turned away."""
    head = "| a | b | c |\n|---|---|---|\n" if unit.startswith("|") else ""
    text = head + unit * max(1, size // len(unit))
    convert = ours("full")
    repeats = max(1, 20_000 // size)
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        try:
            for _ in range(repeats):
                convert(text)
        except PostError:
            return 0.0
        best = min(best, time.process_time() - start)
    return best / repeats / len(text) * 1e9


if __name__ == "__main__":
    main()
