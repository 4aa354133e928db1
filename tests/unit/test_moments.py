"""Days and hours as people write them in prose."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from formatters.moments import mentions, times_in, when_in, whens_in
from formatters.moments.clock import span_in

ZONE = ZoneInfo("Asia/Shanghai")


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
        ("15-Mar-2027 (Monday) from 10:00 AM to 1 PM", "2027-03-15T10:00 to 2027-03-15T13:00"),
        ("Thu Aug 6, noon", "2026-08-06T12:00"),
        ("Aug 6, midnight", "2026-08-06T00:00"),
        ("8 月 26 号，2 点", "2026-08-26T14:00"),
        ("Wed 8/12 at 6:30", "2026-08-12T18:30"),
        ("Wed 8/12, 2:00-4:00", "2026-08-12T14:00 to 2026-08-12T16:00"),
        ("Wed 8/12 at 6:30 UTC", "2026-08-12T06:30"),
        ("8 月 14 日上午九时三十分", "2026-08-14T09:30"),
        ("8 月 14 日上午九时零五分", "2026-08-14T09:05"),
        ("8 月 14 日早上 10 点一直开到晚上 9 点", "2026-08-14T10:00 to 2026-08-14T21:00"),
        ("8 月 2 日 10:00 → 8 月 3 日 16:00", "2026-08-02T10:00 to 2026-08-03T16:00"),
        ("31 January & 1 February 2027", "2027-01-31 to 2027-02-01"),
        ("March 18 to 20, 2028", "2028-03-18 to 2028-03-20"),
        ("8 月 28 日、29 日", "2026-08-28 to 2026-08-29"),
        ("8 月 8 日（六）、8 月 9 日（日）", "2026-08-08 to 2026-08-09"),
        ("5 and 6 September", "2026-09-05 to 2026-09-06"),
        ("5 and 12 September", "2026-09-05"),
        ("moves from Tuesday, 1 September to Tuesday, 8 September", "2026-09-01"),
        ("Tuesday 18th", "2026-08-18"),
        ("the 28th (Friday)", "2026-08-28"),
        ("28 号（周五）", "2026-08-28"),
        ("Monday 31st", "2026-08-31"),
        ("HarbourCon 2027 is on 24 July", "2027-07-24"),
        ("下週六下午兩點", "2026-08-08T14:00"),
        ("明晚八点半", "2026-08-02T20:30"),
        ("后天上午十点一刻", "2026-08-03T10:15"),
        ("下周四 20:00", "2026-08-06T20:00"),
        ("本周末", "2026-08-01"),
        ("周三晚上", "2026-08-05"),
        ("周四（8 月 6 日）晚 7:30", "2026-08-06T19:30"),
        ("每周三 19:00", ""),
        ("next Tuesday at 18:30", "2026-08-04T18:30"),
        ("this Monday", "2026-08-03"),
        ("on Wednesday 7 p.m.", "2026-08-05T19:00"),
        ("tonight at 8:30", "2026-08-01T20:30"),
        (
            "Thursday, August 6, 2026 from 6:30 to 8:30 pm",
            "2026-08-06T18:30 to 2026-08-06T20:30",
        ),
        ("Aug 6 11-1pm", "2026-08-06T11:00 to 2026-08-06T13:00"),
        ("August 6-8, 2026", "2026-08-06 to 2026-08-08"),
        ("6–8 August 2026", "2026-08-06 to 2026-08-08"),
        ("31–32 August 2026", "2026-08-31"),
        ("8 月 6-8 日", "2026-08-06 to 2026-08-08"),
        ("8 月 6-40 日", "2026-08-06"),
        ("8 月 6 日至 5 日", "2026-08-06"),
        ("19:00-21:00, 8 月 6 日", "2026-08-06T19:00 to 2026-08-06T21:00"),
        ("9:00 or 19:00 on August 6", "2026-08-06T19:00"),
        ("9:00, as said, on August 6", "2026-08-06"),
        ("8 月 6 日 22:00-24:00", "2026-08-06T22:00 to 2026-08-07T00:00"),
        ("8 月 6 日 24:30", "2026-08-06"),
        ("8 月 6 日下午 2 点 - 4 点", "2026-08-06T14:00 to 2026-08-06T16:00"),
        ("8 月 6 日 10:00 至 8 月 7 日", "2026-08-06T10:00"),
        ("2026-08-06T18:00", "2026-08-06T18:00"),
        ("le 6 August 18h30", "2026-08-06T18:30"),
        ("6.8.2026 19:00", "2026-08-06T19:00"),
        ("十二月二十七日 下午 2:00", "2026-12-27T14:00"),
        ("七月三十一日", "2026-07-31"),
        ("八月十日", "2026-08-10"),
        ("九月三号", "2026-09-03"),
        ("本月 15 日", "2026-08-15"),
        ("下个月 8 号 19:00", "2026-09-08T19:00"),
        ("25/09/2026", "2026-09-25"),
        ("9/25/2026", "2026-09-25"),
        ("8.22 14:00", "2026-08-22T14:00"),
        ("8/13（四）19:00", "2026-08-13T19:00"),
        ("明天（8 月 2 日）13:30", "2026-08-02T13:30"),
        ("next Tuesday, August 4, from 13:00", "2026-08-04T13:00"),
        ("每双周四 19:30", ""),
        ("本月开放麦定在 19 号晚上八点", "2026-08-19T20:00"),
        ("下个月的沙龙是 5 号下午", "2026-09-05"),
        ("本月 32 日 14:00", ""),
        ("08-22 19:00", "2026-08-22T19:00"),
        ("19/9 17:00", "2026-09-19T17:00"),
        ("8 月 13 日 · 周四 · 20:00", "2026-08-13T20:00"),
        ("8.30 AM on 13 September", "2026-09-13T08:30"),
        ("at 19:00 on Thursday, August 6", "2026-08-06T19:00"),
        ("until 19:00. On Friday, August 7", "2026-08-07"),
        ("Saturday 3 and Sunday 4 October", "2026-10-03 to 2026-10-04"),
        ("August 6–8: a conference", "2026-08-06 to 2026-08-08"),
        ("Thursday, August 6th — 5:30pm-8pm", "2026-08-06T17:30 to 2026-08-06T20:00"),
        (
            "Friday, August 7, 18:00 to Sunday, August 9, 20:00",
            "2026-08-07T18:00 to 2026-08-09T20:00",
        ),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 月 6 日 13:00-17:00 UTC", "2026-08-06T13:00:00+00:00"),
        ("Aug 6, 7pm CET", "2026-08-06T19:00:00+02:00"),
        ("Aug 6, 7pm (PST)", "2026-08-06T19:00:00-07:00"),
        ("Aug 6, 19:00 UTC+2", "2026-08-06T19:00:00+02:00"),
        ("Aug 6, 19:00 GMT-5", "2026-08-06T19:00:00-05:00"),
        ("Aug 6, 19:00 UTC+0", "2026-08-06T19:00:00+00:00"),
        ("Aug 6, 19:00 UTC+5:30", "2026-08-06T19:00:00+05:30"),
        ("Aug 6, 19:00 UTC+1:15", "2026-08-06T19:00:00+08:00"),
        ("Aug 6, 19:00 UTC+99", "2026-08-06T19:00:00+08:00"),
        ("Aug 6, 19:00 Europe/Berlin", "2026-08-06T19:00:00+02:00"),
        ("Aug 6, 19:00 Nowhere/Land", "2026-08-06T19:00:00+08:00"),
        ("8 月 6 日北京时间 19:00", "2026-08-06T19:00:00+08:00"),
    ],
)
def test_a_zone_that_is_written_counts(text: str, expected: str):
    """Abbreviations follow the daylight saving of their place; nonsense is the site's zone."""
    found = when_in(text, near=date(2026, 8, 1), zone=ZONE)

    assert found
    assert found.start.isoformat() == expected


def test_a_place_may_lend_its_zone_in_front_of_the_hour():
    """`北京时间` is said before the time."""
    found = when_in("8 月 6 日北京时间 19:00", near=date(2026, 8, 1), zone=ZoneInfo("UTC"))

    assert found
    assert found.start.isoformat() == "2026-08-06T19:00:00+08:00"
    assert found.own_zone


def test_the_weekday_chooses_the_year_and_tells_of_slips():
    """Of the years around the post the one with the right weekday; none right is a slip."""
    early = when_in("12 月 31 日（周四）", near=date(2026, 8, 1), zone=ZONE)
    right = when_in("2 月 1 日（周日）", near=date(2026, 8, 1), zone=ZONE)
    wrong = when_in("2023 年 2 月 25 日，周四晚 19 点", near=date(2023, 2, 16), zone=ZONE)

    assert early
    assert early.start.year == 2026
    assert right
    assert (right.start.year, right.agrees) == (2026, True)
    assert wrong
    assert not wrong.agrees


def test_all_days_of_a_text_are_told_in_order():
    """A range is one; a day whose month was named before is one of its own."""
    found = whens_in(
        "8 月 6 日 10:00-8 月 7 日 12:00，9 日下午、3 日上午，Aug 20",
        near=date(2026, 8, 1),
        zone=ZONE,
    )

    assert [w.start.isoformat()[:10] for w in found] == [
        "2026-08-06",
        "2026-08-09",
        "2026-08-20",
    ]


def test_a_number_alone_is_no_day_before_a_month_was_named():
    """`11 日下午` says nothing by itself."""
    assert mentions("11 日下午", date(2026, 8, 1)) == ()


def test_a_fraction_may_be_a_day():
    """What `5/13` is only the text around it tells: a weekday beside it does."""
    loose, sure = whens_in("5/13 or 5/14（周四）", near=date(2026, 5, 1), zone=ZONE)

    assert (loose.loose, sure.loose) == (True, False)
    assert sure.agrees


def test_too_much_between_a_day_and_an_hour_parts_them():
    """Nine commas are no way to write a time."""
    found = when_in("8 月 6 日，，，，，，，，，周四 19:00", near=date(2026, 8, 1), zone=ZONE)

    assert found
    assert found.all_day


def test_no_hour_is_none():
    """Numbers that are no time are passed over until one is."""
    found = span_in("v1.10: 25:00, then 8pm")

    assert found
    assert found.start.hour == 20
    assert span_in("nothing 99:99") is None
