"""An event of a calendar as the text of a post, and the meetups that such a post tells.

Pure. The header holds what is known in so many words, so that nothing has to be found in prose.
"""

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC

from bot.agenda import CALENDAR_FILE
from bot.ical.read import Happening, Series
from bot.jotted import jotted, meetup_in
from bot.model.ids import PostId
from bot.model.posts import Meetup

OCCASIONS = "occasions"
SHOWN = 300  # characters of a title

_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
_ADDRESS = re.compile(r"https?://[^\s<>\"'，。；、）)]+")
_MARKUP = re.compile(r"<(?:br|p|a|ul|li|div|b|span)\b[^>]*>", re.IGNORECASE)
_TALK = re.compile(
    r"https?://[^\s<>\"']*(?:zoom\.us/|meet\.google\.com/|teams\.microsoft\.com/|meeting\.tencent\.com/|youtube\.com/|youtu\.be/|bilibili\.com/)[^\s<>\"']*",
    re.IGNORECASE,
)

KindOf = Callable[[str, str], str]
"""Title and text -> what kind of event it is, "other" if they do not say."""


def path_of(uid: str) -> str:
    """The path under which an event is known, whatever its title and its date become."""
    mark = hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{mark.translate(_LETTERS)}{CALENDAR_FILE}"


def text_of(series: Series, *, kind_of: KindOf, online: Callable[[str], bool]) -> str:
    """An event as the text of a file: a JSON header, then HTML.

    The same event gives the same text: what a calendar stamps anew at every look is left out.
    """
    occasions = [_meetup(one, kind_of, online) for one in series.sittings]
    first = series.sittings[0] if series.sittings else None
    header = {
        "title": html.escape(series.title[:SHOWN], quote=False),  # headers unescape titles
        "date": series.created and series.created.astimezone(UTC).isoformat(),
        "url": occasions[0].url if occasions else "",
        OCCASIONS: [jotted(one) for one in occasions],
    }
    said = {name: value for name, value in header.items() if value}
    return f"{json.dumps(said, ensure_ascii=False, indent=1)}\n{_body(first)}\n"


def meetups_of(text: str, post: PostId, url: str) -> tuple[Meetup, ...]:
    """The meetups that `text_of` wrote down.

    Args:
        text: a file's.
        post: what tells of them.
        url: the post's page, where the calendar gives none.
    """
    header, _ = json.JSONDecoder().raw_decode(text)
    told = (meetup_in(one) for one in header.get(OCCASIONS, ()))
    return tuple(replace(one, post=post, url=one.url or url) for one in told)


def _meetup(one: Happening, kind_of: KindOf, online: Callable[[str], bool]) -> Meetup:
    place, live = _place(one)
    page = one.url or next(_addresses(one.text), "")
    kind = kind_of(one.title, one.text[:SHOWN])
    return Meetup(
        post=PostId(""),
        title=one.title or "?",
        start=one.start,
        end=one.end,
        all_day=one.all_day,
        place=place,
        online=bool(live) or online(f"{place} {one.title}"),
        kind="meetup" if kind == "other" else kind,
        register_url=page,
        url=page,
        live_url=live,
        cancelled=one.cancelled,
    )


def _place(one: Happening) -> tuple[str, str]:
    """Where it is, and where it can be joined: many calendars give the address as the place."""
    address = next(_addresses(one.place), "")
    place = " ".join(_ADDRESS.sub(" ", one.place).replace("\\n", " ").split())
    talk = _TALK.search(f"{one.place} {one.text}")
    return place.strip(" ,;"), talk[0] if talk else address


def _addresses(text: str) -> Iterator[str]:
    return (found[0].rstrip(".,") for found in _ADDRESS.finditer(text))


def _body(first: Happening | None) -> str:
    """What the calendar says, as HTML."""
    if first is None:
        return ""
    if _MARKUP.search(first.text):
        return first.text
    parts = (part.strip() for part in first.text.split("\n\n"))
    return "\n".join(
        f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in parts if part
    )
