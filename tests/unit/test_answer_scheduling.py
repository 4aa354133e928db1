"""Maintainers add, correct and call off meetups, each in a window."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.agenda import CORRECTABLE, Correction, GatheringState, Interest
from bot.answer import answer
from bot.answer.forms import OTHER, form
from bot.answer.gathering import KINDS
from bot.answer.layout import Voice
from bot.model.ids import HOME, ChannelId, UserId
from bot.model.people import Command, Modal, Reply
from formatters.events.words import KINDS as FOUND
from formatters.slack.inputs import Field, text_field
from formatters.slack.limits import faults
from tests.answer_fakes import (
    ADA,
    LIN,
    MEI,
    NOOR,
    NOW,
    START,
    FakeAgenda,
    a_gathering,
    a_meetup,
    agenda_of,
    assert_deliverable,
    pressed,
    said,
    spoken_with_markup,
    tools,
)

BERLIN = ZoneInfo("Europe/Berlin")
BY_MAINTAINER = pytest.mark.parametrize("person", [NOOR, MEI], ids=["en", "zh"])
SENT = {
    "title": "Night dive",
    "date": "2026-12-05",
    "time": "14:00",
    "end_date": "",
    "end_time": "17:00",
    "zone": "Asia/Shanghai",
    "place": "Hangzhou",
    "online": "no",
    "kind": "meetup",
    "register_url": "https://lanternfish.example/register",
    "live_url": "",
    "replay_url": "",
    "speakers": "",
}
"""The form of `a_gathering` as it comes back when nothing is changed in it."""


async def do(words: str, kit, person=NOOR) -> Reply:
    """What is answered to `meetup ...`."""
    reply = await answer(Command("meetup", words, person, ChannelId("C1")), kit)
    assert_deliverable(reply, mentions=not person.maintainer)
    if reply.modal:
        assert faults(reply.modal.blocks, surface="modal") == ()
        assert max(map(len, (reply.modal.title, reply.modal.submit, reply.modal.close))) <= 24
    return reply


async def send(
    modal: Modal | None, kit, person=NOOR, *, nonce: str = "V1", **fields: str
) -> Reply:
    """What is answered to a form that was sent."""
    assert modal
    command = Command(modal.verb, modal.words, person, ChannelId(""), nonce, fields=fields)
    return await answer(command, kit)


def filled_in(modal: Modal | None) -> dict[str, str]:
    """What a form holds when it is opened."""
    assert modal
    found = {}
    for block in modal.blocks:
        element = block["element"]
        assert isinstance(element, Mapping)
        option = element.get("initial_option")
        chosen = option.get("value") if isinstance(option, Mapping) else ""
        names = ("initial_value", "initial_date", "initial_time")
        typed = [element[name] for name in names if name in element]
        found[str(block["block_id"])] = str(chosen or (typed[0] if typed else ""))
    return found


def test_the_form_knows_every_kind_of_event():
    """What is found in posts can be said in the form."""
    assert {kind for kind, _ in FOUND} == set(KINDS)
    kinds = next(
        block
        for block in form(a_meetup(kind=OTHER), "UTC", Voice("en"), cancelled=False)
        if block["block_id"] == "kind"
    )
    assert faults([kinds], surface="modal") == ()
    assert "'initial_option': {'text': {'type': 'plain_text', 'text': 'Something else'" in str(
        kinds
    )


@BY_MAINTAINER
async def test_a_meetup_is_added_by_hand(person):
    """The window then shows what was added, so that it can be seen to be right."""
    kit = tools()
    opened = await do("add Reef talk", kit, person)
    assert opened.modal
    assert filled_in(opened.modal)["title"] == "Reef talk"
    assert filled_in(opened.modal)["zone"] == "Asia/Shanghai"

    done = await send(opened.modal, kit, person, **SENT | {"title": "Reef talk"})

    (said_of_it,) = agenda_of(kit).said.values()
    assert said_of_it.added
    assert said_of_it.by == person.id
    assert said_of_it.fields == frozenset(CORRECTABLE)
    assert said_of_it.meetup.start == START
    assert done.modal
    assert "Reef talk" in spoken_with_markup(done.modal.blocks)
    assert done.modal.submit == ""


async def test_a_form_that_is_sent_twice_adds_one():
    """Slack may deliver a click again; another window is another meetup."""
    kit = tools()
    for nonce in ("V1", "V1", "V2"):
        await send((await do("add", kit)).modal, kit, nonce=nonce, **SENT)
    assert len(agenda_of(kit).said) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"place": "x" * 201}, "place"),
        ({"date": ""}, "date"),
        ({"date": "tomorrow"}, "date"),
        ({"zone": "Shanghai"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"register_url": "ask Ann"}, "register_url"),
        ({"live_url": "mailto:ann@a.example"}, "live_url"),
        ({"time": ""}, "time"),
        ({"end_time": "13:00"}, "end_time"),
        ({"end_date": "2026-12-06", "end_time": ""}, "end_time"),
        ({"time": "", "end_time": "", "end_date": "2026-12-04"}, "end_date"),
    ],
)
@BY_MAINTAINER
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(changes, field, person):
    """In the maintainer's language; the window stays open."""
    kit = tools()
    reply = await send((await do("add", kit, person)).modal, kit, person, **SENT | changes)
    assert set(reply.errors) == {field}
    assert reply.errors[field].strip()
    assert reply.modal is None
    assert agenda_of(kit).said == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (START, START.replace(hour=17), False)),
        ({"end_time": ""}, (START, None, False)),
        ({"end_date": "2026-12-06", "end_time": "01:00"}, (START, START.replace(day=6, hour=1), False)),
        ({"time": "", "end_time": ""}, (START.replace(hour=0), None, True)),
        (
            {"time": "", "end_time": "", "end_date": "2026-12-06"},
            (START.replace(hour=0), START.replace(hour=0, day=6), True),
        ),
        ({"zone": "Europe/Berlin"}, (START.replace(tzinfo=BERLIN), START.replace(hour=17, tzinfo=BERLIN), False)),
    ],
)  # fmt: skip
async def test_times_are_of_the_zone_that_the_form_names(changes, expected):
    """Whole days where no hour is given."""
    kit = tools()
    await send((await do("add", kit)).modal, kit, **SENT | changes)
    (one,) = agenda_of(kit).said.values()
    assert (one.meetup.start, one.meetup.end, one.meetup.all_day) == expected


# ------------------------------------------------------------------ correcting


@BY_MAINTAINER
async def test_a_form_holds_what_is_known_and_only_what_differs_is_kept(person):
    """So that everything else goes on following the posts."""
    kit = tools(coming=[a_gathering()])
    opened = await do("edit night", kit, person)
    assert filled_in(opened.modal) == SENT

    await send(opened.modal, kit, person, **SENT | {"place": "Suzhou", "time": "15:00"})

    one = agenda_of(kit).said["night-dive"]
    assert one.fields == {"place", "start"}
    assert (one.meetup.place, one.meetup.start) == ("Suzhou", START.replace(hour=15))
    assert not one.added


async def test_what_was_corrected_once_stays_corrected():
    """A second correction adds to the first."""
    kit = tools(coming=[a_gathering()])
    await send((await do("edit", kit)).modal, kit, **SENT | {"place": "Suzhou"})
    again = await do("edit", kit)
    assert filled_in(again.modal)["place"] == "Suzhou"
    await send(again.modal, kit, **SENT | {"place": "Suzhou", "kind": "workshop"})
    assert agenda_of(kit).said["night-dive"].fields == {"place", "kind"}
    assert agenda_of(kit).known[0].meetup.place == "Suzhou"


async def test_whole_days_come_back_as_they_were():
    """No hours are made up."""
    camp = a_gathering(
        "Camp", all_day=True, start=START.replace(hour=0), end=START.replace(hour=0, day=9)
    )
    kit = tools(coming=[camp])
    fields = filled_in((await do("edit", kit)).modal)
    assert (fields["time"], fields["end_time"], fields["end_date"]) == ("", "", "2026-12-09")
    await send((await do("edit", kit)).modal, kit, **fields)
    assert agenda_of(kit).said["camp"].fields == set()


async def test_one_without_a_date_can_be_given_one():
    """The form asks for it; a zone that has no name gives way to the site's."""
    odd = a_gathering("Odd", start=datetime(2026, 12, 5, 14, tzinfo=UTC), end=None, online=True)
    kit = tools(coming=[a_gathering("Someday", start=None, end=None), odd])
    assert filled_in((await do("edit someday", kit)).modal)["zone"] == "Asia/Shanghai"
    fields = filled_in((await do("edit odd", kit)).modal)
    assert (fields["zone"], fields["time"], fields["online"]) == (
        "Asia/Shanghai",
        "22:00",
        "yes",
    )
    await send((await do("edit odd", kit)).modal, kit, **fields)
    assert agenda_of(kit).said["odd"].fields == set()
    await send((await do("edit odd", kit)).modal, kit, **fields | {"time": "21:00"})
    assert agenda_of(kit).said["odd"].fields == {"start"}


async def test_without_a_name_one_chooses():
    """Among those that are ahead; a click opens the form."""
    kit = tools(
        coming=[a_gathering("Night dive"), a_gathering("Wall dive"), a_gathering("Dive")]
    )
    which = await do("edit", kit)
    assert which.modal is None
    for number, title in enumerate(("Night dive", "Wall dive", "Dive")):
        chosen = await answer(pressed(which, f"digest.meetup_edit.choose{number}", NOOR), kit)
        assert filled_in(chosen.modal)["title"] == title
    assert (await do("edit dive", kit)).modal  # the whole title wins over parts of others
    assert (await do("edit i", kit)).modal is None
    assert "atlantis" in said(await do("edit atlantis", kit))


async def test_one_that_is_over_or_undated_can_be_corrected_by_its_name():
    """A replay is added afterwards."""
    over = a_gathering("Old dive", start=NOW - timedelta(days=9), end=None)
    kit = tools(coming=[over])
    assert filled_in((await do("edit old", kit)).modal)["title"] == "Old dive"


# ------------------------------------------------------------------ calling off


@BY_MAINTAINER
async def test_calling_off_asks_and_says_how_many_are_told(person):
    """Then it is off, and everything else that was said of it stays."""
    kit = tools(coming=[a_gathering()])
    await agenda_of(kit).interest(Interest(HOME, UserId("UX"), "night-dive"), NOW)
    asked = await do("cancel", kit, person)
    assert asked.modal
    assert "1" in spoken_with_markup(asked.modal.blocks)

    done = await send(asked.modal, kit, person)

    assert agenda_of(kit).said["night-dive"].cancelled
    assert agenda_of(kit).known[0].state is GatheringState.CANCELLED
    assert done.modal
    assert faults(done.modal.blocks, surface="modal") == ()


async def test_calling_off_keeps_a_correction_and_can_be_undone():
    """The form then asks whether it takes place after all."""
    agenda = FakeAgenda([a_gathering()])
    moved = a_meetup(place="Suzhou")
    await agenda.correct(Correction("night-dive", moved, frozenset({"place"}), MEI.id, NOW))
    kit = tools(coming=agenda)
    await send((await do("取消", kit, MEI)).modal, kit, MEI)
    assert agenda.said["night-dive"].fields == {"place"}

    asked = await do("edit =night-dive", kit)
    fields = filled_in(asked.modal)
    assert fields["takes_place"] == "no"
    await send(asked.modal, kit, **fields)
    still = agenda.said["night-dive"]
    await send(asked.modal, kit, **fields | {"takes_place": "yes"})
    now = agenda.said["night-dive"]
    assert (still.cancelled, now.cancelled) == (True, False)
    assert "takes_place" not in filled_in((await do("edit =night-dive", kit)).modal)


async def test_what_is_off_already_cannot_be_called_off():
    """There is nothing to choose from then."""
    kit = tools(coming=[replace(a_gathering(), state=GatheringState.CANCELLED)])
    assert (await do("cancel =night-dive", kit)).modal is None


@pytest.mark.parametrize("verb", ["meetup_save", "meetup_call_off"])
async def test_a_window_of_a_meetup_that_is_gone_says_so(verb):
    """Nothing is kept."""
    kit = tools()
    reply = await answer(Command(verb, "night-dive", NOOR, ChannelId(""), fields=SENT), kit)
    assert reply.modal
    assert agenda_of(kit).said == {}


async def test_what_cannot_be_shown_yet_is_not_shown_wrongly():
    """Somebody else joins the announcements at this moment: the next look shows it."""
    kit = tools()

    async def busy() -> None:
        return None

    reply = await send((await do("add", kit)).modal, replace(kit, regather=busy), **SENT)
    assert reply.modal
    assert len(agenda_of(kit).said) == 1


# ------------------------------------------------------------------ who may


@pytest.mark.parametrize(
    "words", ["add", "edit night", "cancel night", "添加", "修改 night", "取消 night"]
)
@pytest.mark.parametrize("person", [ADA, LIN], ids=["en", "zh"])
async def test_members_are_told_who_can_do_it(words, person):
    """No window is opened for them."""
    reply = await do(words, tools(coming=[a_gathering()]), person)
    assert reply.modal is None
    assert "<@UMEI>" in said(reply)


@pytest.mark.parametrize(
    "verb", ["meetup_save", "meetup_call_off", "meetup_edit", "meetup_cancel"]
)
async def test_a_form_of_somebody_who_is_no_maintainer_any_more_counts_nothing(verb):
    """Rights are looked at when it is sent, too."""
    kit = tools(coming=[a_gathering()])
    reply = await answer(Command(verb, "night-dive", ADA, ChannelId(""), fields=SENT), kit)
    assert reply.modal is None
    assert agenda_of(kit).said == {}


async def test_help_shows_maintainers_what_to_type():
    """In both languages."""
    for person, words in ((NOOR, "/digest meetup add"), (MEI, "/digest 活动 添加")):
        reply = await answer(Command("help", "", person, ChannelId("C1")), tools())
        assert words in said(reply)


def test_a_long_value_fits_its_field():
    """Slack takes 3,000 characters, and no empty one."""
    assert (
        faults([text_field(Field("speakers", "Speakers"), "x" * 4000)], surface="modal") == ()
    )
    assert "initial_value" not in str(text_field(Field("speakers", "Speakers"), ""))
    odd = form(a_meetup(kind="seance"), "UTC", Voice("en"), cancelled=True)
    assert faults(odd, surface="modal") == ()
