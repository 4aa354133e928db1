"""Kill a process at every point where it writes or sends, one run for each.

    python -m tests.campaign --kind sqlite --real        # processes of their own, killed by SIGKILL
    python -m tests.campaign --kind sqlite               # the same played in one process: quicker
    python -m tests.campaign --kind postgres --replicas 3
    python -m tests.campaign --kind sqlite --chance 1000 --seed 1      # schedules with faults by chance

For each run in which a promise was broken what it was and how it is repeated, then the sums as one
JSON object. Exit 1 if there was such a run.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from itertools import count

from tests.campaign.chance import one_schedule
from tests.campaign.reckoning import Sum
from tests.campaign.runs import fresh, one_life
from tests.campaign.wild import a_home, one_killing


def every_point(given: argparse.Namespace, told: "Told") -> None:
    """Die at point 1, 2, 3, ... until a run passes no such point; played in this process."""
    for end in count(given.seed, given.stride):
        came = None
        again = f"{_again(given)} --seed {end} --runs 1"
        with told.of(again), fresh(given.kind) as (folder, database):
            life = one_life(folder, database, replicas=given.replicas, end=end, seed=end)
            came = told.add(asyncio.run(life))
        if told.over(came, given):
            return


async def every_killing(given: argparse.Namespace, told: "Told") -> None:
    """The same with real processes: the one that comes to the point kills itself."""
    async with a_home() as home:
        for end in count(given.seed, given.stride):
            came = None
            with told.of(f"{_again(given)} --seed {end} --runs 1"):
                async with AsyncExitStack() as stack:
                    made = fresh(given.kind)  # waits for the database
                    folder, database = await asyncio.to_thread(stack.enter_context, made)
                    came = told.add(
                        await one_killing(
                            home, folder, database, replicas=given.replicas, end=end, seed=end
                        )
                    )
            if told.over(came, given):
                return


def by_chance(given: argparse.Namespace, told: "Told") -> None:
    """Schedules by their seeds."""
    for seed in range(given.seed, given.seed + given.chance):
        again = f"{_again(given)} --seed {seed} --chance 1"
        with told.of(again), fresh(given.kind) as (folder, database):
            life = one_schedule(folder, database, replicas=given.replicas, seed=seed)
            told.add(asyncio.run(life))
        if told.late():
            return


def _again(given: argparse.Namespace) -> str:
    real = " --real" if given.real else ""
    return f"python -m tests.campaign --kind {given.kind} --replicas {given.replicas}{real}"


class Told:
    """The sums of all runs."""

    def __init__(self, minutes: float) -> None:
        self.counts: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self._began = time.monotonic()
        self._minutes = minutes

    @contextmanager
    def of(self, again: str) -> Iterator[None]:
        """A run that is repeated by a command, which is told if anything is wrong with it."""
        self.counts["runs"] += 1
        right = self.counts["right"]
        try:
            yield
        except Exception:  # noqa: BLE001 - the next run may teach something else
            traceback.print_exc()
            self.counts["broken"] += 1
        if self.counts["right"] == right:
            print(f"    {again}", flush=True)
        elif self.counts["runs"] % 25 == 0:
            print(f"{self.counts['runs']} runs", file=sys.stderr, flush=True)

    def add(self, came: Sum) -> Sum:
        """Count what came of a run."""
        self.counts["right"] += came.right
        self.counts["deaths"] += came.deaths
        self.counts["sent"] += came.sent
        self.counts["points"] = max(self.counts["points"], came.points)
        for kind in ("lost", "doubled", "disordered", "stale"):
            self.counts[kind] += len(getattr(came, kind))
        self.held.update(came.held)
        if not came.right:
            print(came, flush=True)
        return came

    def over(self, came: Sum | None, given: argparse.Namespace) -> bool:
        """Whether the last point is behind us, or all that was asked for is done."""
        last = came is not None and not came.deaths
        return last or self.counts["runs"] == given.runs or self.late()

    def late(self) -> bool:
        """Whether the time is up."""
        return bool(self._minutes) and time.monotonic() - self._began > self._minutes * 60

    def summary(self, given: argparse.Namespace) -> str:
        """Everything that was counted."""
        return json.dumps(
            {
                "kind": given.kind,
                "replicas": given.replicas,
                "real": given.real,
                **self.counts,
                "held": self.held.most_common(9),
                "seconds": round(time.monotonic() - self._began),
            }
        )


def main() -> int:
    """Read the words of the command line, run, tell."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--kind", choices=("sqlite", "postgres"), default="sqlite")
    words.add_argument("--real", action="store_true", help="kill real processes")
    words.add_argument("--replicas", type=int, default=1)
    words.add_argument("--stride", type=int, default=1, help="only every so-manieth point")
    words.add_argument("--chance", type=int, default=0, help="so many schedules by chance")
    words.add_argument("--runs", type=int, default=0, help="stop after so many points")
    words.add_argument("--log", action="store_true", help="the bot's own log on stderr")
    words.add_argument("--seed", type=int, default=1, help="the first seed, or the first point")
    words.add_argument("--minutes", type=float, default=0, help="stop after so long")
    given = words.parse_args()
    logging.basicConfig(level=logging.INFO)
    logging.disable(logging.NOTSET if given.log else logging.CRITICAL)
    warnings.simplefilter("ignore")  # the dead tidy nothing
    told = Told(given.minutes)
    if given.real:
        asyncio.run(every_killing(given, told))
    else:
        (by_chance if given.chance else every_point)(given, told)
    print(told.summary(given))
    return 0 if told.counts["right"] == told.counts["runs"] else 1


if __name__ == "__main__":
    sys.exit(main())
