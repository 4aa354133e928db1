"""The words of dates and times, a table for each language: another one is added here.

Only data. Keys are lower case where a language knows case.
"""

import re
from collections.abc import Mapping

MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

WEEKDAYS: Mapping[str, int] = {  # Monday is 0
    **{day: number for number, day in enumerate("一二三四五六日")},
    "天": 6,
    **{
        name: number
        for number, names in enumerate(
            ("mon monday", "tue tues tuesday", "wed wednesday", "thu thur thurs thursday",
             "fri friday", "sat saturday", "sun sunday"),
        )
        for name in names.split()
    },
}  # fmt: skip

DAYS: Mapping[str, int] = {  # from the post's own day
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今晚": 0,
    "明天": 1, "明日": 1, "明晚": 1, "大后天": 3, "后天": 2,
    "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1,
}  # fmt: skip

WEEKS: Mapping[str, int] = {  # from the post's own week, which begins on Monday
    "上上": -2, "上": -1, "本": 0, "这": 0, "這": 0, "当": 0, "下": 1, "下下": 2, "": 0,
    "last": -1, "this": 0, "next": 1, "coming": 0,
}  # fmt: skip

PARTS: Mapping[str, int] = {  # 12: an hour below 12 is one of the afternoon
    "凌晨": 0, "清晨": 0, "早晨": 0, "早上": 0, "早": 0, "上午": 0, "中午": 0,
    "下午": 12, "午后": 12, "傍晚": 12, "晚上": 12, "晚间": 12, "今晚": 12, "明晚": 12, "当晚": 12, "每晚": 12, "夜里": 12, "晚": 12,
}  # fmt: skip

NUMBERS: Mapping[str, int] = {
    name: number for number, name in enumerate("一二三四五六七八九", 1)
}
NUMERAL = "(?:三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
"""A day of the month in words."""

HOURS: Mapping[str, int] = {
    "十二": 12, "十一": 11, "十": 10, "九": 9, "八": 8, "七": 7, "六": 6, "五": 5, "四": 4, "三": 3,
    "两": 2, "二": 2, "一": 1,
}  # fmt: skip

# Abbreviations by the place whose people use them; times there follow its daylight saving.
ZONES: Mapping[str, str] = {
    "UTC": "UTC", "GMT": "UTC", "Z": "UTC",
    "CEST": "Europe/Berlin", "CET": "Europe/Berlin", "EEST": "Europe/Helsinki", "EET": "Europe/Helsinki",
    "WEST": "Europe/Lisbon", "WET": "Europe/Lisbon", "BST": "Europe/London", "MSK": "Europe/Moscow",
    "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
    "CDT": "America/Chicago", "CT": "America/Chicago",
    "MST": "America/Denver", "MDT": "America/Denver", "MT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles",
    "BRT": "America/Sao_Paulo", "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "IST": "Asia/Kolkata",
    "SGT": "Asia/Singapore", "HKT": "Asia/Hong_Kong", "WIB": "Asia/Jakarta", "ICT": "Asia/Bangkok",
    "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "ACST": "Australia/Adelaide",
    "AWST": "Australia/Perth", "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
    "北京时间": "Asia/Shanghai", "Beijing time": "Asia/Shanghai", "Beijing Time": "Asia/Shanghai",
    "China Standard Time": "Asia/Shanghai", "Pacific Time": "America/Los_Angeles",
    "Eastern Time": "America/New_York", "Central European Time": "Europe/Berlin",
}  # fmt: skip

TO = re.compile(
    r"\s{0,3}(?:[-–—−~～〜]{1,3}|[→➡]\ufe0f?|至|(?:一直|持续)?开?到|to\b|until\b|till\b|through\b|and\b)\s{0,3}(?:(?:次日|翌日|第二天)\s?)?",
    re.IGNORECASE,
)
"""What stands between the two ends of a range."""
