"""One converter over many posts: the best round's seconds, and the peak of memory.

    python tests/benchmarks/rounds.py NAME ROUNDS < TEXTS.json

NAME is full, thread or read (ours), or rich_text (markdown-to-slack-blocks, from whichever Python
runs this: nothing of ours is imported for it). Prints one JSON object.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence

Convert = Callable[[str], object]


def ours(name: str) -> Convert:
    """Read a post, and compose it if `name` is a style."""
    compose = importlib.import_module("formatters.compose").compose
    style = importlib.import_module("formatters.message").Style
    site = importlib.import_module("formatters.document").Site(
        url="https://site.example", zone="Asia/Shanghai", language="zh"
    )
    read_post = importlib.import_module("formatters.read").read_post

    def read(text: str) -> object:
        return read_post(text, path="a/index.md", site=site)

    if name == "read":
        return read
    return lambda text: compose(read(text), style=style(name), language="zh")


def rich_text() -> Convert:
    """The peer, in the mode that keeps most of a post."""
    convert = importlib.import_module("markdown_to_slack_blocks").markdown_to_blocks
    return lambda text: convert(text, {"prefer_section_blocks": False})


def measured(convert: Convert, texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Seconds of the best round; MB of the highest point above the memory after one post."""
    convert(texts[0])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            convert(text)
        best = min(best, time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": best, "megabytes": (peak - before) / 1024, "all": peak / 1024}


if __name__ == "__main__":
    chosen = rich_text() if sys.argv[1] == "rich_text" else ours(sys.argv[1])
    print(json.dumps(measured(chosen, json.load(sys.stdin), int(sys.argv[2]))))
