"""Clients of Slack's Web API: one that posts and never repeats itself, one that reads.

The caller owns the session and closes it.
"""

import logging
from datetime import timedelta

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

TOTAL = timedelta(seconds=20)
CONNECT = timedelta(seconds=5)

wire = logging.getLogger("bot.slack.wire")
wire.setLevel(logging.WARNING)
"""What slack_sdk logs to. Its debug lines hold whole bodies and tokens; whatever the level of
the root, they are not even built."""


def http_session(*traces: aiohttp.TraceConfig) -> aiohttp.ClientSession:
    """A session for Slack. slack_sdk ignores its own `timeout` once it is given a session."""
    timeout = aiohttp.ClientTimeout(
        total=TOTAL.total_seconds(), connect=CONNECT.total_seconds()
    )
    return aiohttp.ClientSession(timeout=timeout, trace_configs=[*traces])


def posting_client(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """For what must not happen twice.

    No retry handlers: slack_sdk's default sends a post again when the line is cut after Slack
    has read it.

    Args:
        token: the bot's.
        base_url: ends in `/api/`.
        session: from `http_session`.
    """
    return AsyncWebClient(
        token=token, base_url=base_url, session=session, retry_handlers=[], logger=wire
    )


def reading_client(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """For reads and for calls that end the same when made twice.

    Not for rate limits: those are waited for by whoever decides, not inside a call.
    """
    return AsyncWebClient(
        token=token,
        base_url=base_url,
        session=session,
        retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncServerErrorRetryHandler()],
        logger=wire,
    )
