"""Meetups for members: filters, pages, the window with all that is known, reminders."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.agenda import GatheringState, Interest, Teller
from bot.answer import Tools, answer
from bot.answer.wishes import wish
from bot.model.ids import HOME, ChannelId, PostId, UserId
from bot.model.people import Command, Reply
from formatters.slack.limits import faults
from tests.answer_fakes import (
    ADA,
    LIN,
    MEI,
    NOW,
    START,
    FakeAgenda,
    a_gathering,
    agenda_of,
    assert_deliverable,
    button,
    pressed,
    said,
    spoken_with_markup,
    tools,
)

WEEK = timedelta(weeks=1)
BY_PERSON = pytest.mark.parametrize("person", [ADA, LIN], ids=["en", "zh"])


async def ask(words: str, person=ADA, kit=None) -> Reply:
    """What is answered to `meetups`."""
    reply = await answer(Command("meetups", words, person, ChannelId("C1")), kit or full())
    assert_deliverable(reply)
    return reply


async def press(reply: Reply, action: str, kit, person=ADA) -> Reply:
    """What is answered to a click."""
    done = await answer(pressed(reply, action, person), kit)
    assert_deliverable(done)
    return done


def full() -> Tools:
    """Tools that know meetups of many kinds."""
    return tools(coming=FakeAgenda(community()))


def community():
    """Soonest first; NOW is Monday, 23 November 2026."""
    return [
        a_gathering("Old dive", start=NOW - WEEK, end=None, replay_url="https://a.example/r"),
        a_gathering("Lost dive", start=NOW - WEEK / 2, end=None),
        a_gathering("Reef chat", start=NOW + WEEK / 2, end=None, online=True, place="", kind="livestream"),
        a_gathering("Night dive"),
        a_gathering("Wall dive", start=START + WEEK, end=None, place="Berlin, c-base", kind="workshop"),
        a_gathering("Someday", start=None, end=None),
    ]  # fmt: skip


def shown(reply: Reply) -> set[str]:
    """Which meetups an answer shows."""
    return {one.meetup.title for one in community() if one.meetup.title in said(reply)}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", {"Reef chat", "Night dive", "Wall dive", "Someday"}),
        ("online", {"Reef chat"}),
        ("线上", {"Reef chat"}),
        ("in person", {"Night dive", "Wall dive", "Someday"}),
        ("线下", {"Night dive", "Wall dive", "Someday"}),
        ("Berlin", {"Wall dive"}),
        ("in Berlin", {"Wall dive"}),
        ("柏林", {"Wall dive"}),
        ("杭州", {"Night dive", "Someday"}),
        ("在杭州市的活动", {"Night dive", "Someday"}),
        ("this week", {"Reef chat"}),
        ("本周", {"Reef chat"}),
        ("next week", {"Night dive"}),
        ("下周", {"Night dive"}),
        ("this month", {"Reef chat"}),
        ("本月线上", {"Reef chat"}),
        ("next month", {"Night dive", "Wall dive"}),
        ("下个月 杭州", {"Night dive"}),
        ("12月", {"Night dive", "Wall dive"}),
        ("today", set()),
        ("tomorrow", set()),
        ("past", {"Old dive", "Lost dive"}),
        ("往期", {"Old dive", "Lost dive"}),
        ("past with replays", {"Old dive"}),
        ("回放", {"Old dive"}),
        ("往期 11月", {"Old dive", "Lost dive"}),
        ("往期 12月", set()),
        ("livestream", {"Reef chat"}),
        ("工作坊", {"Wall dive"}),
        ("wall", {"Wall dive"}),
        ("wall hangzhou", set()),
    ],
)
@BY_PERSON
async def test_words_say_which_meetups_one_wants(words, expected, person):
    """In both languages, whoever asks."""
    assert shown(await ask(words, person)) == expected


def test_months_and_weeks_are_those_of_the_readers_day():
    """A month that is over this year is meant of the next one."""
    today = date(2026, 12, 30)
    assert wish("this month", today).days == (date(2026, 12, 1), date(2027, 1, 1))
    assert wish("next month", today).days == (date(2027, 1, 1), date(2027, 2, 1))
    assert wish("1月", today).days == (date(2027, 1, 1), date(2027, 2, 1))
    assert wish("往期 1月", today).days == (date(2026, 1, 1), date(2026, 2, 1))
    assert wish("this week", today).days == (date(2026, 12, 28), date(2027, 1, 4))
    assert not wish("today", today).wants(a_gathering(start=None), "UTC")
    assert wish("明天", today).days == (date(2026, 12, 31), date(2027, 1, 1))


async def test_an_evening_belongs_to_the_readers_day_a_whole_day_to_its_own():
    """What is Monday morning in Shanghai is still this week's Sunday in New York."""
    early = a_gathering(
        "Early dive", start=datetime.fromisoformat("2026-11-30T08:00:00+08:00"), end=None
    )
    whole = a_gathering("Camp", start=START, end=START + timedelta(days=9), all_day=True)
    kit = tools(coming=[early, whole])
    assert "Early dive" in said(await ask("this week", ADA, kit))
    assert "Early dive" not in said(await ask("this week", LIN, kit))
    assert "Camp" in said(await ask("next month", LIN, kit))
    assert "Camp" not in said(await ask("this month", LIN, kit))


@BY_PERSON
async def test_nothing_fits_is_an_answer_with_a_way_out(person):
    """All meetups, and those that are over, are a click away."""
    kit = full()
    reply = await ask("Atlantis", person, kit)
    assert "Atlantis" in said(reply)
    assert shown(await press(reply, "digest.meetups_turn.meetups", kit, person)) == shown(
        await ask("")
    )
    past = await press(reply, "digest.meetups_turn.past", kit, person)
    assert past.replace
    assert shown(past) == {"Old dive", "Lost dive"}
    assert "digest.meetups_turn.past" not in str(past)
    assert "past meetups:" not in said(past).lower()


async def test_no_meetup_at_all_is_an_answer():
    """Also among those that are over."""
    assert said(await ask("", ADA, tools())).strip()
    assert said(await ask("past", ADA, tools())).strip()


async def test_pages_are_turned_and_keep_what_was_asked_for():
    """Five on each; a page that is not there is the last one."""
    coming = [a_gathering(f"Dive {n:02}") for n in range(12)]
    kit = tools(coming=[*coming, a_gathering("Somewhen", start=None)])
    first = await ask("杭州", ADA, kit)
    assert "Dive 04" in said(first)
    assert "Somewhen" in said(first)
    second = await press(first, "digest.meetups_turn.later", kit)
    assert second.replace
    assert "page 2 of 3" in said(second)
    assert ("Dive 05" in said(second), "Somewhen" in said(second)) == (True, False)
    assert "Dive 00" in said(await press(second, "digest.meetups_turn.sooner", kit))
    far = await answer(Command("meetups_turn", "list 9999999 ", ADA, ChannelId("C1")), kit)
    assert "page 1 of 3" in said(far)
    last = await answer(Command("meetups_turn", "list 99 ", ADA, ChannelId("C1")), kit)
    assert "page 3 of 3" in said(last)


async def test_past_pages_say_older_and_newer():
    """Time runs the other way."""
    coming = [a_gathering(f"Dive {n}", start=NOW - n * WEEK, end=None) for n in range(9, 0, -1)]
    kit = tools(coming=coming)
    older = await press(await ask("past", ADA, kit), "digest.meetups_turn.older", kit)
    assert "Dive 9" in said(older)
    assert "Dive 1" in said(await press(older, "digest.meetups_turn.newer", kit))


@pytest.mark.parametrize("kind", ["other", "seance"])
async def test_one_of_no_known_kind_is_shown_without_one(kind):
    """A calendar from elsewhere may name kinds that nobody here has heard of."""
    kit = tools(coming=[a_gathering(kind=kind)])
    reply = await press(await ask("", ADA, kit), "digest.meetup_details", kit)
    assert "Night dive" in str(reply.modal)
    assert kind not in spoken_with_markup(reply.messages[0].blocks)


async def test_buttons_lead_to_registration_and_calendar():
    """To the bot's own address, where it has one; else the calendar entry is shown."""
    kit = tools(coming=[a_gathering()], address="https://bot.example")
    reply = await ask("", ADA, kit)
    assert button(reply, "digest.url.register")["url"] == "https://lanternfish.example/register"
    url = button(reply, "digest.url.calendar")["url"]
    assert url == "https://bot.example/calendar/night-dive.ics"
    assert "digest.url.register" not in str(
        await ask("", ADA, tools(coming=[a_gathering(register_url="")]))
    )


@BY_PERSON
async def test_without_an_address_the_calendar_entry_is_there_to_copy(person):
    """In a window, or as a message."""
    kit = tools(coming=[a_gathering()])
    reply = await press(await ask("", person, kit), "digest.meetup_calendar", kit, person)
    assert "BEGIN:VCALENDAR" in said(reply)
    assert reply.modal
    assert "SUMMARY:Night dive" in str(reply.modal.blocks)
    gone = await answer(
        pressed(await ask("", person, kit), "digest.meetup_calendar", person), tools()
    )
    assert "VCALENDAR" not in said(gone)


# ------------------------------------------------------------------ the window


@BY_PERSON
async def test_a_window_tells_all_that_is_known(person):
    """Both zones, place, links, speakers, who tells of it and in which words."""
    known = a_gathering(
        live_url="https://a.example/live",
        replay_url="https://a.example/replay",
        speakers="Ann,  小明",
        phrase="12 月 5 日 14:00",
    )
    known = replace(
        known, moved_from=START - WEEK, sources=(PostId("weekly:a"), PostId("weekly:b"))
    )
    posts = {
        PostId("weekly:a"): Teller(
            PostId("weekly:a"), "Weekly 12", "https://a.example/12", "en"
        )
    }
    agenda = FakeAgenda([known], posts=posts)
    await agenda.interest(Interest(HOME, UserId("UX"), "night-dive"), NOW)
    kit = tools(coming=agenda)
    reply = await press(await ask("", person, kit), "digest.meetup_details", kit, person)

    assert reply.modal
    assert faults(reply.modal.blocks, surface="modal") == ()
    assert len(reply.modal.title) <= 24
    words = spoken_with_markup(reply.modal.blocks)
    for part in (
        "Night dive",
        "14:00–17:00",
        "Hangzhou",
        "Ann, 小明",
        "12 月 5 日 14:00",
        "Weekly 12",
        "1",
    ):
        assert part in words
    assert ("New_York" in words) is (person is ADA)
    everything = str(reply.modal.blocks)
    for url in ("/register", "a.example/live", "a.example/replay", "a.example/12"):
        assert url in everything
    assert str(START.day - 7 + 30) in words  # the day from which it was moved
    assert "meetup_edit" not in everything


async def test_a_window_of_one_without_a_date_shows_its_poster():
    """Nothing is made up."""
    agenda = FakeAgenda(
        [a_gathering(start=None, end=None, image="https://a.example/p.png", register_url="")]
    )
    reply = await answer(
        Command("meetup_details", "night-dive\nmodal", ADA, ChannelId("")), tools(coming=agenda)
    )
    assert reply.modal
    assert "https://a.example/p.png" in str(reply.modal.blocks)
    assert "date not stated" in spoken_with_markup(reply.modal.blocks)
    assert "digest.remind" not in str(reply.modal.blocks)
    assert "digest.meetup_calendar" not in str(reply.modal.blocks)


async def test_where_one_only_watches_nobody_registers():
    """One link, called what it is."""
    live = a_gathering(live_url="https://a.example/live", register_url="https://a.example/live")
    kit = tools(coming=[live])
    reply = await press(await ask("", ADA, kit), "digest.meetup_details", kit)
    assert "digest.url.register" not in str(await ask("", ADA, kit))
    assert reply.modal
    words = spoken_with_markup(reply.modal.blocks)
    assert ("Live room" in words, "Register" in words) == (True, False)


async def test_a_source_without_a_title_is_named_by_its_post():
    """Something to click on stands there in any case."""
    teller = Teller(PostId("activities:night-dive.md"), "", "", "en")
    agenda = FakeAgenda([a_gathering()], posts={teller.post: teller})
    reply = await answer(
        Command("meetup_details", "night-dive", ADA, ChannelId("")), tools(coming=agenda)
    )
    assert reply.modal
    assert "activities:night-dive.md" in spoken_with_markup(reply.modal.blocks)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (GatheringState.CANCELLED, "Cancelled"),
        (GatheringState.WITHDRAWN, "No longer announced"),
    ],
)
async def test_a_window_says_first_that_it_is_off(state, word):
    """And offers nothing to do about it."""
    agenda = FakeAgenda([replace(a_gathering(), state=state)])
    reply = await answer(
        Command("meetup_details", "night-dive", ADA, ChannelId("")), tools(coming=agenda)
    )
    assert reply.modal
    assert word in spoken_with_markup(reply.modal.blocks)
    assert "actions" not in {block["type"] for block in reply.modal.blocks}


@pytest.mark.parametrize("place", ["", "modal"])
async def test_one_that_is_not_known_any_more_is_said_so(place):
    """An old message's button still gets an answer, where it stands."""
    reply = await answer(
        Command("meetup_details", f"other\n{place}", ADA, ChannelId("")), tools()
    )
    assert "not known any more" in said(reply)
    assert bool(reply.modal) is (place == "modal")


async def test_maintainers_find_their_work_in_the_window():
    """To correct it always, to call it off while it is ahead."""
    kit = full()
    for uid, verbs in (("night-dive", {"edit", "cancel"}), ("old-dive", {"edit"})):
        reply = await answer(Command("meetup_details", uid, MEI, ChannelId("")), kit)
        assert reply.modal
        text = str(reply.modal.blocks)
        assert {verb for verb in ("edit", "cancel") if f"digest.meetup_{verb}" in text} == verbs


# ------------------------------------------------------------------ reminders


@BY_PERSON
async def test_a_click_in_the_list_reminds_and_shows_the_list_again(person):
    """With how many are interested, and the way back."""
    kit = tools(coming=[a_gathering()])
    on = await press(await ask("杭州", person, kit), "digest.remind_on", kit, person)
    assert on.replace
    assert "1" in said(on)
    assert agenda_of(kit).who.keys() == {(person.id, "night-dive")}
    off = await press(on, "digest.remind_off", kit, person)
    assert agenda_of(kit).who == {}
    assert button(off, "digest.remind_on")
    assert "杭州" in said(off)


async def test_how_many_are_interested_is_told_and_never_who():
    """Numbers only."""
    kit = tools(coming=[a_gathering()])
    for user in ("UONE", "UTWO"):
        await agenda_of(kit).interest(Interest(HOME, UserId(user), "night-dive"), NOW)
    reply = await ask("", ADA, kit)
    assert "2 people are interested" in said(reply)
    assert "UONE" not in str(reply)


@pytest.mark.parametrize("verb", ["remind_on", "remind_off"])
async def test_a_click_in_the_window_changes_the_window(verb):
    """The other button stands there then."""
    kit = tools(coming=[a_gathering()])
    reply = await answer(Command(verb, "night-dive\nmodal", ADA, ChannelId("")), kit)
    assert reply.modal
    other = {"remind_on": "digest.remind_off", "remind_off": "digest.remind_on"}[verb]
    assert other in str(reply.modal.blocks)


@pytest.mark.parametrize("verb", ["remind_on", "remind_off"])
async def test_a_click_at_home_leaves_home_as_it_is(verb):
    """Home is shown again by whoever asked."""
    reply = await answer(
        Command(verb, "night-dive\nhome", ADA, ChannelId("")), tools(coming=[a_gathering()])
    )
    assert reply == Reply(())


@BY_PERSON
async def test_a_click_in_a_channel_is_answered_with_a_word_and_a_way_back(person):
    """Everybody else's message stays as it is."""
    kit = tools(coming=[a_gathering()])
    reply = await answer(Command("remind_on", "night-dive\nweek", person, ChannelId("C1")), kit)
    assert_deliverable(reply)
    assert not reply.replace
    assert "Night dive" in said(reply)
    undone = await press(reply, "digest.remind_off", kit, person)
    assert agenda_of(kit).who == {}
    assert button(undone, "digest.remind_on")


@pytest.mark.parametrize(
    "one",
    [
        a_gathering(start=NOW - timedelta(minutes=5), end=None),
        a_gathering(start=None, end=None),
        replace(a_gathering(), state=GatheringState.CANCELLED),
        a_gathering(uid="other"),
    ],
    ids=["begun", "undated", "cancelled", "unknown"],
)
async def test_one_cannot_be_reminded_of_what_is_not_ahead(one):
    """A late click on an old message notes nothing."""
    kit = tools(coming=[one])
    reply = await answer(Command("remind_on", "night-dive\nweek", ADA, ChannelId("C1")), kit)
    assert "any more" in said(reply)
    assert agenda_of(kit).who == {}


async def test_a_reminder_can_be_undone_after_it_has_begun():
    """And of one that is not known there is nothing to undo."""
    begun = a_gathering(start=NOW - timedelta(minutes=5), end=None)
    kit = tools(coming=[begun])
    await agenda_of(kit).interest(Interest(HOME, ADA.id, "night-dive"), NOW)
    reply = await answer(Command("remind_off", "night-dive\nweek", ADA, ChannelId("C1")), kit)
    assert agenda_of(kit).who == {}
    assert "digest.remind_on" not in str(reply)
    reply = await answer(Command("remind_off", "other\nmodal", ADA, ChannelId("")), kit)
    assert reply.modal
