"""The looks at sources that this process makes: while it is its turn, else they are another's.

Decides nothing: whose turn it is the fellows say, what a look finds is for `publish`.
"""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence

from bot.feeds import Feed
from bot.ports.writing import Fellows

Look = Callable[[Feed], Coroutine[object, object, None]]


class Polling:
    """Looks at sources, made or passed on.

    Args:
        feeds: the sources.
        look: looks at one of them, and does not raise for what goes wrong there.
        fellows: who else there is.
        start: begins work that nobody waits for.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        look: Look,
        fellows: Fellows,
        start: Callable[[Coroutine[object, object, None]], None],
    ) -> None:
        self._feeds = feeds
        self._look = look
        self._fellows = fellows
        self._start = start
        self._begun = False

    def begin(self) -> bool:
        """Take up the turn from now on; answers whether it is ours already."""
        self._begun = True
        return self._fellows.polls

    def elected(self) -> None:
        """It has become our turn: look at everything, who knows what the last one still saw."""
        if self._begun:
            self._begin_looks({feed.source.id for feed in self._feeds})

    def beat(self, feed: Feed) -> Callable[[], Awaitable[None]]:
        """What is done whenever a source's time has come."""

        async def look() -> None:
            if self._fellows.polls:
                await self._look(feed)

        return look

    def ring(self, sources: Collection[str]) -> None:
        """Have some sources looked at now, by whoever polls."""
        if self._fellows.polls:
            self._begin_looks(sources)
        elif sources:
            self._start(self._fellows.pass_on(tuple(sources)))

    def _begin_looks(self, sources: Collection[str]) -> None:
        for feed in self._feeds:
            if feed.source.id in sources and not feed.source.expected:
                self._start(self._look(feed))
