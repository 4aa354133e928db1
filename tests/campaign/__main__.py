"""Kill a process at every point where it writes or sends, one run for each.

    python -m tests.campaign --kind sqlite
    python -m tests.campaign --kind postgres --replicas 3
    python -m tests.campaign --kind sqlite --chance 1000 --seed 1      # schedules with faults by chance

A line for each run in which a promise was broken, then the sums as one JSON object. Exit 1 if there
was such a run.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from itertools import count

from tests.campaign.chance import one_schedule
from tests.campaign.runs import fresh, one_life
from tests.campaign.town import Sum


def every_point(given: argparse.Namespace, told: "Told") -> None:
    """Die at point 1, 2, 3, ... until a run passes no such point."""
    for end in count(given.seed or 1, given.stride):
        with fresh(given.kind) as (folder, database):
            life = one_life(folder, database, replicas=given.replicas, end=end, seed=end)
            came = asyncio.run(life)
        told.add(f"point {end}", came)
        if not came.deaths or told.late():
            return


def by_chance(given: argparse.Namespace, told: "Told") -> None:
    """Schedules by their seeds."""
    for seed in range(given.seed, given.seed + given.chance):
        with fresh(given.kind) as (folder, database):
            life = one_schedule(folder, database, replicas=given.replicas, seed=seed)
            came = asyncio.run(life)
        told.add(f"seed {seed}", came)
        if told.late():
            return


class Told:
    """The sums of all runs."""

    def __init__(self, minutes: float) -> None:
        self.counts: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self._began = time.monotonic()
        self._minutes = minutes

    def add(self, name: str, came: Sum) -> None:
        """Count a run, and tell of it if something is wrong with it."""
        self.counts["runs"] += 1
        self.counts["right"] += came.right
        self.counts["deaths"] += came.deaths
        self.counts["sent"] += came.sent
        self.counts["points"] = max(self.counts["points"], came.points)
        for kind in ("lost", "doubled", "disordered", "stale"):
            self.counts[kind] += len(getattr(came, kind))
        self.held.update(came.held)
        if not came.right:
            print(f"{name}: {came}", flush=True)
        elif self.counts["runs"] % 25 == 0:
            print(f"{name}: {self.counts['runs']} runs", file=sys.stderr, flush=True)

    def late(self) -> bool:
        """Whether the time is up."""
        return bool(self._minutes) and time.monotonic() - self._began > self._minutes * 60

    def summary(self, given: argparse.Namespace) -> str:
        """Everything that was counted."""
        return json.dumps(
            {
                "kind": given.kind,
                "replicas": given.replicas,
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
    words.add_argument("--replicas", type=int, default=1)
    words.add_argument("--stride", type=int, default=1, help="only every so-manieth point")
    words.add_argument("--chance", type=int, default=0, help="so many schedules by chance")
    words.add_argument("--seed", type=int, default=1, help="the first seed, or the first point")
    words.add_argument("--minutes", type=float, default=0, help="stop after so long")
    given = words.parse_args()
    told = Told(given.minutes)
    (by_chance if given.chance else every_point)(given, told)
    print(told.summary(given))
    return 0 if told.counts["right"] == told.counts["runs"] else 1


if __name__ == "__main__":
    sys.exit(main())
