"""A source that is far away: the port `Source` over a place that is looked at over the network.

Whatever happens there becomes a problem of this source: it neither raises nor hangs.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from bot.model.posts import Found, Problem, Scan
from bot.sources.content import UnfitError
from bot.sources.pace import Pace
from bot.sources.trouble import TroubleError

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=10)
"""One look at the most; each request has a shorter limit of its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a place has now.

    `files` has the version of each post's file: as long as it stays, the file is not read again.
    `problems` says of files why they cannot be posts; `aliases` under which other paths a file
    may be known. `fresh` is how long nothing newer is to be expected, `complete` as in `Scan`.
    """

    files: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fresh: timedelta = timedelta()
    complete: bool = True


class Place(Protocol):
    """Where the posts are."""

    async def look(self) -> Seen:
        """See what is there, with one request if nothing changed.

        Raises:
            TroubleError: it cannot be seen now.
        """

    async def read(self, wanted: Mapping[str, str]) -> Mapping[str, str | UnfitError]:
        """Read files of the last look.

        Args:
            wanted: path -> version.

        Returns:
            The text of each, or why it has none. What is left out is asked for again.

        Raises:
            TroubleError: they cannot be read now; what was read so far need not be fetched again.
        """


class RemoteSource:
    """The port `Source` over a place; see `bot.ports.outside.Source`.

    Args:
        id: the source's id.
        place: what is looked at.
        pace: when it may be looked at.
        patience: how long one look may take.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - as in the settings
        place: Place,
        pace: Pace,
        *,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._id = id
        self._place = place
        self._pace = pace
        self._patience = patience
        self._told: dict[str, str] = {}
        self._unfit: dict[str, str] = {}
        self._last = Scan((), frozenset())

    @property
    def id(self) -> str:
        """The source's id from the settings."""
        return self._id

    async def scan(self) -> Scan:
        """Look once; while it has to rest, say again what the last look found out."""
        if self._pace.resting():
            return replace(self._last, asked=False)
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                found, seen = await self._look()
        except TroubleError as error:
            return self._failed(str(error), error.wait)
        except TimeoutError:
            return self._failed(f"it took longer than {self._patience}: try again later")
        except Exception as error:
            # A fault of ours at one source must not keep the others from being looked at.
            logger.exception("source.look_failed source=%s", self._id)
            return self._failed(f"the bot failed ({type(error).__name__}): see its log")
        self._pace.went_well(seen.fresh)
        there = frozenset(seen.files) | frozenset(seen.problems)
        problems = tuple(self._problems(seen))
        self._last = Scan((), there, problems, seen.complete)
        return Scan(found, there, problems, seen.complete)

    def forget(self) -> None:
        """Tell everything again at the next look, which takes place even if it had to rest."""
        self._told = {}
        self._pace.went_well()

    async def _look(self) -> tuple[tuple[Found, ...], Seen]:
        seen = await self._place.look()
        wanted = {
            path: version
            for path, version in seen.files.items()
            if self._told.get(path) != version
        }
        read = await self._place.read(wanted) if wanted else {}
        self._told = {p: v for p, v in self._told.items() if seen.files.get(p) == v}
        self._unfit = {p: words for p, words in self._unfit.items() if p in self._told}
        found = []
        for path, text in sorted(read.items()):
            self._told[path] = wanted[path]
            if isinstance(text, UnfitError):
                self._unfit[path] = str(text)
            else:
                found.append(Found(self._id, path, text, seen.aliases.get(path, ())))
        return tuple(found), seen

    def _problems(self, seen: Seen) -> Iterator[Problem]:
        for path, words in sorted((self._unfit | dict(seen.problems)).items()):
            yield Problem(self._id, path, words)

    def _failed(self, words: str, wait: timedelta | None = None) -> Scan:
        self._pace.failed(wait)
        self._last = Scan((), frozenset(), (Problem(self._id, "", words),))
        return self._last
