"""Through whose eyes the page is drawn.

Only data and look-ups: no clock, no state of the sandbox.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.sandbox import dates
from bot.sandbox.shapes import Obj, dicts, obj, string
from bot.sandbox.state import SLACKBOT

SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Look:
    """One viewer at one moment.

    `user` is the viewer's id, `locale` an IETF tag, `now` aware. The mappings give the shown
    name of an id: users without "@", channels without "#", groups without "@".
    """

    user: str
    locale: str
    zone: ZoneInfo
    now: datetime
    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the page around the messages: `zh` or `en`."""
        return "zh" if self.locale.startswith("zh") else "en"

    def local(self, ts: str) -> datetime:
        """Read a Slack `ts` in the viewer's zone. Raises ValueError for a broken one."""
        return dates.moment(ts).astimezone(self.zone)

    def time(self, ts: str) -> str:
        """Say the time of day of a `ts`."""
        return dates.clock(self.local(ts), self.locale)

    def day(self, ts: str) -> str:
        """Say the day of a `ts` as a divider of the timeline does."""
        return dates.day(self.local(ts), self.now.astimezone(self.zone), self.locale)

    def date(self, ts: str, template: str) -> str:
        """Fill a date template (slack-facts: `{date_short} {time}`) for a `ts`."""
        now = self.now.astimezone(self.zone)
        return dates.fill(template, self.local(ts), now, self.locale)

    def say(self, key: str, **values: object) -> str:
        """Say one of the page's own phrases. Raises KeyError for a key that no file has."""
        return words(self.language)[key].format(**values)


def look_of(state: Obj, now: datetime) -> Look:
    """Read a person's eyes from what `Sight.state` tells. `now` is aware."""
    me = obj(state["me"])
    named = {string(u["id"]): string(u["name"]) for u in dicts(state["users"])}
    return Look(
        user=string(me["id"]),
        locale=string(me.get("locale")),
        zone=dates.zone(string(me["tz"])),
        now=now,
        users={SLACKBOT: "Slackbot", **named},
        channels={
            string(c["id"]): string(c["name"])
            for c in dicts(state["channels"])
            if c.get("name")
        },
        groups={string(g["id"]): string(g["handle"]) for g in dicts(state["usergroups"])},
    )


@cache
def words(language: str) -> Mapping[str, str]:
    """Read the page's phrases in a language (`en` or `zh`): key to words with {places}."""
    file = resources.files("bot.sandbox") / "locales" / f"{language}.json"
    phrases: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return phrases


def link(url: str) -> str:
    """Let a URL through if a click on it is harmless: http, https, mailto. Else ""."""
    return url if _scheme(url) in (*SCHEMES, "mailto") else ""


def picture(url: str) -> str:
    """Let a URL through if a picture may be loaded from it: http, https. Else ""."""
    return url if _scheme(url) in SCHEMES else ""


def _scheme(url: str) -> str:
    try:
        return urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return ""
