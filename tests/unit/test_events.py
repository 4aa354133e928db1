"""Announced events: labelled lines, rows of lists, and what is none."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from formatters.document import Profile, SectionKind, Site
from formatters.events import Event, find_events
from formatters.moments import times_in, when_in
from formatters.read import read_post

SITE = Site(
    url="https://site.example",
    zone="Asia/Shanghai",
    profile=Profile(sections={SectionKind.EVENTS: ("Europe",)}),
)
ZONE = ZoneInfo("Asia/Shanghai")


def events(body: str, posted: str = "2019-12-31T12:00:00+08:00") -> tuple[Event, ...]:
    text = f"---\ntitle: The post\ndate: {posted}\n---\n{body}\n"
    return find_events(read_post(text, path="a/index.md", site=SITE), site=SITE)


def starts(body: str, posted: str = "2019-12-31T12:00:00+08:00") -> list[str]:
    return [e.start.isoformat()[:16] if e.start else "" for e in events(body, posted)]


def when(text: str, near: date = date(2026, 8, 1)) -> str:
    found = when_in(text, near=near, zone=ZONE)
    if not found:
        return ""
    length = 10 if found.all_day else 16
    last = f" to {found.end.isoformat()[:length]}" if found.end else ""
    return found.start.isoformat()[:length] + last


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 月 11 日周日下午 13 点", "2026-08-11T13:00"),
        ("8 月 29 日周四晚 7 点", "2026-08-29T19:00"),
        ("08月18日,周三晚19点", "2026-08-18T19:00"),
        ("3 月 22 号（下周三）下午 2 点半", "2026-03-22T14:30"),
        ("2019 年 12 月 28 日（周六）13:00-17:30", "2019-12-28T13:00 to 2019-12-28T17:30"),
        ("2021年6 月 19 日（周六）13：00 -17：30", "2021-06-19T13:00 to 2021-06-19T17:30"),
        ("2020/5/21（周四）19:00-20:00", "2020-05-21T19:00 to 2020-05-21T20:00"),
        ("2020-08-15 13:30-14:30", "2020-08-15T13:30 to 2020-08-15T14:30"),
        ("04 月 20 日 13:30--18:00", "2026-04-20T13:30 to 2026-04-20T18:00"),
        ("6 月 24 日 9 点至16 点", "2026-06-24T09:00 to 2026-06-24T16:00"),
        ("8 月 5 日 22:00-01:00", "2026-08-05T22:00 to 2026-08-06T01:00"),
        ("2026 年 4 月 1 日-2026 年 4 月 25 日", "2026-04-01 to 2026-04-25"),
        ("12 月 30 日 - 1 月 2 日", "2026-12-30 to 2027-01-02"),
        ("8 月 5 日 10:00 - 8 月 6 日 12:00", "2026-08-05T10:00 to 2026-08-06T12:00"),
        ("8 月 5 日 - 2020 年 1 月 1 日", "2026-08-05"),
        ("8 月 5 日 - 待定", "2026-08-05"),
        ("Aug 22, 2027, 6pm", "2027-08-22T18:00"),
        ("22nd August 12:15 am", "2026-08-22T00:15"),
        ("December 18th", "2026-12-18"),
        ("6/1", "2026-06-01"),
        ("1 月 9 日", "2027-01-09"),
        ("6 月 31 日", ""),
        ("2020-13-01", ""),
        ("version 1.10 of 3", ""),
        ("8 月 5 日 25:00", "2026-08-05"),
        ("8 月 5 日 10:00-25:00", "2026-08-05T10:00"),
        ("on 30 Feb or 3 Mar", "2026-03-03"),
        ("", ""),
    ],
)
def test_prose_tells_a_time(text: str, expected: str):
    """Chinese and English; years that are not written are the nearest ones."""
    assert when(text) == expected


def test_a_leap_day_finds_its_year():
    """29 February exists in one of three years only."""
    assert when("2 月 29 日", date(2027, 3, 1)) == "2028-02-29"


def test_times_may_stand_alone():
    """A range has two, a single time has no end, a wrong one is none."""
    assert str(times_in("9:00 – 16:00")) == "(datetime.time(9, 0), datetime.time(16, 0))"
    assert str(times_in("晚 7 点")) == "(datetime.time(19, 0), None)"
    assert str(times_in("9:00 - open end")) == "(datetime.time(9, 0), None)"
    assert times_in("25:00") is None
    assert times_in("later") is None


def test_labelled_lines_make_an_event():
    """Topic, time, place, form and registration are read off their labels."""
    body = (
        "- 活动主题：Talk#1\n- 活动时间：1 月 9 日周四晚 7 点-8 点\n- 活动地点：杭州\n- 活动形式：线下活动\n"
        "- 报名方式：[这里](https://r.example/1)\n"
    )
    (event,) = events(body)
    assert (event.title, event.place, event.online) == ("Talk#1", "杭州", False)
    assert (event.kind, event.status, event.register_url) == (
        "meetup",
        "upcoming",
        "https://r.example/1",
    )
    assert event.phrase == "1 月 9 日周四晚 7 点-8 点"
    assert event.start
    assert event.start.isoformat() == "2020-01-09T19:00:00+08:00"


def test_a_date_and_its_time_may_have_labels_of_their_own():
    """The time fills the day above it."""
    body = "- 日期：2020年6月24日，星期三\n- 时间：9:00 – 16:00\n- 备注：带电脑"
    (event,) = events(body)
    assert event.start
    assert event.end
    assert (event.start.hour, event.end.hour, event.all_day) == (9, 16, False)


def test_a_time_without_a_day_is_no_event():
    """Nothing tells when it is."""
    assert starts("时间：19:00\n\n时间：待定") == []


def test_each_time_begins_an_event_of_its_own():
    """Two meetings in one section are two events, with their own topics."""
    body = "> 主题：甲会议\n> \n> 时间：1 月 4 日 19:30\n\n主题：乙会议\n\n时间：1 月 6 日 14:00\n\n时间：1 月 7 日 14:00"
    assert [(e.title, e.kind) for e in events(f"## 社区会议预告\n\n{body}")] == [
        ("甲会议", "community-meeting"),
        ("乙会议", "community-meeting"),
        ("社区会议预告", "community-meeting"),
    ]


def test_a_review_announces_nothing():
    """Under a heading that looks back there are no events, whatever its labels say."""
    assert starts(
        "## 社区会议回顾\n\n时间：1 月 6 日 14:00\n\n## 社区会议预告\n\n时间：1 月 8 日 14:00"
    ) == ["2020-01-08T14:00"]


def test_what_lies_behind_the_post_is_past():
    """Seen from the post's own moment, not from today; a day counts until it ends."""
    body = "时间：12 月 31 日 11:00\n\n时间：12 月 31 日 13:00\n\n时间：12 月 30 日\n\n时间：12 月 31 日"
    assert [e.status for e in events(body)] == ["past", "upcoming", "past", "upcoming"]


def test_the_same_hour_is_told_once():
    """A page repeats its time; the first telling counts."""
    assert (
        len(events("主题：甲\n\n时间：1 月 9 日 19:00\n\n直播时间：2020年1月9日 19:00-20:00"))
        == 1
    )


def test_a_platform_nearby_tells_that_it_is_online():
    """Meetings name their room instead of a form; with a place they are where they are."""
    assert events("时间：1 月 9 日 19:00\n\n入会口令（钉钉）：123")[0].online
    assert not events("时间：1 月 9 日 19:00\n\n地点：杭州\n\n入会口令（钉钉）：123")[0].online


def test_registration_may_stand_elsewhere_on_the_page():
    """Under a heading that asks for it, or in a line that does."""
    body = "时间：1 月 9 日 19:00\n\n[x](https://x.example)"
    assert events(body)[0].register_url == ""
    assert (
        events(f"{body}\n\n## 点击即可报名\n\n<https://r.example/1>")[0].register_url
        == "https://r.example/1"
    )
    assert (
        events(f"{body}\n\n请[点此](https://r.example/2)报名")[0].register_url
        == "https://r.example/2"
    )
    assert events(f"{body}\n\n报名方式：见海报")[0].register_url == ""


def test_rows_of_a_list_are_events():
    """Date, place and group in columns, the event below; or date, place and title in a line."""
    body = (
        "## Upcoming Events\n\n"
        "* 2020-01-05 | Virtual (Cardiff, UK) | [Group](https://g.example)\n"
        "    * [**Book Club**](https://g.example/1)\n"
        "* 2020-01-06 | Berlin | [Group](https://g.example)\n"
        "* 2020-01-07 | [Alone](https://g.example/2)\n"
        "* [Jan 8. Chennai, IN - Monthly Meetup](https://g.example/3).\n"
        "* [Paris Meetup, January 9th](https://g.example/4)\n"
        "* 1/10. Team Meeting\n"
        "* We met on Jan 3 and liked it.\n"
        "* Nothing here\n\n"
        "More soon.\n"
    )
    assert [(e.title, e.place, e.online, e.register_url) for e in events(body)] == [
        ("Book Club", "Virtual (Cardiff, UK)", True, "https://g.example/1"),
        ("Group", "Berlin", False, "https://g.example"),
        ("Alone", "", False, "https://g.example/2"),
        ("Monthly Meetup", "Chennai, IN", False, "https://g.example/3"),
        ("Paris Meetup", "", False, "https://g.example/4"),
        ("Team Meeting", "", False, ""),
    ]


def test_equal_days_are_not_equal_events():
    """Two groups meet on one day; the very same row is told once."""
    rows = (
        "* 2020-01-05 | A | [G](https://g.example)\n* 2020-01-05 | B | [G](https://g.example)\n"
    )
    assert len(events(f"## Events\n\n{rows}{rows}")) == 2


def test_a_section_about_events_may_tell_its_hour_in_a_sentence():
    """Only there, and only with a time of day."""
    line = "本期直播将于 1 月 9 日周四晚 7 点开始，[报名](https://r.example/1)。"
    (event,) = events(f"## 直播预告\n\n{line}")
    assert (event.title, event.register_url, event.online) == (
        "直播预告",
        "https://r.example/1",
        True,
    )
    assert starts("## 直播预告\n\n1 月 9 日晚 7 点见") == ["2020-01-09T19:00"]
    assert starts("## 直播预告\n\n1 月 9 日见\n\n| 1 月 9 日 19:00 |\n|--|") == []
    assert starts(f"## 阅读\n\n{line}") == []


def test_labels_in_a_list_of_events_are_no_rows():
    """A label before a date is a label also in a section about events."""
    body = "## 直播预告\n\n- 直播主题：甲\n- 直播时间：1 月 9 日 19:00\n"
    assert [e.title for e in events(body)] == ["甲"]


def test_a_post_without_a_date_announces_nothing():
    """Its years could only be guessed."""
    post = read_post("时间：1 月 9 日 19:00", path="a.md", site=SITE)
    assert find_events(post, site=SITE) == ()


def test_an_unnamed_event_takes_the_name_of_its_page():
    """A page about one event is its title."""
    (event,) = events("时间：1 月 9 日 19:00")
    assert (event.title, event.kind) == ("The post", "other")
