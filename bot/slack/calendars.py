"""`GET /calendar.ics` and `GET /calendar/UID.ics`: calendars over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import UTC
from email.utils import format_datetime

from aiohttp import web

from bot.answer.calendar import CalendarFile, Calendars, wanted

FRESH = "public, max-age=900"
"""A quarter of an hour: ours; a cancellation should not wait for long."""

Handler = Callable[[web.Request], Awaitable[web.Response]]


def routes(calendars: Calendars) -> tuple[web.RouteDef, ...]:
    """The addresses at which calendars are."""
    return (
        web.get("/calendar.ics", _feed(calendars)),
        web.get("/calendar/{uid:[0-9A-Za-z_-]{1,80}}.ics", _one(calendars)),
    )


def _feed(calendars: Calendars) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        try:
            which = wanted(request.query)
        except ValueError as error:
            return web.Response(status=400, text=f"{error}\n")
        return answer(request, await calendars.feed(which), how="inline")

    return handler


def _one(calendars: Calendars) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        found = await calendars.one(request.match_info["uid"])
        if found is None:
            return web.Response(status=404, text="There is no such event.\n")
        return answer(request, found, how="attachment")

    return handler


def answer(request: web.Request, found: CalendarFile, *, how: str) -> web.Response:
    """The calendar, or that it is as the asker knows it (RFC 9110, 13.2.2)."""
    headers = {
        "ETag": found.tag,
        "Cache-Control": FRESH,
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": f'{how}; filename="{found.name}"',
        "X-Content-Type-Options": "nosniff",
    }
    if found.modified:
        headers["Last-Modified"] = format_datetime(found.modified.astimezone(UTC), usegmt=True)
    if is_known(request, found):
        return web.Response(status=304, headers=headers)
    return web.Response(body=found.body, headers=headers)


def is_known(request: web.Request, found: CalendarFile) -> bool:
    """Whether the asker has it; a tag counts more than a date."""
    if request.if_none_match is not None:
        return any(f'"{tag.value}"' == found.tag for tag in request.if_none_match)
    since = request.if_modified_since
    return bool(since and found.modified and found.modified.replace(microsecond=0) <= since)
