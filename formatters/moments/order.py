"""Whether a page writes the day or the month first.

Pure.
"""

import re
from collections.abc import Iterable

_MONTHS = 12
_DAYS = 31
_PAIR = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?![\d/.])")


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether a page writes `29/5`: some of its numbers can only be days before months."""
    pairs = [(int(a), int(b)) for text in texts for a, b in _PAIR.findall(text)]
    told = [(a, b) for a, b in pairs if 0 < a <= _DAYS and 0 < b <= _DAYS]
    first = any(a > _MONTHS >= b for a, b in told)
    return first and not any(b > _MONTHS >= a for a, b in told)
