"""Announced events: labelled lines, rows of lists, and what is none."""

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from formatters.document import LineBreak, Paragraph, Profile, SectionKind, Site, Span
from formatters.events import Event, find_events
from formatters.events.lines import lines_of
from formatters.events.venues import place_in
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


@pytest.mark.parametrize("often", [1, 3, 5, 2000])
def test_a_deadline_is_one_also_where_its_day_is_told_again(often: int):
    """Its day is no day of a meetup."""
    day = "on Monday, " * often + "May 4"
    body = f"The call for papers for our meetup closes in two weeks, {day}."

    assert events(body, "2026-04-20T12:00:00+08:00") == ()


def test_a_meetup_beside_a_day_is_no_town():
    """A town may stand there: `(Berlin, May 4)`."""
    assert place_in("Evening talks (Berlin, ", ")") == "Berlin"
    assert place_in("Evening talks (Rust Meetup, ", ")") == ""


@pytest.mark.parametrize(
    "name",
    [
        "Meetup#9 杭州站：To Infinity and Beyond",
        "SOFARPC 实战：从入门到上线",
        "Rust Nation Keynote: What Comes Next",
    ],
)
@pytest.mark.parametrize("line", ["{name}", "{name} 报名：https://r.example/1 备注：带电脑"])
def test_a_name_may_have_a_colon_of_its_own(name, line):
    """What stands before it is no label, also where others follow on the line."""
    body = f"活动主题：{line.format(name=name)}\n\n活动时间：1 月 9 日 19:00\n\n活动地点：杭州"
    (event,) = events(body)

    assert event.title == name


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
    """Under a heading that looks back every event is past, whatever its labels say."""
    body = (
        "## 社区会议回顾\n\n时间：1 月 6 日 14:00\n\n## 社区会议预告\n\n时间：1 月 8 日 14:00"
    )
    assert [(e.start and e.start.day, e.status, e.recap) for e in events(body)] == [
        (6, "past", True),
        (8, "upcoming", False),
    ]


def test_what_lies_behind_the_post_is_past():
    """Seen from the post's own moment, not from today; a day counts until it ends."""
    body = "时间：12 月 31 日 11:00\n\n时间：12 月 31 日 13:00\n\n时间：12 月 30 日\n\n时间：1 月 2 日"
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
        ("Book Club", "Cardiff, UK", True, "https://g.example/1"),
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


def test_a_sentence_that_looks_ahead_to_a_gathering_is_an_event():
    """It takes the name that it quotes or links, else its own words; the hour is read if told."""
    line = "本期直播《甲》将于 1 月 9 日周四晚 7 点开始，[报名](https://r.example/1)。"
    for heading in ("## 直播预告", "## 阅读"):
        (event,) = events(f"{heading}\n\n{line}")
        assert (event.title, event.register_url, event.online) == (
            "甲",
            "https://r.example/1",
            True,
        )
        assert event.start
        assert event.start.isoformat()[:16] == "2020-01-09T19:00"
    assert starts("## 直播预告\n\n1 月 9 日晚 7 点见") == ["2020-01-09T19:00"]


def test_labels_in_a_list_of_events_are_no_rows():
    """A label before a date is a label also in a section about events."""
    body = "## 直播预告\n\n- 直播主题：甲\n- 直播时间：1 月 9 日 19:00\n"
    assert [e.title for e in events(body)] == ["甲"]


def test_a_post_without_a_date_announces_nothing():
    """Its years could only be guessed."""
    post = read_post("时间：1 月 9 日 19:00", path="a.md", site=SITE)
    assert find_events(post, site=SITE) == ()


@pytest.mark.parametrize(
    ("title", "cancelled"),
    [
        ("【已取消】灯笼鱼 Meetup 杭州站", True),
        ("活动取消：灯笼鱼 Meetup 杭州站", True),
        ("灯笼鱼 Meetup 杭州站（取消）", True),
        ("灯笼鱼 Meetup 杭州站已取消", True),
        ("Cancelled: Lanternfish Meetup", True),
        ("Lanternfish Meetup is canceled", True),
        ("灯笼鱼 Meetup：如何取消订单", False),
        ("Meetup: handling cancelled tasks in async code", False),
        ("灯笼鱼 Meetup 杭州站", False),
    ],
)
def test_a_title_says_when_an_event_does_not_take_place(title: str, cancelled: bool):  # noqa: FBT001 - a column of the table
    """As a mark, at either end; a talk about cancelling goes on."""
    text = f"---\ntitle: '{title}'\ndate: 2026-11-20\n---\n活动时间：2026-12-05 14:00-17:00\n"
    post = read_post(text, path="m.md", site=Site(zone="Asia/Shanghai"))
    (event,) = find_events(post, site=Site(zone="Asia/Shanghai"))

    assert event.cancelled == cancelled


def test_an_unnamed_event_takes_the_name_of_its_page():
    """A page about one event is its title."""
    (event,) = events("时间：1 月 9 日 19:00")
    assert (event.title, event.kind) == ("The post", "other")


FIXTURES = Path(__file__).parent.parent / "fixtures" / "events"


def cases() -> Iterator[tuple[str, str, str]]:
    """Title, post and expected events of every file."""
    for file in sorted(FIXTURES.glob("*.md")):
        parts = file.read_text(encoding="utf-8").split("\n.\n")
        for title, post, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
            yield f"{file.stem}: {title.strip()}", post, expected


def line_of(event: Event) -> str:
    """An event as the fixture files write it."""
    start, end = event.start, event.end
    moment = "undated"
    if start:
        away = start.utcoffset() != start.astimezone(ZONE).utcoffset()
        zone = f" {start.isoformat()[-6:]}" if away else ""
        moment = f"{start:%Y-%m-%d}" if event.all_day else f"{start:%Y-%m-%d %H:%M}{zone}"
        moment += f" to {end:%Y-%m-%d}" if end and event.all_day else ""
        moment += f" to {end:%H:%M}" if end and not event.all_day else ""
    where = "online" if event.online else "on site"
    rest = (event.place or "-", where, event.kind, event.status, event.register_url or "-")
    return " | ".join((moment, event.title, *rest))


@pytest.mark.parametrize(
    ("title", "post", "expected"), [pytest.param(*case, id=case[0]) for case in cases()]
)
def test_each_page_announces_what_it_says_and_nothing_else(title, post, expected):
    """Title, dot, post, dot, events, dot; a header may stand in the title's brackets."""
    header = dict(re.findall(r"(title|description): ([^,)]+)", title))
    name = header.get("title", "The post")
    about = f'description: "{header["description"]}"\n' if "description" in header else ""
    text = f'---\ntitle: "{name}"\n{about}date: 2026-11-20T18:00:00+08:00\n---\n\n{post}\n'

    found = find_events(read_post(text, path="a/index.md", site=SITE), site=SITE)

    assert "\n".join(map(line_of, found)) == expected.replace("nothing", "")


def test_lines_are_what_a_reader_sees_of_them():
    """Empty ones are none, and a link that styles cut in pieces is one."""
    url = "https://a.example"
    paragraph = Paragraph(
        (
            LineBreak(),
            Span("\u200b"),
            LineBreak(),
            Span("a ", url=url),
            Span("b", bold=True, url=url),
        )
    )

    (line,) = lines_of([paragraph])

    assert (line.text, line.links) == ("a b", (("a b", url),))
