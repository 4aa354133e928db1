"""Which meetups somebody wants to see, read from words in English and Chinese.

Pure. What is no word of ours is looked for in place and title.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.agenda import Gathering

Days: TypeAlias = tuple[date, date]
"""The first day, and the day after the last one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted; nothing said = all that is ahead.

    `days` is the first day and the day after the last one, in the reader's zone. `past` wants
    what is over, `replays` only what can still be watched. `names` has, for each word that is
    looked for, the ways in which it is written.
    """

    words: str = ""
    past: bool = False
    replays: bool = False
    online: bool | None = None
    kinds: frozenset[str] = frozenset()
    days: Days | None = None
    names: tuple[frozenset[str], ...] = field(default=())

    def wants(self, gathering: Gathering, zone: str) -> bool:
        """Whether a gathering is wanted, seen from a zone."""
        meetup = gathering.meetup
        text = f"{meetup.place}\n{meetup.title}".casefold()
        return (
            self.online in {None, meetup.online}
            and (not self.kinds or meetup.kind in self.kinds)
            and (not self.replays or bool(meetup.replay_url))
            and (self.days is None or _touches(gathering, self.days, zone))
            and all(any(name in text for name in ways) for ways in self.names)
        )


def wish(words: str, today: date) -> Wish:
    """Read what somebody wants.

    Args:
        words: as typed; Chinese ones need no space between them.
        today: the day at the reader's.
    """
    said = " ".join(words.split())
    found, rest = Wish(said), said
    for pattern, read in _SAID:
        if match := pattern.search(rest):
            rest = pattern.sub(" ", rest, count=1)
            found = read(found, match, today)
    return replace(found, names=tuple(map(_ways, _FILLING.sub(" ", rest).casefold().split())))


def _touches(gathering: Gathering, days: Days, zone: str) -> bool:
    """Whether some of it is within days."""
    meetup = gathering.meetup
    if meetup.start is None:
        return False
    last = meetup.end or meetup.start
    if not meetup.all_day:
        there = ZoneInfo(zone)
        return meetup.start.astimezone(there).date() < days[1] and (
            last.astimezone(there).date() >= days[0]
        )
    return meetup.start.date() < days[1] and last.date() >= days[0]


# ------------------------------------------------------------------ the words

Read: TypeAlias = Callable[[Wish, re.Match[str], date], Wish]


def _week(today: date, ahead: int) -> Days:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
    return monday, monday + timedelta(weeks=1)


def _month(first: date) -> Days:
    """The whole month of a day."""
    first = first.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _next_month(today: date) -> Days:
    return _month(_month(today)[1])


def _days(read: Callable[[date], Days]) -> Read:
    return lambda found, _, today: replace(found, days=read(today))


def _one_day(ahead: int) -> Read:
    return _days(lambda today: (today + timedelta(ahead), today + timedelta(ahead + 1)))


def _kind(kind: str) -> Read:
    return lambda found, _, __: replace(found, kinds=found.kinds | {kind})


def _named_month(found: Wish, match: re.Match[str], today: date) -> Wish:
    """The next month of that name, or for what is over the last one."""
    month = int(match[1])
    past = found.past
    year = today.year + (not past and month < today.month) - (past and month > today.month)
    return replace(found, days=_month(date(year, month, 1)))


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SAID: Sequence[tuple[re.Pattern[str], Read]] = (
    (_word(r"\breplays?\b|\brecordings?\b|回放|录像|录播"), lambda found, _, __: replace(found, past=True, replays=True)),
    (_word(r"\bpast\b|\bprevious\b|\bover\b|往期|过往|以往|历史|已结束|回顾"), lambda found, _, __: replace(found, past=True)),
    (_word(r"\bin[- ]person\b|\boffline\b|\bon[- ]?site\b|线下|现场"), lambda found, _, __: replace(found, online=False)),
    (_word(r"\bonline\b|\bvirtual\b|\bremote\b|线上|在线"), lambda found, _, __: replace(found, online=True)),
    (_word(r"\bthis week\b|本周|这周|这个?星期|本星期"), _days(lambda today: _week(today, 0))),
    (_word(r"\bnext week\b|下周|下个?星期"), _days(lambda today: _week(today, 1))),
    (_word(r"\bthis month\b|本月|这个?月|当月"), _days(_month)),
    (_word(r"\bnext month\b|下个?月"), _days(_next_month)),
    (_word(r"\btoday\b|今天|今日"), _one_day(0)),
    (_word(r"\btomorrow\b|明天|明日"), _one_day(1)),
    (_word(r"(?<!\d)(1[0-2]|0?[1-9]) ?月份?"), _named_month),
    (_word(r"\bcommunity[- ]meetings?\b|社区会议|例会|双周会"), _kind("community-meeting")),
    (_word(r"\b(?:call[- ]for[- ]papers|cfp)\b|征稿|议题征集"), _kind("call-for-papers")),
    (_word(r"\blive-?streams?\b|\bwebinars?\b|直播"), _kind("livestream")),
    (_word(r"\bworkshops?\b|工作坊|训练营"), _kind("workshop")),
    (_word(r"\bcontests?\b|\bhackathons?\b|比赛|大赛|竞赛|黑客松"), _kind("contest")),
    (_word(r"\bconferences?\b|\bsummits?\b|大会|峰会"), _kind("conference")),
    (_word(r"\bmeet-?ups?\b|聚会|沙龙|见面会"), _kind("meetup")),
)  # fmt: skip
"""What words mean; each is looked for once, and taken out of what is looked for in places."""

_FILLING = re.compile(
    r"\b(?:in|at|the|near|on|with|events?|only|upcoming|all)\b|[的在有][\s,，]?|活动|,|，|、|。", re.IGNORECASE
)  # fmt: skip

_CITIES: Sequence[frozenset[str]] = tuple(
    frozenset(names.split("/"))
    for names in [
        "北京/beijing",
        "上海/shanghai",
        "杭州/hangzhou",
        "深圳/shenzhen",
        "广州/guangzhou",
        "成都/chengdu",
        "南京/nanjing",
        "武汉/wuhan",
        "西安/xian",
        "苏州/suzhou",
        "厦门/xiamen",
        "重庆/chongqing",
        "天津/tianjin",
        "香港/hongkong",
        "台北/taipei",
        "柏林/berlin",
        "慕尼黑/munich/münchen",
        "伦敦/london",
        "巴黎/paris",
        "东京/tokyo",
        "首尔/seoul",
        "新加坡/singapore",
        "阿姆斯特丹/amsterdam",
        "巴塞罗那/barcelona",
        "西雅图/seattle",
        "纽约/newyork",
        "维也纳/vienna/wien",
    ]
)
_OF_CITY: Mapping[str, frozenset[str]] = {name: city for city in _CITIES for name in city}
"""A city's names in both languages: posts write one, readers the other."""


def _ways(word: str) -> frozenset[str]:
    return _OF_CITY.get(word.removesuffix("市"), frozenset({word}))
