"""The garbage collector of a long life."""

import gc
import subprocess
import sys

SETTLED = """
import gc
from bot.collector import settle_in
settle_in()
class Ring: pass
for _ in range(40_000):
    one = Ring(); one.me = one
print(gc.get_freeze_count() > 1000, sum(isinstance(one, Ring) for one in gc.get_objects()) < 20_000)
"""


def test_what_stays_is_passed_over_and_what_goes_round_in_circles_is_collected_still():
    """In a process of its own: it is for all of a process and for its whole life."""
    before = gc.get_freeze_count()
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", SETTLED], capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == ["True", "True"]
    assert gc.get_freeze_count() == before
