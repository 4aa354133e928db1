"""How far Slack's clock is behind ours, learned from the `Date` of its answers.

Only ever makes a look reach further back: a clock that is ahead, or a `Date` of a proxy in between,
must not hide a message.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from bot.ports.outside import Clock

LATENCY = timedelta(seconds=20)
"""As old as an answer may be: a call lasts no longer. Less than that is no skew."""


class Skew:
    """The most that Slack's clock was ever seen to be behind ours in this process.

    The most, and not the latest: our own clock may step between a call and the look for it.
    """

    def __init__(self) -> None:
        self._behind = timedelta()
        self._last = ("", datetime.min.replace(tzinfo=UTC))

    @property
    def behind(self) -> timedelta:
        """Never negative."""
        return self._behind

    def learn(self, date: str, now: datetime) -> None:
        """Take the `Date` of an answer that came now; one that cannot be read teaches nothing.

        What was read within this second is not read again: a fan-out has hundreds of answers in it.
        """
        moment = (date, now.replace(microsecond=0))
        if moment == self._last:
            return
        self._last = moment
        try:
            there = parsedate_to_datetime(date)
        except ValueError:
            return
        if there.tzinfo is None:
            there = there.replace(tzinfo=UTC)
        behind = now - there
        if behind > LATENCY:
            self._behind = max(self._behind, behind)


def watching(skew: Skew, clock: Clock) -> aiohttp.TraceConfig:
    """A trace of a session's calls that teaches the skew, whatever became of them."""

    async def ended(
        session: aiohttp.ClientSession, _: object, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        del session
        skew.learn(answer.response.headers.get("Date", ""), clock.now())

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace
