"""Moments as headers write them."""

from zoneinfo import ZoneInfo

import pytest

from formatters.stamps import stamp

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-05-06T10:00:00Z", "2024-05-06T10:00:00+00:00"),
        ("2024-05-06 10:00:00.123456789 +0200", "2024-05-06T10:00:00.123456+02:00"),
        ("2024-05-06T10:00:00+08:00", "2024-05-06T10:00:00+08:00"),
        ("2024-05-06 10:00 -0000", "2024-05-06T10:00:00+00:00"),
        ("2024-05-06 10:00:00 +08", "2024-05-06T10:00:00+08:00"),
        ("2024-05-06 10:00:00 +0800 CST", "2024-05-06T10:00:00+08:00"),
        ("2024-05-06 10:00:00 CST", "2024-05-06T10:00:00+08:00"),
        ("2024-05-06 10:00:00 EDT", "2024-05-06T10:00:00-04:00"),
        ("2024-05-06 10:00:00 jst", "2024-05-06T10:00:00+09:00"),
        ("2024-05-06 10:00:00 Europe/Berlin", "2024-05-06T10:00:00+02:00"),
        (
            "Mon May 06 2024 10:00:00 GMT+0800 (China Standard Time)",
            "2024-05-06T10:00:00+08:00",
        ),
        ("Mon, 6 May 2024 10:00:00 GMT", "2024-05-06T10:00:00+00:00"),
        ("Monday, May 6th, 2024 at 3:05 pm", "2024-05-06T15:05:00+08:00"),
        ("May 6, 2024 12:30 a.m.", "2024-05-06T00:30:00+08:00"),
        ("6-May-2024, 12:30 PM", "2024-05-06T12:30:00+08:00"),
        ("2024/5/6 1:02", "2024-05-06T01:02:00+08:00"),
        ("2024 年 5 月 6 日 10:00", "2024-05-06T10:00:00+08:00"),
        ("20240506103000", "2024-05-06T10:30:00+08:00"),
        ("202405061030", "2024-05-06T10:30:00+08:00"),
        ("1714968000", "2024-05-06T04:00:00+00:00"),
        ("1714968000500", "2024-05-06T04:00:00.500000+00:00"),
    ],
)
def test_a_moment_is_read_in_any_form(written: str, moment: str):
    """The zone written counts; letters that name the site's own zone are the site's."""
    found = stamp(written, SHANGHAI)

    assert found
    assert (found.at.isoformat(), found.date_only) == (moment, False)


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-06",
        "2024-W19-1",
        "20240506",
        "2024/05/06",
        "2024.5.6",
        "2024年5月6日",
        "2024年5月6号",
        "May 6, 2024",
        "May 6 2024",
        "6 May 2024",
        "6th May, 2024",
        "06.05.2024",
        " 2024-05-06 ",
    ],
)
def test_a_day_is_midnight_in_the_sites_zone(written: str):
    """And says that it is no more than a day."""
    found = stamp(written, SHANGHAI)

    assert found
    assert (found.at.isoformat(), found.date_only, found.zoned) == (
        "2024-05-06T00:00:00+08:00",
        True,
        False,
    )


@pytest.mark.parametrize(
    ("written", "day"),
    [("25/12/2024", "2024-12-25"), ("12/25/2024", "2024-12-25"), ("05/05/2024", "2024-05-05")],
)
def test_a_day_with_one_reading_is_read(written: str, day: str):
    """What cannot be a month is a day."""
    found = stamp(written, SHANGHAI)

    assert found
    assert found.at.date().isoformat() == day


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "Last Modified",
        "05/06/2024",
        "5 Frimaire 2024",
        "2024",
        "2024-05",
        "2024-02-30",
        "2024/02/30",
        "20240230",
        "123456",
        "2024/05/06 25:00",
        "2024/05/06 13:00 XYZ",
        "2024/05/06 13:00 +99:00",
        "2024/05/06 13:00 Nowhere/Land",
        "2024/05/06 13:00 ../etc/passwd",
        "2024/05/06 and later",
        "2024-(TODO: MM-DD)",
        "{{ date }}",
        "0001-01-01",
        "9999-12-31",
    ],
)
def test_what_no_calendar_knows_is_no_moment(written: str):
    """Nor what has two readings: a wrong day is worse than none."""
    assert stamp(written, SHANGHAI) is None
