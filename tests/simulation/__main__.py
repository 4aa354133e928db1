"""Live through months of a community, and reckon up.

    python -m tests.simulation --months 24 --seed 1

Prints what happened, what stands where, and everything that does not agree. Exit 1 if anything does not.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.prepared import MEMORY
from tests.simulation.community import FIRST, Community, a_community
from tests.simulation.life import live
from tests.simulation.reckoning import Account, reckon
from tests.simulation.script import a_script

START = date(2026, 1, 5)


async def lived(months: int, seed: int, folder: Path) -> tuple[Community, Account]:
    """The whole of it."""
    script = a_script(START, months, seed, FIRST)
    async with a_community(folder, script) as life:
        await live(life, script)
        return life, await reckon(life, script)


def main() -> int:
    """Read the arguments, live, report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--months", type=int, default=24)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--log", action="store_true", help="the bot's own log on stderr")
    given = asked.parse_args()
    logging.basicConfig(level=logging.INFO if given.log else logging.CRITICAL)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        life, account = asyncio.run(lived(given.months, given.seed, Path(folder)))
    happened = ", ".join(f"{count} {what}" for what, count in sorted(life.happened.items()))
    print(f"happened: {happened}")
    print(f"posts: {account.posts}; messages: {account.messages}; edits: {account.edits}")
    print(f"announcements that stand: {account.cards}")
    print(f"kept back: {account.kept_back}")
    print(
        f"calls of Slack: {account.calls}; real time: {time.perf_counter() - began:.0f} s, of the processor {time.process_time():.0f} s"
    )
    for words in account.wrong:
        print(f"WRONG {words}", file=sys.stderr)
    print(f"wrong: {len(account.wrong)}")
    return 1 if account.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
