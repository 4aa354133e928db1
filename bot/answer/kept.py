"""The last few issues as they were composed: many people ask for the same one when it comes out."""

from collections import OrderedDict
from collections.abc import Callable

from bot.model.posts import Entry
from formatters.message import Message

Composed = tuple[tuple[Message, ...], tuple[Message, ...]]

MOST = 8
"""Compositions: some 50 kB each."""


class Kept:
    """Remembers what was composed, for one set of settings; the least lately asked for goes first.

    An entry is the key as a whole, so that nothing is said of a post that has changed since.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._made: OrderedDict[tuple[Entry, str], Composed] = OrderedDict()

    def of(self, entry: Entry, language: str, compose: Callable[[], Composed]) -> Composed:
        """What was composed of an entry in a language, or is now."""
        key = (entry, language)
        made = self._made.pop(key, None) or compose()
        self._made[key] = made
        if len(self._made) > self._most:
            self._made.popitem(last=False)
        return made
