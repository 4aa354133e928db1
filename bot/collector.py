"""Python's garbage collector, for a process that is to answer quickly for weeks."""

import gc

SELDOM = (10_000, 20, 50)
"""Objects that come to more than go before the young ones are looked at, and how often for the older
ones. What a fan-out holds goes without the collector; looking through it each time took people's
answers some hundredths of a second."""


def settle_in() -> None:
    """Pass over all that is there by now, modules and statements, and look at the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
