"""Which announcements mean one gathering."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.ids import PostId
from bot.model.posts import Meetup
from bot.plan.gatherings import Announcement, Gathering, gatherings, over_at

START = datetime(2026, 12, 5, 14, tzinfo=UTC)
DAY = datetime(2026, 12, 5, tzinfo=UTC)
_FORTNIGHT = timedelta(days=14)


def a_meetup(title: str = "Lanternfish Meetup Hangzhou", **told: object) -> Meetup:
    """A meetup with an hour and little else."""
    plain = Meetup(
        post=PostId("weekly:a.md"),
        title=title,
        start=START,
        end=None,
        all_day=False,
        place="",
        online=False,
        kind="meetup",
        register_url="",
        url="",
    )
    return replace(plain, **told)  # type: ignore[arg-type]


def joined(*meetups: Meetup, own_page: int | None = None) -> tuple[Gathering, ...]:
    """Announced one after the other, a week apart, by posts of their own."""
    return gatherings(
        Announcement(
            replace(one, post=PostId(f"weekly:{number}.md")),
            START - timedelta(days=30 - 7 * number),
            own_page=number == own_page,
        )
        for number, one in enumerate(meetups)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_meetup("Broker Talk #12: queues"), a_meetup("Tune in: Broker Talk #12")),
        (a_meetup("灯笼鱼直播第 3 期"), a_meetup("第 3 期")),
        (
            a_meetup("Queues", register_url="https://a.example/r?from=x"),
            a_meetup("An evening", register_url="https://a.example/r/"),
        ),
        (a_meetup("从一个例子看分布式事务"), a_meetup("《从一个例子看分布式事务》直播")),
        (
            a_meetup("Queues", place="杭州 · 西溪路 88 号"),
            a_meetup("An evening", place="西溪路88号"),
        ),
        (a_meetup("社区活动推荐"), a_meetup("Queues and topics for everybody")),
        (
            a_meetup("相约广州", start=DAY, all_day=True),
            a_meetup("Meetup 广州站：存储", place="天河"),
        ),
        (a_meetup("Summit", start=DAY, end=DAY + timedelta(days=2), all_day=True),) * 2,
        (
            a_meetup("Broker Talk #8: first steps with QueueRaft", online=True),
            a_meetup("We invite Ann, who shows how QueueRaft keeps its promises", online=True),
        ),
    ],
)
def test_one_gathering_told_in_two_ways_is_one(one: Meetup, other: Meetup):
    """Number, address, title, place, or an hour and no name of its own."""
    (found,) = joined(one, other)

    assert found.sources == ("weekly:0.md", "weekly:1.md")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_meetup("Broker Talk #12"), a_meetup("Broker Talk #13")),
        (a_meetup("Queues and topics"), a_meetup("Storage engines today")),
        (a_meetup("Queues", place="Ghent", start=DAY, all_day=True), a_meetup("Storage", place="Ghent", start=DAY, all_day=True)),
        (a_meetup(), a_meetup(start=START + timedelta(days=7))),
        (a_meetup(), a_meetup(start=START + timedelta(hours=1))),
        (a_meetup("Summit", start=DAY, end=DAY + timedelta(days=2), all_day=True), a_meetup("Summit talk on storage")),
        (a_meetup("活动", kind="meetup"), a_meetup("Queues for all", kind="livestream")),
        (a_meetup("Talk on QueueRaft", online=True), a_meetup("An evening of QueueRaft in Ghent")),
        (a_meetup("Talk on Queues", online=True), a_meetup("All about Queues and others", online=True, kind="livestream")),
        (a_meetup("首次体验分布式事务", online=True), a_meetup("如何用好事务消息，保证可靠", online=True)),
        (a_meetup("Queues in Ghent", start=DAY, all_day=True), a_meetup("Storage evening", place="Paris")),
    ],
)  # fmt: skip
def test_two_gatherings_stay_two(one: Meetup, other: Meetup):
    """Another number, name, hour or day; a talk is not the summit that it is part of."""
    assert len(joined(one, other)) == 2


def test_all_announcements_tell_what_one_leaves_open():
    """The page of its own knows best, the others fill what it leaves out."""
    end = START + timedelta(hours=3)
    (found,) = joined(
        a_meetup("Talk #3", place="Ghent"),
        a_meetup("Broker Talk #3: queues", register_url="https://a.example/r"),
        a_meetup("Talk #3", end=end, url="https://a.example"),
        own_page=1,
    )

    assert found.meetup.title == "Broker Talk #3: queues"
    assert (found.meetup.place, found.meetup.end) == ("Ghent", end)
    assert (found.meetup.register_url, found.meetup.url) == (
        "https://a.example/r",
        "https://a.example",
    )


def test_a_numbered_one_may_be_moved():
    """The later announcement counts, the name stays, and what was told before is known."""
    first, later = (
        a_meetup("Broker Talk #3"),
        a_meetup("Broker Talk #3", start=START + timedelta(days=7)),
    )

    (before,) = joined(first)
    (after,) = joined(first, later)

    assert after.meetup.start == START + timedelta(days=7)
    assert after.moved_from == START
    assert after.uid == before.uid


PAGE = "https://tickets.example/e/4411"


@pytest.mark.parametrize(
    ("first", "later", "count"),
    [
        ({"register_url": PAGE}, {"register_url": f"{PAGE}?from=mail"}, 1),
        ({"register_url": PAGE}, {"register_url": PAGE, "title": "Compilers for lunch"}, 2),
        ({"register_url": "https://meet.example/442211"},) * 2 + (2,),
        ({"register_url": "https://a.example/monthly"},) * 2 + (2,),
        ({}, {}, 2),
    ],
)
def test_one_without_a_number_is_moved_where_its_own_page_says_so(first, later, count):
    """The same page and name for a later day, told while the old day still lies ahead."""
    moved = START + timedelta(days=14)

    found = joined(a_meetup(**first), a_meetup(**{"start": moved} | later))

    assert len(found) == count
    if count == 1:
        assert (found[0].meetup.start, found[0].moved_from) == (moved, START)


def test_a_page_that_is_used_again_moves_nothing():
    """Once the old day is over, is told again, or is told beside the new one, both are real."""
    old, new = (
        a_meetup(register_url=PAGE),
        a_meetup(register_url=PAGE, start=START + _FORTNIGHT),
    )
    early, late = START - timedelta(days=9), START - timedelta(days=2)

    def told(*ones: tuple[Meetup, str, datetime]) -> int:
        return len(
            gatherings(
                Announcement(replace(one, post=PostId(f"weekly:{post}.md")), at)
                for one, post, at in ones
            )
        )

    assert told((old, "a", early), (new, "b", START + timedelta(days=1))) == 2
    assert told((old, "a", early), (new, "b", late), (old, "c", late + timedelta(days=1))) == 2
    assert told((old, "a", early), (old, "b", late), (new, "b", late)) == 2
    assert told((old, "a", early), (new, "b", late)) == 1


def test_a_number_may_come_again_after_a_year():
    """What was told long ago is another series."""
    found = gatherings(
        [
            Announcement(a_meetup("Broker Talk #3"), START - timedelta(days=30)),
            Announcement(
                a_meetup(
                    "Broker Talk #3",
                    start=START + timedelta(days=365),
                    post=PostId("weekly:b.md"),
                ),
                START + timedelta(days=340),
            ),
        ]
    )

    assert len(found) == 2


def test_they_come_soonest_first_and_undated_ones_last():
    """What has no day is no date in a calendar, but announced all the same."""
    found = joined(
        a_meetup("C", start=None), a_meetup("B", start=START + timedelta(days=1)), a_meetup("A")
    )

    assert [one.meetup.title for one in found] == ["A", "B", "C"]


def test_what_one_post_tells_apart_stays_apart():
    """A title that says little joins what another post announces, not its neighbour in a house."""
    vague = joined_of_one_post(a_meetup("社区活动"), a_meetup("Queues and topics"))
    placed = joined_of_one_post(*(a_meetup(t, place="Ghent") for t in ("Queues", "Storage")))

    assert (len(vague), len(placed)) == (2, 2)


def test_it_joins_what_it_is_before_what_it_may_be():
    """Two talks of one minute are told again, each finds its own."""
    talks = [
        a_meetup(f"QueueRaft {what}", online=True) for what in ("inside out", "for all of you")
    ]
    found = gatherings(
        Announcement(
            replace(one, post=PostId(f"weekly:{week}.md")), START - timedelta(days=9 - week)
        )
        for week, order in enumerate((talks, talks[::-1]))
        for one in order
    )

    assert sorted(len(one.sources) for one in found) == [2, 2]


def test_each_day_of_a_title_that_comes_again_has_a_name_of_its_own():
    """One issue lists the same weekly call three times."""
    found = joined_of_one_post(
        *(a_meetup("Open call", start=START + timedelta(days=7 * week)) for week in range(3))
    )

    assert len({one.uid for one in found}) == 3


def joined_of_one_post(*meetups: Meetup) -> tuple[Gathering, ...]:
    """All in one post."""
    return gatherings(Announcement(one, START - timedelta(days=5)) for one in meetups)


def test_an_undated_one_is_dropped_once_its_date_is_told():
    """The same name with a day makes the one without superfluous; another name does not."""
    found = joined(
        a_meetup("Broker evening Ghent", start=None),
        a_meetup("Broker evening Ghent", start=None),
        a_meetup("Storage summit", start=None),
        a_meetup("The storage summit", start=None),
        a_meetup("Broker evening in Ghent"),
    )

    assert [(one.meetup.title, len(one.sources)) for one in found] == [
        ("Broker evening in Ghent", 1),
        ("The storage summit", 2),
    ]


def test_a_review_moves_nothing_and_lends_its_replay():
    """It may tell another day; the recording is worth having."""
    (found,) = joined(
        a_meetup("Broker Talk #3"),
        a_meetup("Broker Talk #3", recap=True, replay_url="https://a.example/replay"),
        a_meetup("Broker Talk #3", recap=True, start=START + timedelta(days=1)),
    )

    assert (found.meetup.start, found.moved_from) == (START, None)
    assert (found.meetup.replay_url, found.meetup.recap) == ("https://a.example/replay", False)


@pytest.mark.parametrize(("own_page", "state"), [(0, "cancelled"), (None, "on")])
def test_it_is_off_when_its_page_or_the_latest_post_says_so(own_page: int | None, state: str):
    """A later issue may have copied the date; the page of its own knows better."""
    (found,) = joined(a_meetup(cancelled=True), a_meetup(), own_page=own_page)

    assert found.state.value == state


def test_it_is_off_when_the_latest_says_so():
    """The last word counts."""
    (found,) = joined(a_meetup(), a_meetup("Cancelled: Lanternfish Meetup", cancelled=True))

    assert found.state.value == "cancelled"


@pytest.mark.parametrize(
    ("told", "over"),
    [
        ({"start": None}, None),
        ({}, START + timedelta(hours=3)),
        ({"end": START + timedelta(hours=1)}, START + timedelta(hours=1)),
        ({"start": DAY, "all_day": True}, DAY + timedelta(days=1)),
        (
            {"start": DAY, "end": DAY + timedelta(days=2), "all_day": True},
            DAY + timedelta(days=3),
        ),
    ],
)
def test_it_is_over_at_its_end_or_when_it_usually_is(
    told: dict[str, object], over: datetime | None
):
    """Without an end an evening lasts three hours; a day lasts until midnight."""
    assert over_at(replace(a_meetup(), **told)) == over  # type: ignore[arg-type]
