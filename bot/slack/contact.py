"""Says once that Slack cannot be reached, and once that it can again.

Single calls and what becomes of them are told elsewhere; this is about all of them at once: no
name server, no route, no network.
"""

import logging

import aiohttp

from bot.slack.outcomes import NEVER_SPOKEN

logger = logging.getLogger(__name__)


class Contact:
    """Whether connections to Slack are made, as the last attempt has shown."""

    def __init__(self) -> None:
        self._lost = False

    def lost(self, reason: BaseException) -> None:
        """A connection could not be made."""
        if not self._lost:
            logger.warning("slack.unreachable reason=%r", str(reason) or type(reason).__name__)
        self._lost = True

    def found(self) -> None:
        """An answer came."""
        if self._lost:
            logger.info("slack.reached_again")
        self._lost = False


def following(contact: Contact) -> aiohttp.TraceConfig:
    """A trace of a session's calls that tells a contact how they ended."""

    async def failed(
        session: aiohttp.ClientSession, _: object, told: aiohttp.TraceRequestExceptionParams
    ) -> None:
        del session
        if isinstance(told.exception, NEVER_SPOKEN):
            contact.lost(told.exception)

    async def ended(*_: object) -> None:
        contact.found()

    trace = aiohttp.TraceConfig()
    trace.on_request_exception.append(failed)
    trace.on_request_end.append(ended)
    return trace
