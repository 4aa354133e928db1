"""Dates and times as people write them in prose, Chinese and English.

Pure and linear in the length of the text. Nothing is invented: what is no date of the calendar
is passed over, and a year that is not written is the one that brings the date nearest to the
post's, the weekday being the check.
"""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from formatters.moments.clock import Span, span_in, times_in
from formatters.moments.days import WEEKDAY, Mention, may_tell, mentions
from formatters.moments.scripts import simplified
from formatters.moments.stretch import EDGES, When, stretch

__all__ = [
    "WEEKDAY",
    "Mention",
    "Span",
    "When",
    "may_tell",
    "mentions",
    "simplified",
    "span_in",
    "times_in",
    "when_in",
    "whens_in",
]


def when_in(text: str, *, near: date, zone: ZoneInfo) -> When | None:
    """The first date of a text, with the times and the end that belong to it.

    Args:
        text: a line or a sentence.
        near: the post's own day, in `zone`.
        zone: in which times are read that name no zone of their own.
    """
    return next(iter(whens_in(text, near=near, zone=zone)), None)


def whens_in(
    text: str, *, near: date, zone: ZoneInfo, day_first: bool = False
) -> tuple[When, ...]:
    """All dates of a text in order, a range being one; `day_first` is for `6/5`."""
    found: list[When] = []
    end = 0
    if not may_tell(simplified(text)):
        return ()
    plain = simplified(text)
    for mention in mentions(plain, near, day_first=day_first):
        if mention.at >= end:
            when = stretch(plain, mention, zone)
            found.append(replace(when, phrase=text[when.at : when.until].strip(EDGES)))
            end = when.until
    return tuple(found)
